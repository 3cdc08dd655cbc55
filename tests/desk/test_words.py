"""The bag of nasty words by every channel: taken in as it was sent, registered, printed, and shown
to whoever reads it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from wtforms import StringField, TextAreaField

from casework.docket.models import Docket
from casework.papers.models import Paper
from casework.procedure.channels import channels
from casework.store import db
from casework.upkeep.walk import Team
from forms.intake import Receive, recorded
from tests.conftest import need
from tests.support import words
from tests.support.desk import SignIn, facts_of_newest, sent
from tests.support.public import Person
from tests.upkeep.on_pages import CODES, most

pytestmark = pytest.mark.values

LONG = 20000  # characters that the narrative takes
READ = {"taker"}  # the name of one of the staff


@pytest.fixture
def clerk(team: Team, sign_in: SignIn) -> FlaskClient:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    return sign_in("clerk")


def bagged(channel: str) -> dict[str, Any]:
    """What a clerk would type, each field of words with the bag behind it."""
    data = sent(channel)
    for name, value in data.items():
        asked = getattr(Receive, name, None)
        kind = getattr(asked, "field_class", None)
        if kind in (StringField, TextAreaField) and name not in (*CODES, *READ):
            data[name] = words.typed(value, most(asked), kind is TextAreaField)
    return data


def printed(app: Flask, folder: Path) -> str:
    """The words of the newest paper, without blanks and line ends."""
    paper = db.session.scalars(select(Paper).order_by(Paper.id.desc()).limit(1)).one()
    (folder / "a.pdf").write_bytes(app.extensions["sealed_store"].read(paper.stored))
    read = subprocess.run(
        ["pdftotext", "-raw", folder / "a.pdf", "-"], capture_output=True, text=True, check=True
    )
    return "".join(read.stdout.split())


def registered(clerk: FlaskClient) -> str:
    """The newest tip, registered on its page; the page of the docket."""
    docket = db.session.scalars(select(Docket).order_by(Docket.id.desc()).limit(1)).one()
    page = f"/desk/dockets/{docket.code}"
    proposal = {"proposal": words.typed("线索具体，", 20000, lines=True)}
    answer = clerk.post(f"{page}/report/register", data=proposal, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    assert "登记" in answer.text
    assert "\u202e" not in answer.text
    return answer.text


def test_every_channel_of_the_desk_takes_the_bag(
    clerk: FlaskClient, app: Flask, tmp_path: Path
) -> None:
    for channel in recorded():
        data = bagged(channel)
        assert clerk.post("/desk/reports/new", data=data).status_code == 200, channel
        kept = facts_of_newest().acts[0].asked
        for name in ("subject", "narrative", *channels()[channel].asks):
            if isinstance(kept.get(name), str) and name in data and words.EMOJI in str(data[name]):
                assert kept[name] == words.kept(str(data[name])), (channel, name)
        registered(clerk)
        assert "长方䶮" in printed(app, tmp_path), channel


def test_the_public_form_takes_the_bag_and_twenty_thousand_characters(
    clerk: FlaskClient,
    person: Person,
    app: Flask,
    tmp_path: Path,
) -> None:
    tip = {
        "subject": words.LINE,
        "narrative": words.typed("夜" * (LONG - len(words.BAG)), LONG, lines=True),
    }
    assert person.post("preview", **tip)[0] == 200
    assert person.send()[0] in (200, 303)
    asked = facts_of_newest().acts[0].asked
    assert asked["subject"] == words.kept(tip["subject"])
    assert asked["narrative"] == words.kept(tip["narrative"])
    page = registered(clerk)
    assert "〓" in page  # said which characters the paper shows otherwise
    text = printed(app, tmp_path)
    assert text.count("夜") == LONG - len(words.BAG)
    assert "长方䶮" in text


@pytest.mark.parametrize("blank", words.BLANKS)
def test_an_answer_of_which_nothing_can_be_seen_is_no_answer(
    clerk: FlaskClient, blank: str
) -> None:
    answer = clerk.post("/desk/reports/new", data=sent("media", narrative=blank))
    assert answer.status_code == 422
    assert '<a href="#narrative">' in answer.text


def test_half_a_character_takes_nothing_with_it(clerk: FlaskClient) -> None:
    """Browsers cannot send one, programs can: the rest of the words is there, and nothing fails
    later."""
    body = urlencode(sent("media", subject=f"甲{words.HALF}乙"), errors="surrogatepass")
    kind = "application/x-www-form-urlencoded"
    answer = clerk.post("/desk/reports/new", data=body, content_type=kind)
    assert answer.status_code == 200, answer.text[:9000]
    kept = facts_of_newest().acts[0].asked["subject"]
    assert (kept[0], kept[-1]) == ("甲", "乙")
    kept.encode()
