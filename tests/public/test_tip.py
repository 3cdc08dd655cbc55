"""The public side: a tip, its files, its receipt, its progress. No cookie, no trace, nothing
twice."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from casework.acts.facts import gather
from casework.docket.models import Docket
from casework.evidence.models import Attachment
from casework.informants.models import CustodianKey, Draft, Identity, Receipt
from casework.intake import rate_limit
from casework.people.models import Person as StaffPerson
from casework.people.models import Township
from casework.public import dialogue
from casework.store import db, utcnow, writing
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault.digest import sha256, sm3
from casework.vault.receipt import new_code
from forms.tip import ASKED, TipForm
from tests.informants.sealed import make_key
from tests.support.public import TIP, Person, code_of, picture, setting
from tests.support.told import missing

SignIn = Callable[[str], FlaskClient]


def test_a_tip_with_two_files_gets_a_receipt(person: Person, app: Flask) -> None:
    status, page = person.post(
        "upload", [(picture(), "账簿.jpg"), (b"%PDF-1.4\nnot whole", "../报表.pdf")]
    )
    assert status == 200
    assert "账簿.jpg" in page
    assert "../" not in page
    assert person.post("preview")[0] == 200
    status, page = person.send()
    assert status == 200
    code = code_of(page)
    assert len(code) == 29
    assert "<title>" in page
    assert code not in page.split("</title>")[0]
    files = list(db.session.scalars(select(Attachment)))
    assert [f.from_informant for f in files] == [True, True]
    store = app.extensions["sealed_store"]
    assert b"SECRETCAM" in store.read(files[0].stored)
    assert b"SECRETCAM" not in store.read(files[0].cleaned)
    assert db.session.scalar(select(Draft)) is None


def test_the_original_is_kept_with_two_hashes_and_staff_are_given_the_copy(
    person: Person, app: Flask, sign_in: SignIn
) -> None:
    person.post("upload", [(picture(), "账簿.jpg")])
    person.post("preview")
    person.send()
    row = db.session.scalars(select(Attachment)).one()
    original = app.extensions["sealed_store"].read(row.stored)
    assert original == picture()
    assert (row.sha256, row.sm3) == (sha256(original), sm3(original))
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    clerk = sign_in("clerk")
    given = clerk.get(f"/desk/files/{row.id}")
    assert given.status_code == 200
    assert b"SECRETCAM" in original
    assert b"SECRETCAM" not in given.data
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert given.headers["Content-Security-Policy"].startswith("sandbox")
    assert (given.headers["X-Content-Type-Options"], given.headers["Cache-Control"]) == (
        "nosniff",
        "no-store",
    )
    assert b"SECRETCAM" not in clerk.get(f"/desk/files/{row.id}/pages/1.png").data


def test_everything_that_was_asked_arrives_with_whoever_registers_it(
    person: Person, app: Flask, team: Team, sign_in: SignIn
) -> None:
    """Each field of the form, word for word: in the journal, on the tip's page and beside the form
    that registers it."""
    town = db.session.scalars(select(Township.code).limit(1)).one()
    told = {
        "subject": "某镇统计站",
        "subject_kind": "state_organ",
        "township": town,
        "kinds": ["ordered", "reprisal"],
        "form": "B103-2表",
        "period": "2025年3月",
        "narrative": "要求按给定数字上报。",
        "answer_wanted": "no",
    }
    assert set(told) == set(ASKED)
    person.post("upload", [(picture(), "a.jpg")], **told)
    assert person.post("preview", **told)[0] == 200
    person.send()
    docket = db.session.scalars(select(Docket)).one()
    kept = gather(db.session(), app.extensions["vault"], docket).acts[0].asked
    assert {name: kept[name] for name in told} == told
    assert (kept["channel"], kept["named"], kept["files"]) == ("web", False, 1)
    assert (docket.title, docket.township, docket.channel) == ("某镇统计站", town, "web")
    tick()
    clerk, address = (
        sign_in("clerk"),
        f"/desk/dockets/{db.session.scalars(select(Docket.code)).one()}",
    )
    name = db.session.scalars(select(Township.name).where(Township.code == town)).one()
    for page in (clerk.get(address).text, clerk.get(f"{address}/report/register").text):
        assert missing(page, TipForm, told) == []
        assert f"<dd>{name}</dd>" in page


def test_the_form_needs_no_cookie_and_sets_none(person: Person) -> None:
    for path in ("/", "/report", "/progress", "/list", "/check"):
        assert "Set-Cookie" not in person.client.get(path).headers
    answer = person.client.post("/report", data={**TIP, **person.fixed, "action": "preview"})
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_asks_every_field_of_the_form(person: Person) -> None:
    """A field that stands in no template would be sent empty by everybody."""
    page = person.client.get("/report").text
    asked = set(re.findall(r'name="(\w+)"', page))
    assert {f.short_name for f in TipForm(None, townships={}, may_name=False)} <= asked
    assert {"subject", "narrative", "kinds", "answer_wanted"} <= set(ASKED)
    assert not {"name", "contact", "identity", "files", "website"} & set(ASKED)


def test_sending_twice_writes_once(person: Person) -> None:
    person.post("preview")
    assert person.send()[0] == 200
    status, page = person.send()
    assert status == 409
    assert "已经提交过" in page
    assert db.session.query(Docket).count() == 1


def test_what_is_wrong_is_said_and_nothing_is_lost(person: Person) -> None:
    person.post("upload", [(picture(), "a.jpg")])
    status, page = person.post("preview", narrative="", period="2025年")
    assert status == 422
    assert "错误：" in page
    assert "请写明反映的具体问题" in page
    assert 'aria-invalid="true"' in page
    assert "a.jpg" in page
    assert "2025年" in page
    assert TIP["subject"] in page


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.pdf", "空文件"),
        (b"MZ\x90\x00" + b"\0" * 200, "a.jpg", "可以接收"),
        (b"<html><script>", "a.pdf", "可以接收"),
    ],
)
def test_bad_files_are_refused_before_they_are_stored(
    person: Person, app: Flask, content: bytes, name: str, sentence: str
) -> None:
    _status, page = person.post("upload", [(content, name), (picture(), "good.jpg")])
    assert sentence in page
    assert "good.jpg" in page
    # the good one and its cleaned copy
    assert len(list(app.extensions["sealed_store"].names())) == 2


def test_a_file_too_many_is_refused(person: Person, team: Team) -> None:
    setting(team, "upload.max_files", 1)
    person.post("upload", [(picture(), "1.jpg")])
    assert "超出数量" in person.post("upload", [(picture(), "2.jpg")])[1]


def test_too_large_a_file_is_refused_in_plain_words(person: Person, team: Team) -> None:
    setting(team, "upload.max_bytes", 1_000_000)
    page = person.post("upload", [(b"%PDF-1.4" + b"0" * 1_000_001, "大.pdf")])[1]
    assert "“大.pdf”超过" in page


def test_a_file_can_be_taken_out_again(person: Person) -> None:
    page = person.post("upload", [(picture(), "a.jpg")])[1]
    found = re.search(r'name="remove" value="(\w+)"', page)
    assert found
    assert "a.jpg" not in person.post("", remove=found[1])[1]


@pytest.mark.parametrize("change", [{"token": "x"}, {"token": ""}, {"website": "spam"}])
def test_a_forged_or_automatic_post_is_refused(person: Person, change: dict[str, str]) -> None:
    assert person.client.post("/report", data={**TIP, **person.fixed, **change}).status_code == 400


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_a_post_from_another_site_is_refused(person: Person, headers: dict[str, str]) -> None:
    assert (
        person.client.post("/report", data={**TIP, **person.fixed}, headers=headers).status_code
        == 403
    )


@pytest.mark.parametrize("origin", ["http://localhost", "https://localhost", "null"])
def test_a_post_of_our_own_page_is_taken_from_browsers_that_say_no_more(
    person: Person, origin: str
) -> None:
    """Telephones of 2022 and before send no Fetch Metadata; a proxy with TLS asks us over plain
    HTTP."""
    answer = person.client.post(
        "/report", data={**TIP, **person.fixed, "action": "save"}, headers={"Origin": origin}
    )
    assert answer.status_code == 200


def test_a_name_is_not_offered_without_a_custodian(person: Person) -> None:
    assert 'name="identity"' not in person.client.get("/report").text


def test_a_guessed_draft_key_opens_nothing(person: Person) -> None:
    person.post("save")
    other = {**person.fixed, "draft": "A" * 20}
    assert person.client.post("/report/send", data=other).status_code == 409


def test_drafts_are_gone_after_a_day(person: Person) -> None:
    person.post("save")
    with writing() as session:
        session.scalars(select(Draft)).one().until = utcnow() - timedelta(seconds=1)
    assert person.send()[0] == 409
    assert tick()["drafts"] == 1


# -- coming back
def test_progress_and_dialogue(person: Person, team: Team) -> None:
    person.post("preview")
    code = code_of(person.send()[1])
    docket_id = db.session.scalars(select(Receipt.docket_id)).one()
    ask = {"token": person.fixed["token"], "code": code.replace(" ", "-")}
    page = person.client.post("/progress", data=ask).text
    assert "等待登记" in page
    dialogue.from_bureau(docket_id, "请问是哪个月份？")
    assert "请问是哪个月份？" in person.client.post("/progress", data=ask).text
    person.client.post("/progress", data={**ask, "action": "answer", "text": "三月"})
    assert [m.text for m in dialogue.thread(docket_id)] == ["请问是哪个月份？", "三月"]
    assert dialogue.unread(docket_id) == 1
    walk = Walk(team, docket_id, db.session.get_one(Docket, docket_id).opened_on)
    walk.take("register", {"proposal": "受理"})
    walk.take("decline", {"ground": "no_lead", "destination": "", "opinion": "无线索"})
    assert "未被受理" in person.client.post("/progress", data=ask).text


@pytest.mark.parametrize(
    ("code", "sentence"), [("1234", "查询码不完整或有误"), ("0" * 24, "查询码不完整或有误")]
)
def test_a_typing_mistake_is_caught_before_anything_else(
    person: Person, code: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogue, "docket_of", lambda code: pytest.fail("nothing is looked for"))
    answer = person.client.post("/progress", data={"token": person.fixed["token"], "code": code})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert rate_limit.counter().number("codes") == 0


def test_an_unknown_code_says_only_that(person: Person) -> None:
    answer = person.client.post(
        "/progress", data={"token": person.fixed["token"], "code": new_code()}
    )
    assert answer.status_code == 422
    assert "没有这个查询码" in answer.text


def test_content_is_never_clear_on_disk(person: Person, app: Flask) -> None:
    """Neither the narrative, a file's name, nor what is said later by either side, in the database
    or beside it."""
    person.post("upload", [(picture(), "秘密账簿.jpg")])
    person.post("preview")
    ask = {
        "token": person.fixed["token"],
        "code": code_of(person.send()[1]),
        "action": "answer",
        "text": "另有一本账在库房",
    }
    files = {"files": (io.BytesIO("第二本账的照片说明".encode() * 9), "库房说明.txt")}
    assert (
        person.client.post(
            "/progress", data={**ask, **files}, content_type="multipart/form-data"
        ).status_code
        == 200
    )
    dialogue.from_bureau(
        db.session.scalars(select(Docket.id)).one(), "请问哪个库房？", "线索具体，拟核查库房"
    )
    db.session.commit()
    everything = b"".join(f.read_bytes() for f in Path(app.instance_path).rglob("*") if f.is_file())
    for secret in (
        TIP["narrative"],
        "秘密账簿",
        "SECRETCAM",
        "另有一本账",
        "第二本账",
        "库房说明",
        "哪个库房",
        "拟核查库房",
    ):
        assert secret.encode() not in everything


def test_no_address_is_stored_or_logged(
    person: Person, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    marks = {"REMOTE_ADDR": "203.0.113.77"}
    headers = {
        "User-Agent": "MarkedBrowser/9",
        "X-Forwarded-For": "203.0.113.78",
        "Referer": "http://localhost/marked",
    }
    person.client.post(
        "/report",
        data={**TIP, **person.fixed, "action": "preview"},
        headers=headers,
        environ_base=marks,
    )
    person.client.post("/report/send", data=person.fixed, headers=headers, environ_base=marks)
    everything = (
        b"".join(f.read_bytes() for f in Path(app.instance_path).rglob("*") if f.is_file())
        + caplog.text.encode()
    )
    for mark in (b"203.0.113.7", b"MarkedBrowser", b"localhost/marked"):
        assert mark not in everything


def test_english_is_complete_on_public_pages(person: Person) -> None:
    for path in ("/", "/report", "/progress", "/check", "/list"):
        page = person.client.get(path + "?lang=en").text
        body = page.split("<main", 1)[1].split("</main>")[0]
        # as papers print them
        left = re.sub(r"<option.*?</option>|丰统罚〔2026〕3号|“(编号|核验码)：”", "", body)
        assert not re.search(r"[\u4e00-\u9fff]", left), path
        assert 'lang="en"' in page


def test_nothing_chosen_and_nothing_written_is_said(person: Person) -> None:
    """Pressing a button without anything is answered, not passed over in silence."""
    assert "请先选择文件" in person.post("upload")[1]
    person.post("preview")
    ask = {"token": person.fixed["token"], "code": code_of(person.send()[1]), "action": "answer"}
    answer = person.client.post("/progress", data={**ask, "text": " "})
    assert answer.status_code == 422
    assert "请先填写内容" in answer.text
    assert "您的补充已收到" in person.client.post("/progress", data={**ask, "text": "三月"}).text


def test_a_code_half_typed_is_kept_and_counted(person: Person) -> None:
    page = person.client.post(
        "/progress", data={"token": person.fixed["token"], "code": "1234 5678"}
    ).text
    assert "您输入了 8 位" in page
    assert 'value="1234 5678"' in page


def test_the_browser_is_told_to_remember_nothing(person: Person, team: Team) -> None:
    """What one types into a field of a line is else offered to the next person at the computer, by
    Firefox for half a year."""
    make_key(db.session.get_one(StaffPerson, team.others["custodian"]))
    person.post("preview")
    ask = {"token": person.fixed["token"], "code": code_of(person.send()[1])}
    pages = [person.client.get(p).text for p in ("/report", "/progress")]
    pages += [
        person.post("save", identity="named")[1],
        person.client.post("/progress", data=ask).text,
    ]
    seen = set()
    for page in pages:
        for form in re.findall(r"<form.*?</form>", page.split("<main", 1)[1], re.S):
            closed = 'autocomplete="off"' in form.split(">", 1)[0]
            for field in re.findall(r"<input[^>]*>", form):
                if re.search(r'type="(hidden|radio|checkbox|file)"', field):
                    continue
                seen.add(re.search(r'name="(\w+)"', field)[1])  # type: ignore[index]
                assert closed or 'autocomplete="off"' in field, field
    assert {"subject", "form", "period", "name", "contact", "resume", "code"} <= seen


# -- only what was looked over is sent
def test_a_draft_nobody_looked_over_is_shown_before_it_is_sent(person: Person) -> None:
    person.post("save")
    status, page = person.send()
    assert status == 409
    assert TIP["narrative"] in page
    assert "没有提交" in page
    assert db.session.scalar(select(Docket)) is None
    assert person.send()[0] == 200
    assert len(list(db.session.scalars(select(Docket)))) == 1


def test_a_draft_with_a_field_left_empty_is_never_sent(person: Person) -> None:
    person.post("save", narrative="")
    status, page = person.send()
    assert status == 422
    assert TIP["subject"] in page
    assert "请写明反映的具体问题" in page
    assert person.send()[0] == 422
    assert db.session.scalar(select(Docket)) is None


def test_what_another_window_changed_after_the_preview_is_looked_over_again(person: Person) -> None:
    person.post("preview")
    other = {**TIP, **person.fixed, "narrative": "在另一个窗口改过的话", "rev": "9"}
    assert person.client.post("/report/keep", data=other).status_code == 204
    status, page = person.send()
    assert (status, "在另一个窗口改过的话" in page) == (409, True)
    assert person.send()[0] == 200


def test_words_kept_late_by_the_script_do_not_ask_for_another_look(person: Person) -> None:
    person.post("save")
    person.post("preview")
    late = {**TIP, **person.fixed, "narrative": "少报", "rev": "1"}
    assert person.client.post("/report/keep", data=late).status_code == 204
    status, page = person.send()
    assert status == 200
    assert code_of(page)


def test_a_name_nobody_can_keep_any_more_is_not_dropped_in_silence(
    person: Person, team: Team
) -> None:
    make_key(db.session.get_one(StaffPerson, team.others["custodian"]))
    person.post("preview", identity="named", name="何静", contact="13800000000")
    with writing() as session:
        session.execute(delete(CustodianKey))
    status, page = person.send()
    assert status == 409
    assert "何静" not in page
    assert person.send()[0] == 200
    assert db.session.scalar(select(Identity)) is None
