"""A PDF handed to the public check: ours byte for byte, withdrawn, or unknown; nothing about the case, nothing kept."""

from __future__ import annotations

import io

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from casework.papers.models import Paper
from casework.store import writing
from casework.upkeep.walk import Walk
from tests.acts.test_road import FIRM


def hand_in(client: FlaskClient, data: bytes, name: str = "x.pdf") -> str:
    answer = client.post("/check", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    return answer.text


def test_ours_unknown_and_withdrawn(app: Flask, decided: Walk, client: FlaskClient) -> None:
    paper = decided.paper("decision")
    store = app.extensions["sealed_store"]
    data, files = store.read(paper.stored), set(store.names())
    page = hand_in(client, data)
    assert paper.number in page
    assert "完全一致" in page
    assert FIRM["name"] not in page
    changed = hand_in(client, data[:-1] + b" ")
    assert "完全一致" not in changed
    assert paper.number not in changed
    with writing() as session:
        session.execute(update(Paper).where(Paper.id == paper.id).values(state="withdrawn"))
    withdrawn = hand_in(client, data)
    assert "完全一致" not in withdrawn
    assert "已作废" in withdrawn
    assert set(store.names()) == files


def test_no_file_says_so(client: FlaskClient, team: object) -> None:
    assert "请先选择" in hand_in(client, b"", "")
