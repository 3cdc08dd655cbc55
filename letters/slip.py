"""The informant's slip (查询凭条): one page with receipt code, number and QR. Drawn from what was
posted, kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from letters.blocks import Block, Gap, Para, Title
from letters.fonts import Face
from letters.format import shared_words
from letters.layout import lay
from letters.pages import FORM_BODY, PORTRAIT, Furniture
from letters.text import Style

CODE = Style(Face.SONG, 26, 48, align="centre")
NUMBER = Style(Face.FANG, 14, 28, align="centre")


@dataclass(frozen=True)
class SlipFoot(Furniture):
    """A QR that holds the digits alone: no address that a telephone would open and remember."""

    hint: str = ""

    def code_lines(self) -> tuple[str, ...]:
        """The words beside the QR."""
        return (self.hint,)


def slip_pdf(code: str, number: str, bureau: str, phone: str, on: date) -> bytes:
    """The slip as PDF. ``code`` is the 24 digits, ``number`` the acceptance number."""
    said = shared_words()["slip"]
    groups = [code[i : i + 4] for i in range(0, len(code), 4)]
    blocks: list[Block] = [
        Title((said["title"],), bureau, small=True),
        Gap(),
        Para("  ".join(groups[:3]), CODE),
        Para("  ".join(groups[3:]), CODE),
        Para(said["number"].format(number=number), NUMBER),
        Gap(),
        *(Para(line, FORM_BODY) for line in said["text"].format(phone=phone or "—").split("\n")),
    ]
    around = SlipFoot(
        said["title"],
        bureau,
        said["title"],
        on,
        short_code="slip",
        check_url=code,
        hint=said["hint"],
        each_page=False,
    )
    return lay(blocks, PORTRAIT, around)
