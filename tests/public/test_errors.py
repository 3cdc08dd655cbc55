"""Every error renders a page of the house, in the language of the person, and says what to do next;
none is a dead end."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from casework.people import signin
from casework.store import db, utcnow
from casework.upkeep.walk import Team
from casework.web.errors import PAGES, refuse
from tests.support.desk import SignIn

NEXT = {  # what the person reads as their next step
    400: ("重新打开表单", "open the form again"),
    403: ("联系管理员", "ask your administrator"),
    404: ("首页", "first page"),
    405: ("首页", "first page"),
    409: ("返回", "Go back"),
    410: ("首页", "first page"),
    413: ("减少", "fewer or smaller"),
    422: ("返回", "Go back"),
    429: ("几分钟", "a few minutes"),
    500: ("编号", "number below"),
    503: ("几分钟", "a few minutes"),
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def client(app: Flask, client: FlaskClient) -> FlaskClient:
    """With pages that fail in every way, on the public side and on the desk."""

    def boom(code: int) -> str:
        if code == 500:
            raise ZeroDivisionError("a secret of the program")
        if code == 503:
            raise OperationalError("SELECT secret", {}, Exception("database is locked"))
        abort(code)

    for side in ("", "/desk"):
        app.add_url_rule(f"{side}/boom/<int:code>", f"boom{side}", boom)
    app.add_url_rule("/reason", "reason", lambda: refuse(409, "Your role does not allow this."))
    return client


def main(page: str) -> str:
    return re.sub(r"<[^>]+>", " ", page.split('<main id="main">', 1)[1].split("</main>", 1)[0])


@pytest.mark.parametrize("side", ["", "/desk"])
@pytest.mark.parametrize("code", PAGES)
def test_each_error_is_a_page_of_the_house(
    team: Team, client: FlaskClient, code: int, side: str
) -> None:
    for lang, wanted in zip(("zh", "en"), NEXT[code], strict=True):
        answer = client.get(f"{side}/boom/{code}?lang={lang}")
        assert answer.status_code == code
        assert "casework.css" in answer.text
        assert "Content-Security-Policy" in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        said = main(answer.text)
        # whoever works here goes back to the desk
        at_work = {"首页": "工作台", "first page": "back to your desk"}
        assert (at_work.get(wanted, wanted) if side else wanted) in said, said
        assert f'class="button" href="{side or ""}/"' in answer.text
        assert "023-0000 0000" in said
        assert "secret" not in answer.text
        title = re.search(r"<title>([^<·]+)", answer.text)
        assert title
        if side:
            assert bool(CHINESE.search(title[1])) == (lang == "zh")
        else:  # a browser's history says nothing of what an informant met
            assert "<title>丰都县统计局</title>" in answer.text
            assert 'id="exit"' in answer.text
        if lang == "en":
            assert not CHINESE.search(said.replace("：", "")), said


@pytest.mark.parametrize("code", [429, 503])
def test_programs_learn_when_to_ask_again(team: Team, client: FlaskClient, code: int) -> None:
    assert int(client.get(f"/boom/{code}").headers["Retry-After"]) >= 60


def test_a_reason_is_said_in_words(team: Team, client: FlaskClient) -> None:
    assert "您的角色没有这项权限" in client.get("/reason").text


@pytest.mark.parametrize(
    ("method", "path", "headers", "code"),
    [
        ("get", "/nothing/here", {}, 404),
        ("post", "/", {}, 405),
        ("post", "/report", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("post", "/report", {"Origin": "http://[bad"}, 403),
        ("get", "/list/1?number=x&lang=en", {}, 404),
        ("get", "/desk/dockets/C1900-1", {}, 302),
    ],
)
def test_what_people_run_into(
    team: Team, client: FlaskClient, method: str, path: str, headers: dict[str, str], code: int
) -> None:
    answer = getattr(client, method)(path, headers=headers)
    assert answer.status_code == code
    if code == 405:
        assert "GET" in answer.headers["Allow"]
    if code != 302:
        assert 'class="button"' in answer.text


def test_too_large_is_said_before_it_is_read(team: Team, app: Flask, client: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = client.post("/check", data={"narrative": "x" * 2000})
    assert answer.status_code == 413
    assert NEXT[413][0] in main(answer.text)


# -- sessions
def test_who_was_away_reads_why_and_comes_back(
    team: Team, client: FlaskClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in("officer1")
    later = utcnow() + timedelta(hours=2)
    monkeypatch.setattr(signin, "utcnow", lambda: later)
    answer = client.get("/desk/cases?stage=verify", follow_redirects=True)
    assert "离开超过一小时" in answer.text
    assert 'name="next" value="/desk/cases?stage=verify"' in answer.text


def test_a_form_sent_after_the_session_leads_to_sign_in(
    team: Team, app: Flask, client: FlaskClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in("clerk")
    app.config["WTF_CSRF_ENABLED"] = True
    later = utcnow() + timedelta(hours=2)
    monkeypatch.setattr(signin, "utcnow", lambda: later)
    answer = client.post("/desk/reports/new", data={"csrf_token": "stale"})
    assert answer.status_code == 400
    assert "本表单已经失效" in answer.text
    assert 'href="/signin?next=/desk/reports/new"' in answer.text
    assert "重新登录" in main(answer.text)


def test_what_was_typed_before_the_session_ended_is_sent_after_signing_in(
    team: Team, app: Flask, client: FlaskClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clerk took a call down and was called away: the tip is registered with two more clicks, not
    typed again."""
    sign_in("clerk")
    typed = {
        "channel": "visit",
        "subject": "某某公司",
        "narrative": "来访人说少报<产值>",
        "subject_kind": "enterprise",
    }
    app.config["WTF_CSRF_ENABLED"] = True
    real, later = signin.utcnow, utcnow() + timedelta(hours=2)
    monkeypatch.setattr(signin, "utcnow", lambda: later)
    page = client.post("/desk/reports/new", data={"csrf_token": "stale", **typed}).text
    assert "您填写的内容仍在本页" in page
    monkeypatch.setattr(signin, "utcnow", real)
    app.config["WTF_CSRF_ENABLED"] = False
    sign_in("clerk")
    app.config["WTF_CSRF_ENABLED"] = True
    for _ in range(2):
        form = page.split('action="/desk/reports/new"')[1]
        kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
        assert html.unescape(kept["narrative"]) == typed["narrative"]
        answer = client.post(
            "/desk/reports/new", data={k: html.unescape(v) for k, v in kept.items()}
        )
        page = answer.text
        if answer.status_code != 400:
            break
    assert answer.status_code in (200, 302, 422)
    assert "本表单已经失效" not in page
    if answer.status_code == 422:  # another field is missing: what was typed stands in the form
        assert "来访人说少报&lt;产值&gt;" in page


