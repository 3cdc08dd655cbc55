"""A paper is announced to the public when itself could not be brought to the party, where it lives
now (民事诉讼法 §95)."""

import pytest

from casework.acts.errors import Refused
from casework.upkeep import road
from casework.upkeep.road import notice_of
from casework.upkeep.walk import Walk
from tests.acts.roads import FIRM, drive, facts_of, refused
from tests.support.acts import OPEN, correction

BACK = {"method": "mail", "reason": "退回"}


def announce(case: Walk, kind: str) -> None:
    case.take("serve_public", {"paper": case.paper(kind).id, **OPEN})


def tried(case: Walk, kind: str) -> Walk:
    case.take("serve_failed", {"paper": case.paper(kind).id, **BACK})
    return case


def test_the_failed_try_of_an_earlier_paper_is_none_of_this_one(case_at_conclude: Walk) -> None:
    case = case_at_conclude
    correction(case)
    tried(case, "correction")
    drive_on(case)
    with pytest.raises(Refused) as error:
        announce(case, "prior_notice")
    assert refused(error) == {"this_paper_tried"}
    announce(case, "correction")
    tried(case, "prior_notice")
    announce(case, "prior_notice")
    assert len(list(facts_of(case).done("serve_public"))) == 2


def test_one_try_of_two_papers_in_one_envelope_will_do(case_at_conclude: Walk) -> None:
    """What was tried after this paper was made, at the same address, shows that it would not have
    arrived either."""
    case = case_at_conclude
    correction(case)
    drive_on(case)
    tried(case, "correction")
    announce(case, "prior_notice")


def test_a_try_at_an_address_of_before_shows_nothing(case_opened: Walk) -> None:
    case = case_opened
    drive(case, "figures")
    correction(case)
    tried(case, "correction")
    moved = {**FIRM, "address": "丰都县名山街道新址9号"}
    case.at(road.later(case.day, 2))
    case.take(
        "verification_report",
        {"party": moved, "findings": "差异较大", "no_figures": "", "result": "file"},
    )
    with pytest.raises(Refused) as error:
        announce(case, "correction")
    assert "service_tried" in refused(error)
    tried(case, "correction")
    announce(case, "correction")


def drive_on(case: Walk) -> None:
    """The prior notice is made some days later."""

    case.at(road.later(case.day, 3)).take("prior_notice", notice_of(3_000_000))
