"""Is this file a workbook that may be opened? Decided from its first bytes and its zip directory alone.

Nothing is unpacked here. The directory can lie about sizes; the child that unpacks has limits of its own.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib

from loaders.readers.sheet import UnreadableError, check_size

MAX_ENTRIES = 200
MAX_UNPACKED = 50 * 2**20
MAX_RATIO = 100
MAX_DIRECTORY = 256 * 1024
"""Bytes of the directory; 200 entries need 30 KB."""

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The old container: .xls, and every workbook with a password."""
_END = b"PK\x05\x06"
_MARKUP = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta", b"<head")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def check(raw: bytes) -> None:
    """Pass a workbook that may be handed to the child.

    Raises
    ------
    UnreadableError
        empty, too_large, password, xls, html, not_a_workbook, macros, binary_workbook, open_document, zip_broken,
        zip_entries, zip_size, zip_ratio, zip_path, zip_twice or zip_method.
    """
    check_size(raw)
    if raw.startswith(OLE):
        raise UnreadableError("password" if _ENCRYPTED in raw else "xls")
    if raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower().startswith(_MARKUP):
        raise UnreadableError("html")
    if not raw.startswith(ZIP):
        raise UnreadableError("not_a_workbook")
    entries = _directory(raw)
    _check_entries(entries, len(raw))
    _check_kind({entry.filename for entry in entries})


def _directory(raw: bytes) -> list[zipfile.ZipInfo]:
    at = raw.rfind(_END)
    if at < 0 or len(raw) < at + 22:
        raise UnreadableError("zip_broken")
    count, size = struct.unpack_from("<HI", raw, at + 10)
    if count > MAX_ENTRIES or size > MAX_DIRECTORY:
        raise UnreadableError("zip_entries", limit=str(MAX_ENTRIES))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, ValueError, EOFError, OSError):
        raise UnreadableError("zip_broken") from None


def _check_entries(entries: list[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise UnreadableError("zip_entries", limit=str(MAX_ENTRIES))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED:
        raise UnreadableError("zip_size", limit=str(MAX_UNPACKED // 2**20))
    if unpacked > MAX_RATIO * packed or any(one.file_size > MAX_RATIO * max(one.compress_size, 1) for one in entries):
        raise UnreadableError("zip_ratio", limit=str(MAX_RATIO))
    seen = set()
    for entry in entries:
        name = entry.orig_filename
        if name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name or "\0" in name:
            raise UnreadableError("zip_path")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise UnreadableError("zip_path")
        if entry.flag_bits & 0x1:
            raise UnreadableError("password")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableError("zip_method")
        if name.lower() in seen:
            raise UnreadableError("zip_twice", entry=name[:60])
        seen.add(name.lower())


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        raise UnreadableError("binary_workbook")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableError("macros")
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise UnreadableError("open_document" if "content.xml" in names else "not_a_workbook")
