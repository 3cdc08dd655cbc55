"""A case file as plain data, and what of its journal is in effect. No table, no request, nothing of
the procedure's own checks.

The journal is settled here by itself: what an approval adds to its proposal, what a correction lays
over an entry, what was taken back. Whoever makes a mistake there and in the checks of the steps has
to make it twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from casework.text import folded_code

Words = Mapping[str, Any]
TOOK_EFFECT = ("take", "done")
CORRECTIONS = ("correct_act", "correct_service")
PENALTIES = ("decide_penalty", "on_the_spot")
DECISIONS = (*PENALTIES, "decide_no_penalty")
NOTICES = ("prior_notice", "prior_notice_again")
ENDS_UNDECIDED = (
    "withdraw_filing",
    "terminate",
    "transfer_out",
    "report_up",
    "absorb_case",
    "admonish",
    "settle_interference",
    "not_file",
)
FELL = ("set_aside", "redo")  # results of a remedy after which the decision is gone


@dataclass(frozen=True)
class Entry:
    """One entry of the journal, as it was written. ``on``: the day it speaks of; ``at``: the day it
    was written."""

    seq: int
    track: str
    step: str
    verb: str  # take · propose · approve · done · return · withdraw
    on: date
    at: date
    by: int | None  # None: time itself
    words: Words = field(default_factory=dict)
    effects: tuple[Words, ...] = ()
    proposal: int = 0  # of a judgement: the number of the entry that is judged
    files: tuple[Words, ...] = ()  # what came with it, by its digests


@dataclass(frozen=True)
class Act:
    """What took effect: the proposal's words with those of the judgement, corrections laid over
    them."""

    seq: int
    track: str
    step: str
    on: date
    at: date
    by: int | None
    proposer: int | None
    approvers: tuple[int, ...]
    words: Words
    effects: tuple[Words, ...] = ()
    files: tuple[Words, ...] = ()  # what came with it, by its digests

    @property
    def officers(self) -> tuple[int, ...]:
        """Who was present as an officer."""
        return tuple(int(i) for i in self.words.get("officers") or ())

    @property
    def fine(self) -> int:
        """The sum that the act names, in fen."""
        return int(self.words.get("fine_fen") or 0)

    def text(self, name: str) -> str:
        """One of the words; «» where it is not there."""
        return str(self.words.get(name) or "")

    @property
    def own_track(self) -> str:
        """The track that it opened, or that it stands on; its own entry may stand on none yet."""
        opened = (str(e.get("label")) for e in self.effects if e.get("do") == "open")
        return next(opened, self.track)

    def brings(self, effect: str) -> bool:
        """Whether an effect of that kind came with it."""
        return any(e.get("do") == effect for e in self.effects)

    def day(self, name: str) -> date | None:
        """A day among the words; None where there is none that can be read."""
        try:
            return date.fromisoformat(str(self.words.get(name) or ""))
        except ValueError:
            return None


@dataclass(frozen=True)
class Service:
    """One attempt to serve a sheet."""

    on: date
    method: str
    seq: int
    failed: bool = False


@dataclass(frozen=True)
class IssuedPaper:
    """An issued paper, its services, and whether its signed copy came back with all pages."""

    id: int
    kind: str
    number: str
    step: str
    track: str
    seq: int
    on: date
    state: str  # issued · served · returned · withdrawn
    signed: bool = False
    services: tuple[Service, ...] = ()

    @property
    def served(self) -> Service | None:
        """The last service that reached somebody."""
        return next((s for s in reversed(self.services) if not s.failed), None)


@dataclass(frozen=True)
class PublicRow:
    """A row of the public lists, as everybody sees it."""

    track: str
    kind: str  # penalty · dishonesty
    state: str  # shown · resting · ended · withdrawn
    name: str
    credit_code: str
    fields: Words
    since: date
    until: date


@dataclass(frozen=True)
class Card:
    """An enforcement card with the days on which it is valid."""

    number: str
    since: date
    until: date


@dataclass(frozen=True)
class Office:
    """A role held for a time; ``until`` None: still."""

    role: str
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Person:
    """Somebody whom the journal names."""

    id: int
    name: str
    cards: tuple[Card, ...] = ()
    offices: tuple[Office, ...] = ()
    qualified: bool = False

    def card_on(self, day: date) -> bool:
        """Whether a card is valid on that very day."""
        return any(c.since <= day <= c.until for c in self.cards)

    def held(self, role: str, day: date) -> bool:
        """Whether the role was held on that day."""
        return any(
            o.role == role and o.since <= day and (o.until is None or day <= o.until)
            for o in self.offices
        )


@dataclass(frozen=True)
class Fined:
    """A fine that stands in another case of the same respondent."""

    number: str
    violations: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Record:
    """A case file, or what there is of a tip, on one day."""

    number: str
    opened: date
    today: date
    workday: Callable[[date], bool]
    entries: tuple[Entry, ...] = ()
    sheets: tuple[IssuedPaper, ...] = ()
    shown: tuple[PublicRow, ...] = ()
    people: Mapping[int, Person] = field(default_factory=dict)
    fined: tuple[Fined, ...] = ()
    # the bureau's own numbers where the law leaves them to it
    settings: Mapping[str, str] = field(default_factory=dict)
    calendar: str = ""  # version of the calendar behind ``workday``
    not_ours: tuple[str, ...] = ()  # the bureau itself and its own government: the city's to handle
    kind: str = "case"  # case · report

    @cached_property
    def acts(self) -> tuple[Act, ...]:
        """What took effect and was not taken back, oldest first."""
        return tuple(settled(self.entries))

    @cached_property
    def taken_back(self) -> tuple[Act, ...]:
        """What took effect and was taken back later."""
        kept = {a.seq for a in self.acts}
        return tuple(a for a in settled(self.entries, all_of_them=True) if a.seq not in kept)

    def done(self, *steps: str, before: int | None = None, after: int = 0) -> list[Act]:
        """Acts of some steps that lie after one entry and before another."""
        return [
            a
            for a in self.acts
            if a.step in steps and after < a.seq and (before is None or a.seq < before)
        ]

    def last(self, *steps: str, before: int | None = None, after: int = 0) -> Act | None:
        """The newest of them."""
        return next(reversed(self.done(*steps, before=before, after=after)), None)

    def first(self, *steps: str, before: int | None = None, after: int = 0) -> Act | None:
        """The oldest of them."""
        return next(iter(self.done(*steps, before=before, after=after)), None)

    def value(self, name: str, before: int | None = None) -> Any:
        """What the newest act before an entry says under a name; None where none says anything."""
        said = (
            a.words[name]
            for a in reversed(self.acts)
            if (before is None or a.seq < before) and a.words.get(name)
        )
        return next(said, None)

    # -- who
    # ------------------------------------------------------------------------------------------
    def human(self, person: int) -> frozenset[int]:
        """All accounts of a human being: the one named, and those that bear the number of one of
        its cards."""
        numbers = self._numbers(person)
        return frozenset({person, *(i for i in self.people if numbers & self._numbers(i))})

    def _numbers(self, person: int) -> frozenset[str]:
        known = self.people.get(person)
        return frozenset(folded_code(c.number) for c in known.cards) if known else frozenset()

    def investigators(self, before: int | None = None) -> frozenset[int]:
        """Every account of whoever investigated: assigned to the case, or present as an officer."""
        named = {
            i
            for a in self.acts
            if before is None or a.seq < before
            for i in (*a.officers, *assigned(a))
        }
        return frozenset().union(*(self.human(i) for i in named))

    # -- the decision and what stands before it
    # -------------------------------------------------------------------
    @cached_property
    def decisions(self) -> list[Act]:
        """Decisions in force or on their way to it: not taken back, not revoked, not set aside."""
        return [d for d in self.done(*DECISIONS) if self.fell(d) is None]

    @cached_property
    def penalties(self) -> list[Act]:
        """Those of the ordinary procedure that impose a penalty."""
        return [d for d in self.decisions if d.step == "decide_penalty"]

    def fell(self, decision: Act) -> Act | None:
        """The act by which a decision fell: revoked, set aside, or dealt with anew. A reversed
        judgment takes nothing away."""
        later = self.first(*DECISIONS, after=decision.seq)
        until = later.seq if later else None
        found = self.first("revoke_decision", "redo", before=until, after=decision.seq)
        ended = self.done("remedy_end", before=until, after=decision.seq)
        if ended and ended[-1].words.get("result") in (*FELL, "dismissed"):
            lost = [a for a in ended if a.words.get("result") in FELL]
            return min([*lost[-1:], *([found] if found else [])], key=lambda a: a.seq, default=None)
        return found

    def begin(self, decision: Act) -> int:
        """The entry after which everything belongs to this decision: the end of an earlier one, or
        nothing."""
        before = self.last(*DECISIONS, before=decision.seq)
        return before.seq if before else 0

    def notice(self, decision: Act) -> Act | None:
        """The prior notice that this decision rests on."""
        return self.last(*NOTICES, before=decision.seq, after=self.begin(decision))

    def report(self, decision: Act) -> Act | None:
        """The report that ended the investigation before the decision."""
        return self.last("investigation_report", before=decision.seq, after=self.begin(decision))

    def filing(self, decision: Act) -> Act | None:
        """The filing of the case."""
        return self.last("file", before=decision.seq)

    def party(self, before: int | None = None) -> Words:
        """The respondent as last on record before an entry."""
        return self.value("party", before) or {}

    def violations(self, before: int | None = None) -> list[Words]:
        """The violations as last on record before an entry."""
        return list(self.value("violations", before) or [])

    # -- sheets
    # ------------------------------------------------------------------------------------------
    def sheet(self, act: Act | None, *kinds: str) -> IssuedPaper | None:
        """The newest sheet that an act made, of some kinds."""
        made = [
            s
            for s in self.sheets
            if act and s.seq == act.seq and s.kind in kinds and s.state != "withdrawn"
        ]
        return made[-1] if made else None

    def arrived(self, act: Act | None, *kinds: str) -> date | None:
        """The day on which the sheet of an act arrived."""
        sheet = self.sheet(act, *kinds)
        return sheet.served.on if sheet and sheet.served else None

    # -- the end
    # ------------------------------------------------------------------------------------------
    @property
    def closed(self) -> Act | None:
        """The act that closed the case."""
        return self.last("close")


def assigned(act: Act) -> tuple[int, ...]:
    """Whom an act makes officers of the case."""
    return tuple(int(i) for i in act.words.get("assigned") or ()) if act.step == "assign" else ()


# -- settling the journal
# --------------------------------------------------------------------------------------------
def settled(entries: tuple[Entry, ...], all_of_them: bool = False) -> Iterator[Act]:
    """Acts that took effect, corrections laid over them; without those that were taken back, unless
    all are asked for."""
    acts = {e.seq: _act(e, entries) for e in entries if e.verb in TOOK_EFFECT}
    gone: set[int] = set()
    for seq in sorted(acts):
        act = acts[seq]
        if act.step in CORRECTIONS:
            _correct(acts, act)
        gone |= _takes_back(acts, act, gone)
    return (acts[seq] for seq in sorted(acts) if all_of_them or seq not in gone)


def _act(entry: Entry, entries: tuple[Entry, ...]) -> Act:
    proposed = _proposed(entry, entries)
    return Act(
        entry.seq,
        entry.track,
        entry.step,
        entry.on,
        entry.at,
        entry.by,
        proposed.by if proposed else entry.by,
        _judges(proposed, entries) if proposed else (),
        {**entry.words, **(proposed.words if proposed else {})},
        entry.effects,
        (proposed or entry).files,
    )


def _proposed(entry: Entry, entries: tuple[Entry, ...]) -> Entry | None:
    """The proposal that an entry carries out."""
    return next((e for e in entries if e.seq == entry.proposal and e.verb == "propose"), None)


def _judges(proposed: Entry, entries: tuple[Entry, ...]) -> tuple[int, ...]:
    """Who approved a proposal, the last one too."""
    judging = [e for e in entries if e.proposal == proposed.seq]
    approving = [e.by for e in judging if e.verb in ("approve", "done")]
    return tuple(by for by in approving if by is not None)


def _correct(acts: dict[int, Act], correction: Act) -> None:
    """The right texts and the right day, over the entry that is named. What does not fit is left to
    the rules."""
    at = int(correction.words.get("act") or 0)
    if at not in acts:
        return
    old, fields = acts[at], correction.words.get("fields") or {}
    right = correction.day("corrected_on")
    words = {
        **old.words,
        **{k: v for k, v in fields.items() if isinstance(old.words.get(k, ""), type(v))},
    }
    acts[at] = Act(
        old.seq,
        old.track,
        old.step,
        right or old.on,
        max(old.at, correction.at),
        old.by,
        old.proposer,
        old.approvers,
        words,
        old.effects,
        old.files,
    )


def _takes_back(acts: Mapping[int, Act], act: Act, gone: set[int]) -> set[int]:
    if act.step == "annul_step":
        return {int(act.words.get("act") or 0)}
    if act.step == "take_back_decision":
        before = [
            s for s, a in acts.items() if a.step in DECISIONS and s < act.seq and s not in gone
        ]
        return set(before[-1:])
    return set()
