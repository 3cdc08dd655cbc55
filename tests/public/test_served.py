"""The served program: thirty-two at once, uploads cut in the middle, and no trace of anybody behind a reverse proxy."""

import io
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from casework.docket.models import Docket
from casework.evidence.models import Attachment
from casework.informants.models import Receipt
from casework.store import db
from casework.upkeep.walk import Team
from tests.public.served import Caller, Served, behind_a_proxy, body_of, serving
from tests.public.test_tip import TIP, picture

MARKS = {
    "X-Forwarded-For": "203.0.113.77",
    "X-Real-IP": "203.0.113.78",
    "Forwarded": "for=203.0.113.79",
    "User-Agent": "MarkedBrowser/9.7",
    "Referer": "http://marked-referrer.example/intranet",
    "Cookie": "marked_cookie=marked_value",
    "Accept-Language": "xx-Marked",
}
TRACES = (b"203.0.113.7", b"MarkedBrowser", b"marked-referrer", b"marked_cookie", b"marked_value", b"xx-Marked")


@pytest.fixture
def served(instance: Path, tmp_path: Path, app: Flask, team: Team) -> Iterator[Served]:
    with serving(instance, tmp_path) as running:
        yield running


def large() -> bytes:
    """A picture above what servers keep in memory by themselves (a megabyte of noise)."""
    out = io.BytesIO()
    Image.effect_noise((1200, 1200), 80).save(out, "PNG")
    return out.getvalue()


def test_thirty_two_at_once_and_none_is_lost(served: Served, app: Flask) -> None:
    codes: list[str] = []
    faults: list[BaseException] = []

    def one() -> None:
        try:
            codes.append(Caller(served.port).tip([("账.jpg", picture())]))
        except BaseException as fault:
            faults.append(fault)

    people = [threading.Thread(target=one) for _ in range(32)]
    for p in people:
        p.start()
    for p in people:
        p.join()
    assert faults == []
    assert len(set(codes)) == 32
    db.session.rollback()
    assert db.session.query(Docket).count() == db.session.query(Receipt).count() == 32
    assert db.session.query(Attachment).count() == 32
    numbers = sorted(int(n.split("〕")[1][:-1]) for n in db.session.scalars(select(Docket.number)))
    assert numbers == list(range(1, 33))
    assert "incident" not in served.log.read_text()


def test_an_upload_cut_in_the_middle_leaves_nothing_and_the_draft_stays(served: Served) -> None:
    person = Caller(served.port)
    person.post("/report", {**TIP, **person.fixed, "action": "save"}, [("first.jpg", picture())])
    kept = len(list((served.instance / "sealed").rglob("??/*")))
    body = body_of({**TIP, **person.fixed}, [("second.png", large())], "cut")
    head = (
        f"POST /report HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: multipart/form-data; boundary=cut\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port)) as link:
        link.sendall(head.encode() + body[: len(body) // 2])
    assert len(list((served.instance / "sealed").rglob("??/*"))) == kept
    page = person.post("/report", {**TIP, **person.fixed, "action": "save"})[1]
    assert "first.jpg" in page
    assert "second.png" not in page
    assert list(served.temporary.iterdir()) == []


def test_nobody_leaves_a_trace_behind_a_reverse_proxy(served: Served) -> None:
    """A tip with files, its receipt and slip, wrong and right codes, an answer with a file, pages that do not exist."""
    with behind_a_proxy(served.port, MARKS) as port:
        person = Caller(port)
        code = person.tip([("账.jpg", picture()), ("大.png", large())])
        ask = {"token": person.fixed["token"], "code": code}
        assert person.post("/receipt/slip", {**ask, "number": "丰统线〔2026〕1号"})[0] == 200
        assert person.post("/progress", {**ask, "code": "1" * 24})[0] == 422
        assert person.post("/progress", ask)[0] == 200
        assert person.post("/progress", {**ask, "action": "answer", "text": "三月"}, [("补.jpg", picture())])[0] == 200
        assert person.get("/nowhere?marked-referrer")[0] == 404
        assert person.post("/report", {**TIP, "token": "forged"})[0] == 400
        assert person.post("/report/send", {**person.fixed, "draft": "\0"})[0] == 409
        assert person.get("/list?q=%00%ff")[0] in (200, 400)
    served.process.terminate()
    served.process.wait(20)
    places = [f for folder in (served.instance, served.temporary) for f in folder.rglob("*") if f.is_file()]
    everything = b"".join(f.read_bytes() for f in [*places, served.log])
    assert len(places) > 4
    for trace in (*TRACES, code.replace(" ", "").encode(), code.encode()):
        assert trace not in everything
