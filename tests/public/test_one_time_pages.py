"""A page that answers a post has an address of its own for some minutes: the browser keeps no post,
and nothing else does."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.intake.receive import Received, receive
from casework.people.models import Bureau
from casework.public import one_time_pages
from casework.store import utcnow
from casework.upkeep.walk import Team
from tests.support.public import TIP, Person, code_of, hidden, setting

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NARRATIVE = "三月少报四百万元\r\n账在二楼😀"
EXIT = re.compile(r'id="exit" href="https://www\.weather\.com\.cn/" rel="noreferrer noopener"')
NAME = "<title>丰都县统计局</title>"


@pytest.fixture
def report(team: Team, bureau: Bureau) -> Received:
    return receive(
        bureau,
        {
            "channel": "web",
            "subject": "某公司",
            "subject_kind": "enterprise",
            "narrative": "虚报产值",
        },
    )


def posted(client: FlaskClient, path: str, fields: dict[str, str]) -> TestResponse:
    """As a browser posts it: the redirect."""
    return client.post(path, data=fields, headers=BROWSER)


def preview(client: FlaskClient) -> TestResponse:
    fixed = Person(client).fixed
    return posted(client, "/report", {**TIP, **fixed, "narrative": NARRATIVE, "action": "preview"})


def test_every_page_of_the_walk_that_answers_a_post_is_handed_over(
    report: Received, client: FlaskClient, app: Flask
) -> None:
    token = hidden(client.get("/progress").text, "token")
    known = {"token": token, "code": report.code, "number": report.number}
    seen = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in ("public", "receipts") and "POST" in (
            rule.methods or ()
        ):
            for fields in (known, {}):
                answer = posted(client, rule.rule, fields)
                if answer.mimetype == "application/pdf":
                    continue
                assert (answer.status_code, rule.rule) == (303, rule.rule)
                assert report.code not in str(answer.headers)
                page = client.get(answer.location)
                assert page.status_code != 410
                assert page.headers["Cache-Control"] == "no-store"
                assert NAME in page.text, rule.rule
                seen.add(rule.rule)
    assert {
        "/report",
        "/report/send",
        "/progress",
        "/receipt/check",
        "/receipt/slip",
        "/receipt/change",
    } <= seen


def test_what_is_handed_over_is_the_page_with_its_status(team: Team, client: FlaskClient) -> None:
    asked = {**TIP, **Person(client).fixed, "narrative": "", "action": "preview"}
    at_once, later = client.post("/report", data=asked), posted(client, "/report", asked)
    page = client.get(later.location)
    assert (at_once.status_code, page.status_code) == (422, 422)
    assert hidden(page.text, "draft") == hidden(at_once.text, "draft")
    assert "请写明反映的具体问题" in page.text


def test_the_slip_keeps_its_own_policy(report: Received, client: FlaskClient) -> None:
    token = hidden(client.get("/progress").text, "token")
    answer = posted(
        client, "/receipt/slip", {"token": token, "code": report.code, "number": report.number}
    )
    assert "img-src data:" in client.get(answer.location).headers["Content-Security-Policy"]


def test_after_ten_minutes_the_address_opens_nothing(team: Team, client: FlaskClient) -> None:
    address = preview(client).location
    for minutes, status in ((0, 200), (9, 200), (11, 410)):
        with time_machine.travel(utcnow() + timedelta(minutes=minutes)):
            page = client.get(address)
        assert page.status_code == status
        assert ("三月少报" in page.text) == (status == 200)
    assert "十分钟" in page.text
    assert NAME in page.text


def test_who_leaves_takes_the_page_along(report: Received, client: FlaskClient) -> None:
    token = hidden(client.get("/progress").text, "token")
    address = posted(client, "/progress", {"token": token, "code": report.code}).location
    leaving = client.get(address).text.partition('action="/leave"')[2]
    answer = client.post("/leave", data={"token": hidden(leaving, "token")})
    assert answer.status_code == 303
    assert client.get(address).status_code == 410
    left = client.get(answer.location)
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "历史记录" in left.text
    assert client.post("/leave", data={"token": "../../x"}).status_code == 303


def test_who_leaves_takes_the_whole_walk_along(report: Received, client: FlaskClient) -> None:
    """Each page answers the form of the page before, the first of them an ordinary one."""
    known, addresses = {"code": report.code, "number": report.number}, []
    token = hidden(client.get("/progress").text, "token")
    for path in ("/progress", "/receipt/check", "/receipt/check"):
        addresses.append(posted(client, path, {**known, "token": token}).location)
        token = hidden(client.get(addresses[-1]).text, "token")
    other = posted(
        client, "/progress", {**known, "token": hidden(client.get("/progress").text, "token")}
    ).location
    assert client.post("/leave", data={"token": token}).status_code == 303
    assert [client.get(address).status_code for address in addresses] == [410, 410, 410]
    assert client.get(other).status_code == 200


def test_who_leaves_takes_all_walks_of_the_tab_along(team: Team, client: FlaskClient) -> None:
    addresses = [preview(client).location, preview(client).location]
    tokens = [hidden(client.get(address).text, "token") for address in addresses]
    assert client.post("/leave", data={"token": tokens}).status_code == 303
    assert [client.get(address).status_code for address in addresses] == [410, 410]


def test_a_token_that_is_not_ours_takes_nothing_along(team: Team, client: FlaskClient) -> None:
    address = preview(client).location
    token = hidden(client.get(address).text, "token")
    assert client.post("/leave", data={"token": token[:-2] + "AA"}).status_code == 303
    assert client.get(address).status_code == 200


def test_a_guessed_name_opens_nothing(team: Team, client: FlaskClient) -> None:
    walk, name = preview(client).location.split("/")[-2:]
    for other in (name[:-1] + "A", name.swapcase(), "..", "x" * 300):
        assert client.get(f"/page/{walk}/{other}").status_code in (404, 410)
        assert client.get(f"/page/{other}/{name}").status_code in (404, 410)


def test_nothing_of_a_page_lies_in_clear_or_on_the_disk(
    team: Team, client: FlaskClient, app: Flask
) -> None:
    address = preview(client).location
    assert "三月少报" in client.get(address).text
    files = [
        f
        for folder in (app.config["MEMORY_FOLDER"], app.instance_path)
        for f in Path(folder).rglob("*")
        if f.is_file()
    ]
    everything = b"".join(f.read_bytes() + f.name.encode() for f in files)
    for marker in ("三月少报", address.rpartition("/")[2]):
        assert marker.encode() not in everything
    pages = [f for f in files if "-pages" in str(f)]
    assert [f.stat().st_mode & 0o777 for f in pages] == [0o600]
    assert all(Path(app.config["MEMORY_FOLDER"]) in f.parents for f in pages)


def test_without_a_memory_folder_this_process_holds_it(
    team: Team, client: FlaskClient, app: Flask
) -> None:
    app.config["MEMORY_FOLDER"] = "/nowhere"
    address = preview(client).location
    assert client.get(address).status_code == 200
    with time_machine.travel(utcnow() + timedelta(minutes=11)):
        one_time_pages.sweep()
    assert app.extensions["pages handed over"] == {}


def test_where_there_is_no_room_the_page_comes_at_once(
    team: Team, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_time_pages, "ROOM", 1000)
    answer = preview(client)
    assert answer.status_code == 200
    assert "三月少报" in answer.text


def test_a_program_gets_its_page_at_once(team: Team, client: FlaskClient) -> None:
    asked = {**TIP, **Person(client).fixed, "action": "preview"}
    assert client.post("/report", data=asked, headers={"Accept": "*/*"}).status_code == 200


# -- what every page of the walk has
def test_every_page_has_a_plain_title_and_a_quick_way_out(
    team: Team, client: FlaskClient, app: Flask
) -> None:
    rooms, seen = ("public", "receipts", "handed"), 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in rooms and "GET" in (rule.methods or ()):
            page = client.get(re.sub("<.*?>", "x", rule.rule)).text
            seen += 1
            assert NAME in page, rule.rule
            assert EXIT.search(page), rule.rule
    assert seen >= 5
    assert NAME in client.get("/no-such-page").text


@pytest.mark.parametrize(
    ("own", "shown"),
    [
        ("https://www.example.cn/a?b=1", "https://www.example.cn/a?b=1"),
        ("javascript:alert(1)", "https://www.weather.com.cn/"),
        ("", "https://www.weather.com.cn/"),
        ("http://x.cn/", "https://www.weather.com.cn/"),
    ],
)
def test_the_bureau_chooses_where_it_leads(
    team: Team, client: FlaskClient, own: str, shown: str
) -> None:
    client.get("/report")  # drawn once before
    setting(team, "public.exit", own)
    for path in ("/", "/report", "/progress"):
        assert f'id="exit" href="{shown}"' in client.get(path).text


def test_advice_stands_where_people_arrive_and_names_tor_only_where_it_leads_somewhere(
    team: Team, client: FlaskClient
) -> None:
    person = Person(client)
    person.post("preview")
    receipt = person.send()[1]
    assert code_of(receipt)
    for page in (client.get("/").text, client.get("/report").text, receipt):
        for words in ("自己的手机", "手机流量", "无痕窗口", "历史记录"):
            assert words in page
        assert "Tor" not in page
    setting(team, "public.onion", "a" * 56 + ".onion")
    for path in ("/", "/report"):
        assert "a" * 56 + ".onion" in client.get(path).text
