"""Reads ``procedure.toml`` into a :class:`Procedure` and refuses a file that would lead somebody
into a dead end.

Every message names the line of the table it speaks of.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from casework.procedure.model import (
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
_FOLLOW_KEYS = (
    "leads_to",
    "opens",
    "ends",
    "starts",
    "meets",
    "stops",
    "pauses",
    "resumes",
    "extends",
)
_STEP_KEYS = {
    "name",
    "track",
    "stages",
    "beside",
    "roles",
    "approvals",
    "officers",
    "asks",
    "prints",
    "on_service",
    "replaces",
    "needs",
    "checks",
    "basis",
    "only_today",
    "entered_late",
    "by_system",
    "once",
    "numbers",
    "does",
    "public",
    "urged",
    "note",
    *_FOLLOW_KEYS,
}


class ProcedureError(Exception):
    """The file cannot be used; each string of ``faults`` names a line and what is wrong there."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@cache
def procedure() -> Procedure:
    """The procedure that ships with this release (checked at start-up by the app)."""
    return parse_procedure(FILE.read_text("utf-8"))


def parse_procedure(text: str) -> Procedure:
    """Parse the file's text; ProcedureError when its shape is wrong."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:  # its message ends with the line
        raise ProcedureError([f"not TOML: {error}"]) from error
    shape = _Shape(_lines(text))
    made = Procedure(
        version=raw["version"],
        tracks=shape.each("track", raw, _track),
        steps=shape.each(
            "step", raw, lambda k, v: _step(k, v, shape.line("step", k), shape.faults)
        ),
        clocks=shape.each("clock", raw, lambda k, v: ClockRule(id=k, **_labels(v, "name"))),
        papers=shape.each("paper", raw, lambda k, v: PaperRule(id=k, **_labels(v, "name"))),
        checks=shape.each("check", raw, lambda k, v: CheckRule(id=k, **_labels(v, "refuses"))),
        mends=raw.get("mends", {}),
        reasoned=raw.get("reasoned", {}),
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
        lines=shape.lines,
    )
    if shape.faults:
        raise ProcedureError(shape.faults)
    return made


T = TypeVar("T")


class _Shape:
    """Reads tables one by one; a table that cannot be read is a fault with its line, and the others
    are read all the same."""

    def __init__(self, lines: Mapping[str, int]) -> None:
        self.lines, self.faults = lines, list[str]()

    def line(self, kind: str, key: str) -> int:
        """The line of a table's head."""
        return self.lines.get(f"{kind}.{key}", 0)

    def each(
        self, kind: str, raw: Mapping[str, Any], make: Callable[[str, Any], T]
    ) -> dict[str, T]:
        """All tables of a kind."""
        made: dict[str, T] = {}
        for key, value in raw.get(kind, {}).items():
            try:
                made[key] = make(key, value)
            except KeyError as error:
                self.faults.append(
                    f"line {self.line(kind, key)}: {kind} {key}: «{error.args[0]}» is missing"
                )
            except TypeError as error:  # a key that the table does not have, or one that it needs
                self.faults.append(
                    f"line {self.line(kind, key)}: {kind} {key}: {str(error).rpartition('() ')[2]}"
                )
        return made


def _lines(text: str) -> dict[str, int]:
    """Lines of the heads («track.main») and of the stages in them («track.main.decide»)."""
    found: dict[str, int] = {}
    head = ""
    for number, line in enumerate(text.splitlines(), 1):
        if opened := re.match(r"\[([^\]]+)\]", line):
            head = opened[1]
            found[head] = number
        elif head.startswith("track.") and (stage := re.match(r'\s*\{ id = "(\w+)"', line)):
            found[f"{head}.{stage[1]}"] = number
    return found


def _labels(raw: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {**raw, key: Label(**raw[key])}


def _track(key: str, raw: Mapping[str, Any]) -> Track:
    stages = {
        s["id"]: Stage(
            s["id"],
            Label(s["zh"], s["en"]),
            s.get("final", False),
            s.get("exit", False),
            s.get("waits_for", ""),
        )
        for s in raw["stages"]
    }
    name, blocks = Label(**raw["name"]), raw.get("blocks_closing", False)
    return Track(key, name, raw["docket"], stages, blocks, tuple(raw.get("while_suspended", ())))


def _branches(raw: Any, key: str = "to") -> tuple[Branch, ...]:
    """«"x"», «["x", {clock="y", when="z"}]» and «[{to="x", when=…}]» all become branches."""
    items = [raw] if isinstance(raw, (str, dict)) else raw or []
    return tuple(
        Branch(i)
        if isinstance(i, str)
        else Branch(i.get("to") or i.get(key) or "", i.get("when", ""))
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
    faults += [
        f"line {line}: step {key}: «{k}» is missing"
        for k in ("name", "track", "basis")
        if k not in raw
    ]
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
        replaces=tuple(raw.get("replaces", ())),
        needs=tuple(raw.get("needs", ())),
        checks=tuple(raw.get("checks", ())),
        basis=raw.get("basis", ""),
        only_today=raw.get("only_today", False),
        entered_late=raw.get("entered_late", False),
        by_system=raw.get("by_system", False),
        once=raw.get("once", False),
        numbers=raw.get("numbers", ""),
        does=tuple(raw.get("does", ())),
        public=tuple(raw.get("public", ())),
        urged=raw.get("urged", ""),
        note=Label(**raw["note"]) if "note" in raw else None,
        line=line,
    )
