"""管理: people and cards, the bureau's data, settings, calendar, audit search; and everybody's own
page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from casework.acts import calendar as moving
from casework.desk import audit, journal_rows, naming, office_proposals
from casework.desk.context import me, today
from casework.desk.office_words import change_details, change_word, stored_value
from casework.people import calendar_address, office, two_persons
from casework.people.facts import calendar_of, settings_of
from casework.people.may import require
from casework.people.models import (
    Bureau,
    BureauSetting,
    CalendarDay,
    Interest,
    OfficeProposal,
    Person,
)
from casework.people.office import NotPossible
from casework.people.two_persons import Outcome
from casework.procedure.calendar import WorkCalendar
from casework.procedure.load import procedure
from casework.store import db
from casework.web.language import current
from forms.office import (
    AuditForm,
    BureauForm,
    CalendarForm,
    CardForm,
    ForTwo,
    OfficeForm,
    PersonDataForm,
    PersonForm,
    RoleForm,
    SettingForm,
    TieForm,
)

T = TypeVar("T")
bp = Blueprint("office", __name__, url_prefix="/desk/office")
UNREAD = "条文未核对"  # in the basis of a step whose article nobody has read in its own text


def _myself() -> Person:
    """The person signed in, as a row."""
    return db.session.get_one(Person, me().id)


def _try(form: OfficeForm, change: Callable[[], T]) -> T | None:
    """What the change brought about; None where the form does not hold or a rule stands against it:
    the form says why."""
    if not form.validate():
        return None
    try:
        return change()
    except NotPossible as error:
        form.form_errors = [_(str(error))]
        return None


def _done(outcome: Outcome, said: str, back: str) -> Any:
    """After a change: back to its page, or the half of a password that is shown now, or that it
    waits for a second person."""
    if outcome.half:
        shown = office_proposals.shown_proposal(_proposal(outcome.proposal))
        return render_template(
            "office/half.html", half=outcome.half, p=shown, first=True, back=back
        )
    flash(_waits(outcome) if outcome.proposal else said)
    return redirect(back)


def _proposal(number: int) -> OfficeProposal:
    return two_persons.find(me().bureau_id, number) or abort(404)


def _waits(outcome: Outcome) -> str:
    names = two_persons.who_may_confirm(db.session(), _proposal(outcome.proposal))
    if not names:
        return _("Proposed. Nobody is there who could confirm it: see docs/operators.md.")
    return _(
        "Proposed: nothing has changed until it is confirmed by one of: %(names)s.",
        names="、".join(names),
    )


# -- people
@bp.get("/people")
@require("admin.people")
def people() -> str:
    """Everybody, those who left last."""
    rows = db.session.scalars(
        select(Person)
        .where(Person.bureau_id == me().bureau_id)
        .order_by(Person.active.desc(), Person.id)
    ).all()
    return render_template("office/people.html", rows=rows, today=today(), role=naming.role_word)


@bp.route("/people/new", methods=["GET", "POST"])
@require("admin.people")
def new_person() -> Any:
    """A new account and its one-time password, shown once."""
    form = PersonForm(request.form or None)
    if request.method == "POST" and (
        made := _try(form, lambda: office.add_person(_myself(), form.values()))
    ):
        number, password = made
        return render_template("office/password.html", person=_somebody(number), password=password)
    return render_template(
        "office/new_person.html", form=form
    ), 422 if request.method == "POST" else 200


def _somebody(number: int) -> Person:
    row = db.session.scalars(
        select(Person).where(Person.id == number, Person.bureau_id == me().bureau_id)
    ).one_or_none()
    if row is None:
        abort(404)
    return row


@bp.get("/people/<int:number>")
@require("admin.people")
def person(number: int) -> Any:
    """One person: data, roles, cards, ties."""
    return _person_page(_somebody(number))


def _person_page(row: Person, forms: Mapping[str, OfficeForm] | None = None) -> Any:
    day = today().isoformat()
    shown: dict[str, OfficeForm] = {
        "data": PersonDataForm(None, obj=row),
        "role": RoleForm(None, from_day=day),
        "card": CardForm(None),
        "tie": TieForm(None),
        **(forms or {}),
    }
    ties = db.session.scalars(
        select(Interest).where(Interest.person_id == row.id).order_by(Interest.id)
    ).all()
    page = render_template(
        "office/person.html",
        person=row,
        forms=shown,
        ties=ties,
        today=today(),
        role=naming.role_word,
        two=two_persons.bears(row, today()),
        waiting=office_proposals.about_person(row.id),
    )
    return page, 422 if forms else 200


@bp.post("/people/<int:number>/<any(data,role,card,tie):what>")
@require("admin.people")
def change_person(number: int, what: str) -> Any:
    """One of the four forms of a person's page."""
    row, actor = _somebody(number), _myself()
    form: OfficeForm = {"data": PersonDataForm, "role": RoleForm, "card": CardForm, "tie": TieForm}[
        what
    ](request.form)
    outcome = _try(form, lambda: _change(what, actor, row.id, form))
    if outcome is None:
        return _person_page(row, {what: form})
    return _done(
        outcome, _("Saved: %(name)s.", name=row.name), url_for("office.person", number=number)
    )


