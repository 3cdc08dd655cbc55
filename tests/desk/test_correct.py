"""«更正记录»: what the entry says stands before the eyes of whoever corrects it, of whoever agrees,
and in the journal."""

import re
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient

from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.intake.receive import receive
from casework.people.models import Bureau
from casework.procedure.channels import channels
from casework.procedure.load import procedure
from casework.procedure.offers import refusals
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, drive, facts_of
from tests.support.desk import FILLED, SignIn, code

TITLE = {"kind": "written", "title": "销售台帐", "source": "财务科", "proves": "少报收入"}


@pytest.fixture
def desk(team: Team, bureau: Bureau, sign_in: SignIn) -> tuple[FlaskClient, Walk, int]:
    """The first officer before a case in which a piece of evidence was entered with a slip; the
    entry's number."""
    case = drive(case_of(team, bureau), "interview")
    case.take("add_evidence", TITLE)
    return sign_in("officer1"), case, case.last_seq()


def asked(desk: tuple[FlaskClient, Walk, int], **data: str) -> tuple[int, str]:
    client, case, seq = desk
    filled = {"on": facts_of(case).today.isoformat(), "act": str(seq), "reason": "笔误", **data}
    answer = client.post(f"/desk/dockets/{code(case)}/main/correct_act", data=filled)
    return answer.status_code, answer.text


def stands(page: str) -> str:
    found = re.search(r'<div class="note" id="stands">(.*?)</div>', page, re.S)
    assert found
    return found[1]


def beside(page: str, name: str) -> str:
    """The error that stands at a field."""
    found = re.search(rf'<div id="{name}-error">(.*?)</div>', page, re.S)
    assert found
    return found[1]


def test_the_journal_leads_to_the_entry_as_it_stands(desk: tuple[FlaskClient, Walk, int]) -> None:
    client, case, seq = desk
    link = f"/desk/dockets/{code(case)}/main/correct_act?act={seq}"
    assert link in client.get(f"/desk/dockets/{code(case)}").text
    page = client.get(link).text
    for words in (case.day.isoformat(), "销售台帐", "财务科", "少报收入"):
        assert words in stands(page)
    assert '<option value="title">' in page
    assert '<option value="findings">' not in page  # of another entry


def test_another_entry_is_shown_and_what_was_typed_stays(
    desk: tuple[FlaskClient, Walk, int],
) -> None:
    _client, case, _seq = desk
    other = next(facts_of(case).done("verify_figures")).seq
    status, page = asked(desk, act=str(other), reason="写了一半", action="show")
    assert status == 200
    assert "销售台帐" not in stands(page)
    assert "逐项核对" in stands(page)
    assert "写了一半" in page


def test_what_is_printed_is_not_offered(desk: tuple[FlaskClient, Walk, int]) -> None:
    client, case, _seq = desk
    record = next(facts_of(case).done("on_site_record")).seq
    page = client.get(f"/desk/dockets/{code(case)}/main/correct_act").text
    assert f'<option value="{record}">' not in page


@pytest.mark.parametrize(
    ("data", "field", "says"),
    [
        ({"field": "proposal", "value": "x"}, "field", "所选记录中没有这一项内容"),
        ({"field": "title", "value": " "}, "value", "请写明正确的内容"),
        ({}, "corrected_on", "请填写正确的日期"),
        ({"corrected_on": "昨天"}, "corrected_on", "日期"),
    ],
)
def test_a_mistake_is_told_beside_its_field(
    desk: tuple[FlaskClient, Walk, int], data: dict[str, str], field: str, says: str
) -> None:
    status, page = asked(desk, **data)
    assert status == 422
    assert says in beside(page, field)


def test_whoever_agrees_sees_old_and_new_and_so_does_the_journal(
    desk: tuple[FlaskClient, Walk, int], team: Team, sign_in: SignIn
) -> None:
    _client, case, seq = desk
    assert asked(desk, field="title", value="销售台账")[0] == 302
    proposal = facts_of(case).proposals[0].seq
    head = sign_in("head")
    page = head.get(f"/desk/dockets/{code(case)}/proposals/{proposal}").text
    assert "销售台帐 → 销售台账" in page
    assert f"{seq}. 登记证据" in page
    perform(
        Intent(
            case.docket_id, "correct_act", team.head, facts_of(case).today, "main", "approve", {}
        )
    )
    page = head.get(f"/desk/dockets/{code(case)}").text
    assert "销售台帐 → 销售台账" in page
    assert f"已由第{case.last_seq()}条更正" in page
    assert next(a for a in facts_of(case).acts if a.seq == seq).asked["title"] == "销售台账"


def from_the_web(team: Team, bureau: Bureau, subject: str) -> Walk:
    """An anonymous tip."""
    walk = Walk(team, 0, date(2025, 9, 1))
    words = {
        "channel": "web",
        "subject": subject,
        "subject_kind": "enterprise",
        "narrative": "少报收入",
    }
    walk.docket_id = receive(bureau, words, now=walk.now).docket_id
    return walk


