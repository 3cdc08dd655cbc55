"""What is sent is what the person's page showed: two tabs, a draft resumed elsewhere, a page that
lay for a day."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import SelectField

from casework.acts.facts import gather
from casework.docket.models import Docket
from casework.intake import drafts
from casework.people.models import Person as StaffPerson
from casework.people.models import Township
from casework.public import report
from casework.store import db, utcnow
from casework.upkeep.walk import Team
from forms.tip import TipForm
from tests.informants.sealed import make_key
from tests.support.public import TIP, Person, code_of, hidden, picture, setting

A, B = "甲窗口写的：应收账款少报四百万元。", "乙窗口写的：库存多报。"


@pytest.fixture
def person(team: Team, client: FlaskClient) -> Person:
    return Person(client)


@pytest.fixture
def custodian(team: Team) -> None:
    make_key(db.session.get_one(StaffPerson, team.others["custodian"]))


def button(page: str, action: str = "/report/send") -> MultiDict[str, str]:
    """What a browser sends when the (last) form with this address is sent: its hidden fields."""
    form = re.findall(rf'<form[^>]*action="{action}"[^>]*>(.*?)</form>', page, re.S)[-1]
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return MultiDict((name, html.unescape(value)) for name, value in fields)


def press(person: Person, page: str) -> tuple[int, str]:
    answer = person.client.post("/report/send", data=button(page))
    return answer.status_code, answer.text


def narratives(app: Flask) -> list[str]:
    """What the team reads of each tip."""
    db.session.rollback()
    vault = app.extensions["vault"]
    found = db.session.scalars(select(Docket).order_by(Docket.id))
    return [str(gather(db.session(), vault, d).acts[0].asked["narrative"]) for d in found]


def shown(page: str) -> str:
    """The words of a preview, as they are read."""
    part = page.split('<dl class="facts" id="answers">')[1].split("</dl>")[0]
    return html.unescape(re.sub(r"<[^>]+>", "", part))


# -- two pages over one draft
def test_a_page_never_sends_what_another_tab_looked_over(person: Person, app: Flask) -> None:
    """A previews A, B previews B of the same draft; A's button sends nothing and shows both."""
    a, b = person.post("preview", narrative=A)[1], person.post("preview", narrative=B)[1]
    status, page = press(person, a)
    assert status == 409
    assert A in page
    assert B in page
    assert "没有提交" in page
    assert narratives(app) == []
    assert press(person, b)[0] == 200
    assert narratives(app) == [B]
    assert press(person, a)[0] == 409
    assert narratives(app) == [B]


def test_the_words_looked_over_can_be_put_back(person: Person, app: Flask) -> None:
    a = person.post("preview", narrative=A)[1]
    person.post("preview", narrative=B)
    page = press(person, a)[1]
    back = button(page, "/report")
    assert back["narrative"] == A
    answer = person.client.post("/report", data={**back, "action": "preview"})
    assert answer.status_code == 200
    assert press(person, answer.text)[0] == 200
    assert narratives(app) == [A]


def test_two_tabs_that_show_the_same_are_one_tip(person: Person, app: Flask) -> None:
    a, b = person.post("preview", narrative=A)[1], person.post("preview", narrative=A)[1]
    assert press(person, a)[0] == 200
    assert press(person, b)[0] == 409
    assert narratives(app) == [A]


def test_a_draft_resumed_on_a_telephone_and_looked_over_there_is_not_sent_from_here(
    person: Person, app: Flask
) -> None:
    here = person.post("preview", narrative=A)[1]
    token = hidden(person.client.get("/report").text, "token")
    code = {"token": token, "action": "resume", "resume": person.fixed["draft"]}
    assert person.client.post("/report", data=code).status_code == 200
    there = Person(person.client, {"token": token, "draft": person.fixed["draft"]})
    page = there.post("preview", narrative=B)[1]
    status, changed = press(person, here)
    assert (status, A in changed, B in changed) == (409, True, True)
    assert press(there, page)[0] == 200
    assert narratives(app) == [B]


