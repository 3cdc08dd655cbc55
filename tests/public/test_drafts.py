"""Drafts of tips: they outlive a reload, a mistake and a lost connection; a code brings them back;
and there is a limit."""

import base64
import io
import json
import re
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import select

from casework.evidence.models import Attachment
from casework.informants.models import Draft
from casework.intake import draft_room, drafts
from casework.intake.upload_limits import DayTotal
from casework.people.models import Person as StaffPerson
from casework.procedure.settings import shipped
from casework.store import db
from casework.upkeep import tick
from casework.upkeep.walk import Team
from tests.informants.sealed import make_key
from tests.support.public import TIP, Person, hidden, picture, setting

FROM = {"REMOTE_ADDR": "203.0.114.77"}


@pytest.fixture
def person(team: Team, client: FlaskClient) -> Person:
    return Person(client)


def noted(page: str) -> str:
    """The draft code as the page shows it."""
    found = re.search(r'id="draft-code">([^<]+)<', page)
    assert found
    return found[1]


def resume(client: FlaskClient, code: str) -> tuple[int, str]:
    token = hidden(client.get("/report").text, "token")
    answer = client.post("/report", data={"token": token, "action": "resume", "resume": code})
    return answer.status_code, answer.text


# -- surviving
def test_a_page_that_was_sent_and_is_loaded_again_brings_no_file_twice(
    person: Person, app: Flask
) -> None:
    for _ in range(3):
        page = person.post("upload", [(picture(), "账簿.jpg")])[1]
    assert page.count('name="remove"') == 1
    assert page.count("账簿.jpg") == 2  # in the list, and for those who hear the button
    assert person.post("upload", [(picture(), "另一本.jpg")])[1].count('name="remove"') == 2


def test_with_the_code_one_goes_on_in_another_window(person: Person) -> None:
    person.post("upload", [(picture(), "账簿.jpg")])
    code = noted(person.post("save", period="2025年3月")[1])
    assert re.fullmatch(r"([2-9A-HJKMNP-Z]{4} ){4}[2-9A-HJKMNP-Z]{4}", code)
    for typed in (code, code.lower().replace(" ", "-"), "　".join(code.split())):
        status, page = resume(person.client, typed)
        assert status == 200
        assert "尚未提交" in page
        assert TIP["narrative"] in page
        assert "2025年3月" in page
        assert "账簿.jpg" in page
        assert hidden(page, "draft") == person.fixed["draft"]


@pytest.mark.parametrize("code", ["", "ABCD", "A" * 20, "O0I1" * 5, "<script>"])
def test_a_code_that_opens_nothing_is_said_and_a_fresh_form_given(
    person: Person, code: str
) -> None:
    person.post("save")
    status, page = resume(person.client, code)
    assert status == 422
    assert "没有这个草稿码的草稿" in page
    assert TIP["narrative"] not in page
    assert hidden(page, "draft") != person.fixed["draft"]


def test_after_sending_the_code_opens_nothing(person: Person) -> None:
    code = noted(person.post("save")[1])
    person.post("preview")
    assert person.send()[0] == 200
    assert resume(person.client, code)[0] == 422


@pytest.mark.usefixtures("one_day")
def test_guessing_codes_is_held_back(person: Person, team: Team) -> None:
    setting(team, "flood.codes", 2)
    code = noted(person.post("save")[1])
    assert [resume(person.client, drafts.new_draft_key())[0] for _ in range(3)] == [422, 422, 429]
    assert resume(person.client, code)[0] == 200


def test_the_key_stands_in_no_address_and_not_on_the_disk(person: Person, app: Flask) -> None:
    page = person.post("save")[1]
    key = person.fixed["draft"]
    assert not re.search(rf'(href|action|src)="[^"]*{key}', page)
    db.session.commit()
    everything = b"".join(f.read_bytes() for f in Path(app.instance_path).rglob("*") if f.is_file())
    assert key.encode() not in everything


