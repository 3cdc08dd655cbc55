"""Tips and cases that may be about the same matter as a tip, with the reason. A bounded number is
opened; people decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from casework.docket import journal
from casework.docket.models import Docket, Link, SearchToken
from casework.papers.models import Paper
from casework.people.models import Unit
from casework.procedure.codes import printed_code
from casework.procedure.kinds import fed_kinds, kinds
from casework.procedure.likeness import Likeness, Told, compare, core
from casework.vault.tokens import keyed, query_tokens

NAMED = 40  # dockets whose name shares most pairs with the tip's
RECENT = 20  # newest tips, whoever they are about: the same text under another name
ENDED = ("closed", "archived", "transferred", "absorbed", "not_filed", "withdrawn", "terminated")
SHOWN = 8


@dataclass(frozen=True)
class Twin:
    """A docket that may be about the same matter, and the open cases it leads to."""

    docket: Docket
    like: Likeness
    cases: tuple[Docket, ...] = ()


@dataclass(frozen=True)
class Beside:
    """What stands beside a tip."""

    twins: tuple[Twin, ...]
    earlier: tuple[Docket, ...]  # all cases of the same respondent
    penalties: int  # decisions among them
    opened: int  # how many dockets were opened for it


def beside(
    session: Session, visible: ColumnElement[bool], docket: Docket, asked: Mapping[str, Any]
) -> Beside:
    """Look for them: ``visible`` is what the person may see, ``asked`` what the tip's first act
    recorded."""
    told = as_told(asked)
    near = (
        *_by_name(session, visible, docket, told),
        *_by_code(session, visible, docket),
        *_recent(session, visible, docket),
    )
    found = {d.id: d for d in near}
    likes = _likes(session, told, list(found))
    opened = [found[i] for i in likes]
    cases = [d for d in opened if d.kind in fed_kinds() and likes[d.id].unit in ("code", "name")]
    reports = [d for d in opened if kinds()[d.kind].informant and likes[d.id].likely]
    linked = _cases_of(session, visible, [d.id for d in reports])
    twins = _twins(reports, cases, linked, likes)
    return Beside(
        tuple(_each_case_once(twins[:SHOWN])),
        tuple(cases),
        _decided(session, cases),
        len(opened),
    )


def _likes(session: Session, told: Told, dockets: list[int]) -> dict[int, Likeness]:
    """How like the tip those of the dockets are whose first entry can be opened, in their order."""
    first = journal.first(session, current_app.extensions["vault"], dockets)
    return {i: compare(told, as_told(first[i])) for i in dockets if i in first}


def _twins(
    reports: Iterable[Docket],
    cases: Iterable[Docket],
    linked: Mapping[int, Sequence[Docket]],
    likes: Mapping[int, Likeness],
) -> list[Twin]:
    """Reports with the open cases they lead to, and open cases that none of them leads to; those
    with the most text in common first, then the newest."""
    twins = [Twin(d, likes[d.id], tuple(_open(linked.get(d.id, ())))) for d in reports]
    through = {c.id for t in twins for c in t.cases}
    twins += [Twin(c, likes[c.id], (c,)) for c in _open(cases) if c.id not in through]
    return sorted(twins, key=lambda t: (-t.like.text, -t.docket.id))


def _open(cases: Iterable[Docket]) -> list[Docket]:
    return [c for c in cases if c.stage not in ENDED]


def _each_case_once(twins: list[Twin]) -> Iterable[Twin]:
    """A case that several tips lead to is offered beside the one most alike."""
    offered: set[int] = set()
    for twin in twins:
        yield replace(twin, cases=tuple(c for c in twin.cases if c.id not in offered))
        offered |= {c.id for c in twin.cases}


def as_told(asked: Mapping[str, Any]) -> Told:
    """What a first act says of its matter: a tip's, or a case's with its respondent."""
    party = asked.get("party") or {}
    return Told(
        str(asked.get("subject") or party.get("name") or ""),
        printed_code(str(asked.get("credit_code") or party.get("credit_code") or "")),
        str(asked.get("period") or ""),
        str(asked.get("narrative") or ""),
    )


# -- candidates
def _by_name(
    session: Session, visible: ColumnElement[bool], docket: Docket, told: Told
) -> Iterable[Docket]:
    """Those whose indexed name has most of the pairs of the tip's name, or of the registered name
    behind its credit code."""
    names = {core(told.subject), core(_registered(session, docket.bureau_id, told.credit_code))} - {
        ""
    }
    for name in sorted(names):
        yield from _sharing(session, visible, docket, query_tokens(name))


def _by_code(session: Session, visible: ColumnElement[bool], docket: Docket) -> Sequence[Docket]:
    """Those about the unit of the same code, whatever it is called there."""
    if not docket.unit_code:
        return ()
    query = select(Docket).where(
        visible,
        Docket.bureau_id == docket.bureau_id,
        Docket.unit_code == docket.unit_code,
        Docket.id != docket.id,
    )
    return session.scalars(query.order_by(Docket.id.desc()).limit(NAMED)).all()


def _registered(session: Session, bureau_id: int, code: str) -> str:
    if not code:
        return ""
    return (
        session.scalar(
            select(Unit.name).where(Unit.bureau_id == bureau_id, Unit.credit_code == code)
        )
        or ""
    )


def _sharing(
    session: Session, visible: ColumnElement[bool], docket: Docket, words: set[str]
) -> Sequence[Docket]:
    ring = current_app.extensions["vault"].keyring
    shared = (
        select(SearchToken.docket_id, func.count().label("n"))
        .where(
            SearchToken.token.in_(keyed(ring, docket.bureau_id, words)),
            SearchToken.docket_id != docket.id,
        )
        .group_by(SearchToken.docket_id)
        .having(func.count() * 3 >= len(words))
        .subquery()
    )
    query = select(Docket).join(shared, shared.c.docket_id == Docket.id).where(visible)
    return session.scalars(query.order_by(shared.c.n.desc(), Docket.id.desc()).limit(NAMED)).all()


def _recent(session: Session, visible: ColumnElement[bool], docket: Docket) -> Sequence[Docket]:
    query = select(Docket).where(visible, Docket.kind == docket.kind, Docket.id != docket.id)
    return session.scalars(query.order_by(Docket.id.desc()).limit(RECENT)).all()


def _cases_of(
    session: Session, visible: ColumnElement[bool], reports: list[int]
) -> dict[int, list[Docket]]:
    rows = session.execute(
        select(Link.from_id, Docket)
        .join(Docket, Docket.id == Link.to_id)
        .where(Link.from_id.in_(reports), Link.kind == "feeds", Link.until.is_(None), visible)
        .order_by(Docket.id)
    )
    found: dict[int, list[Docket]] = {}
    for report, case in rows:
        found.setdefault(report, []).append(case)
    return found


def _decided(session: Session, cases: Iterable[Docket]) -> int:
    query = select(func.count(func.distinct(Paper.docket_id))).where(
        Paper.docket_id.in_([c.id for c in cases]),
        Paper.kind == "decision",
        Paper.state != "withdrawn",
    )
    return session.scalar(query) or 0
