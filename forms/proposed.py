"""What the record knows stands in a field before anybody types, with where it was taken from beside
it.

A field says so where it is made: ``text_line(_l("Place"), Proposed(inspected_at))``. The sources
are functions of the facts (``forms/sources.py``). Whatever is proposed can be changed; what is
sent is the answer of whoever sends it. No tick and no single choice is proposed, so that nobody's
statement is chosen for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from wtforms import Field, Form

from casework.procedure.facts import ActFacts, Facts
from casework.procedure.load import procedure
from casework.text import as_sent


@dataclass(frozen=True)
class Known:
    """What the record knows, and where: the entries that say it, or ``where`` in words."""

    value: Any
    acts: tuple[ActFacts, ...] = field(default=())
    where: Any = ""


Source = Callable[[Facts], Known | None]


class Proposed:
    """Marks a field whose answer the record may know already."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __call__(self, _form: Form, _field: Field) -> None:
        """Whatever was typed is good."""


def first_of(*sources: Source) -> Source:
    """The first of several sources that knows something."""

    def found(facts: Facts) -> Known | None:
        return next((known for source in sources if (known := source(facts))), None)

    return found


def fill_in_known(asked: Field, facts: Facts, typed: bool) -> None:
    """Put what the record knows into a field of which nothing was ``typed``. A field that says what
    was proposed has the flag ``proposal``: the sentence that names its source."""
    marks = [mark for mark in asked.validators if isinstance(mark, Proposed)]
    known = marks[0].source(facts) if marks else None
    if known is None or not known.value:
        return
    blank = asked.data in (None, "", []) or hasattr(asked, "append_entry")
    if blank and not typed:
        asked.process(None, known.value)
    elif not _same(asked.data, known.value):
        return
    asked.flags.proposal = LazyString(said_of, known, facts.today)


def _same(data: Any, known: Any) -> bool:
    """Whether a field still says what was proposed, however a browser ended its lines."""
    if isinstance(data, str) and isinstance(known, str):
        return as_sent(data).strip() == as_sent(known).strip()
    return bool(data == known)


def said_of(known: Known, today: date) -> str:
    """«取自9月3日核查报告，请核对»."""
    entries = "、".join(dict.fromkeys(_entry(act, today) for act in known.acts))
    return _("From %(source)s; please check.", source=entries or known.where)


def _entry(act: ActFacts, today: date) -> str:
    """An entry by its day (its year too, where it is another one) and the name of its step."""
    language = get_locale()
    skeleton = "MMMd" if act.on.year == today.year else "yMMMd"
    day = format_skeleton(skeleton, act.on, locale=language)
    name = procedure().steps[act.step].name.in_language(str(language))
    return _("%(step)s of %(day)s", step=name, day=day)
