"""The life of a public entry, from the outbox alone: nothing is shown without an approved decision in force."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework.acts.facts import gather
from casework.acts.perform import vault
from casework.disclosure import shown as public
from casework.disclosure.models import Entry
from casework.docket.models import Clock, Docket, Outbox
from casework.procedure.checks.decision import law_amounts_chosen
from casework.procedure.facts import Facts
from casework.procedure.force import in_force, stayed
from casework.procedure.penalties import penalties

TOPICS = (
    "publish_entry", "list_entry", "withdraw_entry", "end_entry", "extend_entry", "entry_must_go", "entry_rests", "entry_again",
    "mend_entry",
)  # fmt: skip
STANDING = ("shown", "resting")  # a decision that is stayed rests: its entry is on no page, and comes back or goes


def handle(session: Session, row: Outbox) -> None:
    """Do what an act said, once."""
    docket = session.get_one(Docket, row.docket_id)
    facts = gather(session, vault(), docket)
    if row.topic in ("publish_entry", "list_entry"):
        _show(session, facts, docket, row)
    elif row.topic == "extend_entry":
        session.execute(_of(row).values(shown_until=_until(session, docket.id, "listing", row.data["track"])))
    elif row.topic == "entry_must_go":
        gone = update(Entry).where(Entry.docket_id == docket.id, Entry.state.in_(STANDING))
        session.execute(gone.values(state="withdrawn", reason=str(row.data.get("result") or "")))
    elif row.topic == "mend_entry":
        session.execute(_of(row).values(fields=fields_of(facts, "dishonesty", row.data["track"])))
    elif row.topic in ("entry_rests", "entry_again"):
        _rest(session, docket, stayed(facts))
    else:
        session.execute(_of(row).values(state="ended" if row.topic == "end_entry" else "withdrawn"))


def _of(row: Outbox) -> Any:
    return update(Entry).where(Entry.docket_id == row.docket_id, Entry.track == row.data["track"], Entry.state.in_(STANDING))


def _rest(session: Session, docket: Docket, still: bool) -> None:
    """Off the list while the decision is stayed, and on it again afterwards."""
    before, after = ("shown", "resting") if still else ("resting", "shown")
    session.execute(update(Entry).where(Entry.docket_id == docket.id, Entry.state == before).values(state=after))


def _until(session: Session, docket_id: int, rule: str, track: str) -> date:
    due = session.scalar(select(Clock.due).where(Clock.docket_id == docket_id, Clock.rule == rule, Clock.track == track))
    if due is None:
        raise LookupError(f"no clock {rule}")
    return due


def _show(session: Session, facts: Facts, docket: Docket, row: Outbox) -> None:
    """Show it, unless it is shown already or the decision is no longer in force."""
    kind, rule = ("penalty", "show") if row.topic == "publish_entry" else ("dishonesty", "listing")
    track = row.data["track"]
    standing = select(Entry.id).where(Entry.docket_id == docket.id, Entry.track == track)
    if facts.party is None or not in_force(facts) or session.scalar(standing) is not None:
        return
    session.add(
        Entry(
            bureau_id=docket.bureau_id, docket_id=docket.id, track=track, kind=kind, state="shown", name=facts.party.name,
            credit_code=facts.party.credit_code, township=facts.party.township, fields=fields_of(facts, kind, track),
            shown_from=date.fromisoformat(row.data["on"]), shown_until=_until(session, docket.id, rule, track),
        )
    )  # fmt: skip


def fields_of(facts: Facts, kind: str, track: str) -> dict[str, Any]:
    """The public fields, and nothing else (国统字〔2023〕49号 §6; 国统字〔2019〕33号 §14); words are those of its own track."""
    acts = (a for a in facts.done(track=track) if a.asked.get("result") != "kept")  # an objection that failed mends nothing
    own = {k: v for a in acts for k, v in a.asked.items() if v and k in ("summary", "handling")}
    decision = facts.paper("decision")
    party = facts.party
    act = facts.last("decide_penalty", "on_the_spot")
    asked, kept = (act.asked if act else {}), not law_amounts_chosen(facts)
    articles = [penalties().basis(party.kind, v, asked, kept) for v in facts.violations] if party else []
    return {
        "address": party.address if party else "",
        "representative": party.representative if party else "",
        "decision": decision.number if decision else "",
        "decided_on": decision.on.isoformat() if decision else "",
        "facts": str(own.get("summary") or ""),
        "basis": "、".join(dict.fromkeys(articles)),
        "kinds": list(act.asked.get("kinds") or []) if act else [],
        "fine_fen": facts.fine.fen,
        "handling": str(own.get("handling") or ""),
        "bureau": facts.bureau.name,
        "list": kind,
    }


def shown(session: Session, bureau_id: int, today: date, query: str = "", kind: str = "") -> list[Entry]:
    """Entries on the public list today: shown, begun, not past their end."""
    return public.all_of(session, bureau_id, today, public.Wanted(query, kind))
