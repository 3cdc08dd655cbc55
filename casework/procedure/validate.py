"""What must hold between the tables of ``procedure.toml``: nothing named that is not there, nobody
led into a dead end.

Every message names the line of the table it speaks of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from casework.procedure import ids
from casework.procedure.kinds import first_tracks
from casework.procedure.load import ProcedureError
from casework.procedure.model import (
    ANY,
    DEADLINE,
    NEVER,
    PAGES,
    SIGNERS,
    Branch,
    Follows,
    Procedure,
    Step,
    Track,
)
from casework.procedure.roles import guarded, roles


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
    faults += _faults_of_tracks(p, conditions)
    faults += _faults_of_groups(p)
    faults += _faults_of_clocks(p, settings)
    faults += _faults_of_papers(p, letters)
    faults += _faults_of_checks(p, checks)
    faults += _faults_of_fields(p)
    faults += [at(p, f"track {t}", s, "nobody can reach this stage") for t, s in unreachable(p)]
    faults += [at(p, f"track {t}", s, "nobody can leave this stage") for t, s in dead_ends(p)]
    faults += _idle(p)
    faults += _unknown_in_python(p)
    if faults:
        raise ProcedureError(faults)


def _faults_of_tracks(p: Procedure, conditions: Collection[str]) -> Iterator[str]:
    """Unknown steps that stand still with a track or come before its next stage."""
    for track in p.tracks.values():
        for step in track.while_suspended:
            if step not in p.steps:
                yield at(p, "track", track.id, f"unknown step «{step}»")
        for stage in track.stages.values():
            for step in sorted({b.to for b in stage.before} - p.steps.keys()):
                yield at(p, f"track {track.id}", stage.id, f"unknown step «{step}»")
            for when in sorted({b.when for b in stage.before} - {"", *conditions}):
                yield at(p, f"track {track.id}", stage.id, f"unknown condition «{when}»")


def _faults_of_groups(p: Procedure) -> Iterator[str]:
    """Steps under a heading that there is not."""
    for step in p.steps.values():
        if step.group not in p.groups:
            yield at(p, "step", step.id, f"unknown group «{step.group}»")


def _faults_of_clocks(p: Procedure, settings: Collection[str]) -> Iterator[str]:
    """Whatever a clock names and nothing is called."""
    for clock in p.clocks.values():
        named: tuple[tuple[str, str, Collection[str]], ...] = (
            ("setting", clock.setting, settings),
            ("clock", clock.after, p.clocks),
            ("paper", clock.counts_from, p.papers),
            ("track", clock.track, p.tracks),
        )
        for what, name, known in named:
            if name and name not in known:
                yield at(p, "clock", clock.id, f"unknown {what} «{name}»")


def _faults_of_papers(p: Procedure, letters: Collection[str]) -> Iterator[str]:
    """Papers without a letter, or signed by nobody that there is."""
    for paper in p.papers.values():
        if paper.letter not in letters:
            yield at(p, "paper", paper.id, f"no letter «{paper.letter}»")
        if paper.signed not in {"", *SIGNERS}:
            yield at(p, "paper", paper.id, f"unknown signer «{paper.signed}»")


def _faults_of_checks(p: Procedure, checks: Collection[str]) -> Iterator[str]:
    """Checks without a function, or whose cure or page nothing is called."""
    for check in p.checks.values():
        if check.id not in checks:
            yield at(p, "check", check.id, "no function of that name")
        if check.cure not in {"", *p.steps}:
            yield at(p, "check", check.id, f"unknown step «{check.cure}»")
        if check.page not in {"", *PAGES}:
            yield at(p, "check", check.id, f"unknown page «{check.page}»")


def _faults_of_fields(p: Procedure) -> Iterator[str]:
    """Fields that an unknown step mends, and fields of an unknown step that must give a reason."""
    for field, step in p.mends.items():
        if step not in p.steps:
            yield at(p, "mends", field, f"unknown step «{step}»")
    for field in p.reasoned:
        of, dot, _name = field.partition(".")
        if dot and of not in p.steps:
            yield at(p, "reasoned", field, f"unknown step «{of}»")


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


def _unknown_in_python(p: Procedure) -> Iterator[str]:
    """Names that Python writes (:mod:`casework.procedure.ids`) and that stand in no file."""
    stages = {stage for track in p.tracks.values() for stage in track.stages}
    known = (roles(), p.tracks, stages, p.steps, p.clocks, p.papers, p.checks)
    for (what, names), there in zip(ids.NAMED.items(), known, strict=True):
        yield from (f"ids.py: unknown {what} «{n}»" for n in names if n not in there)


def dead_ends(p: Procedure) -> list[tuple[str, str]]:
    """Stages that are no end and that no step of their track leaves, by track."""
    lost: list[tuple[str, str]] = []
    for track in p.tracks.values():
        left = _stages_left(p, track)
        for stage in track.stages.values():
            ends = stage.final or stage.exit
            if not ends and not left & {stage.id, ANY}:
                lost.append((track.id, stage.id))
    return lost


def _stages_left(p: Procedure, track: Track) -> set[str]:
    """Stages of a track from which a step of it leads to another one."""
    own = [s for s in p.steps.values() if s.track == track.id]
    return {stage for s in own for stage in s.stages if _leads_away(s, stage)}


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
        yield from self._strange_roles(s)
        yield from (f"unknown stage «{x}»" for x in self._strange_stages(s))
        if not s.roles and not s.by_system:
            yield "nobody may take it"
        if not s.by_system and s.asks not in self.forms:
            yield f"no form «{s.asks}»"
        yield from self._unknown("check", (*s.needs, *s.checks), self.checks & set(self.p.checks))
        printed = [b.to for b in s.prints]
        yield from self._unknown("paper", (*printed, *s.replaces), self.p.papers)
        for follows in (s.follows, s.on_service):
            yield from self._of_follows(follows)
        yield from self._unknown("condition", self._conditions(s), self.conditions)

    @staticmethod
    def _strange_roles(s: Step) -> Iterable[str]:
        yield from (f"unknown role «{r}»" for r in (*s.roles, *s.approvals) if r not in roles())
        for r in s.approvals:
            if r in roles() and r not in guarded():
                yield f"role «{r}» approves, and is given by one person alone"

    def _strange_stages(self, s: Step) -> list[str]:
        """Stages that the step names and its track, or the track that it goes beside, has not."""
        own = self._stages_of(*(self.p.tracks if s.track == ANY else (s.track,)))
        main = self._stages_of(*first_tracks())
        led = [b.to for f in (s.follows, s.on_service) for b in f.leads_to]
        strange: list[str] = [x for x in (*s.stages, *led) if x not in own]
        return strange + [x for x in s.beside if x not in main]

    def _stages_of(self, *tracks: str) -> set[str]:
        """The stages of those of the tracks that there are, and «any»."""
        known = [self.p.tracks[t] for t in tracks if t in self.p.tracks]
        return {ANY, *(stage for track in known for stage in track.stages)}

    def _of_follows(self, f: Follows) -> Iterable[str]:
        clocks = (
            *(b.to for b in f.starts),
            *(b.to for b in (*f.meets, *f.stops)),
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
        groups: list[tuple[Branch[Any], ...]] = [s.prints]
        for f in (s.follows, s.on_service):
            groups += [f.leads_to, f.opens, f.starts, f.meets, f.stops]
        named = [b.when for g in groups for b in g if b.when and "=" not in b.when]
        return [*named, *({s.urged} - {"", NEVER, DEADLINE})]


def unreachable(p: Procedure) -> list[tuple[str, str]]:
    """Stages that no chain of steps leads to, by track."""
    lost: list[tuple[str, str]] = []
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
