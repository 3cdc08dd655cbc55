"""Faces are read once in a process, and in no request."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from reportlab.pdfbase.ttfonts import TTFont

from letters import fonts
from tests.letters import samples


def test_once_loaded_no_paper_reads_a_face_again(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.load_faces()

    def again(*_args: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(TTFont, "__init__", again)
    with ThreadPoolExecutor(4) as many:
        drawn = list(
            many.map(lambda _n: samples.decision(officers=samples.OFFICERS).draw(), range(8))
        )
    assert len(set(drawn)) == 1  # the same paper in every thread, byte for byte


def test_they_are_loaded_beside_the_first_sign_in(
    team: object,
    sign_in: Callable[[str], FlaskClient],
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began, request = threading.Event(), threading.current_thread()
    threads: list[threading.Thread] = []

    def load() -> None:
        threads.append(threading.current_thread())
        began.set()

    monkeypatch.setattr(fonts, "load_faces", load)
    monkeypatch.setattr(fonts, "_homes", {})
    client.get("/")
    assert not threads  # who only takes tips draws no papers
    sign_in("officer1")
    assert began.wait(120)
    assert threads[0] is not request
