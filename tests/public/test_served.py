"""The served program: thirty-two at once, uploads cut in the middle, and no trace of anybody behind
a reverse proxy."""

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
from tests.public.served import Caller, Served, behind_a_proxy, body_of, send_large, serving
from tests.support.public import TIP, picture

MARKS = {
    "X-Forwarded-For": "203.0.113.77",
    "X-Real-IP": "203.0.113.78",
    "Forwarded": "for=203.0.113.79",
    "User-Agent": "MarkedBrowser/9.7",
    "Referer": "http://marked-referrer.example/intranet",
    "Cookie": "marked_cookie=marked_value",
    "Accept-Language": "xx-Marked",
}
TRACES = (
    b"203.0.113.7",
    b"MarkedBrowser",
    b"marked-referrer",
    b"marked_cookie",
    b"marked_value",
    b"xx-Marked",
)


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


@pytest.mark.parametrize("size", [60, 100, 300], ids=lambda n: f"{n} MB")
def test_too_much_at_once_costs_the_files_and_not_the_words(served: Served, size: int) -> None:
    """Whatever the size, an answer of ours comes, in the person's language, with the true limits
    and what was typed."""
    person = Caller(served.port)
    status, page = send_large(
        served.port, "/report", {**person.fixed, "action": "save", **TIP}, size << 20
    )
    assert TIP["narrative"] in page
    assert TIP["subject"] in page
    if size == 60:
        assert (status, "大.mp4" in page, "30 MB" in page) == (422, True, True)
    else:
        assert status == 413
        assert "一次最多上传 64 MB" in page
        words = {**person.fixed, "code": "1" * 24, "action": "answer", "text": "三月"}
        # no such code; asked for again
        assert send_large(served.port, "/progress", words, size << 20)[0] == 422
    assert list((served.instance / "sealed").rglob("??/*")) == []
    assert memory_of(served) < 700 << 20


def memory_of(served: Served) -> int:
    """The most that the server has taken so far, in bytes."""
    lines = Path(f"/proc/{served.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))


def test_a_page_that_keeps_no_words_says_what_can_be_sent_at_once(served: Served) -> None:
    status, page = send_large(served.port, "/check", {"a": "1", "b": "2"}, 100 << 20)
    assert status == 413
    assert "64 MB" in page
    assert "<title>" in page


def test_above_all_measure_the_line_is_closed_with_a_page_of_ours(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as link:
        link.sendall(
            f"POST /report HTTP/1.1\r\nHost: x\r\nContent-Length: {1 << 40}\r\n\r\n".encode()
        )
        link.settimeout(300)
        said = b"".join(iter(lambda: link.recv(65536), b"")).decode()
    assert said.startswith("HTTP/1.1 413")
    assert "一次发送的内容太大" in said
    assert "What was sent at once" in said


def test_nobody_leaves_a_trace_behind_a_reverse_proxy(served: Served) -> None:
    """A tip with files, its receipt and slip, wrong and right codes, an answer with a file, pages
    that do not exist."""
    with behind_a_proxy(served.port, MARKS) as port:
        person = Caller(port)
        code = person.tip([("账.jpg", picture()), ("大.png", large())])
        ask = {"token": person.fixed["token"], "code": code}
        assert person.post("/receipt/slip", {**ask, "number": "丰统线〔2026〕1号"})[0] == 200
        assert person.post("/progress", {**ask, "code": "1" * 24})[0] == 422
        assert person.post("/progress", ask)[0] == 200
        assert (
            person.post(
                "/progress", {**ask, "action": "answer", "text": "三月"}, [("补.jpg", picture())]
            )[0]
            == 200
        )
        assert person.get("/nowhere?marked-referrer")[0] == 404
        assert person.post("/report", {**TIP, "token": "forged"})[0] == 400
        assert person.post("/report/send", {**person.fixed, "draft": "\0"})[0] == 409
        assert person.get("/list?q=%00%ff")[0] in (200, 400)
    served.process.terminate()
    served.process.wait(60)
    places = [
        f
        for folder in (served.instance, served.temporary)
        for f in folder.rglob("*")
        if f.is_file()
    ]
    everything = b"".join(f.read_bytes() for f in [*places, served.log])
    assert len(places) > 4
    for trace in (*TRACES, code.replace(" ", "").encode(), code.encode()):
        assert trace not in everything
