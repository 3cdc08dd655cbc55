"""What a person keeps for themselves: saved views of lists, and half-written steps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, select
from werkzeug.datastructures import MultiDict

from casework.desk.context import Here, known_step, me, on_docket
from casework.desk.filters import KEYS
from casework.docket.models import StepDraft
from casework.people.may import require
from casework.people.models import SavedView
from casework.procedure.kinds import list_names
from casework.store import db, table, utcnow, writing
from casework.text import unless_blank
from casework.web.errors import refuse

bp = Blueprint("own", __name__, url_prefix="/desk")
MOST = 30  # saved views a person
LONGEST = 600  # characters of an address that is remembered
KEEP = timedelta(days=30)  # half-written steps
_NOT_KEPT = ("csrf_token", "action", "seen", "kept", "remove")
Place = tuple[int, str, str]  # docket, track, step
_VIEW = table(SavedView).c
_VIEWS = (
    select(_VIEW.id, _VIEW.name, _VIEW.query)
    .where(_VIEW.person_id == bindparam("person"), _VIEW.which == bindparam("list"))
    .order_by(_VIEW.name, _VIEW.id)
)


# -- views of lists
def query_of(args: MultiDict[str, str]) -> str:
    """The part of an address that is the filter."""
    return urlencode([(k, v) for k, v in args.items() if k in KEYS and v])


def remember(which: str, query: str) -> None:
    """Keep the list's filter in the session, so that the menu leads back to it."""
    lists = session.get("lists", {})
    if len(query) <= LONGEST and lists.get(which, "") != query:
        session["lists"] = {**lists, which: query}


def last_list(which: str) -> str:
    """The address of a list as it was last looked at."""
    args: dict[str, Any] = dict(parse_qsl(last_query(which)))
    return url_for("desk.listing", which=which, **args)


def last_query(which: str) -> str:
    """The filter of that list alone."""
    return str(session.get("lists", {}).get(which, ""))


def saved_views(which: str) -> Sequence[Any]:
    """The person's views of a list, by name: rows of id, name and query."""
    return db.session().connection().execute(_VIEWS, {"person": me().id, "list": which}).all()


@bp.post(f"/<{list_names()}:which>/views")
@require("docket.see")
def save_view(which: str) -> Any:
    """保存为视图: the filter under a name; the same name again replaces it."""
    query = query_of(MultiDict(parse_qsl(request.form.get("query", ""))))
    name = unless_blank(request.form.get("name"))[:40]
    if not name or not query or len(query) > LONGEST:
        refuse(422, "A view needs a name and at least one condition.")
    with writing() as s:
        views = {v.name: v.id for v in saved_views(which)}
        if name not in views and len(views) >= MOST:
            refuse(422, "You have thirty views of this list: delete one first.")
        row = (
            s.get_one(SavedView, views[name])
            if name in views
            else SavedView(person_id=me().id, which=which, name=name)
        )
        row.query = query
        s.add(row)
    flash(_("The view «%(name)s» is saved.", name=name))
    return redirect(url_for("desk.listing", which=which) + f"?{query}")


@bp.post(f"/<{list_names()}:which>/views/<int:number>/delete")
@require("docket.see")
def delete_view(which: str, number: int) -> Any:
    """Forget a view of one's own; another's is not touched."""
    with writing() as s:
        s.execute(delete(SavedView).where(SavedView.id == number, SavedView.person_id == me().id))
    flash(_("The view is deleted."))
    return redirect(last_list(which))


# -- half-written steps
def _row(place: Place) -> tuple[int, int, str, str]:
    return (me().id, *place)


def keep_draft(place: Place, form: MultiDict[str, str]) -> None:
    """Keep what was typed, sealed for this person and step; older drafts of theirs go."""
    fields = [(k, v) for k, v in form.items(multi=True) if k not in _NOT_KEPT]
    body = current_app.extensions["vault"].seal(
        "step draft", _name(place), json.dumps(fields, ensure_ascii=False).encode()
    )
    with writing() as s:
        s.execute(
            delete(StepDraft).where(StepDraft.person_id == me().id, StepDraft.at < utcnow() - KEEP)
        )
        person, docket, track, step = _row(place)
        row = s.get(StepDraft, _row(place)) or StepDraft(
            person_id=person, docket_id=docket, track=track, step=step, body=body
        )
        row.body, row.at = body, utcnow()
        s.add(row)


def draft_of(place: Place) -> MultiDict[str, str] | None:
    """What the person had typed for this step, or None."""
    row = db.session.get(StepDraft, _row(place))
    if row is None:
        return None
    opened = current_app.extensions["vault"].open("step draft", _name(place), row.body)
    return MultiDict([(k, v) for k, v in json.loads(opened)])


def drop_draft(place: Place) -> None:
    """Delete the draft of a step that was taken or thrown away."""
    if db.session.get(StepDraft, _row(place)) is not None:
        with writing() as s:
            s.execute(
                delete(StepDraft).where(
                    StepDraft.person_id == me().id,
                    StepDraft.docket_id == place[0],
                    StepDraft.track == place[1],
                    StepDraft.step == place[2],
                )
            )


@bp.post("/dockets/<code>/<track>/<step>/draft")
@on_docket
def keep(here: Here, track: str, step: str) -> Any:
    """保存草稿: by the button, or by the page's script while the person types; files are no part of
    a draft."""
    keep_draft((here.docket.id, track, known_step(step).id), request.form)
    if request.headers.get("X-Quiet"):
        return "", 204
    flash(_("Your draft is kept, without files; nobody else sees it."))
    return redirect(url_for("dockets.step", code=here.docket.code, track=track, step=step))


@bp.post("/dockets/<code>/<track>/<step>/draft/discard")
@on_docket
def discard(here: Here, track: str, step: str) -> Any:
    """Throw the draft away; the step's page is empty again."""
    drop_draft((here.docket.id, track, known_step(step).id))
    flash(_("The draft is thrown away."))
    return redirect(url_for("dockets.step", code=here.docket.code, track=track, step=step))


def _name(place: Place) -> str:
    return ":".join(map(str, _row(place)))
