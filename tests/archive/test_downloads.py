"""Every file that the program hands out, over the real server: it alone writes headers as the
network has them."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.http import parse_options_header

from casework.archive import bound_file
from casework.archive.models import StrayPage
from casework.docket.models import Docket
from casework.evidence.models import Attachment
from casework.papers.models import Paper
from casework.people.models import Person
from casework.store import db, writing
from casework.upkeep.walk import Walk
from casework.web.downloads import answer_file, disposition
from casework.web.workbook import workbook
from tests.archive.conftest import upload
from tests.conftest import ROOT
from tests.evidence.made import pdf, word
from tests.public.served import Caller, serving

SignIn = Callable[[str], FlaskClient]
NAMES = ("说明.docx", "台账.xlsx", "😀 工资条.pdf", "note.pdf", "a;b'c.pdf", "２０２６年　报表.csv")


@pytest.mark.parametrize("name", [*NAMES, 'a"b\\c.txt', "\ud800.pdf", "x\r\nSet-Cookie: a.pdf", ""])
def test_a_name_travels_in_latin_letters_and_comes_back_whole(name: str) -> None:
    value = disposition(name)
    assert value.isascii()
    assert "\n" not in value
    options = parse_options_header(value)[1]
    shown = name.replace("\r\n", "").replace("\ud800", "\ufffd")
    assert options["filename"] == shown


def test_nothing_else_names_a_file_in_a_header() -> None:
    """Whoever writes this header by hand forgets how names travel."""
    writers = [
        f
        for f in (ROOT / "casework").rglob("*.py")
        if "Content-Disposition" in f.read_text("utf-8")
    ]
    assert sorted(f.name for f in writers) == ["downloads.py", "views.py"]


def fetch(port: int, path: str, cookie: str, body: str | None = None) -> tuple[HTTPResponse, bytes]:
    link = HTTPConnection("127.0.0.1", port, timeout=300)
    headers = {"Cookie": f"casework={cookie}", "Content-Type": "application/x-www-form-urlencoded"}
    link.request("POST" if body is not None else "GET", path, body, headers)
    answer = link.getresponse()
    data = answer.read()
    link.close()
    return answer, data


def cookie_of(client: FlaskClient) -> str:
    found = client.get_cookie("casework")
    assert found
    return found.value


def test_every_download_comes_whole_from_the_real_server(
    app: Flask, decided: Walk, sign_in: SignIn, instance: Path, tmp_path: Path
) -> None:
    """Working copies with Chinese names, papers, signed copies, stray pages, bound files, lists,
    statistics, blank forms."""
    code = db.session.get_one(Docket, decided.docket_id).code
    officer = db.session.get_one(Person, decided.team.officers[0])
    bound = bound_file.ask(db.session.get_one(Docket, decided.docket_id), "outgoing", officer)
    bound_file.run_binding(bound)
    contents = (
        word(),
        workbook("台账", [("台账", [["甲", "1"]])]),
        pdf(),
        pdf(),
        pdf(),
        "甲,乙\n1,2\n".encode(),
    )
    for name, data in zip(NAMES, contents, strict=True):
        upload(decided.docket_id, name, data)
    page = app.extensions["sealed_store"].put(pdf())
    with writing() as session:
        session.add(
            StrayPage(
                bureau_id=officer.bureau_id, stored=page.name, size=page.size, by_id=officer.id
            )
        )
    files = list(
        db.session.scalars(select(Attachment.id).where(Attachment.docket_id == decided.docket_id))
    )
    paper = db.session.scalars(select(Paper.id)).first()
    stray = db.session.scalars(select(StrayPage.id)).one()
    paths = [f"/desk/files/{n}" for n in files] + [
        f"/desk/papers/{paper}.pdf",
        f"/desk/casefile/{code}/{bound}.pdf",
        f"/desk/print/stray/{stray}.pdf",
        "/desk/statistics/statistics.xlsx",
        "/desk/statistics/statistics.pdf",
        *(f"/list.{ending}" for ending in ("pdf", "xlsx", "csv", "json", "sqlite", "atom")),
    ]
    cookie = cookie_of(sign_in("officer1"))
    names = {}
    with serving(instance, tmp_path) as running:
        for path in paths:
            answer, data = fetch(running.port, path, cookie)
            assert (path, answer.status) == (path, 200), data[:500]
            assert data
            names[path] = parse_options_header(answer.getheader("Content-Disposition"))[1][
                "filename"
            ]
        answer, data = fetch(
            running.port, "/desk/reports/import/blank.xlsx", cookie_of(sign_in("clerk"))
        )
        assert (answer.status, data[:2]) == (200, b"PK")
        person = Caller(running.port)
        slip = {"token": person.fixed["token"], "code": person.tip(), "number": "1"}
        answer, data = fetch(running.port, "/receipt/slip.pdf", "", urlencode(slip))
        assert (answer.status, data[:4]) == (200, b"%PDF")
    assert [names[f"/desk/files/{n}"] for n in files][-len(NAMES) :] == [*NAMES]


def test_a_header_that_cannot_travel_fails_in_the_test_client_too(
    app: Flask, client: FlaskClient
) -> None:
    """Flask's own client passes any header; the tests' own is as strict as the network."""
    app.add_url_rule("/odd", "odd", lambda: app.response_class("x", headers={"X-Name": "说明"}))
    app.add_url_rule("/good", "good", lambda: answer_file(b"x", "说明.txt", "text/plain"))
    with pytest.raises(UnicodeEncodeError):
        client.get("/odd")
    assert client.get("/good").status_code == 200
