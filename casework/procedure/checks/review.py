"""Legal review (处罚法 §58) and panel (§57): when due, by whom, and again after a hearing."""

from __future__ import annotations

import re
from datetime import date

from casework.procedure.checks.hearing import heard_this_round, hearing_held
from casework.procedure.checks.registry import Refusal, check, condition, refused_unless
from casework.procedure.checks.twice import fined_before
from casework.procedure.facts import ActFacts, Asked, Facts, PersonFacts
from casework.procedure.penalties import penalties
from casework.text import folded_name, is_blank


def _serious(facts: Facts) -> bool:
    return bool(facts.value("serious_ground")) or bool(facts.value("complex"))


def due_for_review(facts: Facts) -> bool:
    """A hearing was held, whatever was told after it; the fine reaches the threshold, the case is
    complex or serious, two laws name two amounts, or the same conduct seems to have been fined
    before."""
    high = facts.proposed_fine.fen >= facts.settings.money("review.threshold").fen
    doubtful = census_conflict(facts) or bool(fined_before(facts))
    return (
        heard_this_round(facts)
        or high
        or _serious(facts)
        or (facts.proposed_fine.fen > 0 and doubtful)
    )


def census_conflict(facts: Facts) -> bool:
    """统计法 and 经普条例 differ for a violation of the case: the reviewer says which amounts
    apply."""
    rows = (v for v in facts.violations if v.get("conduct_end"))
    return any(
        penalties().census_conflict(
            v["code"], date.fromisoformat(v["conduct_end"]), bool(v.get("census"))
        )
        for v in rows
    )


def due_for_panel(facts: Facts) -> bool:
    """Complex circumstances, a serious violation, or a fine at the review threshold (§57)."""
    return (
        _serious(facts) or facts.proposed_fine.fen >= facts.settings.money("review.threshold").fen
    )


def _fresh(facts: Facts, act: ActFacts) -> bool:
    """Of what is proposed now: since the newest report of the investigation, the newest telling
    anew, and the hearing."""
    since = (
        facts.last("investigation_report"),
        facts.last("prior_notice_again"),
        hearing_held(facts),
    )
    return all(act.seq > x.seq for x in since if x)


def passed(facts: Facts) -> bool:
    """A review of what is proposed now has passed."""
    act = facts.last("legal_review")
    return act is not None and _fresh(facts, act) and act.asked.get("result") == "pass"


def discussed(facts: Facts) -> bool:
    """A panel has agreed to what is proposed now."""
    act = facts.last("panel")
    return act is not None and _fresh(facts, act) and act.asked.get("result") == "agreed"


@check
def not_fined_twice(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The same conduct is fined once (处罚法 §29), unless a legal review of what is proposed says
    why it is another act."""
    earlier = fined_before(facts, asked)
    if not earlier or int(asked.get("fine_fen") or 0) == 0:
        return None
    review = facts.last("legal_review")
    explained = (
        passed(facts)
        and review is not None
        and not is_blank(str(review.asked.get("other_act") or ""))
    )
    return refused_unless(explained, number="、".join(x.number for x in earlier))


@condition
def panel_due(facts: Facts, _asked: Asked) -> bool:
    """A panel is due and has not been held."""
    return due_for_panel(facts) and not discussed(facts)


@condition
def review_awaited(facts: Facts, _asked: Asked) -> bool:
    """The case has come to the review, and one is due."""
    return facts.stage == "review" and due_for_review(facts) and not passed(facts)


@condition
def panel_awaited(facts: Facts, asked: Asked) -> bool:
    """A panel is due, and no review before it."""
    return panel_due(facts, asked) and not review_awaited(facts, asked)


@condition
def early_review(facts: Facts, asked: Asked) -> bool:
    """Reviewed before the notice and passed: the case stays where it is."""
    return facts.stage == "conclude" and asked.get("result") == "pass"


@condition
def panel_before_review(facts: Facts, asked: Asked) -> bool:
    """The panel met before a review that is still due."""
    return review_awaited(facts, asked)


@check
def reviewer_not_of_the_case(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The reviewer is no officer of the case, and never was."""
    return refused_unless(facts.actor is None or facts.actor.id not in facts.investigators)


@check
def reviewer_qualified(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The reviewer holds the legal qualification (§58)."""
    holders = [p for p in facts.people.values() if p.may("case.review") and p.qualified]
    own = facts.actor is None or not facts.actor.may("case.review") or facts.actor.qualified
    return refused_unless(own and bool(holders))


@check
def result_fits_points(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A review passes only when none of its six points fails."""
    failed = [k for k, v in asked.items() if k.startswith("point_") and v == "fail"]
    return refused_unless(not (failed and asked.get("result") == "pass"))


@check
def census_decided(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Where 统计法 and 经普条例 differ, the reviewer says which amounts apply (procedure-facts
    §2.2)."""
    return refused_unless(not census_conflict(facts) or bool(asked.get("census_law")))


@check
def review_is_not_due(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """None of the grounds of §58 applies."""
    return refused_unless(not due_for_review(facts))


@check
def review_done(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Where due, the legal review has passed, and again after a hearing."""
    return refused_unless(not due_for_review(facts) or passed(facts))


@check
def panel_done(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Where due, the panel has agreed."""
    return refused_unless(not due_for_panel(facts) or discussed(facts))


@check
def three_voices(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """At least three heads spoke, each a person of its own, and each voted for or against (§57第二
    款)."""
    voices = asked.get("voices") or []
    people = {folded_name(str(v.get("name") or "")) for v in voices} - {""}
    voted = all(v.get("vote") in ("agree", "disagree") for v in voices)
    return refused_unless(len(voices) >= 3 and len(people) == len(voices) and voted)


@check
def heads_discuss(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The members are heads of the bureau (§57第二款): neither officers of the case nor who
    reviewed it, but whoever holds the role of a leader, or a leading post that the bureau's
    settings name."""
    voices = asked.get("voices") or []
    others = [str(v.get("name") or "") for v in voices if not _head(facts, v)]
    return refused_unless(not others, name="、".join(others))


def _head(facts: Facts, voice: Asked) -> bool:
    """Whether a member is a head: by the accounts of that name, else by the post."""
    own = _accounts_named(facts, str(voice.get("name") or ""))
    if any(p.may("case.decide") and p.id not in facts.investigators for p in own):
        return True
    if any(p.id in facts.investigators or p.may("case.review") for p in own):
        return False
    return _leading_post(facts, folded_name(str(voice.get("post") or "")))


def _accounts_named(facts: Facts, name: str) -> list[PersonFacts]:
    """The accounts that bear a name."""
    name = folded_name(name)
    return [p for p in facts.people.values() if folded_name(p.name) == name]


def _leading_post(facts: Facts, post: str) -> bool:
    """Whether a post is among those that the bureau counts as its heads."""
    leading = re.split("[、，,；;]", facts.settings.text("panel.posts"))
    return any(folded_name(word) in post for word in leading if not is_blank(word))


@check
def panel_follows_votes(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """What more than half of the members agree to is agreed, and nothing else."""
    voices = asked.get("voices") or []
    agreed = sum(v.get("vote") == "agree" for v in voices)
    carried = agreed * 2 > len(voices)
    return refused_unless(
        carried == (asked.get("result") == "agreed"), agreed=str(agreed), members=str(len(voices))
    )
