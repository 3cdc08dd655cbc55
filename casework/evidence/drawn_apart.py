"""Run as a program of its own, with little memory, time and nothing to write: draws one page of a file as a PNG.

stdin: the file. Arguments: media type, page (from 1). stdout: the number of pages in four bytes, then the picture.
What a hostile file can do here is fail.
"""

from __future__ import annotations

import io
import resource
import struct
import sys

MEMORY, SECONDS, SIDE = 1 << 30, 20, 1600  # bytes, seconds of work, pixels of the longer side


def main() -> None:
    """Read, draw, answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    data, page = sys.stdin.buffer.read(), int(sys.argv[2])
    pages, picture = pdf_page(data, page) if sys.argv[1] == "application/pdf" else (1, image(data))
    sys.stdout.buffer.write(struct.pack(">I", pages) + picture)


def pdf_page(data: bytes, page: int) -> tuple[int, bytes]:
    """One page of a PDF."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    sheet = document[page - 1]
    scale = min(2.0, SIDE / max(*sheet.get_size(), 1))
    return len(document), png(sheet.render(scale=scale).to_pil())


def image(data: bytes) -> bytes:
    """A picture, no larger than a screen."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("RGB", (SIDE, SIDE))
        picture.thumbnail((SIDE, SIDE))
        return png(picture)


def png(picture: object) -> bytes:
    """As PNG."""
    out = io.BytesIO()
    picture.save(out, "PNG")  # type: ignore[attr-defined]
    return out.getvalue()


if __name__ == "__main__":
    main()
