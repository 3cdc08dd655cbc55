"""The archive room's pages: who may do what, two persons with a password, lists to be signed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from copy import copy
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from casework.archive import destroy, retention_rows
from casework.archive.records import Destruction, DestructionItem, Handover, Keeping
from casework.docket.models import Docket
from casework.people.may import today
from casework.people.models import Bureau, Person
from casework.procedure import retention
from casework.procedure.roles import who_may
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.demo import PASSWORD
from casework.upkeep.scenes import Ground, after, filing, tips
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM
from tests.conftest import Mould, program
from tests.support.desk import LOGINS
from tests.support.settings import confirm_setting

SignIn = Callable[[str], FlaskClient]


@pytest.fixture(scope="module")
def grown(peopled: Mould, tmp_path_factory: pytest.TempPathFactory) -> tuple[Mould, Walk]:
    """An instance with the case, made once; every test that asks for it works on a copy of its
    own."""
    made = peopled.copy(tmp_path_factory.mktemp("archived") / "instance")
    assert made.team
    with program(made):
        return made, archive(made.team, db.session.scalars(select(Bureau)).one())


@pytest.fixture
def mould(request: pytest.FixtureRequest, mould: Mould) -> Mould:
    return request.getfixturevalue("grown")[0] if "archived" in request.fixturenames else mould


@pytest.fixture
def archived(app: Flask, grown: tuple[Mould, Walk]) -> Walk:
    return copy(grown[1])


def archive(team: Team, bureau: Bureau) -> Walk:
    """A case without an informant's name, archived for thirty years, and its tip."""
    ground = Ground(bureau, team, dict(FIRM), road.later(today() - timedelta(60), 0))
    filing.filing_withdrawn(ground)
    tick()
    retention_rows.note_retention(today())
    case = db.session.scalars(select(Docket).where(Docket.stage == "archived")).one()
    return Walk(team, case.id, today())


