"""Numbers in addresses and forms: one that no table can hold is nobody's number, never a fault of
ours."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from casework.upkeep.walk import Team
from casework.web.numbers import whole_number
from casework.web.request_text import Sent

pytestmark = pytest.mark.values

SignIn = Callable[[str], FlaskClient]
ODD = [
    str(2**63),
    str(2**64),
    "9" * 40,
    "9" * 5000,
    "-1",
    f"-{2**70}",
    "²",
    "٣",
    "０",
    "",
    "1e9",
    "0x1",
    "1\r\n2",
    " 1 ",
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_numbers_in_forms_are_nobodys(odd: str, team: Team, sign_in: SignIn) -> None:
    client = sign_in("head")
    for path, name in [
        ("/desk/many/", "docket"),
        ("/desk/print/", "paper"),
        ("/desk/archive/propose", "docket"),
        ("/desk/archive/handovers", "docket"),
        ("/desk/print/blanks", "page"),
        ("/desk/print/blanks", "written"),
    ]:
        answer = client.post(path, data=MultiDict([("step", "assign"), (name, odd)]))
        assert answer.status_code < 500, (path, name)
    for path, name in [
        ("/desk/fines/", "after"),
        ("/desk/archive/", "skip"),
        ("/desk/cases", "after"),
        ("/list", "after"),
    ]:
        assert client.get(path, query_string={name: odd}).status_code < 500, path
    clerk = sign_in("clerk")
    answer = clerk.post("/desk/reports/burst", data=MultiDict([("step", "decline"), ("tip", odd)]))
    assert answer.status_code < 500


@pytest.mark.parametrize("number", [2**63, 10**30, 10**3000])
def test_an_address_with_such_a_number_is_none(
    number: int, app: Flask, team: Team, sign_in: SignIn
) -> None:
    client = sign_in("head")
    found = [
        r for r in app.url_map.iter_rules() if "<int:" in r.rule and "GET" in (r.methods or ())
    ]
    assert len(found) > 10
    for rule in found:
        values = {a: number if a in ("number", "which", "page") else "x" for a in rule.arguments}
        path = rule.rule
        for name, value in values.items():
            for kind in ("int:", "", "path:"):
                path = path.replace(f"<{kind}{name}>", str(value))
        if "<" not in path:
            assert client.get(path).status_code in (404, 403), path


@pytest.mark.parametrize(
    ("typed", "number"), [("7", 7), ("０７", 7), ("٣", 3), ("-1", -1), (str(2**63 - 1), 2**63 - 1)]
)
def test_a_number_is_read_however_its_digits_are_typed(typed: str, number: int) -> None:
    assert whole_number(typed) == number
    assert Sent([("n", typed)]).get("n", type=int) == number
    assert Sent([("n", typed)]).getlist("n", type=int) == [number]


@pytest.mark.parametrize("typed", [str(2**63), "9" * 5000, "", "x", "1.5", "１-２", "1e3"])
def test_what_is_none_is_left_out(typed: str) -> None:
    assert whole_number(typed) is None
    assert Sent([("n", typed)]).get("n", 0, type=int) == 0
    assert Sent([("n", typed)]).getlist("n", type=int) == []


@pytest.mark.parametrize("typed", ["1e999999", "1E+50", "9" * 20, "1e-99", "Infinity", "nan"])
def test_a_field_takes_no_number_that_no_table_holds(typed: str, app: Flask) -> None:
    from wtforms import Form

    from forms.base import WholeField, YuanField

    class Both(Form):
        whole = WholeField()
        sum = YuanField()

    with app.test_request_context():
        form = Both(MultiDict([("whole", typed), ("sum", typed)]))
        assert not form.validate()
        assert set(form.errors) == {"whole", "sum"}
