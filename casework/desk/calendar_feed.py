"""日历订阅: one's own deadlines and hearings for the calendar of a telephone, under an address that
only its owner knows and can take back.

The address opens without signing in, as calendars ask for it. So it says numbers and steps, and
names a respondent only where the bureau has switched that on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask_babel import force_locale

from casework.desk import naming, work
from casework.desk.context import me
from casework.docket import my_work
from casework.docket.my_work import Reader
from casework.people import calendar_address
from casework.people.facts import settings_of
from casework.people.may import require, scope, today
from casework.people.models import Bureau, Person
from casework.store import db, utcnow
from casework.web.calendar_file import MEDIA_TYPE, Event, calendar_file

NAMES = "calendar.names"  # the setting by which respondents are named
PAST = timedelta(30)  # what was due longer ago is in no calendar
bp = Blueprint("calendar", __name__)


@bp.get("/calendar/<key>.ics")
def feed(key: str) -> Response:
    """The calendar behind an address. 404 for one that is none, or was taken back."""
    person = calendar_address.owner(key) or abort(404)
    bureau = db.session.get_one(Bureau, person.bureau_id)
    with force_locale(person.language):
        data = calendar_file(bureau.name, events(person, today()), utcnow())
    return Response(data, content_type=MEDIA_TYPE)


def events(person: Person, day: date) -> Iterator[Event]:
    """What waits for the person with a day, and the deadlines of the dockets assigned to them."""
    reader = Reader(scope(person, day), person.role_names(day))
    named, session, since = settings_of(person.bureau_id, day).on(NAMES), db.session(), day - PAST
    known = set()
    for row in my_work.dated(session, reader, since):
        known.add((row.docket_id, row.due))
        uid = f"turn-{row.docket_id}-{row.place}"
        yield Event(uid, row.due, _words(row, work.what(row), named))
    for row in my_work.deadlines(session, reader, since):
        if (row.docket_id, row.due) not in known:
            yield Event(f"clock-{row.id}", row.due, _words(row, naming.clock_name(row.rule), named))


def _words(row: Any, what: str, named: bool) -> str:
    return " ".join(filter(None, (row.number, what, row.title if named else "")))


@bp.post("/desk/office/me/calendar")
@require("self.see")
def make() -> Any:
    """A new address, shown this once."""
    key = calendar_address.make(_myself())
    address = url_for("calendar.feed", key=key, _external=True)
    return render_template("office/calendar_address.html", address=address)


@bp.post("/desk/office/me/calendar/end")
@require("self.see")
def end() -> Any:
    """The address is taken back."""
    calendar_address.take_back(_myself())
    return redirect(url_for("office.myself"))


def _myself() -> Person:
    return db.session.get_one(Person, me().id)
