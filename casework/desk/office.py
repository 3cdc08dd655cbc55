"""管理: people and cards, the bureau's data, settings, calendar, audit search; and everybody's own page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from casework.acts import calendar as moving
from casework.desk import audit, journal_rows, naming
from casework.desk.context import me, today
from casework.desk.office_words import change_details, change_word, stored_value
from casework.people import office
from casework.people.facts import calendar_of, settings_of
from casework.people.may import require
from casework.people.models import Bureau, BureauSetting, CalendarDay, Interest, Person
from casework.people.office import NotPossible
from casework.procedure.calendar import WorkCalendar
from casework.procedure.load import procedure
from casework.store import db
from casework.web.language import current
from forms.office import (
    AuditForm,
    BureauForm,
    CalendarForm,
    CardForm,
    OfficeForm,
    PersonForm,
    RoleForm,
    SettingForm,
    TieForm,
)

bp = Blueprint("office", __name__, url_prefix="/desk/office")
UNREAD = "条文未核对"  # in the basis of a step whose article nobody has read in its own text


def _myself() -> Person:
    """The person signed in, as a row."""
    return db.session.get_one(Person, me().id)


def _try(form: OfficeForm, change: Callable[[], Any]) -> bool:
    """Whether the form held and the change was made; otherwise the reason stands in the form."""
    if not form.validate():
        return False
    try:
        change()
    except NotPossible as error:
        form.form_errors = [_(str(error))]
        return False
    return True


# -- people
@bp.get("/people")
@require("admin.people")
def people() -> str:
    """Everybody, those who left last."""
    rows = db.session.scalars(
        select(Person).where(Person.bureau_id == me().bureau_id).order_by(Person.active.desc(), Person.id)
    ).all()
    return render_template("office/people.html", rows=rows, today=today(), role=naming.role_word)


@bp.route("/people/new", methods=["GET", "POST"])
@require("admin.people")
def new_person() -> Any:
    """A new account and its one-time password, shown once."""
    form, made = PersonForm(request.form or None), []
    if request.method == "POST" and _try(form, lambda: made.append(office.add_person(_myself(), form.values()))):
        number, password = made[0]
        return render_template("office/password.html", person=_somebody(number), password=password)
    return render_template("office/new_person.html", form=form), 422 if request.method == "POST" else 200


def _somebody(number: int) -> Person:
    row = db.session.scalars(select(Person).where(Person.id == number, Person.bureau_id == me().bureau_id)).one_or_none()
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
        "data": PersonForm(None, obj=row), "role": RoleForm(None, from_day=day), "card": CardForm(None), "tie": TieForm(None),
        **(forms or {}),
    }  # fmt: skip
    ties = db.session.scalars(select(Interest).where(Interest.person_id == row.id).order_by(Interest.id)).all()
    page = render_template("office/person.html", person=row, forms=shown, ties=ties, today=today(), role=naming.role_word)
    return page, 422 if forms else 200


@bp.post("/people/<int:number>/<any(data,role,card,tie):what>")
@require("admin.people")
def change_person(number: int, what: str) -> Any:
    """One of the four forms of a person's page."""
    row, actor = _somebody(number), _myself()
    form: OfficeForm = {"data": PersonForm, "role": RoleForm, "card": CardForm, "tie": TieForm}[what](request.form)
    change = {"data": office.change_person, "role": office.add_role, "card": office.add_card, "tie": office.declare}[what]
    if not _try(form, lambda: change(actor, row.id, form.values())):
        return _person_page(row, {what: form})
    flash(_("Saved: %(name)s.", name=row.name))
    return redirect(url_for("office.person", number=number))


@bp.post("/people/<int:number>/<any(close,open,password,end):what>")
@require("admin.people")
def act_on_person(number: int, what: str) -> Any:
    """Close or open the account, a new one-time password, the end of a role."""
    row, actor = _somebody(number), _myself()
    try:
        if what == "password":
            return render_template("office/password.html", person=row, password=office.new_password(actor, row.id))
        if what == "end":
            office.end_role(actor, row.id, request.form.get("role_id", 0, int), today())
        else:
            office.set_active(actor, row.id, what == "open")
        flash(_("Saved: %(name)s.", name=row.name))
    except NotPossible as error:
        flash(_(str(error)), "warning")
    return redirect(url_for("office.person", number=number))


