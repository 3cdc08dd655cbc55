"""The road from a tip to an archived case file, and what it refuses on the way."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError, ProgrammingError

from casework.acts.errors import Conflict, NotAllowed, Refused
from casework.acts.facts import gather
from casework.acts.intent import Intent
from casework.acts.perform import perform, vault
from casework.disclosure import entries
from casework.docket import journal
from casework.docket.models import Act, Clock, Docket, Proposal, Track
from casework.intake.receive import receive
from casework.papers.models import Paper
from casework.people.models import Bureau, EnforcementCard, Interest, Person, PersonRole
from casework.procedure.checks.registry import CHECKS
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.tick import kept_heads, tick
from casework.upkeep.walk import Team, Walk

START = date(2025, 9, 1)
END = date(2025, 3, 10)  # of the conduct
FIRM = {"name": "重庆汇锦机械制造有限公司", "kind": "enterprise", "credit_code": "", "address": "丰都县三合街道",
        "representative": "李某", "township": "500230109", "phone": ""}  # fmt: skip


def tip(team: Team, bureau: Bureau, subject: str = FIRM["name"], **more: object) -> Walk:
    """A telephone tip, registered."""
    payload = {"channel": "phone", "subject": subject, "subject_kind": "enterprise", "narrative": "应收账款少报",
               "survey_by": "bureau", "township": "500230109", **more}  # fmt: skip
    walk = Walk(team, 0, START)
    walk.docket_id = receive(bureau, payload, actor_id=team.clerk, on=START, now=walk.now).docket_id
    road.register(walk)
    return walk


def case_of(team: Team, bureau: Bureau, party: dict[str, str] | None = None) -> Walk:
    """The case of an accepted tip."""
    party = party or FIRM
    walk = tip(team, bureau, party["name"])
    walk.at(START + timedelta(2)).take("accept", {"respondents": [party], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"})
    case = walk.case()
    road.PARTY[case.docket_id] = party
    return case


def drive(case: Walk, until: str, fine_fen: int = 3_000_000) -> Walk:
    """Along the main road up to and including a stop."""
    for name, days, stop in road.stops(END, fine_fen):
        case.at(road.later(case.day, days))
        stop(case)
        if name == until:
            return case
    raise LookupError(until)


def facts_of(walk: Walk) -> Facts:
    docket = db.session.get_one(Docket, walk.docket_id)
    db.session.expire_all()
    return gather(db.session(), vault(), docket, None, walk.now)


def refused(error: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {r.check for r in error.value.refusals}


def test_the_whole_road(team: Team, bureau: Bureau, app: Flask) -> None:
    case = drive(case_of(team, bureau), "served")
    facts = facts_of(case)
    assert facts.stage == "effective"
    assert facts.number == "丰统案〔2025〕1号"
    assert [t.kind for t in facts.tracks] == ["main", "execution"]
    assert [f"{f.error_rate:.1%}" for f in facts.figures if f.error_rate] == ["87.3%", "23.9%"]
    case.at(road.later(case.day, 5)).take(
        "pay", {"paid_fen": 3_000_000, "paid_on": case.day.isoformat(), "slip": "1"}, "execution-1"
    )
    assert facts_of(case).track("execution-1").ended  # type: ignore[union-attr]
    closing = {"result": "警告并处罚款", "execution": "缴清", "publication": "", "pages": 40}
    with pytest.raises(Refused) as error:
        case.take("close", closing)
    assert refused(error) == {"publication_decided"}
    case.take("not_public", {"reason": "不具有一定社会影响"})
    assert facts_of(case).clock("publish").state == "stopped"  # type: ignore[union-attr]
    case.take("close", closing)
    case.at(road.later(case.day, 9)).take("archive", {"term": "30", "pages": 40, "shelf": "1-2"})
    assert facts_of(case).stage == "archived"
    numbers = [p.number for p in facts.papers if p.number]
    assert "丰统罚告〔2025〕1号" in numbers
    assert "丰统罚〔2025〕1号" in numbers
    assert not list(journal.verify(db.session(), vault()))


def test_papers_are_real_and_stored_unchanged(team: Team, bureau: Bureau, app: Flask) -> None:
    case = drive(case_of(team, bureau), "notice_of_inspection")
    for paper in db.session.scalars(select(Paper).where(Paper.docket_id == case.docket_id)):
        data = app.extensions["sealed_store"].read(paper.stored)
        assert data.startswith(b"%PDF-")
        from casework.vault.digest import sha256, sm3

        assert (sha256(data), sm3(data)) == (paper.sha256, paper.sm3)


def test_several_respondents_open_several_cases(team: Team, bureau: Bureau) -> None:
    walk = tip(team, bureau)
    two = [FIRM, {**FIRM, "name": "重庆渝丰粮油有限公司"}]
    walk.take("accept", {"respondents": two, "cause": "案由", "opinion": "受理"})
    assert len(walk.cases()) == 2
    assert {facts_of(Walk(team, c, START)).title for c in walk.cases()} == {p["name"] for p in two}


def test_a_link_is_made_and_undone(team: Team, bureau: Bureau) -> None:
    case, second = case_of(team, bureau), tip(team, bureau, "同一企业")
    second.take("link_report", {"case": case.docket_id, "reason": "同一事项"})
    assert len(facts_of(case).links) == 2
    second.take("unlink_report", {"case": case.docket_id, "reason": "误关联"})
    assert len(facts_of(case).links) == 1
    assert facts_of(case).acts[-1].verb == "note"


def test_an_absorbed_case_can_come_back(team: Team, bureau: Bureau) -> None:
    one, two = case_of(team, bureau), case_of(team, bureau, {**FIRM, "name": "另一企业"})
    two.take("assign", {"assigned": list(team.officers)})
    two.take("absorb_case", {"case": one.docket_id, "reason": "同一当事人"})
    assert facts_of(two).stage == "absorbed"
    assert len(facts_of(one).links) == 2
    two.take("undo_absorb", {"reason": "不是同一当事人"})
    assert facts_of(two).stage == "verify"


# -- jurisdiction: public cases
@pytest.mark.parametrize(
    ("subject", "survey_by"), [("丰都县人民政府", "bureau"), ("丰都县统计局", "bureau"), ("某企业", "survey_team")]
)
def test_what_is_not_ours_cannot_be_accepted(team: Team, bureau: Bureau, subject: str, survey_by: str) -> None:
    walk = tip(team, bureau, subject, survey_by=survey_by)
    with pytest.raises(Refused) as error:
        walk.take("accept", {"respondents": [{**FIRM, "name": subject}], "cause": "x", "opinion": "y"})
    assert refused(error) == {"ours_to_handle"}
    assert facts_of(walk).stage == "lead"


def test_a_county_government_goes_up_and_a_survey_teams_matter_goes_over(team: Team, bureau: Bureau) -> None:
    up = tip(team, bureau, "丰都县人民政府")
    up.take("report_up_tip", {"reason": "被反映的是县人民政府"})
    over = tip(team, bureau, "某企业", survey_by="survey_team")
    over.take("transfer_report", {"body": "国家统计局丰都调查队", "reason": "调查队组织的调查", "material": "摘要"})
    assert facts_of(up).stage == facts_of(over).stage == "transferred"
    assert facts_of(over).paper("transfer")


def test_material_never_goes_to_the_accused(team: Team, bureau: Bureau) -> None:
    walk = tip(team, bureau, "高家镇人民政府")
    with pytest.raises(Refused) as error:
        walk.take("transfer_report", {"body": "高家镇人民政府", "reason": "x", "material": "y"})
    assert refused(error) == {"not_to_the_accused"}


def test_a_township_is_warned_but_never_fined(team: Team, bureau: Bureau) -> None:
    town = {**FIRM, "name": "高家镇人民政府", "kind": "state_organ"}
    case = drive(case_of(team, bureau, town), "conclude")
    notice = {"kinds": ["warning", "fine"], "fine_fen": 100, "serious_ground": "", "evidence": "笔录", "discretion": "一般"}
    with pytest.raises(Refused) as error:
        case.take("prior_notice", notice)
    assert "state_organ_no_fine" in refused(error)
    case.take("prior_notice", {**notice, "kinds": ["warning"], "fine_fen": None})
    assert facts_of(case).stage == "notice"


# -- sums and law versions
@pytest.mark.parametrize(
    ("yuan", "ground", "good"),
    [(100_000, "", True), (100_001, "", False), (400_000, "harmful", True), (400_000, "disrupting", False)],
)
def test_the_ceiling_and_the_upper_tier(team: Team, bureau: Bureau, yuan: int, ground: str, good: bool) -> None:
    case = drive(case_of(team, bureau), "conclude")
    asked = {"kinds": ["warning", "fine"], "fine_fen": yuan * 100, "serious_ground": ground, "evidence": "x", "discretion": "y"}
    if good:
        case.take("prior_notice", asked)
        assert facts_of(case).proposed_fine.yuan == yuan
        return
    with pytest.raises(Refused) as error:
        case.take("prior_notice", asked)
    assert refused(error) == {"sum_within_ceiling"}


def test_three_corrections_must_be_real(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "conclude")
    asked = {"kinds": ["fine"], "fine_fen": 20_000_000, "serious_ground": "repeated", "evidence": "x", "discretion": "y"}
    with pytest.raises(Refused):
        case.take("prior_notice", asked)


def test_the_sum_never_rises_above_the_notice(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "no_review_due")
    asked = {"kinds": ["warning", "fine"], "fine_fen": 3_000_001, "serious_ground": "", "evidence": "x", "discretion": "y",
             "defence": "无", "bank": "银行，户名，1"}  # fmt: skip
    with pytest.raises(Refused) as error:
        case.take("decide_penalty", asked)
    assert "not_above_notice" in refused(error)


def test_a_big_fine_opens_hearing_review_and_panel(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "notice_served", 6_000_000)
    assert facts_of(case).clock("hearing_request")
    case.at(road.later(case.day, 2)).take("hearing_request", {"form": "oral", "points": "不服"})
    case.at(road.later(case.day, 12)).take("defence_heard", {"opinion": "系估计填报", "evidence": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": "不影响认定"})
    assert facts_of(case).stage == "hearing"
    hearing = {"time": "9:00", "place": "会议室", "openness": "public"}
    with pytest.raises(Refused) as error:
        case.take("hearing_notice", {**hearing, "host": team.legal, "hearing_on": road.later(case.day, 5).isoformat()})
    assert refused(error) == {"seven_days_before"}
    with pytest.raises(Refused) as error:
        case.take("hearing_notice", {**hearing, "host": team.officers[0], "hearing_on": road.later(case.day, 20).isoformat()})
    assert refused(error) == {"host_not_of_the_case"}
    case.take("hearing_notice", {**hearing, "host": team.head, "hearing_on": road.later(case.day, 20).isoformat()})
    case.serve("hearing_notice")
    case.at(road.later(case.day, 20)).take("hearing_held", {"present": "双方", "record": "记录", "signed": True})
    case.take("hearing_report", {"opinion": "维持"})
    assert facts_of(case).stage == "review"
    with pytest.raises(Refused) as error:
        case.take("review_not_due", {"reason": "x"})
    assert refused(error) == {"review_is_not_due"}
    points = {f"point_{p}": "pass" for p in ("subject", "facts", "evidence", "basis", "procedure", "discretion")}
    case.take("legal_review", {**points, "opinion": "同意", "result": "pass", "census_law": ""})
    assert facts_of(case).stage == "panel"
    voices = [{"name": n, "post": "局领导", "opinion": "同意"} for n in "甲乙丙"]
    case.take("panel", {"place": "会议室", "voices": voices, "conclusion": "同意", "result": "agreed"})
    assert facts_of(case).stage == "decide"


def test_late_payment_then_demand_and_court(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "served")
    with pytest.raises(Refused) as error:
        case.take("demand", {"way": "到银行缴纳"}, "execution-1")
    assert refused(error) == {"payment_overdue"}
    case.at(road.later(case.day, 30)).take("demand", {"way": "到银行缴纳"}, "execution-1")
    case.serve("demand")
    from casework.procedure.fines import owed, surcharge_due

    facts = facts_of(case)
    assert 0 < surcharge_due(facts).fen <= facts.fine.fen
    assert owed(facts).fen == facts.fine.fen + surcharge_due(facts).fen
    with pytest.raises(Refused) as error:
        case.take("apply_court", {"court": "法院", "material": "决定书"}, "execution-1")
    assert refused(error) == {"demand_over", "remedies_over"}
    tick(case.at(road.later(case.day, 200)).now)
    late = facts_of(case)
    last = late.clock("court_window").due  # type: ignore[union-attr]
    assert CHECKS["court_window_open"](replace(late, today=last), {}, last) is None
    assert CHECKS["court_window_open"](replace(late, today=last + timedelta(1)), {}, last) == {"day": last.isoformat()}
    case.take("apply_court", {"court": "法院", "material": "决定书"}, "execution-1")
    case.take("court_result", {"result": "executed", "ruling": "(2026)1号", "note": ""}, "execution-1")
    assert facts_of(case).track("execution-1").ended  # type: ignore[union-attr]


def test_a_decision_set_aside_is_carried_through(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "served")
    case.take("approve_publication", {"influence": "有", "summary": "提供不真实统计资料"})
    case.take("publish", {"note": ""}, "publication-1")
    tick(case.now)
    assert len(entries.shown(db.session(), bureau.id, case.day)) == 1
    case.at(road.later(case.day, 20)).take(
        "remedy_start", {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"}
    )
    case.at(road.later(case.day, 30)).take(
        "remedy_end",
        {"kind": "reconsideration", "result": "redo", "number": "2", "fine_fen": None, "reason": "程序"},
        "remedy-1",
    )
    tick(case.now)
    assert entries.shown(db.session(), bureau.id, case.day) == []
    assert facts_of(case).track("execution-1").ended  # type: ignore[union-attr]
    assert facts_of(case).clock("withdraw_entry")
    assert facts_of(case).clock("pay").state == "stopped"  # type: ignore[union-attr]
    case.take("redo", {"order": "复议决定", "due": road.later(case.day, 60).isoformat(), "reason": "重新处理"})
    assert facts_of(case).stage == "investigate"
    case.take("withdraw_entry", {"reason": "决定被撤销"}, "publication-1")
    decided_anew(case, 2_000_000)
    facts = facts_of(case)
    assert (facts.fine.fen, facts.stage) == (2_000_000, "serve")
    case.take("approve_publication", {"influence": "有", "summary": "提供不真实统计资料"})
    with pytest.raises(Refused) as error:  # the first decision was served, this one is not yet
        case.take("publish", {"note": ""}, "publication-2")
    assert refused(error) == {"decision_in_force"}
    case.serve("decision")
    case.take("publish", {"note": ""}, "publication-2")
    tick(case.now)
    (entry,) = entries.shown(db.session(), bureau.id, case.day)
    assert (entry.track, entry.fields["fine_fen"], entry.fields["decision"]) == (
        "publication-2", 2_000_000, case.paper("decision").number
    )  # fmt: skip


def decided_anew(case: Walk, fine_fen: int) -> None:
    """The second round of a case that came back: from the report of the investigation to the decision."""
    road_again = road.stops(END, fine_fen)
    first = next(i for i, (name, _, _) in enumerate(road_again) if name == "conclude")
    for name, days, stop in road_again[first:]:
        if name == "served":
            return
        stop(case.at(road.later(case.day, days)))


def test_a_changed_decision_asks_anew_whether_it_is_shown(team: Team, bureau: Bureau) -> None:
    """行政处罚法 §48: the entry goes; the sum as changed is shown, or not, by a new decision; without one nothing is closed."""
    case = drive(case_of(team, bureau), "served")
    case.take("approve_publication", {"influence": "有", "summary": "提供不真实统计资料"})
    case.take("publish", {"note": ""}, "publication-1")
    asked = {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"}
    case.at(road.later(case.day, 9)).take("remedy_start", asked)
    end = {"kind": "reconsideration", "result": "changed", "number": "2", "fine_fen": 1_000_000, "reason": "过重"}
    case.at(road.later(case.day, 30)).take("remedy_end", end, "remedy-1")
    tick(case.now)
    assert entries.shown(db.session(), bureau.id, case.day) == []
    case.take("pay", {"paid_fen": 1_000_000, "paid_on": case.day.isoformat(), "slip": "1"}, "execution-1")
    with pytest.raises(Refused) as error:
        case.take("approve_publication", {"influence": "有", "summary": "x"})
    assert refused(error) == {"no_publication_yet"}  # the old entry is withdrawn first
    case.take("withdraw_entry", {"reason": "决定已变更"}, "publication-1")
    with pytest.raises(Refused) as error:
        case.take("close", {"result": "x", "execution": "y", "publication": "", "pages": 3})
    assert refused(error) == {"publication_decided"}
    case.take("approve_publication", {"influence": "有", "summary": "提供不真实统计资料"})
    case.take("close", {"result": "x", "execution": "y", "publication": "", "pages": 3})
    case.take("publish", {"note": ""}, "publication-2")
    tick(case.now)
    assert [e.fields["fine_fen"] for e in entries.shown(db.session(), bureau.id, case.day)] == [1_000_000]


def test_discipline_prosecution_and_dishonesty_run_beside(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "served")
    person = {"person_name": "李某", "person_post": "某镇镇长", "public_employee": "yes", "body_kind": "supervision",
              "body": "县监察委员会", "facts": "授意", "articles": "统计法第四十条", "proposal": "给予处分"}  # fmt: skip
    case.take("propose_discipline", person)
    with pytest.raises(Refused) as error:
        case.take("propose_discipline", {**person, "body_kind": "appointing"})
    assert refused(error) == {"one_body_only"}
    case.take("send_discipline", {"enclosures": "报告", "contact": "张"}, "discipline-1")
    clock = facts_of(case).clock("discipline_reply")
    assert clock is not None
    assert (clock.due - case.day).days > 175
    case.take("assess_dishonesty", {"ground": "untrue", "facts": "虚报"})
    case.take("dishonesty_notice", {"facts": "虚报", "articles": "令第35号"}, "dishonesty-1")
    case.serve("dishonesty_notice")
    with pytest.raises(Refused) as error:
        case.take("determine", {"facts": "虚报", "articles": "令第35号"}, "dishonesty-1")
    assert refused(error) == {"dishonesty_heard"}
    case.at(road.later(case.day, 20)).take("determine", {"facts": "虚报", "articles": "令第35号"}, "dishonesty-1")
    case.serve("dishonesty_decision")
    case.take("list_entry", {"summary": "虚报", "handling": "警告并处罚款"}, "dishonesty-1")
    tick(case.now)
    assert [e.kind for e in entries.shown(db.session(), bureau.id, case.day)] == ["dishonesty"]
    with pytest.raises(Refused) as error:
        case.take("repair", {"request": "申请", "verified": "已改正"}, "dishonesty-1")
    assert refused(error) == {"six_months_shown"}
    case.at(road.later(case.day, 200)).take("repair", {"request": "申请", "verified": "已改正"}, "dishonesty-1")
    tick(case.now)
    assert entries.shown(db.session(), bureau.id, case.day) == []
    case.take(
        "send_prosecution", {"about": "李某", "target": "police", "body": "县公安局", "reason": "涉嫌犯罪", "material": "报告"}
    )
    with pytest.raises(Refused) as error:
        case.take("close", {"result": "x", "execution": "y", "publication": "", "pages": 3})
    assert {"execution_over", "prosecution_over"} <= refused(error)


# -- side exits
@pytest.mark.parametrize(
    ("until", "step", "payload", "stage"),
    [
        ("report", "not_file", {"cause": "案由", "facts": "未发现违法事实"}, "not_filed"),
        ("file", "withdraw_filing", {"reason": "事实不成立"}, "withdrawn"),
        ("file", "terminate", {"reason": "企业注销且无承受人"}, "terminated"),
        ("report", "transfer_out", {"body": "县市场监管局", "reason": "不属本局", "material": "报告"}, "transferred"),
    ],
)
def test_side_exits_end_properly(
    team: Team, bureau: Bureau, until: str, step: str, payload: dict[str, str], stage: str
) -> None:
    case = drive(case_of(team, bureau), until)
    case.take(step, payload)
    assert facts_of(case).stage == stage
    if stage == "transferred":
        case.take("case_back", {"letter": "退回函", "reason": "对方退回"})
        assert facts_of(case).stage == "verify"
        return
    case.take("close", {"result": "了结", "execution": "无", "publication": "", "pages": 9})
    assert facts_of(case).stage == "closed"


def test_a_case_terminated_after_its_decision_can_be_closed(team: Team, bureau: Bureau) -> None:
    """The firm is gone: there is nobody to show, and the publisher does not see the case."""
    case = drive(case_of(team, bureau), "served")
    case.take("terminate", {"reason": "企业注销且无承受人"})
    case.take("close", {"result": "了结", "execution": "无", "publication": "", "pages": 9})
    assert [c.rule for c in facts_of(case).clocks if c.running] == ["archive"]


@pytest.mark.parametrize(
    ("ground", "extra", "good"),
    [("minor", {"corrected": True}, True), ("minor", {"corrected": False}, False), ("no_fault", {"proof": ""}, False),
     ("time_barred", {}, False), ("not_made_out", {}, True)],
)  # fmt: skip
def test_no_penalty_needs_its_own_ground(team: Team, bureau: Bureau, ground: str, extra: dict[str, object], good: bool) -> None:
    case = drive(case_of(team, bureau), "conclude")
    asked = {"ground": ground, "corrected": False, "proof": "", "evidence": "笔录", "education": "已教育", **extra}
    if not good:
        with pytest.raises(Refused) as error:
            case.take("decide_no_penalty", asked)
        assert refused(error) == {"ground_holds"}
        return
    case.take("decide_no_penalty", asked)
    case.serve("decision")
    assert facts_of(case).stage == "effective"
    assert [t.kind for t in facts_of(case).tracks] == ["main"]


def test_on_the_spot_keeps_its_ceiling(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "assign")
    asked = {"violations": [road.violation(END)], "place": "现场", "evidence": "笔录", "kinds": ["fine"], "fine_fen": 300_001,
             "told": True, "heard": "无异议", "bank": "银行，户名，1"}  # fmt: skip
    with pytest.raises(Refused) as error:
        case.take("on_the_spot", asked)
    assert refused(error) == {"spot_ceiling"}
    case.take("on_the_spot", {**asked, "fine_fen": 300_000})
    assert facts_of(case).stage == "effective"


def test_suspended_clocks_stand_still(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "file")
    before = facts_of(case).clock("case_90")
    case.take("suspend", {"reason": "等待鉴定"})
    assert facts_of(case).clock("case_90").state == "paused"  # type: ignore[union-attr]
    case.at(case.day + timedelta(40)).take("resume", {"reason": "鉴定完成"})
    after = facts_of(case).clock("case_90")
    assert before
    assert after
    assert (after.due - before.due).days >= 40
    assert after.state == "open"


def test_a_deadline_is_a_record(team: Team, bureau: Bureau) -> None:
    """Rule, article, unit, act that started it, first and present last day, calendar, who approved what moved it, result."""
    case = drive(case_of(team, bureau), "assign")
    opened = next(facts_of(case).done("open_case"))
    done = case.take("extend_verification", {"reason": "账目量大", "by": "tip.verify_ext"})
    row = db.session.scalars(select(Clock).where(Clock.docket_id == case.docket_id, Clock.rule == "verify")).one()
    period = procedure().clocks["verify"]
    assert (row.basis, row.seq, row.track, row.state) == (period.basis, opened.seq, "main", "open")
    assert (row.amount, row.unit) == (60, "day")
    assert row.calendar == facts_of(case).calendar.version
    assert row.due > row.original_due > row.start == opened.on
    (step,) = row.extensions
    assert (step["act"], step["from"], step["to"]) == (done.seq, row.original_due.isoformat(), row.due.isoformat())
    assert step["by"] == team.leader  # who approved it, not who asked
    case.take("verify_figures", {"figures": road.FIGURES, "method": "账簿", "cards_shown": True})
    case.take("verification_report", road.verified(case))
    case.take("not_file", {"cause": "案由", "facts": "未发现违法事实"})
    db.session.expire_all()
    assert (row.state, row.met_on) == ("met", case.day)


def test_time_barred_conduct_is_not_filed(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "report")
    with pytest.raises(Refused) as error:
        case.take("file", road.filing(date(2023, 8, 1)))
    assert refused(error) == {"not_time_barred"}


# -- who
def test_two_pairs_of_eyes(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "report")
    case.propose("file", road.filing(END))
    db.session.expire_all()
    proposal = db.session.scalars(select(Proposal).where(Proposal.docket_id == case.docket_id, Proposal.state == "open")).one()
    with pytest.raises(NotAllowed):
        perform(Intent(case.docket_id, "file", team.officers[0], case.day, "main", "approve", {}), case.now)
    with pytest.raises(NotAllowed):
        perform(Intent(case.docket_id, "file", team.head, case.day, "main", "approve", {}), case.now)
    act = db.session.get_one(Act, proposal.act_id)
    statement = "INSERT INTO approval (proposal_id, proposer_id, approver_id, act_id) VALUES (:a, :p, :p, :a)"
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text(statement), {"a": act.id, "p": act.actor_id})
    with pytest.raises(IntegrityError), writing() as session:
        session.execute(text(statement.replace(":p, :p", ":q, :p")), {"a": act.id, "p": team.leader, "q": team.head})


@pytest.mark.parametrize("other", ["leader", "officer"])
def test_who_reviewed_does_not_decide(team: Team, bureau: Bureau, other: str) -> None:
    """One person with two offices: the legal reviewer neither approves the decision nor proposes it (行政处罚法 §§57–58)."""
    person = team.leader if other == "leader" else team.others["officer3"]
    with writing() as session:
        session.add(PersonRole(person_id=person, role="legal", from_day=START))
        session.get_one(Person, person).qualified = True
    case = reviewed_by(drive(case_of(team, bureau), "reviewed", 60_000_00), person)
    if other == "officer":
        case.take("assign", {"assigned": [person, *team.officers]})
    asked = decision(case)
    proposer = team.officers[0] if other == "leader" else person
    intent = Intent(case.docket_id, "decide_penalty", proposer, case.day, "main", "take", asked)
    if other == "officer":
        with pytest.raises(NotAllowed, match="reviewed the case"):
            perform(intent, case.now)
        return
    proposed = perform(intent, case.now)
    with pytest.raises(NotAllowed, match="reviewed the case"):
        perform(Intent(case.docket_id, "decide_penalty", person, case.day, "main", "approve", {}), case.now)
    statement = "INSERT INTO approval (proposal_id, proposer_id, approver_id, act_id) VALUES (:a, :p, :q, :a)"
    refused_by_database = (IntegrityError, ProgrammingError, OperationalError, InternalError)
    with pytest.raises(refused_by_database, match="does not decide"), writing() as session:
        session.execute(text(statement), {"a": proposed.act_id, "p": proposer, "q": person})


def test_the_reviewer_is_qualified_and_not_of_the_case(team: Team, bureau: Bureau) -> None:
    """行政处罚法 §58: whoever reviews holds the qualification and did not work on the case."""
    case = drive(case_of(team, bureau), "reviewed", 60_000_00)
    with writing() as session:
        session.add(PersonRole(person_id=team.officers[0], role="legal", from_day=START))
    with pytest.raises(Refused) as error:
        reviewed_by(case, team.officers[0])
    assert refused(error) == {"reviewer_not_of_the_case", "reviewer_qualified"}
    with writing() as session:
        session.get_one(Person, team.legal).qualified = False
    with pytest.raises(Refused) as error:
        reviewed_by(case, team.legal)
    assert refused(error) == {"reviewer_qualified"}
    with writing() as session:
        session.get_one(Person, team.legal).qualified = True
    assert facts_of(reviewed_by(case, team.legal)).did("legal_review")


def reviewed_by(case: Walk, person: int) -> Walk:
    """Legal review by that person, and the panel."""
    points = {f"point_{p}": "pass" for p in ("subject", "facts", "evidence", "basis", "procedure", "discretion")}
    asked = {**points, "opinion": "同意", "result": "pass", "census_law": ""}
    perform(Intent(case.docket_id, "legal_review", person, case.day, "main", "take", asked), case.now)
    voices = [{"name": n, "post": "局领导", "opinion": "同意"} for n in "甲乙丙"]
    if facts_of(case).stage == "panel":
        case.take("panel", {"place": "会议室", "voices": voices, "conclusion": "同意", "result": "agreed"})
    return case


def decision(case: Walk) -> dict[str, object]:
    """What the decision asks, from the notice."""
    notice = facts_of(case).last("prior_notice").asked  # type: ignore[union-attr]
    told = {k: v for k, v in notice.items() if not k.startswith("_")}
    return {**told, "defence": "未提出", "bank": "银行，户名，1", "officers": list(case.team.officers)}


def test_a_card_must_be_valid_that_very_day(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "assign")
    with writing() as session:
        card = session.scalars(select(EnforcementCard).where(EnforcementCard.person_id == team.officers[1])).one()
        card.valid_until = case.day
    figures = {"figures": road.FIGURES, "method": "账簿", "cards_shown": True}
    case.take("verify_figures", figures)
    with pytest.raises(Refused) as error:
        case.at(road.later(case.day, 1)).take("verify_figures", figures)
    assert refused(error) == {"no_card"}


def test_one_officer_is_not_enough(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "assign")
    with pytest.raises(Refused) as error:
        case.take("verify_figures", {"figures": road.FIGURES, "method": "x", "officers": [team.officers[0]]})
    assert refused(error) == {"two_officers"}


def test_a_declared_tie_locks_an_officer_out(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "assign")
    with writing() as session:
        session.add(Interest(person_id=team.officers[0], name=FIRM["name"], reason="亲属任职"))
    with pytest.raises(NotAllowed, match="recused"):
        case.take("verify_figures", {"figures": road.FIGURES, "method": "x"})


def test_a_tie_to_the_credit_code_locks_out_whatever_the_name(team: Team, bureau: Bureau) -> None:
    """A firm that changed its name, or is written otherwise in the tip, keeps its code."""
    code = "91350100M000100Y43"
    case = drive(case_of(team, bureau, {**FIRM, "credit_code": code}), "assign")
    with writing() as session:
        session.add(Interest(person_id=team.officers[0], name="旧名有限公司", credit_code=code, reason="亲属任职"))
    with pytest.raises(NotAllowed, match="recused"):
        case.take("verify_figures", {"figures": road.FIGURES, "method": "x"})
    with writing() as session:
        session.execute(update(Interest).values(credit_code="91350100M000100Y35"))
    assert not facts_of(case).people[team.officers[0]].recused


def test_a_granted_recusal_locks_an_officer_out(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "assign")
    case.take("recuse", {"person": team.officers[1], "reason": "近亲属", "result": "granted"})
    facts = facts_of(case)
    assert team.officers[1] not in {p.id for p in facts.officers}
    with pytest.raises(Refused):
        case.take("assign", {"assigned": list(team.officers)})


def test_a_role_that_is_not_named_may_not_act(team: Team, bureau: Bureau) -> None:
    case = case_of(team, bureau)
    with pytest.raises(NotAllowed):
        perform(
            Intent(case.docket_id, "assign", team.clerk, case.day, "main", "take", {"assigned": list(team.officers)}), case.now
        )


def test_a_step_out_of_place_is_refused(team: Team, bureau: Bureau) -> None:
    case = case_of(team, bureau)
    with pytest.raises(Refused) as error:
        case.take("decide_penalty", {})
    assert refused(error) == {"wrong_stage"}


@pytest.mark.parametrize(("shift", "step"), [(1, "add_evidence"), (-400, "add_evidence")])
def test_the_day_it_happened_has_bounds(team: Team, bureau: Bureau, shift: int, step: str) -> None:
    case = drive(case_of(team, bureau), "assign")
    asked = {"kind": "written", "title": "账簿", "source": "企业", "proves": "少报"}
    with pytest.raises(Refused):
        case.take(step, asked, on=case.day + timedelta(shift))


# -- two at once, and nothing by halves
def test_the_second_of_two_gets_a_conflict(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "assign")
    seen = db.session.get_one(Docket, case.docket_id).last_seq
    case.take("add_evidence", {"kind": "written", "title": "a", "source": "b", "proves": "c"})
    intent = Intent(case.docket_id, "add_evidence", team.officers[0], case.day, "main", "take", {"kind": "written"}, seen)
    with pytest.raises(Conflict) as error:
        perform(intent, case.now)
    assert error.value.acts[0].step == "add_evidence"


def test_a_failure_leaves_nothing(team: Team, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    from casework.docket import cache

    case = drive(case_of(team, bureau), "report")
    before = (facts_of(case).acts, db.session.query(Paper).count(), db.session.query(Clock).count())
    case.propose("file", road.filing(END))

    def fail(*_args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(cache, "refresh", fail)
    with pytest.raises(OSError, match="disk full"):
        perform(Intent(case.docket_id, "file", team.leader, case.day, "main", "approve", {}), case.now)
    monkeypatch.undo()
    after = facts_of(case)
    assert after.acts[:-1] == before[0]
    assert (db.session.query(Paper).count(), db.session.query(Clock).count()) == before[1:]
    assert after.stage == "filing"
    done = perform(Intent(case.docket_id, "file", team.leader, case.day, "main", "approve", {}), case.now)
    assert [e["text"] for e in done.effects if e["do"] == "number"] == ["丰统案〔2025〕1号"]


def test_a_missing_field_is_an_error_before_anything_is_numbered(team: Team, bureau: Bureau) -> None:
    from letters.base import MissingField

    case = drive(case_of(team, bureau), "file")
    asked = {**road.inspection(case), "place": ""}
    case.propose("inspection_notice", asked)
    with pytest.raises(MissingField):
        perform(Intent(case.docket_id, "inspection_notice", team.leader, case.day, "main", "approve", {}), case.now)
    assert facts_of(case).paper("inspection_notice") is None


def test_returned_and_withdrawn_proposals_free_the_track(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "report")
    for verb, who in (("return", team.leader), ("withdraw", team.officers[0])):
        case.propose("file", road.filing(END))
        perform(Intent(case.docket_id, "file", who, case.day, "main", verb, {"opinion": "补正"}), case.now)
        assert facts_of(case).proposals == ()
    assert facts_of(case).stage == "filing"


def test_the_last_step_can_be_annulled(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "report")
    last = max(a.seq for a in facts_of(case).done(track="main"))
    case.take("annul_step", {"act": last, "reason": "误报"})
    facts = facts_of(case)
    assert facts.stage == "verify"
    assert facts.clock("verify").state == "open"  # type: ignore[union-attr]
    assert facts.paper("verification_report") is None


def test_a_corrected_day_moves_its_clocks_and_says_so(team: Team, bureau: Bureau) -> None:
    case = case_of(team, bureau)
    opened = next(facts_of(case).done("open_case"))
    done = case.take("correct_act", {"act": opened.seq, "corrected_on": "2025-09-01", "fields": {}, "reason": "录入有误"})
    moved = [e for e in done.effects if e["do"] == "clock.move"]
    assert moved
    assert moved[0]["before"] != moved[0]["due"]
    assert facts_of(case).clock("verify").start == date(2025, 9, 1)  # type: ignore[union-attr]


# -- time
def test_public_notice_is_deemed_served_once_also_after_standing_still(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "prior_notice")
    paper = facts_of(case).paper("prior_notice")
    assert paper
    with pytest.raises(Refused):
        case.take("serve_public", {"paper": paper.id, "where": "县政府网站", "reason": "下落不明"})
    case.take("serve_failed", {"paper": paper.id, "method": "mail", "reason": "退回"})
    case.take("serve_public", {"paper": paper.id, "where": "县政府网站", "reason": "下落不明"})
    due = facts_of(case).clock("public_notice").due  # type: ignore[union-attr]
    case.at(due + timedelta(90))
    tick(case.now)
    served = facts_of(case).served("prior_notice")
    assert served
    assert served.served
    assert served.served.on == due + timedelta(1)
    count = len(facts_of(case).acts)
    tick(case.now)
    assert len(facts_of(case).acts) == count


# -- the journal
def test_the_journal_cannot_be_edited_or_deleted(team: Team, bureau: Bureau) -> None:
    case_of(team, bureau)
    for statement in (
        "UPDATE act SET verb = 'x'",
        "DELETE FROM act",
        "UPDATE act_body SET salt = x'00'" if db.engine.dialect.name == "sqlite" else "UPDATE act_body SET salt = '\\x00'",
        "DELETE FROM act_body",
        "DELETE FROM approval",
        "UPDATE paper SET sha256 = 'x'",
        "DELETE FROM paper",
    ):
        with (
            pytest.raises((IntegrityError, OperationalError, ProgrammingError, Exception), match="append-only"),
            writing() as s,
        ):
            s.execute(text(statement))
    assert not list(journal.verify(db.session(), vault()))


@pytest.mark.sqlite
def test_replacing_an_entry_is_refused_too(team: Team, bureau: Bureau) -> None:
    """INSERT OR REPLACE is SQLite's own; tests/postgres tries ON CONFLICT."""
    case_of(team, bureau)
    columns = 'id, docket_id, seq, track, step, verb, version, actor_id, "on", at, effects, digest, prev, hash'
    with pytest.raises(IntegrityError, match="append-only"), writing() as s:
        s.execute(text(f"INSERT OR REPLACE INTO act ({columns}) SELECT {columns} FROM act LIMIT 1"))


