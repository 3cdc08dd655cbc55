"""Publication and serious dishonesty (处罚法 §48; 令第35号)."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.common import refused_unless
from casework.procedure.checks.registry import Refusal, check, condition
from casework.procedure.clock_rules import due
from casework.procedure.facts import Asked, Facts
from casework.procedure.force import DECISIONS, in_force, not_to_be_shown
from casework.procedure.terms import SubjectKind


@check
def penalty_decided(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A penalty was decided and stands."""
    return refused_unless(penalty_stands(facts))


def penalty_stands(facts: Facts) -> bool:
    """The newest decision imposes a penalty, and no remedy took it away."""
    made = facts.last(*DECISIONS)
    return made is not None and made.step != "decide_no_penalty" and not not_to_be_shown(facts)


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
    """Nothing of the case is shown or about to be, and of the decision as it stands it has not been decided."""
    return refused_unless(not facts.open_tracks("publication") and not publication_answered(facts))


def publication_answered(facts: Facts) -> bool:
    """Somebody decided to show the decision as it stands, or not to: one made anew or changed is a new question."""
    changed = (a for a in facts.done("remedy_end") if a.asked.get("result") == "changed")
    made = max((a.seq for a in (*changed, *(a for a in facts.done() if a.step in DECISIONS))), default=0)
    return any(t.kind == "publication" and t.opened_by > made for t in facts.tracks)


def publication_asked(facts: Facts) -> bool:
    """A penalty stands whose respondent may be shown: whether it is shown has to be decided (处罚法 §48; 公示办法 §2).
    A case that was terminated after its decision has ended with all its deadlines."""
    return penalty_stands(facts) and not facts.did("terminate") and not_of_a_person(facts, {})


@check
def publication_decided(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Whether the penalty is shown has been decided; that the showing is over is not asked."""
    return refused_unless(not publication_asked(facts) or publication_answered(facts))


@condition
def no_other_entry_left(facts: Facts, _asked: Asked) -> bool:
    """Of what stood on a list, or was to, when the remedy ended, this is the last: then the three days are kept (§48)."""
    end = facts.last("remedy_end")
    tracks = facts.open_tracks("publication") + facts.open_tracks("dishonesty")
    return end is None or sum(t.opened_by < end.seq for t in tracks) <= 1


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
def mended_words_given(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """An entry is mended by words that take the place of the old."""
    return refused_unless(asked.get("result") != "mended" or bool(str(asked.get("summary") or "").strip()))


@check
def listing_longer(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """An extension makes it longer, within the longest time of the rule."""
    clock = facts.clock("listing")
    if clock is None:
        return {"day": ""}
    latest = due(clock.start, facts.settings.period("sdx.extend_months"), facts.calendar).on
    return refused_unless(clock.due < date.fromisoformat(asked["until"]) <= latest, day=latest.isoformat())


@check
def six_months_shown(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Not before the shortest time on the list."""
    clock = facts.clock("listing_earliest")
    return refused_unless(clock is not None and clock.over(facts.today), day=clock.due.isoformat() if clock else "")
