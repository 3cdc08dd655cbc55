"""A setting takes only what it understands, in one form however it was typed; anything else is
refused with a sentence."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from casework.procedure.settings import Choice, SettingError, checked, shipped


@pytest.mark.parametrize("key", ["papers.sign", "mail.reply", "sdx.wait"])
@pytest.mark.parametrize(
    ("typed", "on"),
    [
        ("on", True),
        ("ON", True),
        ("On ", True),
        ("开", True),
        ("开启", True),
        ("ｏｎ", True),
        ("是", True),
        ("yes", True),
        ("off", False),
        ("OFF", False),
        ("关", False),
        ("关闭", False),
        ("否", False),
        ("no", False),
    ],
)
def test_a_switch_is_on_or_off_however_it_was_typed(key: str, typed: str, on: bool) -> None:
    assert shipped().with_values({key: typed}).on(key) is on


@pytest.mark.parametrize("typed", ["", "maybe", "on off", "开 关", "2", "不开", "已配置"])
def test_a_switch_takes_nothing_else(typed: str) -> None:
    with pytest.raises(SettingError) as refused:
        checked(shipped().setting("papers.sign"), typed)
    assert refused.value.wants == "switch"


def test_a_choice_is_one_of_the_few() -> None:
    choices = (Choice("tls", "全程加密", "encrypted"), Choice("none", "不加密", "not encrypted"))
    security = replace(shipped().setting("mail.folder"), choices=choices)
    assert checked(security, "TLS ") == "tls"
    with pytest.raises(SettingError) as refused:
        checked(security, "ssl")
    assert refused.value.wants == "choice"


@pytest.mark.parametrize(
    ("key", "typed", "wants"),
    [
        ("mail.minutes", "99.5", "whole"),
        ("pay.surcharge", "100.5", "range"),
        ("flood.tips", "1.5", "whole"),
        ("upload.max_files", "20个", "whole"),
        ("benchmark.rate_serious", "120", "range"),
        ("benchmark.rate_serious", "20%", "number"),
        ("pay.surcharge", "三", "number"),
        ("review.threshold", "5万", "number"),
        ("tip.verify_days", "30", "period"),
        ("tip.verify_days", "0 day", "period"),
        ("tip.verify_days", "30 天", "period"),
    ],
)
def test_a_number_out_of_its_bounds_is_refused(key: str, typed: str, wants: str) -> None:
    with pytest.raises(SettingError, match=key) as refused:
        checked(shipped().setting(key), typed)
    assert refused.value.wants == wants


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("mail.max_mb", "９９", "99"),
        ("benchmark.rate_serious", "12.5", "12.5"),
        ("benchmark.amount", "6000.50", "6000.50"),
        ("keep.report_years", "30", "30"),
        ("tip.verify_days", "４５ day", "45 day"),
    ],
)
def test_a_good_number_is_kept_in_one_form(key: str, typed: str, kept: str) -> None:
    assert checked(shipped().setting(key), typed) == kept


def test_what_was_kept_before_and_is_not_understood_counts_as_never_set() -> None:
    """Rows of settings are never changed: one bad value of former days must not stop a bureau."""
    rows = shipped().with_kept(
        {
            "papers.sign": "已配置",
            "mail.max_mb": "99.5",
            "sdx.wait": "no",
            "tip.verify_days": "45 day",
            "review.period": "3 workday",
        }
    )
    assert not rows.on("papers.sign")
    assert rows.number("mail.max_mb") == 64
    assert not rows.on("sdx.wait")
    assert rows.setting("tip.verify_days").value == "45 day"
    assert "review.period" not in rows
