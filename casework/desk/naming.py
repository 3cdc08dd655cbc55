"""What things are called, in the person's language: steps, stages, roles, coded values, periods,
refusals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from casework.people.role_words import role_word as role_word  # a name like the others
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.procedure.offers import Refusal
from casework.procedure.settings import Setting
from casework.procedure.terms import Unit
from casework.web.filters import size
from casework.web.language import current
from letters.labels import coded_names, missing_label

# a day that is not known yet leaves no empty brackets
_UNKNOWN = re.compile(r"（至?）| \((?:until )?\)")


def sentences(refused: Iterable[Refusal]) -> list[str]:
    """The sentence of each refusal, in the person's language."""
    return [refusal_sentence(r) for r in refused]


def refusal_sentence(r: Refusal) -> str:
    """One refusal as a sentence."""
    rule = procedure().checks[r.check]
    said = rule.refuses.in_language(current()).format(
        **{"reason_en": "", "clock_en": r.values.get("clock", ""), **r.values}
    )
    return _UNKNOWN.sub("", said)


def stage_name(kind: str, stage: str) -> str:
    """The name of a docket's stage."""
    track = procedure().tracks[kinds()[kind].track]
    return track.stages[stage].name.in_language(current()) if stage in track.stages else stage


def list_name(kind: str) -> str:
    """The name of a kind's list."""
    return kinds()[kind].many.in_language(current())


def step_name(step: str) -> str:
    """The name of a step."""
    return procedure().steps[step].name.in_language(current())


def missing_name(field: str) -> str:
    """What a paper still needs (`MissingField.field`): a field, another paper, a step, a period, or
    the service."""
    key, p = field.split(".")[-1], procedure()
    if key == "served":
        return str(_("the day on which the decision was served"))
    named = p.papers.get(key) or p.steps.get(key) or p.clocks.get(key)
    return named.name.in_language(current()) if named else missing_label(key)


def value_name(key: str, value: str) -> str:
    """The name of a coded value, as the papers have it."""
    return coded_names(key, current()).get(value, value)


def clock_name(rule: str) -> str:
    """The name of a kind of deadline; "" for none."""
    return procedure().clocks[rule].name.in_language(current()) if rule else ""


def turn_words(kind: str, step: str) -> str:
    """What is to be done of a step that waits, by its kind (``acts.turns``) and its name."""
    return _OF_TURN[kind](step)


_OF_TURN: dict[str, Callable[[str], str]] = {
    "step": lambda step: step,
    "returned": lambda step: _("Mend and submit anew: %(step)s", step=step),
    "decide": lambda step: _("Decide: %(step)s", step=step),
    "printing": lambda step: _("Scan the signed sheets back, before: %(step)s", step=step),
    "casefile": lambda step: _("Bind the file, before: %(step)s", step=step),
    "comes": lambda step: _("%(step)s, when it comes", step=step),
}


def setting_value(s: Setting) -> str:
    """A number of the procedure with its unit in words: 15 个工作日, 3 个月, 100,000 元."""
    if not s.value:
        return "—"
    if s.choices:
        named = {c.value: c.en if current() == "en" else c.zh for c in s.choices}
        return named.get(s.value, s.value)
    if s.kind == "period":
        amount, unit = s.value.split()
        return period_word(int(amount), Unit(unit))
    if s.kind == "yuan":
        return _("%(n)s yuan", n=f"{float(s.value):,.0f}")
    if s.unit == "字节":
        return size(int(s.value))
    return f"{s.value} {s.unit}".strip() if current() != "en" else s.value


def period_word(amount: int, unit: Unit) -> str:
    """A length of time in words."""
    if unit is Unit.WORKDAY:
        return ngettext("%(num)s working day", "%(num)s working days", amount)
    if unit is Unit.MONTH:
        return ngettext("%(num)s month", "%(num)s months", amount)
    return ngettext("%(num)s day", "%(num)s days", amount)
