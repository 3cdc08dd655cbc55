"""Reads ``procedure.toml`` into a :class:`Procedure` and refuses a file that would lead somebody into a dead end.

Every message names the line of the table it speaks of.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from casework.procedure.model import (
    ANY,
    ROLES,
    Branch,
    CheckRule,
    ClockRule,
    Follows,
    Label,
    PaperRule,
    Procedure,
    Stage,
    Step,
    Track,
)

FILE = Path(__file__).with_name("procedure.toml")
_FOLLOW_KEYS = ("leads_to", "opens", "ends", "starts", "meets", "stops", "pauses", "resumes", "extends")
_STEP_KEYS = {
    "name", "track", "stages", "beside", "roles", "approvals", "officers", "asks", "prints", "on_service", "needs",
    "checks", "basis", "only_today", "by_system", "once", "numbers", "does", "note", *_FOLLOW_KEYS,
}  # fmt: skip


class ProcedureError(Exception):
    """The file cannot be used; each string of ``faults`` names a line and what is wrong there."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@cache
def procedure() -> Procedure:
    """The procedure that ships with this release (checked at start-up by the app)."""
    return read(FILE.read_text("utf-8"))


def read(text: str) -> Procedure:
    """Parse the file's text; ProcedureError when its shape is wrong."""
    lines, raw = _lines(text), tomllib.loads(text)
    faults: list[str] = []
    steps = {k: _step(k, v, lines.get(f"step.{k}", 0), faults) for k, v in raw.get("step", {}).items()}
    if faults:
        raise ProcedureError(faults)
    return Procedure(
        version=raw["version"],
        tracks={k: _track(k, v) for k, v in raw["track"].items()},
        steps=steps,
        clocks={k: ClockRule(id=k, **_labels(v, "name")) for k, v in raw.get("clock", {}).items()},
        papers={k: PaperRule(id=k, **_labels(v, "name")) for k, v in raw.get("paper", {}).items()},
        checks={k: CheckRule(id=k, **_labels(v, "refuses")) for k, v in raw.get("check", {}).items()},
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
    )


def _lines(text: str) -> dict[str, int]:
    heads = re.finditer(r"^\[([^\]\n]+)\]", text, re.M)
    return {m[1]: text.count("\n", 0, m.start()) + 1 for m in heads}


