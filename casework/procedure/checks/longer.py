"""A listing made longer: told, heard, decided and served before anybody sees it (国统字〔2019〕33号
§16, unverified)."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.registry import Refusal, check, refused_unless, refused_until_over
from casework.procedure.facts import Asked, Facts
from casework.procedure.ids import PaperId, StepId

NOTICE: PaperId = "listing_extension_notice"
DECISION: PaperId = "listing_extension"


def _newest_served(facts: Facts, kind: PaperId) -> bool:
    """The newest paper of the kind has arrived: an older one that did does not speak for it."""
    made = facts.paper(kind)
    return made is not None and made.served is not None and not made.served.failed


def _day(facts: Facts, step: StepId) -> str:
    act = facts.last(step)
    return str(act.asked.get("until") or "") if act else ""


@check
def listing_not_extended(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Once at most."""
    return refused_unless(not facts.did("extend_listing"))


@check
def extension_notice_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The firm was told of what is proposed, and why."""
    return refused_unless(_newest_served(facts, NOTICE))


@check
def extension_heard(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The days for its reply are over, or it replied."""
    return refused_until_over(facts, "extension_reply")


@check
def extension_as_told(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Not longer than the notice said."""
    told = _day(facts, "extension_notice")
    return refused_unless(str(asked.get("until") or "") <= told, day=told)


@check
def extension_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The decision, with the ways against it, has arrived; and no newer notice stands after it."""
    told, made = facts.last("extension_notice"), facts.last("decide_extension")
    newest = made is not None and (told is None or made.seq > told.seq)
    return refused_unless(newest and _newest_served(facts, DECISION))


@check
def extension_as_decided(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The day that was decided, no other."""
    day = _day(facts, "decide_extension")
    return refused_unless(str(asked.get("until") or "") == day, day=day)