def test_the_words_of_an_informant_stay_and_are_corrected_beside(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """Nobody knows who wrote them: staff say what is right, the head agrees, and both stand in the
    journal."""
    sent = from_the_web(team, bureau, "丰都⻓江建才公司")
    clerk, page = sign_in("clerk"), f"/desk/dockets/{code(sent)}/report/correct_act"
    assert f"{page}?act=1" in clerk.get(f"/desk/dockets/{code(sent)}").text
    assert '<option value="subject">' in clerk.get(f"{page}?act=1").text
    assert '<option value="channel">' not in clerk.get(f"{page}?act=1").text  # nobody typed it
    typed = {"on": facts_of(sent).today.isoformat(), "act": "1", "reason": "名称写错"}
    right = {**typed, "field": "subject", "value": "丰都长江建材公司"}
    assert clerk.post(page, data=right).status_code == 302
    perform(
        Intent(
            sent.docket_id, "correct_act", team.head, facts_of(sent).today, "report", "approve", {}
        )
    )
    assert facts_of(sent).value("subject") == "丰都长江建材公司"
    assert "丰都⻓江建才公司 → 丰都长江建材公司" in clerk.get(f"/desk/dockets/{code(sent)}").text
    noted = clerk.post(page, data={**typed, "corrected_on": "2025-01-02"})
    assert noted.status_code == 422  # the program itself noted when it came


@pytest.mark.parametrize("channel", list(channels()))
def test_what_a_channel_asked_can_be_corrected(
    team: Team, bureau: Bureau, sign_in: SignIn, channel: str
) -> None:
    """Each field that the page offers for the entry of a tip takes its right text, whichever way
    the tip came."""
    sent = Walk(team, 0, date(2025, 9, 1))
    told = {
        "channel": channel,
        "subject": "某厂",
        "subject_kind": "enterprise",
        "narrative": "少报收入",
    }
    told |= {**FILLED, "source_day": "2025-08-01"}
    sent.docket_id = receive(bureau, told, now=sent.now).docket_id
    clerk, page = sign_in("clerk"), f"/desk/dockets/{code(sent)}/report/correct_act"
    choice = re.search(
        r'<select[^>]*name="field".*?</select>', clerk.get(f"{page}?act=1").text, re.S
    )
    assert choice
    offered = [name for name in re.findall(r'<option value="(\w+)"', choice[0])]
    assert {"subject", "narrative"} <= set(offered)
    for name in offered:
        typed = {
            "on": facts_of(sent).today.isoformat(),
            "act": "1",
            "reason": "名称写错",
            "field": name,
            "value": "2025-08-30",
        }
        assert clerk.post(page, data={**typed, "action": "preview"}).status_code in (200, 422), name


def test_a_docket_without_such_entries_offers_no_correction(team: Team, bureau: Bureau) -> None:
    sent = facts_of(from_the_web(team, bureau, "某公司"))
    step = procedure().steps["correct_act"]
    assert not refusals(procedure(), sent, step, {}, sent.today, "needs")
    empty = replace(sent, acts=())
    assert [r.check for r in refusals(procedure(), empty, step, {}, sent.today, "needs")] == [
        "something_correctable"
    ]


def test_a_right_that_ended_says_which(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    case = drive(case_of(team, bureau), "notice_served", 6_000_000)
    case.at(facts_of(case).clock("hearing_request").due)  # type: ignore[union-attr]
    tick()
    page = sign_in("officer1").get(f"/desk/dockets/{code(case)}").text
    assert re.search(
        f"期限届满</strong>[^<]*<p>[^<]*：{procedure().clocks['hearing_request'].name.zh}", page
    )


def test_the_day_of_a_service_is_corrected_from_the_journal(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    case = drive(case_of(team, bureau), "notice_served")
    seq, client = case.last_seq(), sign_in("officer1")
    link = f"/desk/dockets/{code(case)}/main/correct_service?act={seq}"
    assert link in client.get(f"/desk/dockets/{code(case)}").text
    page = client.get(link).text
    assert "办公室收件人" in stands(page)
    assert "行政处罚事先告知书 丰统罚告〔2025〕1号" in stands(page)
    data = {"act": str(seq), "corrected_on": "2020-01-01", "proof": "x", "reason": "x"}
    answer = client.post(link.partition("?")[0], data=data)
    assert answer.status_code == 422
    assert "早于文书制作日期" in beside(answer.text, "corrected_on")


def test_what_time_did_is_not_offered(desk: tuple[FlaskClient, Walk, int]) -> None:
    client, case, _seq = desk
    opened = next(facts_of(case).done("open_case")).seq
    page = client.get(f"/desk/dockets/{code(case)}/main/correct_act").text
    assert f'<option value="{opened}">' not in page
