"""Discipline proposals, referral for prosecution, remedies."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.common import refused_unless
from casework.procedure.checks.registry import Refusal, check, condition
from casework.procedure.facts import Asked, Facts

REFUSED_RESULTS = ("set_aside", "redo")


@check
def public_employee(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Discipline is for public employees (统计法 §46)."""
    return refused_unless(asked.get("public_employee") in (True, "yes"))


@check
def one_body_only(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """One person, one sanctioning body (政务处分法 §16); party discipline stands beside it."""
    if asked.get("body_kind") == "party":
        return None
    same = [
        a
        for a in facts.done("propose_discipline")
        if a.asked.get("person_name") == asked.get("person_name") and a.asked.get("body_kind") != "party"
    ]
    return refused_unless(not same)


@check
def report_or_decision(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The facts are settled: an investigation report or a decision stands."""
    return refused_unless(facts.did("investigation_report", "decide_penalty", "decide_no_penalty", "on_the_spot"))


@check
def within_hard_limit(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Longer than now, and twelve months in all."""
    now, hard, until = facts.clock("discipline_reply"), facts.clock("discipline_hard"), asked.get("until")
    if now is None or hard is None or not until:
        return {"day": hard.due.isoformat() if hard else ""}
    return refused_unless(now.due < date.fromisoformat(until) <= hard.due, day=hard.due.isoformat())


@check
def reply_overdue(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The reply is late."""
    clock = facts.clock("discipline_reply")
    return refused_unless(clock is not None and clock.missed(facts.today))


@check
def number_given(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The reviewing body and its number are named."""
    return refused_unless(bool(asked.get("body")) and bool(asked.get("number")))


@check
def kind_as_begun(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The result is of the kind that was begun: which rights follow, and until when, hangs on it."""
    open_ = {t.label for t in facts.open_tracks("remedy")}
    begun = {a.asked.get("kind") for a in facts.done("remedy_start") if a.track in open_}
    return refused_unless(asked.get("kind") in begun)


@check
def appeal_follows_suit(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """An appeal is against a judgment of the first court (行政诉讼法 §85)."""
    judged = any(a.asked.get("kind") == "suit" for a in facts.done("remedy_end"))
    return refused_unless(asked.get("kind") != "appeal" or judged)


@check
def changed_sum_given(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A changed decision names its sum, never above the old one."""
    if asked.get("result") != "changed":
        return None
    fine = asked.get("fine_fen")
    return refused_unless(fine is not None and int(fine) <= facts.fine.fen)


@condition
def reconsidered_and_stands(_facts: Facts, asked: Asked) -> bool:
    """After a reconsideration a suit may follow within fifteen days (行政诉讼法 §45)."""
    return asked.get("kind") == "reconsideration" and _decided_and_stands(asked)


@condition
def first_judgment_stands(_facts: Facts, asked: Asked) -> bool:
    """After a judgment of the first court an appeal may follow within fifteen days (行政诉讼法 §85)."""
    return asked.get("kind") == "suit" and _decided_and_stands(asked)


@condition
def first_windows_closed(_facts: Facts, asked: Asked) -> bool:
    """Who was heard, or sued and withdrew, has no first reconsideration or suit any more; who withdrew a reconsideration
    may still sue in time."""
    return asked.get("kind") != "reconsideration" or asked.get("result") != "withdrawn"


def _decided_and_stands(asked: Asked) -> bool:
    return asked.get("result") not in (*REFUSED_RESULTS, "withdrawn")


@condition
def decision_fell(_facts: Facts, asked: Asked) -> bool:
    """Set aside: nobody owes a fine any more."""
    return asked.get("result") in REFUSED_RESULTS


@condition
def nothing_to_show(_facts: Facts, asked: Asked) -> bool:
    """Set aside or found unlawful: nothing of it is to be published (处罚法 §48)."""
    return asked.get("result") in (*REFUSED_RESULTS, "unlawful")


@condition
def entry_must_go(facts: Facts, asked: Asked) -> bool:
    """Changed, set aside or found unlawful: public entries are withdrawn in three working days (处罚法 §48)."""
    shown = any(t.kind in ("publication", "dishonesty") and t.stage in ("shown", "listed") for t in facts.tracks)
    return shown and asked.get("result") in (*REFUSED_RESULTS, "changed", "unlawful")
