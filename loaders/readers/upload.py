"""An uploaded file of whatever format; its content decides, not its name."""

from __future__ import annotations

from loaders.readers import text, workbook
from loaders.readers.sheet import Sheet
from loaders.readers.zip_check import OLE, ZIP

_WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")


def read(raw: bytes, name: str) -> Sheet:
    """The table that the file holds; raises `UnreadableError` as its format's reader does."""
    if raw.startswith((ZIP, OLE)) or name.lower().endswith(_WORKBOOKS):
        return workbook.read(raw, name)
    return text.read(raw, name)
