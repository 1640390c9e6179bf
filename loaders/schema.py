"""The JSON schema that editors read, and the data dictionary, both generated from the models.

`python -m loaders.schema` writes `data/targets.schema.json` and the generated part of
`data/README.md`; a test fails where either is stale.
"""

from __future__ import annotations

import ast
import inspect
import json
from pathlib import Path
from typing import Any

from loaders.domain import catalogue, model, vocabulary
from loaders.domain.model import Registry

SCHEMA_FILE = "targets.schema.json"
DICTIONARY_FILE = "README.md"
BEGIN, END = "<!-- generated: fields -->", "<!-- end of generated part -->"


def field_texts() -> dict[str, dict[str, str]]:
    """Docstring of every field by model class: the literal text below its declaration."""
    texts: dict[str, dict[str, str]] = {}
    for module in (vocabulary, catalogue, model):
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.ClassDef):
                texts[node.name] = _texts_of(node)
    return texts


def _texts_of(node: ast.ClassDef) -> dict[str, str]:
    found = {"": ast.get_docstring(node) or ""}
    for declared, text in zip(node.body, node.body[1:], strict=False):
        is_text = isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
        if isinstance(declared, ast.AnnAssign) and isinstance(declared.target, ast.Name) and is_text:
            found[declared.target.id.rstrip("_")] = inspect.cleandoc(str(text.value.value))
    return found


def registry_schema() -> dict[str, Any]:
    """JSON schema of `targets.yaml` with a description on every field."""
    schema = Registry.model_json_schema()
    texts = field_texts()
    for name, part in ((Registry.__name__, schema), *schema.get("$defs", {}).items()):
        for field, inner in part.get("properties", {}).items():
            inner.pop("title", None)
            described = texts.get(name, {}).get(field)
            if described and "$ref" not in inner:
                inner["description"] = described
        described = texts.get(name, {}).get("")
        if described:
            part["description"] = described
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "targets.yaml"
    return schema


def schema_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(registry_schema(), ensure_ascii=False, indent=1) + "\n"


def dictionary_text() -> str:
    """The data dictionary: one table of fields per part of the registry."""
    parts = []
    for name, fields in field_texts().items():
        described = [(field, text) for field, text in fields.items() if field]
        if described:
            rows = "\n".join(f"| `{field}` | {' '.join(text.split())} |" for field, text in described)
            parts.append(f"### {name}\n\n{fields['']}\n\n| field | meaning |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def with_dictionary(page: str) -> str:
    """``page`` with its generated part renewed."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{dictionary_text()}\n{END}{after}"


def write(folder: Path) -> None:
    """Renew both files in ``folder``."""
    (folder / SCHEMA_FILE).write_text(schema_text(), encoding="utf-8")
    page = folder / DICTIONARY_FILE
    page.write_text(with_dictionary(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).resolve().parent.parent / "data")
