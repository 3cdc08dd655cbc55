"""What acts that were told through the outbox do to public entries: show, rest, take off, show
again. Nothing is shown without an approved decision in force."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.acts.facts import gather
from casework.disclosure.gate import cleared
from casework.disclosure.models import DisclosureEntry
from casework.docket.models import Act, Clock, Docket, Outbox, Track
from casework.people.row_journal import note_where
from casework.procedure import effects
from casework.procedure.code_check import confirmation, public_code, respondent_code
from casework.procedure.decision_state import LOST, REVOKED, in_force, lost_by, stayed
from casework.procedure.facts import Facts
from casework.procedure.public_entry import entry_fields
from casework.store import table
from casework.vault.sealing import vault

log = logging.getLogger("casework")
TOPICS = (
    "publish_entry",
    "list_entry",
    "withdraw_entry",
    "end_entry",
    "extend_entry",
    "entry_must_go",
    "entry_rests",
    "entry_again",
    "mend_entry",
    "code_confirmed",
)
# word → effects of an act that say it, where they bear other names
TOLD_BY = {
    "entry_rests": ("remedy_begun",),
    "entry_again": ("remedy_result", "judgment_in_force"),
    "entry_must_go": ("remedy_result", "judgment_in_force", "decision_revoked"),
}
# a decision that is stayed rests: its entry is on no page, and comes back or goes
STANDING = ("shown", "resting")


def handle(session: Session, row: Outbox) -> None:
    """Change the public entries as a row of the outbox says, in its transaction. A row that no act
    of the docket bears out was put in beside the program: it is logged and passed over."""
    docket = session.get_one(Docket, row.docket_id)
    if not _told(session.get_one(Act, row.act_id), row):
        log.error(
            "what docket %s is to have told of the public list stands in none of its entries",
            docket.id,
        )
        return
    facts = gather(session, vault(), docket)
    note_where(session, table(DisclosureEntry), DisclosureEntry.docket_id == docket.id)
    if row.topic in ("publish_entry", "list_entry"):
        _show(session, facts, docket, row)
    elif row.topic == "extend_entry":
        session.execute(
            _of(row).values(shown_until=_until(session, docket.id, "listing", row.data["track"]))
        )
    elif row.topic == "entry_must_go":
        _must_go(session, facts, row)
    elif row.topic == "mend_entry":
        session.execute(_of(row).values(fields=kept_fields(facts, "dishonesty", row.data["track"])))
    elif row.topic == "code_confirmed":
        _looked_at_again(session, facts, docket)
    elif row.topic in ("entry_rests", "entry_again"):
        _rest(session, docket, stayed(facts))
    elif row.topic == "withdraw_entry":
        _taken_off(session, facts, row)
    else:
        session.execute(_of(row).values(state="ended"))


def _told(act: Act, row: Outbox) -> bool:
    """Whether that act of the docket bears an effect that says this, of its own track. What takes
    nothing from the row, and is reckoned from the case again, may come from elsewhere."""
    if row.topic == "code_confirmed":
        return True
    mine = act.docket_id == row.docket_id and row.data.get("track", act.track) == act.track
    return mine and any(_says(effect, row) for effect in effects.read(act.effects))


def _says(effect: effects.Effect, row: Outbox) -> bool:
    if effect.do not in TOLD_BY.get(row.topic, (row.topic,)):
        return False
    if row.topic != "entry_must_go":
        return True
    return not isinstance(effect, effects.RemedyEnded) or effect.result in LOST


def _must_go(session: Session, facts: Facts, row: Outbox) -> None:
    """The decision was taken away: nothing of it is shown from now on, and by whom it was is kept
    (处罚法 §48, §75)."""
    end, result = lost_by(facts), str(row.data.get("result") or "")
    by = {"reconsideration": "reconsideration", REVOKED: "bureau"}.get(
        end.kind if end else "", "court"
    )
    said = {
        "on": (end.on if end else facts.today).isoformat(),
        "by": by,
        "result": result,
    }
    standing = select(DisclosureEntry).where(
        DisclosureEntry.docket_id == row.docket_id, DisclosureEntry.state.in_(STANDING)
    )
    opened = dict(
        session.execute(
            select(Track.label, Track.opened_by).where(Track.docket_id == row.docket_id)
        )
        .tuples()
        .all()
    )
    act = session.get_one(Act, row.act_id)
    for entry in session.scalars(standing):
        if opened.get(entry.track, 0) > act.seq:
            continue  # of a later decision: this word comes late, or somebody opened it again
        entry.state, entry.reason, entry.fields = (
            "withdrawn",
            result,
            {**entry.fields, "withdrawn": said},
        )


def _taken_off(session: Session, facts: Facts, row: Outbox) -> None:
    """Withdrawn by the bureau: day and reason stay with the entry, beside those of the remedy that
    came before."""
    acts = list(facts.done(track=row.data["track"]))
    reason = str(acts[-1].asked.get("reason") or "") if acts else ""
    there = select(DisclosureEntry).where(
        DisclosureEntry.docket_id == row.docket_id, DisclosureEntry.track == row.data["track"]
    )
    for entry in session.scalars(there.where(DisclosureEntry.state.in_((*STANDING, "withdrawn")))):
        before = entry.fields.get("withdrawn") or {
            "on": row.data["on"],
            "by": "bureau",
            "result": "",
        }
        entry.state, entry.fields = (
            "withdrawn",
            {**entry.fields, "withdrawn": {**before, "reason": reason}},
        )


def _of(row: Outbox) -> Any:
    return update(DisclosureEntry).where(
        DisclosureEntry.docket_id == row.docket_id,
        DisclosureEntry.track == row.data["track"],
        DisclosureEntry.state.in_(STANDING),
    )


def _rest(session: Session, docket: Docket, still: bool) -> None:
    """Off the list while the decision is stayed, and on it again afterwards."""
    before, after = ("shown", "resting") if still else ("resting", "shown")
    session.execute(
        update(DisclosureEntry)
        .where(DisclosureEntry.docket_id == docket.id, DisclosureEntry.state == before)
        .values(state=after)
    )


def _until(session: Session, docket_id: int, rule: str, track: str) -> date:
    due = session.scalar(
        select(Clock.due).where(
            Clock.docket_id == docket_id, Clock.rule == rule, Clock.track == track
        )
    )
    if due is None:
        raise LookupError(f"no clock {rule}")
    return due


def _show(session: Session, facts: Facts, docket: Docket, row: Outbox) -> None:
    """Show it, unless it is shown already or the decision is no longer in force."""
    kind, rule = ("penalty", "show") if row.topic == "publish_entry" else ("dishonesty", "listing")
    track = row.data["track"]
    standing = select(DisclosureEntry.id).where(
        DisclosureEntry.docket_id == docket.id, DisclosureEntry.track == track
    )
    if facts.party is None or not in_force(facts) or session.scalar(standing) is not None:
        return
    session.add(
        DisclosureEntry(
            bureau_id=docket.bureau_id,
            docket_id=docket.id,
            track=track,
            kind=kind,
            state="shown",
            name=cleared(facts.party.name, public_code(facts)),
            **code_in_entry(facts),
            township=facts.party.township,
            fields=kept_fields(facts, kind, track),
            shown_from=date.fromisoformat(row.data["on"]),
            shown_until=_until(session, docket.id, rule, track),
        )
    )


def code_in_entry(facts: Facts) -> dict[str, Any]:
    """The respondent's credit code as an entry keeps it, and whether a person confirmed it; "" for
    one that may not be public."""
    code = respondent_code(facts)
    return {
        "credit_code": public_code(facts),
        "code_confirmed": confirmation(facts, code) is not None,
    }


def _looked_at_again(session: Session, facts: Facts, docket: Docket) -> None:
    """What is on the list gets the code that a person found to be right; numbers of people leave
    its words."""
    rows = select(DisclosureEntry).where(
        DisclosureEntry.docket_id == docket.id, DisclosureEntry.state.in_(STANDING)
    )
    code = code_in_entry(facts)
    for entry in session.scalars(rows):
        entry.credit_code, entry.code_confirmed = code["credit_code"], code["code_confirmed"]
        entry.name, entry.fields = (
            cleared(entry.name, entry.credit_code),
            cleared(entry.fields, entry.credit_code),
        )


def kept_fields(facts: Facts, kind: str, track: str) -> dict[str, Any]:
    """The fields of an entry that are kept, without numbers and addresses of human beings
    (个人信息保护法 §25). ``kind``: penalty or dishonesty; ``track``: label of the track
    instance."""
    return dict(cleared(entry_fields(facts, kind, track), public_code(facts)))
