"""The outgoing file: third parties, their numbers and the tip are gone, not merely covered; what
cannot be cleaned is out."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from flask import Flask
from PIL import Image

from casework.acts.facts import gather
from casework.archive import bound_file, redact
from casework.archive.terms_to_hide import Hidden, hidden, names
from casework.docket.jobs import Job
from casework.docket.models import Docket
from casework.procedure.traces_of_tips import TELLING
from casework.store import db
from casework.upkeep.walk import Walk
from letters.blocks import Para
from letters.layout import lay
from letters.pages import BODY, PORTRAIT, Furniture
from tests.acts.roads import FIRM
from tests.archive.bound import pages_of, read, run, sheet
from tests.archive.conftest import TOLD, WITNESS, upload
from tests.letters.conformance import breaches
from tests.support.archive import (
    ON,
    everything,
    hand_in,
    outgoing,
    paper,
    pdf_of,
    photographed,
    squeezed,
    stack,
)
from tests.support.desk import SignIn

NUMBER, MOBILE = "50023019900307002X", "13800138000"


# -- one paper
def test_a_name_that_runs_over_the_end_of_a_line_is_black_on_both(tmp_path: Path) -> None:
    """Its letters are in no stream, no face, no property; the black stands where they stood."""
    data = paper("经查，" + "某" * 24 + WITNESS + "签收。", "其余各项照旧。")
    words = Hidden(frozenset({WITNESS}))
    assert redact.touches(data, words)
    clean = redact.blacked(data, words, f"{WITNESS}的笔录", "局", ON)
    inside = everything(clean)
    for sign in (*WITNESS, "经", "查"):
        assert b"<" + sign.encode("utf-16-be").hex().upper().encode() + b">" not in inside, sign
    # so would they be found
    assert b"<" + "遮".encode("utf-16-be").hex().upper().encode() + b">" in inside
    assert squeezed(clean, tmp_path) == "（本页有内容依法遮盖）"
    assert breaches(clean) == []
    assert WITNESS not in str(pikepdf.open(io.BytesIO(clean)).docinfo.get("/Title"))
    before, after = photographed(data)[0], photographed(clean)[0]
    for left, bottom, right, top in boxes(data, WITNESS):
        area = tuple(round(v * 200 / 72) for v in (left, 841.89 - top, right, 841.89 - bottom))
        assert max(before.crop(area).getextrema()) > 200
        assert after.crop(area).getextrema()[1] < 100


def test_a_name_that_runs_over_the_end_of_a_page_is_black_on_both() -> None:
    foot = ("被询问人：　　　　年　　月　　日", "询问人：　　　第{page}页 共{pages}页")
    for around in (Furniture("t", "a", "s", ON), Furniture("t", "a", "s", ON, foot=foot)):
        lines = 22 if not around.foot else 20
        full = "某" * (28 * lines - 2 - 1)  # the first line is two characters short
        data = lay([Para(full + WITNESS + "签收。", BODY)], PORTRAIT, around)
        with pypdfium2.PdfDocument(data) as pdf:
            bars = redact._bars(pdf, Hidden(frozenset({WITNESS})))
        assert {page: len(found) for page, found in bars.items()} in ({0: 1, 1: 2}, {0: 2, 1: 1}), (
            around.foot
        )


def boxes(data: bytes, word: str) -> list[tuple[float, float, float, float]]:
    """Where the characters of a word stand, found in another way than the program's: one by one."""
    with pypdfium2.PdfDocument(data) as pdf:
        text = pdf[0].get_textpage()
        shown = [text.get_text_range(i, 1) for i in range(text.count_chars())]
        return [text.get_charbox(i) for i, sign in enumerate(shown) if sign and sign in word]


@pytest.mark.parametrize(
    "told",
    [
        NUMBER,
        "500230199003070029",
        MOBILE,
        "138-0013-8000",
        "+8613800138000",
        "023-70600000",
        "a.b@c.com.cn",
    ],
)
def test_numbers_of_people_are_hidden_and_those_of_firms_and_accounts_are_not(told: str) -> None:
    data = paper(
        f"联系{told}，账号5002300001000200030，"
        "代码91350100M000100Y43，差额10,409千元，丰统罚〔2026〕9号。"
    )
    words = Hidden()
    text = "".join(pages_of(data)[0].split())
    assert [text[a:b] for a, b in words.spans(text)] == [told]
    assert redact.touches(data, words)


def test_the_bureaus_own_telephone_stays() -> None:
    assert list(Hidden(allowed=frozenset({"02370600000"})).spans("电话023-70600000。")) == []


def test_what_cannot_be_read_or_shows_pictures_is_unsure() -> None:
    """A scan, and a text whose characters have no meaning in the file: never taken for clean."""
    picture = io.BytesIO()
    Image.new("L", (100, 100)).save(picture, "PDF")
    with pytest.raises(redact.Unsure):
        redact.touches(picture.getvalue(), Hidden())
    with pikepdf.open(io.BytesIO(paper("某某"))) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            if "/ToUnicode" in font:
                del font["/ToUnicode"]
        out = io.BytesIO()
        pdf.save(out)
    with pytest.raises(redact.Unsure):
        redact.touches(out.getvalue(), Hidden())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("财务负责人王小明、李红（会计）", {"王小明", "李红"}),
        ("统计员", set()),
        ("收发室 张三", {"张三"}),
        ("录像", set()),
        ("王小明", {"王小明"}),
        ("", set()),
        ("张三 李四", {"张三", "李四"}),
        ("冉　敏", {"冉敏"}),
        ("John Smith、王五", {"JohnSmith", "王五"}),
        ("阿依古丽·买买提（出纳）", {"阿依古丽·买买提"}),
    ],
)
def test_names_are_told_from_posts(text: str, found: set[str]) -> None:
    assert names(text) == found


