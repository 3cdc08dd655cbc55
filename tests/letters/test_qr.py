"""What we draw as a QR is read back, also spoilt, and from a page's PNG."""

import io

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from letters import qr

ADDRESS = "https://tip.example.cn/check?code=7K3M9QWZ"


@pytest.mark.parametrize(
    "text", [ADDRESS, "123456789012345678901234", "otpauth://totp/Casework:何静?secret=ABC"]
)
def test_a_png_is_read_back(text: str) -> None:
    assert zxingcpp.read_barcode(Image.open(io.BytesIO(qr.png(text)))).text == text


def test_a_spot_on_the_paper_does_no_harm() -> None:
    page = Image.open(io.BytesIO(qr.png(ADDRESS, scale=8))).convert("L")
    middle = page.width // 2
    ImageDraw.Draw(page).ellipse((middle, middle, middle + 40, middle + 40), fill=0)
    assert zxingcpp.read_barcode(page).text == ADDRESS


def test_modules_begin_with_a_finder() -> None:
    rows = [[module == 0 for module in row] for row in qr.module_rows(ADDRESS)]
    assert all(len(row) == len(rows) for row in rows)
    assert [row[:7] for row in rows[:7]] == [
        [True] * 7,
        [True, *[False] * 5, True],
        *[[True, False, True, True, True, False, True]] * 3,
        [True, *[False] * 5, True],
        [True] * 7,
    ]
