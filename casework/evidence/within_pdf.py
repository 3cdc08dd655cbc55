"""Photographs inside a PDF, as scanners and telephones put them there: with the notes of their
camera, which are cut away.

The picture itself is not decoded: of a JPEG the parts that draw it stay, byte for byte; in a JPEG
2000 boxes are emptied where they stand.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf

from casework.evidence.recordings import boxes, free

_JPEG, _JPEG2000 = "/DCTDecode", "/JPXDecode"
_NOTES_2000 = (b"xml ", b"uuid", b"uinf", b"asoc")
_EOI, _SOS, _COM, _APP = 0xD9, 0xDA, 0xFE, range(0xE0, 0xF0)
_PLAIN = (0x00, *range(0xD0, 0xD8))  # what follows FF within the picture's own data
_LARGEST, _ALL = 200 << 20, 1 << 30  # bytes that one part, and all together, may unpack to


def check_sizes(pdf: pikepdf.Pdf) -> None:
    """Error: ValueError for a document of which a part, or the whole, unpacks to far more than a
    document holds: whoever opens the copy would run out of memory."""
    room = _ALL
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            room -= _unpacked(item, min(room, _LARGEST))
            if room < 0:
                raise ValueError("it unpacks to too much")


def _unpacked(stream: pikepdf.Stream, most: int) -> int:
    """Bytes of what is packed in it; more than the document may hold where it is more than
    ``most``."""
    names = _filters(stream)
    if names == ["/FlateDecode"]:
        size = sum(_pieces(stream.read_raw_bytes(), most))
    elif {_JPEG, _JPEG2000, "None"} & set(names):
        size = 0  # whose pixels are counted before they are drawn, or nothing is packed
    else:
        try:
            size = len(stream.read_bytes())
        except pikepdf.PdfError:  # packed in a way that nobody opens
            size = 0
    return size if size <= most else _ALL + 1


def _pieces(raw: bytes, most: int) -> Iterator[int]:
    """Sizes of pieces while it is unpacked, none of them kept; not much further than ``most``."""
    unpacker, size = zlib.decompressobj(), 0
    try:
        while size <= most and (piece := len(unpacker.decompress(raw, 1 << 20))):
            size += piece
            yield piece
            raw = unpacker.unconsumed_tail
    except zlib.error:  # broken from here on
        return


def _filters(stream: pikepdf.Stream) -> list[str]:
    filters = stream.get("/Filter")
    return [str(f) for f in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]


def bare(stream: pikepdf.Stream) -> None:
    """Cut the camera's notes out of one picture of a PDF. Error: ValueError for one that is broken
    or packed in a way that is not known."""
    names = _filters(stream)
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
    """The same picture without segments of programs and cameras, comments, and whatever comes after
    its end. Error: ValueError for what is no JPEG."""
    if data[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    out, at = bytearray(data[:2]), 2
    # what stands between segments belongs to none
    while 0 <= (at := data.find(b"\xff", at)) < len(data) - 4:
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
