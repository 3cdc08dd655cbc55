"""Is this PDF ours? And: the running program prints the bureau's own wording."""

import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from casework.acts.errors import NotAllowed
from casework.docket.models import Act, Docket, Proposal
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.scenes import Ground
from casework.upkeep.walk import Team
from letters.words import WordingError
from tests.acts.roads import FIRM
from tests.conftest import need


@pytest.fixture
def ground(team: Team, bureau: Bureau) -> Ground:
    return Ground(bureau, team, dict(FIRM), road.later(today() - timedelta(20), 0))


@pytest.fixture
def issued(app: Flask, ground: Ground) -> tuple[Paper, bytes]:
    """A notice of refusal, as stored."""
    tip = ground.tip()
    tip.at(road.later(tip.day, 2)).take(
        "decline", {"ground": "no_lead", "destination": "", "opinion": "没有具体线索。"}
    )
    paper = tip.paper("acceptance_notice")
    return paper, app.extensions["sealed_store"].read(paper.stored)


def answer(app: Flask, file: Path) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["papers", "verify", str(file)])
    return done.exit_code, done.output


def test_a_paper_of_ours_is_unchanged(
    app: Flask, issued: tuple[Paper, bytes], tmp_path: Path
) -> None:
    paper, data = issued
    (tmp_path / "ours.pdf").write_bytes(data)
    code, said = answer(app, tmp_path / "ours.pdf")
    assert code == 0
    assert paper.number in said
    assert "unchanged" in said


def test_one_byte_more_is_changed(app: Flask, issued: tuple[Paper, bytes], tmp_path: Path) -> None:
    (tmp_path / "altered.pdf").write_bytes(issued[1] + b"\n")
    code, said = answer(app, tmp_path / "altered.pdf")
    assert code == 1
    assert ": changed" in said


def test_a_withdrawn_paper_says_so(app: Flask, issued: tuple[Paper, bytes], tmp_path: Path) -> None:
    with writing() as session:
        session.execute(update(Paper).where(Paper.id == issued[0].id).values(state="withdrawn"))
    (tmp_path / "old.pdf").write_bytes(issued[1])
    assert answer(app, tmp_path / "old.pdf")[1].strip().endswith("withdrawn")


@pytest.mark.parametrize("data", [b"", b"no pdf at all", b"%PDF-1.4\n%broken"])
def test_anything_else_is_unknown(app: Flask, data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(data)
    code, said = answer(app, tmp_path / "x.pdf")
    assert code == 1
    assert "unknown" in said


def test_the_program_prints_the_edited_wording(app: Flask, ground: Ground, tmp_path: Path) -> None:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    _edit(app, "特此告知", "谨此告知")
    tip = ground.tip()
    tip.at(road.later(tip.day, 2)).take(
        "decline", {"ground": "no_lead", "destination": "", "opinion": "没有具体线索。"}
    )
    (tmp_path / "n.pdf").write_bytes(
        app.extensions["sealed_store"].read(tip.paper("acceptance_notice").stored)
    )
    text = subprocess.run(
        ["pdftotext", tmp_path / "n.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "谨此告知" in text


def test_a_fault_in_edited_wording_takes_no_number(app: Flask, ground: Ground) -> None:
    _edit(app, "{reason}", "{why}")
    tip = ground.tip()
    with pytest.raises((WordingError, NotAllowed)) as error:
        tip.at(road.later(tip.day, 2)).take(
            "decline", {"ground": "no_lead", "destination": "", "opinion": "没有。"}
        )
    assert "acceptance_notice.txt:" in str(error.value)
    db.session.rollback()
    assert (
        db.session.scalars(select(Paper).where(Paper.kind == "acceptance_notice")).first() is None
    )


def test_a_character_that_no_face_has_stops_nothing(
    ground: Ground, sign_in: Callable[[str], FlaskClient]
) -> None:
    """The paper shows another sign, the words on record stay, and everyone who acts on it reads
    where and what."""
    typed = {
        "ground": "no_lead",
        "destination": "",
        "opinion": "没有\U0003ffff线索😂。\r\n第二行\t✅",
        "reply": "没有线索。",
    }
    tip = ground.tip()
    page = f"/desk/dockets/{db.session.get_one(Docket, tip.docket_id).code}"
    typed["on"] = road.later(tip.day, 2).isoformat()
    answer = sign_in("clerk").post(f"{page}/report/decline", data=typed, follow_redirects=True)
    told = re.compile(r"审查意见[^<]*?(😂|\U0003ffff)[^<]*→ 〓[^<]*✅.*?→ √")
    assert told.search(plain(answer.text))  # after it was proposed
    proposal = db.session.scalars(select(Proposal).where(Proposal.state == "open")).one()
    head = sign_in(proposal.waits_for)
    there = head.get(f"{page}/proposals/{db.session.get_one(Act, proposal.act_id).seq}").text
    assert told.search(plain(there))
    assert "values" not in there
    approved = head.post(
        f"{page}/proposals/{db.session.get_one(Act, proposal.act_id).seq}",
        data={"verb": "approve", "phrase": "同意。"},
        follow_redirects=True,
    )
    assert approved.status_code == 200
    journal = sign_in("clerk").get(page).text
    assert re.search(r"印成其他符号：审查意见[^<]*?(😂|\U0003ffff)[^<]*→ 〓", plain(journal))


def plain(page: str) -> str:
    """A page without the tags and signs that keep texts apart."""
    return re.sub(r"</?bdi>|[\u2068\u2069]", "", page)


def test_a_false_sum_is_told_to_who_typed_it(
    ground: Ground, sign_in: Callable[[str], FlaskClient]
) -> None:
    """On the page of the step, with what was typed; not as a fault of the program."""
    tip = ground.tip()
    docket = db.session.get_one(Docket, tip.docket_id)
    asked = {
        "ground": "no_lead",
        "destination": "",
        "opinion": "来信称罚款伍万元整（¥5,000.00）。",
        "reply": "没有具体线索。",
    }
    answer = sign_in("clerk").post(f"/desk/dockets/{docket.code}/report/decline", data=asked)
    assert answer.status_code == 422
    assert "大写与小写不一致" in answer.text
    assert "来信称罚款伍万元整" in answer.text
    assert db.session.scalars(select(Proposal)).first() is None


def _edit(app: Flask, old: str, new: str) -> None:
    folder = Path(app.instance_path) / "wording"
    folder.mkdir(exist_ok=True)
    shipped = Path("letters/wording/acceptance_notice.txt").read_text("utf-8")
    assert old in shipped
    (folder / "acceptance_notice.txt").write_text(shipped.replace(old, new), "utf-8")


def test_samples_need_the_demonstration(app: Flask, tmp_path: Path) -> None:
    done = app.test_cli_runner().invoke(args=["papers", "samples", str(tmp_path / "s")])
    assert done.exit_code == 1
    assert "demo load" in done.output


def test_the_poster_names_the_channels(app: Flask, team: Team, tmp_path: Path) -> None:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    args = ["papers", "poster", str(tmp_path / "p.pdf"), "--url", "https://tj.example.gov.cn/"]
    assert app.test_cli_runner().invoke(args=args).exit_code == 0
    text = subprocess.run(
        ["pdftotext", tmp_path / "p.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "023-0000 0000" in text
    assert "https://tj.example.gov.cn/" in text
    with pypdfium2.PdfDocument(tmp_path / "p.pdf") as pdf:
        read = zxingcpp.read_barcodes(pdf[0].render(scale=2, grayscale=True).to_pil())
    assert [code.text for code in read] == ["https://tj.example.gov.cn/"]
