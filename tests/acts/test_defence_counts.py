"""What the party said has its effect: the decision says so, is never heavier for it, a hearing may
need two days, and the heads themselves discuss it."""

from datetime import date
from typing import Any

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau, BureauSetting, Person
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import decision, facts_of, refused
from tests.support.acts import (
    NOT_DUE,
    WRITTEN,
    called,
    concluded_again,
    last_day,
    refused_by,
    sent_back,
)


@pytest.fixture
def told(case_at_notice_served: Walk) -> Walk:
    """A case whose notice of a small fine has just been served."""
    return case_at_notice_served


def reviewed(case: Walk, adopted: str) -> Walk:
    """The defence was heard, its days are over, it was reviewed, and nothing else is due."""
    case.take("defence_heard", WRITTEN)
    case.at(road.later(last_day(case), 1)).take(
        "defence_review", {"adopted": adopted, "reason": "账簿可以证明。"}
    )
    case.take("review_not_due", NOT_DUE)
    return case


# -- the decision and the record
DENIALS = [
    "当事人未提出陈述申辩。",
    "未提出。",
    "当事人没有进行陈述、申辩",
    "当事人放弃陈述和申辩权利。",
    "当事人在期限内未提出任何书面申辩",
]
TRUE = [
    "当事人提出书面申辩，认为按估计数填报；经复核不予采纳。",
    "本局未采纳其陈述、申辩意见，当事人未提出新的证据。",
]


@pytest.mark.parametrize("text", DENIALS)
def test_a_decision_does_not_deny_what_was_heard(told: Walk, text: str) -> None:
    case = reviewed(told, "rejected")
    assert refused_by(case, "decide_penalty", {**decision(case), "defence": text}) == {
        "defence_as_recorded"
    }


@pytest.mark.parametrize("text", TRUE)
def test_a_decision_says_what_was_heard(told: Walk, text: str) -> None:
    case = reviewed(told, "rejected")
    case.take("decide_penalty", {**decision(case), "defence": text})
    assert facts_of(case).stage == "serve"


def test_a_defence_adopted_in_full_is_not_called_rejected(told: Walk) -> None:
    case = reviewed(told, "adopted")
    asked = {**decision(case), "fine_fen": 1_000_000, "defence": "申辩不予采纳。"}
    assert refused_by(case, "decide_penalty", asked) == {"defence_as_recorded"}


def test_a_defence_adopted_in_full_changes_the_decision_or_says_why_not(told: Walk) -> None:
    case = reviewed(told, "adopted")
    same = {**decision(case), "defence": "申辩意见予以采纳。"}
    assert refused_by(case, "decide_penalty", same) == {"adopted_has_effect"}
    assert refused_by(case, "decide_penalty", {**same, "unchanged_reason": "　"}) == {
        "adopted_has_effect"
    }
    case.take(
        "decide_penalty",
        {**same, "unchanged_reason": "申辩仅涉及送达地址，已经更正，不影响处罚幅度。"},
    )


@pytest.mark.parametrize(
    "less", [{"fine_fen": 1_000_000}, {"fine_fen": None, "kinds": ["warning"]}]
)
def test_a_lighter_decision_needs_no_more_words(told: Walk, less: dict[str, Any]) -> None:
    case = reviewed(told, "adopted")
    case.take("decide_penalty", {**decision(case), "defence": "申辩意见予以采纳。", **less})


# -- not heavier for defending (处罚法 §45第二款)
MORE = [
    {"fine_fen": 9_000_000},
    {"kinds": ["warning", "circular", "fine"]},
    {"serious_ground": "harmful"},
]


@pytest.mark.parametrize("more", MORE)
def test_nothing_heavier_is_told_after_a_defence(told: Walk, more: dict[str, Any]) -> None:
    told.take("defence_heard", WRITTEN)
    assert "not_heavier_for_defending" in refused_by(
        told, "prior_notice_again", {**notice_of(3_000_000), **more}
    )


def test_nor_after_a_hearing_was_asked_for(large_case_at_notice_served: Walk) -> None:
    case = large_case_at_notice_served
    case.take("hearing_request", {"form": "written", "points": "x"})
    assert refused_by(case, "prior_notice_again", notice_of(9_000_000)) == {
        "not_heavier_for_defending"
    }


def test_less_or_the_same_is_told_anew(told: Walk) -> None:
    told.take("defence_heard", WRITTEN)
    told.take("prior_notice_again", notice_of(2_000_000))
    # not more than what was told when it was said
    told.take("prior_notice_again", notice_of(3_000_000))


def test_before_a_defence_a_slip_in_the_sum_is_mended(told: Walk) -> None:
    told.take("prior_notice_again", notice_of(9_000_000))


def test_new_facts_in_a_new_report_may_weigh_more(told: Walk) -> None:
    told.take("defence_heard", WRITTEN)
    sent_back(told)
    concluded_again(told, 9_000_000)
    assert facts_of(told).proposed_fine.fen == 9_000_000


