"""From facts to a paper: each kind has one small function that says where its fields come from.
Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TypedDict, TypeVar

from casework.procedure.facts import ActFacts, Asked, Facts, PaperFacts, ServiceFacts
from casework.procedure.model import PaperRule
from letters.base import BureauHead, Letter, MissingField, PrintedAnswer
from letters.format import printed_date

LONGEST_NAME = 12  # characters of a name or card that stays on one line


@dataclass(frozen=True)
class Issue:
    """What a paper gets when it is issued: its rule, number, day, and the means to check it
    (`short_code`, and `check_url` where there is a public check)."""

    rule: PaperRule
    number: str
    on: date
    short_code: str = ""
    check_url: str = ""
    wording: Path | None = None
    by: int | None = None  # whose act issues it: the last approver
    track: str = ""  # label of the track instance it belongs to
    # numbers of the papers that the same act issued before it
    beside: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[PrintedAnswer, ...] = ()  # in rows of their own


class CommonFields(TypedDict):
    """Fields that every letter has."""

    bureau: BureauHead
    number: str
    on: date
    short_code: str
    check_url: str
    case_number: str
    wording: Path | None
    people: tuple[str, ...]
    answers: tuple[PrintedAnswer, ...]


@dataclass(frozen=True)
class PaperSource:
    """What a builder may look at: the issue, the docket as it stands, the step and what it asked.
    No builder reads a table."""

    issue: Issue
    facts: Facts
    step: str
    asked: Asked

    @property
    def track(self) -> str:
        """Label of the track instance the paper belongs to; "" for none."""
        return self.issue.track

    @property
    def common(self) -> CommonFields:
        """The fields that every letter has, from the bureau, the issue and the docket."""
        b = self.facts.bureau
        return {
            "bureau": BureauHead(b.name, b.name, b.address, b.phone, b.area),
            "number": self.issue.number or self.facts.number,
            "on": self.issue.on,
            "short_code": self.issue.short_code,
            "check_url": self.issue.check_url,
            "case_number": self.facts.number,
            "wording": self.issue.wording,
            "people": self._people(),
            "answers": self.issue.answers,
        }

    def _people(self) -> tuple[str, ...]:
        """Names that no line parts: the bureau's staff with their cards, who speaks for the
        respondent, who was heard."""
        party = self.facts.party
        named = [p.name for p in self.facts.people.values()] + [
            party.representative if party else ""
        ]
        heard = [self.own("person"), self.own("person_name")]
        cards = [c.number for p in self.facts.people.values() for c in p.cards]
        return tuple(
            dict.fromkeys(n for n in (*named, *heard, *cards) if 1 < len(n) <= LONGEST_NAME)
        )

    def text(self, key: str, default: str = "") -> str:
        """A text that was asked for, else the newest on record."""
        value = self.asked.get(key)
        return str(value if value not in (None, "") else self.facts.value(key) or default)

    def record(self, key: str, default: str = "") -> str:
        """The newest text on record, whatever this act asks."""
        return str(self.facts.value(key) or default)

    def own(self, key: str) -> str:
        """A text of this very act, never one of an earlier act."""
        return str(self.asked.get(key) or "")

    def lines(self, key: str) -> tuple[str, ...]:
        """A text of one item a line, without empty ones and blanks around them."""
        return tuple(x.strip() for x in self.text(key).splitlines() if x.strip())


T = TypeVar("T")
Builder = Callable[[PaperSource], Letter]
BUILDERS: dict[str, Builder] = {}


def builder(*kinds: str) -> Callable[[Builder], Builder]:
    """Register the function that builds these kinds of letter, by their `kind`."""

    def put(fn: Builder) -> Builder:
        BUILDERS.update(dict.fromkeys(kinds, fn))
        return fn

    return put


BUILDING = (
    "casefile",
    "from_case",
    "from_execution",
    "from_facts",
    "from_orders",
    "from_outcome",
    "from_reports",
)


def _register() -> None:
    """Every module that registers builders."""
    for module in BUILDING:
        import_module(f"letters.{module}")


def build(issue: Issue, facts: Facts, step: str, asked: Asked) -> Letter:
    """The paper of `issue`, ready to be drawn, from the docket's facts and what the step asked.
    Errors: MissingField naming what is not on record; those of `Letter.check` when it is drawn."""
    _register()

    return BUILDERS[issue.rule.letter](PaperSource(issue, facts, step, asked))


def required(value: T | None, name: str) -> T:
    """The value. Error: MissingField with `name` where it is None or empty."""
    if not value:
        raise MissingField(name)
    return value


def printed_day(dated: ActFacts | PaperFacts | ServiceFacts | None, otherwise: str = "") -> str:
    """The day of an entry, a paper or its service as printed; `otherwise` where there is none."""
    return printed_date(dated.on) if dated else otherwise


def paper_number(paper: PaperFacts | None, otherwise: str = "") -> str:
    """The number of a paper; `otherwise` where there is no paper, or none with a number."""
    return paper.number or otherwise if paper else otherwise


def served_on(paper: PaperFacts | None, otherwise: str = "") -> str:
    """The day on which a paper was served, as printed; `otherwise` where it was not."""
    return printed_day(paper.served, otherwise) if paper else otherwise


def letter_kinds() -> frozenset[str]:
    """The kinds of letter that have a builder; the start-up check holds the procedure against
    them."""
    _register()

    return frozenset(BUILDERS)
