"""Five lines at the head of a docket's page: who, what, how much, where it stands, what is due.

Nothing of an informant is read here: a tip is told by the unit that it names and by the kinds of
problem that were ticked.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from casework.desk.clock_rows import clock_row
from casework.desk.form_answers import seen_answers
from casework.desk.naming import stage_name, value_name
from casework.desk.violation_rows import violation_name
from casework.procedure.checks.common import is_suspended
from casework.procedure.effects import StageReached, TrackOpened
from casework.procedure.facts import Asked, Facts
from casework.procedure.fines import balance
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.procedure.terms import Figure
from casework.web.filters import number, percent, yuan
from casework.web.language import current

MOST = 2  # figures, or names, that a line tells; it says how many there are

Line = tuple[str, str]


def summary(facts: Facts) -> list[Line]:
    """Label and text of each line, in the person's language; none of them is ever empty."""
    return [
        (_("Whom it is about"), _who(facts)),
        (_("What it is about"), _what(facts)),
        (_("Figures and sums"), _how_much(facts)),
        (_("Where it is now"), _where(facts)),
        (_("Deadline that comes next"), _due(facts)),
    ]


def _tip(facts: Facts) -> Asked:
    """What the tip said, as far as the person who looks may see it; nothing for a case."""
    first = facts.acts[0] if kinds()[facts.kind].informant and facts.acts else None
    return seen_answers(facts, procedure().steps.get(first.step), first.asked) if first else {}


def _who(facts: Facts) -> str:
    """The respondent, or the unit that the tip names, with its kind and township."""
    party, tip = facts.party, _tip(facts)
    kind = party.kind.value if party else str(tip.get("subject_kind") or "")
    town = party.township if party else str(tip.get("township") or "")
    about = [value_name("subject_kind", kind) if kind else "", facts.townships.get(town, "")]
    name = (party.name if party else facts.title) or _("no name yet")
    return _with(name, "，".join(filter(None, about)))


def _what(facts: Facts) -> str:
    """The violations that were found; before, the ground of the filing; before, the cause, or what
    the tip ticked."""
    return _several(_violations(facts) or _suspicion(facts)) or _("not said yet")


def _violations(facts: Facts) -> list[str]:
    """Names of what the report found, before it of the ground of the filing, each once."""
    found = [str(v["code"]) for v in facts.violations] or [str(facts.value("code") or "")]
    return [*dict.fromkeys(violation_name(code) for code in found if code)]


def _suspicion(facts: Facts) -> list[str]:
    """The cause in the words of the bureau, before it the kinds of problem that the tip ticked."""
    cause = str(facts.value("cause") or "")
    ticked = [value_name("kinds", str(k)) for k in _tip(facts).get("kinds") or ()]
    return [cause] if cause else ticked


def _how_much(facts: Facts) -> str:
    """The figures that differ, and the sum that is proposed, levied or still owed."""
    wrong = [f for f in facts.figures if f.difference]
    differ = _several([_figure(f) for f in wrong])
    return "；".join(filter(None, (differ or _no_figures(facts), _fine(facts))))


def _figure(f: Figure) -> str:
    """商品房销售额少报 8,022 万元（差错率 20.2 %）."""
    blank = " " if current() == "en" else ""
    words = {"what": f.indicator, "sum": f"{number(abs(f.difference))}{blank}{f.unit}".strip()}
    said = (
        _("%(what)s overstated by %(sum)s", **words)
        if f.difference > Decimal(0)
        else _("%(what)s understated by %(sum)s", **words)
    )
    rate = f.error_rate
    return said if rate is None else _with(said, _("error rate %(rate)s", rate=percent(rate)))


def _no_figures(facts: Facts) -> str:
    if facts.figures:
        return _("the figures are right")
    if kinds()[facts.kind].informant:
        return _("figures are verified in the case")
    return _("no figures are in question") if facts.value("no_figures") else _("not verified yet")


def _fine(facts: Facts) -> str:
    """What is levied and owed; before the decision what is proposed; "" without a sum."""
    if facts.fine.fen:
        owed = balance(facts).owed
        said = _("fine of %(sum)s", sum=yuan(facts.fine))
        return _with(said, _("%(sum)s owed", sum=yuan(owed))) if owed.fen else said
    proposed = facts.proposed_fine
    return _("a fine of %(sum)s is proposed", sum=yuan(proposed)) if proposed.fen else ""


def _where(facts: Facts) -> str:
    """The stage with the day on which it began, and what else is open beside it."""
    p, began = procedure(), _began(facts)
    name = stage_name(facts.kind, facts.stage)
    said = _("%(stage)s since %(day)s", stage=name, day=began.isoformat()) if began else name
    beside = [
        f"{p.tracks[t.kind].name.in_language(current())}："
        f"{p.stage(t.kind, t.stage).name.in_language(current())}"
        for t in facts.tracks[1:]
        if not t.ended
    ]
    halted = [_("suspended")] if is_suspended(facts) else []
    return "；".join([said, *halted, *beside])


def _began(facts: Facts) -> date | None:
    """The newest day on which the first track came to where it stands."""
    return max(
        (
            act.on
            for act in facts.done()
            for e in act.effects
            if (isinstance(e, StageReached) and (e.track, e.to) == (facts.main.label, facts.stage))
            or (
                isinstance(e, TrackOpened) and (e.label, e.stage) == (facts.main.label, facts.stage)
            )
        ),
        default=None,
    )


def _due(facts: Facts) -> str:
    """The deadline that comes next, its day and how long that is."""
    running = sorted((c for c in facts.clocks if c.state == "open"), key=lambda c: c.due)
    if not running:
        return _("no deadline is running")
    row: dict[str, Any] = clock_row(running[0], facts)
    return _with(f"{row['name']} {row['due'].isoformat()}", row["word"])


def _with(said: str, more: str) -> str:
    """A text with more of it in brackets of the page's language, where there is more."""
    if not more:
        return said
    return f"{said} ({more})" if current() == "en" else f"{said}（{more}）"


def _several(said: list[str]) -> str:
    """The first few, and how many there are where these are more."""
    shown = "、".join(said[:MOST])
    more = len(said) > MOST
    return _("%(first)s and others, %(n)s in all", first=shown, n=len(said)) if more else shown
