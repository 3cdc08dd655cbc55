"""What one may not see and what is not there are one answer, at every address that names a
docket."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.upkeep.walk import Walk
from tests.support.desk import BY_DOCKET, SignIn, code

ARGS = {"track": "main", "step": "add_evidence", "seq": 1, "number": 1, "which": 1}


def addresses(app: Flask, docket: str) -> list[tuple[str, str]]:
    """Method and address of every view that a docket's code leads to."""
    urls, found = app.url_map.bind("localhost"), []
    for rule in app.url_map.iter_rules():
        if "code" not in rule.arguments or rule.endpoint.startswith(("disclosure.", "people.")):
            continue
        values = {**{k: ARGS[k] for k in rule.arguments - {"code"}}, "code": docket}
        found += [
            (m, urls.build(rule.endpoint, values, method=m))
            for m in (rule.methods or set()) & {"GET", "POST"}
        ]
    return found


def answer(client: FlaskClient, method: str, address: str) -> tuple[int, str]:
    got = client.open(address, method=method)
    return got.status_code, re.sub(r"[A-Za-z0-9_.-]{30,}|C\d{4}-\d+|R\d{4}-\d+", "", got.text)


@pytest.mark.parametrize(
    ("login", "which"),
    [("publisher", 1), ("legal", 0), ("custodian", 1), ("officer3", 0), ("admin", 1)],
)
def test_a_docket_that_is_not_mine_to_see_is_not_there(
    app: Flask,
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
    login: str,
    which: int,
) -> None:
    client = sign_in(login)
    mine, none = code(docketed[which]), "C2031-99999" if which else "R2031-99999"
    there, not_there = addresses(app, mine), addresses(app, none)
    assert len(there) >= len(BY_DOCKET)
    for (method, hidden), (_same, unknown) in zip(there, not_there, strict=True):
        got = answer(client, method, hidden)
        assert got == answer(client, method, unknown), (method, hidden)
        assert got[0] in (403, 404), (method, hidden)  # 403: the room itself is closed to the role
