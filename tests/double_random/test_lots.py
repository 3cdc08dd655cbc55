"""Lots that nobody can steer and anybody can repeat."""

import hashlib
import json
from collections import Counter
from typing import Any

import pytest

from casework.double_random.lots import BadFrame, draw_units, frame_digest, public_number


def a_frame(units: int = 20, officers: int = 4, take: int = 5, **more: Any) -> dict[str, Any]:
    return {
        "units": [{"id": n, "name": f"第{n}号企业", "weight": 1} for n in range(1, units + 1)],
        "officers": [{"id": 100 + n, "name": f"执法员{n}"} for n in range(officers)],
        "tied": [],
        "rules": {"take": take},
        **more,
    }


def test_the_same_frame_and_number_draw_the_same() -> None:
    frame = a_frame()
    again = json.loads(json.dumps(frame, ensure_ascii=False))
    assert draw_units(frame, "031122") == draw_units(again, "031122")
    assert draw_units(frame, "031122") != draw_units(frame, "031123")
    assert len({d.unit for d in draw_units(frame, "031122")}) == 5


def test_whoever_changes_one_word_of_the_frame_changes_its_digest_and_its_lots() -> None:
    frame = a_frame()
    changed = a_frame()
    changed["units"][7]["name"] += "（一）"
    assert frame_digest(frame) != frame_digest(changed)
    assert draw_units(frame, "123") != draw_units(changed, "123")


def test_the_order_of_keys_is_nothing_to_the_digest() -> None:
    frame = a_frame()
    assert frame_digest(frame) == frame_digest(dict(reversed(frame.items())))


def test_a_lot_is_what_the_page_says_it_is() -> None:
    """By hand, from the words of docs: SHA-256 of «seed|unit|id|number of the lot»."""
    frame = a_frame()
    plain = json.dumps(frame, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(plain.encode()).hexdigest()
    start = hashlib.sha256(f"{digest}\n042".encode()).hexdigest()
    lots = {n: hashlib.sha256(f"{start}|unit|{n}|0".encode()).hexdigest() for n in range(1, 21)}
    by_hand = sorted(lots, key=lambda n: lots[n], reverse=True)[:5]
    assert [d.unit for d in draw_units(frame, "042")] == by_hand


def test_a_weight_of_three_is_three_times_the_chance() -> None:
    frame = a_frame(units=10, take=1)
    frame["units"][0]["weight"] = 3
    first = Counter(draw_units(frame, f"{n:05}")[0].unit for n in range(3000))
    share, other = first[1] / 3000, (3000 - first[1]) / 9 / 3000
    assert 2.4 < share / other < 3.7


def test_every_inspection_has_two_officers_and_nobody_has_many_more_than_others() -> None:
    drawn = draw_units(a_frame(units=40, officers=5, take=20), "777")
    assert all(len(set(d.officers)) == 2 for d in drawn)
    load = Counter(o for d in drawn for o in d.officers)
    assert max(load.values()) - min(load.values()) <= 1


def test_whoever_is_tied_to_a_unit_does_not_go_there() -> None:
    frame = a_frame(units=6, officers=3, take=6, tied=[[100, n] for n in range(1, 7)])
    assert all(set(d.officers) == {101, 102} for d in draw_units(frame, "555"))
    alone = a_frame(units=6, officers=2, take=6, tied=[[100, 3]])
    assert {d.unit: len(d.officers) for d in draw_units(alone, "555")}[3] == 0


def test_all_are_drawn_where_more_are_asked_for_than_there_are() -> None:
    assert len(draw_units(a_frame(units=3, take=9), "123")) == 3


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("03 08 12 19 22 31 + 07", "03081219223107"),
        ("１２３", "123"),
        ("第2026138期：4 5 6", "2026138456"),
    ],
)
def test_a_public_number_is_its_digits(typed: str, number: str) -> None:
    assert public_number(typed) == number


@pytest.mark.parametrize("typed", ["", "12", "没有号码"])
def test_what_is_hardly_a_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="three digits"):
        public_number(typed)


@pytest.mark.parametrize(
    "broken",
    [
        {"units": None},
        {"rules": {}},
        {"tied": [[1]]},
        {"units": [{"id": 1, "weight": 0}]},
        {"units": [{"id": 1, "weight": 1}, {"id": 1, "weight": 1}]},
        {"officers": [{"id": "1"}]},
        {"rules": {"take": -1}},
    ],
)
def test_what_is_no_frame_is_said_so(broken: dict[str, Any]) -> None:
    with pytest.raises(BadFrame, match="no frame"):
        draw_units({**a_frame(), **broken}, "123")
