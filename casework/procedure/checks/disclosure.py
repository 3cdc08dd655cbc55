"""Publication and serious dishonesty (处罚法 §48; 令第35号)."""

from __future__ import annotations

import re
from datetime import date

from casework.procedure.as_decided import contradictions, dishonesty_ground, found_serious
from casework.procedure.checks.execution import remedies_over
from casework.procedure.checks.registry import (
    Refusal,
    check,
    condition,
    refused_unless,
    refused_until_over,
)
from casework.procedure.clock_rules import due
from casework.procedure.decision_state import (
    DECISIONS,
    in_force,
    lost_by,
    not_to_be_shown,
    outcome,
    running,
)
from casework.procedure.facts import Asked, Facts
from casework.procedure.penalties import penalties
from casework.procedure.personal import plain
from casework.procedure.terms import SubjectKind
from casework.text import is_blank

_TITLE = re.compile(r"《([^《》]+)》")
_ORDER = re.compile(r"令第?(\d+)号")


@check
def penalty_decided(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A penalty was decided and stands."""
    return refused_unless(penalty_stands(facts))


def penalty_stands(facts: Facts) -> bool:
    """The newest decision imposes a penalty, no remedy took it away, and the case was not
    terminated after it."""
    made = facts.last(*DECISIONS)
    return made is not None and made.step != "decide_no_penalty" and not not_to_be_shown(facts)


@check
def not_a_person(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Natural persons are not shown (公示办法 §2)."""
    return refused_unless(facts.party is not None and facts.party.kind is not SubjectKind.PERSON)


@condition
def not_of_a_person(facts: Facts, _asked: Asked) -> bool:
    """The decision may have to be shown within seven working days of its day, whoever asks for it
    or nobody."""
    return facts.party is not None and facts.party.kind is not SubjectKind.PERSON


@check
def no_publication_yet(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Nothing of the case is shown or about to be, and of the decision as it stands it has not been
    decided."""
    return refused_unless(not facts.open_tracks("publication") and not publication_answered(facts))


def publication_answered(facts: Facts) -> bool:
    """Somebody decided to show the decision as it stands, or not to: one made anew or changed is a
    new question."""
    end = outcome(facts)
    changed = end.seq if end is not None and end.result == "changed" else 0
    made = max((changed, *(a.seq for a in facts.done() if a.step in DECISIONS)))
    return any(t.kind == "publication" and t.opened_by > made for t in facts.tracks)


def publication_asked(facts: Facts) -> bool:
    """A penalty stands whose respondent may be shown: whether it is shown has to be decided (处罚法
    §48; 公示办法 §2)."""
    return penalty_stands(facts) and not_of_a_person(facts, {})


@check
def publication_decided(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Whether the penalty is shown has been decided; that the showing is over is not asked."""
    return refused_unless(not publication_asked(facts) or publication_answered(facts))


@condition
def no_other_entry_left(facts: Facts, _asked: Asked) -> bool:
    """Of what stood on a list, or was to, when the decision was taken away, this is the last: the
    three days are kept (§48)."""
    end = lost_by(facts)
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
    return refused_unless(in_force(facts) and not running(facts) and facts.did(*DECISIONS))


@check
def dishonesty_notice_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The firm was told before it is determined."""
    return refused_unless(facts.served("dishonesty_notice") is not None)


@check
def dishonesty_heard(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The days for its reply are over, or it replied."""
    return refused_until_over(facts, "sdx_reply")


@check
def determination_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The determination has been served."""
    return refused_unless(facts.served("dishonesty_decision") is not None)


@check
def words_as_decided(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """What everybody reads of a decision, a circular among it, or what a firm is determined for,
    says what was decided (处罚法 §48)."""
    typed = [str(asked.get(key) or "") for key in ("summary", "facts", "text")]
    found = [part for text in typed for part in contradictions(facts, text)]
    return refused_unless(not found, found="、".join(dict.fromkeys(found)))


@check
def ground_found(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The decision found a violation of the kind that the ground speaks of."""
    known = penalties().dishonesty.get(dishonesty_ground(facts, asked))
    found = {row.get("code") for row in facts.violations}
    return refused_unless(known is None or not known.of or bool(found & known.of))


@check
def ground_found_serious(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A ground that asks for 情节严重 stands on a decision that found it (统计法实施条例 §50)."""
    known = penalties().dishonesty.get(dishonesty_ground(facts, asked))
    return refused_unless(known is None or not known.serious or bool(found_serious(facts)))


@check
def remedy_days_run_out(facts: Facts, asked: Asked, on: date) -> Refusal | None:
    """Nobody is determined while the decision may still be set aside; a bureau may decide not to
    wait."""
    waits = facts.settings.on("sdx.wait")
    return remedies_over(facts, asked, on) if waits else None


@check
def order_named_rightly(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The rule that a determination rests on is called by its own name: the setting gives name and
    number of the order."""
    name, said = facts.settings.text("sdx.order"), plain(str(asked.get("articles") or ""))
    own = [*_TITLE.findall(plain(name)), ""][0]
    number = [*_ORDER.findall(plain(name)), ""][0]
    titles, numbers = _TITLE.findall(said), _ORDER.findall(said)
    if number in numbers and titles and own not in titles:
        return {"found": f"《{titles[0]}》", "number": number, "name": name}
    if own in titles and numbers and number not in numbers:
        return {"found": f"第{numbers[0]}号", "number": number, "name": name}
    return None


@check
def mended_words_given(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """An entry is mended by words that take the place of the old."""
    return refused_unless(
        asked.get("result") != "mended" or not is_blank(str(asked.get("summary") or ""))
    )


@check
def listing_longer(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """An extension makes it longer, within the longest time of the rule."""
    clock = facts.clock("listing")
    if clock is None:
        return {"day": ""}
    latest = due(clock.start, facts.settings.period("sdx.extend_months"), facts.calendar).on
    return refused_unless(
        clock.due < date.fromisoformat(asked["until"]) <= latest, day=latest.isoformat()
    )


@check
def six_months_shown(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Not before the shortest time on the list."""
    return refused_until_over(facts, "listing_earliest")