def forge(statement: str) -> None:
    """Somebody with the database file itself: neither triggers nor references stand in the way."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(statement))
        db.session.expire_all()
        return
    raw = db.engine.raw_connection()
    raw.execute("PRAGMA foreign_keys = OFF")
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    raw.execute(statement)
    raw.execute("PRAGMA foreign_keys = ON")
    raw.close()
    db.session.rollback()
    db.session.expire_all()


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE act SET step = 'decline' WHERE seq = 2 AND docket_id = 1", "broken"),
        ("UPDATE act SET \"on\" = '2020-01-01' WHERE seq = 2 AND docket_id = 1", "broken"),
        ("UPDATE act_body SET body = (SELECT body FROM act_body WHERE act_id = 1) WHERE act_id = 2", "payload"),
        ("DELETE FROM act WHERE seq = 2 AND docket_id = 1", "missing"),
    ],
)
def test_a_forged_entry_is_named(team: Team, bureau: Bureau, statement: str, what: str) -> None:
    case_of(team, bureau)
    forge(statement)
    fault = next(iter(journal.verify(db.session(), vault())))
    assert (fault.seq, fault.what) == (2, what)


def test_a_cut_off_tail_is_seen(team: Team, bureau: Bureau) -> None:
    walk = tip(team, bureau)
    tick(walk.now)
    heads = kept_heads()
    forge("DELETE FROM paper")
    forge("DELETE FROM act_body WHERE act_id = (SELECT max(id) FROM act)")
    forge("DELETE FROM act WHERE id = (SELECT max(id) FROM act)")
    forge("UPDATE docket SET last_seq = last_seq - 1")
    db.session.expire_all()
    assert not list(journal.verify(db.session(), vault()))
    fault = next(iter(journal.verify(db.session(), vault(), heads)))
    assert fault.what == "cut"


def test_what_lists_cache_is_what_facts_say(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "served")
    db.session.expire_all()
    for docket in db.session.scalars(select(Docket)):
        facts = gather(db.session(), vault(), docket, None, case.now)
        assert docket.stage == facts.stage
        due = min((c.due for c in facts.clocks if c.state == "open"), default=date(9999, 12, 31))
        assert docket.next_due == due
        rows = db.session.scalars(select(Track).where(Track.docket_id == docket.id))
        assert {t.label for t in rows} == {t.label for t in facts.tracks}
