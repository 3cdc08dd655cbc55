"""What builders put on papers from facts alone: articles, whom to call, who did what and when, what
was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from casework.procedure.calendar import WorkCalendar
from casework.procedure.effects import TrackOpened
from casework.procedure.facts import (
    ActFacts,
    BureauFacts,
    ClockFacts,
    Facts,
    PaperFacts,
    PersonFacts,
    ServiceFacts,
)
from casework.procedure.interference import told
from casework.procedure.load import procedure
from casework.procedure.settings import shipped
from casework.procedure.terms import Card, Period, Unit
from letters.base import BureauHead
from letters.build import Issue, build
from letters.notice import notice_kind

DAY = date(2025, 6, 2)
HEAD, OFFICER, LEADER = 1, 2, 3
BUREAU = BureauFacts(
    1,
    "丰都县统计局",
    "丰统",
    "500230",
    "重庆市统计局",
    "丰都县人民政府",
    "丰都县人民法院",
    "重庆市丰都县三合街道平都大道1号",
    "023-00000000",
)
PEOPLE = {
    HEAD: PersonFacts(HEAD, "向东平", frozenset({"head"})),
    OFFICER: PersonFacts(
        OFFICER, "秦岚", frozenset({"officer"}), (Card("渝统执 0219", "2020-01-01", "2030-01-01"),)
    ),
    LEADER: PersonFacts(LEADER, "周明", frozenset({"leader"})),
}
TOWN = {
    "kind": "state_organ",
    "name": "丰都县双路镇人民政府",
    "credit_code": "",
    "address": "丰都县双路镇",
    "representative": "王建明",
    "township": "",
    "phone": "",
}
FIRM = {
    **TOWN,
    "kind": "enterprise",
    "name": "重庆渝丰机械制造有限公司",
    "credit_code": "91350100M000100Y43",
}


def act(seq: int, step: str, on: date = DAY, **asked: Any) -> ActFacts:
    """An entry of the journal that took effect."""
    return ActFacts(
        seq,
        "main",
        step,
        "done",
        on,
        datetime(on.year, on.month, on.day, 6, tzinfo=UTC),
        HEAD,
        asked,
    )


def facts(*acts: ActFacts, **more: Any) -> Facts:
    """A case of the bureau as of the day."""
    known: dict[str, Any] = {
        "id": 1,
        "kind": "case",
        "number": "丰统案〔2025〕1号",
        "title": "某公司",
        "opened_on": DAY,
        "bureau": BUREAU,
        "now": datetime(2025, 6, 2, 6, tzinfo=UTC),
        "today": DAY,
        "settings": shipped(),
        "calendar": WorkCalendar({}),
        "acts": acts,
        "people": PEOPLE,
        "actor": PEOPLE[HEAD],
        "officers": (PEOPLE[OFFICER],),
    }
    return Facts(**{**known, **more})


def printed(paper: str, step: str, known: Facts, **asked: Any) -> str:
    """All that stands on the paper, in order."""
    issue = Issue(procedure().papers[paper], "丰统〔2025〕1号", DAY)
    return "\n".join(build(issue, known, step, asked).strings())


def test_a_withdrawal_prints_why_the_limit_of_the_case_was_exceeded() -> None:
    """No table of names has to know an answer that the wording asks for."""
    late = {"reason": "违法事实不能成立。", "late_reason": "账簿调取迟延，当事人两次更换经办人。"}
    assert late["late_reason"] in printed("withdrawal", "withdraw_filing", facts(), **late)
    assert "超过办案" not in printed("withdrawal", "withdraw_filing", facts(), reason="同上。")


@pytest.mark.parametrize(
    ("ground", "says"),
    [
        (
            "not_statistics",
            "不属于统计违法。根据《信访工作条例》第二十三条第一款的规定，本局决定不予受理。",
        ),
        (
            "time_barred",
            "违法行为在二年内未被发现。"
            "根据《中华人民共和国行政处罚法》第三十六条第一款的规定，"
            "本局决定不予受理。",
        ),
    ],
)
def test_a_declined_tip_is_told_the_article(ground: str, says: str) -> None:
    assert says in printed("acceptance_notice", "decline", facts(kind="report"), ground=ground)


@pytest.mark.parametrize("ground", ["no_subject", "nothing_new", "no_lead"])
def test_no_article_is_cited_where_none_carries_it(ground: str) -> None:
    text = printed("acceptance_notice", "decline", facts(kind="report"), ground=ground)
    assert "，本局决定不予受理。" in text
    assert "的规定，本局决定" not in text


def test_the_approval_of_a_declined_tip_names_the_same_article() -> None:
    asked = {"ground": "not_statistics", "opinion": "建议不予受理。"}
    text = printed("acceptance_approval", "decline", facts(kind="report"), **asked)
    assert "不属于统计违法（《信访工作条例》第二十三条第一款）" in text


def test_who_has_no_credit_code_is_not_printed_one() -> None:
    report = {
        "violations": [],
        "course": "查",
        "discretion": "轻",
        "proposal": "结",
        "serious_ground": "",
    }
    for party, there in ((TOWN, False), (FIRM, True)):
        known = facts(
            act(1, "accept", party=party, cause="涉嫌"),
            act(2, "file", conduct_end="2025-03-01", code="B4"),
        )
        for paper, step, asked in (
            ("investigation_report", "investigation_report", report),
            (
                "verification_report",
                "verification_report",
                {"result": "file", "findings": "属实。"},
            ),
        ):
            text = printed(paper, step, known, **asked)
            assert ("统一社会信用代码" in text) is there, paper
            assert "代码：—" not in text


def test_a_request_to_the_superior_says_whom_to_call() -> None:
    """党政机关公文处理条例: 请示应当在附注处注明联系人和电话."""
    known = facts(act(1, "accept", party=FIRM, cause="涉嫌"))
    lines = printed("transfer", "report_up", known, reason="案情重大。").split("\n")
    assert "　　（联系人：秦岚，电话：023-00000000）" in lines
    assert lines.index("2025年6月2日") < lines.index("　　（联系人：秦岚，电话：023-00000000）")
    assert not any(line.startswith("联系电话") for line in lines)


def test_a_letter_to_another_body_does_too() -> None:
    known = facts(act(1, "accept", party=FIRM, cause="涉嫌"), officers=())
    text = printed(
        "transfer",
        "transfer_out",
        known,
        body="丰都县市场监督管理局",
        reason="非统计。",
        competence="other_body",
    )
    assert "联系人：向东平" in text
    assert "联系电话：023-00000000" in text


def test_a_letter_driven_by_its_wording_prints_telephone_and_address_of_the_bureau() -> None:
    """A condition on a field that every letter has is answered by that field."""
    kind: Any = notice_kind("listing_extension_notice")
    head = BureauHead("丰都县统计局", "丰都县统计局", "平都大道1号", "023-00000000")
    for number, there in ((head, True), (replace(head, phone="", address=""), False)):
        letter = kind(bureau=number, number="1", on=DAY, values={})
        values, _lists = letter.placeholders()
        assert bool(values["bureau_phone"] and values["bureau_address"]) is there


def test_the_letter_that_chases_prints_no_note_of_ours() -> None:
    proposed = act(
        1,
        "propose_discipline",
        person_name="王建明",
        person_post="镇长",
        body="组织部",
        body_kind="appointing",
    )
    known = facts(act(0, "accept", party=TOWN, cause="涉嫌"), proposed, act(2, "send_discipline"))
    text = printed("discipline_chase", "chase_discipline", known, note="对方电话里说要拖一拖。")
    assert "尚未收到反馈" in text
    assert "联系电话：023-00000000" in text
    assert "拖一拖" not in text


@pytest.mark.parametrize("result", ["granted", "refused"])
def test_a_decision_on_a_recusal_does_not_speak_of_the_time_before_it(result: str) -> None:
    known = facts(act(1, "accept", party=FIRM, cause="涉嫌"))
    asked = {"person": OFFICER, "reason": "近亲属任职", "result": result}
    assert "决定作出之前" not in printed("recusal", "recuse", known, **asked)
    assert "决定作出之前，不停止调查" in printed("recusal_application", "recuse", known, **asked)


def test_an_extension_says_what_put_the_old_term_off() -> None:
    start, due = date(2025, 3, 3), date(2025, 6, 3)
    limit = ClockFacts(
        1, "case_limit", "main", start, due, due, "open", period=Period(3, Unit.MONTH)
    )
    known = facts(
        act(1, "accept", party=FIRM, cause="涉嫌"), act(2, "file", start), clocks=(limit,)
    )
    asked = {"by": "case.extension", "reason": "案情复杂。"}
    assert "顺延" not in printed("extension", "extend_case", known, **asked)
    put_off = replace(
        limit, due=due + timedelta(20), pauses=((date(2025, 4, 1), date(2025, 4, 21)),)
    )
    text = printed("extension", "extend_case", replace(known, clocks=(put_off,)), **asked)
    assert (
        "期限自2025年4月1日至2025年4月21日中止计算，由2025年6月3日顺延至2025年6月23日。"
        in text.replace("\n", "")
    )


CALLED = "召集辖区企业统计人员开会，要求按会上给定的数字填报2025年年报"
WRONG = {"code": "B4", "what": CALLED, "conduct_start": "", "conduct_end": "2025-03-10"}
ARTICLE = "《中华人民共和国统计法》（2024年修正）第四十一条第一款第四项"
INTERFERED = (
    act(1, "accept", party=TOWN, cause="涉嫌要求他人提供不真实统计资料"),
    act(
        2,
        "file",
        date(2025, 5, 6),
        code="B4",
        conduct_end="2025-03-10",
        cause="涉嫌要求他人提供不真实统计资料",
    ),
    act(3, "investigation_report", date(2025, 5, 20), violations=[WRONG]),
)
ORDER = {"articles": ARTICLE, "demand": "停止干预。", "due": "2025-06-20"}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (f"{CALLED}。", f"经查，2025年3月10日，你单位{CALLED}。"),
        (
            f"丰都县双路镇人民政府于2025年3月10日{CALLED}。",
            f"经查，你单位于2025年3月10日{CALLED}。",
        ),
        (f"2025年3月10日，你镇{CALLED}。", f"经查，2025年3月10日，你镇{CALLED}。"),
    ],
)
def test_an_order_to_a_township_says_who_did_it_and_when(typed: str, says: str) -> None:
    assert says in printed("correction", "order_correction", facts(*INTERFERED), act=typed, **ORDER)


def test_it_does_before_the_report_too() -> None:
    text = printed(
        "correction", "order_correction", facts(*INTERFERED[:2]), act=f"{CALLED}。", **ORDER
    )
    assert f"2025年3月10日，你单位{CALLED}。" in text


def test_what_an_inspection_found_has_its_subject() -> None:
    known = facts(
        act(1, "accept", party=FIRM, cause="涉嫌"), act(2, "on_site_record", date(2025, 5, 7))
    )
    asked = {**ORDER, "articles": "统计法第二十四条"}
    for typed in ("未设置统计台账。", "当事人未设置统计台账。"):
        text = printed("correction", "order_correction", known, act=typed, **asked)
        assert "本局于2025年5月7日检查发现你单位未设置统计台账。" in text


@pytest.mark.parametrize(
    ("paper", "step", "who"),
    [
        ("investigation_report", "investigation_report", "当事人"),
        ("closing_report", "close", "当事人"),
        ("bulletin", "circulate_interference", "丰都县双路镇人民政府"),
    ],
)
def test_every_paper_about_interference_says_who_did_it_and_when(
    paper: str, step: str, who: str
) -> None:
    asked = {
        "result": "完毕",
        "execution": "无",
        "course": "查",
        "discretion": "轻",
        "proposal": "结",
        "recipients": "各乡镇",
        "text": "如下",
    }
    assert f"2025年3月10日，{who}{CALLED}" in printed(paper, step, facts(*INTERFERED), **asked)


def test_a_proposal_of_discipline_says_who_did_it_and_when() -> None:
    asked = {
        "body": "组织部",
        "body_kind": "appointing",
        "person_name": "王建明",
        "person_post": "镇长",
        "articles": ARTICLE,
        "proposal": "建议给予处分。",
    }
    whole = "2025年3月10日，丰都县双路镇人民政府召集企业开会。"
    for typed, says in ((f"{CALLED}。", f"2025年3月10日，王建明{CALLED}。"), (whole, whole)):
        text = printed(
            "discipline_proposal", "propose_discipline", facts(*INTERFERED), **asked, facts=typed
        )
        assert f"\n{says}\n" in text


def test_what_the_form_proposes_as_facts_says_who_and_when() -> None:
    assert told(facts(*INTERFERED)) == f"2025年3月10日，丰都县双路镇人民政府{CALLED}。"


def paper(
    kind: str, number: str, seq: int, on: date = DAY, served: date | None = None
) -> PaperFacts:
    arrived = ServiceFacts(served, "direct", seq) if served else None
    return PaperFacts(
        seq, kind, number, "main", "", seq, on, "served" if served else "issued", arrived
    )


def test_the_closing_report_names_what_was_proposed_and_circulated() -> None:
    sent = act(
        4,
        "propose_discipline",
        date(2025, 5, 26),
        person_name="王建明",
        body="组织部",
        body_kind="appointing",
    )
    sent = replace(sent, effects=(TrackOpened("discipline", "discipline-1", "proposed"),))
    papers = (
        paper("discipline_proposal", "丰统处建〔2025〕2号", 4, date(2025, 5, 26)),
        paper("bulletin", "丰统通〔2025〕1号", 5),
        replace(paper("bulletin", "丰统通〔2025〕9号", 6), state="withdrawn"),
    )
    known = facts(*INTERFERED, sent, act(5, "circulate_interference"), papers=papers)
    asked = {"result": "完毕", "execution": "无", "publication": ""}
    text = printed("closing_report", "close", known, **asked).replace("\n", "")
    assert "处分处理建议书（丰统处建〔2025〕2号，2025年5月26日），送组织部，尚未收到反馈。" in text
    assert "统计违法案件通报（丰统通〔2025〕1号，2025年6月2日）。" in text
    assert "9号" not in text
    answered = replace(
        act(7, "discipline_reply", result="已给予警告处分。", number=""), track="discipline-1"
    )
    text = printed(
        "closing_report", "close", replace(known, acts=(*known.acts, answered)), **asked
    ).replace("\n", "")
    assert "送组织部，反馈结果：已给予警告处分。" in text


def test_nothing_is_said_to_have_been_published_where_nothing_was() -> None:
    asked = {"result": "完毕", "execution": "无", "publication": ""}
    cells = printed("closing_report", "close", facts(*INTERFERED), **asked).split("\n")
    assert cells[cells.index("移送反馈") + 1] == "无"


def test_the_execution_record_says_apart_how_the_money_ended_and_what_became_of_order_and_warning() -> (  # noqa: E501
    None
):
    decided = act(
        4, "decide_penalty", date(2025, 5, 22), kinds=["warning", "fine"], fine_fen=3_000_000
    )
    penalty = paper("decision", "丰统罚〔2025〕4号", 4, date(2025, 5, 22), date(2025, 5, 23))
    papers = (penalty, paper("correction", "丰统责改〔2025〕2号", 5))
    ordered = act(5, "order_correction", date(2025, 5, 26))
    known = facts(act(1, "accept", party=FIRM, cause="涉嫌"), decided, ordered, papers=papers)
    cells = printed("execution_record", "close", known, execution="法院强制执行完毕。").split("\n")
    assert cells[cells.index("执行结果") + 1] == "法院强制执行完毕。"
    text = "".join(cells[cells.index("警告的落实") :])
    assert "法院强制执行" not in text
    assert "警告自处罚决定书送达之日（2025年5月23日）起生效。" in text
    assert "2025年5月26日发出责令改正通知书（丰统责改〔2025〕2号），尚未复查。" in text
    checked = act(6, "check_correction", date(2025, 6, 1), corrected="yes", proof="台账已补建。")
    text = printed(
        "execution_record", "close", replace(known, acts=(*known.acts, checked)), execution="完毕。"
    )
    assert "2025年6月1日复查：已经改正。" in text.replace("\n", "")
