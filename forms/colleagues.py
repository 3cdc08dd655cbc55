"""People of the bureau, offered by name where a form asks who took part."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape
from wtforms import StringField, widgets

from casework.procedure.facts import Facts, PersonFacts
from casework.procedure.roles import roles


class _NameInput(widgets.TextInput):
    """A line of text with the names below it to choose from; other names can be typed."""

    def __call__(self, field: Any, **kw: Any) -> Markup:
        """The input and its list."""
        offered = Markup("").join(
            Markup('<option value="{}">{}</option>').format(name, post)
            for name, post in field.people
        )
        names = Markup('<datalist id="{}-names">{}</datalist>').format(field.id, offered)
        line = super().__call__(field, **{**kw, "list": f"{field.id}-names"})
        return Markup("{}{}").format(escape(line), names)


class ColleagueField(StringField):
    """The name of somebody who took part; ``people``: names and posts that are offered."""

    widget = _NameInput()
    people: list[tuple[str, str]] = []  # noqa: RUF012  set by the form, for each field anew


def colleagues(facts: Facts) -> list[tuple[str, str]]:
    """Everybody of the bureau who is not kept out of the docket, with what they are; whoever
    decides cases first."""
    fit = [p for p in facts.people.values() if p.roles and not p.recused]
    fit.sort(key=lambda p: (not p.may("case.decide"), not p.may("case.inspect"), p.id))
    return [(p.name, post_of(p)) for p in fit]


def post_of(person: PersonFacts) -> str:
    """What somebody is in the bureau, as papers say it: the role by which they decide cases, else
    the first of theirs."""
    held = [role for role in roles().values() if role.id in person.roles]
    held.sort(key=lambda role: "case.decide" not in role.may)
    return held[0].zh if held else ""
