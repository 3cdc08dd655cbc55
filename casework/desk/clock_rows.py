"""Deadlines as rows: name, word, state and the sentence that explains the day."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from casework.procedure import clock_rules
from casework.procedure.explain import explain
from casework.procedure.facts import ClockFacts, Facts
from casework.procedure.load import procedure
from casework.procedure.terms import Unit
from casework.web.language import current


def clock_row(c: ClockFacts, facts: Facts) -> dict[str, Any]:
    """A clock with its word, state, date and sentence."""
    p = procedure()
    rule = p.clocks[c.rule]
    unit = facts.settings.period(rule.setting).unit if rule.setting else Unit.DAY
    left = clock_rules.left(c.due, facts.today, unit, facts.calendar)
    return {
        "name": rule.name.in_language(current()),
        "due": c.due,
        "state": "paused" if c.state == "paused" else state_of(left.kind, left.amount),
        "word": _("standing still")
        if c.state == "paused"
        else left_word(left.kind, left.amount, left.unit is Unit.WORKDAY),
        "why": explain(p, c, facts, current()),
        "basis": rule.basis,
        "owner": rule.owner,
        "track": c.track,
        "provisional": c.provisional,
    }


def state_of(kind: str, amount: int) -> str:
    """The state of a deadline: overdue · today · soon (within three days) · fine."""
    return kind if kind in ("overdue", "today") else ("soon" if amount <= 3 else "fine")


def left_word(kind: str, amount: int, workdays: bool) -> str:
    """还剩 3 个工作日 / 今日到期 / 逾期 2 日."""
    if kind == "today":
        return _("due today")
    if kind == "overdue" and workdays:
        return ngettext("%(num)s working day overdue", "%(num)s working days overdue", amount)
    if kind == "overdue":
        return ngettext("%(num)s day overdue", "%(num)s days overdue", amount)
    if workdays:
        return ngettext("%(num)s working day left", "%(num)s working days left", amount)
    return ngettext("%(num)s day left", "%(num)s days left", amount)


def due_word(due: date, today: date) -> dict[str, str]:
    """Word and state of a list's due column: the day itself. How many days that is depends on how
    the deadline counts them, and stands on the case page."""
    if due.year == 9999:
        return {"state": "", "word": ""}
    kind = "today" if due == today else ("left" if due > today else "overdue")
    words = {
        "today": _("due today"),
        "left": due.isoformat(),
        "overdue": _("%(day)s, overdue", day=due.isoformat()),
    }
    return {"state": state_of(kind, abs((due - today).days)), "word": words[kind]}
