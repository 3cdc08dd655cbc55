"""The demonstration bureau: every role, thirty townships, firms with good codes, cases in every
stage, a sound journal."""

import sqlite3
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.procedure.codes import unit_code
from casework.procedure.load import procedure
from casework.procedure.roles import roles as all_roles
from casework.upkeep.demo import PASSWORD, STAFF
from tests.browser.conftest import command

pytestmark = pytest.mark.browser  # beside the others that are shown this instance


@pytest.fixture
def base(demonstration: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{demonstration / 'casework.sqlite'}?mode=ro", uri=True)
    yield connection
    connection.close()


def column(base: sqlite3.Connection, query: str) -> list[str]:
    return [row[0] for row in base.execute(query)]


def test_everybody_and_every_place_is_there(base: sqlite3.Connection) -> None:
    assert set(column(base, "SELECT DISTINCT role FROM person_role")) == set(all_roles()) - {
        "system"
    }
    towns = column(base, "SELECT code FROM township")
    assert (len(set(towns)), {t[:6] for t in towns}) == (30, {"500230"})
    codes = column(base, "SELECT credit_code FROM unit")
    assert len(set(codes)) > 50
    assert {unit_code(c).state for c in codes} == {"good"}


def test_cases_stand_in_every_stage_and_their_clocks_in_every_state(
    base: sqlite3.Connection,
) -> None:
    standing = {tuple(row) for row in base.execute("SELECT DISTINCT kind, stage FROM track")}
    assert {(t.id, s) for t in procedure().tracks.values() for s in t.stages} - standing == set()
    assert set(column(base, "SELECT DISTINCT state FROM clock")) == {
        "open",
        "paused",
        "met",
        "stopped",
    }
    late = "SELECT count(*) FROM clock WHERE state = 'open' AND due {} date('now')"
    assert all(column(base, late.format(sign))[0] for sign in ("<", ">"))
    assert column(
        base,
        "SELECT count(*) FROM act WHERE verb NOT IN ('take', 'propose', 'approve', 'done', 'note')",
    ) == [0]


def test_every_chain_holds(demonstration: Path) -> None:
    command(demonstration, "journal", "verify")  # an error when one does not


def test_the_sign_in_page_names_them(server: str) -> None:
    with urllib.request.urlopen(f"{server}/signin") as answer:
        page = answer.read().decode()
    assert PASSWORD in page
    for login, name, _roles in STAFF:
        assert f"<td>{login}</td><td>{name}</td>" in page
