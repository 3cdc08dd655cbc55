"""What a docket's page says of linked dockets leads nobody to a page that is not theirs."""

from __future__ import annotations

import re

import pytest

from casework.upkeep.walk import Walk
from tests.support.desk import LOGINS, SignIn, code


@pytest.mark.parametrize("login", LOGINS.values())
def test_whoever_sees_a_linked_docket_may_follow_the_link(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
    login: str,
) -> None:
    report, case = docketed
    client = sign_in(login)
    for walk in (report, case):
        page = client.get(f"/desk/dockets/{code(walk)}")
        links = (
            re.findall(r'id="links".*?</section>', page.text, re.S)
            if page.status_code == 200
            else []
        )
        for where in re.findall(r'href="(/[^"]+)"', "".join(links)):
            assert (
                client.get(where.replace("&amp;", "&"), follow_redirects=True).status_code == 200
            ), where


def test_the_custodian_reads_the_number_without_a_link(
    docketed: tuple[Walk, Walk],
    sign_in: SignIn,
) -> None:
    """An officer follows it; the custodian, who does not search, reads it."""
    report, _case = docketed
    path = f"/desk/dockets/{code(report)}"
    assert "/desk/search?q=" in sign_in("head").get(path).text
    seen = sign_in("custodian").get(path)
    assert seen.status_code == 200
    assert "/desk/search?q=" not in seen.text
