"""What the second reading asks of a tip: good ones are green, and every rule has a way to turn
red."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from casework.reading import rule
from tests.reading import good, good_tip
from tests.reading.good import CLERK, HEAD, LEADER, PARTY, File, d

Spoiled = Callable[[], File]


def changed(make: Callable[[], File], step: str, **words: Any) -> Spoiled:
    def spoiled() -> File:
        f = make()
        good.change(f, step, **words)
        return f

    return spoiled


def without(make: Callable[[], File], *steps: str) -> Spoiled:
    def spoiled() -> File:
        f = make()
        good.without(f, *steps)
        return f

    return spoiled


def on_day(make: Callable[[], File], step: str, month: int, day: int) -> Spoiled:
    def spoiled() -> File:
        f = make()
        good.moved(f, step, d(month, day))
        return f

    return spoiled


def judged_by(make: Callable[[], File], step: str, judge: int) -> Spoiled:
    def spoiled() -> File:
        f = make()
        f.entries = [
            replace(e, by=judge) if e.step == step and e.verb == "done" else e for e in f.entries
        ]
        return f

    return spoiled


def accepted_twice() -> File:
    f = good_tip.declined()
    f.add(
        "accept",
        d(3, 20),
        CLERK,
        good_tip.ACCEPTED,
        track="report",
        approve=[HEAD],
        papers=good_tip.NOTICE,
    )
    return f


def notice_never_served() -> File:
    f = good_tip.declined()
    good.without(f, "serve")
    f.sheets = [replace(s, services=()) for s in f.sheets]
    return f


def unnumbered() -> File:
    f = good_tip.handed_on()
    f.sheets = [replace(s, number="") if s.kind == "transfer" else s for s in f.sheets]
    return f


def a_gap() -> File:
    f = good_tip.accepted()
    f.entries = [e for e in f.entries if e.step != "register"]
    return f


def corrected_into_nothing() -> File:
    f = good_tip.accepted()
    f.add(
        "correct_act",
        d(6, 12),
        CLERK,
        {"act": 1, "fields": {"named": "no"}},
        track="report",
        approve=[HEAD],
    )
    return f


SPOILS: dict[str, tuple[Spoiled, ...]] = {
    "can_be_read": (a_gap,),
    "corrections_fit": (corrected_into_nothing,),
    "approved_by_another": (judged_by(good_tip.accepted, "accept", CLERK),),
    "tip_registered": (
        without(good_tip.accepted, "register"),
        without(good_tip.declined, "register"),
    ),
    "tip_judged_by_a_head": (
        judged_by(good_tip.declined, "decline", HEAD),  # declined by the head alone
        judged_by(good_tip.accepted, "accept", CLERK),
        judged_by(good_tip.handed_on, "transfer_report", HEAD),
    ),
    "tip_judged_in_time": (on_day(good_tip.accepted, "accept", 3, 18), good_tip.came),
    "tip_judged_once": (accepted_twice, without(good_tip.handed_on, "transfer_back")),
    "tip_ours_to_handle": (
        changed(good_tip.accepted, "receive", survey_by="survey_team"),
        changed(good_tip.accepted, "accept", respondents=[{**PARTY, "name": "丰都县 人民政府"}]),
        changed(good_tip.accepted, "accept", respondents=[]),
    ),
    "informant_told": (notice_never_served, on_day(good_tip.linked, "answer_informant", 4, 20)),
    "tip_declined_with_reason": (changed(good_tip.declined, "decline", opinion=" "),),
    "tip_destination_told": (changed(good_tip.declined, "decline", destination=""),),
    "tip_handed_on_with_reason": (
        changed(good_tip.handed_on, "transfer_report", body=""),
        changed(good_tip.objected, "object_transfer", reason=""),
    ),
    "tip_not_to_the_accused": (
        changed(good_tip.handed_on, "transfer_report", body="丰都县 好工厂有限公司"),
    ),
    "objected_in_time": (
        on_day(good_tip.objected, "object_transfer", 3, 10),
        changed(good_tip.objected, "receive", channel="letter"),
    ),
    "tip_papers_made": (unnumbered,),
}
CASES = [(name, spoiled) for name, spoils in SPOILS.items() for spoiled in spoils]
OTHERS = ("丰都县统计局", "丰都县人民政府")


def red(f: File, **more: Any) -> set[str]:
    return good.red(good_tip.recorded(f, not_ours=OTHERS, **more))


@pytest.mark.parametrize("make", good_tip.ALL)
def test_a_lawful_tip_has_no_fault(make: Callable[[], File]) -> None:
    assert red(make()) == set()


@pytest.mark.parametrize("make", good_tip.ALL)
def test_nothing_waits_for_its_day_in_a_tip_that_is_dealt_with(make: Callable[[], File]) -> None:
    verdicts = rule.read_file(good_tip.recorded(make(), not_ours=OTHERS))
    assert [v.rule.id for v in verdicts if v.state == rule.PENDING] == []


def test_every_rule_of_a_tip_has_a_way_to_be_broken() -> None:
    assert set(SPOILS) == {r.id for r in rule.rules() if "report" in r.of}


@pytest.mark.parametrize(("name", "spoiled"), CASES)
def test_a_rule_turns_red_when_it_is_broken(name: str, spoiled: Spoiled) -> None:
    assert name in red(spoiled())


def test_what_may_still_be_done_is_no_fault() -> None:
    """On the fifteenth day, the last, nothing is late yet: 17 March."""
    assert red(good_tip.came(), today=d(3, 17)) == set()
    assert red(good_tip.came(), today=d(3, 18)) == {"tip_judged_in_time", "informant_told"}


def test_who_left_no_name_cannot_be_told() -> None:
    f = good_tip.came(named=False)
    f.add(
        "decline",
        d(3, 6),
        CLERK,
        good_tip.DECLINED,
        track="report",
        approve=[LEADER],
        papers=good_tip.NOTICE,
    )
    assert red(f) == set()


def test_a_tip_of_before_the_rule_is_not_read_by_it() -> None:
    """信访工作条例 is in force since 1 May 2022."""
    old = d(3, 2).replace(year=2021)
    f = good_tip.came()
    f.entries = [replace(e, on=old, at=old) for e in f.entries]
    record = replace(good_tip.recorded(f), opened=old)
    assert "tip_judged_in_time" not in good.red(record)


def test_rules_of_cases_read_no_tip() -> None:
    read = {v.rule.id for v in rule.read_file(good_tip.recorded(good_tip.accepted()))}
    assert read == {r.id for r in rule.rules() if "report" in r.of}
    assert not {v.rule.theme for v in rule.read_file(good.recorded(good.built()))} & {rule.TIPS}
