"""The code of a docket's unit as its page shows it: as it was typed, whether somebody has to look
at it, who confirmed it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from casework.procedure.code_check import (
    NEVER,
    confirmation,
    respondent_code,
    typed_code,
    unsettled,
)
from casework.procedure.facts import Facts
from letters.labels import value_text


def code_row(facts: Facts) -> dict[str, Any]:
    """typed · word (beside it, while it is in doubt) · says (what it means, or who confirmed it and
    when)."""
    code = respondent_code(facts)
    act = confirmation(facts, code) if code.text else None
    row = {"typed": typed_code(facts), "word": "", "says": ""}
    if unsettled(facts, code):
        word = _("not a unit's code") if code.state in NEVER else _("not yet confirmed")
        return {**row, "word": word, "says": _doubt(code.state)}
    if act is not None:
        who = next((p.name for p in facts.people.values() if p.id == act.actor), "—")
        basis = value_text("compared", act.asked.get("compared") or "", {})
        day = act.on.isoformat()
        row["says"] = _(
            "Confirmed by %(who)s on %(day)s, compared with: %(seen)s.",
            who=who,
            day=day,
            seen=basis,
        )
    return row


def _doubt(state: str) -> str:
    """What is wrong with it, and what that means."""
    return {
        "wrong": _(
            "Its length or its signs are not those of a unit's code. Until it "
            "is mended it is not printed and not published."
        ),
        "identity": _(
            "It is the number of a person's identity card. It is not "
            "printed and not published; take it out."
        ),
        "doubtful": _(
            "Its check digit does not fit, or it may be the number of a "
            "person's identity card. Until somebody has compared "
            "it with the licence it stands on no paper that leaves the bureau and is not published."
        ),
    }[state]
