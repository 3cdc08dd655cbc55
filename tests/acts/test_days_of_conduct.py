"""The days of what is punished: over when it is written down, the same at filing and report or with
a reason."""

import re
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.walk import Team, Walk
from forms.inspection import InvestigationReport
from tests.acts.roads import END, case_of, decision, drive, facts_of, refused
from tests.conftest import need
from tests.support.acts import REPORT, SPOT, row, why


def report(case: Walk, *rows: dict[str, Any], **more: Any) -> None:
    case.take("investigation_report", {**REPORT, "violations": list(rows), **more})


# -- not to come
def test_a_case_is_not_filed_for_conduct_to_come(case_at_report: Walk) -> None:
    case = case_at_report
    tomorrow = case.day + timedelta(1)
    with pytest.raises(Refused) as error:
        case.take("file", road.filing(tomorrow))
    assert refused(error) == {"day_not_possible"}
    case.take("file", road.filing(case.day))  # conduct that goes on until today


@pytest.mark.parametrize("shift", [1, 365])
def test_nor_reported(case_at_interview: Walk, shift: int) -> None:
    case = case_at_interview
    with pytest.raises(Refused) as error:
        report(case, row(END, case.day + timedelta(shift)), days_reason="持续")
    assert refused(error) == {"day_not_possible"}
    report(case, row(END, case.day), days_reason="行为持续至今")
    assert facts_of(case).violations[0]["conduct_end"] == case.day.isoformat()


def test_nor_punished_on_the_spot(case_at_assign: Walk) -> None:
    case = case_at_assign
    for wrong in (row(END, case.day + timedelta(1)), row(date(1983, 12, 1), END)):
        with pytest.raises(Refused) as error:
            case.take("on_the_spot", {**SPOT, "violations": [wrong]})
        assert refused(error) == {"day_not_possible"}
    with pytest.raises(Refused) as error:
        case.take("on_the_spot", {**SPOT, "violations": [row(END, END - timedelta(1))]})
    assert refused(error) == {"conduct_happened"}
    case.take("on_the_spot", SPOT)


def test_what_a_report_of_before_says_is_not_told_and_not_decided(
    case_at_no_review_due: Walk,
) -> None:
    """A report from before this was asked: the notice and the decision look at the days themselves,
    and lead back."""
    case = case_at_no_review_due
    facts = facts_of(case)
    with_future = _reported(facts, row(END, facts.today + timedelta(30)))
    for step in ("prior_notice_again", "decide_penalty"):
        assert "conduct_happened" in why(with_future, step, decision(case)), step
        assert "conduct_happened" not in why(facts, step, decision(case)), step
    case.take("send_back", {"reason": "更正日期"})  # from the very stage of the decision
    assert facts_of(case).stage == "investigate"


def _reported(facts: Any, *rows: dict[str, Any]) -> Any:
    """The same facts with another table in the report."""
    table = {"violations": list(rows)}
    acts = (
        replace(a, asked={**a.asked, **table}) if a.step == "investigation_report" else a
        for a in facts.acts
    )
    return replace(facts, acts=tuple(acts))


# -- the same as at the filing, or with a reason
def test_another_last_day_than_at_the_filing_needs_a_reason(case_at_interview: Walk) -> None:
    case = case_at_interview
    other = row(END - timedelta(90), END - timedelta(60))
    for reason in ({}, {"days_reason": " "}):
        with pytest.raises(Refused) as error:
            report(case, other, **reason)
        assert refused(error) == {"other_days_explained"}
    report(case, other, days_reason="企业提供的报送记录表明最后一次上报在此日")
    assert facts_of(case).value("days_reason")


def test_a_second_report_is_held_against_the_first(case_at_conclude: Walk) -> None:
    case = case_at_conclude
    case.take("send_back", {"reason": "补充"})
    with pytest.raises(Refused) as error:
        report(case, row(END, END + timedelta(1)))
    assert refused(error) == {"other_days_explained"}
    report(case, row(END - timedelta(9), END))


def test_the_report_begins_with_the_day_of_the_filing(case_at_interview: Walk, app: Any) -> None:
    case = case_at_interview
    with app.test_request_context():
        form = InvestigationReport(facts_of(case), officers=2, only_today=True)
        assert form.violations[0].form.conduct_end.data == END.isoformat()
        assert END.isoformat() in str(form.days_reason.description)


def test_the_two_years_are_counted_from_the_newest_report(case_at_interview: Walk) -> None:
    """行政处罚法 §36: the filing looked good; the report found an older day, so no penalty is
    told."""
    case = case_at_interview
    report(case, row(date(2022, 12, 1), date(2023, 1, 5)), days_reason="查明最后一次上报在此日")
    with pytest.raises(Refused) as error:
        case.take("prior_notice", notice_of(3_000_000))
    assert "conduct_not_barred" in refused(error)


# -- printed: part of the facts (行政处罚法 §59第二项)
def test_notice_and_decision_say_when_it_was_done(
    app: Flask, team: Team, bureau: Bureau, tmp_path: Path
) -> None:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    case = drive(case_of(team, bureau), "decide")
    for kind in ("investigation_report", "prior_notice", "decision"):
        (tmp_path / "p.pdf").write_bytes(
            app.extensions["sealed_store"].read(case.paper(kind).stored)
        )
        text = subprocess.run(
            ["pdftotext", tmp_path / "p.pdf", "-"], check=True, capture_output=True, text=True
        ).stdout
        assert re.search(
            "2025年3月1日至2025年3月10日，(?:你单位|当事人)报送的", "".join(text.split())
        ), kind