def _labels(raw: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {**raw, key: Label(**raw[key])}


def _track(key: str, raw: Mapping[str, Any]) -> Track:
    stages = {
        s["id"]: Stage(s["id"], Label(s["zh"], s["en"]), s.get("final", False), s.get("exit", False)) for s in raw["stages"]
    }
    return Track(key, Label(**raw["name"]), raw["docket"], stages, raw.get("blocks_closing", False))


def _branches(raw: Any, key: str = "to") -> tuple[Branch, ...]:
    """«"x"», «["x", {clock="y", when="z"}]» and «[{to="x", when=…}]» all become branches."""
    items = [raw] if isinstance(raw, (str, dict)) else raw or []
    return tuple(
        Branch(i) if isinstance(i, str) else Branch(i.get("to") or i.get(key) or "", i.get("when", ""), i.get("every", ""))
        for i in items
    )


def _follows(raw: Mapping[str, Any]) -> Follows:
    return Follows(
        leads_to=_branches(raw.get("leads_to")),
        opens=_branches(raw.get("opens"), "track"),
        ends=tuple(raw.get("ends", ())),
        starts=_branches(raw.get("starts"), "clock"),
        meets=_branches(raw.get("meets"), "clock"),
        stops=_branches(raw.get("stops"), "clock"),
        pauses=tuple(raw.get("pauses", ())),
        resumes=tuple(raw.get("resumes", ())),
        extends=raw.get("extends", ""),
    )


def _step(key: str, raw: Mapping[str, Any], line: int, faults: list[str]) -> Step:
    faults += [f"line {line}: step {key}: unknown key «{k}»" for k in raw if k not in _STEP_KEYS]
    faults += [f"line {line}: step {key}: «{k}» is missing" for k in ("name", "track", "basis") if k not in raw]
    stages = raw.get("stages", [])
    return Step(
        id=key,
        name=Label(**raw.get("name", {"zh": key, "en": key})),
        track=raw.get("track", ""),
        stages=tuple([stages] if isinstance(stages, str) else stages),
        beside=tuple(raw.get("beside", ())),
        roles=tuple(raw.get("roles", ())),
        approvals=tuple(raw.get("approvals", ())),
        officers=raw.get("officers", 0),
        asks=raw.get("asks", ""),
        prints=_branches(raw.get("prints"), "paper"),
        follows=_follows(raw),
        on_service=_follows(raw.get("on_service", {})),
        needs=tuple(raw.get("needs", ())),
        checks=tuple(raw.get("checks", ())),
        basis=raw.get("basis", ""),
        only_today=raw.get("only_today", False),
        by_system=raw.get("by_system", False),
        once=raw.get("once", False),
        numbers=raw.get("numbers", ""),
        does=tuple(raw.get("does", ())),
        note=Label(**raw["note"]) if "note" in raw else None,
        line=line,
    )


# -- what must hold between the tables
def check(
    p: Procedure,
    *,
    forms: Collection[str],
    letters: Collection[str],
    checks: Collection[str],
    conditions: Collection[str],
    settings: Collection[str],
) -> None:
    """Raise ProcedureError naming every line that refers to something unknown, and every stage nobody can reach."""
    known = _Known(p, set(forms), set(letters), set(checks), set(conditions))
    faults = [f for s in p.steps.values() for f in known.faults_of(s)]
    faults += [
        f"clock {c.id}: unknown setting «{c.setting}»" for c in p.clocks.values() if c.setting and c.setting not in settings
    ]
    faults += [f"paper {r.id}: no letter «{r.letter}»" for r in p.papers.values() if r.letter not in letters]
    faults += [f"check {c}: no function of that name" for c in p.checks if c not in checks]
    faults += [f"track {t}: nobody can reach stage «{s}»" for t, s in unreachable(p)]
    if faults:
        raise ProcedureError(faults)


class _Known:
    def __init__(self, p: Procedure, forms: set[str], letters: set[str], checks: set[str], conditions: set[str]) -> None:
        self.p, self.forms, self.letters, self.checks, self.conditions = p, forms, letters, checks, conditions

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
        yield from self._unknown("paper", (b.to for b in s.prints), self.p.papers)
        for follows in (s.follows, s.on_service):
            yield from self._of_follows(follows)
        yield from self._unknown("condition", self._conditions(s), self.conditions)

    def _strange_stages(self, s: Step) -> list[str]:
        own: Collection[str] = {x for t in self.p.tracks.values() for x in t.stages}
        if s.track != ANY:
            own = self.p.tracks[s.track].stages
        led = [b.to for f in (s.follows, s.on_service) for b in f.leads_to]
        main = {x for t in ("main", "report") if t in self.p.tracks for x in self.p.tracks[t].stages}
        return [x for x in (*s.stages, *led) if x not in own and x != ANY] + [x for x in s.beside if x not in main and x != ANY]

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
        return (b.when for g in groups for b in g if b.when and "=" not in b.when)


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
    """Where a track begins: where its opening steps lead, and its first stage when an act opens it."""
    opened = any(b.to == track.id for s in p.steps.values() for f in (s.follows, s.on_service) for b in f.opens)
    led = {b.to for s in p.opening(track.id) for b in s.follows.leads_to}
    first = {next(iter(track.stages))} if opened or any(not s.follows.leads_to for s in p.opening(track.id)) else set()
    return led | first


def _one_further(p: Procedure, track: str, reached: set[str]) -> set[str]:
    found: set[str] = set()
    for s in p.steps.values():
        if s.track in (track, ANY) and (ANY in s.stages or reached & set(s.stages)):
            found |= {b.to for f in (s.follows, s.on_service) for b in f.leads_to if b.to in p.tracks[track].stages}
    return found
