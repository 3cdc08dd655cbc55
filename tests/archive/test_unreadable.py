"""Evidence that cannot be read: said at once, named when the file is bound, never archived, and
mended by a step."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from casework.acts.errors import Refused
from casework.archive import bound_file
from casework.docket.jobs import Job
from casework.docket.models import Docket
from casework.evidence.models import Attachment
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.scenes import Ground
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, facts_of, refused
from tests.archive.bound import pages_of
from tests.archive.conftest import code, upload
from tests.support.desk import SignIn

BROKEN = b"%PDF-1.4\n%broken"
TITLE = "网签备案台账复印件"
EVIDENCE = {"kind": "written", "title": TITLE, "source": "住建委", "proves": "少报销售额。"}


@pytest.fixture
def inspected(team: Team, bureau: Bureau) -> Walk:
    """A case in which an inspection took place, today."""
    return (
        Ground(bureau, team, dict(FIRM), road.later(today() - timedelta(60), 0))
        .case("on_site")
        .at(today())
    )


def good_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(out)
    return out.getvalue()


def take(sign_in: SignIn, walk: Walk, step: str, login: str = "officer1", **data: Any) -> Any:
    """Take a step on its page, and have the head approve it where that is asked."""
    client, page = sign_in(login), f"/desk/dockets/{code(walk)}"
    answer = client.post(
        f"{page}/main/{step}", data={"on": today().isoformat(), **data}, follow_redirects=True
    )
    waits = re.search(rf'href="({page}/proposals/\d+)"', answer.text)
    if not waits or answer.status_code != 200:
        return answer
    db.session.expire_all()
    return sign_in("head").post(
        waits[1], data={"verb": "approve", "opinion": "同意。"}, follow_redirects=True
    )


def broken_evidence(sign_in: SignIn, walk: Walk) -> Any:
    return take(sign_in, walk, "add_evidence", **EVIDENCE, files=(io.BytesIO(BROKEN), "台账.pdf"))


def digest(walk: Walk) -> str:
    return (
        db.session.scalars(
            select(Attachment.sha256).where(Attachment.docket_id == walk.docket_id)
        ).first()
        or ""
    )


def closed(walk: Walk) -> Walk:
    db.session.rollback()
    walk.take("withdraw_filing", {"reason": "未发现违法事实。"})
    return (
        walk.scanned().take("close", {"result": "撤销。", "execution": "无。", "publication": ""})
        and walk
    )


def bound_text(app: Flask, walk: Walk) -> str:
    row = db.session.scalars(
        select(Job).where(Job.docket_id == walk.docket_id).order_by(Job.id.desc())
    ).first()
    assert row is not None
    assert row.state == "done", row.notes
    return "".join("".join(pages_of(app.extensions["sealed_store"].read(row.stored))).split())


def test_a_file_that_cannot_be_read_is_taken_and_said_at_once(
    inspected: Walk, sign_in: SignIn
) -> None:
    page = broken_evidence(sign_in, inspected).text
    assert "台账.pdf" in page
    assert "无法读取" in page
    assert "更换副本" in page
    assert len(facts_of(inspected).last("add_evidence").files) == 1  # type: ignore[union-attr]


def test_it_is_said_beside_the_file_before_the_step_is_taken(
    inspected: Walk, sign_in: SignIn
) -> None:
    where = f"/desk/dockets/{code(inspected)}/main/add_evidence"
    files = [
        (io.BytesIO(BROKEN), "台账.pdf"),
        (io.BytesIO(good_pdf()), "凭证.pdf"),
        (io.BytesIO("字".encode()), "说明.txt"),
    ]
    page = sign_in("officer1").post(where, data={"action": "upload", "files": files}).text
    assert len(re.findall("无法读取", page)) == 1
    assert "无法读取" in page.partition("台账.pdf")[2].partition("凭证.pdf")[0]


def test_such_a_file_is_not_archived_and_the_copy_mends_it(
    app: Flask, inspected: Walk, sign_in: SignIn
) -> None:
    broken_evidence(sign_in, inspected)
    case = closed(inspected).bound()
    with pytest.raises(Refused) as error:
        case.take("archive", {"term": "30", "shelf": "1"})
    assert {"file_readable", "file_bound"} == refused(error)
    assert TITLE in error.value.refusals[0].values["found"]
    wrong = take(
        sign_in,
        case,
        "replace_copy",
        file=digest(case),
        way="copy",
        kept_at="",
        reason="另行复印。",
        files=(io.BytesIO(BROKEN), "又坏.pdf"),
    )
    assert wrong.status_code == 422  # copy_given: the copy cannot be read either
    assert (
        take(
            sign_in, case, "replace_copy", file=digest(case), way="copy", kept_at="", reason="x"
        ).status_code
        == 422
    )
    original = db.session.scalars(
        select(Attachment.stored).where(Attachment.sha256 == digest(case))
    ).one()
    take(
        sign_in,
        case,
        "replace_copy",
        file=digest(case),
        way="copy",
        kept_at="",
        reason="向住建委重新复制，与原件核对无异。",
        files=(io.BytesIO(good_pdf()), "台账二.pdf"),
    )
    db.session.rollback()
    text = bound_text(app, case.bound())
    assert f"{TITLE}（可读副本，原件封存）" in text
    assert text.count(TITLE) == 1
    assert app.extensions["sealed_store"].read(original) == BROKEN
    case.take("archive", {"term": "30", "shelf": "1"})
    assert facts_of(case).stage == "archived"


def test_what_cannot_be_printed_has_a_sheet_in_its_place(
    app: Flask, inspected: Walk, sign_in: SignIn
) -> None:
    broken_evidence(sign_in, inspected)
    nowhere = take(
        sign_in,
        inspected,
        "replace_copy",
        file=digest(inspected),
        way="sheet",
        kept_at="",
        reason="光盘损坏。",
    )
    assert nowhere.status_code == 422
    other = take(
        sign_in,
        inspected,
        "replace_copy",
        file="0" * 64,
        way="sheet",
        kept_at="机房",
        reason="损坏。",
    )
    assert other.status_code == 422
    take(
        sign_in,
        inspected,
        "replace_copy",
        file=digest(inspected),
        way="sheet",
        kept_at="本局机房三号柜",
        reason="光盘损坏。",
    )
    case = closed(inspected).bound()
    text = bound_text(app, case)
    for part in (TITLE, "附卷单", digest(case), "本局机房三号柜", "光盘损坏"):
        assert part in text, part
    case.take("archive", {"term": "30", "shelf": "1"})


def test_a_good_file_is_not_replaced_because_another_is_damaged(
    inspected: Walk, sign_in: SignIn
) -> None:
    """Nor by a copy, nor by a sheet: the evidence that speaks for the party stays in the file (行政
    处罚法 §46)."""
    inspected.brings("凭证.pdf", good_pdf()).take("add_evidence", {**EVIDENCE, "title": "有利凭证"})
    good = digest(inspected)
    broken_evidence(sign_in, inspected)
    bad = facts_of(inspected).last("add_evidence").files[0]["sha256"]  # type: ignore[union-attr]
    sheet = {"way": "sheet", "kept_at": "库房", "reason": "光盘损坏，无法读取。"}
    assert (
        good
        not in sign_in("officer1").get(f"/desk/dockets/{code(inspected)}/main/replace_copy").text
    )
    for asked in (sheet, {**sheet, "way": "copy"}):
        with pytest.raises(Refused) as error:
            inspected.brings("另一份.pdf", good_pdf()).take("replace_copy", {"file": good, **asked})
        assert refused(error) == {"copy_given"}
        inspected.files = ()
    inspected.take("replace_copy", {"file": bad, **sheet})
    with pytest.raises(Refused) as error:  # once that one is mended nothing is to be replaced
        inspected.take("replace_copy", {"file": good, **sheet})
    assert refused(error) == {"copy_wanting"}


def test_binding_names_the_file_and_leads_to_the_step(inspected: Walk, sign_in: SignIn) -> None:
    broken_evidence(sign_in, inspected)
    db.session.rollback()
    number = bound_file.ask(db.session.get_one(Docket, inspected.docket_id), "internal", None)
    bound_file.run_binding(number)
    page = sign_in("clerk").get(f"/desk/casefile/{code(inspected)}/{number}").text
    assert TITLE in page
    assert f"/desk/dockets/{code(inspected)}/main/replace_copy" in page


def test_the_step_is_offered_only_where_something_cannot_be_read(
    inspected: Walk, sign_in: SignIn
) -> None:
    take(sign_in, inspected, "add_evidence", **EVIDENCE, files=(io.BytesIO(good_pdf()), "好.pdf"))
    with pytest.raises(Refused) as error:
        inspected.take("replace_copy", {"file": "x", "way": "sheet", "kept_at": "y", "reason": "z"})
    assert refused(error) == {"copy_wanting"}


def test_a_file_of_the_tip_never_holds_the_binding_up(app: Flask, inspected: Walk) -> None:
    """Whoever sends a file without pages stops no case: a sheet stands for it."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.save(out)
    report = facts_of(inspected).links[0].id
    upload(report, "空.pdf", out.getvalue(), from_informant=True)
    db.session.rollback()
    text = bound_text(app, inspected.bound())
    assert "附卷单" in text
