"""QR codes (GB/T 18284) and Data Matrix codes (ISO/IEC 16022), as modules for papers and as PNG for
pages.

A PNG is a picture that needs no script and no SVG.
"""

from __future__ import annotations

import io
import math

import zxingcpp
from PIL import Image

QUIET = 4  # empty modules around a code on a page (GB/T 18284)


def module_rows(text: str, *, for_us: bool = False) -> list[bytes]:
    """Rows of modules, without the quiet zone: a byte a module, 0 = dark. Level M: read with 15 %
    spoilt.

    ``for_us``: a Data Matrix, which nobody takes for a QR that leads somewhere; our scans read
    both.
    """
    light, side = _modules(_matrix(text) if for_us else _qr(text))
    return [light[begin : begin + side] for begin in range(0, side * side, side)]


def png(text: str, scale: int = 5) -> bytes:
    """The code with its quiet zone; ``scale`` pixels a module."""
    light, side = _modules(_qr(text))
    code = Image.frombytes("L", (side, side), light)
    page = Image.new("L", (side + 2 * QUIET, side + 2 * QUIET), 255)
    page.paste(code, (QUIET, QUIET))
    out = io.BytesIO()
    page.resize((page.width * scale, page.height * scale), Image.Resampling.NEAREST).convert(
        "1"
    ).save(out, "PNG")
    return out.getvalue()


def _qr(text: str) -> zxingcpp.Barcode:
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")


def _matrix(text: str) -> zxingcpp.Barcode:
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)


def _modules(made: zxingcpp.Barcode) -> tuple[bytes, int]:
    """A byte a module, 0 = dark, and the modules of a side."""
    light = memoryview(made.to_image(scale=1, add_quiet_zones=False)).tobytes()  # type: ignore[arg-type]
    return light, math.isqrt(len(light))
