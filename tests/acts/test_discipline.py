"""Discipline for interference: of whom, by whom, and really sent; the order to correct, and what a
circular may say."""

import pytest

from casework.archive.terms_to_hide import hidden
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.scenes.ground import CLOSE
from casework.upkeep.walk import Team
from casework.vault.sealing import vault
from tests.acts.interference import (
    MAYOR,
    PERSON,
    SENT,
    TOLD,
    TOWN,
    concluded,
    corrected,
    filing,
    ordered,
    proposed,
    report,
    verified,
    why,
)
from tests.acts.roads import facts_of

# -- discipline: of whom, by whom, and really sent
TWO = "王某，双路镇镇长\n李某，双路镇统计办主任"
SUPERVISED = {
    "about": "王某",
    "target": "supervision",
    "body": "丰都县监察委员会",
    "reason": "涉嫌职务违法",
    "material": "x",
}
WITHIN_42 = "统计法第四十二条"


def test_a_report_on_a_body_says_who_answers_for_it(team: Team, bureau: Bureau) -> None:
    """统计法 §41: 对负有责任的领导人员和直接责任人员…给予处分."""
    case = verified(team, bureau, TOWN)
    case.take("file", filing("B4"))
    case.take("interview", road.INTERVIEW)
    assert why(case, "investigation_report", report("B4", responsible="")) == {"responsible_named"}
    assert why(case, "investigation_report", report("B4")) == set()


def test_whom_a_report_names_is_blacked_out_in_an_outgoing_file(team: Team, bureau: Bureau) -> None:
    case = concluded(
        team, bureau, TOWN, "D1", responsible="王某，双路镇镇长\n赵某（双路镇统计办主任）"
    )
    words = hidden(db.session(), vault(), facts_of(case)).words
    assert words >= {"王某", "赵某"}
    assert not [w for w in words if w.endswith(("双路镇", "主任"))]


@pytest.mark.parametrize("party", [TOWN, MAYOR])
def test_nobody_else_is_proposed_than_whom_the_report_found(
    team: Team, bureau: Bureau, party: dict[str, str]
) -> None:
    case = concluded(team, bureau, party, "D1")
    asked = {**PERSON, "articles": WITHIN_42}
    assert why(case, "propose_discipline", {**asked, "person_name": "赵某"}) == {
        "proposed_as_found"
    }
    assert why(case, "propose_discipline", {**asked, "person_name": "王 某"}) == set()


def test_each_whom_the_report_found_is_proposed_and_each_proposal_sent(
    team: Team, bureau: Bureau
) -> None:
    case = concluded(team, bureau, TOWN, "D1", responsible=TWO)
    asked = {**PERSON, "articles": WITHIN_42}
    case.take("propose_discipline", {**asked, "body_kind": "party", "body": "丰都县纪律检查委员会"})
    # party discipline is no 处分
    assert why(case, "settle_interference", {"note": ""}) >= {"discipline_proposed"}
    case.take("propose_discipline", asked)
    case.take("propose_discipline", {**asked, "person_name": "李某"})
    for track in ("discipline-1", "discipline-2"):
        case.take("send_discipline", SENT, track)
        case.serve("discipline_cover", track=track)
    assert why(case, "settle_interference", {"note": ""}) == {"discipline_sent"}
    case.take("send_discipline", SENT, "discipline-3")
    assert why(case, "settle_interference", {"note": ""}) == set()


def test_one_of_two_is_not_enough(team: Team, bureau: Bureau) -> None:
    case = concluded(team, bureau, TOWN, "D1", responsible=TWO)
    proposed(case, WITHIN_42)
    assert why(case, "settle_interference", {"note": ""}) == {"discipline_proposed"}
    case.take("send_prosecution", {**SUPERVISED, "about": "李某"})
    assert why(case, "settle_interference", {"note": ""}) == set()


def test_a_proposal_not_yet_sent_can_be_withdrawn_and_made_anew(team: Team, bureau: Bureau) -> None:
    case = concluded(team, bureau, TOWN, "D1", responsible=TWO)
    asked = {**PERSON, "articles": WITHIN_42}
    for name in ("王某", "李某"):
        case.take("propose_discipline", {**asked, "person_name": name})
    case.take("withdraw_discipline", {"reason": "接收机关有误，另行提出。"}, "discipline-1")
    papers = [(p.track, p.state) for p in facts_of(case).papers if p.kind == "discipline_proposal"]
    assert papers == [("discipline-1", "withdrawn"), ("discipline-2", "issued")]
    case.take("send_discipline", SENT, "discipline-2")
    case.serve("discipline_cover", track="discipline-2")
    assert why(case, "settle_interference", {"note": ""}) == {"discipline_proposed"}
    case.take(
        "propose_discipline", {**asked, "body_kind": "supervision", "body": "丰都县监察委员会"}
    )
    case.take("send_discipline", SENT, "discipline-3")
    assert why(case, "settle_interference", {"note": ""}) == set()