@pytest.mark.parametrize("change", ["a file more", "a file less", "kinds", "answer"])
def test_whatever_another_tab_changes_is_looked_over_again(
    person: Person, app: Flask, change: str
) -> None:
    """Files and ticks as well as words."""
    stored = hidden(person.post("upload", [(picture(), "一.jpg")])[1], "remove")
    page = person.post("preview")[1]
    changes = {
        "a file more": lambda: person.post("preview", [(picture() + b"\0", "二.jpg")]),
        "a file less": lambda: person.post("preview", remove=stored),
        "kinds": lambda: person.post("preview", kinds=["late"]),
        "answer": lambda: person.post("preview", answer_wanted="no"),
    }
    assert changes[change]()[0] == 200
    assert press(person, page)[0] == 409
    assert narratives(app) == []


@pytest.mark.usefixtures("custodian")
def test_another_name_is_looked_over_again(person: Person, app: Flask) -> None:
    one, other = (
        {"identity": "named", "name": name, "contact": "13800000000"} for name in ("何静", "何晶")
    )
    page = person.post("preview", **one)[1]
    person.post("preview", **other)
    status, changed = press(person, page)
    assert (status, "何静" in changed, "何晶" in changed) == (409, True, True)
    assert narratives(app) == []


@pytest.mark.parametrize("seen", ["", "0" * 64, "零"])
def test_a_proof_that_is_made_up_sends_nothing(person: Person, app: Flask, seen: str) -> None:
    sent = button(person.post("preview")[1])
    sent["seen"] = seen
    assert person.client.post("/report/send", data=sent).status_code == 409
    assert narratives(app) == []


def test_the_proof_of_another_draft_is_none(person: Person, client: FlaskClient) -> None:
    other = button(Person(client).post("preview")[1])
    sent = button(person.post("preview")[1])
    sent["seen"] = other["seen"]
    assert person.client.post("/report/send", data=sent).status_code == 409


