"""Run as a program of its own, with little memory, time and nothing to write: draws one page of a
file as a PNG, or gives the bare pixels of a photograph.

stdin: the file. Arguments: media type, page (from 1; 0 for pixels). stdout: the number of pages in
four bytes, then the picture; or width and height in four bytes each, then red, green and blue of
each pixel. What a hostile file can do here is fail.
"""

from __future__ import annotations

import io
import math
import resource
import struct
import sys

from PIL import Image, ImageOps

MEMORY, SECONDS, SIDE = 1 << 30, 20, 1600  # bytes, seconds of work, pixels of the longer side
# pixels of a photograph: opened at most; given out at most
MAX_DECODED, MAX_GIVEN = 100_000_000, 40_000_000
PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")
# others: what Pillow finds
FORMATS = {"image/heic": ["HEIF"], "image/heif": ["HEIF"], "image/avif": ["AVIF"]}


def main() -> None:
    """Read the file from stdin, write what was asked for to stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    data, media_type, page = sys.stdin.buffer.read(), sys.argv[1], int(sys.argv[2])
    sys.stdout.buffer.write(answer(data, media_type, page, "strong" in sys.argv[3:]))


def answer(data: bytes, media_type: str, page: int, strong: bool = False) -> bytes:
    """The bytes for stdout: one page drawn, or the pixels for page 0. Error: ValueError, or that of
    the reader, for what cannot be drawn."""
    if page == 0:
        return pixels(data, media_type)
    if media_type == "application/pdf":
        pages, picture = pdf_page(data, page, strong)
    else:
        pages, picture = image(data, media_type, page)
    return struct.pack(">I", pages) + picture


def pdf_page(data: bytes, page: int, strong: bool = False) -> tuple[int, bytes]:
    """Number of pages of a PDF, and one page as PNG (from 1). ``strong``: three times as dark, so
    that a faint mark is seen."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    sheet = document[page - 1]
    scale = min(2.0, SIDE / max(*sheet.get_size(), 1))
    drawn = sheet.render(scale=scale).to_pil()
    if strong:
        drawn = drawn.convert("RGB").point(lambda level: max(0, 255 - 3 * (255 - level)))
    return len(document), png(drawn)


def open_picture(data: bytes, media_type: str) -> Image.Image:
    """A picture of that media type, not decoded yet. Error: ValueError for one with too many
    pixels."""
    if FORMATS.get(media_type) == ["HEIF"]:
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.register_heif_opener()
    picture = Image.open(io.BytesIO(data), formats=FORMATS.get(media_type))
    if picture.width * picture.height > MAX_DECODED and picture.format != "JPEG":
        raise ValueError("more pixels than are decoded")
    return picture


def image(data: bytes, media_type: str, page: int) -> tuple[int, bytes]:
    """Number of pictures in a file, and the one that is asked for (from 1) as PNG, no larger than a
    screen."""
    with open_picture(data, media_type) as picture:
        pages = getattr(picture, "n_frames", 1) if media_type == "image/tiff" else 1
        if pages > 1:
            picture.seek(page - 1)
        picture.draft("RGB", (SIDE, SIDE))
        picture.thumbnail((SIDE, SIDE))
        return pages, png(picture if picture.mode in PNG_MODES else picture.convert("RGB"))


def pixels(data: bytes, media_type: str) -> bytes:
    """Width and height (four bytes each) and the RGB pixels of a photograph: upright, on white
    where it is transparent, smaller where it is too large."""
    with open_picture(data, media_type) as source:
        picture = ImageOps.exif_transpose(source).convert(
            "RGBA" if source.has_transparency_data else "RGB"
        )
    share = math.sqrt(MAX_GIVEN / (picture.width * picture.height))
    if share < 1:
        picture = picture.resize((int(picture.width * share), int(picture.height * share)))
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert(
            "RGB"
        )
    return struct.pack(">II", *picture.size) + picture.tobytes()


def png(picture: Image.Image) -> bytes:
    """A picture as the bytes of a PNG."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main()
