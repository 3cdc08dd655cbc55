"""What a rule of the second reading is, and reading a whole file by all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from casework.reading.record import Act, Record
from casework.toml_file import Row, read_toml

FILE = Path(__file__).with_name("rules.toml")
GREEN, RED, PENDING, ANSWERED = "green", "red", "pending", "answered"
TIPS = "tips"  # the theme whose rules read tips
# A fault is answered by the legal reviewer; one of a tip, which no reviewer sees, by a leader.
ANSWERS = ("answer_reading", "answer_tip_reading")

# What a rule says: of each entry that it looked at whether it is good; None: not yet to be said.
Said = Iterator[tuple[int, bool | None]]
Test = Callable[[Record], Said]
TESTS: dict[str, tuple[str, Test]] = {}


class Rule(Row, frozen=True):
    """A rule: what has to be so, by which article, and since when. Entries of earlier days are not
    read by it."""

    zh: str
    en: str
    basis: str
    since: date
    of: tuple[str, ...] = ()  # which dockets it reads: «case», «report» (a tip)
    id: str = ""
    theme: str = ""

    def name(self, language: str) -> str:
        """The sentence in a language."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True)
class Point:
    """What a rule says of one entry, and who answered it why."""

    seq: int
    state: str
    answer: str = ""
    answered_by: int | None = None
    answered_on: date | None = None


@dataclass(frozen=True)
class Verdict:
    """A rule with what it says of a file; no points: it does not apply."""

    rule: Rule
    points: tuple[Point, ...]

    @property
    def state(self) -> str:
        """The worst of its points; «» where it does not apply."""
        found = {p.state for p in self.points}
        return next((s for s in (RED, ANSWERED, PENDING, GREEN) if s in found), "")

    @property
    def faults(self) -> list[Point]:
        """What is wrong, answered or not."""
        return [p for p in self.points if p.state in (RED, ANSWERED)]


def rule(test: Test) -> Test:
    """Register a rule under the function's own name; its theme is its module."""
    if test.__name__ in TESTS:
        raise ValueError(f"two rules are named {test.__name__}")
    TESTS[test.__name__] = (test.__module__.rsplit(".", 1)[1], test)
    return test


Codes = dict[str, frozenset[str]]


class Fines(Row, frozen=True):
    """Which violations a norm, or a ground of the upper tier, speaks of; and of each law the sums
    in yuan by norm and kind of party, the last of two being the upper tier."""

    kinds: frozenset[str]
    norms: Codes
    serious: Codes
    of: dict[str, dict[str, dict[str, tuple[int, ...]]]]


class Interference(Row, frozen=True):
    """Codes of what is found beside a violation and never fined."""

    codes: frozenset[str]


class Bodies(Row, frozen=True):
    """Words in the names of bodies that have a power (``own``), and of those that never have."""

    own: tuple[str, ...]
    never: tuple[str, ...]


class Rules(Row, frozen=True):
    """The file of the rules: themes, rules, and the tables that rules read."""

    theme: dict[str, dict[str, str]]
    rule: dict[str, Rule]
    fines: Fines
    interference: Interference
    hearing: dict[str, int]
    words: dict[str, tuple[str, ...]]
    bodies: dict[str, Bodies]
    prosecution: dict[str, tuple[str, ...]]


@cache
def data() -> Rules:
    """What ships with this release."""
    return read_toml(FILE, Rules)


@cache
def rules() -> tuple[Rule, ...]:
    """All rules in the order of the file. KeyError for a sentence without a function, or the other
    way round."""
    from casework.reading import themes

    themes.load_rules()
    rows = data().rule
    if set(rows) != set(TESTS):
        raise KeyError(", ".join(sorted(set(rows) ^ set(TESTS))))
    return tuple(_rule(name, row) for name, row in rows.items())


def _rule(name: str, row: Rule) -> Rule:
    """A rule of the file. Those of the theme of tips read tips, others cases, unless their row says
    what they read."""
    theme = TESTS[name][0]
    reads = row.of or ("report" if theme == TIPS else "case",)
    return replace(row, id=name, theme=theme, of=reads)


def themes() -> Mapping[str, Mapping[str, str]]:
    """The themes in the order of the file, each with its name in «zh» and «en»."""
    return data().theme


def read_file(record: Record) -> list[Verdict]:
    """A whole file by every rule: each by the rules of the day of its entries."""
    # no day written into an entry takes it out of a rule
    days = {e.seq: max(e.on, record.opened) for e in record.entries}
    answers = {str(a.words.get("fault")): a for a in record.done(*ANSWERS)}
    found = []
    for one in rules():
        if record.kind not in one.of:
            continue
        said = dict(_said(one, record))
        asked = [seq for seq in sorted(said) if days.get(seq, record.today) >= one.since]
        points = [_point(seq, said[seq], answers.get(f"{one.id}:{seq}")) for seq in asked]
        found.append(Verdict(one, tuple(points)))
    return found


def _point(seq: int, good: bool | None, answer: Act | None) -> Point:
    """What a rule says of an entry; a fault that somebody answered stands with the answer."""
    if good is False and answer is not None:
        return Point(seq, ANSWERED, answer.text("reason"), answer.by, answer.on)
    return Point(seq, {True: GREEN, False: RED, None: PENDING}[good])


def _said(one: Rule, record: Record) -> list[tuple[int, bool | None]]:
    """What a rule says; of several words about one entry the worst comes last, and stays. A rule
    that cannot read what was entered has found a fault: nobody hides by entering what nothing can
    make sense of."""
    try:
        said = list(TESTS[one.id][1](record))
    except Exception:
        return [(record.entries[-1].seq if record.entries else 0, False)]
    return sorted(said, key=lambda point: {True: 0, None: 1, False: 2}[point[1]])


def unreadable_file() -> list[Verdict]:
    """What is said of a file that cannot be read at all."""
    return [Verdict(next(r for r in rules() if r.id == "can_be_read"), (Point(0, RED),))]


def kept_faults(text: str) -> tuple[str, ...]:
    """The faults («rule:entry») that a docket's row keeps, without those of a rule that is no
    longer asked: they stand on the row until the docket is read again."""
    asked = {one.id for one in rules()}
    return tuple(fault for fault in text.split() if fault.rpartition(":")[0] in asked)


def reading_faults(verdicts: list[Verdict]) -> list[tuple[str, int]]:
    """Rule and entry of every fault that nobody has answered."""
    return [(v.rule.id, p.seq) for v in verdicts for p in v.points if p.state == RED]
