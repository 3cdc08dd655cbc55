"""What an old office file is: the names at the top of its directory (Compound File Binary, MS-CFB).

The directory may lie anywhere in the file, so that a look at the beginning alone does not tell Word
from Excel.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOC, XLS = "application/msword", "application/vnd.ms-excel"
PPT, MSG, LOCKED = (
    "application/vnd.ms-powerpoint",
    "application/vnd.ms-outlook",
    "application/x-locked-office",
)
# name at the top → what the file is; the first that is there counts
_NAMES = {
    "WordDocument": DOC,
    "Workbook": XLS,
    "Book": XLS,
    "PowerPoint Document": PPT,
    "__properties_version1.0": MSG,
    "EncryptedPackage": LOCKED,
}
# sectors from _END on are none; bytes of an entry; no entry
_END, _ENTRY, _NONE = 0xFFFFFFFA, 128, 0xFFFFFFFF
_MOST = 20_000  # sectors of a directory


def kind(data: bytes) -> str | None:
    """The media type of an old office file; None for one that is broken or of another program."""
    try:
        names = set(_top_names(_directory(data)))
    except (struct.error, ValueError):
        return None
    return next((kind for name, kind in _NAMES.items() if name in names), None)


def _directory(data: bytes) -> bytes:
    """The directory, put together from its sectors."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        raise ValueError("no such sector")
    parts, at = list[bytes](), struct.unpack_from("<I", data, 48)[0]
    while at < _END and len(parts) < _MOST:
        parts.append(data[(at + 1) * size : (at + 2) * size])
        at = _next_sector(data, at, size)
    return b"".join(parts)


def _next_sector(data: bytes, at: int, size: int) -> int:
    """The sector that follows, as the allocation table says. Tables beyond the first 109 (files
    above 7 MB with small sectors) are found through a list of their own."""
    where = _table(data, at // (size // 4), size)
    found: int = struct.unpack_from("<I", data, (where + 1) * size + 4 * (at % (size // 4)))[0]
    return found


def _table(data: bytes, number: int, size: int) -> int:
    """Where the allocation table of that number lies."""
    if number < 109:
        near: int = struct.unpack_from("<I", data, 76 + 4 * number)[0]
        return near
    number -= 109
    each = size // 4 - 1  # the last word of each list names the next
    at = struct.unpack_from("<I", data, 68)[0]
    for _ in range(number // each):
        at = struct.unpack_from("<I", data, (at + 1) * size + 4 * each)[0]
    found: int = struct.unpack_from("<I", data, (at + 1) * size + 4 * (number % each))[0]
    return found


def _top_names(directory: bytes) -> Iterator[str]:
    """Names that hang at the root: what is embedded deeper is a part of the file and does not say
    what it is."""
    seen, waiting = set[int](), [_link(directory, 0, 76)]
    while waiting:
        number = waiting.pop()
        if number == _NONE or number in seen:
            continue
        seen.add(number)
        yield _name(directory, number)
        waiting += [_link(directory, number, 68), _link(directory, number, 72)]


def _link(directory: bytes, number: int, place: int) -> int:
    """Another entry that this one names: its left (68), its right (72), its first inside (76)."""
    found: int = struct.unpack_from("<I", directory, number * _ENTRY + place)[0]
    return found


def _name(directory: bytes, number: int) -> str:
    entry = directory[number * _ENTRY : (number + 1) * _ENTRY]
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
