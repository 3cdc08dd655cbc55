"""Effects that reach beyond one docket: cases opened from a tip, links, absorption, word to the
tips behind a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts.apply import Applied, effect
from casework.acts.errors import NotAllowed, Refused
from casework.acts.facts import ENDED, gather
from casework.acts.intent import NEW, Intent
from casework.acts.perform import open_docket, perform_in
from casework.docket import cache
from casework.docket.journal import NewEntry, append, last_hash
from casework.docket.models import Act, Docket, Link, Recusal, Track
from casework.informants.models import Identity
from casework.procedure.decision_state import LOST
from casework.procedure.effects import Effect, RemedyEnded
from casework.procedure.ids import StepId
from casework.procedure.kinds import fed_kinds, kinds
from casework.procedure.load import procedure
from casework.procedure.offers import Refusal
from casework.procedure.payload import Payload
from casework.procedure.survey_forms import named_period, number_of_form
from casework.vault.sealing import vault


@effect("open_cases")
def _open_cases(a: Applied, _e: Effect) -> None:
    """One case a respondent (一案一档), linked to the tip, each with a journal of its own."""
    gathered = gather(a.session, vault(), a.docket, a.actor_id, a.at)
    for party in a.answers.get("respondents") or []:
        payload = {
            "party": {k: v or "" for k, v in party.items()},
            "cause": a.answers.get("cause") or "",
            "report": a.docket.id,
            "channel": a.docket.channel,
            "found_on": gathered.found_on.isoformat(),
            "township": party.get("township") or a.docket.township,
            # which ground the filing proposes, and for which form and period the figures are
            # compared; nothing that somebody worded
            "tip_said": gathered.value("kinds", []),
            "survey_form": number_of_form(gathered.value("form")),
            "survey_period": named_period(gathered.value("period")),
        }
        intent = Intent(0, "open_case", None, a.on, NEW, "take", payload)
        case, _done = open_docket(a.session, a.docket.bureau_id, intent, a.at)
        a.session.add(Link(kind="feeds", from_id=a.docket.id, to_id=case.id, since=a.on))


def _other(session: Session, a: Applied) -> Docket:
    """The case that the answers name, its row locked for an entry of its own. LookupError where the
    bureau has no such case; NotAllowed where who acts or proposed is recused from it."""
    found = session.get_one(Docket, int(a.answers["case"]), with_for_update=True)
    if found.bureau_id != a.docket.bureau_id or found.kind not in fed_kinds():
        raise LookupError("no such case")
    hands = [i for i in (a.actor_id, a.proposer) if i]
    if session.scalar(
        select(Recusal.person_id).where(Recusal.docket_id == found.id, Recusal.person_id.in_(hands))
    ):
        # nobody reaches into a case they are kept out of
        raise NotAllowed("You are recused from this docket.")
    return found


def _note(a: Applied, other: Docket, payload: Mapping[str, Any]) -> None:
    """The same act in the other docket's journal, without effects."""
    entry = NewEntry(
        track="main",
        step=a.step,
        verb="note",
        version=procedure().version,
        actor_id=a.actor_id,
        on=a.on,
        at=a.at,
        payload=Payload({**payload, "docket": a.docket.id}),
    )
    append(a.session, vault(), other, entry, last_hash(a.session, other.id, other.last_seq))
    cache.refresh(a.session, other, a.on, a.at)


def _open_other(a: Applied) -> Docket:
    """The same, while it is open: it may have ended since the proposal."""
    case = _other(a.session, a)
    if case.stage in ENDED:
        raise Refused([Refusal("open_case_there", {})])
    return case


def _feed(a: Applied, report_id: int, case: Docket) -> None:
    """Link the tip to the case, unless it is already."""
    standing = select(Link.id).where(
        Link.from_id == report_id, Link.to_id == case.id, Link.kind == "feeds", Link.until.is_(None)
    )
    if a.session.scalar(standing) is None:
        a.session.add(Link(kind="feeds", from_id=report_id, to_id=case.id, since=a.on))


@effect("link_report")
def _link_report(a: Applied, _e: Effect) -> None:
    """The tip feeds that case too."""
    case = _open_other(a)
    _feed(a, a.docket.id, case)
    _note(a, case, {"reason": a.answers.get("reason") or ""})
    a.tell("new_report_on_case", case=case.id)


@effect("unlink_report")
def _unlink_report(a: Applied, _e: Effect) -> None:
    case = _other(a.session, a)
    for link in _links(a, case, "feeds"):
        link.until = a.on
    _note(a, case, {"reason": a.answers.get("reason") or ""})


