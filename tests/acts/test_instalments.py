"""Payment in parts (行政处罚法 §66): each part has its day and its sum, and all together are what
is owed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from casework.acts.errors import Refused
from casework.procedure.load import procedure
from casework.upkeep.walk import Walk
from forms.execution import Instal
from letters.build import Issue, build
from tests.acts.conftest import FINE
from tests.acts.roads import facts_of, refused
from tests.archive.conftest import code
from tests.support.desk import SignIn


def parts(case: Walk, *rows: tuple[int, int]) -> dict[str, Any]:
    """A plan of (days from now, fen)."""
    found = [
        {"pay_by": (case.day + timedelta(days)).isoformat(), "part_fen": fen} for days, fen in rows
    ]
    return {
        "request": "销售款未收回，请求分期。",
        "instalments": found,
        "due": found[-1]["pay_by"] if found else "",
    }


def printed(case: Walk, paper: str, asked: dict[str, Any]) -> str:
    issue = Issue(procedure().papers[paper], "丰统缓〔2025〕1号", case.day)
    return "".join(build(issue, facts_of(case), "instal", asked).strings())


@pytest.mark.parametrize(
    "rows",
    [
        [(30, FINE // 2), (60, FINE // 2 - 1)],  # less than is owed
        [(30, FINE // 2), (60, FINE // 2 + 1)],  # more
        [(60, FINE // 2), (30, FINE // 2)],  # the days run backwards
        [(30, FINE // 2), (30, FINE // 2)],
        [(30, FINE), (60, 0)],
        [],
    ],
)
def test_a_plan_that_does_not_add_up_is_refused(
    case_at_served: Walk, rows: list[tuple[int, int]]
) -> None:
    asked = {**parts(case_at_served, *rows)}
    with pytest.raises(Refused) as error:
        case_at_served.propose("instal", asked, "execution-1")
    assert "instalments_add_up" in refused(error)


def test_its_last_day_is_the_one_that_counts(case_at_served: Walk) -> None:
    asked = parts(case_at_served, (30, FINE // 2), (60, FINE // 2))
    other = (case_at_served.day + timedelta(90)).isoformat()
    with pytest.raises(Refused) as error:
        case_at_served.propose("instal", {**asked, "due": other}, "execution-1")
    assert "instalments_add_up" in refused(error)
    case_at_served.take("instal", asked, "execution-1")
    term = facts_of(case_at_served).clock("instal")
    assert term is not None
    assert term.due.isoformat() == asked["due"]


def test_what_was_paid_before_is_no_part_of_it(case_at_served: Walk) -> None:
    paid = {"paid_fen": 1_000_000, "paid_on": case_at_served.day.isoformat(), "slip": "农行 1"}
    case_at_served.take("pay", paid, "execution-1")
    case_at_served.take("instal", parts(case_at_served, (30, FINE - 1_000_000)), "execution-1")


def test_each_part_stands_on_both_papers_with_its_day(case_at_served: Walk) -> None:
    asked = parts(case_at_served, (30, 1_000_000), (60, 2_000_000))
    first, last = (case_at_served.day + timedelta(n) for n in (30, 60))
    for paper in ("instalment_notice", "instalments"):
        text = printed(case_at_served, paper, asked)
        assert f"1. {first.year}年{first.month}月{first.day}日前缴纳10,000元。" in text, paper
        assert f"2. {last.year}年{last.month}月{last.day}日前缴纳20,000元。" in text, paper


def test_who_pays_all_of_it_later_is_told_of_no_last_instalment(case_at_served: Walk) -> None:
    text = printed(case_at_served, "instalment_notice", parts(case_at_served, (60, FINE)))
    assert "最后一期" not in text
    assert "日前缴纳30,000元。" in text


def test_a_plan_of_former_days_is_printed_as_it_was_typed(case_at_served: Walk) -> None:
    due = (case_at_served.day + timedelta(60)).isoformat()
    asked = {"request": "申请", "plan": "第一期15,000元\n第二期15,000元", "due": due}
    text = printed(case_at_served, "instalment_notice", asked)
    assert "1. 第一期15,000元" in text
    assert "2. 第二期15,000元" in text


def form(case: Walk, *rows: tuple[str, str]) -> Instal:
    typed = {"request": "销售款未收回，请求分期。"}
    for n, (until, sum_) in enumerate(rows):
        typed |= {f"instalments-{n}-pay_by": until, f"instalments-{n}-part_fen": sum_}
    return Instal(facts_of(case), MultiDict(typed))


def test_the_form_asks_a_day_and_a_sum_for_each(case_at_served: Walk) -> None:
    first, last = (case_at_served.day + timedelta(n) for n in (30, 60))
    good = form(
        case_at_served, (first.isoformat(), "10,000"), (last.isoformat(), "20000"), ("", "")
    )
    assert good.validate()
    assert good.payload()["instalments"] == [
        {"pay_by": first.isoformat(), "part_fen": 1_000_000},
        {"pay_by": last.isoformat(), "part_fen": 2_000_000},
    ]
    assert good.payload()["due"] == last.isoformat()
    assert "due" not in good._fields


@pytest.mark.parametrize(
    "rows", [[], [("", "30000")], [("30", "")], [("30", "0")], [("60", "10000"), ("30", "20000")]]
)
def test_what_is_lacking_is_said_beside_the_table(
    case_at_served: Walk, rows: list[tuple[str, str]]
) -> None:
    days = [
        ((case_at_served.day + timedelta(int(n))).isoformat() if n else "", sum_)
        for n, sum_ in rows
    ]
    lacking = form(case_at_served, *days)
    assert not lacking.validate()
    assert lacking.instalments.errors


def test_the_form_proposes_what_is_owed_in_one_sum(case_at_served: Walk) -> None:
    """So that nobody has to reckon it; it is parted by whoever writes a smaller one."""
    page = Instal(facts_of(case_at_served))
    assert page.instalments[0].form.part_fen.data == "30000.00"


def test_the_page_asks_rows_says_what_lacks_and_gives_more(
    case_at_served: Walk, sign_in: SignIn
) -> None:
    officer, path = sign_in("officer1"), f"/desk/dockets/{code(case_at_served)}/execution-1/instal"
    assert 'name="instalments-1-pay_by"' in officer.get(path).text
    typed = {"request": "销售款未收回，请求分期。", "instalments-0-part_fen": "30000"}
    refused = officer.post(path, data=typed)
    assert refused.status_code == 422
    assert refused.text.count("请填写每一期的日期和金额。") == 2  # on top, and beside the table
    more = officer.post(path, data={**typed, "add-instalments": "1"}).text
    assert 'name="instalments-2-pay_by"' in more
    assert 'value="30000"' in more
