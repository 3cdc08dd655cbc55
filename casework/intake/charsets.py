"""Text of mails and lists: UTF-8, GB 18030, Big5, and what names itself wrongly (gb2312 that holds
GBK, for instance)."""

from __future__ import annotations

import codecs
import re

_CHINESE = re.compile(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
_GB = (
    "gb2312",
    "gbk",
    "gb18030",
    "cp936",
    "ms936",
    "chinese",
    "euc-cn",
    "euccn",
    "x-gbk",
    "gb_2312-80",
    "x-euc-cn",
)
_BIG5 = ("big5", "big5-hkscs", "cp950", "x-x-big5", "big5-tw")
_NO_CHARSETS = (
    "idna",
    "punycode",
    "unicode-escape",
    "unicode_escape",
    "raw-unicode-escape",
    "raw_unicode_escape",
    "undefined",
)
# other characters in bytes below 128
_ASCII_BYTES = ("iso-2022-jp", "iso-2022-kr", "hz-gb-2312", "hz", "utf-16", "utf-7")
_EMPTY = (
    "",
    "us-ascii",
    "ascii",
    "unknown-8bit",
    "iso-8859-1",
    "latin-1",
    "windows-1252",
    "8bit",
    "default",
)


def decoded(raw: bytes, declared: str | None = None) -> str:
    """The text, never an error. Tried in order: UTF-8 where it holds Chinese, the charset that is
    declared, charsets that it may be."""
    if not any(b > 127 for b in raw) and (declared or "").lower() not in _ASCII_BYTES:
        return raw.decode("ascii")
    utf8 = _strictly(raw, "utf-8")
    if utf8 is not None and _CHINESE.search(utf8):
        return utf8
    for name in _candidates(declared):
        text = _strictly(raw, name)
        if text is not None:
            return text
    return raw.decode("gb18030", "replace")


def codec_of(declared: str | None) -> str | None:
    """The widest codec of the family that a name means; None for no name or an unknown one."""
    name = (declared or "").strip().strip("\"'").lower()
    if name in _EMPTY:
        return None
    if name in _GB:
        return "gb18030"
    if name in _BIG5:
        return "big5hkscs"
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return found.name if found._is_text_encoding and found.name not in _NO_CHARSETS else None


def _candidates(declared: str | None) -> list[str]:
    said = codec_of(declared)
    return [*([said] if said else []), "utf-8", "gb18030", "big5hkscs", "cp950"]


def _strictly(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except (UnicodeError, LookupError):
        return None
