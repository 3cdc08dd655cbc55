"""NOTICE.md names every typeface that goes with the program, and its licence lies beside it."""

import re

from tests.conftest import ROOT

FONTS = ROOT / "letters" / "fonts"
NOTICE = (ROOT / "NOTICE.md").read_text("utf-8")


def test_every_typeface_is_named_with_its_licence() -> None:
    files = {f.name for f in FONTS.glob("*.ttf")}
    assert len(files) >= 5
    named = set(re.findall(r"`(\w+\.ttf)`", NOTICE))
    assert named == files


def test_the_licences_lie_beside_the_typefaces() -> None:
    texts = {f.name: f.read_text("utf-8", "replace") for f in (FONTS / "licenses").glob("*.txt")}
    assert sum("SIL OPEN FONT LICENSE" in text.upper() for text in texts.values()) == 3
    assert any(
        "As a special exception, if you create a document which uses this font" in text
        for text in texts.values()
    )
