"""Who is never fined (统计法 §44), and what is not fined twice (行政处罚法 §29)."""

from typing import Any

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.procedure.bodies import sounds_like_an_organ
from casework.procedure.codes import credit_check
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.scenes.hearing import POINTS
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import END, FIRM, case_of, decision, drive, facts_of, refused
from tests.support.acts import SPOT

ORGAN_CODE = "115002300086708129"  # 11: an organ of the state
TOWN = {**FIRM, "name": "丰都县兴隆镇人民政府", "kind": "organisation"}
REVIEWED = {**POINTS, "opinion": "同意", "result": "pass", "census_law": ""}


def concluded(team: Team, bureau: Bureau, **party: str) -> Walk:
    return drive(case_of(team, bureau, {**TOWN, **party}), "conclude")


def told(case: Walk, fen: int = 4_000_000) -> set[str]:
    """What refuses a notice with that fine; nothing where it is made."""
    try:
        case.take("prior_notice", notice_of(fen))
    except Refused as error:
        return {r.check for r in error.refusals}
    return set()


# -- state organs, however they were entered
@pytest.mark.parametrize("kind", ["organisation", "institution", "enterprise", "state_organ"])
def test_a_code_of_an_organ_decides_whatever_kind_was_chosen(
    team: Team, bureau: Bureau, kind: str
) -> None:
    case = concluded(
        team, bureau, kind=kind, credit_code=ORGAN_CODE, name="丰都县兴隆镇公共服务中心"
    )
    assert "state_organ_no_fine" in told(case)


def test_a_name_raises_a_question_that_an_officer_answers(team: Team, bureau: Bureau) -> None:
    case = concluded(team, bureau)
    assert told(case) == {"body_settled"}
    answer = {"name": TOWN["name"], "organ": "yes", "reason": "乡镇人民政府"}
    case.take("confirm_body", answer)
    assert told(case) == {"state_organ_no_fine"}


FIRM_CODE = "91500230MA5U0AB015"


def test_a_good_code_does_not_silence_the_name(team: Team, bureau: Bureau) -> None:
    """Somebody else's code makes no firm of a township."""
    code = FIRM_CODE[:17] + credit_check(FIRM_CODE[:17])
    assert told(concluded(team, bureau, credit_code=code)) == {"body_settled"}


def recoded(case: Walk, code: str) -> None:
    party = {**(facts_of(case).value("party") or {}), "credit_code": code}
    case.take("change_party", {"party": party, "proof": "营业执照", "reason": "更正代码"})


@pytest.mark.parametrize("name", [TOWN["name"], "丰都县兴隆镇公共服务中心"])
def test_a_code_of_an_organ_changed_into_that_of_a_firm_asks_again(
    team: Team, bureau: Bureau, name: str
) -> None:
    case = concluded(team, bureau, name=name, credit_code=ORGAN_CODE)
    recoded(case, FIRM_CODE[:17] + credit_check(FIRM_CODE[:17]))
    assert told(case) == {"body_settled"}


def test_an_answer_holds_for_the_code_it_was_given_for(team: Team, bureau: Bureau) -> None:
    name = "丰都县中医药学会管理委员会"
    case = concluded(team, bureau, name=name)
    answer = {"name": name, "organ": "no", "reason": "社会团体登记证书"}
    case.take("confirm_body", answer)
    recoded(case, FIRM_CODE[:17] + credit_check(FIRM_CODE[:17]))
    assert told(case) == {"body_settled"}
    case.take("confirm_body", answer)
    assert told(case) == set()


def test_who_turns_out_to_be_none_may_be_fined(team: Team, bureau: Bureau) -> None:
    case = concluded(team, bureau, name="丰都县中医药学会管理委员会")
    assert told(case) == {"body_settled"}
    case.take(
        "confirm_body",
        {"name": "丰都县中医药学会管理委员会", "organ": "no", "reason": "社会团体登记证书"},
    )
    assert told(case) == set()


def test_on_the_spot_it_is_asked_too(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau, TOWN), "assign")
    with pytest.raises(Refused) as error:
        case.take("on_the_spot", SPOT)
    assert refused(error) == {"body_settled"}


