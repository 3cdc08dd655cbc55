"""What counts as a reason where the law asks for one, and which fields it is asked of."""

from __future__ import annotations

import pytest

from casework.acts.errors import Refused
from casework.people.models import Bureau
from casework.procedure.load import procedure
from casework.text import says_something
from casework.upkeep.road import notice_of
from casework.upkeep.walk import Team
from tests.acts.roads import case_of, drive, refused


@pytest.mark.parametrize(
    "text",
    ["", " ", "无", "没有", "略", "同上", "x", "test", "无无无无", "1234567890", "aaaaaaaaaaa"],
)
def test_one_word_says_nothing(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize(
    "text", ["案情复杂", "账簿调取迟延。", "Books came late", "当事人\n更换经办人", "𠮷某拒收"]
)
def test_a_sentence_does(text: str) -> None:
    assert says_something(text)


def test_the_reasons_of_the_law_are_declared() -> None:
    assert {
        "late_reason",
        "departure_reason",
        "no_signed_copy.reason",
    } <= procedure().reasoned.keys()


def test_one_word_is_refused_where_it_is_proposed(team: Team, bureau: Bureau) -> None:
    case = drive(case_of(team, bureau), "conclude")
    with pytest.raises(Refused) as error:
        case.propose("prior_notice", {**notice_of(3_000_000), "departure_reason": "无"})
    assert refused(error) == {"says_something"}
    case.propose(
        "prior_notice", {**notice_of(3_000_000), "departure_reason": "当事人主动改正并补报。"}
    )
