"""Each «needs» of each step, on the facts of real dockets: a row that loses one lets a step
through, and fails here."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from casework.acts.errors import Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.people.models import Bureau
from casework.procedure.facts import ActFacts, Facts, LinkFacts
from casework.upkeep import road
from casework.upkeep.scenes.hearing import POINTS
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import END, FIRM, case_of, drive, facts_of, refused, tip
from tests.support.acts import RECONSIDERED, VOICES, P, why

LAW = {"facts": "虚报", "articles": "令第35号"}


def without(facts: Facts, *steps: str) -> Facts:
    """The same as if those steps had not been taken."""
    return replace(facts, acts=tuple(a for a in facts.acts if a.step not in steps))


def as_kind(facts: Facts, kind: str) -> Facts:
    """The same with a respondent of another kind, recorded last."""
    last: ActFacts = facts.acts[-1]
    more = replace(
        last,
        seq=last.seq + 1,
        step="note",
        verb="take",
        asked={"party": {**FIRM, "kind": kind}},
        effects=(),
    )
    return replace(facts, acts=(*facts.acts, more))


def all_refuse(facts: Facts | Walk, check: str, steps: Iterable[str]) -> None:
    for step in steps:
        assert check in why(facts, step), (check, step)


def test_a_case_at_its_beginning(case_opened: Walk) -> None:
    case = case_opened
    officers = (
        "not_file",
        "inspection_notice",
        "defence_waived",
        "seek_help",
        "extend_verification",
    )
    all_refuse(case, "officers_assigned", officers)
    nobody = without(facts_of(case), "open_case")
    all_refuse(nobody, "party_known", (s.id for s in P.steps.values() if "party_known" in s.needs))
    assert {"file", "prior_notice", "order_correction", "inspection_notice"} <= {
        s.id for s in P.steps.values() if "party_known" in s.needs
    }
    for step, check in (
        ("check_correction", "correction_served"),
        ("inquiry_answered", "inquiry_served"),
        ("help_replied", "help_asked"),
        ("dispose_preserved", "something_preserved"),
        ("investigation_report", "something_found"),
        ("admonish", "respondent_is_person"),
        ("filed_with_bureau", "spot_not_filed"),
        ("redo", "redo_ordered"),
        ("serve", "something_to_serve"),
        ("remedy_start", "decided"),
        ("not_public", "decided"),
        ("approve_publication", "penalty_decided"),
        ("send_discipline", "report_or_decision"),
        ("lift_hold", "is_held"),
        ("correct_service", "something_served"),
        ("resume", "suspended"),
        ("confirm_code", "code_in_doubt"),
        ("confirm_body", "body_in_question"),
    ):
        assert check in why(case, step), (step, check)
    person = as_kind(facts_of(case), "person")
    all_refuse(
        person,
        "respondent_may_be_penalised",
        ("on_the_spot", "prior_notice", "prior_notice_again", "decide_penalty"),
    )
    assert "respondent_is_person" not in why(person, "admonish")
    assert "not_a_person" in why(person, "approve_publication")


def test_a_case_under_investigation(case_at_file: Walk) -> None:
    case = case_at_file
    case.take("preserve", {"things": "账簿", "place": "本局", "reason": "可能灭失"})
    all_refuse(
        case, "nothing_preserved", ("withdraw_filing", "investigation_report", "terminate", "close")
    )
    case.take("dispose_preserved", {"result": "返还"})
    assert "nothing_preserved" not in why(case, "terminate")
    case.take("suspend", {"reason": "等待鉴定"})
    case.take("resume", {"reason": "完成"})
    assert why(case, "extend_case") == set()
    last = facts_of(case).clock("case_limit").due  # type: ignore[union-attr]
    assert "case_limit_not_expired" in why(case.at(last + timedelta(1)), "extend_case")


def test_an_extension_comes_before_the_end(case_at_assign: Walk) -> None:
    case = case_at_assign
    last = facts_of(case).clock("verify").due  # type: ignore[union-attr]
    assert why(case.at(last), "extend_verification") == set()
    assert "verify_not_expired" in why(case.at(last + timedelta(1)), "extend_verification")


def test_from_the_notice_to_the_decision(large_case_at_prior_notice: Walk, team: Team) -> None:
    """行政处罚法 §§44–45, 57–58, 62–65: nothing between the notice and the decision is left out."""
    case = large_case_at_prior_notice
    all_refuse(case, "notice_served", ("defence_heard", "defence_waived", "decide_penalty"))
    assert "decision_unserved" in why(case, "take_back_decision")
    all_refuse(case, "notice_served", ("hearing_request", "rights_waived"))
    case.serve("prior_notice")
    assert {"hearing_window_over"} <= why(case, "defence_review")
    assert {"windows_over"} <= why(case, "decide_penalty")
    all_refuse(case, "hearing_pending_now", ("hearing_refuse", "hearing_notice"))
    case.at(road.later(case.day, 2)).take("hearing_request", {"form": "oral", "points": "不服"})
    assert "hearing_not_yet_asked" in why(case, "hearing_request")
    assert {"hearing_done", "windows_over"} <= why(case, "decide_penalty")
    case.at(road.later(case.day, 12)).take("defence_waived", {"how": "expired", "note": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": "无"})
    on = road.CALENDAR.add_workdays(case.day, 12)
    notice = {
        "time": "9:00",
        "place": "本局",
        "openness": "public",
        "host": team.head,
        "hearing_on": on.isoformat(),
    }
    case.take("hearing_notice", notice)
    assert {"hearing_notice_served"} <= why(case, "hearing_held")
    assert {"hearing_was_held"} <= why(case, "hearing_report")
    case.serve("hearing_notice")
    assert "hearing_day_come" in why(case, "hearing_held")  # the day before it, nobody records it
    held = {"present": "双方", "record": "记录"}
    with pytest.raises(Refused) as error:
        perform(
            Intent(case.docket_id, "hearing_held", team.legal, on, "main", "take", held),
            case.at(on).now,
        )
    assert refused(error) == {"host_is_actor"}
    case.take("hearing_held", held)
    all_refuse(case, "hearing_not_yet_held", ("hearing_held", "hearing_given_up"))
    case.take("hearing_report", {"opinion": "维持"})
    assert {"review_done", "panel_done"} <= why(case, "decide_penalty")
    case.take("legal_review", {**POINTS, "opinion": "同意", "result": "pass", "census_law": ""})
    assert why(case, "decide_penalty") == {"panel_done"}
    case.take(
        "panel", {"place": "会议室", "voices": VOICES, "conclusion": "同意", "result": "agreed"}
    )
    assert why(case, "decide_penalty") == set()
    assert why(without(facts_of(case), "legal_review"), "decide_penalty") == {"review_done"}


def test_after_the_decision(case_at_served: Walk) -> None:
    case = case_at_served
    assert "redo_ordered" in why(case, "redo")
    assert "agreement_made" in why(case, "remit_surcharge", label="execution-1")
    assert "execution_paused" in why(case, "resume_execution", label="execution-1")
    case.take("pause_execution", {"ground": "unable", "reason": "确无履行能力"}, "execution-1")
    assert "execution_not_paused" in why(case, "pause_execution", label="execution-1")
    all_refuse(case, "not_stayed", ("demand", "apply_court"))
    assert {"execution_over", "publication_decided"} <= why(case, "close")
    assert "something_owed_back" in why(case, "refund", label="execution-1")
    assert "nothing_owed_back" not in why(case, "close")
    report = LinkFacts(1, "report", "丰统线〔2025〕1号", "x", "accepted", named=True)
    assert "informants_answered" in why(replace(facts_of(case), links=(report,)), "close")
    assert "informants_answered" not in why(
        replace(facts_of(case), links=(replace(report, stage="answered"),)), "close"
    )
    assert "enterprise_only" in why(as_kind(facts_of(case), "sole_trader"), "assess_dishonesty")
    case.take("assess_dishonesty", {"ground": "fabricated", "facts": "虚报"})
    assert "no_dishonesty_yet" in why(case, "assess_dishonesty")
    case.take("dishonesty_notice", LAW, "dishonesty-1")
    for step in ("dishonesty_defence", "determine"):
        assert "dishonesty_notice_served" in why(case, step, label="dishonesty-1")
    case.serve("dishonesty_notice")
    case.at(road.later(case.day, 200)).take("determine", LAW, "dishonesty-1")
    assert "determination_served" in why(case, "list_entry", label="dishonesty-1")
    case.take("remedy_start", RECONSIDERED)
    assert "decision_final" in why(case, "assess_dishonesty")


def test_money_goes_back_after_it_came_in_and_not_tomorrow(case_at_served: Walk) -> None:
    case = case_at_served
    money = {"paid_fen": 3_000_000, "paid_on": case.day.isoformat(), "slip": "1"}
    case.take("pay", money, "execution-1")
    case.at(road.later(case.day, 5)).take("remedy_start", RECONSIDERED)
    end = {
        "kind": "reconsideration",
        "result": "set_aside",
        "number": "2",
        "fine_fen": None,
        "reason": "x",
    }
    case.at(road.later(case.day, 20)).take("remedy_end", end, "remedy-1")
    assert "nothing_owed_back" in why(case, "close")
    back = {"refunded_fen": 3_000_000, "slip": "2"}
    for day, good in (
        (case.day, True),
        (case.day + timedelta(1), False),
        (case.day - timedelta(90), False),
    ):
        assert ("refund_day" in why(case, "refund", {**back, "refunded_on": day.isoformat()})) == (
            not good
        ), day


def test_a_person_and_a_body_that_do_not_answer(case_at_served: Walk) -> None:
    case = case_at_served
    person = {
        "person_name": "李某",
        "person_post": "某镇镇长",
        "public_employee": "yes",
        "body_kind": "appointing",
        "body": "县委组织部",
        "facts": "授意",
        "articles": "统计法第四十条",
        "proposal": "给予处分",
    }
    case.take("propose_discipline", person)
    case.take("send_discipline", {"enclosures": "报告", "contact": "张"}, "discipline-1")
    assert "reply_overdue" in why(case, "report_no_reply", label="discipline-1")
    last = facts_of(case).clock("discipline_reply").due  # type: ignore[union-attr]
    assert why(case.at(last + timedelta(1)), "report_no_reply", label="discipline-1") == set()


def test_a_tip(team: Team, bureau: Bureau) -> None:
    walk = tip(team, bureau)
    for step, check in (
        ("object_transfer", "came_by_transfer"),
        ("unlink_report", "something_linked"),
        ("reply_to_sender", "somebody_sent_it"),
        ("link_report", "open_case_there"),
        ("lift_hold", "is_held"),
    ):
        assert check in why(walk, step), step
    handed = tip(team, bureau, channel="department", source_body="县市场监管局", needs_reply=True)
    last = road.CALENDAR.add_workdays(handed.day, 5)  # 信访工作条例 §23
    assert why(handed.at(last), "object_transfer") == set()
    assert "objection_in_time" in why(handed.at(last + timedelta(1)), "object_transfer")
    handed.take("accept", {"respondents": [FIRM], "cause": "案由", "opinion": "受理"})
    final = why(handed, "answer_informant", {"text": "x", "final": "yes"})
    assert {"final_answer_possible", "sender_has_reply"} <= final
    assert why(handed, "answer_informant", {"text": "x", "final": "no"}) == set()


def test_a_file_that_is_held_back(team: Team, bureau: Bureau) -> None:
    walk = tip(team, bureau)
    walk.take("decline", {"ground": "no_lead", "destination": "", "opinion": "没有具体线索。"})
    walk.take("hold_disposal", {"hold_ground": "audit", "reason": "审计"}, "report")
    assert "not_held" in why(walk, "hold_disposal")


def test_what_may_be_circulated_is_looked_at_again(team: Team, bureau: Bureau) -> None:
    trader = case_of(team, bureau, {**FIRM, "kind": "sole_trader", "name": "张三副食店"})
    case = drive(trader, "served", 0)
    assert why(case, "circulate") == {"circular_decided", "circular_lawful"}


def test_every_refusal_of_a_row_is_met_in_a_test() -> None:
    """By name: a check that no test speaks of could be dropped from its row unseen."""
    words = "\n".join(f.read_text("utf-8") for f in Path(__file__).parent.parent.rglob("test_*.py"))
    used = {c for s in P.steps.values() for c in (*s.needs, *s.checks)}
    assert sorted(c for c in used if not re.search(rf"\b{c}\b", words)) == []
    assert END  # the road's own day
