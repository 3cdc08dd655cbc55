"""待确认事项: what one person proposed for the office and another confirms (people.two_persons)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from casework.desk.context import me, today
from casework.desk.naming import setting_value
from casework.desk.office_words import change_details, kind_word, proposal_state, stored_value
from casework.people import two_persons
from casework.people.facts import settings_of, staff_facts
from casework.people.may import may, require
from casework.people.models import OfficeProposal, Person
from casework.people.reference_cache import reference
from casework.people.two_persons import NotPossible, Outcome
from casework.procedure.settings import shipped
from casework.store import db, utcnow
from casework.web.language import current

bp = Blueprint("office_proposals", __name__, url_prefix="/desk/office/proposals")


@dataclass(frozen=True)
class ShownProposal:
    """A proposal as a page shows it."""

    row: OfficeProposal
    whom: str
    what: str
    details: str
    by: str  # "" is the owner of the machine
    for_me: bool
    mine: bool  # I may take it back

    @property
    def state(self) -> str:
        """Its state in words."""
        return proposal_state(self.row.state)


@bp.app_context_processor
def _for_home() -> dict[str, Any]:
    return {"office_waits": on_home}


def on_home() -> Mapping[str, Sequence[ShownProposal]]:
    """What waits for me, what of mine waits for others, and what the owner of the machine gives or
    gave alone."""
    rows = [shown_proposal(p) for p in two_persons.for_home(me().bureau_id, utcnow())]
    waiting = [s for s in rows if s.row.state == two_persons.WAITING]
    return {
        "for_me": [s for s in waiting if s.for_me],
        "others": _for_others(waiting),
        "emergency": [s for s in rows if s.row.due_at and s.row.state != two_persons.REFUSED],
    }


def _for_others(waiting: Sequence[ShownProposal]) -> list[ShownProposal]:
    """What waits for others, for whoever may see it."""
    if not may(me(), "office.proposals", today()):
        return []
    return [s for s in waiting if not s.for_me]


def about_person(number: int) -> Sequence[ShownProposal]:
    """What waits about somebody, for their page."""
    waiting = two_persons.for_home(me().bureau_id, utcnow())
    return [
        shown_proposal(p)
        for p in waiting
        if p.person_id == number and p.state == two_persons.WAITING
    ]


def shown_proposal(row: OfficeProposal) -> ShownProposal:
    """A proposal for a page."""
    staff = staff_facts(row.bureau_id, today())
    whom = staff[row.person_id].name if row.person_id else _name_of(row.details)
    by = staff[row.proposed_by].name if row.proposed_by else ""
    mine = row.state == two_persons.WAITING and two_persons.may_withdraw(row, me())
    for_me = row.state == two_persons.WAITING and two_persons.may_confirm(db.session(), row, me())
    return ShownProposal(row, whom, kind_word(row.kind), _details(row), by, for_me, mine)


def _details(row: OfficeProposal) -> str:
    """What it would be, and, while it waits, what it is until now: a second person compares the
    two."""
    wanted, present = dict(row.details), _present(row) if row.state == two_persons.WAITING else {}
    if row.kind == "setting" and wanted["key"] in shipped():
        wanted["value"] = stored_value(shipped().setting(wanted["key"]), wanted["value"])
    said, until_now = change_details(wanted), change_details(present)
    return _("%(new)s (until now: %(old)s)", new=said, old=until_now) if until_now else said


def _present(row: OfficeProposal) -> Mapping[str, Any]:
    if row.kind == "setting" and row.details["key"] in shipped():
        return {
            "value": setting_value(settings_of(row.bureau_id, today()).setting(row.details["key"]))
        }
    if row.kind == "bureau":
        return {key: getattr(reference(row.bureau_id).bureau, key) for key in row.details}
    if row.kind == "person":
        concerned = db.session.get_one(Person, row.person_id)
        return {key: getattr(concerned, key) for key in row.details}
    return {}


def _name_of(details: Mapping[str, Any]) -> str:
    """Of a setting its name; of the bureau's own data nothing."""
    key = str(details.get("key", ""))
    if key not in shipped():
        return ""
    setting = shipped().setting(key)
    return setting.en if current() == "en" else setting.zh


@bp.get("/")
@require("office.proposals")
def listing() -> str:
    """All that wait, and what was decided last."""
    rows = [shown_proposal(p) for p in two_persons.of_bureau(me().bureau_id)]
    waiting = [s for s in rows if s.row.state == two_persons.WAITING]
    return render_template(
        "office/proposals.html", waiting=waiting, decided=[s for s in rows if s not in waiting]
    )


@bp.get("/<int:number>")
@require("office.proposals")
def proposal(number: int) -> str:
    """One of them: who, what, why; and two buttons for who may decide."""
    row = two_persons.find(me().bureau_id, number) or abort(404)
    names = (
        two_persons.who_may_confirm(db.session(), row) if row.state == two_persons.WAITING else []
    )
    staff = staff_facts(row.bureau_id, today())
    return render_template(
        "office/proposal.html",
        p=shown_proposal(row),
        names=names,
        name=lambda i: staff[i].name if i else "",
    )


@bp.post("/<int:number>/<any(confirm,refuse,withdraw):verdict>")
@require("office.proposals")
def decide(number: int, verdict: str) -> Any:
    """Confirm, refuse or take back."""
    row, actor = (
        two_persons.find(me().bureau_id, number) or abort(404),
        db.session.get_one(Person, me().id),
    )
    try:
        outcome = VERDICTS[verdict](actor, row.id) or Outcome()
    except NotPossible as error:
        flash(_(str(error)), "warning")
        return redirect(url_for("office_proposals.proposal", number=number))
    if outcome.half:
        now = shown_proposal(two_persons.find(me().bureau_id, number) or abort(404))
        return render_template(
            "office/half.html", half=outcome.half, p=now, first=False, back=url_for("desk.home")
        )
    flash(_said(verdict, outcome))
    return redirect(url_for("desk.home"))


VERDICTS: Mapping[str, Callable[[Person, int], Outcome | None]] = {
    "confirm": two_persons.confirm,
    "refuse": two_persons.refuse,
    "withdraw": two_persons.withdraw,
}


def _said(verdict: str, outcome: Outcome) -> str:
    if verdict == "confirm":
        return (
            _("Accepted; one more person has to confirm it.")
            if outcome.proposal
            else _("Confirmed: it is in force.")
        )
    return (
        _("Refused: nothing has changed.")
        if verdict == "refuse"
        else _("Taken back: nothing has changed.")
    )
