"""A second bureau in the same program."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from casework.people.models import Bureau
from casework.store import db
from casework.upkeep.walk import Team

NEW = ["bureau", "add", "wanzhou", "万州区统计局", "--prefix", "万统", "--area", "500101"]


@pytest.fixture
def second(app: Flask, team: Team, tmp_path: Path) -> Bureau:
    towns = tmp_path / "towns.csv"
    towns.write_bytes("代码,名称\n500101001,高笋塘街道\n500101002,太白街道\n".encode("gb18030"))
    done = app.test_cli_runner().invoke(args=[*NEW, "--townships", str(towns)])
    assert done.exit_code == 0, done.output
    assert re.search(r"admin-wanzhou», one-time password «[a-z2-9-]{19}»", done.output)
    db.session.rollback()
    return db.session.scalars(select(Bureau).where(Bureau.code == "wanzhou")).one()
