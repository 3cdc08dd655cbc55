"""Whether the respondent is a state organ, which is never fined (统计法 §44): by its code, else by
what a person found. Pure.

The first two signs of a credit code say who registered the unit: 11 is an organ of the state,
whatever kind was chosen when it was entered (GB 32100-2015). A name decides nothing: it only raises
a question that an officer answers with a reason.
"""

from __future__ import annotations

import re

from casework.procedure.codes import CodeKind, UnitCode, unit_code
from casework.procedure.facts import ActFacts, Facts
from casework.procedure.ids import StepId
from casework.procedure.terms import SubjectKind
from casework.text import folded_name

CONFIRM: StepId = "confirm_body"  # the step by which an officer says what the respondent is
ORGANS = "11"
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]$")
_SOUNDS_LIKE_ONE = re.compile(
    r"(?:政府|街道办事处|管理委员会|管委会|委员会|[^邮]局|厅|委|法院|检察院|办公室|海关)$"
)
# 村民委员会组织法 §2: no organ of the state
_SELF_GOVERNED = re.compile(r"(?:村民|居民|业主)委员会$|(?:村|居|业)委会$|社区$")


def known_code(facts: Facts) -> UnitCode:
    """The respondent's code."""
    party = facts.party
    return unit_code(party.credit_code if party else "", party.kind.value if party else "")


def is_state_organ(facts: Facts) -> bool:
    """By the code where there is one, by the kind that was entered, or by what an officer found."""
    if facts.party is None:
        return False
    found = answer(facts)
    by_answer = found is not None and found.asked.get("organ") == "yes"
    return (
        facts.party.kind is SubjectKind.STATE_ORGAN or _of_an_organ(known_code(facts)) or by_answer
    )


def answer(facts: Facts) -> ActFacts | None:
    """What an officer found the respondent of that name and that code to be; None while nobody
    looked."""
    name, since = folded_name(facts.party.name) if facts.party else "", _code_since(facts)
    found = [
        a
        for a in facts.done(CONFIRM)
        if folded_name(str(a.asked.get("name") or "")) == name and a.seq > since
    ]
    return found[-1] if found else None


def sounds_like_an_organ(name: str) -> bool:
    """Whether a name is of the kind that organs of the state have."""
    plain = _BRACKETS.sub("", folded_name(name))
    return bool(_SOUNDS_LIKE_ONE.search(plain)) and not _SELF_GOVERNED.search(plain)


def in_question(facts: Facts) -> bool:
    """The name sounds like an organ of the state, or an organ's code stood here once, and no
    officer has said what it is. A good code is no answer: it says whose it is, not that it belongs
    to this respondent."""
    party = facts.party
    if party is None or is_state_organ(facts):
        return False
    asks = sounds_like_an_organ(party.name) or any(
        _of_an_organ(code) for _seq, code in _codes(facts)
    )
    return asks and answer(facts) is None


def _of_an_organ(code: UnitCode) -> bool:
    return code.kind is CodeKind.CREDIT and code.text.startswith(ORGANS)


def _codes(facts: Facts) -> list[tuple[int, UnitCode]]:
    """Every code that was recorded of the respondent, with the entry that did so, oldest first."""
    known = ((a.seq, a.asked["party"]) for a in facts.done() if a.asked.get("party"))
    return [
        (seq, unit_code(str(p.get("credit_code") or ""), str(p.get("kind") or "")))
        for seq, p in known
    ]


def _code_since(facts: Facts) -> int:
    """The entry since which the present code stands: an answer before it was given for another
    one."""
    since, before = 0, ""
    for seq, code in _codes(facts):
        if code.text != before:
            since, before = seq, code.text
    return since
