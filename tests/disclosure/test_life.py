"""The life of a public entry beside a remedy: at rest while the decision is stayed, gone with it,
and in its own words."""

import pytest
from flask import Flask

from casework.acts.errors import Refused
from casework.disclosure.models import DisclosureEntry
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, drive, facts_of, refused
from tests.support.acts import RECONSIDERED
from tests.support.disclosure import entries_on_list, shown
from tests.support.forged import forge

LAW = {"facts": "虚报", "articles": "令第35号"}


def on_both_lists(team: Team, bureau: Bureau) -> Walk:
    """Approved for the one, listed on the other in between, then published: each speaks for
    itself."""
    case = drive(case_of(team, bureau), "served")
    case.take("assess_dishonesty", {"ground": "fabricated", "facts": "虚报"})
    case.take("dishonesty_notice", LAW, "dishonesty-1")
    case.serve("dishonesty_notice")
    case.take("approve_publication", {"influence": "有", "summary": "处罚的事实"})
    case.at(road.later(case.day, 200)).take("determine", LAW, "dishonesty-1")
    case.serve("dishonesty_decision")
    case.take("list_entry", {"summary": "认定的事实"}, "dishonesty-1")
    case.take("publish", {"note": ""}, "publication-1")
    return case


def remedied(case: Walk, result: str, number: int = 1, kind: str = "reconsideration") -> None:
    end = {"kind": kind, "result": result, "number": "2", "fine_fen": None, "reason": "x"}
    case.at(road.later(case.day, 20)).take("remedy_end", end, f"remedy-{number}")


def test_each_list_has_the_words_of_its_own_approval(team: Team, bureau: Bureau) -> None:
    case = on_both_lists(team, bureau)
    assert shown(bureau, case) == {"penalty": "处罚的事实", "dishonesty": "认定的事实"}
    kinds = {e.kind: e.fields["kinds"] for e in entries_on_list(db.session(), bureau.id, case.day)}
    assert kinds == {"penalty": ["warning", "fine"], "dishonesty": ["warning", "fine"]}


@pytest.mark.parametrize(
    ("result", "back"),
    [("upheld", True), ("withdrawn", True), ("set_aside", False), ("changed", False)],
)
def test_while_a_decision_is_stayed_nothing_of_it_is_shown(
    team: Team, bureau: Bureau, result: str, back: bool
) -> None:
    case = on_both_lists(team, bureau)
    assert len(shown(bureau, case)) == 2
    case.take("remedy_start", {**RECONSIDERED, "stay": "yes"})
    assert shown(bureau, case) == {}
    end = {
        "kind": "reconsideration",
        "result": result,
        "number": "2",
        "fine_fen": 1_000_000,
        "reason": "x",
    }
    case.at(road.later(case.day, 20)).take("remedy_end", end, "remedy-1")
    assert len(shown(bureau, case)) == (2 if back else 0)
    assert {e.state for e in db.session.query(DisclosureEntry)} == (
        {"shown"} if back else {"withdrawn"}
    )


@pytest.mark.parametrize(
    "topic",
    ["withdraw_entry", "end_entry", "entry_must_go", "extend_entry", "entry_rests", "entry_again"],
)
@pytest.mark.parametrize("act", ["min", "max"])
def test_what_no_act_told_changes_nothing_of_the_public_list(
    team: Team, bureau: Bureau, topic: str, act: str
) -> None:
    """Whoever has the database alone does not let the program take a firm off the list, and enter
    it as right."""
    case = on_both_lists(team, bureau)
    before = shown(bureau, case)
    states = [
        (e.state, e.shown_until)
        for e in db.session.query(DisclosureEntry).order_by(DisclosureEntry.id)
    ]
    told = '{"track": "publication-1", "on": "2026-01-01", "result": "set_aside"}'
    forge(
        "INSERT INTO outbox (docket_id, act_id, topic, data) SELECT "
        f"{case.docket_id}, {act}(id), '{topic}', '{told}' "
        f"FROM act WHERE docket_id = {case.docket_id}"
    )
    assert shown(bureau, case) == before
    assert [
        (e.state, e.shown_until)
        for e in db.session.query(DisclosureEntry).order_by(DisclosureEntry.id)
    ] == states


