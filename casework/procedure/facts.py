"""One frozen snapshot of everything a decision may rest on. Gathered by ``acts/facts.py``; read by
checks, forms, letters.

Nothing here reads a database or a clock on the wall: ``now`` and ``today`` are part of the
snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from casework.procedure import remedies
from casework.procedure.calendar import WorkCalendar
from casework.procedure.clock_rules import Extension
from casework.procedure.effects import Effect
from casework.procedure.ids import ClockId, PaperId, RoleId, StageId, StepId, TrackId
from casework.procedure.payload import Asked as Asked
from casework.procedure.roles import who_may
from casework.procedure.settings import Settings
from casework.procedure.terms import Card, Figure, Money, Party, Period, SubjectKind
from casework.text import folded_code

TAKEN = frozenset({"take", "done"})  # verbs whose entry carries effects
# steps whose act lays something right over the entry that it names
CORRECTIONS: tuple[StepId, ...] = ("correct_act", "correct_service")
WORDS = frozenset({"opinion", "refused"})  # all that somebody who judges may add
# the steps that tell a party what is proposed (处罚法 §44)
NOTICES: tuple[StepId, ...] = ("prior_notice", "prior_notice_again")


@dataclass(frozen=True)
class BureauFacts:
    """The statistical body that handles the docket."""

    id: int
    name: str
    prefix: str  # 发文机关代字, e.g. 丰统
    area: str = ""  # division code, e.g. 500230
    superior: str = ""  # 上一级统计机构
    government: str = ""  # 本级人民政府: where reconsideration is asked for
    court: str = ""
    address: str = ""
    phone: str = ""
    credit_code: str = ""
    bank: str = ""  # where a fine is paid: a bank's line, never the bureau


@dataclass(frozen=True)
class PersonFacts:
    """A member of staff, or a lent one, with what the law asks of them."""

    id: int
    name: str
    roles: frozenset[RoleId] = frozenset()
    cards: tuple[Card, ...] = ()
    recused: bool = False  # from this docket, declared or detected (行政处罚法 §43)
    qualified: bool = False  # 法律职业资格, asked of a first legal reviewer (§58)

    def may(self, permission: str) -> bool:
        """Whether one of their roles has the permission. KeyError for an unknown one."""
        return bool(self.roles & who_may(permission))

    def card_on(self, day: date) -> Card | None:
        """The enforcement card valid on that very day (统计法 §38), or None."""
        iso = day.isoformat()
        return next((c for c in self.cards if c.valid_from <= iso <= c.valid_until), None)

    @property
    def card_numbers(self) -> frozenset[str]:
        """Numbers of all cards, as they are compared: a card is given to one human being."""
        return frozenset(folded_code(c.number) for c in self.cards)

    def inspects_on(self, day: date) -> bool:
        """Enforces on that day: still an officer, with a card valid on it."""
        return self.may("case.inspect") and self.card_on(day) is not None


@dataclass(frozen=True)
class ActFacts:
    """A journal entry as facts see it. ``asked``: its answers with corrections laid over them; of a
    judgement those that were proposed, and the files that came with them."""

    seq: int
    track: str  # label of the track instance: "main", "discipline-2"
    step: StepId
    verb: str  # take · propose · approve · done · return · withdraw
    on: date
    at: datetime
    actor: int | None
    asked: Asked = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
    annulled: bool = False
    # who judged a proposal: opinion, and whether it was a no
    said: Asked = field(default_factory=dict)
    ignored: bool = False  # a correction that cannot be laid over the entry which it names
    proposal: int = 0  # of a judgement: the number of the entry that is judged
    files: tuple[Mapping[str, Any], ...] = ()
    # signs that its papers draw otherwise → as drawn
    otherwise: Mapping[str, str] = field(default_factory=dict)
    unread: bool = False  # its effects cannot be read: somebody meddled with them

    @property
    def effective(self) -> bool:
        """It took effect, and was not taken back."""
        return self.verb in TAKEN and not self.annulled


@dataclass(frozen=True)
class TrackFacts:
    """One instance of a track."""

    label: str
    kind: TrackId
    stage: StageId
    about: str = ""
    opened_by: int = 0  # seq of the act
    ended: bool = False


@dataclass(frozen=True)
class ClockFacts:
    """One deadline. ``state``: open · paused · met · stopped; *missed* is derived from ``due`` and
    ``today``."""

    id: int
    rule: ClockId
    track: str
    start: date
    due: date
    original_due: date
    state: str
    provisional: bool = False
    met_on: date | None = None
    paper: int | None = None
    seq: int = 0  # act that started it
    pauses: tuple[tuple[date, date | None], ...] = ()
    period: Period | None = None  # None: a paper set the last day
    extensions: tuple[Extension, ...] = ()

    @property
    def extended(self) -> int:
        """How often it was extended."""
        return len(self.extensions)

    @property
    def running(self) -> bool:
        """Neither met nor stopped."""
        return self.state in ("open", "paused")

    def missed(self, today: date) -> bool:
        """Open and past its last day, or met too late."""
        return self.state == "open" and self.due < today

    def over(self, today: date) -> bool:
        """The window is closed: its last day is past, or the matter was met or stopped."""
        return not self.running or (self.state == "open" and self.due < today)


@dataclass(frozen=True)
class ServiceFacts:
    """How and when a paper arrived (送达)."""

    on: date
    method: str
    seq: int
    failed: bool = False


@dataclass(frozen=True)
class PaperFacts:
    """An issued paper. ``state``: issued · served · returned · withdrawn."""

    id: int
    kind: PaperId
    number: str
    track: str
    step: StepId
    seq: int
    on: date
    state: str
    served: ServiceFacts | None = None
    signed_back: bool = False  # the signed sheet was scanned back, all its pages (签署件)


@dataclass(frozen=True)
class BoundFacts:
    """The newest binding of the whole file that came to an end (装订): how much it holds, or what
    stood in its way."""

    pages: int  # that bear a number, over both volumes
    documents: int
    fresh: bool  # nothing came to the file or went from it since
    failed: bool = False
    faults: tuple[str, ...] = ()  # titles of what could not be bound


@dataclass(frozen=True)
class ProposalFacts:
    """An open proposal that waits for somebody (呈报审批)."""

    seq: int
    track: str
    step: StepId
    proposer: int
    waits_for: RoleId
    approved_by: tuple[int, ...] = ()


@dataclass(frozen=True)
class LinkFacts:
    """A linked docket: for a case its reports, for a report its cases."""

    id: int
    kind: str
    number: str
    title: str
    stage: str
    named: bool = False  # a real-name informant stands behind it
    unit_code: str = ""  # folded


@dataclass(frozen=True)
class FinedFacts:
    """A fine that stands in another case of the same respondent: for what, and which figures were
    meant."""

    number: str
    violations: tuple[Mapping[str, Any], ...] = ()
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True)
class HistoryFacts:
    """What earlier cases of the same respondent say (统计法实施条例 §50(四); 行政处罚法 §33)."""

    corrections_within_year: int = 0
    penalties_before: int = 0
    # served or not: two decisions made at the same time are two fines
    fined: tuple[FinedFacts, ...] = ()


@dataclass(frozen=True)
class Taking:
    """The act that is being taken, beside its answers; ``on`` while what follows is planned."""

    track: str = ""  # a label, or «new»
    on: date | None = None
    files: tuple[Mapping[str, Any], ...] = ()
    proposal: int = 0  # number of the entry that is carried out
    said: Asked | None = None  # the words of the last approval
    counts_from: date | None = None  # the clocks it starts count from that day; None: from its own
    served: PaperId | Literal[""] = ""  # the kind of the paper whose service brings something about
    # by clocks, the periods that this paper told
    told: Mapping[ClockId, Period] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A report or a case at one instant."""

    id: int
    kind: str  # kinds.toml
    number: str
    title: str
    opened_on: date
    bureau: BureauFacts
    now: datetime
    today: date
    settings: Settings
    calendar: WorkCalendar
    acts: tuple[ActFacts, ...] = ()
    tracks: tuple[TrackFacts, ...] = ()
    clocks: tuple[ClockFacts, ...] = ()
    papers: tuple[PaperFacts, ...] = ()
    bound: BoundFacts | None = None  # None: the file was never bound
    proposals: tuple[ProposalFacts, ...] = ()
    officers: tuple[PersonFacts, ...] = ()  # assigned
    # everybody named in the docket, and the bureau's staff
    people: Mapping[int, PersonFacts] = field(default_factory=dict)
    actor: PersonFacts | None = None  # who is looking or acting; None = system
    sees: bool = False  # whether that person may see the docket at all
    taking: Taking = Taking()
    links: tuple[LinkFacts, ...] = ()
    # the bureau's other open cases, newest first: to link or absorb into
    open_cases: tuple[LinkFacts, ...] = ()
    history: HistoryFacts = HistoryFacts()
    faults: tuple[str, ...] = ()  # what the second reading found and nobody answered: «rule:entry»
    townships: Mapping[str, str] = field(default_factory=dict)

    @property
    def investigators(self) -> frozenset[int]:
        """Who is assigned, and whoever took part as an officer before: to be relieved of a case
        undoes nothing."""
        present = (int(i) for a in self.done() for i in a.asked.get("officers") or ())
        return frozenset().union(
            *(self.accounts_of(i) for i in {*(p.id for p in self.officers), *present})
        )

    def accounts_of(self, person: int) -> frozenset[int]:
        """All accounts of a human being: the one named, and those that bear the number of one of
        its cards."""
        own = self.people[person].card_numbers if person in self.people else frozenset()
        return frozenset({person, *(p.id for p in self.people.values() if own & p.card_numbers)})

    def humans(self, people: Iterable[PersonFacts]) -> int:
        """How many human beings these accounts are."""
        return len({min(self.accounts_of(p.id)) for p in people})

    # -- the journal
    # ---------------------------------------------------------------------------------------------
    def done(self, step: StepId | Literal[""] = "", track: str = "") -> Iterator[ActFacts]:
        """Acts that took effect, oldest first; those of one step or track when named."""
        return (
            a
            for a in self.acts
            if a.effective and (not step or a.step == step) and (not track or a.track == track)
        )

    def last(self, *steps: StepId) -> ActFacts | None:
        """The newest effective act among some steps."""
        return max((a for a in self.done() if a.step in steps), key=lambda a: a.seq, default=None)

    @property
    def unread(self) -> tuple[ActFacts, ...]:
        """Entries whose effects cannot be read; with one of them there is no step to take."""
        return tuple(a for a in self.acts if a.unread)

    def did(self, *steps: StepId) -> bool:
        """Whether any of the steps has taken effect."""
        return self.last(*steps) is not None

    def entry_named(self, asked: Asked) -> ActFacts | None:
        """The effective act that a form names by its number in the journal."""
        seq = int(asked.get("act") or 0)
        return next((a for a in self.done() if a.seq == seq), None)

    def value(self, key: str, default: Any = None) -> Any:
        """The newest recorded value of a payload key («figures», «fine_fen», «party» …)."""
        found = [a.asked[key] for a in self.done() if key in a.asked]
        return found[-1] if found else default

    # -- tracks, clocks, papers
    # ----------------------------------------------------------------------------------
    def track(self, label: str) -> TrackFacts | None:
        """The track instance of that label."""
        return next((t for t in self.tracks if t.label == label), None)

    def open_tracks(self, kind: TrackId) -> list[TrackFacts]:
        """Instances of a kind that have not ended."""
        return [t for t in self.tracks if t.kind == kind and not t.ended]

    @property
    def main(self) -> TrackFacts:
        """The first track: «report» of a report, «main» of a case."""
        return self.tracks[0]

    @property
    def stage(self) -> StageId | Literal[""]:
        """Stage of the first track."""
        return self.main.stage if self.tracks else ""

    def siblings(self, label: str) -> frozenset[str]:
        """Labels of the other instances of that instance's kind: other persons, other bodies,
        earlier decisions."""
        kinds = {t.label: t.kind for t in self.tracks}
        return frozenset(x for x, kind in kinds.items() if x != label and kind == kinds.get(label))

    def seen_from(self, label: str) -> Facts:
        """The same without clocks and papers of the instance's siblings: one person's deadline is
        not another's."""
        others = self.siblings(label)
        if not others:
            return self
        clocks = tuple(c for c in self.clocks if c.track not in others)
        return replace(
            self, clocks=clocks, papers=tuple(x for x in self.papers if x.track not in others)
        )

    def clock(self, rule: ClockId, track: str = "") -> ClockFacts | None:
        """The newest clock of a rule."""
        found = [c for c in self.clocks if c.rule == rule and (not track or c.track == track)]
        return max(found, key=lambda c: c.id, default=None)

    def paper(self, *kinds: PaperId) -> PaperFacts | None:
        """The newest paper of the kinds that has not been withdrawn."""
        found = [p for p in self.papers if p.kind in kinds and p.state != "withdrawn"]
        return max(found, key=lambda p: p.id, default=None)

    def served(self, *kinds: PaperId) -> PaperFacts | None:
        """The newest paper of the kinds that has been served."""
        found = [
            p
            for p in self.papers
            if p.kind in kinds and p.served and not p.served.failed and p.state != "withdrawn"
        ]
        return max(found, key=lambda p: p.id, default=None)

    # -- what the case is about
    # ----------------------------------------------------------------------------------
    @property
    def party(self) -> Party | None:
        """The respondent, from the newest record of it."""
        raw = self.value("party")
        return Party(**{**raw, "kind": SubjectKind(raw["kind"])}) if raw else None

    @property
    def found_on(self) -> date:
        """The day the matter became known: that of the earliest tip (处罚法 §36; a reading of
        ours)."""
        found = self.value("found_on")
        return min(self.opened_on, date.fromisoformat(found)) if found else self.opened_on

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The newest figure table."""
        return tuple(
            Figure(**{**f, "reported": Decimal(f["reported"]), "verified": Decimal(f["verified"])})
            for f in self.value("figures", ())
        )

    @property
    def violations(self) -> tuple[Mapping[str, Any], ...]:
        """Rows {code, what, conduct_start, conduct_end (ISO dates), census}."""
        return tuple(self.value("violations", ()))

    @property
    def proposed_fine(self) -> Money:
        """The sum of the newest prior notice; zero when there is none."""
        act = self.last(*NOTICES)
        return Money(int(act.asked.get("fine_fen") or 0)) if act else Money(0)

    @property
    def fine(self) -> Money:
        """The sum in force: the decision's, or what a remedy changed it to."""
        decided = self.last(*remedies.DECISIONS)
        end = remedies.remedied_decision(self.done(), decided)
        if end is not None and end.fine_fen is not None:
            return Money(end.fine_fen)
        return Money(int(decided.asked.get("fine_fen") or 0)) if decided else Money(0)
