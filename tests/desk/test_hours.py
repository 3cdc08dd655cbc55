"""Hours of the day as a clerk writes them."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from forms.base import HourField


class Call(Form):
    began = HourField("began")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("9:05", "09:05"),
        ("９：０５", "09:05"),
        ("9时5分", "09:05"),
        ("9点5分", "09:05"),
        ("9点", "09:00"),
        ("14点30", "14:30"),
    ],
)
def test_an_hour_is_understood(typed: str, kept: str) -> None:
    form = Call(MultiDict({"began": typed}))
    assert form.validate()
    assert form["began"].plain() == kept


@pytest.mark.parametrize("typed", ["24:00", "9点60分", "九点", "9点5刻"])
def test_what_is_no_hour_is_refused(typed: str) -> None:
    assert not Call(MultiDict({"began": typed})).validate()
