"""Files that are called a list and are something else: told by their bytes, so that the refusal is
true."""

from __future__ import annotations

import io
import zipfile

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(data: bytes) -> str:
    """locked (needs a password) · old (.xls, .et) · web (a web page or XML that is called .xls) ·
    open (.ods) ·
    binary (.xlsb) · other (no table); "" for XLSX and for text."""
    if data.startswith(_OLE):
        return _old(data)
    if data.startswith(b"PK"):
        return _packed(data)
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<table", b"<!doctype", b"<?xml", b"<meta", b"<head")):
        return "web"
    return (
        "other"
        if start.startswith((b"%pdf", b"\xff\xd8\xff", b"\x89png", b"{\\rtf", b"rar!", b"7z\xbc"))
        else ""
    )


def _old(data: bytes) -> str:
    """Workbooks of before 2007, workbooks with a password, and other files of old Office look
    alike outside."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "locked"
    old = any(name.encode("utf-16-le") in data for name in ("Workbook", "Book"))
    return "old" if old else "other"


def _packed(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""  # broken: whoever reads it says so
    if "xl/workbook.bin" in names:
        return "binary"
    if "content.xml" in names and "mimetype" in names:
        return "open"
    return "other" if names & {"word/document.xml", "ppt/presentation.xml", "OFD.xml"} else ""
