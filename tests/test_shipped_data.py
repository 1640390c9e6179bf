"""The data that ships: clean, complete, traced, and never smaller than it was."""

import json
import os
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from loaders.assessment import assess
from loaders.dataset import load_dataset
from loaders.registry import FILE_NAME
from loaders.schema import DICTIONARY_FILE, SCHEMA_FILE, schema_text, with_dictionary
from loaders.traceability import plain, read_published
from loaders.yaml_source import read_yaml

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
SOURCES = Path(os.environ.get("KPI_SOURCES", ROOT.parent / "shared" / "sources"))
HEADLINES = {"strategy-2019": 9, "strategy-2024": 14, "rnd-policy-2025": 2, "pledge-2025": 3, "action-plan-2025": 1}
"""Headline versions per document: coverage never shrinks."""


@pytest.fixture(scope="module")
def shipped():
    return load_dataset(DATA)


def test_no_problem_at_all(shipped):
    assert [str(issue) for issue in shipped.report] == []


def test_every_headline_goal_is_there(shipped):
    found = dict.fromkeys(HEADLINES, 0)
    for target in shipped.registry.targets:
        for version in target.versions:
            if target.headline and version.document in found:
                found[version.document] += 1
    assert found == HEADLINES


def test_the_gpu_goal_is_one_target_with_two_versions(shipped):
    versions = shipped.registry.target["advanced_gpus"].versions
    assert [(one.document, one.target.value) for one in versions][:2] == [
        ("strategy-2024", 30000),
        ("pledge-2025", 50000),
    ]
    assert versions[1].reason == "raised"


@pytest.mark.skipif(not SOURCES.is_dir(), reason=f"the documents' texts are not at {SOURCES} (set KPI_SOURCES)")
def test_every_printed_figure_stands_on_its_lines():
    dataset = load_dataset(DATA, sources=SOURCES)
    assert [str(issue) for issue in dataset.report] == []
    with_text = [
        version
        for target in dataset.registry.targets
        for version in target.versions
        if dataset.registry.document[version.document].file
    ]
    assert dataset.proved == len(with_text)


@pytest.mark.skipif(not SOURCES.is_dir(), reason=f"the documents' texts are not at {SOURCES} (set KPI_SOURCES)")
def test_control_a_wrong_line_is_found(tmp_path):
    text = (DATA / FILE_NAME).read_text(encoding="utf-8").replace("lines: [283, 300, 301]", "lines: [283, 301]")
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    report = load_dataset(tmp_path, sources=SOURCES).report
    assert [issue.code for issue in report] == ["source.not_on_lines"]


def test_emphasis_and_escapes_are_folded():
    assert plain("**65조원**  규모\\*") == "65조원 규모*"


def test_every_version_is_recorded_as_published(shipped):
    recorded = read_published(DATA)
    current = {(target.id, one.document) for target in shipped.registry.targets for one in target.versions}
    assert set(recorded) == current


def test_schema_and_dictionary_are_fresh_and_hold_the_registry(shipped):
    assert (DATA / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text(), "run make schema"
    page = (DATA / DICTIONARY_FILE).read_text(encoding="utf-8")
    assert page == with_dictionary(page), "run make schema"
    text = (DATA / FILE_NAME).read_text(encoding="utf-8")
    assert text.startswith(f"# yaml-language-server: $schema={SCHEMA_FILE}\n")
    schema = json.loads(schema_text())
    jsonschema.validate(read_yaml(text, FILE_NAME).data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read_yaml(text.replace("kind: level", "kind: levle", 1), FILE_NAME).data, schema)


def test_every_value_has_a_source_and_is_bilingual(shipped):
    for item in shipped.observations:
        assert item.sources, item
        assert all(name and address for name, address in item.sources), item
        assert not item.note or " | " in item.note, item


def test_known_statuses_on_the_day_of_the_first_release(shipped):
    """Same data, same day, same answer for ever."""
    found = {item.id: item for item in assess(shipped.registry, shipped.observations, date(2026, 11, 23))}
    expected = {
        "imd_digital_rank": "regressing",
        "ai_talent": "off_track",
        "ai_unicorns": "on_track",
        "ai_democratic_values_rank": "achieved",
        "cyber_security_rank": "not_assessable",
        "private_ai_investment": "not_assessable",
    }
    assert {name: found[name].status.value for name in expected} == expected
    assert found["cyber_security_rank"].current.reason == "series_break"
    assert found["ai_talent"].current.months == pytest.approx(-7.69, abs=0.01)