def test_the_server_alone_reads_no_draft(person: Person, app: Flask, team: Team) -> None:
    """Database and key file, without the key that stands in the person's form: neither words nor a
    name that was typed, nor what their files are called; which sealed files are in use it knows."""
    make_key(db.session.get_one(StaffPerson, team.others["custodian"]))
    person.post("upload", [(picture(), "三楼账簿.jpg")])
    person.post("preview", identity="named", name="冉小梅", contact="13896541207")
    row = db.session.scalars(select(Draft)).one()
    opened = app.extensions["vault"].open("draft", row.key_hash.hex(), row.body)
    box = base64.b64decode(json.loads(opened)["box"])
    for secret in (TIP["narrative"], TIP["subject"], "冉小梅", "13896541207", "三楼账簿"):
        for clear in (opened, box):
            assert secret.encode() not in clear
            assert json.dumps(secret)[1:-1].encode() not in clear
    ring = app.extensions["vault"].keyring
    for guess in (
        row.key_hash,
        *(ring.derive(purpose) for purpose in ("draft", "session", "data key", "file")),
    ):
        with pytest.raises(CryptoError):
            SecretBox(guess).decrypt(box)
    assert set(app.extensions["sealed_store"].names()) == drafts.files_in_use()
    assert "冉小梅" in str(drafts.load_draft(person.fixed["draft"]))


# -- what a script keeps
def keep(person: Person, **words: str) -> int:
    return person.client.post("/report/keep", data={**person.fixed, **words}).status_code


def test_a_script_keeps_words_beside_files_and_no_name(person: Person) -> None:
    person.post("upload", [(picture(), "账簿.jpg")])
    rev = hidden(person.post("save")[1], "rev")
    assert (
        keep(
            person,
            rev=rev,
            narrative="又写了一句",
            name="王某",
            contact="13900000000",
            identity="named",
        )
        == 204
    )
    content = drafts.load_draft(person.fixed["draft"])
    assert content is not None
    assert content["narrative"] == "又写了一句"
    assert len(content["files"]) == 1
    assert "王某" not in str(content)
    assert "13900000000" not in str(content)


def test_what_a_script_sends_late_does_not_undo_a_button(person: Person) -> None:
    """The words that were previewed are the words that are sent."""
    first = {**person.fixed, "rev": "0"}
    assert person.client.post("/report/keep", data={**first, "narrative": "旧"}).status_code == 204
    person.post("preview", narrative="预览过的新内容")
    assert person.client.post("/report/keep", data={**first, "narrative": "旧"}).status_code == 204
    content = drafts.load_draft(person.fixed["draft"])
    assert content is not None
    assert content["narrative"] == "预览过的新内容"


@pytest.mark.parametrize("change", [{"draft": "x"}, {"token": "x"}, {"website": "spam"}])
def test_a_made_up_keeping_is_refused(person: Person, change: dict[str, str]) -> None:
    assert keep(person, **{"narrative": "x", **person.fixed, **change}) == 400
    assert db.session.scalar(select(Draft)) is None


def test_words_and_files_that_come_in_the_same_moment_are_all_kept(app: Flask, team: Team) -> None:
    """Twenty requests about one draft at once, the first of them begin it: none undoes another."""
    key, faults = drafts.new_draft_key(), list[BaseException]()

    def one(number: int) -> None:
        try:
            with app.app_context():
                drafts.change(
                    key, lambda content: content.setdefault("notes", []).append(number), 100
                )
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    db.session.rollback()
    content = drafts.load_draft(key)
    assert content is not None
    assert sorted(content["notes"]) == list(range(20))


