"""No form says for a person what only that person can say: nothing is ticked or chosen before
somebody does it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from wtforms import BooleanField, Form, RadioField
from wtforms.fields.core import UnboundField

from casework.people.may import today
from casework.people.models import Bureau
from casework.upkeep import road
from casework.upkeep.scenes import Ground
from casework.upkeep.walk import Team
from forms.registry import all_forms
from tests.acts.roads import FIRM
from tests.archive.conftest import code
from tests.support.desk import SignIn


def chosen(form: type[Form], where: str) -> Iterator[str]:
    """Fields of a form, and of the rows of its tables, that answer by themselves."""
    for name in dir(form):
        field = getattr(form, name)
        if not isinstance(field, UnboundField):
            continue
        inner: Any = next((a for a in field.args if isinstance(a, UnboundField)), field)
        if inner.args and isinstance(inner.args[0], type) and issubclass(inner.args[0], Form):
            yield from chosen(inner.args[0], f"{where}.{name}")
        elif issubclass(field.field_class, BooleanField | RadioField) and field.kwargs.get(
            "default"
        ):
            yield f"{where}.{name}"


def test_no_box_and_no_choice_is_made_beforehand() -> None:
    assert [found for name, form in all_forms().items() for found in chosen(form, name)] == []


@pytest.mark.parametrize("step", ["interview", "on_site_record"])
def test_the_page_of_a_record_has_nothing_ticked(
    team: Team, bureau: Bureau, sign_in: SignIn, step: str
) -> None:
    """But which officers are of the case: who was there is ticked off where one was not."""
    case = Ground(bureau, team, dict(FIRM), road.later(today() - timedelta(60), 0)).case("on_site")
    page = sign_in("officer1").get(f"/desk/dockets/{code(case)}/main/{step}").text
    ticked = [tag for tag in re.findall(r"<input[^>]*>", page) if re.search(r"\schecked\b", tag)]
    assert [tag for tag in ticked if 'name="officers"' not in tag] == []
    assert not re.search(r'name="(confirmed|signed)"', page)


def test_the_hearing_is_recorded_before_its_record_is_signed() -> None:
    assert "signed" not in dir(all_forms()["hearing.Held"])
    assert "confirmed" not in dir(all_forms()["interview.Interview"])
