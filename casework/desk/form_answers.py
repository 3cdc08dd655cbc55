"""What a form asked, as label and value: drawn from the form that asked, never from a list of
fields written by hand.

Every page that shows what was entered (docket, linked report, proposal, entry to correct) asks
here. What is sealed is not part of a payload, so that nothing of it can come out here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, FieldList, Form, FormField

from casework.desk.naming import value_name
from casework.procedure.checks.signed import files, title_of
from casework.procedure.facts import ActFacts, Asked, Facts, PaperFacts
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.procedure.roles import permissions_of
from casework.reading.rule import rules
from casework.web.filters import yuan
from casework.web.language import current
from forms.answers import fields_that_asked, form_fields
from forms.base import StepForm, YuanField, seen_by
from forms.common import PartyForm
from forms.registry import form_class
from letters.labels import HIDDEN, has_label, label

Rows = list[tuple[str, str]]
NOTHING: tuple[Any, ...] = (None, "", [], {})
PEOPLE = ("person", "host", "handler", "officers", "assigned")  # their values are numbers of people


def act_rows(facts: Facts, act: ActFacts) -> Rows:
    """What an entry of the journal says to the person who looks (``facts.actor``)."""
    step = procedure().steps.get(act.step)
    return asked_rows(facts, step, act.asked) if step and step.asks else []


def seen_answers(
    facts: Facts, step: Step | None, asked: Asked, entry: Asked | None = None
) -> Asked:
    """A payload without the answers that the person who looks may not see (``forms.base.SeenBy``);
    all of it where nobody looks. ``entry``: the payload of the entry that ``asked`` corrects."""
    if not (facts.actor and step and step.asks):
        return asked
    form, can = form_class(step.asks), permissions_of(facts.actor.roles)
    fields = fields_that_asked(form, asked if entry is None else entry)
    return {k: v for k, v in asked.items() if seen_by(fields.get(k)) in ("", *can)}


def tip_rows(facts: Facts, acts: Sequence[ActFacts]) -> Rows:
    """What a tip said when it was taken in, as corrected since; ``acts``: its journal."""
    return act_rows(facts, acts[0]) if acts else []


def entry_rows(facts: Facts, seq: int | None) -> Rows:
    """An entry of the journal as it stands now: its day, and what it says under the labels of the
    form that asked."""
    act = next((a for a in facts.acts if a.seq == seq), None)
    if act is None:
        return []
    return [(_("Day it happened"), act.on.isoformat()), *act_rows(facts, act)]


def correction_rows(facts: Facts, asked: Asked) -> Rows:
    """What a correction changes: the entry, then each thing as it was and as it shall be."""
    act = next(a for a in facts.acts if a.seq == int(asked["act"]))
    step = procedure().steps[act.step]
    form = form_class(step.asks or "base.StepForm")
    rows = [(_("Entry to correct"), f"{act.seq}. {step.name.in_language(current())}")]
    if asked.get("corrected_on"):
        rows.append(
            (
                _("Day it happened"),
                f"{asked.get('was_on') or act.on.isoformat()} → {asked['corrected_on']}",
            )
        )
    for key, value in seen_answers(facts, step, asked.get("fields") or {}, act.asked).items():
        was = (asked.get("was") or {}).get(key, "")
        rows.append((asked_label(form, key, act.asked), f"{was or '—'} → {value}"))
    return rows


def asked_rows(facts: Facts, step: Step, asked: Asked) -> Rows:
    """A payload as label and value, in the order and the words of the form that asked; what was
    left empty is not there.

    Keys that no form asks for are shown where the papers have a name for them, else they are the
    program's own.
    """
    form, asked = form_class(step.asks), seen_answers(facts, step, asked)
    if "correct" in step.does:
        kept = [key for key in ("proof", "reason") if asked.get(key)]
        said = [(asked_label(form, key, asked), str(asked[key])) for key in kept]
        return [*correction_rows(facts, asked), *said]
    fields = fields_that_asked(form, asked)
    told = ((k, asked_value(facts, fields.get(k), k, asked[k])) for k in _shown(fields, asked))
    return [(asked_label(form, k, asked), text) for k, text in told if text]


def _shown(fields: Mapping[str, Any], asked: Asked) -> list[str]:
    """The keys of a payload that are shown: those of the form in its order, then those that the
    papers have a name for."""
    further = [key for key in asked if key not in fields and _has_name(key)]
    return [*(key for key in fields if key in asked), *further]


def _has_name(key: str) -> bool:
    return key == "party" or (has_label(key) and key not in HIDDEN)


def asked_label(form: type[Form], key: str, asked: Asked | None = None) -> str:
    """What the form called a field when ``asked`` was answered; the papers' name for what no form
    asks."""
    if key == "officers":
        return _("Officers")
    if key == "party":
        return _("Respondent")
    if not issubclass(form, StepForm):  # a row of a table
        return _label(form_fields(form), key)
    called = form.called(asked or {}).get(key)
    if called:
        return called.in_language(current())
    asked_in = form_fields(form.that_asked(asked or {}))
    return _label(asked_in if key in asked_in else form_fields(form), key)


def _label(fields: Mapping[str, Any], key: str) -> str:
    """The label of an unbound field: its first argument, after that which a list repeats."""
    args = [
        a
        for a in getattr(fields.get(key), "args", ())
        if not (hasattr(a, "args") or isinstance(a, type))
    ]
    named = args[0] if args else getattr(fields.get(key), "kwargs", {}).get("label")
    return str(named) if named else label(key)


def asked_value(facts: Facts, field: Any, key: str, value: Any) -> str:
    """A value as a page shows it: choices and people by their names, sums in yuan, a line for each
    row of a table."""
    kind = getattr(field, "field_class", None)
    if isinstance(value, bool):
        return _yes_or_no(kind, value)
    if value in NOTHING:
        return ""
    if isinstance(value, list):
        return _several(facts, field, key, value)
    if isinstance(value, dict):
        return _row(facts, field, key, value)
    if (kind and issubclass(kind, YuanField)) or key.endswith("_fen"):
        return yuan(int(value))
    return _choice(field, value) or _name(facts, key, value) or value_name(key, str(value))


def _several(facts: Facts, field: Any, key: str, values: list[Any]) -> str:
    """Values of a list: rows of a table one below the other, choices in one line."""
    repeated = getattr(field, "field_class", None) is FieldList
    inner = field.args[0] if repeated else field
    between = "\n" if repeated or isinstance(values[0], dict) else "、"
    return between.join(filter(None, (asked_value(facts, inner, key, one) for one in values)))


def _yes_or_no(kind: Any, value: bool) -> str:
    """An empty box says no where the form has one; elsewhere nobody was asked."""
    return _("yes") if value else (_("no") if kind is BooleanField else "")


def _row(facts: Facts, field: Any, key: str, value: Mapping[str, Any]) -> str:
    """One row of a table: only what was filled in, under the labels of the row's own form."""
    form = field.args[0] if getattr(field, "field_class", None) is FormField else PartyForm
    fields = form_fields(form)
    keys = sorted(value, key=lambda k: list(fields).index(k) if k in fields else len(fields))
    told = (
        (k, asked_value(facts, fields.get(k), k, value[k])) for k in keys if value[k] is not False
    )
    return "；".join(f"{_label(fields, k)}：{text}" for k, text in told if text)