@pytest.mark.parametrize(
    "name",
    ["丰都县邮政局有限公司", "丰都县高家镇方斗村村民委员会", "三合街道龙城社区居委会", "重庆某厂"],
)
def test_names_that_raise_no_question(name: str) -> None:
    assert not sounds_like_an_organ(name)


@pytest.mark.parametrize(
    "name", ["丰都县人民政府", "三合街道办事处", "丰都县教育局", "丰都县发展和改革委员会（本级）"]
)
def test_names_that_do(name: str) -> None:
    assert sounds_like_an_organ(name)


# -- the same conduct
def fined(team: Team, bureau: Bureau, until: str = "served") -> Walk:
    return drive(case_of(team, bureau), until)


def again(team: Team, bureau: Bureau, **changes: Any) -> Walk:
    """A second case of the firm, investigated: by default the same conduct."""
    case = drive(case_of(team, bureau), "interview")
    if figures := changes.pop("figures", None):
        case.take("verify_figures", {"figures": figures, "method": "核对", "cards_shown": True})
    rows = [{**road.violation(END), **changes}]
    asked = {
        "violations": rows,
        "course": "x",
        "discretion": "y",
        "serious_ground": "",
        "complex": False,
        "proposal": "z",
    }
    case.take("investigation_report", {**asked, "days_reason": "查明"})
    return case


@pytest.mark.parametrize("until", ["decide", "served"])
def test_the_same_conduct_is_not_fined_twice(team: Team, bureau: Bureau, until: str) -> None:
    fined(team, bureau, until)
    case = again(team, bureau)
    assert told(case) == {"not_fined_twice"}
    assert told(case, 0) == set()  # a warning is no fine


def test_nor_on_the_spot(team: Team, bureau: Bureau) -> None:
    fined(team, bureau)
    case = drive(case_of(team, bureau), "figures")
    with pytest.raises(Refused) as error:
        case.take("on_the_spot", SPOT)
    assert "not_fined_twice" in refused(error)


def test_nor_by_whoever_calls_it_another_item(team: Team, bureau: Bureau) -> None:
    """The same figures of the same days under another number of the article are one act."""
    fined(team, bureau)
    assert told(again(team, bureau, code="V4")) == {"not_fined_twice"}


OTHER = [{**road.FIGURES[0], "indicator": "从业人员期末人数", "reported": "10", "verified": "20"}]


@pytest.mark.parametrize(
    "changes",
    [{"conduct_start": "2025-04-01", "conduct_end": "2025-04-10"}, {"figures": OTHER}],
    ids=["period", "indicator"],
)
def test_other_conduct_is_another_act(team: Team, bureau: Bureau, changes: dict[str, Any]) -> None:
    fined(team, bureau)
    assert told(again(team, bureau, **changes)) == set()


def test_the_legal_review_says_why_it_is_another_act(team: Team, bureau: Bureau) -> None:
    fined(team, bureau)
    case = again(team, bureau)
    case.take("legal_review", {**REVIEWED, "other_act": ""})
    assert told(case) == {"not_fined_twice"}
    case.take("legal_review", {**REVIEWED, "other_act": "前案为月报，本案为年报。"})
    assert told(case) == set()
    case.serve("prior_notice")
    case.at(road.later(case.day, 16)).take("defence_waived", {"note": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": "无"})
    with pytest.raises(Refused) as error:
        case.take("review_not_due", {"reason": "x"})
    assert refused(error) == {"review_is_not_due"}
    case.take("legal_review", {**REVIEWED, "other_act": "前案为月报，本案为年报。"})
    case.take("decide_penalty", decision(case))
    assert facts_of(case).stage == "serve"


def test_a_fine_that_was_set_aside_bars_nothing(team: Team, bureau: Bureau) -> None:
    from tests.support.acts import RECONSIDERED

    one = fined(team, bureau)
    one.at(road.later(one.day, 5)).take("remedy_start", RECONSIDERED)
    end = {
        "kind": "reconsideration",
        "result": "set_aside",
        "number": "2",
        "fine_fen": None,
        "reason": "x",
    }
    one.take("remedy_end", end, "remedy-1")
    assert told(again(team, bureau)) == set()