# -- a hearing on two days (§64)
@pytest.fixture
def adjourned(large_case_at_notice_served: Walk, team: Team) -> Walk:
    case = large_case_at_notice_served
    day = date.fromisoformat(called(case, team))
    case.serve("hearing_notice")
    case.at(day).take(
        "hearing_held",
        {"present": "双方", "record": "申请新的证人到场，延期", "session": "adjourned"},
    )
    return case


def again(case: Walk) -> date:
    day = road.CALENDAR.add_workdays(case.day, 9)
    asked = {
        "hearing_on": day.isoformat(),
        "time": "9:00",
        "place": "本局",
        "host": case.team.head,
        "openness": "public",
    }
    case.take("hearing_notice", asked)
    case.serve("hearing_notice")
    return day


def test_an_adjourned_hearing_has_a_second_session(adjourned: Walk) -> None:
    case = adjourned
    assert refused_by(case, "hearing_report", {"opinion": "维持"}) == {"hearing_was_held"}
    case.at(again(case)).take(
        "hearing_held", {"present": "双方", "record": "质证", "session": "closed"}
    )
    case.take("hearing_report", {"opinion": "维持"})
    assert facts_of(case).stage == "review"


def test_a_hearing_that_was_closed_is_not_held_again(adjourned: Walk) -> None:
    case = adjourned
    case.at(again(case)).take(
        "hearing_held", {"present": "双方", "record": "质证", "session": "closed"}
    )
    with pytest.raises(Refused) as error:
        case.take("hearing_held", {"present": "双方", "record": "质证", "session": "closed"})
    assert refused(error) == {"hearing_not_yet_held"}
    assert "hearing_not_over" in why_head(case, "hearing_notice")


def why_head(case: Walk, step: str) -> set[str]:
    day = road.CALENDAR.add_workdays(case.day, 9)
    asked = {
        "hearing_on": day.isoformat(),
        "time": "9",
        "place": "x",
        "host": case.team.head,
        "openness": "public",
    }
    return refused_by(case, step, asked)


def test_who_stays_away_from_the_second_session_gives_the_rest_up(adjourned: Walk) -> None:
    case = adjourned
    case.at(again(case)).take("hearing_given_up", {"how": "absent", "reason": "未到"})
    assert facts_of(case).stage == "review"


# -- the heads discuss it (§57第二款: 行政机关负责人集体讨论)
def panel(*members: tuple[str, str]) -> dict[str, Any]:
    voices = [{"name": n, "post": p, "vote": "agree", "opinion": "同意"} for n, p in members]
    return {"place": "会议室", "voices": voices, "conclusion": "同意", "result": "agreed"}


@pytest.fixture
def due(case_at_reviewed: Walk) -> Walk:
    """A case in which a panel may meet."""
    return case_at_reviewed


def name_of(person: int) -> str:
    return db.session.get_one(Person, person).name


HEADS = (("周明", "局长"), ("江涛", "党组成员、副局长"), ("傅敏", "总统计师"))


@pytest.mark.parametrize("who", ["officer", "legal"])
@pytest.mark.parametrize("post", ["承办人", "局长"])
def test_neither_officers_nor_the_reviewer_are_the_panel(
    due: Walk, team: Team, who: str, post: str
) -> None:
    with pytest.raises(Refused) as error:
        due.take("panel", panel(*HEADS[:2], (name_of(team.who(who)), post)))
    assert refused(error) == {"heads_discuss"}


@pytest.mark.parametrize("post", ["", "统计科科长", "办事员", "审核人"])
def test_members_hold_a_leading_post(due: Walk, post: str) -> None:
    with pytest.raises(Refused) as error:
        due.take("panel", panel(*HEADS[:2], ("谢云", post)))
    assert refused(error) == {"heads_discuss"}


def test_the_heads_discuss_it(due: Walk) -> None:
    due.take("panel", panel(*HEADS))
    assert facts_of(due).did("panel")


def test_whoever_holds_the_role_is_a_head_whatever_the_post_says(due: Walk, team: Team) -> None:
    due.take("panel", panel(*HEADS[1:], (name_of(team.leader), "分管")))
    assert facts_of(due).did("panel")


@pytest.mark.parametrize(
    ("posts", "good"), [("主任，副主任", True), ("　", False), ("局长", False)]
)
def test_a_bureau_names_its_leading_posts(
    due: Walk, bureau: Bureau, posts: str, good: bool
) -> None:
    with writing() as session:
        session.add(
            BureauSetting(bureau_id=bureau.id, key="panel.posts", value=posts, from_day=due.day)
        )
    members = panel(("周明", ""), ("江涛", "副主任"), ("傅敏", "主任"))
    if good:
        due.take("panel", members)
        return
    with pytest.raises(Refused) as error:
        due.take("panel", members)
    assert refused(error) == {"heads_discuss"}