@pytest.fixture
def ripe(archived: Walk, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """The same when its time is over: thirty years are none."""
    monkeypatch.setattr(
        retention.RetentionTerm,
        "due",
        property(lambda k: retention.NEVER if k.term == "permanent" else k.since),
    )
    with writing() as session:
        session.execute(text("DELETE FROM keeping"))
    retention_rows.note_retention(today())
    return archived


def code(walk: Walk) -> str:
    return db.session.get_one(Docket, walk.docket_id).code


def propose(client: FlaskClient, walk: Walk) -> int:
    answer = client.post(
        "/desk/archive/", data={"docket": walk.docket_id, "report": "丰统鉴〔2057〕1号"}
    )
    assert answer.status_code == 302, answer.text
    return int(answer.location.rsplit("/", 1)[1])


# -- what is shown
def test_the_docket_says_how_long_it_is_kept_and_the_list_shows_it(
    archived: Walk, sign_in: SignIn
) -> None:
    client = sign_in("clerk")
    due = date(today().year + 31, 1, 1)
    page = client.get(f"/desk/dockets/{code(archived)}").text
    assert "保管期限：30年" in page
    assert f"{due}起可鉴定" in page
    assert FIRM["name"] not in client.get("/desk/archive/").text  # nothing is due
    for which in ("all",):
        assert FIRM["name"] in client.get(f"/desk/archive/?which={which}").text
    for which in ("due", "soon", "held", "permanent"):
        assert FIRM["name"] not in client.get(f"/desk/archive/?which={which}").text
    assert 'type="checkbox"' not in client.get("/desk/archive/?which=all").text


def test_a_tip_without_a_case_is_kept_as_long_as_the_bureau_has_set(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    tips.declined(Ground(bureau, team, dict(FIRM), road.later(today() - timedelta(20), 0)))
    retention_rows.note_retention(today())
    row = db.session.scalars(select(Keeping)).one()
    assert (row.term, row.why, row.due) == ("10", "report", date(row.since.year + 11, 1, 1))
    confirm_setting(db.session.get_one(Person, team.head), "keep.report_years", "30", today())
    retention_rows.note_retention(today())
    db.session.expire_all()
    assert db.session.scalars(select(Keeping.term)).one() == "30"


def test_the_archive_step_proposes_permanent_for_an_important_case(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    ground = Ground(bureau, team, dict(FIRM), road.later(today() - timedelta(160), 0))
    after.prosecution(ground)
    case = db.session.scalars(select(Docket).where(Docket.kind == "case")).one()
    with writing() as session:
        for table, column in (("docket", "id"), ("track", "docket_id")):
            session.execute(text(f"UPDATE {table} SET stage = 'closed' WHERE {column} = {case.id}"))
    page = sign_in("clerk").get(f"/desk/dockets/{case.code}/main/archive").text
    assert "移送司法或者监察机关" in page
    assert re.search(r'value="permanent"[^>]* checked|checked[^>]* value="permanent"', page)


def test_a_hold_is_put_on_and_lifted_by_steps(ripe: Walk, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    answer = client.post(
        f"/desk/dockets/{code(ripe)}/main/hold_disposal",
        data={"hold_ground": "audit", "reason": "审计调阅。"},
    )
    assert answer.status_code == 302
    assert "暂缓处置" in client.get(f"/desk/dockets/{code(ripe)}").text
    assert FIRM["name"] in client.get("/desk/archive/?which=held").text
    refused = client.post(
        "/desk/archive/", data={"docket": ripe.docket_id, "report": "丰统鉴〔2057〕1号"}
    )
    assert refused.status_code == 422
    assert "已暂缓处置" in refused.text
    assert (
        client.post(
            f"/desk/dockets/{code(ripe)}/main/lift_hold", data={"reason": "已还。"}
        ).status_code
        == 302
    )
    assert (
        client.post(
            "/desk/archive/", data={"docket": ripe.docket_id, "report": "丰统鉴〔2057〕1号"}
        ).status_code
        == 422
    )
    # the second person
    ripe._do("lift_hold", "main", "approve", {"opinion": "同意。"}, ripe.team.head, None)
    propose(client, ripe)


def test_the_pages_speak_chinese_only(ripe: Walk, sign_in: SignIn) -> None:
    number = propose(sign_in("clerk"), ripe)
    client = sign_in("leader")
    for path in ("", "?which=all", "handover?all=1", "batches", f"batches/{number}", "destroyed"):
        body = client.get(f"/desk/archive/{path}").text.split("</head>", 1)[1]
        words = re.sub(r"<script.*?</script>|<[^>]+>|English|PDF", " ", body, flags=re.S)
        assert not re.findall(r"\b[A-Za-z]{4,}\b", words), path


# -- two persons
def test_two_persons_and_a_password(ripe: Walk, sign_in: SignIn, app: Flask) -> None:
    number = propose(sign_in("head"), ripe)
    address = f"/desk/archive/batches/{number}"
    client = sign_in("head")
    page = client.get(address).text
    assert 'name="password"' not in page
    assert client.post(address, data={"password": PASSWORD}).status_code == 422  # their own
    client = sign_in("leader")
    home = client.get("/desk/").text
    assert f'href="{address}"' in home  # whom it waits for is told
    assert 'name="password"' in client.get(address).text
    wrong = client.post(address, data={"password": "falsch"})
    assert wrong.status_code == 422
    assert "登录密码不正确" in wrong.text
    assert db.session.get_one(Destruction, number).state == "proposed"
    assert client.post(address, data={"password": PASSWORD}).status_code == 302
    assert 'http-equiv="refresh"' in client.get(address).text
    was = code(ripe)
    tick()
    page = client.get(address).text
    assert "已销毁" in page
    assert client.get(f"/desk/dockets/{was}").status_code == 404
    assert FIRM["name"] not in client.get("/desk/cases").text
    numbers = client.get("/desk/archive/destroyed").text
    for item in db.session.scalars(select(DestructionItem)):
        assert item.number in numbers
    pdf = client.get(f"{address}.pdf")
    assert pdf.data.startswith(b"%PDF")
    assert FIRM["name"] not in numbers


def test_wrong_passwords_end_the_session(ripe: Walk, sign_in: SignIn) -> None:
    number = propose(sign_in("clerk"), ripe)
    client = sign_in("leader")
    for _ in range(5):
        client.post(f"/desk/archive/batches/{number}", data={"password": "falsch"})
    # to sign-in
    assert (
        client.post(f"/desk/archive/batches/{number}", data={"password": PASSWORD}).status_code
        == 302
    )
    client = sign_in("leader")  # and there it is not judged for a while
    assert (
        client.post(f"/desk/archive/batches/{number}", data={"password": PASSWORD}).status_code
        == 429
    )
    assert db.session.get_one(Destruction, number).state == "proposed"


@pytest.mark.parametrize("role", sorted(LOGINS))
def test_only_the_right_role_proposes_confirms_and_hands_over(
    ripe: Walk, sign_in: SignIn, role: str
) -> None:
    person = db.session.get_one(Person, ripe.team.clerk)
    from casework.people.may import scope

    number = destroy.propose(
        person, scope(person, today()), [ripe.docket_id], "丰统鉴〔2057〕1号", today()
    )
    client = sign_in(LOGINS[role])
    for action, path in (
        ("archive.propose", "/desk/archive/"),
        ("archive.confirm", f"/desk/archive/batches/{number}"),
        ("archive.hand_over", "/desk/archive/handover"),
        ("archive.hand_over", "/desk/archive/handover/1"),
    ):
        allowed = role in who_may(action)
        assert (client.post(path, data={}).status_code != 403) == allowed, (role, path)
    withdrawn = client.post(f"/desk/archive/batches/{number}/withdraw")
    assert (withdrawn.status_code == 302) == (role in ("clerk", "head", "leader")), role


def test_the_list_for_the_signatures_holds_no_name(
    ripe: Walk, sign_in: SignIn, tmp_path: Path
) -> None:
    client = sign_in("clerk")
    number = propose(client, ripe)
    file = tmp_path / "list.pdf"
    file.write_bytes(client.get(f"/desk/archive/batches/{number}.pdf").data)
    printed = subprocess.run(
        ["pdftotext", "-raw", file, "-"], check=True, capture_output=True, text=True
    ).stdout
    printed = "".join(printed.split())
    assert db.session.get_one(Docket, ripe.docket_id).number in printed
    assert "档案销毁清册" in printed
    assert FIRM["name"] not in printed


# -- transfer lists
def test_a_transfer_list_is_made_printed_and_signed_for(
    archived: Walk, sign_in: SignIn, tmp_path: Path
) -> None:
    client = sign_in("clerk")
    assert FIRM["name"] not in client.get("/desk/archive/handover").text  # archived this year
    assert FIRM["name"] in client.get("/desk/archive/handover?all=1").text
    made = client.post(
        "/desk/archive/handover?all=1", data={"docket": archived.docket_id, "body": "丰都县档案馆"}
    )
    assert made.status_code == 302
    row = db.session.scalars(select(Handover)).one()
    assert re.fullmatch(r"丰统档移〔\d{4}〕1号", row.number)
    file = tmp_path / "handover.pdf"
    file.write_bytes(client.get(f"/desk/archive/handover/{row.id}.pdf").data)
    printed = subprocess.run(
        ["pdftotext", "-raw", file, "-"], check=True, capture_output=True, text=True
    ).stdout
    printed = "".join(printed.split())
    for words in ("档案移交清单", "丰都县档案馆", FIRM["name"], "30年", "何静", row.number):
        assert words in printed, words
    again = client.post(
        "/desk/archive/handover?all=1", data={"docket": archived.docket_id, "body": "丰都县档案馆"}
    )
    assert again.status_code == 422  # a file is on one list
    future = {"taker": "王馆员", "on": (today() + timedelta(1)).isoformat()}
    assert client.post(f"/desk/archive/handover/{row.id}", data=future).status_code == 422
    signed = {"taker": "王馆员", "on": today().isoformat()}
    assert client.post(f"/desk/archive/handover/{row.id}", data=signed).status_code == 302
    assert "王馆员" in client.get("/desk/archive/handover").text
    assert client.post(f"/desk/archive/handover/{row.id}", data=signed).status_code == 422


def test_a_destroyed_paper_is_still_known_as_ours(ripe: Walk, sign_in: SignIn, app: Flask) -> None:
    from casework.papers.models import Paper
    from casework.papers.verify import judge

    paper = db.session.scalars(
        select(Paper).where(Paper.docket_id == ripe.docket_id, Paper.number != "")
    ).first()
    assert paper
    number, short, data = (
        paper.number,
        paper.short_code,
        app.extensions["sealed_store"].read(paper.stored),
    )
    assert judge(db.session(), data).result == "unchanged"
    batch = propose(sign_in("clerk"), ripe)
    client = sign_in("leader")
    client.post(f"/desk/archive/batches/{batch}", data={"password": PASSWORD})
    tick()
    assert judge(db.session(), data).result == "destroyed"
    assert "存档文本保管期满" in client.get(f"/check?number={number}&code={short}").text
