"""What must hold between the tables of ``procedure.toml``: nothing named that is not there, nobody
led into a dead end.

Every message names the line of the table it speaks of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from casework.procedure.load import ProcedureError
from casework.procedure.model import (
    ANY,
    DEADLINE,
    NEVER,
    PAGES,
    ROLES,
    SIGNERS,
    Follows,
    Procedure,
    Step,
    Track,
)


def validate_procedure(
    p: Procedure,
    *,
    forms: Collection[str],
    letters: Collection[str],
    checks: Collection[str],
    conditions: Collection[str],
    settings: Collection[str],
) -> None:
    """Raise ProcedureError naming every line that refers to something unknown, and every stage
    nobody can reach or leave."""
    known = _Known(p, set(forms), set(letters), set(checks), set(conditions))
    faults = [f for s in p.steps.values() for f in known.faults_of(s)]
    there = {"", *settings}
    faults += [
        at(p, "track", t.id, f"unknown step «{s}»")
        for t in p.tracks.values()
        for s in t.while_suspended
        if s not in p.steps
    ]
    faults += [
        at(p, "clock", c.id, f"unknown setting «{c.setting}»")
        for c in p.clocks.values()
        if c.setting not in there
    ]
    faults += [
        at(p, "clock", c.id, f"unknown clock «{c.after}»")
        for c in p.clocks.values()
        if c.after not in {"", *p.clocks}
    ]
    faults += [
        at(p, "clock", c.id, f"unknown paper «{c.counts_from}»")
        for c in p.clocks.values()
        if c.counts_from not in {"", *p.papers}
    ]
    faults += [
        at(p, "clock", c.id, f"unknown track «{c.track}»")
        for c in p.clocks.values()
        if c.track not in {"", *p.tracks}
    ]
    faults += [
        at(p, "paper", r.id, f"no letter «{r.letter}»")
        for r in p.papers.values()
        if r.letter not in letters
    ]
    faults += [at(p, "check", c, "no function of that name") for c in p.checks if c not in checks]
    faults += [
        at(p, "check", c.id, f"unknown step «{c.cure}»")
        for c in p.checks.values()
        if c.cure not in {"", *p.steps}
    ]
    faults += [
        at(p, "mends", f, f"unknown step «{s}»") for f, s in p.mends.items() if s not in p.steps
    ]
    named = [(f, f.split(".")[0]) for f in p.reasoned if "." in f]
    faults += [at(p, "reasoned", f, f"unknown step «{s}»") for f, s in named if s not in p.steps]
    faults += [
        at(p, "check", c.id, f"unknown page «{c.page}»")
        for c in p.checks.values()
        if c.page not in {"", *PAGES}
    ]
    signed = ((r.id, r.signed) for r in p.papers.values() if r.signed)
    faults += [
        at(p, "paper", paper, f"unknown signer «{who}»")
        for paper, who in signed
        if who not in SIGNERS
    ]
    stages = [(f"track {t.id}", s) for t in p.tracks.values() for s in t.stages.values()]
    faults += [
        at(p, t, s.id, f"unknown role «{s.waits_for}»")
        for t, s in stages
        if s.waits_for not in {"", *ROLES}
    ]
    faults += [at(p, f"track {t}", s, "nobody can reach this stage") for t, s in unreachable(p)]
    faults += [at(p, f"track {t}", s, "nobody can leave this stage") for t, s in dead_ends(p)]
    faults += _idle(p)
    if faults:
        raise ProcedureError(faults)


def at(p: Procedure, kind: str, name: str, what: str) -> str:
    """A fault with the line of its table, or of the stage within it."""
    head = f"{kind}.{name}".replace(" ", ".")
    return f"line {p.lines.get(head, 0)}: {kind} {name}: {what}"


def _idle(p: Procedure) -> Iterator[str]:
    """Clocks that nothing starts and papers that nothing prints: a name mistyped somewhere."""
    started = {b.to for s in p.steps.values() for f in (s.follows, s.on_service) for b in f.starts}
    printed = {b.to for s in p.steps.values() for b in s.prints}
    yield from (at(p, "clock", c, "no step starts it") for c in p.clocks if c not in started)
    yield from (at(p, "paper", r, "no step prints it") for r in p.papers if r not in printed)


def dead_ends(p: Procedure) -> list[tuple[str, str]]:
    """Stages that are no end and that no step of their track leaves, by track."""
    lost = []
    for track in p.tracks.values():
        own = [s for s in p.steps.values() if s.track == track.id]
        left = {stage for s in own for stage in s.stages if _leads_away(s, stage)}
        lost += [
            (track.id, s.id)
            for s in track.stages.values()
            if not (s.final or s.exit or s.id in left or ANY in left)
        ]
    return lost


def _leads_away(step: Step, stage: str) -> bool:
    return any(b.to != stage for f in (step.follows, step.on_service) for b in f.leads_to)


class _Known:
    def __init__(
        self,
        p: Procedure,
        forms: set[str],
        letters: set[str],
        checks: set[str],
        conditions: set[str],
    ) -> None:
        self.p, self.forms, self.letters, self.checks, self.conditions = (
            p,
            forms,
            letters,
            checks,
            conditions,
        )

    def faults_of(self, s: Step) -> list[str]:
        """Every fault of one step, each with the step's line."""
        return [f"line {s.line}: step {s.id}: {what}" for what in self._whats(s)]

    def _whats(self, s: Step) -> Iterable[str]:
        if s.track != ANY and s.track not in self.p.tracks:
            yield f"unknown track «{s.track}»"
            return
        yield from (f"unknown role «{r}»" for r in (*s.roles, *s.approvals) if r not in ROLES)
        yield from (f"unknown stage «{x}»" for x in self._strange_stages(s))
        if not s.roles and not s.by_system:
            yield "nobody may take it"
        if not s.by_system and s.asks not in self.forms:
            yield f"no form «{s.asks}»"
        yield from self._unknown("check", (*s.needs, *s.checks), self.checks & set(self.p.checks))
        yield from self._unknown("paper", (*(b.to for b in s.prints), *s.replaces), self.p.papers)
        for follows in (s.follows, s.on_service):
            yield from self._of_follows(follows)
        yield from self._unknown("condition", self._conditions(s), self.conditions)

    def _strange_stages(self, s: Step) -> list[str]:
        own: Collection[str] = {x for t in self.p.tracks.values() for x in t.stages}
        if s.track != ANY:
            own = self.p.tracks[s.track].stages
        led = [b.to for f in (s.follows, s.on_service) for b in f.leads_to]
        main = {
            x for t in ("main", "report") if t in self.p.tracks for x in self.p.tracks[t].stages
        }
        return [x for x in (*s.stages, *led) if x not in own and x != ANY] + [
            x for x in s.beside if x not in main and x != ANY
        ]

    def _of_follows(self, f: Follows) -> Iterable[str]:
        clocks = (
            *(b.to for b in (*f.starts, *f.meets, *f.stops)),
            *f.pauses,
            *f.resumes,
            *filter(None, [f.extends]),
        )
        yield from self._unknown("clock", (c for c in clocks if c != ANY), self.p.clocks)
        yield from self._unknown("track", (*(b.to for b in f.opens), *f.ends), self.p.tracks)

    @staticmethod
    def _unknown(what: str, names: Iterable[str], known: Collection[str]) -> Iterable[str]:
        return (f"unknown {what} «{n}»" for n in names if n not in known)

    @staticmethod
    def _conditions(s: Step) -> Iterable[str]:
        groups = [s.prints]
        for f in (s.follows, s.on_service):
            groups += [f.leads_to, f.opens, f.starts, f.meets, f.stops]
        named = [b.when for g in groups for b in g if b.when and "=" not in b.when]
        return [*named, *({s.urged} - {"", NEVER, DEADLINE})]


