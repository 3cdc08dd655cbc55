"""What every desk page stands on: who looks, what they may see, and the docket an address names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, abort, current_app, g
from flask_login import current_user, login_required

from casework.acts.facts import gather
from casework.docket.lists import by_code
from casework.docket.models import Docket
from casework.people.facts import conflicted
from casework.people.may import Scope, scope
from casework.people.models import Person
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.store import db, utcnow
from casework.web.errors import refuse
from casework.web.shown import SHANGHAI


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
    """Signed in and visible, or 404 before the view runs; the view gets ``here`` in place of the code."""

    @wraps(view)
    @login_required
    def wrapped(code: str, **kw: Any) -> Any:
        docket = by_code(db.session(), my_scope(), code)
        if docket is None:
            abort(404)
        facts = gather(db.session(), current_app.extensions["vault"], docket, me().id)
        if facts.actor is not None and facts.actor.recused:
            abort(404)  # a tie to the respondent's credit code stands in the journal alone
        return view(here=Here(docket, facts), **kw)

    return wrapped


def not_for_the_recused(here: Here) -> None:
    """403 for who has a declared tie to whom this docket, or one linked with it, is about: their steps are locked, and who told
    of it is none of their business either (行政处罚法 §43; 统计法实施条例 §46)."""
    mine = here.facts.actor
    if mine and (mine.recused or any(mine.id in conflicted(link.title) for link in here.facts.links)):
        refuse(403, "You are recused from this docket.")


Row = TypeVar("Row")


def own_row(model: type[Row], number: int) -> Row:
    """The row of that number in my bureau, or 404. For tables with ``bureau_id``."""
    row = db.session.get(model, number)
    if row is None or row.bureau_id != me().bureau_id:  # type: ignore[attr-defined]
        abort(404)
    return row


def pdf(data: bytes, name: str) -> Response:
    """A PDF to keep, under that name; nobody on the way keeps a copy."""
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, mimetype="application/pdf", headers=headers)


def known_step(step: str) -> Step:
    """The step of that id, or 404."""
    found = procedure().steps.get(step)
    if found is None or found.by_system:
        abort(404)
    return found
