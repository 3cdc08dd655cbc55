"""A PDF handed to the public check: ours byte for byte, withdrawn, or unknown; nothing about the
case, nothing kept."""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from casework.archive import scan_pages
from casework.docket.models import Docket
from casework.intake.receive import receive
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.walk import Walk
from tests.acts.roads import FIRM


def hand_in(client: FlaskClient, data: bytes, name: str = "x.pdf") -> str:
    answer = client.post(
        "/check", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )
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


def scanned(data: bytes) -> zxingcpp.Barcode:
    """What a telephone reads from the first page."""
    with pypdfium2.PdfDocument(data) as pdf:
        return zxingcpp.read_barcodes(pdf[0].render(scale=200 / 72, grayscale=True).to_pil())[0]


def printed(app: Flask, paper: Paper) -> str:
    """All words of a paper without blanks."""
    with pypdfium2.PdfDocument(app.extensions["sealed_store"].read(paper.stored)) as pdf:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in pdf)


def asked(client: FlaskClient, number: str, code: str) -> str:
    """The answer to number and code, without the fields in which they stand again."""
    page = client.get("/check", query_string={"number": number, "code": code}).text
    return page.partition("<h1>")[2].partition("<form")[0]


def test_every_paper_is_found_by_what_it_has_printed_on_it(
    app: Flask, decided: Walk, client: FlaskClient
) -> None:
    """Most are forms without a number of their own: they print the number that their case had on
    that day."""
    papers = db.session.scalars(select(Paper).order_by(Paper.id)).all()
    assert {bool(p.number) for p in papers} == {True, False}
    denied = []
    for paper in papers:
        words = printed(app, paper)
        code = re.findall(r"核验码：([0-9A-Z]{8})", words)[0]
        at_foot, in_head = (
            re.findall(before + r"(?:—\d+—)?(\S+?〕\d+号)", words) for before in (code, "编号：")
        )
        numbers = {*at_foot, *in_head[:1], *filter(None, [paper.number])}
        assert numbers, (paper.kind, words)
        denied += [
            (paper.kind, number)
            for number in numbers
            if "一致：" not in asked(client, number, code)
        ]
    assert denied == []


def test_papers_made_before_are_given_the_number_that_they_bear(app: Flask, decided: Walk) -> None:
    bear = {p.id: p.case_number for p in db.session.scalars(select(Paper))}
    # the tip's, the case's before it was filed, and after
    assert len(set(bear.values()) - {""}) >= 3
    db.session.rollback()
    downgrade(revision="0018")
    upgrade()
    assert {p.id: p.case_number for p in db.session.scalars(select(Paper))} == bear
    with pytest.raises(DatabaseError), writing() as session:
        session.execute(update(Paper).values(case_number="x"))


@pytest.mark.parametrize(
    "typed",
    [
        "丰统罚[{y}]{n}号",
        "丰统罚({y}){n}号",
        "丰统罚（{y}）{n}号",
        "丰统罚【{y}】{n}号",
        "丰统罚﹝{y}﹞{n}号",
        "丰统罚{y}{n}号",
        "丰统罚〔{y}〕{n}",
        " 丰统罚 〔{y}〕 第 {n} 号 ",
        "编号：丰统罚〔{y}〕{n}号",
        "丰统罚〔{wide}〕{n}号",
        "\u202a丰统罚〔{y}〕{n}号\u200b",
    ],
)
def test_a_number_is_known_however_it_is_typed(
    decided: Walk, client: FlaskClient, typed: str
) -> None:
    paper = decided.paper("decision")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in str(paper.year))
    number = typed.format(y=paper.year, n=paper.no, wide=wide)
    groups = f"{paper.short_code[:4].lower()} {paper.short_code[4:]}"
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in paper.short_code)
    for code in (
        paper.short_code,
        groups,
        full_width,
        f"{paper.short_code[:4]}-{paper.short_code[4:]}",
    ):
        assert f"一致：《行政处罚决定书》{paper.number}" in asked(client, number, code), (
            number,
            code,
        )


