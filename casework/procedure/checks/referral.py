"""Discipline proposals, referral for prosecution, remedies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from casework.procedure.checks.registry import Refusal, check, condition, refused_unless
from casework.procedure.decision_state import DECISIONS, LOST
from casework.procedure.effects import ClockStarted, Effect, JudgmentInForce
from casework.procedure.facts import ActFacts, Asked, Facts
from casework.procedure.ids import StepId
from casework.procedure.interference import proposals
from casework.procedure.remedies import (
    APPEALS,
    FELL,
    UNDONE,
    Holds,
    begun_against,
    decision_entry,
    made_of,
    remedied_decision,
)
from casework.text import folded_name

# How the names of bodies are written, in full and as people shorten them.
IMPOSES = {"supervision": ("监察", "监委"), "party": ("纪委", "纪检", "纪律检查")}
APPOINTS_NOBODY_ELSE = ("监察", "监委", "纪委", "纪检", "纪律检查", "公安", "法院", "检察院")
PROSECUTES = {"police": ("公安",), "procuracy": ("检察",), "supervision": ("监察", "监委")}


@check
def public_employee(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Discipline is for public employees (统计法 §46)."""
    return refused_unless(asked.get("public_employee") in (True, "yes"))


@check
def one_body_only(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """One person, one sanctioning body (政务处分法 §16); party discipline stands beside it."""
    if asked.get("body_kind") == "party":
        return None
    wanted = person_of(asked)
    same = (a.asked for a in proposals(facts) if a.asked.get("body_kind") != "party")
    return refused_unless(wanted not in {person_of(other) for other in same})


def person_of(asked: Asked) -> str:
    """Who is proposed, however the name was typed."""
    return folded_name(str(asked.get("person_name") or ""))


@check
def body_can_impose(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Supervision imposes 政务处分, the Party its own discipline, everything else is for who
    appoints: an organ of supervision, of the Party's discipline or of justice is asked only for its
    own people (统计法 §46; 政务处分法 §16)."""
    kind, body = asked.get("body_kind"), folded_name(str(asked.get("body") or ""))
    if kind in IMPOSES:
        return refused_unless(any(word in body for word in IMPOSES[kind]))
    own = body in folded_name(str(asked.get("person_post") or ""))
    return refused_unless(
        kind == "appointing" and (own or not any(word in body for word in APPOINTS_NOBODY_ELSE))
    )


@check
def body_prosecutes(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A suspected crime goes to the body that was chosen, not to one that cannot take it up (处罚法
    §27; 监察法 §37)."""
    words = PROSECUTES.get(str(asked.get("target") or ""), ())
    body = folded_name(str(asked.get("body") or ""))
    return refused_unless(any(word in body for word in words))


@check
def report_or_decision(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The facts are settled: an investigation report or a decision stands."""
    return refused_unless(
        facts.did("investigation_report", "decide_penalty", "decide_no_penalty", "on_the_spot")
    )


@check
def within_hard_limit(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Longer than now, and twelve months in all."""
    now, hard, until = (
        facts.clock("discipline_reply"),
        facts.clock("discipline_hard"),
        asked.get("until"),
    )
    if now is None or hard is None or not until:
        return {"day": hard.due.isoformat() if hard else ""}
    return refused_unless(now.due < date.fromisoformat(until) <= hard.due, day=hard.due.isoformat())


@check
def reply_overdue(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The reply is late."""
    clock = facts.clock("discipline_reply")
    return refused_unless(clock is not None and clock.missed(facts.today))


@condition
def reply_to_chase(facts: Facts, _asked: Asked) -> bool:
    """The reply is late, and nobody has chased it since."""
    return _late_without(facts, "chase_discipline")


@condition
def missing_reply_to_report(facts: Facts, _asked: Asked) -> bool:
    """The reply is late, and nobody has reported that since."""
    return _late_without(facts, "report_no_reply")


def _late_without(facts: Facts, step: StepId) -> bool:
    clock = facts.clock("discipline_reply")
    if clock is None or not clock.missed(facts.today):
        return False
    return not any(a.on > clock.due for a in facts.done(step, clock.track))


@check
def number_given(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The reviewing body and its number are named."""
    return refused_unless(bool(asked.get("body")) and bool(asked.get("number")))


@check
def kind_as_begun(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The result is of the kind that was begun: which rights follow, and until when, hangs on
    it."""
    open_ = {t.label for t in facts.open_tracks("remedy")}
    begun = {a.asked.get("kind") for a in facts.done("remedy_start") if a.track in open_}
    return refused_unless(asked.get("kind") in begun)


@check
def appeal_follows_suit(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """An appeal is against a judgment of the first court (行政诉讼法 §85)."""
    judged = any(a.asked.get("kind") == "suit" for a in facts.done("remedy_end"))
    return refused_unless(asked.get("kind") != "appeal" or judged)


@check
def one_remedy_at_a_time(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """One after the other: none beside one that runs, but a suit when the days for the
    reconsideration went by without an answer; no reconsideration after a court took a suit on, nor
    a second after one was decided (复议法 §29, §30, §74)."""
    begun = begun_against(facts.done(), facts.last(*DECISIONS))
    ends = {a.track: a for a in facts.done("remedy_end")}
    running = [a for a in begun if a.track not in ends]
    if asked.get("kind") != "reconsideration":
        return refused_unless(all(_unanswered(facts, a) for a in running))
    sued = any(a.asked.get("kind") != "reconsideration" for a in begun)
    decided = any(not _withdrawn(ends.get(a.track)) for a in begun)
    return refused_unless(not running and not sued and not decided)


def _withdrawn(end: ActFacts | None) -> bool:
    return end is not None and end.asked.get("result") == "withdrawn"


def _unanswered(facts: Facts, begun: ActFacts) -> bool:
    """A reconsideration whose days for an answer are over (行政诉讼法 §45)."""
    answered_by = begun.on + timedelta(facts.settings.period("remedy.answered").amount)
    return begun.asked.get("kind") == "reconsideration" and answered_by < facts.today


@check
def result_of_its_kind(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Of an appeal it is said what holds of the decision in the end: «upheld» could be the judgment
    or the decision (行政诉讼法 §89)."""
    result = asked.get("result")
    own = (
        result in APPEALS if asked.get("kind") == "appeal" else result not in ("dismissed", *UNDONE)
    )
    return refused_unless(own)


@check
def changed_sum_given(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A changed decision names its sum, never above that of the decision which the remedy is about:
    an appeal that became known late is about the old one, also where a new one was made since."""
    if asked.get("result") != "changed":
        return None
    fine = asked.get("fine_fen")
    return refused_unless(fine is not None and int(fine) <= max(_sums_attacked(facts, asked)))


def _sums_attacked(facts: Facts, asked: Asked) -> list[int]:
    """The sums, in fen, of the decisions that a running remedy of that kind is about; of the newest
    where none is found."""
    acts = list(facts.done())
    attacked = _decisions_attacked(facts, asked.get("kind"))
    sums = []
    for decision in (a for a in acts if a.seq in attacked):
        end = remedied_decision(acts, decision)
        changed = end.fine_fen if end else None
        sums.append(int(decision.asked.get("fine_fen") or 0) if changed is None else changed)
    return sums or [facts.fine.fen]


def _decisions_attacked(facts: Facts, kind: str | None) -> set[int | None]:
    """The entries of the decisions that running remedies of a kind are about."""
    acts, open_ = list(facts.done()), {t.label for t in facts.open_tracks("remedy")}
    starts = [a for a in acts if a.step == "remedy_start" and a.track in open_]
    return {decision_entry(acts, a) for a in starts if a.asked.get("kind") == kind}


@condition
def reconsidered_and_stands(facts: Facts, asked: Asked) -> bool:
    """After a reconsideration a suit may follow within fifteen days (行政诉讼法 §45)."""
    stands = asked.get("result") not in (*FELL, "withdrawn")
    return asked.get("kind") == "reconsideration" and stands and _of_newest(facts, asked)


@condition
def first_judgment(_facts: Facts, asked: Asked) -> bool:
    """After a judgment of the first court either side may appeal within fifteen days (行政诉讼法
    §85)."""
    return asked.get("kind") == "suit" and asked.get("result") != "withdrawn"


@condition
def first_windows_closed(facts: Facts, asked: Asked) -> bool:
    """Who was heard, or sued and withdrew, has no first reconsideration or suit any more; who
    withdrew a reconsideration may still sue in time."""
    return _of_newest(facts, asked) and (
        asked.get("kind") != "reconsideration" or asked.get("result") != "withdrawn"
    )


def _of_newest(facts: Facts, asked: Asked) -> bool:
    """The remedy that ends is about the newest decision: what comes of an old one closes no right
    against the new one."""
    return facts.taking.track in {
        a.track for a in begun_against(facts.done(), facts.last(*DECISIONS))
    }


def taking_force(facts: Facts, asked: Asked) -> Holds | None:
    """What becomes of the newest decision by this act: the end of a remedy, or the end of the days
    for an appeal. None where nothing does: a judgment that may be appealed, a remedy about an
    earlier decision, one that leaves it as it was."""
    base = ActFacts(
        0, facts.taking.track, "remedy_end", "take", facts.today, facts.now, None, asked
    )
    effects: tuple[Effect, ...] = ()
    if asked.get("clock"):
        judgment = judgment_of(facts, asked)
        if judgment is None:
            return None
        base, effects = replace(base, step="window_over"), (JudgmentInForce("", judgment=judgment),)
    elif first_judgment(facts, asked):
        effects = (ClockStarted("appeal", base.track, facts.today, facts.today),)
    new = replace(base, seq=max((a.seq for a in facts.acts), default=0) + 1, effects=effects)
    return made_of(facts.done(), facts.last(*DECISIONS), new)


def judgment_of(facts: Facts, asked: Asked) -> int | None:
    """The entry of the judgment whose days for an appeal end by themselves; None where another
    right ends."""
    ended = next((c for c in facts.clocks if c.id == int(asked.get("clock") or 0)), None)
    return ended.seq if ended is not None and ended.rule == "appeal" else None


def _result(facts: Facts, asked: Asked) -> str:
    found = taking_force(facts, asked)
    return found.result if found else ""


@condition
def decision_fell(facts: Facts, asked: Asked) -> bool:
    """Set aside, and in force: nobody owes a fine any more."""
    return _result(facts, asked) in FELL


@condition
def nothing_to_show(facts: Facts, asked: Asked) -> bool:
    """Set aside or found unlawful: nothing of it is to be published (处罚法 §48)."""
    return _result(facts, asked) in (*FELL, "unlawful")


@condition
def entry_shown(facts: Facts, _asked: Asked) -> bool:
    """Something of the case stands on a public list."""
    return any(
        t.kind in ("publication", "dishonesty") and t.stage in ("shown", "listed")
        for t in facts.tracks
    )


@condition
def entry_must_go(facts: Facts, asked: Asked) -> bool:
    """Changed, set aside or found unlawful: public entries are withdrawn in three working days (处
    罚法 §48)."""
    return entry_shown(facts, asked) and _result(facts, asked) in LOST
