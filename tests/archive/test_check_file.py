"""A PDF handed to the public check: ours byte for byte, withdrawn, or unknown; nothing about the case, nothing kept."""

from __future__ import annotations

import io

import pypdfium2
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from casework.docket.models import Docket
from casework.papers.models import Paper
from casework.store import db, writing
from casework.upkeep.walk import Walk
from tests.acts.roads import FIRM


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


def scanned(data: bytes) -> str:
    """What a telephone reads from the first page."""
    with pypdfium2.PdfDocument(data) as pdf:
        return zxingcpp.read_barcodes(pdf[0].render(scale=200 / 72, grayscale=True).to_pil())[0].text


def test_the_code_on_a_paper_leads_to_what_is_said_of_it_and_to_nothing_about_the_case(
    app: Flask, decided: Walk, client: FlaskClient
) -> None:
    paper = decided.paper("decision")
    address = scanned(app.extensions["sealed_store"].read(paper.stored))
    assert address.endswith(f"/check?code={paper.short_code}")
    asked = client.get(address[address.index("/check") :]).text
    assert paper.short_code in asked
    assert paper.number not in asked  # whoever has no paper in the hand learns nothing
    told = client.get("/check", query_string={"number": paper.number, "code": paper.short_code}).text
    assert f"{paper.on.year}年{paper.on.month}月{paper.on.day}日" in told or paper.on.isoformat() in told
    docket = db.session.get_one(Docket, paper.docket_id)
    for word in (FIRM["name"], docket.number, docket.code):
        assert word not in told
    assert paper.on.isoformat() not in client.get("/check", query_string={"number": paper.number, "code": "AAAA2222"}).text
    with writing() as session:
        session.execute(update(Paper).where(Paper.id == paper.id).values(state="withdrawn"))
    assert "已作废" in client.get("/check", query_string={"number": paper.number, "code": paper.short_code}).text