def _change(what: str, actor: Person, number: int, form: OfficeForm) -> Outcome:
    if isinstance(form, ForTwo):
        change = {"data": office.change_person, "role": office.add_role}[what]
        return change(actor, number, form.change(), form.reason())
    {"card": office.add_card, "tie": office.declare}[what](actor, number, form.values())
    return Outcome()


@bp.post("/people/<int:number>/<any(close,open,password,end):what>")
@require("admin.people")
def act_on_person(number: int, what: str) -> Any:
    """Close or open the account, a new one-time password, the end of a role."""
    row, actor, page = _somebody(number), _myself(), url_for("office.person", number=number)
    try:
        outcome = _act(what, actor, row.id)
    except NotPossible as error:
        flash(_(str(error)), "warning")
        return redirect(page)
    if outcome.password:
        return render_template("office/password.html", person=row, password=outcome.password)
    return _done(outcome, _("Saved: %(name)s.", name=row.name), page)


def _act(what: str, actor: Person, number: int) -> Outcome:
    why = request.form.get("why", "")
    if what == "password":
        return office.new_password(actor, number, why)
    if what == "end":
        office.end_role(actor, number, request.form.get("role_id", 0, int), today())
        return Outcome()
    return office.set_active(actor, number, what == "open", why)


@bp.route("/me", methods=["GET", "POST"])
@require("self.see")
def myself() -> Any:
    """My roles and cards, and the ties that I declare (回避)."""
    row = _somebody(me().id)
    form = TieForm(request.form or None)
    if (
        request.method == "POST"
        and _try(form, lambda: _change("tie", row, row.id, form)) is not None
    ):
        flash(_("Declared. Cases against this unit are closed to you from now on."))
        return redirect(url_for("office.myself"))
    ties = db.session.scalars(
        select(Interest).where(Interest.person_id == row.id).order_by(Interest.id)
    ).all()
    page = render_template(
        "office/me.html",
        person=row,
        form=form,
        ties=ties,
        role=naming.role_word,
        today=today(),
        calendar_made=calendar_address.made_at(row.id),
    )
    return page, 422 if request.method == "POST" else 200


# -- the bureau and its settings
@bp.route("/bureau", methods=["GET", "POST"])
@require("admin.settings")
def bureau() -> Any:
    """What letters and pages say of the bureau."""
    row = db.session.get_one(Bureau, me().bureau_id)
    form = BureauForm(request.form or None, obj=row)
    if request.method == "POST" and (outcome := _try(form, lambda: _change_bureau(form))):
        return _done(
            outcome,
            _("Saved. New papers and the public pages say so from now on."),
            url_for("office.bureau"),
        )
    return render_template(
        "office/bureau.html", form=form
    ), 422 if request.method == "POST" else 200


def _change_bureau(form: BureauForm) -> Outcome:
    return office.change_bureau(_myself(), form.change(), form.reason())