# -- the file of a case
def test_third_parties_of_the_journal_are_known_and_the_respondent_and_staff_are_not(
    app: Flask, decided: Walk
) -> None:
    facts = gather(
        db.session(), app.extensions["vault"], db.session.get_one(Docket, decided.docket_id)
    )
    found = hidden(db.session(), app.extensions["vault"], facts, ["老魏"])
    assert {WITNESS, "老魏"} <= found.words
    assert FIRM["name"] not in found.words
    assert FIRM["representative"] not in found.words
    assert not {p.name for p in facts.people.values()} & found.words
    assert TOLD[:TELLING] in found.passages


def test_a_third_party_whose_name_is_like_one_of_the_staff_is_hidden_all_the_same(
    app: Flask, decided: Walk
) -> None:
    facts = gather(
        db.session(), app.extensions["vault"], db.session.get_one(Docket, decided.docket_id)
    )
    staff = facts.officers[0].name
    act = next(a for a in facts.acts if a.step == "interview")
    for name, there in ((staff + "梅", True), (staff, False), (FIRM["representative"], False)):
        others = tuple(replace(act, asked={"person": name}) if a is act else a for a in facts.acts)
        found = hidden(db.session(), app.extensions["vault"], replace(facts, acts=others))
        assert (name in found.words) is there, name


def test_an_outgoing_file_is_black_where_it_must_be(
    app: Flask, decided: Walk, tmp_path: Path
) -> None:
    row = outgoing(app, decided, "老魏")
    data = read(app, row)
    text, inside = squeezed(data, tmp_path), everything(data)
    whole = squeezed(read(app, run(decided, "internal")), tmp_path)
    for telling in (WITNESS, "老魏"):
        assert telling in whole, telling
        assert telling not in text, telling
    assert TOLD[:20] not in text
    assert b"<" + "𬱟".encode("utf-16-be").hex().upper().encode() + b">" not in inside
    assert "本页有内容依法遮盖" in text
    assert "有遮盖" in text  # in the index
    assert FIRM["name"] in text
    assert "行政处罚决定书" in text
    pages = pages_of(data)
    noted = [i for i, t in enumerate(pages) if "依法遮盖" in t]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for i in noted:
            drawn = [str(c.operator) for c in pikepdf.parse_content_stream(pdf.pages[i])]
            assert "Do" in drawn
            assert drawn.count("Tj") <= 12, "only the note and the number of the page are text"
    assert breaches(data) == []


def test_scans_and_pictures_are_left_out_and_named(
    app: Flask, decided: Walk, sign_in: SignIn, tmp_path: Path
) -> None:
    """The signed copy gives way to the paper as it was issued; whatever came in from outside stands
    in the index alone."""
    hand_in(sign_in("officer1"), stack(*photographed(pdf_of(app, decided.paper("decision")))))
    upload(decided.docket_id, f"{WITNESS}的身份证.pdf", sheet("id card"))
    row = outgoing(app, decided)
    assert ["left_out", "账簿照片.png"] in row.notes
    assert ["left_out", "■■■的身份证.pdf"] in row.notes
    data = read(app, row)
    text = squeezed(data, tmp_path)
    assert "签署件" not in text
    index = "".join("".join(pages_of(data)[2:4]).split())
    assert "未附：不能遮盖" in text
    assert "■■■的身份证" in text
    assert "idcard" not in text
    assert WITNESS not in text
    assert decided.paper("decision").number in text
    assert index
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        marks = [i.title for root in outline.root for i in root.children]
    assert not any("身份证" in m or "照片" in m for m in marks)


def test_a_paper_whose_sealed_file_was_altered_blocks_and_is_named(
    app: Flask, decided: Walk
) -> None:
    paper = decided.paper("decision")
    file = Path(app.extensions["sealed_store"].root) / paper.stored
    found = (
        next(iter(Path(app.extensions["sealed_store"].root).rglob(paper.stored)))
        if not file.is_file()
        else file
    )
    found.write_bytes(found.read_bytes()[:-40])
    number = bound_file.ask(db.session.get_one(Docket, decided.docket_id), "outgoing", None)
    bound_file.run_binding(number)
    db.session.rollback()
    row = db.session.get_one(Job, number)
    assert (row.state, row.notes, row.stored) == ("failed", [["unreadable", "行政处罚决定书"]], "")


def test_the_further_words_are_kept_nowhere(
    app: Flask, decided: Walk, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []
    monkeypatch.setattr(bound_file, "in_background", lambda _number, hide: given.append(list(hide)))
    code = db.session.get_one(Docket, decided.docket_id).code
    answer = sign_in("officer1").post(
        f"/desk/casefile/{code}", data={"kind": "outgoing", "hide": "老魏\n\n 估计数 \n"}
    )
    assert answer.status_code == 302
    assert given == [["老魏", "估计数"]]
    row = db.session.query(Job).one()
    assert not re.search("老魏|估计数", str([getattr(row, c.name) for c in Job.__table__.columns]))