def test_a_change_in_the_moment_of_sending_is_not_lost_and_not_sent(
    person: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other tab's words arrive after this request has read the draft."""
    page = person.post("preview", narrative=A)[1]
    real = report.receive

    def late(*args: object, **more: object) -> object:
        monkeypatch.setattr(report, "receive", real)
        assert Person(app.test_client(), person.fixed).post("save", narrative=B)[0] == 200
        return real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(report, "receive", late)
    status, changed = press(person, page)
    assert (status, A in changed, B in changed) == (409, True, True)
    assert narratives(app) == []
    assert (drafts.load_draft(person.fixed["draft"]) or {})["narrative"] == B


def test_a_change_that_left_a_field_empty_shows_both(person: Person, app: Flask) -> None:
    page = person.post("preview", narrative=A)[1]
    person.post("save", narrative="")
    status, changed = press(person, page)
    assert status == 422
    assert A in changed
    assert narratives(app) == []


def test_a_changed_draft_is_shown_also_where_nothing_more_can_be_kept(
    person: Person, team: Team, app: Flask
) -> None:
    page = person.post("preview", narrative=A)[1]
    person.post("preview", narrative=B)
    setting(team, "flood.draft_bytes", 1)
    status, changed = press(person, page)
    assert (status, A in changed, B in changed) == (409, True, True)
    assert press(person, changed)[0] == 200
    assert narratives(app) == [B]


def test_a_page_sent_twice_shows_the_same_receipt(person: Person, app: Flask) -> None:
    page = person.post("preview", narrative=A)[1]
    codes = {code_of(press(person, page)[1]) for _ in range(3)}
    assert len(codes) == 1
    assert narratives(app) == [A]


def test_the_page_that_has_to_wait_brings_the_words_along(
    person: Person, team: Team, app: Flask
) -> None:
    setting(team, "flood.busy", 0)
    status, waiting = press(person, person.post("preview", narrative=A)[1])
    assert status == 429
    person.post("preview", narrative=B)
    with time_machine.travel(utcnow() + timedelta(seconds=20)):
        status, changed = press(person, waiting)
    assert (status, A in changed, B in changed) == (409, True, True)
    assert narratives(app) == []


# -- the preview shows all that is sent
@pytest.mark.usefixtures("custodian")
def test_the_preview_shows_every_field_of_the_form_and_every_file(
    person: Person, app: Flask
) -> None:
    """Whatever the form asks is answered with something of its own, and each answer is read in the
    preview."""
    town = db.session.scalars(select(Township).limit(1)).one()
    with app.test_request_context():
        asked = [
            f
            for f in TipForm(None, townships={town.code: town.name})
            if f.short_name not in ("website", "files")
        ]
        given: dict[str, object] = {}
        expected: list[str] = []
        for field in asked:
            value, text = f"写在{field.short_name}里", f"写在{field.short_name}里"
            if isinstance(field, SelectField) or hasattr(field, "choices"):
                value, text = [(str(v), str(word)) for v, word in field.choices][-1]
            given[field.short_name] = value
            expected += [str(field.label.text), text]
    page = person.post("preview", [(picture(), "账簿.jpg")], **given)[1]
    for text in expected:
        assert text in shown(page), text
    assert "账簿.jpg（1 KB）" in shown(page)
    assert press(person, page)[0] == 200


def test_without_a_name_none_is_asked_in_the_preview(person: Person) -> None:
    assert "姓名" not in shown(person.post("preview")[1])


# -- a page that lay for long
def test_a_preview_of_more_than_a_day_offers_its_words_again(person: Person, app: Flask) -> None:
    person.post("upload", [(picture(), "账簿.jpg")])
    page = person.post("preview", narrative=A, period="2025年3月", kinds=["late", "records"])[1]
    with time_machine.travel(utcnow() + timedelta(hours=25)):
        status, again = press(person, page)
        assert status == 400
        assert A in again
        assert "2025年3月" in again
        assert len(re.findall(r"<input checked[^>]*name=\"kinds\"", again)) == 2
        assert "没有处理成功" not in again
        assert "重新选择" in again
        fixed = {"token": hidden(again, "token"), "draft": hidden(again, "draft")}
        assert press(person, Person(person.client, fixed).post("preview", narrative=A)[1])[0] == 200
    assert narratives(app) == [A]


def test_of_a_draft_that_is_not_there_only_that_is_said(person: Person) -> None:
    """Sent, thrown away or too old: the page does not claim to know, and offers the words it
    has."""
    sent = button(person.post("preview", narrative=A)[1])
    sent["draft"] = drafts.new_draft_key()
    answer = person.client.post("/report/send", data=sent)
    assert answer.status_code == 409
    assert "已收到一次" not in answer.text
    assert "可能已经提交过" in answer.text
    assert button(answer.text, "/report")["narrative"] == A
    again = person.client.post(
        "/report", data={**button(answer.text, "/report"), "action": "change"}
    )
    assert again.status_code == 200
    assert A in again.text


# -- too long
@pytest.mark.parametrize("characters", [20_001, 60_000, 66_000, 200_000, 2_000_000])
def test_a_text_that_is_too_long_is_told_how_long_it_may_be_and_is_not_lost(
    person: Person, characters: int
) -> None:
    text = "长" * characters
    for action in ("preview", "save"):
        status, page = person.post(action, narrative=text)
        assert "来件很多" not in page
        assert text in page
        assert TIP["subject"] in page
        if status != 200:  # a draft may be longer than what can be sent
            assert status == 422
            assert "最多 20,000 个字" in page
            assert f"现在有 {characters:,} 个字" in page
    assert status == (200 if characters < 65_000 else 422)


def test_no_browser_is_told_to_cut_what_is_pasted(person: Person) -> None:
    assert "maxlength" not in person.client.get("/report").text


def test_a_long_text_kept_by_the_script_is_told_why_it_is_not_kept(person: Person) -> None:
    answer = person.client.post("/report/keep", data={**person.fixed, "narrative": "长" * 100_000})
    assert answer.status_code == 422
    assert "20,000" in answer.get_json()["said"]


# -- refused files
EVIL, GOOD = (b"MZ\x90\x00" + bytes(200), "恶意.exe"), (picture(), "好的.jpg")


def test_a_refused_file_stays_listed_until_it_is_taken_off(person: Person) -> None:
    status, page = person.post("upload", [EVIL, GOOD])
    assert status == 422
    assert 'role="alert"' in page.split('id="refused"')[1].split(">")[0]
    page = person.post("preview")[1]
    assert "恶意.exe" in page.split('id="refused"')[1].split("</div>")[0]
    assert "恶意.exe" not in shown(page)
    page = person.post("save")[1]
    assert "恶意.exe" in page
    assert "恶意.exe" not in person.post("", unlist="恶意.exe")[1]
    assert "恶意.exe" not in person.post("save")[1]


def test_a_refused_file_that_is_taken_after_all_leaves_the_list(person: Person) -> None:
    person.post("upload", [(EVIL[0], "账簿.jpg")])
    page = person.post("upload", [(picture(), "账簿.jpg")])[1]
    assert "hidden" in page.split('id="refused"')[1].split(">")[0]


def test_a_piece_that_is_refused_is_listed_on_the_next_page(person: Person) -> None:
    fields = {**person.fixed, "name": EVIL[1], "size": str(len(EVIL[0])), "offset": "0"}
    answer = person.client.post(
        "/report/piece", data={**fields, "piece": (io.BytesIO(EVIL[0]), "piece")}
    )
    assert answer.status_code == 422
    assert "恶意.exe" in person.post("preview")[1].split('id="refused"')[1].split("</div>")[0]


def test_each_refused_file_is_a_line_of_its_own(person: Person) -> None:
    page = person.post("upload", [(EVIL[0], f"{n}号.exe") for n in range(25)])[1]
    summary = page.split('class="summary-errors"')[1].split("</div>")[0]
    assert summary.count("<li>") == 25
    assert "有 25 处需要改正" in summary
    assert "。：" not in summary


def test_what_may_be_sent_stands_beside_the_field_before_anything_fails(
    person: Person, team: Team
) -> None:
    setting(team, "upload.max_files", 7)
    page = person.client.get("/report").text
    hint = page.split('id="files-hint">')[1].split("</p>")[0]
    assert "7 个" in hint
    assert "30 MB" in hint
    assert "200 MB" in hint


def test_files_too_large_for_one_go_cost_no_word(person: Person, app: Flask) -> None:
    """Without scripts: what was typed is kept, and the page says how much may come at once and what
    to do."""
    app.config["MAX_CONTENT_LENGTH"] = 3 * 1024 * 1024
    status, page = person.post(
        "preview", [(picture() + bytes(4 * 1024 * 1024), "大.jpg")], narrative=A, period="三月"
    )
    assert status == 413
    assert "一次最多上传 3 MB" in page
    assert (A in page, "三月" in page, TIP["subject"] in page) == (True, True, True)
    assert list(app.extensions["sealed_store"].names()) == []
    assert (drafts.load_draft(person.fixed["draft"]) or {})["narrative"] == A
    assert person.post("upload", [(picture(), "小.jpg")], narrative=A)[0] == 200


# -- thrown away
def test_a_draft_is_deleted_at_once_with_its_files(person: Person, app: Flask) -> None:
    person.post("upload", [(picture(), "账簿.jpg")])
    part = {**person.fixed, "name": "半.jpg", "size": "900", "offset": "0"}
    person.client.post(
        "/report/piece", data={**part, "piece": (io.BytesIO(picture()[:300]), "piece")}
    )
    preview = person.post("preview", narrative=A)[1]
    status, page = person.post("discard")
    assert status == 200
    assert "已删除" in page
    assert A not in page
    assert "data-forget" in page
    assert list(app.extensions["sealed_store"].names()) == []
    db.session.rollback()
    assert drafts.load_draft(person.fixed["draft"]) is None
    assert press(person, preview)[0] == 409
    token = hidden(person.client.get("/report").text, "token")
    resumed = {"token": token, "action": "resume", "resume": person.fixed["draft"]}
    assert person.client.post("/report", data=resumed).status_code == 422


def test_no_page_of_a_deleted_draft_waits_to_be_fetched(person: Person) -> None:
    """Browsers are sent to fetch each page under an address of its own, which «back» would show to
    the next person."""
    browser = {"Accept": "text/html"}
    made = []
    for action in ("save", "preview", "save"):
        answer = person.client.post(
            "/report",
            data={**TIP, **person.fixed, "narrative": A, "action": action},
            headers=browser,
        )
        assert answer.status_code == 303
        made.append(answer.headers["Location"])
    resumed = {"token": person.fixed["token"], "action": "resume", "resume": person.fixed["draft"]}
    made.append(person.client.post("/report", data=resumed, headers=browser).headers["Location"])
    assert all(A in person.client.get(page).text for page in made)
    answer = person.client.post(
        "/report", data={**person.fixed, "action": "discard"}, headers=browser
    )
    assert "已删除" in person.client.get(answer.headers["Location"]).text
    assert [person.client.get(page).status_code for page in made] == [410] * len(made)


def test_what_a_script_still_sends_brings_a_deleted_draft_not_back(
    person: Person, app: Flask
) -> None:
    person.post("save", narrative=A)
    person.post("discard")
    late = {**person.fixed, "rev": "9", "narrative": A}
    assert person.client.post("/report/keep", data=late).status_code == 409
    piece = {**person.fixed, "name": "a.jpg", "size": str(len(picture())), "offset": "0"}
    answer = person.client.post(
        "/report/piece", data={**piece, "piece": (io.BytesIO(picture()), "piece")}
    )
    assert answer.status_code == 409
    assert list(app.extensions["sealed_store"].names()) == []
    db.session.rollback()
    assert drafts.load_draft(person.fixed["draft"]) is None


def test_whoever_goes_back_and_writes_on_has_another_draft(person: Person) -> None:
    person.post("save", narrative=A)
    person.post("discard")
    page = person.post("save", narrative=B)[1]
    assert hidden(page, "draft") != person.fixed["draft"]
    assert B in page


def test_deleting_what_is_not_there_claims_nothing(person: Person, app: Flask) -> None:
    assert press(person, person.post("preview", narrative=A)[1])[0] == 200
    page = person.post("discard")[1]
    assert "没有需要删除的内容" in page
    assert narratives(app) == [A]


def test_a_file_that_is_removed_is_deleted_at_once(person: Person, app: Flask) -> None:
    stored = hidden(person.post("upload", [(picture(), "账簿.jpg")])[1], "remove")
    person.post("", remove=stored)
    assert list(app.extensions["sealed_store"].names()) == []


# -- a name
@pytest.mark.usefixtures("custodian")
def test_with_a_custodian_the_anonymous_are_still_warned_and_it_is_said_who_opens_a_name(
    person: Person,
) -> None:
    page = person.client.get("/report").text
    assert "请不要在下面写出能看出您身份的内容" in page
    field = page.split('for="name"')[1].split("<input")[0]
    assert "只有身份保管人能打开" in field
    assert "选填" not in field
    assert "选填" not in page.split('for="contact"')[1].split("<input")[0]


# -- back, after it was sent
def fetched(person: Person, address: str, **asked: str) -> str:
    """Where a browser is sent with the answer to what it posted."""
    answer = person.client.post(address, data=asked, headers={"Accept": "text/html"})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def test_back_after_sending_says_that_it_was_sent(person: Person, app: Flask) -> None:
    """Neither the preview nor the form goes on saying that nothing is submitted; the preview leads
    to the receipt."""
    form = fetched(person, "/report", **{**TIP, **person.fixed, "narrative": A, "action": "save"})
    preview = fetched(
        person, "/report", **{**TIP, **person.fixed, "narrative": A, "action": "preview"}
    )
    page = person.client.get(preview).text
    assert "现在还没有提交" in page
    receipt = person.client.get(fetched(person, "/report/send", **button(page).to_dict())).text
    back = person.client.get(preview)
    assert "这份举报已经提交过" in back.text
    assert A not in back.text
    assert code_of(press(person, back.text)[1]) == code_of(receipt)
    further = person.client.get(form)
    assert further.status_code == 410
    assert A not in further.text
    assert "可能已经提交过" in further.text
    assert narratives(app) == [A]


def test_change_after_sending_says_that_it_was_sent(person: Person, app: Flask) -> None:
    """The button of a preview that is still on the screen opens no form for a second report."""
    page = person.post("preview", narrative=A)[1]
    assert press(person, page)[0] == 200
    answer = person.client.post("/report", data={**button(page).to_dict(), "action": "change"})
    assert "这份举报已经提交过" in answer.text
    assert 'name="narrative"' not in answer.text
    with time_machine.travel(utcnow() + timedelta(minutes=11), tick=False):
        late = person.client.post("/report", data={**button(page).to_dict(), "action": "change"})
    assert late.status_code == 409
    assert "可能已经提交过" in late.text
    assert narratives(app) == [A]
