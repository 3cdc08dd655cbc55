"""记录锚定: the auditor prints a sheet and types an old one; the first page says how the records
stand."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from casework.archive import anchor_sheet
from casework.desk import anchors as page
from casework.docket import chains
from casework.people import anchors, heads, last_verification, office_journal
from casework.people.models import Bureau, OfficeEntry
from casework.store import db, utcnow, writing
from casework.upkeep import restored_copy, verify
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, tip
from tests.conftest import need
from tests.support.desk import SignIn
from tests.support.forged import anchors as carried
from tests.support.forged import drop_last_act, forge, rechain, rehash


@pytest.fixture
def walk(team: Team, bureau: Bureau) -> Walk:
    made = case_of(team, bureau)
    tick()
    return made


def typed(anchor: heads.Signed, hash_: str = "", place: int = 0) -> str:
    """As somebody types the sheet: groups, lines, full width here and there."""
    four = anchors.groups(hash_ or anchor.hash)
    lines = ["　".join(four[at : at + 4]) for at in range(0, 16, 4)]
    return (
        "\r\n".join([f"ＣＡＳＥＷＯＲＫ {anchor.bureau} {place or anchor.place}", *lines]) + "\r\n"
    )


def said(client: FlaskClient, words: str) -> str:
    """The answer of the page: holds · no · again."""
    answer = client.post("/desk/anchor/", data={"words": words})
    assert answer.status_code == 200, answer.text
    if ">相符</span>" in answer.text:
        return "holds"
    return "again" if "请重新输入" in answer.text else "no"


# -- the sheet
def test_the_sheet_holds_head_day_number_and_where_to_put_it(
    walk: Walk, bureau: Bureau, sign_in: SignIn, tmp_path: Path
) -> None:
    need("pdftoppm", Path("/usr/bin/pdftoppm").exists())
    client = sign_in("auditor")
    answer = client.post("/desk/anchor/sheet.pdf")
    assert answer.mimetype == "application/pdf"
    (tmp_path / "sheet.pdf").write_bytes(answer.data)
    command = ["pdftotext", "-raw", tmp_path / "sheet.pdf", "-"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    plain = re.sub(r"\s", "", printed)
    (newest,) = heads.newest_heads(db.session()).values()
    entered = db.session.scalars(
        select(OfficeEntry).where(OfficeEntry.what == anchor_sheet.PRINTED)
    ).one()
    assert newest.place == entered.details["place"] + 1  # the printing itself is the next entry
    for wanted in (
        bureau.name,
        f"CASEWORK{bureau.code}{entered.details['place']}",
        "签字后锁入柜中",
        "记录条数",
    ):
        assert wanted in plain
    subprocess.run(
        ["pdftoppm", "-r", "150", "-png", tmp_path / "sheet.pdf", tmp_path / "page"], check=True
    )
    (picture,) = tmp_path.glob("page*.png")
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.read_bytes())))
    (scanned,) = anchors.found_in(code.text)
    assert scanned.genuine(
        heads.signing_key(page.current_app.extensions["vault"].keyring).verify_key
    )
    assert anchors.groups(scanned.hash)[0] in printed
    assert said(client, code.text) == "holds"
    assert said(client, printed) == "holds"  # its text alone, as somebody types it


def test_a_week_later_the_next_one_is_asked_for(
    walk: Walk, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("auditor")
    assert "本周的锚定单尚未打印" in client.get("/desk/").text
    client.post("/desk/anchor/sheet.pdf")
    assert "本周的锚定单尚未打印" not in client.get("/desk/").text
    now = utcnow()
    monkeypatch.setattr(page, "utcnow", lambda: now + timedelta(days=7, hours=1))
    assert "本周的锚定单尚未打印" in client.get("/desk/").text


@pytest.mark.parametrize("login", ["admin", "head", "leader", "clerk"])
def test_nobody_else_prints_or_asks(walk: Walk, sign_in: SignIn, login: str) -> None:
    client = sign_in(login)
    assert {
        client.get("/desk/anchor/").status_code,
        client.post("/desk/anchor/sheet.pdf").status_code,
    } == {403}


# -- an old one's words
def test_a_sheet_holds_while_nothing_was_changed(
    walk: Walk, team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    (anchor,) = carried()
    tip(team, bureau)
    client = sign_in("auditor")
    assert said(client, typed(anchor)) == "holds"
    assert (
        said(
            client,
            typed(anchor).replace("0", "O").replace("1", "l").replace("CASEW0RK", "CASEWORK"),
        )
        == "holds"
    )
    assert said(client, f"转发：\n> {anchor.line}\n谢谢") == "holds"


def test_mistyping_is_told_from_a_change(
    walk: Walk, team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    (anchor,) = carried()
    tip(team, bureau)
    client, other = sign_in("auditor"), "f" if anchor.hash[21] != "f" else "e"
    wrong = anchor.hash[:21] + other + anchor.hash[22:]
    answer = client.post("/desk/anchor/", data={"words": typed(anchor, wrong)}).text
    assert "请再看第 6 组" in answer
    assert said(client, typed(anchor, place=anchor.place - 1)) == "again"
    assert said(client, "我把纸弄丢了") == "again"
    assert said(client, typed(heads.Signed("zhongxian", 3, "a" * 64, 0, ""))) == "again"
    assert client.post("/desk/anchor/", data={"words": ""}).status_code == 422


@pytest.mark.parametrize("how", ["rewritten", "cut off", "changed without its hashes", "details"])
def test_an_old_sheet_finds_what_was_changed_with_all_keys(
    walk: Walk, team: Team, bureau: Bureau, sign_in: SignIn, how: str
) -> None:
    """Whoever holds the machine computes every chain anew and signs a head over it."""
    new = tip(team, bureau)
    (anchor,) = carried()
    client = sign_in("auditor")
    if how == "rewritten":
        forge(
            f"UPDATE act SET actor_id = {team.leader} WHERE "
            f"docket_id = {walk.docket_id} AND seq = 1"
        )
        rehash(walk.docket_id)
    elif how == "cut off":
        forge(
            "DELETE FROM chain_link WHERE office_id > (SELECT max(office_id) - 2 FROM chain_link)"
        )
        drop_last_act()
    elif how == "details":
        forge(
            "UPDATE office_entry SET details = '{}' WHERE id = (SELECT max(id) FROM office_entry)"
        )
    else:
        forge(
            f"UPDATE act SET actor_id = {team.leader} WHERE docket_id = {new.docket_id} AND seq = 1"
        )
    if how in ("rewritten", "cut off"):
        rechain(bureau.id)
        heads.heads_path().unlink()
        heads.sign_heads(db.session(), utcnow())
        assert "cut" not in {
            f.what
            for f in chains.chain_faults(
                db.session(),
                page.current_app.extensions["vault"],
                heads.read_file(heads.heads_path()),
            )
        }
    assert said(client, typed(anchor)) == "no"
    assert said(client, anchor.line) == "no"


def test_a_sheet_of_what_was_lost_with_a_copy_is_told_from_a_change(
    walk: Walk, team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """Nothing is said to hold, and nobody is alarmed: an entry that only this instance can make
    says what went."""
    with time_machine.travel(utcnow() - timedelta(hours=2), tick=False):
        tip(team, bureau)
        (anchor,) = carried()
        drop_last_act()
        rechain(bureau.id)
    client = sign_in("auditor")
    assert said(client, anchor.line) == "no"
    with writing() as session:
        restored_copy.enter(
            session, utcnow() - timedelta(hours=3), utcnow() - timedelta(hours=1), []
        )
    assert {said(client, words) for words in (anchor.line, typed(anchor))} == {"again"}
    assert "恢复备份时丢失" in client.post("/desk/anchor/", data={"words": anchor.line}).text


# -- the first page
def health(client: FlaskClient) -> str:
    found = re.search(r'id="health">(.*?)</section>', client.get("/desk/").text, re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize("login", ["admin", "auditor"])
def test_the_first_page_says_how_the_records_stand(walk: Walk, sign_in: SignIn, login: str) -> None:
    client = sign_in(login)
    assert "尚未核对" in health(client)
    verify.verify_and_store(utcnow())
    assert "没有差错" in health(client)
    assert "warning" not in health(client)
    forge("UPDATE person SET name = 'x' WHERE login = 'leader'")
    verify.verify_and_store(utcnow())
    assert "发现 2 处不符" in health(client)  # the row, and its seal
    assert "立即报告单位负责人" in health(client)
    verify.verify_and_store(utcnow() - timedelta(days=3))
    forge("UPDATE person SET name = name WHERE login = 'leader'")
    last_verification.write_result(
        last_verification.Look(utcnow() - timedelta(days=3), True, 0, True)
    )
    assert "已超过两天" in health(client)
    last_verification.write_result(last_verification.Look(utcnow(), True, 0, False))
    assert "尚未签封" in health(client)
    last_verification.result_path().write_text("{}")
    assert "被改动" in health(client)
    heads.heads_path().write_text("{")
    last_verification.write_result(last_verification.Look(utcnow(), True, 0, True))
    assert "签封与记录不符" in health(client)


@pytest.mark.parametrize("login", ["clerk", "head", "custodian"])
def test_others_are_not_troubled_with_it(walk: Walk, sign_in: SignIn, login: str) -> None:
    assert health(sign_in(login)) == ""


# -- the audit
def test_every_entry_of_the_office_has_its_word(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """A destruction stands among the changes, too, and what printing and mailing anchors enters."""
    with writing() as session:
        for what, details in (
            (chains.GONE, {"docket": 7, "batch": 1}),
            (anchor_sheet.PRINTED, {"place": 3}),
        ):
            office_journal.enter(session, bureau.id, None, what, "丰统案〔2026〕1号", details)
    shown = sign_in("auditor").get("/desk/office/audit")
    assert shown.status_code == 200
    assert "案卷已销毁" in shown.text
