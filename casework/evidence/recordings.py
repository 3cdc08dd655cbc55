"""Working copies of sound and film: the same recording without the boxes that name place, device,
author and time.

The recording itself is not touched: in MP4, MOV and M4A a box is renamed to «free» and emptied
where it stands, so that no offset moves; tracks that are neither picture nor sound (cameras write
the place of each second there) are emptied with what they point at. From WAV and MP3 what stands
around the sound is cut away.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

_INSIDE = (b"moov", b"trak", b"mdia", b"moof", b"traf")
_PERSONAL = (b"udta", b"meta", b"uuid")
_TIMED = (b"mvhd", b"tkhd", b"mdhd")
_PLAYED = (b"vide", b"soun")
_SAMPLES = (b"mdia", b"minf", b"stbl")
_DEPTH, _ROWS = 4, 1_000_000  # a second of place and time a row: eleven days


class NotCleanable(ValueError):
    """The recording is broken: it is not built as its kind should be."""


def cleaned_film(data: bytes) -> bytes:
    """An MP4, MOV or M4A without descriptions, places and times. Error: NotCleanable for a broken
    one."""
    out = bytearray(data)
    in_pieces = _inside(out, 0, len(out), b"moof") is not None
    _clear_boxes(out, (0, len(out)), 0, in_pieces)
    return bytes(out)


def _clear_boxes(out: bytearray, part: tuple[int, int], depth: int, in_pieces: bool) -> None:
    for kind, begin, body, stop in boxes(out, *part):
        if kind == b"trak" and _handler(out, body, stop) not in _PLAYED:
            if in_pieces:  # where its samples lie is said in every piece
                raise NotCleanable("a film in pieces with a track that is not played")
            _empty_samples(out, body, stop)
            free(out, begin, body, stop)
        elif kind in _PERSONAL:
            free(out, begin, body, stop)
        elif kind in _TIMED:
            width = 8 if out[body] == 1 else 4
            out[body + 4 : body + 4 + 2 * width] = bytes(2 * width)
        elif kind in _INSIDE and depth < _DEPTH:
            _clear_boxes(out, (body, stop), depth + 1, in_pieces)


def free(out: bytearray, begin: int, body: int, stop: int) -> None:
    """Rename a box to «free» and fill it with zeros where it stands."""
    out[begin + 4 : begin + 8] = b"free"
    out[body:stop] = bytes(stop - body)


def _inside(out: bytearray, start: int, end: int, *path: bytes) -> tuple[int, int] | None:
    """Where the content of the first box of that path lies."""
    for kind, _begin, body, stop in boxes(out, start, end):
        if kind == path[0]:
            return (body, stop) if len(path) == 1 else _inside(out, body, stop, *path[1:])
    return None


def _handler(out: bytearray, start: int, end: int) -> bytes:
    """What a track holds: vide, soun, or something else."""
    found = _inside(out, start, end, b"mdia", b"hdlr")
    return bytes(out[found[0] + 8 : found[0] + 12]) if found else b""


def _empty_samples(out: bytearray, start: int, end: int) -> None:
    """Zeros over everything that a track points at."""
    left = len(out)
    for begin, size in _chunks(out, start, end):
        left -= size
        # only a film that lies points at more than there is
        if left < 0 or begin + size > len(out):
            raise NotCleanable("a track points outside")
        out[begin : begin + size] = bytes(size)


def _chunks(out: bytearray, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Place and size of each run of samples of a track (ISO/IEC 14496-12, 8.7)."""
    wide = _inside(out, start, end, *_SAMPLES, b"co64")
    places = _column(
        out, wide or _inside(out, start, end, *_SAMPLES, b"stco"), ">Q" if wide else ">I"
    )
    runs = list(_column(out, _inside(out, start, end, *_SAMPLES, b"stsc"), ">III"))
    sizes = _inside(out, start, end, *_SAMPLES, b"stsz")
    if sizes is None or not runs:
        return
    same = struct.unpack_from(">I", out, sizes[0] + 4)[0]
    each = iter(
        [size for (size,) in _column(out, (sizes[0] + 4, sizes[1]), ">I")] if not same else []
    )
    first = [run[0] for run in runs]
    for number, (place,) in enumerate(places, 1):
        count = runs[max(0, bisect_right(first, number) - 1)][1]
        yield place, same * count if same else sum(islice(each, count))


def _column(out: bytearray, box: tuple[int, int] | None, row: str) -> Iterator[tuple[int, ...]]:
    """The rows of a table: four bytes of version, four of their number, then they."""
    if box is None:
        return iter(())
    if box[1] - box[0] < 8:
        raise NotCleanable("a table is cut")
    most = (box[1] - box[0] - 8) // struct.calcsize(row)
    count = min(most, struct.unpack_from(">I", out, box[0] + 4)[0])
    if count > _ROWS:
        raise NotCleanable("more samples than a track has")
    return (
        struct.unpack_from(row, out, box[0] + 8 + n * struct.calcsize(row)) for n in range(count)
    )


def boxes(data: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Kind, begin, begin of the content and end of each box between two places. Error: NotCleanable
    for one that is cut."""
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
    """A WAV with its format and sound alone. Error: NotCleanable for a broken one."""
    kept, kinds, at = list[bytes](), set[bytes](), 12
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        if kind in (b"fmt ", b"data", b"fact"):
            kept.append(data[at : at + 8 + size + size % 2])
            kinds.add(kind)
        at += 8 + size + size % 2
    if not (data.startswith(b"RIFF") and b"data" in kinds):
        raise NotCleanable("not a whole recording")
    sound = b"".join(kept)
    return b"RIFF" + struct.pack("<I", 4 + len(sound)) + b"WAVE" + sound


def cleaned_mp3(data: bytes) -> bytes:
    """An MP3 without its tags (ID3 at both ends, APE at the end). Error: NotCleanable for a broken
    one."""
    data = data[_end_of_id3(data) :]
    if data[-128:-125] == b"TAG":
        data = data[:-128]
    if data[-32:-24] == b"APETAGEX":
        length = struct.unpack_from("<I", data, len(data) - 20)[0]
        data = data[: max(0, len(data) - length - 32)]
    if len(data) < 4 or data[0] != 0xFF or b"APETAGEX" in data[-512:] or b"ID3" in data[:4]:
        raise NotCleanable("not a whole recording")
    return data


def _end_of_id3(data: bytes) -> int:
    """Where the ID3 tags end that a recording begins with."""
    at = 0
    while data[at : at + 3] == b"ID3" and len(data) > at + 10:
        length = sum(
            (b & 0x7F) << shift
            for b, shift in zip(data[at + 6 : at + 10], (21, 14, 7, 0), strict=True)
        )
        at += 10 + length + (10 if data[at + 5] & 0x10 else 0)
    return at
