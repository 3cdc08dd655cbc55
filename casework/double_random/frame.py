"""The frame of a draw, written down from the register, the people and the public list as they are
on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.disclosure.models import DisclosureEntry
from casework.people.facts import staff_facts
from casework.people.models import Interest, Unit, compared_code
from casework.procedure.clock_rules import add_months
from casework.procedure.facts import PersonFacts
from casework.procedure.model import Named
from casework.toml_file import read_toml, with_ids

VERSION = 1  # of the form of a frame


class Risk(Named, frozen=True, kw_only=True):
    """A row of ``risk.toml``: what is public of a unit and gives it more lots."""

    kind: str
    months: int
    lots: int
    id: str = ""


@dataclass(frozen=True)
class DrawRules:
    """By which units stand in the frame. No townships or kinds: those of all."""

    take: int  # units to be drawn
    townships: Sequence[str] = ()
    kinds: Sequence[str] = ()
    by_risk: bool = True


@cache
def risks() -> Mapping[str, Risk]:
    """The rows of ``risk.toml`` by their names."""
    return with_ids(read_toml(Path(__file__).with_name("risk.toml"), dict[str, Risk]))


def make_frame(session: Session, bureau_id: int, rules: DrawRules, day: date) -> dict[str, Any]:
    """Who can be drawn and who can inspect, on that day: plain values in one order."""
    units = _units(session, bureau_id, rules)
    found = _risks_of(session, bureau_id, units, day) if rules.by_risk else {}
    officers = [p for p in staff_facts(bureau_id, day).values() if p.inspects_on(day)]
    officers.sort(key=lambda p: p.id)
    return {
        "version": VERSION,
        "day": day.isoformat(),
        "rules": {
            "take": rules.take,
            "townships": sorted(rules.townships),
            "kinds": sorted(rules.kinds),
            "lots": {r.id: r.lots for r in risks().values()} if rules.by_risk else {},
        },
        "units": [_unit(unit, found.get(unit.id, ())) for unit in units],
        "officers": [_officer(p, day) for p in officers],
        "tied": _tied(session, [p.id for p in officers], units),
    }


def _units(session: Session, bureau_id: int, rules: DrawRules) -> Sequence[Unit]:
    asked = select(Unit).where(Unit.bureau_id == bureau_id).order_by(Unit.id)
    if rules.townships:
        asked = asked.where(Unit.township.in_(rules.townships))
    if rules.kinds:
        asked = asked.where(Unit.kind.in_(rules.kinds))
    return session.scalars(asked).all()


def _officer(person: PersonFacts, day: date) -> dict[str, Any]:
    card = person.card_on(day)
    return {"id": person.id, "name": person.name, "card": card.number if card else ""}


def _unit(unit: Unit, found: Iterable[Risk]) -> dict[str, Any]:
    why = sorted({r.id for r in found})
    return {
        "id": unit.id,
        "name": unit.name,
        "code": unit.credit_code or "",
        "kind": unit.kind,
        "township": unit.township,
        "weight": 1 + sum(risks()[r].lots for r in why),
        "why": why,
    }


def _risks_of(
    session: Session, bureau_id: int, units: Sequence[Unit], day: date
) -> Mapping[int, list[Risk]]:
    """What the public list has, or had, of each unit, by its code. An entry that was withdrawn says
    nothing of anybody."""
    by_code = {compared_code(u.credit_code): u.id for u in units if u.credit_code}
    entries = session.execute(
        select(DisclosureEntry.credit_code, DisclosureEntry.kind, DisclosureEntry.shown_from).where(
            DisclosureEntry.bureau_id == bureau_id,
            DisclosureEntry.state.in_(("shown", "ended")),
            DisclosureEntry.credit_code != "",
        )
    )
    found: dict[int, list[Risk]] = defaultdict(list)
    for code, kind, since in entries:
        for risk in risks().values():
            if code in by_code and risk.kind == kind and add_months(since, risk.months) >= day:
                found[by_code[code]].append(risk)
    return found


def _tied(session: Session, officers: list[int], units: Sequence[Unit]) -> list[list[int]]:
    """Pairs of officer and unit with a declared tie (回避, 行政处罚法 §43)."""
    ties = session.scalars(
        select(Interest).where(
            Interest.person_id.in_(officers),
            or_(Interest.folded_name != "", Interest.folded_code != ""),
        )
    ).all()
    names, codes = defaultdict(set), defaultdict(set)
    for tie in ties:
        names[tie.folded_name].add(tie.person_id)
        codes[tie.folded_code].add(tie.person_id)
    pairs = {
        (person, u.id)
        for u in units
        for person in names.get(u.folded_name, set())
        | (codes.get(compared_code(u.credit_code), set()) if u.credit_code else set())
    }
    return [list(pair) for pair in sorted(pairs)]
