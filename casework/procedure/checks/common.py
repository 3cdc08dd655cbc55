"""Checks and conditions that several rooms share."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.registry import Refusal, check, condition, refused_unless
from casework.procedure.code_check import NEVER, respondent_code, unsettled
from casework.procedure.decision_state import DECISIONS, fell
from casework.procedure.effects import StageReached
from casework.procedure.facts import ActFacts, Asked, Facts
from casework.procedure.fines import net_paid
from casework.procedure.interference import alone
from casework.procedure.load import procedure
from casework.procedure.terms import SubjectKind

PRESERVED = "preserved"  # the entry of a preservation, where a disposal names it


@check
def party_known(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A respondent is on record (处罚法 §54: identifiable subject)."""
    return refused_unless(facts.party is not None)


@check
def officers_assigned(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Two officers are assigned and none of them recused."""
    return refused_unless(facts.humans(p for p in facts.officers if not p.recused) >= 2)


@check
def nothing_decided(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """No decision has been made."""
    return refused_unless(not facts.did(*DECISIONS))


@check
def decided(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A decision has been made."""
    return refused_unless(facts.did(*DECISIONS))


@check
def nothing_preserved(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Everything preserved has been disposed of (处罚法 §56)."""
    return refused_unless(not preserved(facts))


@check
def something_preserved(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Something is preserved and not yet disposed of."""
    return refused_unless(bool(preserved(facts)))


@check
def preserved_named(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Which of the things are disposed of: each time has its own seven working days, and its own
    list (处罚法 §56)."""
    return refused_unless(disposed(facts, asked) is not None, count=str(len(preserved(facts))))


def preserved(facts: Facts) -> list[ActFacts]:
    """Entries whose things are kept still, oldest first. A disposal of before names none: it was of
    the oldest."""
    left = list(facts.done("preserve"))
    for act in facts.done("dispose_preserved"):
        named = int(act.asked.get(PRESERVED) or 0) or (left[0].seq if left else 0)
        left = [a for a in left if a.seq != named]
    return left


def disposed(facts: Facts, asked: Asked) -> ActFacts | None:
    """The entry whose things a disposal is of: the one that it names, or the only one there is;
    None where neither is so."""
    left, named = preserved(facts), int(asked.get(PRESERVED) or 0)
    if not named:
        return left[0] if len(left) == 1 else None
    return next((a for a in left if a.seq == named), None)


@check
def suspended(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The case stands still."""
    return refused_unless(is_suspended(facts))


def is_suspended(facts: Facts) -> bool:
    """Suspended more often than resumed, and still on the road where it could be resumed: one that
    was withdrawn or terminated meanwhile is closed like any other."""
    open_still = len(list(facts.done("suspend"))) > len(list(facts.done("resume")))
    return open_still and facts.stage in procedure().steps["resume"].stages


@check
def respondent_is_person(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A person in a census (统计法 §47), not one who interfered in an office."""
    person = facts.party is not None and facts.party.kind is SubjectKind.PERSON
    return refused_unless(person and not alone(facts))


@check
def respondent_may_be_penalised(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A person in a census is only admonished (统计法 §47); of who interfered in an office
    `penalty_possible` speaks."""
    person = facts.party is not None and facts.party.kind is SubjectKind.PERSON
    return refused_unless(not person or alone(facts))


@check
def due_lies_ahead(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A last day that a paper sets lies after today."""
    return refused_unless(bool(asked.get("due")) and date.fromisoformat(asked["due"]) > facts.today)


@check
def ends_after_start(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A record ends after it began."""
    return refused_unless(str(asked.get("ended") or "") > str(asked.get("began") or ""))


@check
def code_in_doubt(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Something about the respondent's code has to be looked at by a person."""
    return refused_unless(unsettled(facts, respondent_code(facts)))


@check
def code_of_a_unit(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """What stands as the respondent's code can be one; the sentence never shows it: it may be a
    person's number."""
    return refused_unless(respondent_code(facts).state not in NEVER)


@check
def code_confirmed(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A doubtful code has been confirmed by a person."""
    code = respondent_code(facts)
    return refused_unless(code.state in NEVER or not unsettled(facts, code), code=code.text)


@condition
def has_sum(facts: Facts, asked: Asked) -> bool:
    """The decision carries a fine that is to be paid: the act's own, else the sum on record; less
    what it sets off."""
    fen = int(asked.get("fine_fen") or 0) if "fine_fen" in asked else facts.fine.fen
    return fen > (net_paid(facts).fen if asked.get("set_off") else 0)


@condition
def decision_stands(facts: Facts, _asked: Asked) -> bool:
    """No remedy took the decision away before it arrived: nothing begins with a paper that means
    nothing any more."""
    return not fell(facts)


@condition
def sum_stands(facts: Facts, asked: Asked) -> bool:
    """It carries a fine, and stands."""
    return has_sum(facts, asked) and not fell(facts)


@condition
def absorbed_from_filing(facts: Facts, _asked: Asked) -> bool:
    """Where the case stood when another one absorbed it."""
    return _stood(facts) == "filing"


@condition
def absorbed_from_investigation(facts: Facts, _asked: Asked) -> bool:
    """The same: a case that was filed stays filed."""
    return _stood(facts) == "investigate"


def _stood(facts: Facts) -> str:
    absorbed = facts.last("absorb_case")
    earlier = (a for a in facts.done() if absorbed and a.seq < absorbed.seq)
    moves = [
        e.to
        for a in earlier
        for e in a.effects
        if isinstance(e, StageReached) and e.track == facts.main.label
    ]
    return moves[-1] if moves else ""


@condition
def case_was_filed(facts: Facts, _asked: Asked) -> bool:
    """What comes back after its filing goes on as a filed case (处罚法 §54)."""
    return facts.did("file")


@condition
def case_not_filed(facts: Facts, _asked: Asked) -> bool:
    """It was sent away before it was filed."""
    return not facts.did("file")


@condition
def never(_facts: Facts, _asked: Asked) -> bool:
    """For branches that only name what stands beside: never taken."""
    return False
