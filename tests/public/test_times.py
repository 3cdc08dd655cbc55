"""Nothing that is kept says when somebody sat at a computer: times of anonymous web tips are
rounded wherever they stand."""

import io
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.docket.models import Docket
from casework.docket.work import Mobilisation
from casework.people.models import Township
from casework.store import db, utcnow
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from casework.web.filters import SHANGHAI, local
from tests.support.desk import SignIn
from tests.support.public import Person, code_of, hidden, picture, setting


@pytest.fixture
def person(team: Team, client: FlaskClient) -> Person:
    setting(team, "tip.rounding", 1440)
    return Person(client)


def times() -> dict[str, datetime]:
    """Every time of the last three days that stands in the database; settings, staff and the last
    round of time are none of the informant's."""
    db.session.rollback()
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name in (
            "bureau_setting",
            "person",
            "staff_session",
            "office_entry",
            "last_round",
        ):
            continue
        for row in db.session.execute(select(table)).mappings():
            found |= {
                f"{table.name}.{name}": value
                for name, value in row.items()
                if isinstance(value, datetime) and value > utcnow() - timedelta(days=3)
            }
    return found


def to_the_day(at: datetime) -> bool:
    return local(at).endswith(" 00:00") and at.astimezone(SHANGHAI).second == 0


def test_neither_tip_nor_file_nor_answer_nor_notice_has_a_time_of_day(person: Person) -> None:
    person.post("upload", [(picture(), "a.jpg")])
    person.post("preview")
    code = code_of(person.send()[1])
    tick()
    answer = {"token": person.fixed["token"], "code": code, "action": "answer", "text": "三月"}
    files = {"files": (io.BytesIO(picture()), "b.jpg")}
    assert (
        person.client.post(
            "/progress", data={**answer, **files}, content_type="multipart/form-data"
        ).status_code
        == 200
    )
    tick()
    found = times()
    assert {
        "docket.updated_at",
        "act.at",
        "attachment.at",
        "message.at",
        "notice.at",
        "outbox.done_at",
    } <= set(found)
    assert {name: at for name, at in found.items() if not to_the_day(at)} == {}


def test_the_notice_of_the_refusal_that_fills_the_measure_has_none_either(
    person: Person, team: Team
) -> None:
    setting(team, "noncoop.threshold", 1)
    town = db.session.scalars(select(Township.code).limit(1)).one()
    person.post("preview", kinds="refusal", township=town)
    person.send()
    tick()
    assert db.session.query(Mobilisation).count() == 1
    assert {name: at for name, at in times().items() if not to_the_day(at)} == {}


def test_what_staff_read_of_it_names_the_day_alone(person: Person, sign_in: SignIn) -> None:
    person.post("upload", [(picture(), "a.jpg")])
    person.post("preview")
    code = code_of(person.send()[1])
    ask = {"token": hidden(person.client.get("/progress").text, "token"), "code": code}
    person.client.post("/progress", data={**ask, "action": "answer", "text": "三月"})
    tick()
    docket = db.session.scalars(select(Docket)).one()
    clerk, now = sign_in("clerk"), utcnow()
    minutes = {local(now - timedelta(minutes=n)) for n in range(10)}
    for path in (
        "/desk/",
        f"/desk/dockets/{docket.code}",
        f"/desk/dockets/{docket.code}/messages",
        "/desk/reports",
    ):
        page = clerk.get(path, follow_redirects=True).text
        assert not [m for m in minutes if not m.endswith("00:00") and m in page], path
