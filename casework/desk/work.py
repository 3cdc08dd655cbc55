"""What waits for me, and what I wait for: the blocks of the first page, and the list of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _

from casework.desk import naming
from casework.desk.context import me, my_scope, today
from casework.desk.next_steps import owner_word
from casework.docket import my_work
from casework.docket.my_work import COMES, Listed, Reader
from casework.people.may import may, require
from casework.procedure.load import procedure
from casework.store import db

FIRST = 20  # lines of the list on the first page
FEW = 8  # dockets of each block below it
SEVERAL = 4  # rows that what one docket waits for may have
MOST = 500  # rows of what I wait for, on its own page
bp = Blueprint("work", __name__, url_prefix="/desk/work")


@dataclass(frozen=True)
class Line:
    """One thing to be done: where it is done, in words, and until when."""

    code: str
    number: str
    title: str
    url: str
    what: str
    said: str
    due: date


@dataclass(frozen=True)
class Awaited:
    """What one docket waits for, in words, each with who has it."""

    code: str
    number: str
    title: str
    parts: Sequence[tuple[str, str]]
    since: date
    due: date


def reader() -> Reader:
    """Whoever is signed in, for the lists of :mod:`casework.docket.my_work`."""
    return Reader(my_scope(), me().role_names(today()))


def sees_team() -> bool:
    """Whether the person looks after what others do."""
    return may(me(), "case.open", today()) or may(me(), "case.decide", today())


def blocks() -> dict[str, Any]:
    """The blocks of the first page, each from one statement."""
    session, of, day = db.session(), reader(), today()
    handled = may(me(), "case.inspect", today())
    return {
        "do_now": lines(my_work.mine(session, of, day, size=FIRST)),
        "long": lines(my_work.mine(session, of, day, size=FIRST, long=True)),
        "week": my_work.due_this_week(session, of, handled, day, FEW),
        "awaited": awaited(my_work.awaited(session, of, day, FEW * SEVERAL))[:FEW],
        "not_whole": my_work.not_whole(session, me().bureau_id),
        "sees_team": sees_team(),
    }


# -- words
def lines(page: Listed, mine: bool = True) -> tuple[list[Line], str]:
    """A page of rows in words, and the key of the next page. ``mine``: each leads to where it is
    done; what others do leads to the docket."""
    return [_line(row, mine) for row in page.rows], page.next


def _line(row: Any, mine: bool) -> Line:
    docket = url_for("dockets.docket", code=row.code)
    url = _DONE_AT[row.kind](row) if mine else docket
    said = _("since %(day)s", day=row.since.isoformat())
    said = said if mine or not row.handlers else f"{row.handlers} · {said}"
    return Line(row.code, row.number, row.title, url, what(row), said, row.due)


def what(row: Any) -> str:
    """The act that a row waits for, as its link says it."""
    step = naming.step_name(row.step) if row.step else ""
    return naming.turn_words(row.kind, step or naming.clock_name(row.clock))


def _step_page(row: Any) -> str:
    if not row.step:
        return _docket(row)
    return url_for("dockets.step", code=row.code, track=row.track, step=row.step)


def _docket(row: Any) -> str:
    return url_for("dockets.docket", code=row.code) + "#next"


_DONE_AT: dict[str, Callable[[Any], str]] = {
    "step": _step_page,
    "returned": _docket,
    "decide": lambda row: url_for("dockets.proposal", code=row.code, seq=row.seq),
    "printing": lambda row: url_for("printing.queue", docket=row.code),
    "casefile": lambda row: url_for("casefile.bundles_page", code=row.code),
    COMES: _step_page,
}


def awaited(rows: Iterable[Any]) -> list[Awaited]:
    """Rows of what others have or send, one for each docket, the longest waiting first."""
    dockets: dict[int, list[Any]] = {}
    for row in rows:
        dockets.setdefault(row.docket_id, []).append(row)
    return [_awaited(some) for some in dockets.values()]


def _awaited(rows: list[Any]) -> Awaited:
    parts = [_part(list(some)) for _place, some in groupby(rows, key=lambda row: row.place)]
    first = rows[0]
    due = min(row.due for row in rows)
    return Awaited(first.code, first.number, first.title, parts, first.since, due)


def _part(rows: list[Any]) -> tuple[str, str]:
    first = rows[0]
    if first.kind == COMES:
        return naming.clock_name(first.clock), owner_word(first.clock)
    who = dict.fromkeys(row.name or naming.role_word(row.role) for row in rows)
    return what(first), "、".join(who)


# -- the list of its own
def _mine(after: str, long: bool = False) -> tuple[list[Line], str]:
    return lines(my_work.mine(db.session(), reader(), today(), after, long=long))


def _unassigned(after: str) -> tuple[list[Line], str]:
    may_assign = bool(reader().roles & set(procedure().steps["assign"].roles))
    page = my_work.unassigned(db.session(), reader(), today(), after)
    return lines(page, mine=may_assign)


def _team(after: str) -> tuple[list[Line], str]:
    return lines(my_work.team(db.session(), reader(), today(), after), mine=False)


LISTS: dict[str, Callable[[str], tuple[list[Line], str]]] = {
    "mine": _mine,
    "long": lambda after: _mine(after, long=True),
    "unassigned": _unassigned,
    "team": _team,
}
OF_OTHERS = ("unassigned", "team")
_NAMES: dict[str, Callable[[], str]] = {
    "mine": lambda: _("For me to do"),
    "long": lambda: _("Long overdue"),
    "unassigned": lambda: _("Not yet assigned"),
    "team": lambda: _("My team"),
    "awaited": lambda: _("What I wait for"),
}


def tabs() -> list[tuple[str, str]]:
    """The lists that the person has, each with its name."""
    shown = [key for key in _NAMES if key not in OF_OTHERS or sees_team()]
    return [(key, _NAMES[key]()) for key in shown]


@bp.get("/")
@require("desk.home")
def page() -> str:
    """One of the lists, fifty lines a page."""
    of, after = request.args.get("of", "mine"), request.args.get("after", "")
    if of not in dict(tabs()):
        abort(404)
    found, following = _listed(of, after)
    return render_template(
        "desk/work.html", of=of, tabs=tabs(), found=found, following=following, after=after
    )


def _listed(of: str, after: str) -> tuple[Sequence[Any], str]:
    if of == "awaited":
        return awaited(my_work.awaited(db.session(), reader(), today(), MOST)), ""
    try:
        return LISTS[of](after)
    except ValueError:
        abort(400)
