"""The registration desk: each channel asks what its paper form asks, keeps the original, and
nothing about the informant."""

import re
import shutil
import subprocess
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, text

from casework.acts.facts import gather
from casework.docket.models import Clock, Docket
from casework.evidence.models import Attachment
from casework.informants.models import CustodianKey, Identity, Receipt
from casework.intake.models import Arrival
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import PersonRole
from casework.procedure.channels import all_fields, channels
from casework.procedure.facts import Facts
from casework.public import dialogue
from casework.store import db, writing
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault import identity as custody
from casework.vault.receipt import code_from
from casework.vault.sealing import vault
from forms.intake import CHANNELS, Receive, recorded
from letters.labels import coded_names, label
from tests.conftest import need
from tests.support.desk import COMMON, SignIn, facts_of_newest, sent


@pytest.fixture
def custodian(team: Team) -> None:
    record, _recovery = custody.new_custodian("a password of a test")
    with writing() as session:
        session.add(
            CustodianKey(
                bureau_id=team.bureau_id, person_id=team.others["custodian"], record=record
            )
        )  # type: ignore[attr-defined]


def test_the_table_names_only_fields_of_the_form_and_words_that_exist() -> None:
    fields = {n for n in dir(Receive) if not n.startswith("_")}
    assert all_fields() <= fields
    assert [c for c, _name in CHANNELS] == list(recorded())
    assert set(channels()) == set(coded_names("channel"))
    assert [f for f in all_fields() if label(f) == f] == []


