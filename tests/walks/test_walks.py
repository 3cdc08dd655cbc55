"""Walks that nobody planned: people of every role take whatever the pages offer, and everything
holds.

A seed that broke once, in `bench/run walk`, becomes a test of what was mended; here a few short
walks go each time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Mould
from tests.support import quick
from tests.walks.browsers import Account, Browsers
from tests.walks.page import read
from tests.walks.run import walk
from tests.walks.sealed import OPENED
from tests.walks.walk import KINDS

SEEDS = {11: 110, 12: 110, 13: 110}  # how many acts each


@pytest.mark.long
@pytest.mark.parametrize(("seed", "acts"), SEEDS.items())
def test_whatever_people_take_everything_holds(
    walkers: Mould, tmp_path: Path, templates: quick.Templates, seed: int, acts: int
) -> None:
    found = walk(walkers, tmp_path / "walk", seed, range(acts), templates)
    assert found.broken is None, found.broken
    # whoever meets refusals alone walks nowhere
    assert found.account.accepted > acts // 3, found.account
    assert len(found.account.taken) > 15


@pytest.mark.long
def test_identities_are_really_opened(
    walkers: Mould, tmp_path: Path, templates: quick.Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Custodians are kept busy, so that it does not hang on what the pages of one release make of a
    seed."""
    monkeypatch.setitem(KINDS, "identity", 60)
    found = walk(walkers, tmp_path / "walk", 14, range(40), templates)
    assert found.broken is None, found.broken
    # as many as are logged: asked at the end of each walk
    assert found.account.taken[OPENED] > 0, found.account.taken


def test_the_same_seed_walks_the_same_way(
    walkers: Mould, tmp_path: Path, templates: quick.Templates
) -> None:
    first, second = (walk(walkers, tmp_path / f"{n}", 7, range(15), templates) for n in range(2))
    assert first.said == second.said
    assert first.account == second.account


def test_accounts_add_up() -> None:
    one, two = Account(accepted=1), Account(accepted=2)
    one.taken["file"] = 1
    two.taken["file"] = 2
    one.add(two)
    assert (one.accepted, one.taken) == (3, {"file": 3})


def test_a_form_that_asks_takes_the_place_of_what_was_asked_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []
    people = object.__new__(Browsers)
    monkeypatch.setattr(people, "_ask", lambda *given: asked.append(given))
    form = read('<form method="get"><input name="q" value="1"></form>').forms[0]
    people.send("clerk", "/desk/reports?due=overdue", form, form.standing())
    assert asked == [("clerk", 0, "GET", "/desk/reports", {"query_string": {"q": ["1"]}})]


def test_a_page_is_read_as_a_browser_reads_it() -> None:
    page = read(
        '<a href="/a#b">A</a><a href="//elsewhere">B</a><form '
        'method="post" action="/c"><input name="x" value="1">'
        '<input type="checkbox" name="y" value="a" checked><input '
        'type="checkbox" name="y" value="b">'
        '<textarea name="z">\nt</textarea><input type="file" name="f">'
        '<select name="s"><option value="">—</option><option '
        'value="2" selected>two</option></select>'
        '<button name="verb" value="go">Go</button></form>'
    )
    form = page.forms[0]
    assert page.links == ["/a"]
    assert (form.method, form.action, form.buttons) == ("post", "/c", [("verb", "go")])
    assert form.standing() == {"x": ["1"], "y": ["a"], "z": ["t"], "s": ["2"]}
    assert form.fields["y"].options == ["a", "b"]
