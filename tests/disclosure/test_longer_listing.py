"""A listing is made longer only after the firm was told, could speak, and was served the decision
(国统字〔2019〕33号 §16)."""

import pytest

from casework.acts.errors import Refused
from casework.disclosure.models import DisclosureEntry
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import refused
from tests.support.decided import listed

TRACK = "dishonesty-1"


def why(case: Walk, step: str, asked: dict[str, str]) -> set[str]:
    with pytest.raises(Refused) as error:
        case.propose(step, asked, TRACK)
    return refused(error)


def test_told_heard_decided_and_served_before_the_list_changes(team: Team, bureau: Bureau) -> None:
    case = listed(team, bureau)
    case.at(road.later(case.day, 5))
    until, later = road.later(case.day, 600).isoformat(), road.later(case.day, 640).isoformat()
    longer = {"until": until, "reason": "再次发生。", "articles": "国统字〔2019〕33号第十六条"}
    assert why(case, "extend_listing", {"until": until}) == {"extension_served"}
    assert "extension_notice_served" in why(case, "decide_extension", longer)
    case.take("extension_notice", longer, TRACK)
    assert "extension_notice_served" in why(case, "decide_extension", longer)
    case.serve("listing_extension_notice")
    assert why(case, "decide_extension", longer) == {"extension_heard"}
    case.at(road.later(case.day, 12))
    assert why(case, "decide_extension", {**longer, "until": later}) == {"extension_as_told"}
    case.take("decide_extension", longer, TRACK)
    assert why(case, "extend_listing", {"until": until}) == {"extension_served"}
    case.serve("listing_extension")
    assert why(case, "extend_listing", {"until": later}) == {"extension_as_decided"}
    case.take("extend_listing", {"until": until}, TRACK)
    tick(case.now)
    assert db.session.query(DisclosureEntry).one().shown_until.isoformat() == until
    assert why(case, "extension_notice", longer) == {"listing_not_extended"}


def test_a_notice_told_anew_has_to_arrive_too(team: Team, bureau: Bureau) -> None:
    case = listed(team, bureau)
    case.at(road.later(case.day, 5))
    longer = {
        "until": road.later(case.day, 600).isoformat(),
        "reason": "再次发生。",
        "articles": "x",
    }
    case.take("extension_notice", longer, TRACK)
    case.serve("listing_extension_notice")
    case.at(road.later(case.day, 12)).take(
        "extension_notice", {**longer, "reason": "另一理由。"}, TRACK
    )
    assert "extension_notice_served" in why(case, "decide_extension", longer)
