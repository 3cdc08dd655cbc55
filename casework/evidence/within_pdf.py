"""Photographs inside a PDF, as scanners and telephones put them there: with the notes of their camera, which are cut away.

The picture itself is not decoded: of a JPEG the parts that draw it stay, byte for byte; in a JPEG 2000 boxes are emptied
where they stand.
"""

from __future__ import annotations

import zlib
from typing import Any

import pikepdf

from casework.evidence.recordings import boxes, free

_JPEG, _JPEG2000 = "/DCTDecode", "/JPXDecode"
_NOTES_2000 = (b"xml ", b"uuid", b"uinf", b"asoc")
_EOI, _SOS, _COM, _APP = 0xD9, 0xDA, 0xFE, range(0xE0, 0xF0)
_PLAIN = (0x00, *range(0xD0, 0xD8))  # what follows FF within the picture's own data
_LARGEST = 200 * 1024 * 1024  # bytes of one picture


def bare(stream: pikepdf.Stream) -> None:
    """Take the notes out of one picture; ValueError for one that is broken or packed in a way that is not known."""
    filters = stream.get("/Filter")
    names = [str(f) for f in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if _JPEG not in names and _JPEG2000 not in names:
        return
    raw = stream.read_raw_bytes()
    if names[:-1] == ["/FlateDecode"]:
        raw = zlib.decompressobj().decompress(raw, _LARGEST)
    elif names[:-1]:
        raise ValueError("a picture packed in a way that is not known")
    parameters: Any = stream.get("/DecodeParms")
    if isinstance(parameters, pikepdf.Array):
        parameters = parameters[-1]
    clean = bare_jpeg(raw) if names[-1] == _JPEG else _bare_jpeg_2000(raw)
    stream.write(clean, filter=pikepdf.Name(names[-1]), decode_parms=parameters)


def bare_jpeg(data: bytes) -> bytes:
    """The same picture without the segments of programs and cameras, comments, and whatever comes after its end."""
    if data[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    out, at = bytearray(data[:2]), 2
    while 0 <= (at := data.find(b"\xff", at)) < len(data) - 4:  # what stands between segments belongs to none
        marker = data[at + 1]
        if marker == 0xFF:  # filled up
            at += 1
            continue
        if marker == _EOI:
            break
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        end = _end_of_scan(data, end) if marker == _SOS else end
        out += _kept(marker, data[at:end])
        at = end
    return bytes(out + b"\xff\xd9")


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next segment begins."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] not in _PLAIN:
            return at
        at += 2
    return len(data)


def _kept(marker: int, segment: bytes) -> bytes:
    """A segment as it stands, or what of it a reader needs to see the colours as they are."""
    if marker == 0xE0 and segment[4:9] == b"JFIF\0":
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"  # without the small picture of it
    if marker == 0xEE and segment[4:9] == b"Adobe":
        return b"\xff\xee\x00\x0e" + segment[4:16]
    return b"" if marker in _APP or marker == _COM else segment


def _bare_jpeg_2000(data: bytes) -> bytes:
    if data[:2] == b"\xff\x4f":  # bare data, no boxes around it
        return data
    out = bytearray(data)
    for kind, begin, body, stop in boxes(out, 0, len(out)):
        if kind in _NOTES_2000:
            free(out, begin, body, stop)
    return bytes(out)
