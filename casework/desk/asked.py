"""What a proposal asks, as label and value: the words of the form that asked."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from casework.procedure.facts import Facts, PaperFacts
from casework.procedure.load import procedure
from casework.procedure.model import Step
from casework.procedure.penalties import penalties
from casework.web.language import current
from casework.web.shown import yuan
from forms.base import StepForm
from forms.registry import form_class
from letters.labels import label, shown


def entry_rows(facts: Facts, seq: int | None) -> list[tuple[str, str]]:
    """An entry of the journal as it stands now: its day, and what it says under the labels of the form that asked."""
    act = next((a for a in facts.acts if a.seq == seq), None)
    if act is None:
        return []
    step = procedure().steps[act.step]
    return [(_("Day it happened"), act.on.isoformat()), *(asked_rows(facts, step, act.asked) if step.asks else [])]


def correction_rows(facts: Facts, asked: Any) -> list[tuple[str, str]]:
    """What a correction changes: the entry, then each thing as it was and as it shall be."""
    act = next(a for a in facts.acts if a.seq == int(asked["act"]))
    step = procedure().steps[act.step]
    form = form_class(step.asks or "base.StepForm")
    rows = [(_("Entry to correct"), f"{act.seq}. {step.name.in_language(current())}")]
    if asked.get("corrected_on"):
        rows.append((_("Day it happened"), f"{asked.get('was_on') or act.on.isoformat()} → {asked['corrected_on']}"))
    for key, value in (asked.get("fields") or {}).items():
        was = (asked.get("was") or {}).get(key, "")
        rows.append((asked_label(form, key), f"{was or '—'} → {value}"))
    return rows


def asked_rows(facts: Facts, step: Step, asked: Any) -> list[tuple[str, str]]:
    """A payload as label and value: the labels of the form that asked, in its order."""
    names = {i: p.name for i, p in facts.people.items()}
    form = form_class(step.asks)
    if "correct" in step.does:
        kept = [(asked_label(form, k), str(asked[k])) for k in ("proof", "reason") if asked.get(k)]
        return [*correction_rows(facts, asked), *kept]
    order = [k for k in dir(form) if k in asked]
    order.sort(key=lambda k: getattr(getattr(form, k), "creation_counter", 0))
    rows = {k: asked[k] for k in (*order, *asked) if not k.startswith("_") and asked[k] not in (None, "", [], False)}
    return [(asked_label(form, k), asked_value(k, _as_asked(facts, form, k, v), names)) for k, v in rows.items()]


def _as_asked(facts: Facts, form: type[StepForm], key: str, value: Any) -> Any:
    """Rows of a table in the order in which the form asks; a township and a paper by their names."""
    if key == "paper":
        return next((_paper_name(p) for p in facts.papers if p.id == int(value)), value)
    if isinstance(value, list):
        return [_as_asked(facts, form, key, v) for v in value]
    if not isinstance(value, dict):
        return value
    row = _row_form(form, key)
    order = sorted(value, key=lambda k: getattr(getattr(row, k, None), "creation_counter", 0))
    return {k: facts.townships.get(value[k], value[k]) if k == "township" else value[k] for k in order}


def _paper_name(paper: PaperFacts) -> str:
    return f"{procedure().papers[paper.kind].name.in_language(current())} {paper.number}".strip()


def _row_form(form: type[StepForm], key: str) -> Any:
    """The form of one row of a table: that of the field which the list repeats."""
    field = getattr(form, key, None)
    while (args := getattr(field, "args", ())) and hasattr(args[0], "args"):
        field = args[0]
    return args[0] if args else None


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