@bp.route("/me", methods=["GET", "POST"])
@require("self.see")
def myself() -> Any:
    """My roles and cards, and the ties that I declare (回避)."""
    row = _somebody(me().id)
    form = TieForm(request.form or None)
    if request.method == "POST" and _try(form, lambda: office.declare(row, row.id, form.values())):
        flash(_("Declared. Cases against this unit are closed to you from now on."))
        return redirect(url_for("office.myself"))
    ties = db.session.scalars(select(Interest).where(Interest.person_id == row.id).order_by(Interest.id)).all()
    page = render_template("office/me.html", person=row, form=form, ties=ties, role=naming.role_word, today=today())
    return page, 422 if request.method == "POST" else 200


# -- the bureau and its settings
@bp.route("/bureau", methods=["GET", "POST"])
@require("admin.settings")
def bureau() -> Any:
    """What letters and pages say of the bureau."""
    row = db.session.get_one(Bureau, me().bureau_id)
    form = BureauForm(request.form or None, obj=row)
    actor = _myself()
    if request.method == "POST" and _try(form, lambda: office.change_bureau(actor, form.values())):
        flash(_("Saved. New papers and the public pages say so from now on."))
        return redirect(url_for("office.bureau"))
    return render_template("office/bureau.html", form=form), 422 if request.method == "POST" else 200


@bp.get("/settings")
@require("settings.see")
def settings() -> str:
    """Every number of the procedure with its source; those that must still be confirmed first, or alone."""
    rows = sorted(settings_of(me().bureau_id, today()), key=lambda s: s.verified)
    by_state = {"": rows, "open": [s for s in rows if not s.verified], "confirmed": [s for s in rows if s.verified]}
    state = request.args.get("state", "")
    unread = [s for s in procedure().steps.values() if UNREAD in s.basis]
    return render_template(
        "office/settings.html", rows=by_state.get(state, rows), state=state if state in by_state else "", by_state=by_state,
        unread=unread, language=current(), value=naming.setting_value,
    )  # fmt: skip


@bp.route("/settings/<key>", methods=["GET", "POST"])
@require("admin.settings")
def setting(key: str) -> Any:
    """Confirm a number, or set the bureau's own, from a day on."""
    known = settings_of(me().bureau_id, today())
    if key not in known:
        abort(404)
    row, actor = known.setting(key), _myself()
    form = SettingForm(row, request.form or None, today=today())
    if request.method == "POST" and _try(form, lambda: office.confirm(actor, key, form.value(), form.values()["from_day"])):
        flash(_("Confirmed: %(name)s.", name=row.en if current() == "en" else row.zh))
        return redirect(url_for("office.settings"))
    history = db.session.execute(
        select(BureauSetting, Person.name)
        .outerjoin(Person, Person.id == BureauSetting.confirmed_by)
        .where(BureauSetting.bureau_id == me().bureau_id, BureauSetting.key == key)
        .order_by(BureauSetting.id.desc())
    ).all()
    page = render_template(
        "office/setting.html", form=form, row=row, history=history, value=naming.setting_value, language=current(),
        stored=lambda v: stored_value(row, v),
    )  # fmt: skip
    return page, 422 if request.method == "POST" else 200


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
        changed = WorkCalendar({**calendar_of(actor.bureau_id).overrides, **dict.fromkeys(days, workday)})
        moves = list(moving.moves(db.session(), actor.bureau_id, changed))
    own = db.session.scalars(
        select(CalendarDay).where(CalendarDay.bureau_id == actor.bureau_id).order_by(CalendarDay.day.desc()).limit(200)
    ).all()
    page = render_template(
        "office/calendar.html", form=form, moves=moves, own=own, moved=audit.moved(actor.bureau_id), rules=procedure().clocks,
        language=current(),
    )  # fmt: skip
    return page, 422 if request.method == "POST" and moves is None else 200


# -- audit
@bp.get("/audit")
@require("audit.see")
def audit_page() -> str:
    """Who did what when: acts on dockets, and changes of people, settings and calendar."""
    form = AuditForm(request.args)
    staff = db.session.execute(select(Person.id, Person.name).where(Person.bureau_id == me().bureau_id).order_by(Person.id))
    form.person.choices = [("", _("all")), *((str(i), name) for i, name in staff)]
    steps = sorted(procedure().steps.values(), key=lambda s: s.name.in_language(current()))
    form.step.choices = [("", _("all")), *((s.id, s.name.in_language(current())) for s in steps)]
    good = form.validate()
    acts = audit.acts(me().bureau_id, form.values()) if good else audit.Found([], None)
    changes = audit.changes(me().bureau_id, form.values()) if good else []
    return render_template(
        "office/audit.html", form=form, acts=acts, changes=changes, steps=procedure().steps, language=current(),
        verb=journal_rows.verb_word, change=change_word, detail=change_details,
    )  # fmt: skip
