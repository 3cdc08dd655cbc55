"""What is published and what a firm is determined for says what was decided; nobody is determined
against the decision."""

from typing import Any

import pytest

from casework.acts.errors import Refused
from casework.disclosure.models import DisclosureEntry
from casework.disclosure.outputs import content
from casework.people.models import Bureau, BureauSetting
from casework.procedure.as_decided import contradictions, decided_facts
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from forms.disclosure import ApprovePublication, Determine, DishonestyNotice, ListEntry
from tests.acts.roads import facts_of, refused
from tests.support.decided import GROUND, LAW, announced, decided, listed

WARNING = "警告，罚款3万元"


WRONG = [
    "罚款5万元",
    "罚款人民币伍万元整",
    "罚款50,000元",
    "处五万元罚款",
    "予以通报批评",
    "没收违法所得",
    "吊销营业执照",
    "情节严重",
    "拒绝提供统计资料",
    "丰统罚〔2020〕999号",
    "2019年1月1日",
    "差错率99.9%",
    "少报9,999万元",
]
RIGHT = [
    "罚款3万元",
    "罚款人民币叁万元整",
    "单位：千元",
    "罚款30,000元",
    "处三万元罚款",
    "警告",
    "应收账款应报5087千元，少报4441千元，差错率87.3%",
]


def proposed(case: Walk, step: str, asked: dict[str, Any], track: str = "main") -> set[str]:
    with pytest.raises(Refused) as error:
        case.propose(step, asked, track)
    return refused(error)


# -- 行政处罚法 §48: what is shown is the decision
def test_a_fine_that_nobody_imposed_is_not_published(team: Team, bureau: Bureau) -> None:
    case = decided(team, bureau, 0)
    shown = {"influence": "有", "summary": f"提供不真实统计资料，给予{WARNING}。"}
    assert proposed(case, "approve_publication", shown) == {"words_as_decided"}
    case.propose("approve_publication", {**shown, "summary": "提供不真实统计资料，给予警告。"})


def test_words_are_compared_with_the_decision_and_the_record(team: Team, bureau: Bureau) -> None:
    case = decided(team, bureau)
    facts = facts_of(case)
    made = facts.paper("decision")
    assert made is not None
    for wrong in WRONG:
        assert contradictions(facts, f"该单位{wrong}。"), wrong
    for right in (*RIGHT, made.number, made.on.isoformat(), decided_facts(facts)):
        assert contradictions(facts, f"该单位{right}。") == [], right


def test_the_forms_begin_with_what_was_decided_and_told(team: Team, bureau: Bureau) -> None:
    case = announced(team, bureau)
    facts = facts_of(case)
    assert ApprovePublication(facts).summary.data == decided_facts(facts)
    assert DishonestyNotice(facts).articles.data == LAW["articles"]
    determine = Determine(facts)
    assert (determine.facts.data, determine.articles.data) == (LAW["facts"], LAW["articles"])
    assert "handling" not in ListEntry(facts)  # derived from the decision, never typed


def test_a_mended_entry_says_what_was_decided_too(team: Team, bureau: Bureau) -> None:
    case = listed(team, bureau)
    asked = {
        "objector": "当事人",
        "points": "有误",
        "result": "mended",
        "summary": "罚款5万元。",
        "reason": "x",
    }
    assert proposed(case, "object_listing", asked, "dishonesty-1") == {"words_as_decided"}
    for words, check in (
        ("电话13800138000", "numbers_in_public"),
        ("举报人张三反映", "tip_in_public"),
    ):
        assert proposed(case, "object_listing", {**asked, "summary": words}, "dishonesty-1") == {
            check
        }
    case.take("object_listing", {**asked, "summary": "编造统计资料。"}, "dishonesty-1")


# -- 条例 §50: the ground agrees with the decision
@pytest.mark.parametrize(
    ("ground", "check"),
    [("untrue", "ground_found_serious"), ("records", "ground_found"), ("inquiry", "ground_found")],
)
def test_nobody_is_assessed_on_a_ground_that_the_decision_contradicts(
    team: Team, bureau: Bureau, ground: str, check: str
) -> None:
    case = decided(team, bureau)
    with pytest.raises(Refused) as error:
        case.take("assess_dishonesty", {**GROUND, "ground": ground})
    assert refused(error) == {check}
    case.take("assess_dishonesty", GROUND)


def test_nobody_is_determined_while_the_decision_may_be_set_aside(
    team: Team, bureau: Bureau
) -> None:
    case = announced(team, bureau)
    assert proposed(case, "determine", LAW, "dishonesty-1") == {"remedy_days_run_out"}
    case.at(road.later(case.day, 200)).take("determine", LAW, "dishonesty-1")


def test_a_bureau_may_confirm_that_it_does_not_wait(team: Team, bureau: Bureau) -> None:
    case = announced(team, bureau)
    with writing() as session:
        session.add(
            BureauSetting(
                bureau_id=bureau.id, key="sdx.wait", value="no", from_day=road.later(case.day, -99)
            )
        )
    case.take("determine", LAW, "dishonesty-1")


# -- the order by its own name
def test_order_35_is_called_by_its_name(team: Team, bureau: Bureau) -> None:
    case = decided(team, bureau)
    case.take("assess_dishonesty", GROUND)
    for wrong in (
        "《企业统计信用管理办法》（国家统计局令第35号）",
        "《统计严重失信企业信用管理办法》（国家统计局令第53号）",
    ):
        asked = {**LAW, "articles": wrong}
        assert proposed(case, "dishonesty_notice", asked, "dishonesty-1") == {
            "order_named_rightly"
        }, wrong
    case.take(
        "dishonesty_notice",
        {**LAW, "articles": "《统计严重失信企业信用管理办法》第八条"},
        "dishonesty-1",
    )


def test_an_entry_of_dishonesty_shows_its_own_determination(team: Team, bureau: Bureau) -> None:
    case = listed(team, bureau)
    facts, row = facts_of(case), db.session.query(DisclosureEntry).one()
    made = facts.paper("dishonesty_decision")
    assert made is not None
    said = row.fields
    assert (said["determination"], said["determined_on"]) == (made.number, made.on.isoformat())
    assert said["ground"] == "fabricated"
    assert said["repair_from"] == facts.clock("listing_earliest").due.isoformat()  # type: ignore[union-attr]
    assert said["decision"] != said["determination"]
    assert content(said).startswith("警告、罚款")
