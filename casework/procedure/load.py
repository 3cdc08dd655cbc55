"""Reads ``procedure.toml`` into a :class:`Procedure` and refuses a file that would lead somebody
into a dead end.

Every message names the line of the table it speaks of.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from casework.procedure.model import (
    CheckRule,
    ClockRule,
    Follows,
    Group,
    PaperRule,
    Procedure,
    Step,
    Track,
)
from casework.toml_file import Row, TomlError, toml_tables, typed, with_ids

FILE = Path(__file__).with_name("procedure.toml")
# what follows under a condition, and the key that may stand for «to» there
_BRANCHED = {
    "leads_to": "to",
    "opens": "track",
    "starts": "clock",
    "meets": "clock",
    "stops": "clock",
}


class _Tables(Row, frozen=True):
    """The file; rows by their ids."""

    version: str
    track: dict[str, Track]
    step: dict[str, Step]
    clock: dict[str, ClockRule]
    paper: dict[str, PaperRule]
    check: dict[str, CheckRule]
    group: dict[str, Group]
    mends: dict[str, str] = msgspec.field(default_factory=dict)
    reasoned: dict[str, str] = msgspec.field(default_factory=dict)


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
    lines = _lines(text)
    try:
        raw = toml_tables(text)
        for key, row in raw.get("track", {}).items():
            raw["track"][key] = _track(key, row)
        for key, row in raw.get("step", {}).items():
            raw["step"][key] = _step(key, row, lines.get(f"step.{key}", 0))
        found = typed(raw, _Tables)
    except TomlError as error:
        raise ProcedureError([_with_line(at, what, lines) for at, what in error.places]) from error
    return Procedure(
        version=found.version,
        tracks=found.track,
        steps=found.step,
        clocks=with_ids(found.clock),
        papers=with_ids(found.paper),
        checks=with_ids(found.check),
        groups=with_ids(found.group),
        mends=found.mends,
        reasoned=found.reasoned,
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
        lines=lines,
    )


def _with_line(at: tuple[str, ...], what: str, lines: Mapping[str, int]) -> str:
    """A fault with the line of its table's head, where it stands in one."""
    return f"line {lines.get('.'.join(at[:2]), 0)}: {' '.join(at)}: {what}" if at else what


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


# -- shorthands of the file, written out
def _track(key: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Stages stand in a list, each with its names beside its keys."""
    stages = {s.get("id", ""): _stage(s) for s in raw.get("stages", ())}
    return {**raw, "id": key, "stages": stages}


def _stage(raw: Mapping[str, Any]) -> dict[str, Any]:
    names = {k: raw[k] for k in ("zh", "en") if k in raw}
    before = _branches(raw.get("before", []), "step")
    return {**{k: v for k, v in raw.items() if k not in names}, "name": names, "before": before}


def _step(key: str, raw: Mapping[str, Any], line: int) -> dict[str, Any]:
    """What follows stands among the step's own keys; a single stage needs no list."""
    follow = {k: v for k, v in raw.items() if k in Follows.__struct_fields__}
    own = {k: v for k, v in raw.items() if k not in follow}
    stages = raw.get("stages", [])
    return {
        **own,
        "id": key,
        "line": line,
        "stages": [stages] if isinstance(stages, str) else stages,
        "prints": _branches(raw.get("prints", []), "paper"),
        "follows": _follows(follow),
        "on_service": _follows(raw.get("on_service", {})),
    }


def _follows(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {k: _branches(v, _BRANCHED[k]) if k in _BRANCHED else v for k, v in raw.items()}


def _branches(raw: Any, key: str) -> list[Any]:
    """«"x"», «["x", {clock="y", when="z"}]» and «[{to="x", when=…}]» all become branches."""
    items = [raw] if isinstance(raw, (str, dict)) else raw
    return [
        {"to": i}
        if isinstance(i, str)
        else {"to": i.get(key, ""), **{k: v for k, v in i.items() if k != key}}
        for i in items
    ]
