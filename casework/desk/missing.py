"""Where what a paper lacks is written down: a field of the page, another step, or the bureau's own
data."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from casework.desk.next_steps import names_of
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.procedure.offers import offers
from forms.base import StepForm
from letters.labels import label


def where(facts: Facts, code: str, field: str, form: StepForm | None = None) -> Markup:
    """A link to it, or who writes it down; empty where nobody can be named. ``field``: as
    ``MissingField`` has it."""
    first, key = field.split(".")[0], field.split(".")[-1]
    if first == "bureau":
        return _link(
            url_for("office.bureau"), _("The bureau's own data, entered by the administrator")
        )
    if form is not None and key in form:
        return _link(f"#{form[key].id}", label(key))
    step = mending(key)
    return _to_step(facts, code, step) if step else Markup()


def mending(key: str) -> Step | None:
    """The step that records a field: as ``[mends]`` says, the step of that name, or the one that
    prints the paper."""
    p = procedure()
    printing = (s for s in p.steps.values() if any(b.to == key for b in s.prints))
    return p.steps.get(p.mends.get(key, key)) or next(printing, None)


def _to_step(facts: Facts, code: str, step: Step) -> Markup:
    mine = offers(procedure(), facts, facts.actor) if facts.actor else []
    track = next((o.track for o in mine if o.step.id == step.id and o.possible), "")
    named = names_of(step)
    if not track:
        return escape(_("First take «%(step)s» (%(who)s).", step=named["name"], who=named["who"]))
    return _link(
        url_for("dockets.step", code=code, track=track, step=step.id),
        _("Take first: %(step)s", step=named["name"]),
    )


def _link(address: str, words: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, words)
