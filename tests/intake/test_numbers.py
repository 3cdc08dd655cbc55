"""The series of tips: its own for each bureau and year, without a gap, whatever is refused or fails
on the way."""

from datetime import date

import pytest
from sqlalchemy import select

from casework.docket.models import Docket
from casework.intake import receive as receiving
from casework.intake.receive import AlreadyReceived, receive
from casework.people.models import Bureau
from casework.store import db, writing

TIP = {"channel": "web", "subject": "某公司", "subject_kind": "enterprise", "narrative": "少报"}


def tip(bureau: int, on: date, **more: object) -> str:
    return receive(db.session.get_one(Bureau, bureau), TIP, on=on, **more).number  # type: ignore[arg-type]


@pytest.fixture
def two(bureau: Bureau) -> tuple[int, int]:
    with writing() as session:
        other = Bureau(code="other", name="另一统计局", prefix="另统")
        session.add(other)
        session.flush()
        return bureau.id, other.id


def test_each_bureau_and_each_year_has_its_own(two: tuple[int, int]) -> None:
    here, there = two
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2025, 12, 31), date(2026, 1, 2)]
    assert [tip(here, d) for d in days] == [
        "丰统线〔2025〕1号",
        "丰统线〔2026〕1号",
        "丰统线〔2025〕2号",
        "丰统线〔2026〕2号",
    ]
    assert [tip(there, d) for d in days] == [
        "另统线〔2025〕1号",
        "另统线〔2026〕1号",
        "另统线〔2025〕2号",
        "另统线〔2026〕2号",
    ]


def test_what_is_refused_or_fails_takes_no_number(
    two: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, day = two[0], date(2026, 3, 2)
    assert tip(here, day) == "丰统线〔2026〕1号"
    with pytest.raises(AlreadyReceived):
        tip(here, day, first=lambda _session: False)

    def fails(*_a: object, **_k: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        # the docket is written, and then something fails
        broken.setattr(receiving, "attach", fails)
        with pytest.raises(OSError, match="disk"):
            tip(here, day)
    assert tip(here, day) == "丰统线〔2026〕2号"
    assert db.session.scalars(select(Docket.number).order_by(Docket.id)).all() == [
        "丰统线〔2026〕1号",
        "丰统线〔2026〕2号",
    ]
