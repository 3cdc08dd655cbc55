"""Journal entries as facts, with corrections applied and annulled entries marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from casework.docket.journal import Read, UnreadEntry, read_entries
from casework.docket.models import Act, Docket
from casework.procedure import effects
from casework.procedure.decision_state import DECISIONS
from casework.procedure.effects import Effect
from casework.procedure.facts import CORRECTIONS, TAKEN, ActFacts
from casework.procedure.overlay import correction_applies, is_day, laid_over
from casework.procedure.payload import UNREADABLE, Payload
from casework.vault.sealing import Vault


def acts_of(
    session: Session, vault: Vault, docket: Docket, *, lenient: bool = False
) -> tuple[ActFacts, ...]:
    """A docket's journal as facts, oldest first, for callers that need no other facts. Error:
    UnreadEntry for one that somebody meddled with; ``lenient``: one whose effects cannot be read
    says so (``ActFacts.unread``), which is enough to look at it and to nothing else."""
    entries = read_entries(session, vault, docket)
    brought_about = {r.act.seq: _effects(docket, r.act, lenient) for r in entries}
    return _acts(entries, brought_about)


def _effects(docket: Docket, act: Act, lenient: bool) -> tuple[Effect, ...] | None:
    """What an entry brought about; None where that cannot be read and need not."""
    try:
        return effects.read(act.effects)
    except UNREADABLE as error:
        if lenient:
            return None
        raise UnreadEntry(docket.number, act.seq, "effects") from error


def _acts(
    entries: Iterable[Read], brought_about: Mapping[int, tuple[Effect, ...] | None]
) -> tuple[ActFacts, ...]:
    """Entries with the payload of their proposal under a last approval, corrections laid over,
    annulled ones marked."""
    plain = {r.act.seq: r for r in entries}
    annulled: set[int] = set()
    decided = 0  # the entry of the newest decision
    # corrections that fit nowhere: they stay in the journal, and the docket stays readable
    ignored: set[int] = set()
    days: dict[int, date] = {}  # corrected days on which something happened
    for seq in list(plain):
        act = plain[seq].act
        if act.verb not in TAKEN:
            continue
        step, asked = act.step, _in_effect(plain, seq).answers
        if step in CORRECTIONS:
            if _lay_over(plain, asked):
                days |= _day(asked)
            else:
                ignored.add(seq)
        if step in DECISIONS:
            decided = seq
        annulled |= _taken_back(step, asked, decided)
    return tuple(
        ActFacts(
            seq=seq,
            track=r.act.track,
            step=r.act.step,
            verb=r.act.verb,
            on=days.get(seq, r.act.on),
            at=r.act.at,
            actor=r.act.actor_id,
            asked=payload.answers,
            effects=brought_about[seq] or (),
            unread=brought_about[seq] is None,
            annulled=seq in annulled,
            said=payload.said,
            ignored=seq in ignored,
            proposal=payload.proposal,
            files=payload.files,
            otherwise=payload.otherwise,
        )
        for seq, r in plain.items()
        for payload in [_in_effect(plain, seq)]
    )


def _taken_back(step: str, asked: Mapping[str, Any], decided: int) -> set[int]:
    """Numbers of the entries that an act takes back. ``decided``: number of the newest decision."""
    if step == "annul_step":
        return {int(asked["act"])}
    return {decided} if step == "take_back_decision" else set()


def _lay_over(plain: dict[int, Read], correction: Mapping[str, Any]) -> bool:
    """Apply a correction to the entry it names. False, with nothing changed, where it does not
    fit."""
    seq, fields = int(correction.get("act") or 0), correction.get("fields") or {}
    day = correction.get("corrected_on")
    if (
        seq not in plain
        or not correction_applies(_in_effect(plain, seq).answers, fields)
        or (day and not is_day(day))
    ):
        return False
    entry = plain[seq]
    right = laid_over(entry.payload.answers, fields)
    plain[seq] = replace(entry, payload=replace(entry.payload, answers=right))
    return True


def _in_effect(plain: Mapping[int, Read], seq: int) -> Payload:
    """What an entry says; of a judgement what was proposed, with corrections laid over it."""
    payload = plain[seq].payload
    return payload.judging(plain[payload.proposal].payload) if payload.proposal else payload


def _day(correction: Mapping[str, Any]) -> dict[int, date]:
    """The right day of the entry that a correction names."""
    right = correction.get("corrected_on")
    return {int(correction["act"]): date.fromisoformat(right)} if right else {}