# -- how many, how much
@pytest.mark.usefixtures("one_day")
def test_drafts_of_one_sender_are_limited_and_nothing_typed_is_lost(
    person: Person, team: Team
) -> None:
    setting(team, "flood.drafts_one", 2)
    people = [Person(person.client) for _ in range(3)]
    answers = [
        person.client.post("/report", data={**TIP, **p.fixed, "action": "save"}, environ_base=FROM)
        for p in people
    ]
    assert [a.status_code for a in answers] == [200, 200, 429]
    page = answers[-1].text
    assert TIP["narrative"] in page
    assert "电话" in page.split("</form>")[0]
    assert hidden(page, "draft") == people[2].fixed["draft"]
    again = person.client.post(
        "/report", data={**TIP, **people[0].fixed, "action": "preview"}, environ_base=FROM
    )
    assert again.status_code == 200  # who has a draft goes on with it
    mine, another = {**TIP, **people[2].fixed, "action": "save"}, {"REMOTE_ADDR": "8.8.4.4"}
    assert person.client.post("/report", data=mine, environ_base=another).status_code == 200


@pytest.mark.parametrize("limit", ["flood.drafts", "flood.drafts_kept"])
def test_drafts_of_all_are_limited(person: Person, team: Team, limit: str) -> None:
    setting(team, limit, 1)
    assert person.post("save")[0] == 200
    other = Person(person.client)
    assert other.post("save")[0] == 429
    assert (
        other.client.post("/report/keep", data={**other.fixed, "narrative": "x"}).status_code == 429
    )
    assert db.session.query(Draft).count() == 1


@pytest.mark.usefixtures("one_day")
def test_words_of_a_day_are_limited_by_sender_and_in_all(app: Flask, team: Team) -> None:
    def write(text: str, sender: str) -> None:
        with app.test_request_context("/report", environ_base={"REMOTE_ADDR": sender}):
            draft_room.store_draft(
                drafts.new_draft_key(), lambda content: content.update(narrative=text), settings
            )

    settings = shipped().with_values({"flood.draft_bytes_one": "1000", "flood.draft_bytes": "2500"})
    write("x" * 1100, "8.8.8.8")
    with pytest.raises(draft_room.Full):
        write("x", "8.8.8.8")
    write("x" * 1500, "8.8.4.4")
    with pytest.raises(draft_room.Full):
        write("x", "9.9.9.9")


@pytest.mark.usefixtures("one_day")
def test_files_of_one_sender_have_a_limit_of_the_day(person: Person, team: Team) -> None:
    setting(team, "upload.day_one", 10)
    for name, sender, good in (
        ("1.jpg", "8.8.8.8", True),
        ("2.jpg", "8.8.8.8", False),
        ("3.jpg", "8.8.4.4", True),
    ):
        files = [(io.BytesIO(picture()), name)]
        data = {**TIP, **person.fixed, "action": "upload", "files": files}
        page = person.client.post("/report", data=data, environ_base={"REMOTE_ADDR": sender}).text
        assert (f"“{name}”：今日收到的附件已达上限" not in page) is good, name


@pytest.mark.usefixtures("one_day")
def test_the_day_knows_no_address() -> None:
    total = DayTotal()
    total.add(5, "203.0.114.77")
    assert not total.room(100, "203.0.114.77", 5)
    assert total.room(100, "203.0.114.78", 5)
    assert "203.0.114" not in repr(total._bytes)


def test_a_draft_of_days_that_is_sent_while_orphans_are_swept_keeps_its_files(
    person: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.post("upload", [(picture(), "a.jpg")])
    person.post("preview")
    real = drafts.files_in_use

    def in_use() -> set[str]:
        assert person.send()[0] == 200
        db.session.rollback()
        return real()

    monkeypatch.setattr(drafts, "files_in_use", in_use)
    monkeypatch.setattr(tick, "ORPHAN_AGE", -1)
    tick.sweep_orphans()
    row = db.session.scalars(select(Attachment)).one()
    assert app.extensions["sealed_store"].read(row.stored) == picture()
    assert app.extensions["sealed_store"].read(row.cleaned)