def _links(a: Applied, case: Docket, kind: str) -> list[Link]:
    return list(
        a.session.scalars(
            select(Link).where(
                Link.kind == kind,
                Link.from_id == a.docket.id,
                Link.to_id == case.id,
                Link.until.is_(None),
            )
        )
    )


@effect("absorb")
def _absorb(a: Applied, _e: Effect) -> None:
    """End this case as absorbed and link its tips to the other one."""
    case = _open_other(a)
    a.session.add(Link(kind="absorbed", from_id=a.docket.id, to_id=case.id, since=a.on))
    feeding = select(Link.from_id).where(
        Link.kind == "feeds", Link.to_id == a.docket.id, Link.until.is_(None)
    )
    for report_id in a.session.scalars(feeding).all():
        _feed(a, report_id, case)
    _note(a, case, {"reason": a.answers.get("reason") or ""})


@effect("undo_absorb")
def _undo_absorb(a: Applied, _e: Effect) -> None:
    """Reopen the case. Its tips feed both cases until somebody unlinks them."""
    for link in a.session.scalars(
        select(Link).where(
            Link.kind == "absorbed", Link.from_id == a.docket.id, Link.until.is_(None)
        )
    ):
        link.until = a.on


# -- word to the tips behind a case
def _tell_reports(a: Applied, step: StepId) -> None:
    """Record ``step`` in every accepted tip with a named informant, as an act of time: the days for
    telling the informant begin."""
    reports = a.session.scalars(
        select(Docket)
        .join(Link, Link.from_id == Docket.id)
        .join(Identity, Identity.docket_id == Docket.id)
        .where(
            Link.to_id == a.docket.id,
            Link.kind == "feeds",
            Link.until.is_(None),
            Docket.stage == "accepted",
        )
        .order_by(Docket.id)
    )
    for report in list(reports):
        track = kinds()[report.kind].track
        told = Intent(report.id, step, None, a.on, track, "take", {"case": a.docket.id})
        perform_in(a.session, told, a.at)


@effect("case_filed")
def _case_filed(a: Applied, _e: Effect) -> None:
    _tell_reports(a, "filing_known")


@effect("case_ended")
def _case_ended(a: Applied, _e: Effect) -> None:
    _tell_reports(a, "result_known")


@effect("mend_entry")
def _mend_entry(a: Applied, _e: Effect) -> None:
    """Where an objection is found justified, tell disclosure to change the public entry."""
    if a.answers.get("result") == "mended":
        a.tell("mend_entry", track=a.track)


@effect("code_confirmed")
def _code_confirmed(a: Applied, _e: Effect) -> None:
    """Tell disclosure that a person confirmed or corrected the unit's code."""
    a.tell("code_confirmed")


@effect("remedy_begun")
def _remedy_begun(a: Applied, _e: Effect) -> None:
    """Where the decision is stayed, tell disclosure to hide its entries until the remedy ends."""
    if a.answers.get("stay") in (True, "yes"):
        a.tell("entry_rests")


@effect("remedy_result")
@effect("judgment_in_force")
def _remedy_result(a: Applied, e: RemedyEnded) -> None:
    """A decision set aside, or changed to what has been paid, ends its execution; disclosure learns
    that entries must go, or looks whether they rest: a first judgment against it waits for the
    appeal."""
    if e.over:
        for track in a.session.scalars(_open_execution(a)):
            track.ended, track.stage = True, "ended"
    if e.result in LOST:
        a.tell("entry_must_go", result=e.result)
    else:
        a.tell("entry_again")


@effect("decision_revoked")
def _decision_revoked(a: Applied, _e: Effect) -> None:
    """The bureau took its own decision back: its execution ends, and disclosure learns that entries
    must go."""
    for track in a.session.scalars(_open_execution(a)):
        track.ended, track.stage = True, "ended"
    a.tell("entry_must_go", result="")


def _open_execution(a: Applied) -> Any:
    return select(Track).where(
        Track.docket_id == a.docket.id, Track.kind == "execution", Track.ended.is_(False)
    )


# -- corrections
@effect("annul")
def _annul(a: Applied, _e: Effect) -> None:
    """Undo the effects of the act that the answers name (:func:`casework.acts.undo.undo`). Its
    entry stays in the journal."""
    from casework.acts.undo import undo

    act = a.session.scalars(
        select(Act).where(Act.docket_id == a.docket.id, Act.seq == int(a.answers["act"]))
    ).one()
    undo(a, act)
