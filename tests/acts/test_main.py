"""The main track: sums and law versions, hearing, review and panel, decisions without and on the
spot."""

from datetime import date

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import END, FIRM, case_of, drive, facts_of, refused


def test_a_township_is_warned_but_never_fined(team: Team, bureau: Bureau) -> None:
    town = {**FIRM, "name": "高家镇人民政府", "kind": "state_organ"}
    case = drive(case_of(team, bureau, town), "conclude")
    notice = {
        "kinds": ["warning", "fine"],
        "fine_fen": 100,
        "serious_ground": "",
        "evidence": "笔录",
        "discretion": "一般",
    }
    with pytest.raises(Refused) as error:
        case.take("prior_notice", notice)
    assert "state_organ_no_fine" in refused(error)
    case.take("prior_notice", {**notice, "kinds": ["warning"], "fine_fen": None})
    assert facts_of(case).stage == "notice"


@pytest.mark.parametrize(
    ("yuan", "ground", "good"),
    [
        (100_000, "", True),
        (100_001, "", False),
        (400_000, "harmful", True),
        (400_000, "disrupting", False),
    ],
)
def test_the_ceiling_and_the_upper_tier(
    case_at_conclude: Walk, yuan: int, ground: str, good: bool
) -> None:
    case = case_at_conclude
    asked = {
        "kinds": ["warning", "fine"],
        "fine_fen": yuan * 100,
        "serious_ground": ground,
        "evidence": "x",
        "discretion": "y",
    }
    if good:
        case.take("prior_notice", asked)
        assert facts_of(case).proposed_fine.yuan == yuan
        return
    with pytest.raises(Refused) as error:
        case.take("prior_notice", asked)
    assert refused(error) == {"sum_within_ceiling"}


def test_three_corrections_must_be_real(case_at_conclude: Walk) -> None:
    case = case_at_conclude
    asked = {
        "kinds": ["warning", "fine"],
        "fine_fen": 20_000_000,
        "serious_ground": "repeated",
        "evidence": "x",
        "discretion": "y",
    }
    with pytest.raises(Refused):
        case.take("prior_notice", asked)


def test_the_sum_never_rises_above_the_notice(case_at_no_review_due: Walk) -> None:
    case = case_at_no_review_due
    asked = {
        "kinds": ["warning", "fine"],
        "fine_fen": 3_000_001,
        "serious_ground": "",
        "evidence": "x",
        "discretion": "y",
        "defence": "无",
        "bank": "银行，户名，1",
    }
    with pytest.raises(Refused) as error:
        case.take("decide_penalty", asked)
    assert "not_above_notice" in refused(error)


def test_a_big_fine_opens_hearing_review_and_panel(
    large_case_at_notice_served: Walk, team: Team
) -> None:
    case = large_case_at_notice_served
    assert facts_of(case).clock("hearing_request")
    case.at(road.later(case.day, 2)).take("hearing_request", {"form": "oral", "points": "不服"})
    case.at(road.later(case.day, 12)).take(
        "defence_heard", {"opinion": "系估计填报", "evidence": ""}
    )
    case.take("defence_review", {"adopted": "rejected", "reason": "不影响认定"})
    assert facts_of(case).stage == "hearing"
    hearing = {"time": "9:00", "place": "会议室", "openness": "public"}
    with pytest.raises(Refused) as error:
        case.take(
            "hearing_notice",
            {**hearing, "host": team.legal, "hearing_on": road.later(case.day, 5).isoformat()},
        )
    assert refused(error) == {"seven_days_before"}
    with pytest.raises(Refused) as error:
        case.take(
            "hearing_notice",
            {
                **hearing,
                "host": team.officers[0],
                "hearing_on": road.later(case.day, 20).isoformat(),
            },
        )
    assert refused(error) == {"host_not_of_the_case"}
    case.take(
        "hearing_notice",
        {**hearing, "host": team.head, "hearing_on": road.later(case.day, 20).isoformat()},
    )
    case.serve("hearing_notice")
    case.at(road.later(case.day, 20)).take("hearing_held", {"present": "双方", "record": "记录"})
    case.take("hearing_report", {"opinion": "维持"})
    assert facts_of(case).stage == "review"
    with pytest.raises(Refused) as error:
        case.take("review_not_due", {"reason": "x"})
    assert refused(error) == {"review_is_not_due"}
    points = {
        f"point_{p}": "pass"
        for p in ("subject", "facts", "evidence", "basis", "procedure", "discretion")
    }
    case.take("legal_review", {**points, "opinion": "同意", "result": "pass", "census_law": ""})
    assert facts_of(case).stage == "panel"
    voices = [{"name": n, "post": "局领导", "vote": "agree", "opinion": "同意"} for n in "甲乙丙"]
    case.take(
        "panel", {"place": "会议室", "voices": voices, "conclusion": "同意", "result": "agreed"}
    )
    assert facts_of(case).stage == "decide"


@pytest.mark.parametrize(
    ("ground", "extra", "good"),
    [
        ("minor", {"corrected": True}, True),
        ("minor", {"corrected": False}, False),
        ("no_fault", {"proof": ""}, False),
        ("time_barred", {}, False),
        ("not_made_out", {}, True),
    ],
)
def test_no_penalty_needs_its_own_ground(
    case_at_conclude: Walk, ground: str, extra: dict[str, object], good: bool
) -> None:
    case = case_at_conclude
    asked = {
        "ground": ground,
        "corrected": False,
        "proof": "",
        "evidence": "笔录",
        "education": "已教育",
        **extra,
    }
    if not good:
        with pytest.raises(Refused) as error:
            case.take("decide_no_penalty", asked)
        assert refused(error) == {"ground_holds"}
        return
    case.take("decide_no_penalty", asked)
    case.serve("decision")
    assert facts_of(case).stage == "effective"
    assert [t.kind for t in facts_of(case).tracks] == ["main"]


def test_on_the_spot_keeps_its_ceiling(case_at_assign: Walk) -> None:
    case = case_at_assign
    asked = {
        "violations": [road.violation(END)],
        "place": "现场",
        "evidence": "笔录",
        "fine_fen": 300_001,
        "kinds": ["warning", "fine"],
        "told": True,
        "heard": "无异议",
        "bank": "银行，户名，1",
    }
    with pytest.raises(Refused) as error:
        case.take("on_the_spot", asked)
    assert refused(error) == {"spot_ceiling"}
    case.take("on_the_spot", {**asked, "fine_fen": 300_000})
    assert facts_of(case).stage == "effective"


def test_time_barred_conduct_is_not_filed(case_at_report: Walk) -> None:
    case = case_at_report
    with pytest.raises(Refused) as error:
        case.take("file", road.filing(date(2023, 8, 1)))
    assert refused(error) == {"not_time_barred"}
