"""What every desk page stands on: who looks, what they may see, and the docket an address names."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, abort, current_app, flash, g, render_template, request
from flask_babel import gettext as _
from flask_login import current_user, login_required
from sqlalchemy import select

from casework.acts.facts import gather
from casework.desk.words_left import words_left
from casework.docket.journal import UnreadEntry
from casework.docket.lists import docket_by_code, seen_by_number
from casework.docket.models import Act, Docket
from casework.people.facts import conflicted
from casework.people.may import Scope, scope
from casework.people.models import Person
from casework.procedure.checks.readable import readable as can_be_read
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.procedure.payload import UNREADABLE
from casework.store import db, utcnow
from casework.web.downloads import answer_file
from casework.web.errors import refuse
from casework.web.faults import told
from casework.web.filters import SHANGHAI
from casework.web.language import current

log = logging.getLogger("casework")


def today() -> date:
    """Today in Shanghai."""
    return utcnow().astimezone(SHANGHAI).date()


def me() -> Person:
    """The person signed in."""
    return cast(Person, current_user._get_current_object())


def my_scope() -> Scope:
    """What that person may see today; worked out once a request."""
    if "scope" not in g:
        g.scope = scope(me(), today())
    return cast(Scope, g.scope)


@dataclass(frozen=True)
class Here:
    """The docket an address names, as facts for the person who looks."""

    docket: Docket
    facts: Facts


def on_docket(view: Callable[..., Any]) -> Callable[..., Any]:
    """Signed in and visible, or 404 before the view runs; the view gets ``here`` in place of the
    code. What was typed for a step stands on that 404."""

    @wraps(view)
    @login_required
    def wrapped(code: str, **kw: Any) -> Any:
        docket = docket_by_code(db.session(), my_scope(), code)
        if docket is None:
            return _seen_by_number(code) or _not_there(kw)
        try:
            facts = _facts_of(docket)
        except UNREADABLE as error:
            return unreadable_page(docket, error)
        if facts.actor is not None and facts.actor.recused:
            return _not_there(kw)  # by a code that stands in the sealed journal alone
        if not can_be_read(facts):
            return unreadable_page(docket, None)
        if facts.unread:
            _say_unread(docket.number, [a.seq for a in facts.unread], "effects")
        return view(here=Here(docket, facts), **kw)

    return wrapped


def _facts_of(docket: Docket) -> Facts:
    """The docket's facts. Its own page, which changes nothing, is shown without the effects of an
    entry that somebody meddled with; every other page, and every step, is refused. Errors:
    UNREADABLE."""
    given = (db.session(), current_app.extensions["vault"], docket, me().id)
    try:
        return gather(*given)
    except UnreadEntry as error:
        if request.endpoint != "dockets.docket" or error.part != "effects":
            raise
        log.error("docket %s: entry %s cannot be read: %s", docket.id, error.seq, told(error))
        return gather(*given, lenient=True)


def _say_unread(number: str, entries: Sequence[int], part: str) -> None:
    """The red sentence above the page: which entries of a docket cannot be read, and what of
    them."""
    what = {"payload": _("what was written"), "effects": _("what it brought about")}[part]
    named = {"docket": number, "entries": "、".join(map(str, entries)), "what": what}
    flash(
        _(
            "Entry %(entries)s of %(docket)s may have been changed: %(what)s cannot be read. No "
            "step can be taken until the administrator has verified the journal («journal verify») "
            "and compared it with a backup.",
            **named,
        ),
        "error",
    )


def facts_for_me(docket: Docket) -> Facts | None:
    """A visible docket as facts for whoever looks; None where its page would not be shown: to who
    is recused by a code that stands in the sealed journal alone, and where it cannot be read."""
    try:
        facts = gather(db.session(), current_app.extensions["vault"], docket, me().id)
    except UNREADABLE:
        return None
    recused = facts.actor is not None and facts.actor.recused
    return None if recused or not can_be_read(facts) else facts


def _seen_by_number(code: str) -> str | None:
    """The docket's page for whoever sees number, stage and deadline alone; None on every other
    page, and for everybody else."""
    if request.endpoint != "dockets.docket":
        return None
    row = seen_by_number(db.session(), my_scope(), code)
    return render_template("desk/by_number.html", row=row) if row else None


def _not_there(kw: Mapping[str, Any]) -> Any:
    """404 for a docket that one does not see; with the words that were sent, where they were sent
    for a step."""
    if request.method != "POST" or "step" not in kw:
        abort(404)
    return words_left(known_step(kw["step"]))


def unreadable_page(docket: Docket, error: Exception | None) -> tuple[str, int]:
    """The page of a docket whose entries cannot be read: what is there all the same, what is wrong
    and who mends it."""
    number = secrets.token_hex(4)
    if isinstance(error, UnreadEntry):
        _say_unread(error.docket, [error.seq], error.part)
    log.error(
        "docket %s cannot be read, incident %s: %s",
        docket.id,
        number,
        told(error) if error else "facts",
    )
    entries = db.session.scalars(
        select(Act).where(Act.docket_id == docket.id).order_by(Act.seq.desc())
    ).all()
    steps = procedure().steps
    rows = [
        {
            "seq": a.seq,
            "on": a.on,
            "name": steps[a.step].name.in_language(current()) if a.step in steps else a.step,
        }
        for a in entries
    ]
    return render_template("desk/unreadable.html", docket=docket, rows=rows, number=number), 422


def not_for_the_recused(here: Here) -> None:
    """403 for who has a declared tie to whom this docket, or one linked with it, is about: their
    steps are locked, and who told of it is none of their business either (行政处罚法 §43; 统计法实
    施条例 §46)."""
    mine = here.facts.actor
    if mine and (
        mine.recused
        or any(mine.id in conflicted(link.title, link.unit_code) for link in here.facts.links)
    ):
        refuse(403, "You are recused from this docket.")


Row = TypeVar("Row")


def own_row(model: type[Row], number: int) -> Row:
    """The row of that number in my bureau, or 404. For tables with ``bureau_id``."""
    row = db.session.get(model, number)
    if row is None or row.bureau_id != me().bureau_id:  # type: ignore[attr-defined]
        abort(404)
    return row


def pdf(data: bytes, name: str) -> Response:
    """A PDF to keep, under that name."""
    return answer_file(data, name, "application/pdf")


def known_step(step: str) -> Step:
    """The step of that id, or 404."""
    found = procedure().steps.get(step)
    if found is None or found.by_system:
        abort(404)
    return found
