"""The code of the respondent, as the journal has it: what may be printed and published of it, and
who has confirmed it. Pure.

A code that is no code of a unit, or may be the number of a human being, is kept off papers that
leave the house and off everything public (个人信息保护法 §25), until a person has compared it with
the licence and said so.
"""

from __future__ import annotations

from casework.procedure.codes import CodeState, UnitCode, unit_code
from casework.procedure.facts import ActFacts, Asked, Facts
from casework.procedure.ids import StepId

CONFIRM: StepId = "confirm_code"  # the step by which a person says what the code is
NEVER = (CodeState.WRONG, CodeState.IDENTITY)


def respondent_code(facts: Facts, asked: Asked | None = None) -> UnitCode:
    """The respondent's code as recorded last; of a tip that of whom it is about. `asked`: of an act
    about to be taken."""
    party = (asked or {}).get("party") or facts.value("party")
    if party:
        return unit_code(str(party.get("credit_code") or ""), str(party.get("kind") or ""))
    return unit_code(str(facts.value("credit_code") or ""), str(facts.value("subject_kind") or ""))


def typed_code(facts: Facts) -> str:
    """The same as it was typed."""
    party = facts.value("party")
    return str((party.get("credit_code") if party else facts.value("credit_code")) or "")


def confirmation(facts: Facts, code: UnitCode) -> ActFacts | None:
    """The act by which somebody confirmed that very code; its actor and day say who and when."""
    acts = (
        a
        for a in facts.done(CONFIRM)
        if unit_code(str(a.asked.get("credit_code") or "")).text == code.text
    )
    return max(acts, key=lambda a: a.seq, default=None)


def unsettled(facts: Facts, code: UnitCode) -> bool:
    """A person has to look at it: it is no code of a unit, or a doubtful one that nobody has
    confirmed."""
    if code.state in NEVER:
        return True
    return code.state is CodeState.DOUBTFUL and confirmation(facts, code) is None


def public_code(facts: Facts) -> str:
    """What of it may become public: a good code, or a doubtful one that a person has confirmed;
    else nothing."""
    code = respondent_code(facts)
    return "" if unsettled(facts, code) else code.text