def test_first_the_channel_then_its_own_fields_and_no_others(team: Team, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    first = client.get("/desk/reports/new").text
    for channel in recorded().values():
        assert f"channel={channel.id}" in first
        page = client.get(f"/desk/reports/new?channel={channel.id}").text
        named = set(re.findall(r'name="([a-z_]+)"', page))
        assert set(channel.asks) <= named, channel.id
        assert not (all_fields() - set(channel.asks)) & named, channel.id
    assert client.post("/desk/reports/new", data=COMMON).status_code == 422


def test_every_channel_is_taken_in_and_numbered_by_one_path(team: Team, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    for channel in recorded():
        page = client.post("/desk/reports/new", data=sent(channel, subject=f"对象{channel}"))
        assert page.status_code == 200, (channel, re.findall(r'class="error">.*?</p>', page.text))
        shows_code = bool(re.search(r"\d{4} \d{4} \d{4} \d{4} \d{4} \d{4}", page.text))
        assert shows_code == channels()[channel].informant, channel
    tick()
    numbers = db.session.scalars(select(Docket.number).order_by(Docket.id)).all()
    assert [n.split("〕")[1] for n in numbers] == [f"{i}号" for i in range(1, len(recorded()) + 1)]
    assert db.session.query(Receipt).count() == sum(c.informant for c in recorded().values())
    assert "对象media" in client.get("/desk/search?q=对象media").text


@pytest.mark.parametrize("channel", sorted(recorded()))
def test_what_a_channel_must_say_is_asked_for(team: Team, sign_in: SignIn, channel: str) -> None:
    client = sign_in("clerk")
    for name in channels()[channel].must:
        answer = client.post("/desk/reports/new", data=sent(channel, **{name: ""}))
        assert answer.status_code == 422, name
        assert re.search(rf'<a href="#{name}">', answer.text), name
    if channels()[channel].original:
        assert (
            client.post("/desk/reports/new", data=sent(channel, original_at="")).status_code == 422
        )
    assert db.session.query(Docket).count() == 0


def test_a_page_sent_twice_is_one_tip_and_its_receipt_is_shown_again(
    team: Team, sign_in: SignIn
) -> None:
    """A button pressed twice, a page loaded anew: one number, one code; the next page is a tip of
    its own."""
    clerk = sign_in("clerk")
    page = clerk.get("/desk/reports/new?channel=phone").text
    sheet = re.search(r'name="sheet" value="([^"]+)"', page)
    assert sheet
    typed = sent("phone", sheet=sheet[1])
    wrong = clerk.post("/desk/reports/new", data={**typed, "subject": ""})
    assert wrong.status_code == 422
    assert f'name="sheet" value="{sheet[1]}"' in wrong.text
    pages = [clerk.post("/desk/reports/new", data=typed).text for _ in range(2)]
    codes = [re.findall(r"(?:\d{4} ){5}\d{4}", p) for p in pages]
    assert codes[0]
    assert codes[0] == codes[1]
    assert db.session.query(Docket).count() == 1
    docket = db.session.scalars(select(Docket)).one()
    assert all(docket.number in p for p in pages)
    assert dialogue.docket_of(codes[0][0].replace(" ", "")) == docket.id
    assert code_from(db.session.scalars(select(Arrival.content)).one()) != codes[0][0].replace(
        " ", ""
    )
    other = re.search(
        r'name="sheet" value="([^"]+)"', clerk.get("/desk/reports/new?channel=phone").text
    )
    assert other
    clerk.post("/desk/reports/new", data={**typed, "sheet": other[1]})
    assert db.session.query(Docket).count() == 2


GROUPS = r"(?:\d{4} ){5}\d{4}"


def test_a_caller_gets_the_code_during_the_call(team: Team, sign_in: SignIn) -> None:
    """Shown before anything but the caller's first words is there; valid once saved; warned of
    until then."""
    clerk = sign_in("clerk")
    page = clerk.get("/desk/reports/new?channel=phone").text
    sheet = re.findall(r'name="sheet" value="([^"]+)"', page)[0]
    assert not re.search(GROUPS, page)
    begun = {"channel": "phone", "sheet": sheet, "narrative": "他们少报", "call_began": "9:05"}
    asked = clerk.post("/desk/reports/new", data={**begun, "action": "tell"})
    code = re.findall(GROUPS, asked.text)[0]
    assert asked.status_code == 200
    assert "他们少报" in asked.text
    assert 'class="error"' not in asked.text
    assert dialogue.docket_of(code.replace(" ", "")) is None
    for elsewhere in (
        "/desk/",
        "/desk/reports",
        "/desk/reports/new",
        "/desk/reports/new?channel=letter",
    ):
        assert "查询码" in warned(clerk.get(elsewhere).text), elsewhere
    # closed by mistake: the form gives the same code
    again = clerk.get("/desk/reports/new?channel=phone").text
    assert code in again
    assert warned(again) == ""
    saved = clerk.post("/desk/reports/new", data=sent("phone", sheet=sheet)).text
    assert re.findall(GROUPS, saved)[0] == code
    assert dialogue.docket_of(code.replace(" ", "")) == db.session.scalars(select(Docket.id)).one()
    assert warned(clerk.get("/desk/").text) == ""
    assert not re.search(GROUPS, clerk.get("/desk/reports/new?channel=phone").text)


def warned(page: str) -> str:
    """The warning of a code that was told for nothing yet."""
    return "".join(re.findall(r'<div class="warning" role="status">.*?</div>', page, re.S))


def test_a_told_code_is_of_one_clerk_and_can_be_given_up(team: Team, sign_in: SignIn) -> None:
    tell = {"channel": "phone", "sheet": "the same page", "action": "tell"}
    clerk = sign_in("clerk")
    code = re.findall(GROUPS, clerk.post("/desk/reports/new", data=tell).text)[0]
    assert clerk.post("/desk/reports/new/not-told").status_code == 302
    assert warned(clerk.get("/desk/").text) == ""
    assert code not in clerk.get("/desk/reports/new?channel=phone").text
    with writing() as session:
        session.add(
            PersonRole(person_id=team.others["officer1"], role="clerk", from_day=date(2020, 1, 1))
        )
    assert (
        re.findall(GROUPS, sign_in("officer1").post("/desk/reports/new", data=tell).text)[0] != code
    )
    letter = sign_in("clerk").post("/desk/reports/new", data={**tell, "channel": "letter"})
    assert not re.search(GROUPS, letter.text)  # nobody is there to be told


def test_a_scan_stands_for_the_place_of_the_original(team: Team, sign_in: SignIn) -> None:
    data = sent(
        "letter",
        original_at="",
        files=(BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"), "来信.pdf"),
    )
    assert sign_in("clerk").post("/desk/reports/new", data=data).status_code == 200
    kept = db.session.scalars(select(Attachment)).one()
    assert (kept.media_type, len(kept.sha256), len(kept.sm3)) == ("application/pdf", 64, 64)


def test_a_scan_stays_when_something_else_is_wrong(team: Team, sign_in: SignIn) -> None:
    client, scan = (
        sign_in("clerk"),
        (BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"), "来信.pdf"),
    )
    first = client.post(
        "/desk/reports/new", data=sent("letter", original_at="", subject="", files=scan)
    )
    assert first.status_code == 422
    assert "来信.pdf" in first.text
    token = re.search(r'name="kept" value="([^"]+)"', first.text)
    assert token
    assert (
        client.post(
            "/desk/reports/new", data=sent("letter", original_at="", kept="forged")
        ).status_code
        == 422
    )
    assert (
        client.post(
            "/desk/reports/new", data=sent("letter", original_at="", kept=token[1])
        ).status_code
        == 200
    )
    assert db.session.scalars(select(Attachment)).one().media_type == "application/pdf"


def test_uploading_alone_saves_nothing(team: Team, sign_in: SignIn) -> None:
    answer = sign_in("clerk").post("/desk/reports/new", data=sent("phone", action="upload"))
    assert answer.status_code == 200
    assert db.session.query(Docket).count() == 0


@pytest.mark.parametrize(
    ("channel", "wrong", "words_"),
    [
        ("phone", {"call_ended": "8:59"}, "结束时间早于开始时间"),
        ("phone", {"call_began": "早上"}, "9:05"),
        ("leader", {"deadline": "2020-01-01"}, "要求办结日期早于"),
        ("media", {"source_day": "2099-01-01"}, "日期不能晚于今天"),
    ],
)
def test_hours_and_days_have_to_agree(
    team: Team, sign_in: SignIn, channel: str, wrong: dict[str, str], words_: str
) -> None:
    answer = sign_in("clerk").post("/desk/reports/new", data=sent(channel, **wrong))
    assert answer.status_code == 422
    assert words_ in answer.text


def test_a_callers_number_goes_under_seal_and_nowhere_else(
    team: Team, custodian: None, sign_in: SignIn
) -> None:
    client, number, name = sign_in("clerk"), "13983330000", "来电的李某某"
    refused = client.post("/desk/reports/new", data=sent("phone", number_shown="given"))
    assert refused.status_code == 422
    data = sent("phone", number_shown="given", who_contact=number, who_name=name)
    assert client.post("/desk/reports/new", data=data).status_code == 200
    facts = facts_of_newest()
    assert facts.value("named") is True
    assert number not in str([a.asked for a in facts.acts])
    assert name not in str([a.asked for a in facts.acts])
    assert db.session.query(Identity).count() == 1
    everything = [str(r) for t in db.metadata.sorted_tables for r in db.session.execute(select(t))]
    assert not [r for r in everything if number in r or name in r]


def test_without_a_custodian_no_name_is_asked_for(team: Team, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    assert 'name="who_contact"' not in client.get("/desk/reports/new?channel=phone").text
    data = sent("phone", number_shown="given", who_contact="13983330000")
    assert client.post("/desk/reports/new", data=data).status_code == 200
    assert "13983330000" not in str([a.asked for a in facts_of_newest().acts])
    assert facts_of_newest().value("named") is False


@pytest.mark.parametrize(
    ("channel", "more", "clocks"),
    [
        ("phone", {}, {"tell_informant"}),
        ("media", {}, set()),
        ("random", {}, set()),
        ("leader", {}, set()),
        ("leader", {"deadline": "soon"}, {"instruction"}),
        ("higher", {"deadline": "soon"}, {"instruction"}),
        ("department", {}, {"tell_informant"}),
        ("department", {"needs_reply": "y", "deadline": "soon"}, {"tell_informant", "handover"}),
        ("department", {"needs_reply": "y"}, {"tell_informant", "handover"}),
    ],
)
def test_a_deadline_given_is_a_clock(
    team: Team, sign_in: SignIn, channel: str, more: dict[str, str], clocks: set[str]
) -> None:
    soon = (today() + timedelta(10)).isoformat()
    data = sent(channel, **{k: soon if v == "soon" else v for k, v in more.items()})
    assert sign_in("clerk").post("/desk/reports/new", data=data).status_code == 200
    found = {c.rule: c.due for c in db.session.scalars(select(Clock))}
    assert set(found) == clocks
    if "deadline" in more:
        assert date.fromisoformat(soon) in found.values()


def test_the_reply_meets_the_clock_and_comes_before_the_last_answer(
    team: Team, sign_in: SignIn
) -> None:
    from casework.acts.errors import Refused

    sign_in("clerk").post("/desk/reports/new", data=sent("department", needs_reply="y"))
    walk = Walk(team, facts_of_newest().id, today())
    walk.take("register", {"proposal": "建议受理。"})
    party = {
        "name": COMMON["subject"],
        "kind": "enterprise",
        "credit_code": "",
        "address": "",
        "representative": "",
        "township": "",
        "phone": "",
    }
    walk.take("accept", {"respondents": [party], "cause": "涉嫌虚报", "opinion": "受理"})
    with pytest.raises(Refused):
        walk.take("answer_informant", {"text": "已办结。", "final": "yes", "internal": ""})
    walk.take("reply_to_sender", {"to_body": "县审计局", "handled": "已立核查件。"})
    clock = facts_of_report(walk).clock("handover")
    assert clock is not None
    assert clock.state == "met"


def facts_of_report(walk: Walk) -> Facts:
    return gather(db.session(), vault(), db.session.get_one(Docket, walk.docket_id))


def test_the_sheet_and_the_record_of_the_call_print_what_was_asked(
    team: Team, custodian: None, sign_in: SignIn, app: Any
) -> None:
    sign_in("clerk").post(
        "/desk/reports/new", data=sent("phone", number_shown="given", who_contact="13983330000")
    )
    walk = Walk(team, facts_of_newest().id, today())
    walk.take("register", {"proposal": "建议转执法支队核查。"})
    walk.take("instruct_report", {"leader_instruction": "同意，请抓紧核查。", "deadline": None})
    printed = {p.kind + p.step: plain_text(app, p) for p in db.session.scalars(select(Paper))}
    call, sheet = printed["phone_recordregister"], printed["registration_sheetinstruct_report"]
    for words_ in ("09:05", "09:20", "何静", "另页密封", "上报数比账面数多一倍", "已向来电人复述"):
        assert words_ in call
    for words_ in ("通话开始时间：09:05", "建议转执法支队核查", "同意，请抓紧核查", "何静"):
        assert words_ in sheet
    assert not [k for k, v in printed.items() if "13983330000" in v]


def test_a_number_that_cannot_be_kept_is_not_said_to_be_sealed(
    team: Team, sign_in: SignIn, app: Any
) -> None:
    sign_in("clerk").post("/desk/reports/new", data=sent("phone", number_shown="given"))
    walk = Walk(team, facts_of_newest().id, today())
    walk.take("register", {"proposal": "建议受理。"})
    call = plain_text(
        app, db.session.scalars(select(Paper).where(Paper.kind == "phone_record")).one()
    )
    assert "已显示，未保存" in call
    assert "密封" not in call


def plain_text(app: Any, paper: Paper) -> str:
    """The text of a stored paper without spaces."""
    need("pdftotext", shutil.which("pdftotext") is not None)
    data = app.extensions["sealed_store"].read(paper.stored)
    found = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    )
    return "".join(found.stdout.decode().split())


def test_the_leaders_instruction_and_its_deadline(team: Team, sign_in: SignIn) -> None:
    sign_in("clerk").post("/desk/reports/new", data=sent("phone"))
    walk = Walk(team, facts_of_newest().id, today())
    walk.take("register", {"proposal": "建议受理。"})
    soon = (today() + timedelta(5)).isoformat()
    walk.take("instruct_report", {"leader_instruction": "五日内报结果。", "deadline": soon})
    facts = facts_of_report(walk)
    assert str(facts.clock("instruction").due) == soon  # type: ignore[union-attr]
    assert facts.clock("to_leader").state == "met"  # type: ignore[union-attr]
    assert db.session.scalar(text("select count(*) from act where step = 'instruct_report'")) == 1


def test_a_caller_is_heard_first_and_each_field_stands_once(team: Team, sign_in: SignIn) -> None:
    """Cards of the telephone form: what is said, about whom, the call, who tells it."""
    page = sign_in("clerk").get("/desk/reports/new?channel=phone").text
    cards = re.findall(r'<section class="form-card".*?</section>', page, re.S)
    heads = [re.search(r"<h2[^>]*>(.*?)</h2>", card)[1] for card in cards]  # type: ignore[index]
    assert heads == ["什么问题", "反映谁", "来件情况", "举报人"]
    names = [re.findall(r'name="(\w+)"', card) for card in cards]
    assert names[0][0] == "narrative"
    assert {"call_began", "call_ended", "on"} < set(names[2])
    assert "收到日期" in cards[2]
    assert page.count('name="narrative"') == page.count('name="subject"') == 1
