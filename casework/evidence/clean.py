"""Working copies without hidden data: pictures drawn anew, PDFs without their information and metadata.

The sealed original is never touched. Kinds that cannot be cleaned have no working copy, and staff are told so.
"""

from __future__ import annotations

import io

import pikepdf
from PIL import Image, ImageOps

MAX_PIXELS = 40_000_000  # larger pictures are kept sealed without a working copy
_PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def cleaned(data: bytes, media_type: str) -> bytes | None:
    """A copy without place, device, author or editing history; None when none can be made."""
    try:
        if media_type in _PICTURES:
            return _picture(data, _PICTURES[media_type])
        if media_type == "application/pdf":
            return _pdf(data)
    except (OSError, ValueError, pikepdf.PdfError, Image.DecompressionBombError):
        return None
    return data if media_type in ("text/plain", "text/csv") else None


def _picture(data: bytes, kind: str) -> bytes | None:
    with Image.open(io.BytesIO(data)) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            return None
        upright = ImageOps.exif_transpose(picture)
        bare = Image.new(upright.mode, upright.size)
        bare.paste(upright)
    out = io.BytesIO()
    bare.save(out, kind)
    return out.getvalue()


def _pdf(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for name in ("/Metadata", "/OpenAction", "/AA", "/PieceInfo"):
            if name in pdf.Root:
                del pdf.Root[name]
        if "/Names" in pdf.Root:
            for name in ("/JavaScript", "/EmbeddedFiles"):
                if name in pdf.Root.Names:
                    del pdf.Root.Names[name]
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        for page in pdf.pages:
            for name in ("/Metadata", "/PieceInfo", "/AA"):
                if name in page:
                    del page[name]
        pdf.save(out)
    return out.getvalue()
