"""The bound file of a case: its order, what blocks it, and that nothing of the tip goes out."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pikepdf
import pytest
from flask import Flask

from casework.acts.errors import Refused
from casework.acts.facts import gather
from casework.archive.contents import case_volumes, contents
from casework.archive.sealing import sealed
from casework.docket.models import Docket
from casework.papers import bind as binding
from casework.papers.bind import Bound, Unreadable, bind
from casework.procedure.load import procedure
from casework.store import db
from casework.upkeep.walk import Walk
from casework.vault.files import Stored
from tests.archive.bound import item, pages_of, plain, read, run, sheet
from tests.archive.conftest import TOLD, upload
from tests.conftest import need
from tests.letters.conformance import breaches


def titles(app: Flask, walk: Walk) -> list[tuple[str, str]]:
    facts = gather(
        db.session(), app.extensions["vault"], db.session.get_one(Docket, walk.docket_id)
    )
    return [
        (c.volume, c.item.title)
        for c in contents(db.session(), app.extensions["sealed_store"], facts)
    ]


def test_documents_stand_in_the_order_of_the_archive_rules(app: Flask, decided: Walk) -> None:
    found = titles(app, decided)
    beside = "送达地址（方式）确认书"  # a record beside the order: with the rest, at the end
    assert [t for v, t in found if v == "main" and t != beside] == [
        "立案审批表",
        "行政处罚决定书",
        "送达回证",
        "统计执法检查通知书",
        "送达回证",
        "行政处罚事先告知书",
        "送达回证",
        "询问笔录",
        "现场检查笔录",
        "账簿照片.png",
    ]
    inner = [t for v, t in found if v == "inner"]
    assert inner[:2] == ["举报线索登记表", "案源材料1"]
    assert inner.index("案件调查终结报告") < inner.index("陈述申辩复核意见")


def test_every_slot_of_the_order_is_a_kind_of_paper_of_that_volume() -> None:
    for volume, rule in case_volumes().items():
        for slot in rule.order:
            if slot not in ("*", "+", "evidence", "source", "standing"):
                assert procedure().papers[slot].volume == volume, slot


def test_an_outgoing_file_holds_nothing_of_the_tip(app: Flask, decided: Walk) -> None:
    """Neither its papers and pictures nor its number; a sentence of it gets onto no paper that
    leaves."""
    report = db.session.get_one(
        Docket,
        gather(db.session(), app.extensions["vault"], db.session.get_one(Docket, decided.docket_id))
        .links[0]
        .id,
    )
    correction = {
        "articles": "统计法第四十五条",
        "demand": "补报",
        "due": (decided.day + timedelta(20)).isoformat(),
    }
    with pytest.raises(Refused) as error:
        decided.take("order_correction", {"act": f"迟报；{TOLD[:20]}。", **correction})
    assert str(error.value) == "tip_on_paper"
    decided.take("order_correction", {"act": "迟报统计资料。", **correction})
    row = run(decided, "outgoing")
    text = "".join("".join(pages_of(read(app, row))).split())
    for telling in (
        report.number,
        TOLD[:20],
        "登记表",
        "案源材料",
        "副卷",
        "调查终结报告",
        "核查报告",
        "工资条",
    ):
        assert telling not in text, telling
    assert "行政处罚决定书" in text
    assert "责令改正通知书" in text
    assert row.notes == [["left_out", "账簿照片.png"]]


def test_an_internal_file_holds_both_volumes_and_is_sound(
    app: Flask, decided: Walk, tmp_path: Path
) -> None:
    row = run(decided, "internal")
    data = read(app, row)
    text = "".join("".join(pages_of(data)).split())
    for part in (
        "正卷",
        "副卷",
        "案源材料1",
        "账簿照片.png",
        "备考表",
        "卷内目录",
        "提供不真实统计资料案",
    ):
        assert part in text, part
    need("qpdf", Path("/usr/bin/qpdf").exists())
    file = tmp_path / "bound.pdf"
    file.write_bytes(data)
    subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)
    fonts = subprocess.run(["pdffonts", file], check=True, capture_output=True, text=True).stdout
    assert "Helvetica" not in fonts
    assert not re.search(r"\bno +(yes|no) +(yes|no)\b", fonts)
    assert not (Path(app.instance_path) / "work").exists()
    assert breaches(data) == []
    assert row.notes == []


def test_the_index_alone_names_the_pages_of_the_whole(app: Flask, decided: Walk) -> None:
    alone = "".join(pages_of(read(app, run(decided, "index"))))
    whole = "".join(pages_of(read(app, run(decided, "internal"))))
    assert len(pages_of(read(app, run(decided, "index")))) == 2
    for line in re.findall(r"\d+-\d+", alone):
        assert line in whole
    assert "行政处罚决定书" in alone.replace("\r\n", "")


def test_a_file_with_a_foreign_document_does_not_say_that_it_is_pdf_a(
    app: Flask, decided: Walk
) -> None:
    """A PDF from outside whose face is not in it: bound all the same, and named."""
    upload(decided.docket_id, "对账单.pdf", sheet("statement"))
    row = run(decided, "internal")
    assert row.notes == [["foreign", "对账单.pdf"]]
    with pikepdf.open(io.BytesIO(read(app, row))) as pdf:
        assert "pdfaid:part" not in pdf.open_metadata()


BREACHES = {
    "a script": lambda pdf: pdf.pages[0].Resources.update(
        {"/X": pikepdf.Dictionary(S=pikepdf.Name.JavaScript)}
    ),
    "CMYK in the page": lambda pdf: pdf.pages[0].contents_add(
        pdf.make_stream(b"0 0 0 1 k 0 0 9 9 re f")
    ),
    "LZW": lambda pdf: pdf.pages[0].Resources.update(
        {"/X": pdf.make_stream(b"\x80\x0b\x60", Filter=pikepdf.Name.LZWDecode)}
    ),
    "a face that is not there": lambda pdf: pdf.pages[0].Resources.update(
        {"/X": pikepdf.Dictionary(BaseFont="/Arial")}
    ),
}


@pytest.mark.parametrize("what", sorted(BREACHES))
def test_each_breach_of_pdf_a_is_seen(what: str) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=binding.A4)
        pdf.pages[0].Contents = pdf.make_stream(b"0 g 0 0 9 9 re f")
        fine, bad = io.BytesIO(), io.BytesIO()
        pdf.save(fine)
        BREACHES[what](pdf)
        pdf.save(bad, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    found = []
    for data in (fine.getvalue(), bad.getvalue()):
        found.append(bind([plain(item(data))], "file", io.BytesIO(), lambda _n: None).foreign)
    assert found == [(), ("doc",)]


def test_an_unreadable_document_blocks_and_is_named(app: Flask, decided: Walk) -> None:
    upload(decided.docket_id, "坏掉的扫描.pdf", b"%PDF-1.4\n%broken")
    row = run(decided, "internal")
    assert (row.state, row.notes, row.stored) == ("failed", [["unreadable", "坏掉的扫描.pdf"]], "")


def test_what_has_no_pages_stands_in_the_file_as_a_slip_with_its_digests(
    app: Flask, decided: Walk
) -> None:
    upload(decided.docket_id, "台账.csv", "名称,数\na,1\n".encode())
    text = "".join("".join(pages_of(read(app, run(decided, "internal")))).split())
    assert "电子数据附卷单" in text
    assert "原件另存" in text


def test_a_file_that_fails_leaves_nothing_in_the_store(app: Flask, decided: Walk) -> None:
    """Neither when a document is bad at the end of a long file, nor when the disk refuses in the
    middle."""
    store = app.extensions["sealed_store"]
    before = set(store.names())

    def failing(file: BinaryIO) -> Bound:
        file.write(b"x" * 3_000_000)
        raise Unreadable([("doc", "empty")])

    with pytest.raises(Unreadable):
        sealed(store, failing)
    assert set(store.names()) == before
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "put", full)
        with pytest.raises(OSError, match="no space"):
            sealed(store, lambda file: Bound(file.write(b"x" * 3_000_000), 0, 0))
    assert set(store.names()) == before


def full(stream: BinaryIO) -> Stored:
    stream.read(1000)
    raise OSError("no space")
