"""The handbook of the procedure on A4: every step with what it is for, in the order of the road.
Not a numbered paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from casework.procedure.chapters import Chapter, Move, Section, chapters
from casework.procedure.help import step_help
from casework.procedure.model import Label, Procedure, Step
from casework.procedure.roles import roles
from casework.toml_file import read_toml
from letters.blocks import Block, Cell, Gap, Grid, GridRow, NewPage, Para, Title
from letters.fonts import Face
from letters.format import printed_date
from letters.layout import lay, pages_of_headings
from letters.pages import PORTRAIT, Furniture
from letters.text import Style

FILE = Path(__file__).with_name("handbook.toml")
LANGUAGES = ("zh", "en")
CHAPTER = Style(Face.HEI, 18, 34, align="left")
SECTION = Style(Face.HEI, 15, 30, align="left")
TEXT = Style(Face.FANG, 12, 20, align="left")
LABELLED = (1.0, 5.0)  # shares of a label and of what it names
CONTENTS = (8.0, 1.0)  # of a heading and of its page
SIZE = 12.0  # points


def handbook_pdf(p: Procedure, bureau: str, language: str, on: date) -> bytes:
    """The whole procedure in one language of LANGUAGES, with a contents page. The same procedure
    and day give the same bytes."""
    book = _Book(p, language, _words()[language])
    body = list(book.body())
    around = Furniture(title=book.words["title"], author=bureau, subject=p.version, on=on)
    # the contents take as much room with any number: where headings stand is known from a trial
    trial = [*book.front(bureau, on, body, {}), *body]
    found = pages_of_headings(trial, PORTRAIT, around)
    return lay([*book.front(bureau, on, body, found), *body], PORTRAIT, around)


@cache
def _words() -> dict[str, dict[str, str]]:
    return read_toml(FILE, dict[str, dict[str, str]])


@dataclass(frozen=True)
class _Book:
    """The blocks of the handbook in one language."""

    p: Procedure
    language: str
    words: dict[str, str]

    def front(
        self, bureau: str, on: date, body: Iterable[Block], found: dict[str, int]
    ) -> list[Block]:
        """Title, what the book is, and its contents with the pages that were found."""
        day = printed_date(on) if self.language == "zh" else on.isoformat()
        edition = self.words["edition"].format(version=self.p.version, on=day)
        head = self._row(self.words["contents"], self.words["page"], CONTENTS, label=True)
        named = [b for b in body if isinstance(b, Para) and b.heading]
        rows = [self._entry(b, found.get(b.heading, 0)) for b in named]
        return [
            Title((self.words["title"],), bureau=bureau, small=True),
            Para(edition, TEXT),
            Para(self.words["intro"], TEXT),
            Gap(0.5),
            Grid(tuple(rows), head, SIZE),
        ]

    def body(self) -> Iterator[Block]:
        """All chapters."""
        for number, chapter in enumerate(chapters(self.p), 1):
            yield NewPage()
            name = self._in(chapter.name) if chapter.name else self.words["every_track"]
            yield Para(f"{number}　{name}", CHAPTER, keep=True, heading=str(number))
            yield from self._chapter(number, chapter)

    def _chapter(self, number: int, chapter: Chapter) -> Iterator[Block]:
        for at, section in enumerate(chapter.sections, 1):
            if chapter.name:
                key = f"{number}.{at}"
                yield Para(f"{key}　{self._name(section)}", SECTION, keep=True, heading=key)
            yield from (Para(line, TEXT) for line in self._ways(section))
            for step in section.steps:
                yield Gap(0.4)
                yield self._step(step)

    def _name(self, section: Section) -> str:
        if section.stage:
            return self._in(section.stage.name)
        return self.words["opens" if section.opens else "any_stage"]

    def _ways(self, section: Section) -> Iterator[str]:
        """The ordinary course of a stage, and what can be done there beside its own steps."""
        if section.course:
            moves = self.words["then"].join(self._move(m) for m in section.course)
            yield self.words["course"].format(moves=moves)
        if section.also:
            yield self.words["also"].format(steps=self._list(s.name for s in section.also))

    def _move(self, move: Move) -> str:
        stages = self._list(s.name for s in move.to)
        said = [self.words["at_times"]] * move.at_times
        said += [self.words["leads_to"].format(stages=stages)] * bool(stages)
        name = self._in(move.step.name)
        inner = self.words["comma"].join(said)
        return self.words["said"].format(step=name, said=inner) if said else name

    def _step(self, step: Step) -> Grid:
        said = step_help()[step.id]
        named = [self._in(self.p.papers[b.to].name) for b in step.prints]
        papers = (self.words["paper"].format(name=n) for n in dict.fromkeys(named))
        facts = {
            "who": self._who(step),
            "approved": " → ".join(self._in(roles()[r].name) for r in step.approvals),
            "purpose": self._in(said.purpose),
            "after": self._in(said.then),
            "note": self._in(step.note) if step.note else "",
            "papers": self.words["between"].join(papers),
            "basis": step.basis,
        }
        rows = (self._row(self.words[k], v, LABELLED) for k, v in facts.items() if v)
        head = GridRow((Cell(self._in(step.name), label=True),), (1.0,))
        return Grid(tuple(rows), head, SIZE)

    def _who(self, step: Step) -> str:
        who = self._list(roles()[r].name for r in step.roles or ("system",))
        if not step.officers:
            return who
        return self.words["officers"].format(role=who, n=step.officers)

    def _entry(self, heading: Para, page: int) -> GridRow:
        inner = "　" * ("." in heading.heading)
        return self._row(inner + heading.text, str(page), CONTENTS, label=False)

    @staticmethod
    def _row(
        first: str, second: str, shares: tuple[float, float], label: bool | None = None
    ) -> GridRow:
        """Two cells: a label and its text, or both labels (a head), or none."""
        return GridRow((Cell(first, label=label is not False), Cell(second, bool(label))), shares)

    def _list(self, names: Iterable[Label]) -> str:
        return self.words["between"].join(self._in(n) for n in names)

    def _in(self, name: Label) -> str:
        return name.in_language(self.language)
