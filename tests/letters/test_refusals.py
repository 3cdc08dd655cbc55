"""What a paper refuses before anything is drawn: each error names the field, or the line of the
wording."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from letters.base import FalseSum, MissingField, WrongOrder
from letters.words import WordingError
from tests.letters.samples import decision, on_site_record
from tests.support.letters import demand, with_value


def test_the_whole_paper_is_drawn() -> None:
    assert demand().draw().startswith(b"%PDF")


def test_a_missing_field_of_a_class_is_named() -> None:
    firm = replace(decision().respondent, address=" ")
    with pytest.raises(MissingField) as error:
        decision(respondent=firm).check()
    assert error.value.field == "respondent.address"


@pytest.mark.parametrize("name", ["decision_number", "duty", "bank", "account"])
def test_a_missing_value_of_a_notice_is_named(name: str) -> None:
    with pytest.raises(MissingField) as error:
        with_value(name, "").check()
    assert error.value.field == name


@pytest.mark.parametrize(
    ("dates", "names"),
    [
        ({"decided": date(2026, 3, 4), "served": date(2026, 3, 3)}, ("decided", "served")),
        ({"decided": date(2026, 3, 1), "served": date(2026, 4, 21)}, ("served", "on")),
    ],
)
def test_dates_out_of_order_are_named(dates: dict[str, date], names: tuple[str, str]) -> None:
    with pytest.raises(WrongOrder) as error:
        demand(dates=dates).check()
    assert (error.value.earlier, error.value.later) == names


def test_a_record_does_not_end_before_it_begins() -> None:
    record = on_site_record()
    with pytest.raises(WrongOrder):
        replace(record, began=record.ended, ended=record.began).check()


@pytest.mark.parametrize(
    "text", ["缴纳罚款伍万元整（¥5,000.00）。", "缴纳罚款叁仟元整（￥30000元）。"]
)
def test_a_sum_whose_figures_and_capitals_differ_is_named_with_its_field(text: str) -> None:
    with pytest.raises(FalseSum) as error:
        with_value("duty", text).check()
    assert error.value.field == "values.duty"


def test_a_true_sum_passes() -> None:
    with_value("duty", "缴纳罚款伍万元整（¥50,000.00）。").check()


def test_wording_that_fixes_a_sum_is_refused(tmp_path: Path) -> None:
    """An edited file that types the capitals itself would print a false sum: it is found on the
    finished text."""
    edited(tmp_path, "{fine_capitals}", "壹万元整")
    with pytest.raises(FalseSum) as error:
        demand(wording=tmp_path).check()
    assert error.value.field == "wording"


def edited(folder: Path, old: str, new: str) -> int:
    """The shipped wording with a change, and the first line it stands on."""
    shipped = Path("letters/wording/demand.txt").resolve().read_text("utf-8")
    (folder / "demand.txt").write_text(shipped.replace(old, new), "utf-8")
    return 1 + shipped[: shipped.index(old)].count("\n")


def test_an_unknown_placeholder_is_refused_with_its_line(tmp_path: Path) -> None:
    line = edited(tmp_path, "{served}", "{arrived}")
    with pytest.raises(WordingError) as error:
        demand(wording=tmp_path).check()
    assert f"demand.txt:{line}: " in str(error.value)
    assert "arrived" in str(error.value)


def test_edited_wording_is_printed(tmp_path: Path) -> None:
    edited(tmp_path, "现催告你单位", "特此催告你单位")
    assert any("特此催告你单位" in text for text in demand(wording=tmp_path).strings())
