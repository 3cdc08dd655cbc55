"""Bound files ordered on the desk and by a command, and who may have them."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.archive import bound_file, bundles
from casework.docket import jobs
from casework.docket.jobs import Job
from casework.docket.models import Docket
from casework.papers import bind as binding
from casework.papers.bind import Bound, Unreadable
from casework.procedure.roles import who_may
from casework.store import db
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk
from tests.archive.bound import run
from tests.archive.conftest import code
from tests.support.desk import LOGINS, SignIn
from tests.support.killed import killed


@pytest.mark.parametrize("role", sorted(LOGINS))
def test_who_may_bind_and_who_may_have_the_inner_volume(
    app: Flask, decided: Walk, sign_in: SignIn, role: str
) -> None:
    internal, outgoing = run(decided, "internal").id, run(decided, "outgoing").id
    client, base = sign_in(LOGINS[role]), f"/desk/casefile/{code(decided)}"
    may = role in who_may("file.bind")
    assert client.get(base).status_code == (200 if may else 403)
    assert client.get(f"{base}/{outgoing}.pdf").status_code == (200 if may else 403)
    sees = role in {"clerk", "officer", "head", "leader"}  # the legal reviewer sees no tips
    assert client.get(f"{base}/{internal}.pdf").status_code == (200 if sees else 403)
    assert client.get(f"{base}/{internal}").status_code == (200 if sees else 403)
    if not may or not sees:
        for kind in ("internal", "index") if may else bundles.KINDS:
            assert client.post(base, data={"kind": kind}).status_code == 403


def test_the_officer_of_another_case_gets_no_tip(
    app: Flask, decided: Walk, sign_in: SignIn
) -> None:
    internal = run(decided, "internal").id
    assert (
        sign_in("officer3").get(f"/desk/casefile/{code(decided)}/{internal}.pdf").status_code == 403
    )


def test_a_bundle_is_ordered_watched_and_fetched(
    app: Flask, decided: Walk, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[int] = []
    monkeypatch.setattr(bound_file, "in_background", lambda number, _hide: waiting.append(number))
    client: FlaskClient = sign_in("officer1")
    assert "整理装订案卷" in client.get(f"/desk/dockets/{code(decided)}").text
    watched = client.post(f"/desk/casefile/{code(decided)}", data={"kind": "internal"}).location
    assert 'http-equiv="refresh"' in client.get(watched).text
    bound_file.run_binding(waiting[0])
    page = client.get(watched).text
    assert 'http-equiv="refresh"' not in page
    link = re.search(r'href="([^"]+\.pdf)"', page)
    assert link
    assert client.get(link[1]).data.startswith(b"%PDF")


def test_the_thread_binds_by_itself(app: Flask, decided: Walk) -> None:
    number = bound_file.ask(db.session.get_one(Docket, decided.docket_id), "outgoing", None)
    db.session.rollback()
    bound_file.in_background(number).join()
    assert db.session.get_one(Job, number).state == "done"


def test_old_bundles_go_and_their_files_with_them(app: Flask, decided: Walk) -> None:
    from casework.store import utcnow, writing

    row = run(decided, "outgoing")
    name = row.stored
    assert app.extensions["sealed_store"].has(name)
    with writing() as session:
        session.get_one(Job, row.id).at = utcnow() - jobs.KEPT * 2
    tick()
    assert db.session.get_one(Job, row.id).shown_state == "gone"
    assert not app.extensions["sealed_store"].has(name)


def test_the_command_binds_into_a_folder(app: Flask, decided: Walk, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    answer = runner.invoke(args=["papers", "bind", code(decided), str(tmp_path / "out")])
    assert answer.exit_code == 0, answer.output
    file = tmp_path / "out" / f"{code(decided)}-internal.pdf"
    assert file.stat().st_mode & 0o077 == 0
    with pikepdf.open(file) as pdf:
        assert len(pdf.pages) > 20
    assert runner.invoke(args=["papers", "bind", "C2026-9999", str(tmp_path)]).exit_code == 1


@pytest.mark.parametrize(
    ("owner", "name"),
    # when all documents are put together, and when all is written
    [(binding, "save"), (bound_file, "put_draft_in_place")],
)
def test_a_command_that_was_killed_leaves_no_half_file_and_is_repeated(
    app: Flask, decided: Walk, tmp_path: Path, owner: object, name: str
) -> None:
    words, out = ["papers", "bind", code(decided), str(tmp_path / "out")], tmp_path / "out"
    runner = app.test_cli_runner()
    killed(lambda: runner.invoke(args=words), owner, name)
    assert not list(out.glob("*.pdf"))
    answer = runner.invoke(args=words)
    assert answer.exit_code == 0, answer.output
    assert [p.name for p in out.iterdir()] == [f"{code(decided)}-internal.pdf"]


def test_a_command_that_cannot_bind_leaves_nothing(
    app: Flask, decided: Walk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object) -> Bound:
        raise Unreadable([("decision", "unreadable")])

    monkeypatch.setattr(bound_file, "bind", fails)
    answer = app.test_cli_runner().invoke(
        args=["papers", "bind", code(decided), str(tmp_path / "out")]
    )
    assert "unreadable" in answer.output
    assert not list((tmp_path / "out").iterdir())