@pytest.mark.parametrize("path", ["/desk/office/password", "/desk/custody/"])
def test_a_page_with_secrets_never_keeps_what_was_typed(
    app: Flask, team: Team, client: FlaskClient, sign_in: SignIn, path: str
) -> None:
    sign_in("custodian")
    app.config["WTF_CSRF_ENABLED"] = True
    assert (
        "geheim-123"
        not in client.post(path, data={"csrf_token": "stale", "password": "geheim-123"}).text
    )


# -- the database
def test_a_database_that_does_not_answer_still_gives_a_page(
    team: Team, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even the bureau's name can be read: the bare page speaks both languages and asks
    nothing."""

    def fail(*_args: object, **_kw: object) -> None:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr(type(db.session()), "execute", fail)
    monkeypatch.setattr(type(db.session()), "scalars", fail)
    monkeypatch.setattr(type(db.session()), "connection", fail)
    answer = client.get("/boom/503")
    assert answer.status_code == 503
    assert 'class="button"' in answer.text
    for words in ("请过几分钟再试", "try again in a few minutes"):
        assert words in answer.text
    assert re.search(r"<strong>[0-9a-f]{8}</strong>", answer.text)
    assert "{number}" not in answer.text


def test_a_full_disk_is_told_as_busy(
    team: Team, client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload that finds no room: nothing was taken, and later it may go."""

    def full(*_args: object, **_kw: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(app.view_functions, "public.home", full)
    answer = client.get("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