def test_one_that_rests_ends_on_its_day_all_the_same(team: Team, bureau: Bureau) -> None:
    case = on_both_lists(team, bureau)
    shown(bureau, case)
    case.take("remedy_start", {**RECONSIDERED, "stay": "yes"})
    case.at(road.later(case.day, 400))
    assert shown(bureau, case) == {}
    remedied(case, "upheld")
    assert shown(bureau, case) == {}
    assert {e.state for e in db.session.query(DisclosureEntry)} == {"ended"}


def test_a_remedy_without_a_stay_leaves_the_list_as_it_is(team: Team, bureau: Bureau) -> None:
    case = on_both_lists(team, bureau)
    case.take("remedy_start", RECONSIDERED)
    assert len(shown(bureau, case)) == 2


def test_two_stays_and_only_the_last_end_brings_it_back(team: Team, bureau: Bureau) -> None:
    case = on_both_lists(team, bureau)
    shown(bureau, case)
    case.take("remedy_start", {**RECONSIDERED, "stay": "yes"})
    case.at(road.later(case.day, 65))  # the reviewing body let its sixty days go by
    case.take("remedy_start", {**RECONSIDERED, "kind": "suit", "stay": "yes"})
    remedied(case, "withdrawn", 1)
    assert shown(bureau, case) == {}
    remedied(case, "withdrawn", 2, "suit")
    assert len(shown(bureau, case)) == 2


def test_the_three_days_are_kept_when_the_last_of_them_is_gone(team: Team, bureau: Bureau) -> None:
    """行政处罚法 §48: one clock for all that stands on a list; to take one off is not to have kept
    it."""
    case = on_both_lists(team, bureau)
    case.take("remedy_start", RECONSIDERED)
    remedied(case, "set_aside")
    case.take("withdraw_entry", {"reason": "决定被撤销"}, "publication-1")
    assert facts_of(case).clock("withdraw_entry").state == "open"  # type: ignore[union-attr]
    case.take("withdraw_listing", {"reason": "决定被撤销"}, "dishonesty-1")
    assert facts_of(case).clock("withdraw_entry").state == "met"  # type: ignore[union-attr]


def test_an_objection_that_was_right_changes_what_is_shown(team: Team, bureau: Bureau) -> None:
    case = on_both_lists(team, bureau)
    shown(bureau, case)
    asked = {
        "objector": "当事人",
        "points": "事实有误",
        "result": "mended",
        "summary": "",
        "reason": "查实",
    }
    with pytest.raises(Refused) as error:
        case.take("object_listing", asked, "dishonesty-1")
    assert refused(error) == {"mended_words_given"}
    case.take("object_listing", {**asked, "summary": "更正后的事实"}, "dishonesty-1")
    assert shown(bureau, case) == {"penalty": "处罚的事实", "dishonesty": "更正后的事实"}
    kinds = {e.kind: e.fields["kinds"] for e in entries_on_list(db.session(), bureau.id, case.day)}
    assert kinds["dishonesty"] == ["warning", "fine"]


def test_an_objection_that_was_not_right_changes_nothing(team: Team, bureau: Bureau) -> None:
    case = on_both_lists(team, bureau)
    shown(bureau, case)
    asked = {
        "objector": "当事人",
        "points": "不服",
        "result": "kept",
        "summary": "误填的文字",
        "reason": "不成立",
    }
    case.take("object_listing", asked, "dishonesty-1")
    assert shown(bureau, case)["dishonesty"] == "认定的事实"


# -- beside the program
@pytest.mark.parametrize(
    "change",
    [
        "name = '别的公司'",
        "shown_until = '2036-01-01', state = 'shown'",
        "state = 'removed'",
        "credit_code = 'x'",
        "fields = '{}'",
    ],
)
def test_a_public_entry_that_somebody_edits_is_named(
    team: Team, bureau: Bureau, app: Flask, change: str
) -> None:
    """An innocent firm shown as penalised: by the whole look and by the nightly one, in a
    sentence."""
    shown(bureau, on_both_lists(team, bureau))
    run = app.test_cli_runner().invoke
    assert run(args=["journal", "verify"]).output.strip() == "all journals hold"
    forge(f"UPDATE entry SET {change} WHERE id = 1")
    for words in (["--quick"], []):
        told = run(args=["journal", "verify", *words])
        assert told.exit_code == 1
        assert "entry: row [1] is not what was entered last" in told.output
    forge("DELETE FROM entry WHERE id = 1")
    assert (
        "entry: row [1] is gone, and nothing was entered of that"
        in run(args=["journal", "verify", "--quick"]).output
    )
