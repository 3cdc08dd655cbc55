"""常用语: standard phrases below the texts of a step's form, and the pages on which a bureau keeps
them.

Beside them stands what the same person wrote there last, where that says nothing of a case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from wtforms import Field, Form, StringField, TextAreaField

from casework.desk.context import me, my_scope
from casework.docket.journal import key_of, opened
from casework.docket.models import Act, ActBody, Docket
from casework.docket.visible import visible_to
from casework.people.may import require
from casework.people.phrases import LONGEST, MOST, as_phrases, keep_phrases, phrases_of
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.procedure.payload import UNREADABLE
from casework.store import db, writing
from casework.vault.sealing import vault
from casework.web.language import current
from casework.web.numbers import whole_number
from forms.answers import form_fields
from forms.registry import form_class

LATELY = 5000  # entries of all dockets among which the last answer is looked for
APPROVAL, OPINION = "approve", "opinion"  # what an approval says
TEXTS = (StringField, TextAreaField)
bp = Blueprint("phrases", __name__, url_prefix="/desk/office/phrases")


@bp.app_context_processor
def _for_pages() -> dict[str, Any]:
    return {"approval_phrases": lambda: phrases_of(me().bureau_id, APPROVAL).get(OPINION, ())}


# -- below the fields of a form
def offer_phrases(form: Form, step: Step) -> None:
    """Give each text of a form its phrases (flag ``phrases``), what was written there last
    first."""
    lists = phrases_of(me().bureau_id, step.id)
    texts = [field for field in form if type(field) in TEXTS]
    last = _last_answers(step) if any(f.flags.said_before for f in texts) else {}
    for field in texts:
        said = last.get(field.short_name) if field.flags.said_before else None
        found = [*([str(said)] if said else []), *lists.get(field.short_name, ())]
        field.flags.phrases = list(dict.fromkeys(found))
        field.flags.last_said = str(said or "")


def put_phrase(form: Form, step: Step) -> bool:
    """Whether the button of a phrase was pressed: it stands in its field then, behind what was
    typed there."""
    name, _colon, chosen = request.form.get("put", "").rpartition(":")
    number = whole_number(chosen)
    if name not in form or number is None:
        return False
    offer_phrases(form, step)
    field = form[name]
    phrases = field.flags.phrases or []
    if 0 <= number < len(phrases):
        field.data = behind(field, phrases[number])
    return True


def behind(field: Field, phrase: str) -> str:
    """A phrase behind what was typed: on a line of its own, in one line right behind it."""
    typed = str(field.data or "").rstrip()
    between = "\n" if typed and isinstance(field, TextAreaField) else ""
    return f"{typed}{between}{phrase}"


def _last_answers(step: Step) -> Mapping[str, Any]:
    """What I answered when I took or proposed that step last, among the newest entries of dockets
    that I may see; nothing where that entry cannot be read: its own page says so."""
    newest = select(func.max(Act.id)).scalar_subquery()
    row = db.session.execute(
        select(Docket, Act.seq, ActBody.body)
        .join(Act, Act.docket_id == Docket.id)
        .join(ActBody, ActBody.act_id == Act.id)
        .where(Act.id > newest - LATELY, Act.actor_id == me().id, Act.step == step.id)
        .where(Act.verb.in_(("take", "propose")), visible_to(my_scope()))
        .order_by(Act.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return {}
    docket, seq, body = row
    try:
        said = opened(key_of(vault(), docket), docket.id, seq, body).answers
    except UNREADABLE:
        return {}
    return {name: text for name, text in said.items() if docket.title not in str(text)}


# -- the bureau's own lists
@bp.get("")
@require("admin.settings")
def listing() -> str:
    """Every step whose form has texts, with how many phrases they have."""
    rows = [
        (step, sum(len(p) for p in phrases_of(me().bureau_id, step.id).values()))
        for step in procedure().steps.values()
        if any(_texts_of(step))
    ]
    return render_template("office/phrases.html", rows=rows, language=current())


@bp.route("/<step>", methods=["GET", "POST"])
@require("admin.settings")
def lists(step: str) -> Any:
    """The lists of one step, a phrase on each line; what is too much is said beside its list."""
    texts = dict(_texts(step)) or abort(404)
    now = phrases_of(me().bureau_id, step)
    typed = {name: "\n".join(now.get(name, ())) for name in texts}
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: request.form.get(name, "") for name in texts}
        kept = {name: as_phrases(text) for name, text in typed.items()}
        errors = {name: why for name, phrases in kept.items() if (why := _too_much(phrases))}
        if not errors:
            with writing() as session:
                keep_phrases(session, me().bureau_id, me().id, step, kept)
            flash(_("The phrases are kept."))
            return redirect(url_for("phrases.listing"))
    page = render_template(
        "office/phrases_of_step.html", name=_name(step), texts=texts, typed=typed, errors=errors
    )
    return page, 422 if errors else 200


def _too_much(phrases: list[str]) -> str:
    if len(phrases) > MOST:
        return _("At most %(most)s phrases.", most=MOST)
    if any(len(p) > LONGEST for p in phrases):
        return _("A phrase has at most %(most)s characters.", most=LONGEST)
    return ""


def _name(step: str) -> str:
    found = procedure().steps.get(step)
    return found.name.in_language(current()) if found else _("Opinion of whoever approves")


def _texts(step: str) -> Iterator[tuple[str, Any]]:
    """The texts of a step by name, with their labels; of an approval its opinion. Nothing for an
    unknown step."""
    if step == APPROVAL:
        yield OPINION, _("Opinion")
    elif found := procedure().steps.get(step):
        yield from _texts_of(found)


def _texts_of(step: Step) -> Iterator[tuple[str, Any]]:
    for name, field in form_fields(form_class(step.asks)).items() if step.asks else ():
        if getattr(field, "field_class", None) in TEXTS and field.args:
            yield name, field.args[0]
