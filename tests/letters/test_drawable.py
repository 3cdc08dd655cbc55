"""Every text is drawn, whatever signs it has; who makes the paper can be told which are drawn
otherwise."""

from __future__ import annotations

import io
import subprocess
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from letters import fonts
from letters.drawable import as_drawn, changed
from letters.fonts import Face
from letters.public_list import EntryRow, public_list_pdf
from letters.registry import LETTERS
from letters.statistics import Printed, statistics_pdf
from tests.conftest import need
from tests.letters.samples import BUREAU
from tests.support.letters import drawn, with_value

# of the extensions B, C, D, E and F
NAMES = "𪻐𠀀𬱟𰀀"[:3] + "\U0002a700\U0002b740\U0002b820\U0002ceb0"
FACES = "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("一\r\n二\r三\u2028四\x0b五", "一\n二\n三\n四\n五"),
        ("指标\t上报", "指标　上报"),
        ("丰都三号厂\u200b\ufeff\u202e", "丰都三号厂"),
        ("丰都⻓江建材⽅⾯", "丰都长江建材方面"),
        ("龙凤\ue863", "龙凤䶮"),  # GBK's private area
        ("e\u0301\u205fx", "é x"),
        ("ﬁ㈱①", "fi㈱①"),
        ("好😋！", "好〓！"),
        ("👨‍👩‍👧 👍🏽 🇨🇳 1️⃣", "〓 〓 〓 1"),
        ("✅❗️🚩", "√！▲"),
    ],
)
def test_a_text_is_drawn_as_far_as_the_faces_go(typed: str, printed: str) -> None:
    assert as_drawn(typed) == printed
    assert as_drawn(printed) == printed  # what is drawn already is left alone


def test_only_what_a_reader_sees_otherwise_is_told() -> None:
    assert changed("丰都⻓江\r\n建材\t\u200bx") == {}
    assert changed("好😋✅x\u0332") == {"😋": "〓", "✅": "√", "x\u0332": "x"}


def test_no_character_stops_a_paper() -> None:
    """One of each kind in the whole of Unicode, and the paper is there."""
    each = "".join(chr(code) for code in range(1, 0x110000, 97) if not 0xD800 <= code <= 0xDFFF)
    assert with_value("duty", each).draw().startswith(b"%PDF")


@pytest.mark.parametrize("face", [Face.FANG, Face.HEI, Face.KAI, Face.BIAO, Face.SONG])
def test_rare_characters_of_names_are_drawn_and_copied_out(face: Face, tmp_path: Path) -> None:
    """GB 18030-2022, level 3; read back by two programs, and only the glyphs in use are
    embedded."""
    need("fonts-hanazono", Path(FACES).exists())
    text = f"当事人{NAMES}☑王"
    paper = drawn(text, face)
    (tmp_path / "a.pdf").write_bytes(paper)
    read = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "a.pdf", "-"], check=True, capture_output=True, text=True
    )
    assert "".join(read.stdout.split()) == text
    assert "".join(pypdfium2.PdfDocument(paper)[0].get_textpage().get_text_range().split()) == text
    subprocess.run(["qpdf", "--check", tmp_path / "a.pdf"], check=True, capture_output=True)
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        found = {
            str(f.BaseFont).partition("+")[2]: len(f.FontDescriptor.FontFile2.read_bytes())
            for f in pdf.pages[0].Resources.Font.values()
        }
    assert 0 < found["HanaMinB"] < 60_000


def test_further_faces_are_loaded_when_a_text_needs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_loaded", {})
    as_drawn("丰都县某某有限公司😋")
    assert "HanaMinB" not in fonts._loaded
    as_drawn("\U0002ceb1")
    assert "HanaMinB" in fonts._loaded


def test_a_machine_without_them_draws_the_mark(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CASEWORK_RARE_FONTS", str(tmp_path))
    monkeypatch.setattr(fonts, "_loaded", {})
    assert fonts.further_missing()
    assert changed("王\U0002ceb2") == {"\U0002ceb2": "〓"}
    assert as_drawn("☑⚠€") == "√△欧元"


def test_lists_and_labels_take_any_words() -> None:
    """Public list, statistics and envelopes go the same way as papers."""
    words = "丰都⻓江\r\n😋有限公司\u202e"
    on = date(2026, 11, 29)
    line = EntryRow("罚", words, "", words, words, words, "丰统罚〔2026〕1号", "至2027年")
    tables = [Printed(words, (words, "件数"), ((words, "3"),))]
    sheet = LETTERS["labels"](bureau=BUREAU, number="1", on=on, addressees=((words, words, "1号"),))
    for paper in (
        public_list_pdf("统计局", [line], on),
        statistics_pdf("统计局", "表", "本年", tables, on),
        sheet.draw(),
    ):
        text = pypdfium2.PdfDocument(paper)[0].get_textpage().get_text_range()
        assert "丰都长江" in text
        assert "〓有限公司" in "".join(text.split())
