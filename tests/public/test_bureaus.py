"""Several bureaus in one program: each has its own public pages, people, numbers and lists, and
none sees another's."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.disclosure.models import DisclosureEntry
from casework.docket.models import Docket
from casework.people import passwords
from casework.people.may import today
from casework.people.models import Bureau, Person, Township
from casework.store import db, writing
from casework.upkeep.demo import PASSWORD
from casework.upkeep.walk import Team
from tests.support.desk import SignIn
from tests.support.public import TIP, code_of, hidden


def sent(client: FlaskClient, where: str, **more: str) -> str:
    """A tip from the blank form to the receipt, going where the pages themselves lead."""
    page = client.get(f"/report{where}").text
    for action in ("preview", ""):
        target = re.search(r'<form method="post" action="([^"]+)"', page)
        assert target
        fields = {
            **TIP,
            **more,
            "action": action,
            "token": hidden(page, "token"),
            "draft": hidden(page, "draft"),
        }
        if 'name="seen"' in page:
            fields["seen"] = hidden(page, "seen")
        page = client.post(target[1].replace("&amp;", "&"), data=fields).text
    return page


@pytest.mark.parametrize("path", ["/", "/report", "/progress", "/list"])
def test_where_there_are_several_one_is_asked_which(
    second: Bureau, client: FlaskClient, path: str
) -> None:
    page = client.get(path).text
    assert "哪个统计局" in page
    for code, name in (("fengdu", "丰都县统计局"), ("wanzhou", "万州区统计局")):
        assert f'href="{path}?bureau={code}">{name}' in page
        assert name in client.get(f"{path}?bureau={code}").text.split("</header>")[0]


def test_with_one_bureau_nobody_is_asked(team: Team, client: FlaskClient) -> None:
    assert "哪个统计局" not in client.get("/report").text


def test_an_unknown_bureau_is_no_page(second: Bureau, client: FlaskClient) -> None:
    assert client.get("/report?bureau=nowhere").status_code == 404


def test_pages_that_belong_to_nobody_name_no_bureau(second: Bureau, client: FlaskClient) -> None:
    for path in ("/check", "/signin", "/nothing-here"):
        page = client.get(path).text
        assert "丰都县统计局" not in page
        assert "万州区统计局" not in page


def test_a_tip_goes_to_the_bureau_whose_form_it_was(
    second: Bureau, team: Team, client: FlaskClient
) -> None:
    form = client.get("/report?bureau=wanzhou").text
    assert "高笋塘街道" in form
    assert "三合街道" not in form
    page = sent(client, "?bureau=wanzhou", township="500101001")
    assert "万统线〔" in page
    docket = db.session.scalars(select(Docket)).one()
    assert docket.bureau_id == second.id
    sent(client, "?bureau=fengdu")
    assert sorted(db.session.scalars(select(Docket.bureau_id))) == sorted(
        [team.bureau_id, second.id]
    )
    numbers = list(db.session.scalars(select(Docket.number)))
    assert len({n.split("〔")[0] for n in numbers}) == 2
    assert all(n.endswith("〕1号") for n in numbers)
    assert code_of(page)


def test_the_language_stays_with_the_bureau(second: Bureau, client: FlaskClient) -> None:
    page = client.get("/report?bureau=wanzhou&lang=en").text
    assert "What happened" in page
    for link in re.findall(r'href="(/(?:progress|list|report)[^"]*)"', page):
        assert "bureau=wanzhou" in link
        assert "lang=" in link
    assert (
        '<input type="hidden" name="bureau" value="wanzhou">'
        in client.get("/list?bureau=wanzhou&lang=en").text
    )
    assert (
        '<input type="hidden" name="lang" value="en">'
        in client.get("/check?bureau=wanzhou&lang=en").text
    )


def test_progress_is_that_of_the_tip_whatever_the_address_says(
    second: Bureau, client: FlaskClient
) -> None:
    code = code_of(sent(client, "?bureau=wanzhou"))
    token = hidden(client.get("/progress?bureau=fengdu").text, "token")
    page = client.post("/progress?bureau=fengdu", data={"token": token, "code": code}).text
    assert "万州区统计局" in page.split("</header>")[0]


def test_each_list_shows_its_own_entries(second: Bureau, team: Team, client: FlaskClient) -> None:
    sent(client, "?bureau=fengdu")
    docket = db.session.scalars(select(Docket)).one()
    with writing() as session:
        session.add(
            DisclosureEntry(
                bureau_id=team.bureau_id,
                docket_id=docket.id,
                track="publication-1",
                kind="penalty",
                name="丰都某某公司",
                state="shown",
                fields={},
                shown_from=today() - timedelta(1),
                shown_until=today() + timedelta(90),
            )
        )
    assert "丰都某某公司" in client.get("/list?bureau=fengdu").text
    assert "丰都某某公司" not in client.get("/list?bureau=wanzhou").text


def test_the_new_bureau_has_an_administrator_and_sees_nothing_of_the_first(
    second: Bureau, team: Team, client: FlaskClient, sign_in: SignIn
) -> None:
    sent(client, "?bureau=fengdu")
    docket = db.session.scalars(select(Docket)).one()
    with writing() as session:
        admin = session.scalars(select(Person).where(Person.login == "admin-wanzhou")).one()
        admin.must_change, admin.password_hash = False, passwords.hashed(PASSWORD)
    desk = sign_in("admin-wanzhou")
    page = desk.get("/desk/office/people").text
    assert "admin-wanzhou" in page
    assert "clerk" not in page
    assert desk.get(f"/desk/reports/{docket.code}").status_code in (403, 404)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["bureau", "add", "Wan", "x", "--prefix", "x"], "small letters"),
        (
            ["bureau", "add", "other", "丰都县统计局", "--prefix", "他统"],
            "«丰都县统计局» is taken already",
        ),
        (["bureau", "add", "other", "别处统计局", "--prefix", "丰统"], "«丰统» is taken already"),
        (
            ["bureau", "add", "other", "别处统计局", "--prefix", "别统", "--area", "5001"],
            "six digits",
        ),
    ],
)
def test_what_would_be_mistaken_for_another_is_refused(
    app: Flask, team: Team, words: list[str], said: str
) -> None:
    done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 1
    assert said in done.output
    assert len(list(db.session.scalars(select(Bureau)))) == 1


def test_townships_are_added_and_renamed_or_nothing_changes(
    app: Flask, team: Team, second: Bureau, tmp_path: Path
) -> None:
    file, runner = tmp_path / "towns.csv", app.test_cli_runner()
    file.write_text("500101002,太白岩街道\n500101003,牌楼街道\n", "utf-8")
    assert "2 townships" in runner.invoke(args=["bureau", "townships", "wanzhou", str(file)]).output
    file.write_text("500101004,龙都街道\n500230001,三合街道\n", "utf-8")
    done = runner.invoke(args=["bureau", "townships", "wanzhou", str(file)])
    assert "another bureau's" in done.output
    db.session.rollback()
    names = set(db.session.scalars(select(Township.name).where(Township.bureau_id == second.id)))
    assert names == {"高笋塘街道", "太白岩街道", "牌楼街道"}


def test_another_county_begins_with_townships_of_its_own(
    app: Flask, team: Team, client: FlaskClient, tmp_path: Path
) -> None:
    file, runner = tmp_path / "towns.csv", app.test_cli_runner()
    file.write_text("500101001,高笋塘街道\n", "utf-8")
    assert runner.invoke(args=["bureau", "townships", "fengdu", str(file), "--only"]).exit_code == 0
    page = client.get("/report").text
    assert "高笋塘街道" in page
    assert "虎威镇" not in page
    sent(client, "")
    done = runner.invoke(args=["bureau", "townships", "fengdu", str(file), "--only"])
    assert "there are tips or units already" in done.output


def test_commands_ask_for_the_name_where_there_are_several(
    app: Flask, second: Bureau, tmp_path: Path
) -> None:
    runner, file = app.test_cli_runner(), tmp_path / "units.csv"
    file.write_text("单位名称,统一社会信用代码\n", "utf-8")
    for words in (
        ["units", "import", str(file)],
        ["papers", "poster", str(tmp_path / "p.pdf"), "--url", "https://x.example"],
    ):
        assert "name one with --bureau" in runner.invoke(args=words).output
        assert runner.invoke(args=[*words, "--bureau", "wanzhou"]).exit_code == 0
    assert runner.invoke(args=["bureau", "list"]).output.split() == [
        "fengdu",
        "丰都县统计局",
        "wanzhou",
        "万州区统计局",
    ]
