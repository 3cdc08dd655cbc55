"""Strangers at the real server: connections that say nothing, and more sign-ins than a machine can
stretch passwords for."""

import re
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from casework.upkeep.demo import PASSWORD
from casework.upkeep.walk import Team
from tests.public.served import Caller, Served, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def served(instance: Path, tmp_path: Path, app: Flask, team: Team) -> Iterator[Served]:
    with serving(instance, tmp_path) as running:
        yield running


def sign_in(port: int, login: str, password: str) -> tuple[int, str | None, str]:
    """From a blank browser: status, when to come again, page."""
    line = HTTPConnection("127.0.0.1", port, timeout=300)
    line.request("GET", "/signin")
    answer = line.getresponse()
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
    assert token
    head = {**FORM, "Cookie": (answer.getheader("Set-Cookie") or "").partition(";")[0]}
    line.request(
        "POST",
        "/signin",
        urlencode({"csrf_token": token[1], "login": login, "password": password}),
        head,
    )
    answer = line.getresponse()
    return answer.status, answer.getheader("Retry-After"), answer.read().decode()


def test_connections_that_say_nothing_keep_nobody_out(served: Served) -> None:
    """Waitress takes a hundred by itself, and keeps a silent one for two minutes."""
    lines = [socket.create_connection(("127.0.0.1", served.port), 300) for _ in range(240)]
    try:
        assert Caller(served.port).get("/report")[0] == 200
        assert sign_in(served.port, "clerk", PASSWORD)[0] == 302
    finally:
        for line in lines:
            line.close()


def test_more_sign_ins_than_there_is_room_for_are_told_to_come_again(served: Served) -> None:
    """In both languages, unjudged and uncounted; the form for tips is there all the while, and so
    is the desk afterwards."""
    found: list[tuple[int, str | None, str]] = []
    people = [
        threading.Thread(target=lambda n=n: found.append(sign_in(served.port, f"name{n}", "wrong")))
        for n in range(40)
    ]
    for person in people:
        person.start()
    while any(person.is_alive() for person in people):
        assert Caller(served.port).get("/report")[0] == 200
    told = [(again, page) for status, again, page in found if status == 503]
    assert {status for status, *_ in found} == {422, 503}
    assert len(found) == 40
    for again, page in told:
        assert again == "3"
        assert "请过几秒钟再登录一次" in page
        assert "Try again in a few seconds" in page
    assert sign_in(served.port, "clerk", PASSWORD)[0] == 302
