"""What builders put on papers from facts alone: articles, whom to call, what is left out where there is nothing to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from casework.procedure.calendar import WorkCalendar
from casework.procedure.facts import ActFacts, BureauFacts, ClockFacts, Facts, PersonFacts
from casework.procedure.load import procedure
from casework.procedure.settings import shipped
from casework.procedure.terms import Card, Period, Unit
from letters.base import BureauHead
from letters.build import Issue, build
from letters.notice import notice_kind

DAY = date(2025, 6, 2)
HEAD, OFFICER, LEADER = 1, 2, 3
BUREAU = BureauFacts(
    1, "丰都县统计局", "丰统", "500230", "重庆市统计局", "丰都县人民政府", "丰都县人民法院",
    "重庆市丰都县三合街道平都大道1号", "023-00000000",
)  # fmt: skip
PEOPLE = {
    HEAD: PersonFacts(HEAD, "向东平", frozenset({"head"})),
    OFFICER: PersonFacts(OFFICER, "秦岚", frozenset({"officer"}), (Card("渝统执 0219", "2020-01-01", "2030-01-01"),)),
    LEADER: PersonFacts(LEADER, "周明", frozenset({"leader"})),
}
TOWN = {"kind": "state_organ", "name": "丰都县双路镇人民政府", "credit_code": "", "address": "丰都县双路镇",
        "representative": "王建明", "township": "", "phone": ""}  # fmt: skip
FIRM = {**TOWN, "kind": "enterprise", "name": "重庆渝丰机械制造有限公司", "credit_code": "91350100M000100Y43"}


def act(seq: int, step: str, on: date = DAY, **asked: Any) -> ActFacts:
    """An entry of the journal that took effect."""
    return ActFacts(seq, "main", step, "done", on, datetime(on.year, on.month, on.day, 6, tzinfo=UTC), HEAD, asked)


def facts(*acts: ActFacts, **more: Any) -> Facts:
    """A case of the bureau as of the day."""
    known: dict[str, Any] = {
        "id": 1, "kind": "case", "number": "丰统案〔2025〕1号", "title": "某公司", "opened_on": DAY, "bureau": BUREAU,
        "now": datetime(2025, 6, 2, 6, tzinfo=UTC), "today": DAY, "settings": shipped(), "calendar": WorkCalendar({}),
        "acts": acts, "people": PEOPLE, "actor": PEOPLE[HEAD], "officers": (PEOPLE[OFFICER],),
    }  # fmt: skip
    return Facts(**{**known, **more})


def printed(paper: str, step: str, known: Facts, **asked: Any) -> str:
    """All that stands on the paper, in order."""
    issue = Issue(procedure().papers[paper], "丰统〔2025〕1号", DAY)
    return "\n".join(build(issue, known, step, asked).strings())


@pytest.mark.parametrize(("ground", "says"), [
    ("not_statistics", "不属于统计违法。根据《信访工作条例》第二十三条第一款的规定，本局决定不予受理。"),
    ("time_barred", "违法行为在二年内未被发现。根据《中华人民共和国行政处罚法》第三十六条第一款的规定，本局决定不予受理。"),
])  # fmt: skip
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
    report = {"violations": [], "course": "查", "discretion": "轻", "proposal": "结", "serious_ground": ""}
    for party, there in ((TOWN, False), (FIRM, True)):
        known = facts(act(1, "accept", party=party, cause="涉嫌"), act(2, "file", conduct_end="2025-03-01", code="B4"))
        for paper, step, asked in (
            ("investigation_report", "investigation_report", report),
            ("verification_report", "verification_report", {"result": "file", "findings": "属实。"}),
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
    text = printed("transfer", "transfer_out", known, body="丰都县市场监督管理局", reason="非统计。", competence="other_body")
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
    proposed = act(1, "propose_discipline", person_name="王建明", person_post="镇长", body="组织部", body_kind="appointing")
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
    limit = ClockFacts(1, "case_limit", "main", start, due, due, "open", period=Period(3, Unit.MONTH))
    known = facts(act(1, "accept", party=FIRM, cause="涉嫌"), act(2, "file", start), clocks=(limit,))
    asked = {"by": "case.extension", "reason": "案情复杂。"}
    assert "顺延" not in printed("extension", "extend_case", known, **asked)
    put_off = replace(limit, due=due + timedelta(20), pauses=((date(2025, 4, 1), date(2025, 4, 21)),))
    text = printed("extension", "extend_case", replace(known, clocks=(put_off,)), **asked)
    assert "期限自2025年4月1日至2025年4月21日中止计算，由2025年6月3日顺延至2025年6月23日。" in text.replace("\n", "")
