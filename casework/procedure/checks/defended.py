"""What a defence brings about: the decision says what was said, and nothing is heavier for it (处罚
法 §45)."""

from __future__ import annotations

import re
from datetime import date

from casework.procedure.checks.heard import defences, in_time, since_notice
from casework.procedure.checks.registry import Refusal, check, refused_unless
from casework.procedure.facts import NOTICES, ActFacts, Asked, Facts
from casework.text import is_blank

# Words of a decision that say that nothing was said, and that what was said was not adopted.
DENIES = re.compile(
    "(?:未|没有|没)(?:曾|再)?(?:提出|提交|进行|作出|作|发"
    "表|做)?过?(?:任何)?(?:书面|口头)?的?(?:陈述|申辩)"
    "|未提出(?:[。；]|$)|放弃了?(?:其|该)?(?:陈述|申辩)"
)
REJECTS = re.compile("(?:不予|未予|不|未)采纳")


def _adopted(facts: Facts) -> bool:
    """Whether the newest review since the notice adopted the defence in full."""
    reviews = since_notice(facts, "defence_review")
    return bool(reviews) and reviews[-1].asked.get("adopted") == "adopted"


def _heavier(told: Asked, asked: Asked) -> bool:
    """Whether a proposal has a higher sum, another kind of penalty, or a graver ground than an
    earlier one."""
    more = int(asked.get("fine_fen") or 0) > int(told.get("fine_fen") or 0)
    kinds = set(asked.get("kinds") or []) - set(told.get("kinds") or [])
    ground = str(asked.get("serious_ground") or "")
    return more or bool(kinds) or ground not in ("", str(told.get("serious_ground") or ""))


@check
def defence_as_recorded(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The decision does not deny a defence that was made within its days, nor call one rejected
    that was adopted in full."""
    text = "".join(str(asked.get("defence") or "").split())
    said = [a for a in defences(facts) if in_time(facts, "defence", a.on)]
    denied = bool(said) and DENIES.search(text)
    return refused_unless(not denied and not (_adopted(facts) and REJECTS.search(text)))


@check
def adopted_has_effect(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A defence adopted in full leads to another decision than was told, or the decision says why
    it does not."""
    notice = facts.last(*NOTICES)
    if notice is None or not _adopted(facts) or _heavier(asked, notice.asked):
        return None
    return refused_unless(not is_blank(str(asked.get("unchanged_reason") or "")))


@check
def not_heavier_for_defending(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """After a defence, or a request for a hearing, nothing heavier is told than was told when it
    was made, unless a new report of the investigation found more (处罚法 §45第二款)."""
    said = facts.last("defence_heard", "hearing_request", "hearing_held")
    report = facts.last("investigation_report")
    if said is None or (report is not None and report.seq > said.seq):
        return None
    told = _told_when(facts, said)
    return refused_unless(told is None or not _heavier(told.asked, asked))


def _told_when(facts: Facts, said: ActFacts) -> ActFacts | None:
    """The newest notice at that time."""
    return next(reversed([a for a in facts.done() if a.step in NOTICES and a.seq < said.seq]), None)