def test_whatever_is_not_right_gets_one_answer(decided: Walk, client: FlaskClient) -> None:
    """A code without its number, another paper's number, signs that fold to nothing: nobody learns
    which was wrong."""
    paper, other = decided.paper("decision"), decided.paper("prior_notice")
    tries = [
        (other.number, paper.short_code),
        (paper.number, other.short_code),
        (paper.number, "AAAA2222"),
        ("〔〕", paper.short_code),
        ("号", paper.short_code),
        (paper.number, "--"),
    ]
    assert len({asked(client, *one) for one in tries}) == 1
    assert "查无此件" in asked(client, *tries[0])


def sheet(decided: Walk, phone: str = "") -> Paper:
    """A registration sheet made now."""
    with writing() as session:
        session.execute(update(Bureau).values(phone=phone))
    bureau = db.session.scalars(select(Bureau)).one()
    payload = {
        "channel": "web",
        "subject": FIRM["name"],
        "subject_kind": "enterprise",
        "narrative": "少报",
    }
    report = Walk(decided.team, receive(bureau, payload).docket_id, today())
    road.register(report)
    return report.paper("registration_sheet")


def test_without_a_public_address_nobody_is_told_to_scan(app: Flask, decided: Walk) -> None:
    """No QR and no page to be found by nobody: the telephone where there is one, and a code for our
    own scanners."""
    assert app.config["PUBLIC_URL"] == ""
    for paper in db.session.scalars(select(Paper).order_by(Paper.id)).all():
        words, data = printed(app, paper), app.extensions["sealed_store"].read(paper.stored)
        assert not re.search("扫码|核验页|致电核对", words), paper.kind
        mark = scanned(data)
        assert (mark.text, mark.format) == (paper.short_code, zxingcpp.BarcodeFormat.DataMatrix)
        pages = scan_pages.inspect_pages(data)
        assert [(s.code, s.page) for s in pages] == [
            (paper.short_code, n) for n in range(1, len(pages) + 1)
        ]
    words = printed(app, sheet(decided, "023-70701234"))
    assert "可致电023-70701234核对本文书真伪" in words
    assert "扫码" not in words


def test_scanned_pages_of_papers_made_before_still_find_their_place() -> None:
    """Papers made without an address once bore the path alone."""
    for text in ("/check?code=ABCD2345", "https://x.cn/check?code=ABCD2345", "ABCD2345"):
        assert scan_pages._CODE.search(text)
    assert not scan_pages._CODE.search("https://x.cn/ABCD2345")


def test_the_code_on_a_paper_leads_to_what_is_said_of_it_and_to_nothing_about_the_case(
    app: Flask, decided: Walk, client: FlaskClient
) -> None:
    app.config["PUBLIC_URL"] = "https://tips.example.gov.cn"
    paper = sheet(decided)
    assert "扫码" in printed(app, paper)
    address = scanned(app.extensions["sealed_store"].read(paper.stored)).text
    assert address.endswith(f"/check?code={paper.short_code}")
    page = client.get(address[address.index("/check") :]).text
    assert paper.short_code in page
    assert paper.case_number not in page  # whoever has no paper in the hand learns nothing
    paper = decided.paper("decision")
    told = client.get(
        "/check", query_string={"number": paper.number, "code": paper.short_code}
    ).text
    assert (
        f"{paper.on.year}年{paper.on.month}月{paper.on.day}日" in told
        or paper.on.isoformat() in told
    )
    docket = db.session.get_one(Docket, paper.docket_id)
    for word in (FIRM["name"], docket.number, docket.code):
        assert word not in told
    assert (
        paper.on.isoformat()
        not in client.get("/check", query_string={"number": paper.number, "code": "AAAA2222"}).text
    )
    with writing() as session:
        session.execute(update(Paper).where(Paper.id == paper.id).values(state="withdrawn"))
    assert (
        "已作废"
        in client.get(
            "/check", query_string={"number": paper.number, "code": paper.short_code}
        ).text
    )
