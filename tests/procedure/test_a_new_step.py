"""A new step is a row and its help: with nothing but these in the files it is checked, offered,
taken on its page, and in the picture."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

# read before the file is another one: its commands keep the path that they found
import casework.upkeep.cli  # noqa: F401
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure import help as help_file
from casework.procedure import load
from casework.procedure.draw import picture
from casework.upkeep.walk import Team
from tests.acts.roads import case_of, facts_of
from tests.support.desk import SignIn, code

ROW = """
[step.telephone_note]
name = { zh = "来电记录", en = "Note of a call" }
track = "main"
stages = ["verify"]
leads_to = "filing"
roles = ["officer"]
asks = "common.Note"
basis = "设计"
"""
HELP = """
[telephone_note]
purpose = { zh = "当事人来电时记录。", en = "The party called." }
then = { zh = "进入立案审查。", en = "The filing is considered." }
"""


@pytest.fixture(autouse=True)
def _longer(tmp_path: Path) -> Iterator[None]:
    """Before anything is made for the test: the program starts over a procedure that has one row
    more."""
    with pytest.MonkeyPatch.context() as patch:
        for module, more in ((load, ROW), (help_file, HELP)):
            file = tmp_path / module.FILE.name
            file.write_text(module.FILE.read_text("utf-8") + more, "utf-8")
            patch.setattr(module, "FILE", file)
        _read_again()
        yield
    _read_again()


def _read_again() -> None:
    load.procedure.cache_clear()
    help_file.step_help.cache_clear()


def test_a_row_is_all_it_takes(app: Flask, team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    case = case_of(team, bureau)
    case.take("assign", {"assigned": list(team.officers)})
    assert "来电记录" in picture(load.procedure(), "zh")
    address, data = (
        f"/desk/dockets/{code(case)}/main/telephone_note",
        {"on": today().isoformat(), "note": "对方称已补报。"},
    )
    assert sign_in("clerk").post(address, data=data).status_code == 403
    officer = sign_in("officer1")
    assert address in officer.get(f"/desk/dockets/{code(case)}").text
    assert "当事人来电时记录。" in officer.get(address).text
    assert officer.post(address, data=data).status_code == 302
    assert facts_of(case).stage == "filing"
    act = facts_of(case).last("telephone_note")
    assert act
    assert (act.asked["note"], act.actor) == ("对方称已补报。", team.officers[0])
    assert "来电记录" in officer.get(f"/desk/dockets/{code(case)}").text.split('id="journal"')[1]
