"""Characters that papers draw otherwise than they were written, and in which words of the docket
they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import Form

from casework.desk.form_answers import asked_label
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from forms.answers import row_form
from forms.registry import form_class
from letters import fonts
from letters.drawable import changed
from letters.labels import label

# the name of a field; signs of it, and what is drawn for each of them
Row = tuple[str, list[tuple[str, str]]]
MOST = 20  # signs that are named for one; nobody reads more
# in a plain text: what is within does not turn round what stands beside it
APART = "\u2068{}\u2069"


def substitution_rows(
    facts: Facts,
    otherwise: Mapping[str, str],
    asked: Mapping[str, Any] | None = None,
    step: str = "",
) -> list[Row]:
    """For each field in which they stand: its label, and («😋 ❤», «〓»). ``asked`` is what was just
    typed for ``step``.

    What stands in no entry of this docket (a name from the settings, say) is told without a field.
    """
    found: dict[str, dict[str, str]] = {}
    left = dict(otherwise)
    for name, text in _texts(facts, asked, step):
        for sign, drawn in otherwise.items():
            if sign in text:
                found.setdefault(name, {})[sign] = drawn
                left.pop(sign, None)
    if left:
        found[_("Elsewhere on the paper")] = left
    return [(name, _by_drawn(signs)) for name, signs in found.items()]


def recorded(facts: Facts) -> list[Row]:
    """The same for every word of the docket, before a paper is made of it."""
    signs: dict[str, str] = {}
    for _name, text in _texts(facts, None, ""):
        signs |= changed(text)
    return substitution_rows(facts, signs)


def substitution_sentence(told: list[Row]) -> str:
    """Those rows as one sentence."""
    parts = "；".join(f"{name} {_plain(pairs)}" for name, pairs in told)
    return _(
        "Printed otherwise, for want of these characters in the "
        "typefaces: %(parts)s. The words on record stay.",
        parts=parts,
    )


def faces_missing(told: list[Row]) -> bool:
    """Whether a rare character of a name is not drawn because this machine lacks the face for
    it."""
    written = "".join(signs for _name, pairs in told for signs, _drawn in pairs)
    return any("\U00020000" <= char <= "\U0002fa1d" for char in written) and fonts.further_missing()


def _by_drawn(signs: Mapping[str, str]) -> list[tuple[str, str]]:
    """Signs for which the same is drawn, together."""
    groups: dict[str, list[str]] = {}
    for sign, drawn in signs.items():
        groups.setdefault(drawn or _("left out"), []).append(sign)
    return [
        (" ".join(found[:MOST]) + (" …" if len(found) > MOST else ""), drawn)
        for drawn, found in groups.items()
    ]


def _plain(pairs: list[tuple[str, str]]) -> str:
    return "、".join(f"{APART.format(signs)} → {drawn}" for signs, drawn in pairs)


def _texts(facts: Facts, asked: Mapping[str, Any] | None, step: str) -> Iterator[tuple[str, str]]:
    """Every text that was typed, under the label of the field that asked for it: what is typed now,
    then the journal."""
    if asked:
        yield from _of_step(step, asked)
    for act in facts.acts:
        yield from _of_step(act.step, act.asked)


def _of_step(step: str, asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    rule = procedure().steps.get(step)
    form = form_class(rule.asks if rule and rule.asks else "base.StepForm")
    for key, value in asked.items():
        yield from _of_field(form, key, value)


def _of_field(form: type[Form], key: str, value: Any) -> Iterator[tuple[str, str]]:
    """The texts of a field, of each row of a table, of a part that has a name of its own."""
    if isinstance(value, str):
        yield asked_label(form, key), value
    elif isinstance(value, Mapping):
        part = row_form(form, key)
        for name, text in value.items():
            yield from _of_field(part, name, text) if part else ((label(name), str(text)),)
    elif isinstance(value, list):
        for item in value:
            yield from _of_field(form, key, item)
