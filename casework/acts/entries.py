"""The journal as facts see it: each entry with what was asked, corrections laid over, annulled ones
marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from casework.docket.journal import Read, read_entries
from casework.docket.models import Docket
from casework.procedure import effects
from casework.procedure.decision_state import DECISIONS
from casework.procedure.facts import CORRECTIONS, SAID, TAKEN, ActFacts
from casework.procedure.overlay import correction_applies, is_day, laid_over
from casework.vault.sealing import Vault


def acts_of(session: Session, vault: Vault, docket: Docket) -> tuple[ActFacts, ...]:
    """The journal of a docket alone, with corrections laid over it; for who needs nothing else of
    it."""
    return _acts(read_entries(session, vault, docket))


def _acts(entries: Iterable[Read]) -> tuple[ActFacts, ...]:
    """Entries with the payload of their proposal under a last approval, corrections laid over,
    annulled ones marked."""
    plain = {r.act.seq: (r, dict(r.payload)) for r in entries}
    annulled: set[int] = set()
    decided = 0  # the entry of the newest decision
    # corrections that fit nowhere: they stay in the journal, and the docket stays readable
    ignored: set[int] = set()
    days: dict[int, date] = {}  # corrected days on which something happened
    for read_, payload in plain.values():
        if read_.act.verb not in TAKEN:
            continue
        step, asked = read_.act.step, _asked(plain, payload)
        if step in CORRECTIONS:
            if _lay_over(plain, asked):
                days |= _day(asked)
            else:
                ignored.add(read_.act.seq)
        if step in DECISIONS:
            decided = read_.act.seq
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
            asked=_asked(plain, payload),
            effects=effects.read(r.act.effects),
            annulled=seq in annulled,
            said=payload.get(SAID) or {},
            ignored=seq in ignored,
        )
        for seq, (r, payload) in plain.items()
    )


def _taken_back(step: str, asked: Mapping[str, Any], decided: int) -> set[int]:
    """The entry that an act takes back, if any. `decided`: that of the newest decision."""
    if step == "annul_step":
        return {int(asked["act"])}
    return {decided} if step == "take_back_decision" else set()


def _lay_over(
    plain: Mapping[int, tuple[Read, dict[str, Any]]], correction: Mapping[str, Any]
) -> bool:
    """Lay the right texts over the entry that a correction names; False, and nothing is changed,
    where they do not fit."""
    entry, fields = plain.get(int(correction.get("act") or 0)), correction.get("fields") or {}
    day = correction.get("corrected_on")
    if (
        entry is None
        or not correction_applies(_asked(plain, entry[1]), fields)
        or (day and not is_day(day))
    ):
        return False
    payload = entry[1]
    payload.update(laid_over(payload, fields))
    return True


def _asked(
    plain: Mapping[int, tuple[Read, dict[str, Any]]], payload: dict[str, Any]
) -> dict[str, Any]:
    """A judgement carries what was proposed, and by whom; corrections lie over it, the judge's own
    words do not."""
    if not (proposal := payload.get("_proposal")):
        return payload
    made, proposed = plain[int(proposal)]
    return {
        **proposed,
        **{k: v for k, v in payload.items() if k != SAID},
        "_proposer": made.act.actor_id,
    }


def _day(correction: Mapping[str, Any]) -> dict[int, date]:
    """The right day of the entry that a correction names."""
    right = correction.get("corrected_on")
    return {int(correction["act"]): date.fromisoformat(right)} if right else {}
