"""Journal entries as rows: day, step, verb, who, papers, and the one text that tells most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from casework.desk import substituted_characters
from casework.desk.form_answers import act_rows, correction_rows, seen_answers
from casework.desk.naming import value_name
from casework.procedure.checks.closing import written
from casework.procedure.effects import PaperMade
from casework.procedure.facts import CORRECTIONS, TAKEN, ActFacts, Asked, Facts
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.web.language import current


def act_row(facts: Facts, a: ActFacts) -> dict[str, Any]:
    """One journal entry: day, step, verb, who, papers, remarks, and all that was entered, as far as
    the person who looks may see it."""
    step = procedure().steps.get(a.step)
    person = facts.people.get(a.actor) if a.actor else None
    return {
        "seq": a.seq,
        "on": a.on,
        "at": a.at,
        "late": a.at.astimezone().date() != a.on,
        "name": step.name.in_language(current()) if step else a.step,
        "verb": _("disagreed") if a.said.get("refused") else verb_word(a.verb),
        "who": person.name if person else _("the system"),
        "papers": _papers(a),
        "says": _says(facts, a),
        "asked": act_rows(facts, a) if _tells(facts, a) else [],
        "otherwise": _otherwise(facts, a),
        "annulled": a.annulled,
        "ignored": a.ignored,
        "corrected": [
            c.seq for c in facts.done() if c.step in CORRECTIONS and int(c.asked["act"]) == a.seq
        ],
        "mend": _mend(a),
    }


def _papers(a: ActFacts) -> list[dict[str, str]]:
    """Name and number of each paper that the entry made."""
    return [
        {
            "name": procedure().papers[e.kind].name.in_language(current()),
            "number": e.number,
        }
        for e in a.effects
        if isinstance(e, PaperMade)
    ]


def _otherwise(facts: Facts, a: ActFacts) -> list[Any]:
    """Characters that stand on its papers otherwise than they were written."""
    return substituted_characters.substitution_rows(facts, a.otherwise) if a.otherwise else []


def _tells(facts: Facts, a: ActFacts) -> bool:
    """Whether the entry is the place where its answers are read: the tip has a part of the page for
    itself, a judgement says nothing of its own, and a proposal that was approved is read where it
    took effect."""
    if a.verb not in ("take", "propose", "done", "note") or (
        kinds()[facts.kind].informant and a.seq == 1
    ):
        return False
    return a.verb != "propose" or not any(
        d.verb == "done" and d.proposal == a.seq for d in facts.acts
    )


def _mend(a: ActFacts) -> str:
    """The step by which the entry could be corrected; none for what is printed, annulled or only
    proposed."""
    if a.verb not in TAKEN or a.annulled or not written(a) or a.step in CORRECTIONS:
        return ""
    if a.step == "serve":
        return "correct_service"
    return "" if any(isinstance(e, PaperMade) for e in a.effects) else "correct_act"


_VERBS: dict[str, Callable[[], str]] = {
    "take": lambda: "",
    "propose": lambda: _("proposed"),
    "approve": lambda: _("approved, goes on"),
    "done": lambda: _("approved"),
    "return": lambda: _("returned"),
    "withdraw": lambda: _("withdrawn"),
    "note": lambda: _("noted"),
}


def verb_word(verb: str) -> str:
    """The word of a verb."""
    return _VERBS[verb]()


TELLING = (
    "opinion",
    "reason",
    "note",
    "text",
    "findings",
    "facts",
    "conclusion",
    "title",
    "result",
)  # the keys of a payload that tell most, first the one that tells more


def _says(facts: Facts, a: ActFacts) -> str:
    """The one text of the payload that tells most; of a judgement the judge's own words alone; of a
    correction what it changed; of a right that ended, which."""
    if a.step in CORRECTIONS and a.verb in TAKEN:
        return "；".join(f"{name} {text}" for name, text in correction_rows(facts, a.asked))[:300]
    if a.step == "window_over":
        ended = next((c for c in facts.clocks if c.id == int(a.asked["clock"])), None)
        return procedure().clocks[ended.rule].name.in_language(current()) if ended else ""
    if a.verb in ("approve", "done", "return", "withdraw"):
        return str(a.said.get("opinion") or "")[:160]
    return _tells_most(seen_answers(facts, procedure().steps.get(a.step), a.asked))


def _tells_most(asked: Asked) -> str:
    for key in TELLING:
        value = asked.get(key)
        if isinstance(value, str) and value:
            return value_name(key, value)[:160]
    return ""
