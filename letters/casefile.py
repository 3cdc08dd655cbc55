"""The sheets that hold a case file (案卷) together: cover, index of its documents, end sheet, slip,
separator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from casework.procedure.facts import Facts
from letters.base import Letter
from letters.blocks import Block, Cell, Grid, GridRow
from letters.build import PaperSource, builder, paper_number, printed_day
from letters.format import Lists, Values, flatten, numbered, word
from letters.words import FilledWording

_NUMBER = re.compile(r"〔(\d{4})〕(\d+)号")


def archive_number(number: str) -> str:
    """归档号, eight digits: year and running number of the file (丰统档〔2026〕7号 → 20260007); ""
    where the number has not that form."""
    found = _NUMBER.search(number)
    return f"{found[1]}{int(found[2]):04d}" if found else ""


def case_name(facts: Facts) -> str:
    """案件名称: the respondent's full name, what it did, and 案."""
    party = facts.party.name if facts.party else facts.title
    cause = str(facts.value("cause") or "").removeprefix("涉嫌")
    return f"{party}{cause}案"


@dataclass(frozen=True, kw_only=True)
class FileSheet(Letter):
    """A sheet of the file: its own pages carry no number, the documents' do."""

    numbered: ClassVar[bool] = False

    volume_name: str
    case_name: str
    archive_number: str = ""


@dataclass(frozen=True, kw_only=True)
class FileCover(FileSheet):
    """案卷封面 — §8.5 of the archive rules: name, numbers, days, term, documents and pages."""

    kind = "file_cover"

    party_name: str
    docket_number: str
    decision_number: str = ""
    unit: str
    officers: str = ""
    filed: str = ""
    closed: str = ""
    result: str = ""
    term: str = ""
    shelf: str = ""
    documents: str = ""
    pages: str = ""

    def placeholders(self) -> tuple[Values, Lists]:
        """The title names what the file is: of a penalty, or only of a verification."""
        values, lists = super().placeholders()
        values["file_title"] = word("file_penalty" if self.decision_number else "file_other")
        return values, lists


@dataclass(frozen=True, kw_only=True)
class FileIndex(FileSheet):
    """卷内目录. ``entries``: number, author, title, day, span (pages «3-7»), note."""

    kind = "file_index"

    entries: tuple[Mapping[str, str], ...]

    def placeholders(self) -> tuple[Values, Lists]:
        """Entries as a list, numbered from one."""
        values, lists = flatten(self, frozenset({"wording", "check_url", "entries"}))
        return values, {**lists, "entries": numbered(self.entries)}


@dataclass(frozen=True, kw_only=True)
class FileEnd(FileSheet):
    """备考表, the last sheet: how much the file holds, who bound and who checked it."""

    kind = "file_end"

    documents: str
    pages: str
    remark: str = ""
    binder: str = ""
    checker: str = ""


def cover_fields(facts: Facts) -> dict[str, str]:
    """What a cover says of a case, from its journal; the archive number once the case is
    archived."""
    closed, archived = facts.last("close"), facts.last("archive")
    closing = closed.asked if closed else {}
    archiving = archived.asked if archived else {}
    return {
        "case_name": case_name(facts),
        "party_name": facts.party.name if facts.party else facts.title,
        "docket_number": facts.number,
        "decision_number": paper_number(facts.paper("decision")),
        "unit": facts.bureau.name,
        "officers": "、".join(p.name for p in facts.officers),
        "filed": printed_day(facts.last("file")),
        "closed": printed_day(closed),
        "result": str(closing.get("result") or ""),
        "term": term_words(str(archiving.get("term") or "")),
        "shelf": str(archiving.get("shelf") or ""),
        "archive_number": archive_number(paper_number(facts.paper("file_cover"))),
    }


def term_words(term: str) -> str:
    """保管期限 as printed: 30年 for «30», 永久 for «permanent», "" for none."""
    if term == "permanent":
        return word("term_permanent")
    return word("term_years", n=term) if term else ""


@builder("file_cover")
def _cover(s: PaperSource) -> Letter:
    """The cover that the archive step issues, with what was counted when the file was bound; nobody
    types it."""
    fields = cover_fields(s.facts)
    bound = s.facts.bound
    fields |= {
        "term": term_words(s.text("term")),
        "shelf": s.text("shelf"),
        "pages": str(bound.pages) if bound else "",
        "archive_number": archive_number(s.issue.number),
        "volume_name": word("volume_all"),
        "documents": str(bound.documents) if bound else "",
    }
    return FileCover(**s.common, **fields)


@dataclass(frozen=True, kw_only=True)
class FileSlip(FileSheet):
    """附卷单: stands in the file for what has no pages or cannot be read. `size` in words, `sha256`
    and `sm3` of the original; `kept` and `why`: where the original is and why it is not bound,
    where somebody said so."""

    kind = "file_slip"

    name: str
    media: str
    size: str
    sha256: str
    sm3: str
    kept: str = ""
    why: str = ""


# what the code on the sheet between two papers says; the code of no paper
SEPARATOR = "casework:separator"


@dataclass(frozen=True, kw_only=True)
class Separator(Letter):
    """The sheet between two papers of a print run: what follows, for whom, how many pages; its code
    says what it is."""

    kind = "separator"
    numbered: ClassVar[bool] = False

    name: str
    doc_number: str
    party: str
    address: str
    pages: str
    mark: str = SEPARATOR


@dataclass(frozen=True, kw_only=True)
class Labels(Letter):
    """信封标签: two columns of addressees, to be cut or stuck. ``addressees``: name, address,
    number of the paper."""

    kind = "labels"
    numbered: ClassVar[bool] = False

    addressees: tuple[tuple[str, str, str], ...]

    def placeholders(self) -> tuple[Values, Lists]:
        """Only the common fields; the labels go to the page as they are."""
        return flatten(self, frozenset({"wording", "check_url", "addressees"}))

    def blocks(self, source: FilledWording) -> list[Block]:
        """A grid of two labels a row."""
        cells = [
            Cell(f"{name}　收\n{address}", foot=f"{self.bureau.name}　{number}")
            for name, address, number in self.addressees
        ]
        if len(cells) % 2:
            cells.append(Cell(""))
        rows = tuple(
            GridRow(tuple(cells[i : i + 2]), (1.0, 1.0), 5) for i in range(0, len(cells), 2)
        )
        return [self._title(source), Grid(rows)]
