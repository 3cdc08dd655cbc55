"""Files that come with a step: never lost by a mistake elsewhere on the page, and proved by the
journal."""

import io
import re
from collections.abc import Callable

import pytest
from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.acts.facts import gather
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.models import Docket
from casework.evidence.models import Attachment
from casework.people.may import today
from casework.store import db
from casework.upkeep.walk import Walk
from tests.support.desk import code

SignIn = Callable[[str], FlaskClient]
GOOD = {
    "kind": "written",
    "title": "记账凭证复印件",
    "source": "企业档案室",
    "proves": "应收账款实际数",
}


@pytest.fixture
def free(docketed: tuple[Walk, Walk]) -> Walk:
    """The case, filed, with nothing waiting."""
    case = docketed[1]
    perform(
        Intent(
            case.docket_id,
            "file",
            case.team.leader,
            today(),
            "main",
            "approve",
            {"opinion": "同意。"},
        )
    )
    return case


def _url(case: Walk) -> str:
    return f"/desk/dockets/{code(case)}/main/add_evidence"


def _data(**more: object) -> dict[str, object]:
    return {"on": today().isoformat(), **GOOD, **more}


def _kept(page: str) -> str:
    found = re.search(r'name="kept" value="([^"]*)"', page)
    assert found
    return found[1]


def test_a_file_outlives_a_mistake_and_joins_the_act(free: Walk, sign_in: SignIn) -> None:
    case, client = free, sign_in("officer1")
    wrong = client.post(
        _url(case), data=_data(title="", files=(io.BytesIO("凭证".encode()), "凭证.txt"))
    )
    assert wrong.status_code == 422
    assert "凭证.txt" in wrong.text
    assert db.session.query(Attachment).count() == 0
    page = client.post(_url(case), data=_data(kept=_kept(wrong.text)), follow_redirects=True)
    assert "凭证.txt" in page.text
    row = db.session.scalars(select(Attachment)).one()
    facts = gather(
        db.session(), current_app.extensions["vault"], db.session.get_one(Docket, case.docket_id)
    )
    act = next(a for a in facts.acts if a.step == "add_evidence")
    assert (row.seq, row.docket_id, row.from_informant) == (act.seq, case.docket_id, False)
    assert act.files == ({"title": "凭证.txt", "sha256": row.sha256, "sm3": row.sm3},)
    assert client.get(f"/desk/files/{row.id}").data.decode() == "凭证"


def test_a_file_can_be_taken_off_again(free: Walk, sign_in: SignIn) -> None:
    case, client = free, sign_in("officer1")
    page = client.post(
        _url(case), data=_data(action="upload", files=(io.BytesIO(b"text of a page"), "a.txt"))
    )
    assert page.status_code == 200
    stored = re.search(r'name="remove" value="([^"]+)"', page.text)
    assert stored
    client.post(_url(case), data=_data(kept=_kept(page.text), remove=stored[1]))
    assert db.session.query(Attachment).count() == 0


def test_what_is_refused_is_said_and_nothing_is_written(free: Walk, sign_in: SignIn) -> None:
    case, client = free, sign_in("officer1")
    before = db.session.get_one(Docket, case.docket_id).last_seq
    page = client.post(_url(case), data=_data(files=(io.BytesIO(b""), "空.txt")))
    assert page.status_code == 422
    assert "空.txt" in page.text
    assert db.session.get_one(Docket, case.docket_id).last_seq == before


def test_a_field_of_another_person_or_docket_brings_nothing(free: Walk, sign_in: SignIn) -> None:
    case = free
    page = sign_in("officer1").post(
        _url(case), data=_data(action="upload", files=(io.BytesIO(b"text of a page"), "a.txt"))
    )
    taken = sign_in("officer2").post(_url(case), data=_data(kept=_kept(page.text)))
    assert taken.status_code == 302
    assert db.session.query(Attachment).count() == 0


def test_a_conflict_keeps_the_files(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    report, client = docketed[0], sign_in("clerk")
    seen = db.session.get_one(Docket, report.docket_id).last_seq
    report.take("answer_informant", {"text": "已受理，正在核查。", "final": "no", "internal": ""})
    data = {
        "on": today().isoformat(),
        "seen": str(seen),
        "text": "我的答复",
        "final": "no",
        "internal": "",
        "files": (io.BytesIO(b"text of a page"), "底稿.txt"),
    }
    answer = client.post(f"/desk/dockets/{code(report)}/report/answer_informant", data=data)
    assert answer.status_code == 409
    assert "底稿.txt" in answer.text
    assert _kept(answer.text)


def test_a_failed_act_leaves_no_file(docketed: tuple[Walk, Walk]) -> None:
    """The rows of files are of the act's own transaction."""
    from casework.acts.errors import NotDone
    from casework.evidence.uploads import Upload

    case = docketed[1]
    upload = Upload("x.txt", "text/plain", 1, "0" * 64, "0" * 64, "none")
    intent = Intent(
        case.docket_id, "close", case.team.officers[0], today(), "main", "take", {}, None, (upload,)
    )
    try:
        perform(intent)
    except NotDone:
        pass
    else:
        raise AssertionError("closing so early must be refused")
    assert db.session.query(Attachment).count() == 0


def test_home_names_what_waits_and_the_docket_who_is_waited_for(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
) -> None:
    case = docketed[1]
    home = sign_in("leader").get("/desk/").text
    assert "审批：立案" in home
    assert f"/desk/dockets/{code(case)}/proposals/" in home
    assert "/proposals/" not in sign_in("officer1").get("/desk/").text
    client = sign_in("leader")
    seq = re.search(r"/proposals/(\d+)", home)
    assert seq
    client.post(
        f"/desk/dockets/{code(case)}/proposals/{seq[1]}",
        data={"verb": "return", "opinion": "补充理由"},
    )
    page = client.get(f"/desk/dockets/{code(case)}").text
    assert "等待他人办理" in page
    assert re.search(r"立案 <span>— [^<]*秦岚", page)