@bp.get("/settings")
@require("settings.see")
def settings() -> str:
    """Every number of the procedure with its source; those that must still be confirmed first, or
    alone."""
    rows = sorted(settings_of(me().bureau_id, today()), key=lambda s: s.verified)
    by_state = {
        "": rows,
        "open": [s for s in rows if not s.verified],
        "confirmed": [s for s in rows if s.verified],
    }
    state = request.args.get("state", "")
    unread = [s for s in procedure().steps.values() if UNREAD in s.basis]
    return render_template(
        "office/settings.html",
        rows=by_state.get(state, rows),
        state=state if state in by_state else "",
        by_state=by_state,
        unread=unread,
        language=current(),
        value=naming.setting_value,
    )


@bp.route("/settings/<key>", methods=["GET", "POST"])
@require("admin.settings")
def setting(key: str) -> Any:
    """Confirm a number, or set the bureau's own, from a day on."""
    known = settings_of(me().bureau_id, today())
    if key not in known:
        abort(404)
    row, actor = known.setting(key), _myself()
    form = SettingForm(row, request.form or None, today=today())
    if request.method == "POST" and (outcome := _try(form, lambda: _set(actor, key, form))):
        return _done(
            outcome,
            _("Confirmed: %(name)s.", name=row.en if current() == "en" else row.zh),
            url_for("office.settings"),
        )
    history = db.session.execute(
        select(BureauSetting, Person.name)
        .outerjoin(Person, Person.id == BureauSetting.confirmed_by)
        .where(BureauSetting.bureau_id == me().bureau_id, BureauSetting.key == key)
        .order_by(BureauSetting.id.desc())
    ).all()
    page = render_template(
        "office/setting.html",
        form=form,
        row=row,
        history=history,
        value=naming.setting_value,
        language=current(),
        stored=lambda v: stored_value(row, v),
    )
    return page, 422 if request.method == "POST" else 200


def _set(actor: Person, key: str, form: SettingForm) -> Outcome:
    return office.change_setting(actor, key, form.value(), form.values()["from_day"], form.reason())


# -- the calendar
@bp.route("/calendar", methods=["GET", "POST"])
@require("admin.settings")
def calendar() -> Any:
    """Days off and make-up days; first shows which deadlines move, then moves them."""
    form = CalendarForm(request.form or None)
    moves: Iterable[moving.Moved] | None = None
    actor = _myself()
    if request.method == "POST" and form.validate():
        asked = form.values()
        days, workday = office.span(asked["first"], asked["last"]), asked["kind"] == "work"
        if request.form.get("save"):
            office.set_days(actor, asked["first"], asked["last"], workday, asked["note"])
            moved = moving.apply_calendars(today())
            flash(_("The calendar is changed; deadlines of %(n)s dockets moved.", n=moved))
            return redirect(url_for("office.calendar"))
        changed = WorkCalendar(
            {**calendar_of(actor.bureau_id).overrides, **dict.fromkeys(days, workday)}
        )
        moves = list(moving.moves(db.session(), actor.bureau_id, changed))
    own = db.session.scalars(
        select(CalendarDay)
        .where(CalendarDay.bureau_id == actor.bureau_id)
        .order_by(CalendarDay.day.desc())
        .limit(200)
    ).all()
    page = render_template(
        "office/calendar.html",
        form=form,
        moves=moves,
        own=own,
        moved=audit.moved(actor.bureau_id),
        rules=procedure().clocks,
        language=current(),
    )
    return page, 422 if request.method == "POST" and moves is None else 200


# -- audit
@bp.get("/audit")
@require("audit.see")
def audit_page() -> str:
    """Who did what when: acts on dockets, and changes of people, settings and calendar."""
    form = AuditForm(request.args)
    staff = db.session.execute(
        select(Person.id, Person.name).where(Person.bureau_id == me().bureau_id).order_by(Person.id)
    )
    form.person.choices = [("", _("all")), *((str(i), name) for i, name in staff)]
    steps = sorted(procedure().steps.values(), key=lambda s: s.name.in_language(current()))
    form.step.choices = [("", _("all")), *((s.id, s.name.in_language(current())) for s in steps)]
    good = form.validate()
    acts = audit.acts(me().bureau_id, form.values()) if good else audit.Found([], None)
    changes = audit.changes(me().bureau_id, form.values()) if good else []
    return render_template(
        "office/audit.html",
        form=form,
        acts=acts,
        changes=changes,
        steps=procedure().steps,
        language=current(),
        verb=journal_rows.verb_word,
        change=change_word,
        detail=change_details,
    )
