"""Groups waiting tips of the same unit, text or hour for the triage page. Nothing is decided
here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework.docket import journal
from casework.docket.models import Act, Docket, is_kind
from casework.procedure.likeness import core, text_likeness
from casework.procedure.settings import Settings
from casework.store import utcnow
from casework.web.filters import SHANGHAI

MOST = 300  # tips on the page; each is opened once
SAME_TEXT = 0.7


@dataclass(frozen=True)
class Tip:
    """A waiting tip with its first words."""

    docket: Docket
    at: datetime
    text: str


@dataclass(frozen=True)
class Group:
    """Tips shown together. ``kind``: unit · text · hour · single."""

    kind: str
    name: str
    tips: tuple[Tip, ...]

    @property
    def ids(self) -> str:
        """Ids of all its dockets, as the page's form sends them."""
        return ",".join(str(t.docket.id) for t in self.tips)


def groups(session: Session, visible: ColumnElement[bool], settings: Settings) -> list[Group]:
    """Each waiting tip once: in the first group (unit, text, hour) that is large enough, else
    alone."""
    least = int(settings.number("burst.least"))
    since = utcnow() - timedelta(hours=settings.number("burst.hours"))
    tips, found = _waiting(session, visible), list[Group]()
    fresh = [t for t in tips if t.at >= since]
    for kind, split in (("unit", _by_unit), ("text", _by_text), ("hour", _by_hour)):
        together = split(_in_no_group(fresh, found))
        found += [
            Group(kind, name, tuple(members)) for name, members in together if len(members) >= least
        ]
    alone = tuple(_in_no_group(tips, found))
    return [*found, Group("single", "", alone)] if alone else found


def _in_no_group(tips: Iterable[Tip], found: Iterable[Group]) -> list[Tip]:
    taken = {t.docket.id for group in found for t in group.tips}
    return [t for t in tips if t.docket.id not in taken]


def _waiting(session: Session, visible: ColumnElement[bool]) -> list[Tip]:
    """Tips that nobody has decided on, newest first."""
    rows = session.execute(
        select(Docket, Act.at)
        .join(Act, (Act.docket_id == Docket.id) & (Act.seq == 1))
        .where(visible, is_kind("informant"), Docket.stage == "lead", Docket.waits_for == "")
        .order_by(Docket.id.desc())
        .limit(MOST)
    ).all()
    first = journal.first(session, current_app.extensions["vault"], [d.id for d, _at in rows])
    return [Tip(d, at, _text(first.get(d.id, {}))) for d, at in rows]


def _text(asked: Mapping[str, Any]) -> str:
    return str(asked.get("narrative") or "")


def _by_unit(tips: Sequence[Tip]) -> Iterable[tuple[str, list[Tip]]]:
    return _split(tips, lambda t: core(t.docket.title)).items()


def _by_hour(tips: Sequence[Tip]) -> Iterable[tuple[str, list[Tip]]]:
    return _split(tips, lambda t: t.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:00")).items()


def _by_text(tips: Sequence[Tip]) -> Iterable[tuple[str, list[Tip]]]:
    """Each joins the first group whose first text it repeats."""
    found: list[list[Tip]] = []
    for tip in tips:
        home = next((g for g in found if text_likeness(g[0].text, tip.text) >= SAME_TEXT), None)
        if home is None:
            found.append([tip])
        else:
            home.append(tip)
    return [(g[0].text[:30], g) for g in found]


def _split(tips: Sequence[Tip], key: Callable[[Tip], str]) -> dict[str, list[Tip]]:
    found: dict[str, list[Tip]] = {}
    for tip in tips:
        if key(tip):
            found.setdefault(key(tip), []).append(tip)
    return found