def _choice(field: Any, value: Any) -> str:
    """The words of a choice, where the form's class has them."""
    choices = getattr(field, "kwargs", {}).get("choices") or ()
    return next((str(words) for code, words in choices if str(code) == str(value)), "")


def _name(facts: Facts, key: str, value: Any) -> str:
    """The name behind a number that only the docket knows: a person, a paper, a docket, an entry, a
    township."""
    if key in PEOPLE:
        return _person(facts, value)
    return _NAMES[key](facts, value) if key in _NAMES else ""


def _person(facts: Facts, value: Any) -> str:
    found = facts.people.get(int(value)) if str(value).isdigit() else None
    return found.name if found else str(value)


def _paper(facts: Facts, value: Any) -> str:
    return next((_paper_name(p) for p in facts.papers if str(p.id) == str(value)), "")


def _paper_name(paper: PaperFacts) -> str:
    return f"{procedure().papers[paper.kind].name.in_language(current())} {paper.number}".strip()


def _docket(facts: Facts, value: Any) -> str:
    found = (x for x in (*facts.links, *facts.open_cases) if str(x.id) == str(value))
    return next((f"{x.number} {x.title}".strip() for x in found), "")


def _entry(facts: Facts, value: Any) -> str:
    found = (a for a in facts.acts if str(a.seq) == str(value) and a.step in procedure().steps)
    return next(
        (f"{a.seq}. {procedure().steps[a.step].name.in_language(current())}" for a in found), ""
    )


def _file(facts: Facts, value: Any) -> str:
    return next((title_of(a, f) for a, f in files(facts) if f["sha256"] == value), "")


def _fault(facts: Facts, value: Any) -> str:
    """The entry and the sentence of a rule that it broke; of a rule that is no longer asked, its
    name."""
    name, _, seq = str(value).rpartition(":")
    found = next((r for r in rules() if r.id == name), None)
    return f"{_entry(facts, seq)}：" + (
        f"{found.name(current())}（{found.basis}）" if found else name
    )


_NAMES: Mapping[str, Callable[[Facts, Any], str]] = {
    "fault": _fault,
    "township": lambda facts, code: facts.townships.get(code, ""),
    "paper": _paper,
    "file": _file,
    "case": _docket,
    "act": _entry,
    "preserved": _entry,
}
