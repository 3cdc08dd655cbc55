"""Publication and serious dishonesty (处罚法 §48; 令第35号)."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.common import DECISIONS, refused_unless
from casework.procedure.checks.registry import Refusal, check, condition
from casework.procedure.facts import Asked, Facts
from casework.procedure.force import in_force, set_aside
from casework.procedure.terms import SubjectKind


@check
def penalty_decided(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A penalty was decided and stands."""
    return refused_unless(facts.did("decide_penalty", "on_the_spot") and not set_aside(facts))


@check
def not_a_person(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Natural persons are not shown (公示办法 §2)."""
    return refused_unless(facts.party is not None and facts.party.kind is not SubjectKind.PERSON)


@condition
def not_of_a_person(facts: Facts, _asked: Asked) -> bool:
    """The decision may have to be shown within seven working days of its day, whoever asks for it or nobody."""
    return facts.party is not None and facts.party.kind is not SubjectKind.PERSON


@check
def no_publication_yet(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """No publication track was opened for the decision."""
    return refused_unless(not any(t.kind == "publication" for t in facts.tracks))


@check
def no_dishonesty_yet(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """No determination runs or stands."""
    return refused_unless(not facts.open_tracks("dishonesty"))


@check
def enterprise_only(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Only enterprises (令第35号)."""
    return refused_unless(facts.party is not None and facts.party.kind is SubjectKind.ENTERPRISE)


@check
def decision_in_force(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Served, and not suspended, changed or set aside."""
    return refused_unless(in_force(facts))


@check
def decision_final(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """In force, and no remedy runs."""
    return refused_unless(in_force(facts) and not facts.open_tracks("remedy") and facts.did(*DECISIONS))


@check
def dishonesty_notice_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The firm was told before it is determined."""
    return refused_unless(facts.served("dishonesty_notice") is not None)


@check
def dishonesty_heard(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The days for its reply are over, or it replied."""
    clock = facts.clock("sdx_reply")
    return refused_unless(clock is not None and clock.over(facts.today), day=clock.due.isoformat() if clock else "")


@check
def determination_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The determination has been served."""
    return refused_unless(facts.served("dishonesty_decision") is not None)


@check
def six_months_shown(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Not before the shortest time on the list."""
    clock = facts.clock("listing_earliest")
    return refused_unless(clock is not None and clock.over(facts.today), day=clock.due.isoformat() if clock else "")