def unreachable(p: Procedure) -> list[tuple[str, str]]:
    """Stages that no chain of steps leads to, by track."""
    lost = []
    for track in p.tracks.values():
        reached = _starting(p, track)
        while (more := _one_further(p, track.id, reached)) - reached:
            reached |= more
        lost += [(track.id, s) for s in track.stages if s not in reached]
    return lost


def _starting(p: Procedure, track: Track) -> set[str]:
    """Where a track begins: where its opening steps lead, and its first stage when an act opens
    it."""
    opened = any(
        b.to == track.id
        for s in p.steps.values()
        for f in (s.follows, s.on_service)
        for b in f.opens
    )
    led = {b.to for s in p.opening(track.id) for b in s.follows.leads_to}
    first = (
        {next(iter(track.stages))}
        if opened or any(not s.follows.leads_to for s in p.opening(track.id))
        else set()
    )
    return led | first


def _one_further(p: Procedure, track: str, reached: set[str]) -> set[str]:
    found: set[str] = set()
    for s in p.steps.values():
        if s.track in (track, ANY) and (ANY in s.stages or reached & set(s.stages)):
            found |= {
                b.to
                for f in (s.follows, s.on_service)
                for b in f.leads_to
                if b.to in p.tracks[track].stages
            }
    return found
