"""What a proposal asks, as label and value: the words of the form that asked."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from casework.procedure.facts import Facts
from casework.procedure.model import Step
from casework.procedure.penalties import penalties
from casework.web.language import current
from casework.web.shown import yuan
from forms.base import StepForm
from forms.registry import form_class
from letters.labels import label, shown


def asked_rows(facts: Facts, step: Step, asked: Any) -> list[tuple[str, str]]:
    """A payload as label and value: the labels of the form that asked, in its order."""
    names = {i: p.name for i, p in facts.people.items()}
    form = form_class(step.asks)
    order = [k for k in dir(form) if k in asked]
    order.sort(key=lambda k: getattr(getattr(form, k), "creation_counter", 0))
    rows = {k: asked[k] for k in (*order, *asked) if not k.startswith("_") and asked[k] not in (None, "", [], False)}
    return [(asked_label(form, k), asked_value(k, v, names)) for k, v in rows.items()]


def asked_label(form: type[StepForm], key: str) -> str:
    """What the form calls a field; the papers' name for what no form asks."""
    if key == "officers":
        return _("Officers")
    args = getattr(getattr(form, key, None), "args", ())
    return str(args[0]) if args and not hasattr(args[0], "args") else label(key)


def asked_value(key: str, value: Any, names: dict[int, str]) -> str:
    """A value as the page shows it: names of violations, sums without empty fen."""
    if key == "code" and value in penalties().violations:
        known = penalties().violations[value]
        return known.en if current().startswith("en") else known.zh
    return yuan(int(value)) if key.endswith("_fen") else shown(key, value, names)