def test_a_referral_that_came_back_is_none(team: Team, bureau: Bureau) -> None:
    case = concluded(team, bureau, TOWN, "D1")
    case.take("send_prosecution", SUPERVISED)
    case.take("prosecution_back", {"reason": "不属职务违法，退回。"}, "prosecution-1")
    assert why(case, "settle_interference", {"note": ""}) == {
        "discipline_proposed",
        "discipline_sent",
    }
    proposed(case, WITHIN_42)
    assert why(case, "settle_interference", {"note": ""}) == set()


# -- the order to correct of §41
def test_an_order_about_something_else_is_none_of_the_article(team: Team, bureau: Bureau) -> None:
    case = concluded(team, bureau, TOWN, "B4")
    proposed(case, "统计法第四十一条")
    case.take("circulate_interference", TOLD)
    due = road.later(case.day, 15).isoformat()
    ledgers = {
        "act": "未设置统计台账。",
        "articles": "统计法第二十四条",
        "demand": "设置台账。",
        "due": due,
    }
    case.take("order_correction", ledgers)
    assert why(case, "settle_interference", {"note": ""}) == {"correction_ordered"}
    case.serve("correction")
    ordered(case)
    assert why(case, "settle_interference", {"note": ""}) == set()


def test_no_case_is_closed_before_the_last_day_of_its_order(team: Team, bureau: Bureau) -> None:
    case = concluded(team, bureau, TOWN, "B4")
    proposed(case, "统计法第四十一条")
    case.take("circulate_interference", TOLD)
    ordered(case)
    case.take("settle_interference", {"note": ""})
    case.scanned()
    assert why(case, "close", CLOSE) == {"correction_awaited"}
    case.take("check_correction", {"corrected": "no", "proof": "未改正。"})
    assert why(case, "close", CLOSE) == {"correction_awaited"}
    corrected(case)
    assert why(case, "close", CLOSE) == set()


def test_after_the_last_day_it_is_closed_whatever_was_done(team: Team, bureau: Bureau) -> None:
    case = concluded(team, bureau, TOWN, "B4")
    proposed(case, "统计法第四十一条")
    case.take("circulate_interference", TOLD)
    ordered(case)
    case.take("settle_interference", {"note": ""})
    case.at(road.later(case.day, 16)).scanned()
    assert why(case, "close", CLOSE) == set()


# -- the circular says what was found and done
@pytest.mark.parametrize(
    "text",
    [
        "双路镇镇长王某被开除公职。",
        "对双路镇罚款五十万元。",
        "王某已移送公安机关。",
        "给予警告处分。",
        "王某情节严重。",
    ],
)
def test_a_circular_says_nothing_that_nobody_decided(team: Team, bureau: Bureau, text: str) -> None:
    case = concluded(team, bureau, TOWN, "B4")
    proposed(case, "统计法第四十一条")
    assert why(case, "circulate_interference", {**TOLD, "text": text}) == {"words_as_decided"}


def test_a_circular_says_what_was_answered(team: Team, bureau: Bureau) -> None:
    case = concluded(team, bureau, TOWN, "B4")
    proposed(case, "统计法第四十一条")
    case.take(
        "discipline_reply",
        {"result": "给予王某政务记过处分。", "number": "丰监〔2026〕6号"},
        "discipline-1",
    )
    text = (
        "双路镇召集企业，要求按给定数字上报，现予以通报。已建议给予处分；王某被给予政务记过处分。"
    )
    assert why(case, "circulate_interference", {**TOLD, "text": text}) == set()


@pytest.mark.parametrize("text", ["联系电话13800000001。", "根据群众举报查明。"])
def test_a_circular_names_no_number_and_no_tip(team: Team, bureau: Bureau, text: str) -> None:
    case = concluded(team, bureau, TOWN, "B4")
    assert why(case, "circulate_interference", {**TOLD, "text": text}) & {
        "numbers_in_public",
        "tip_in_public",
    }
