"""Working copies of sound and film: the same recording without the boxes that name place, device, author and time.

The recording itself is not touched: in MP4 and M4A a box is renamed to «free» and emptied where it stands, so that no
offset moves; from WAV and MP3 what stands around the sound is cut away.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_INSIDE = (b"moov", b"trak", b"mdia")
_PERSONAL = (b"udta", b"meta", b"uuid")
_TIMED = (b"mvhd", b"tkhd", b"mdhd")
_DEPTH = 4


class NotCleanable(ValueError):
    """The recording is not built as it should be."""


def cleaned_film(data: bytes) -> bytes:
    """MP4 or M4A without descriptions, places and times; NotCleanable for a broken one."""
    out = bytearray(data)
    _clear_boxes(out, 0, len(out), 0)
    return bytes(out)


def _clear_boxes(out: bytearray, start: int, end: int, depth: int) -> None:
    for kind, begin, body, stop in _boxes(out, start, end):
        if kind in _PERSONAL:
            out[begin + 4 : begin + 8] = b"free"
            out[body:stop] = bytes(stop - body)
        elif kind in _TIMED:
            width = 8 if out[body] == 1 else 4
            out[body + 4 : body + 4 + 2 * width] = bytes(2 * width)
        elif kind in _INSIDE and depth < _DEPTH:
            _clear_boxes(out, body, stop, depth + 1)


def _boxes(data: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Kind, begin, begin of the content and end of each box."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1:
            if start + 16 > end:
                raise NotCleanable("a box is cut")
            size, head = struct.unpack_from(">Q", data, start + 8)[0], 16
        size = size or end - start
        if size < head or start + size > end:
            raise NotCleanable("a box is cut")
        yield kind, start, start + head, start + size
        start += size


def cleaned_wav(data: bytes) -> bytes:
    """WAV with its format and sound alone."""
    kept, at = b"", 12
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        if kind in (b"fmt ", b"data", b"fact"):
            kept += data[at : at + 8 + size + size % 2]
        at += 8 + size + size % 2
    if not (data.startswith(b"RIFF") and b"data" in kept):
        raise NotCleanable("not a whole recording")
    return b"RIFF" + struct.pack("<I", 4 + len(kept)) + b"WAVE" + kept


def cleaned_mp3(data: bytes) -> bytes:
    """MP3 without its tags (ID3 at both ends, APE at the end)."""
    while data.startswith(b"ID3") and len(data) > 10:
        length = sum((b & 0x7F) << shift for b, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
        data = data[10 + length + (10 if data[5] & 0x10 else 0) :]
    if data[-128:-125] == b"TAG":
        data = data[:-128]
    if data[-32:-24] == b"APETAGEX":
        length = struct.unpack_from("<I", data, len(data) - 20)[0]
        data = data[: max(0, len(data) - length - 32)]
    if len(data) < 4 or data[0] != 0xFF or b"APETAGEX" in data[-512:] or b"ID3" in data[:4]:
        raise NotCleanable("not a whole recording")
    return data
