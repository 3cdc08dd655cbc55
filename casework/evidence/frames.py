"""Working copies of pictures that may hold several: GIF, BMP and TIFF, drawn anew from their points
alone.

A GIF becomes a PNG that moves as it did, a TIFF a PDF with all its pages: every program of today
opens those. Nothing of what stands beside the points (notes, camera, place, programs) is read. Runs
in the process apart.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator

import pikepdf
from PIL import Image, ImageOps, ImageSequence

MAX_PIXELS = 40_000_000  # of one frame, and of all frames of a moving picture
MAX_PAGES = 300
_FINEST, _COARSEST, _USUAL = 2400, 30, 200  # points to the inch
_INKS = ("1", "L", "RGB", "CMYK")  # what a page of a PDF holds as it is


def bitmap(data: bytes) -> bytes:
    """A BMP as PNG. Error: ValueError where it is too large, as in all functions of this module."""
    with Image.open(io.BytesIO(data), formats=["BMP", "DIB"]) as source:
        _check_size(source, 1)
        return _png([source.convert("RGBA" if source.mode == "RGBA" else "RGB")], [])


def moving_picture(data: bytes) -> bytes:
    """A GIF as animated PNG, with all its frames and their times. Error: ValueError."""
    with Image.open(io.BytesIO(data), formats=["GIF"]) as source:
        _check_size(source, getattr(source, "n_frames", 1))
        frames, times = list[Image.Image](), list[int]()
        for frame in ImageSequence.Iterator(source):
            times.append(int(frame.info.get("duration", 100)))
            frames.append(frame.convert("RGBA"))
    return _png(frames, times)


def _check_size(source: Image.Image, frames: int) -> None:
    if source.width * source.height * frames > MAX_PIXELS:
        raise ValueError("more points than are drawn")


def _png(frames: list[Image.Image], times: list[int]) -> bytes:
    out, bare = io.BytesIO(), [_bare(frame) for frame in frames]
    if len(bare) == 1:
        bare[0].save(out, "PNG")
    else:
        bare[0].save(out, "PNG", save_all=True, append_images=bare[1:], duration=times, loop=0)
    return out.getvalue()


def _bare(source: Image.Image) -> Image.Image:
    """The points alone."""
    made = Image.new(source.mode, source.size)
    made.paste(source)
    return made


def pages(data: bytes) -> bytes:
    """A TIFF, as scanners and fax machines make them, as PDF, put together page by page to need
    little memory. Error: ValueError."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for page in _sheets(data):
            with pikepdf.open(io.BytesIO(page)) as one:
                pdf.pages.extend(one.pages)
        pdf.save(out)
    return out.getvalue()


def _sheets(data: bytes) -> Iterator[bytes]:
    with Image.open(io.BytesIO(data), formats=["TIFF"]) as source:
        if source.n_frames > MAX_PAGES:  # type: ignore[attr-defined]
            raise ValueError("more pages than are drawn")
        for number in range(source.n_frames):  # type: ignore[attr-defined]
            source.seek(number)
            _check_size(source, 1)
            fine = _fineness(source)
            out = io.BytesIO()
            _bare(_inked(ImageOps.exif_transpose(source))).save(out, "PDF", resolution=fine)
            yield out.getvalue()


def _fineness(source: Image.Image) -> float:
    """Points to the inch, as the file says, or what scanners use most."""
    said = float(source.info.get("dpi", (_USUAL, _USUAL))[0])
    return said if math.isfinite(said) and _COARSEST <= said <= _FINEST else _USUAL


def _inked(source: Image.Image) -> Image.Image:
    """In colours that a page holds; what shines through is white."""
    if source.mode in _INKS:
        return source
    if source.mode.startswith("I;16"):
        return source.point(lambda level: level / 256).convert("L")
    if not source.has_transparency_data:
        return source.convert("RGB")
    whole = source.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert("RGB")
