"""The bound case file: order, page stamps, bookmarks, what blocks it, and that nothing of the tip goes out."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import pikepdf
import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from casework.acts.facts import gather
from casework.archive import bundles, jobs
from casework.archive.contents import contents, order
from casework.archive.models import Binding
from casework.archive.sealing import sealed
from casework.docket.models import Docket
from casework.papers import bind as binding
from casework.papers.bind import Bound, Entry, Item, Unreadable, Volume, bind
from casework.people.may import ACTIONS
from casework.procedure.load import procedure
from casework.store import db
from casework.upkeep.walk import Walk
from casework.vault.files import Stored
from tests.archive.conftest import TOLD, code, upload
from tests.conftest import need
from tests.desk.test_pages import LOGINS, SignIn
from tests.letters.conformance import breaches


def pages_of(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


def sheet(*texts: str, size: tuple[float, float] = binding.A4) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, size)
    for text in texts:
        if text:
            canvas.drawString(100, 400, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def plain(*items: Item) -> Volume:
    """A volume whose sheets are one plain page before and one after, and whose index is the numbers."""

    def front(entries: list[Entry], pages: int) -> list[bytes]:
        return [sheet(" ".join(f"{e.first}-{e.last}" for e in entries) + f" of {pages}")]

    return Volume("V", items, front, lambda _e, _p: [sheet("end")])


def item(data: bytes, title: str = "doc", kind: str = "application/pdf") -> Item:
    return Item(title, date(2026, 1, 1), lambda: data, media_type=kind)


def bound(tmp_path: Path, *volumes: Volume, told: list[int] | None = None) -> bytes:
    target = io.BytesIO()
    bind(volumes, "file", target, (told if told is not None else []).append)
    return target.getvalue()


# -- the binder alone
def test_fronts_are_numbered_right_and_backs_left_and_blank_pages_not_at_all(tmp_path: Path) -> None:
    data = bound(tmp_path, plain(item(sheet("a1", "a2", "a3")), item(sheet("b1", "", "b3"))))
    texts = pages_of(data)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        spots = [stamp_of(page) for page in pdf.pages]
    right, left = "right", "left"
    assert spots == [
        None,
        None,
        ("1", right),
        ("2", left),
        ("3", right),
        None,
        ("4", right),
        None,
        ("5", right),
        None,
        None,
        None,
    ]
    assert "1-3 4-5 of 5" in texts[0]


def stamp_of(page: pikepdf.Page) -> tuple[str, str] | None:
    """The stamped number of a page, decoded by its own font, and its side."""
    from casework.papers.stamps import _digits

    contents_ = page.obj.get("/Contents")
    if contents_ is None:
        return None
    codes = {v: k for k, v in _digits()[1].items()}
    raw = b"\n".join(s.read_bytes() for s in (contents_ if isinstance(contents_, pikepdf.Array) else [contents_]))
    found = re.search(rb"/CaseworkNumber \S+ Tf 1 0 0 1 (\S+) \S+ Tm <([0-9a-f]+)>", raw)
    if not found:
        return None
    hexes = re.findall("..", found[2].decode())
    return "".join(codes[h] for h in hexes), "right" if float(found[1]) > 300 else "left"


def test_the_stamped_number_is_readable_text(tmp_path: Path) -> None:
    data = bound(tmp_path, plain(item(sheet("x"))))
    assert pages_of(data)[2].split() == ["x", "1"] or sorted(pages_of(data)[2].split()) == ["1", "x"]


def test_bookmarks_lead_to_the_first_page_of_each_document_of_each_volume(tmp_path: Path) -> None:
    data = bound(
        tmp_path, plain(item(sheet("a1", "a2", "a3"), "first"), item(sheet("b1"), "second")), plain(item(sheet("c1"), "third"))
    )
    texts = pages_of(data)
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        marks = {i.title: pdf.pages.index(pikepdf.Page(i.destination[0])) for root in outline.root for i in root.children}
        roots = [pdf.pages.index(pikepdf.Page(root.destination[0])) for root in outline.root]
    assert "a1" in texts[marks["1. first"]]
    assert "b1" in texts[marks["2. second"]]
    assert "c1" in texts[marks["1. third"]]
    assert ["of 4" in texts[roots[0]], "of 1" in texts[roots[1]]] == [True, True]


def test_everything_is_brought_to_a4(tmp_path: Path) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (4000, 3000), (9, 99, 9)).save(photo, "JPEG")
    a3 = item(sheet("big", size=(842, 1191)))
    turned = pikepdf.open(io.BytesIO(sheet("turned")))
    turned.pages[0].Rotate = 90
    rotated = io.BytesIO()
    turned.save(rotated)
    data = bound(tmp_path, plain(a3, item(photo.getvalue(), kind="image/jpeg"), item(rotated.getvalue())))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            assert [round(float(v)) for v in page.mediabox] == [0, 0, 595, 842]
            assert int(page.obj.get("/Rotate", 0)) == 0
        picture = pdf.pages[4].Resources.XObject.Picture
        assert max(int(picture.Width), int(picture.Height)) <= 2339
        assert "pdfaid:part" not in pdf.open_metadata()  # their words are in a face that they do not carry
    assert "big" in pages_of(data)[2]


def test_what_cannot_be_bound_is_named_all_of_it(tmp_path: Path) -> None:
    empty = io.BytesIO()
    pikepdf.new().save(empty)
    items = [item(sheet("fine")), item(empty.getvalue(), "no pages"), item(b"%PDF-1.4 broken", "broken"), item(b"", "nothing"),
             item(b"not a picture", "photo", "image/jpeg")]  # fmt: skip
    with pytest.raises(Unreadable) as caught:
        bound(tmp_path, plain(*items))
    assert caught.value.faults == [
        ("no pages", "empty"), ("broken", "unreadable"), ("nothing", "empty"), ("photo", "unreadable"),
    ]  # fmt: skip
    assert list(tmp_path.iterdir()) == []


class Growing(io.BytesIO):
    """A file that says how much was written to it when a document was read."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[int] = []

    def reading(self, data: bytes) -> Item:
        def read() -> bytes:
            self.seen.append(self.tell())
            return data

        return Item("doc", date(2026, 1, 1), read)


def test_each_document_is_written_before_the_next_one_is_read(tmp_path: Path) -> None:
    told: list[int] = []
    target = Growing()
    docs = [target.reading(sheet(f"d{i}", f"e{i}", f"f{i}")) for i in range(60)]
    bind([plain(*docs)], "file", target, told.append)
    grown = [b - a for a, b in pairwise(target.seen)]
    assert min(grown) > 1000
    assert told == list(range(1, 61))
    texts = pages_of(target.getvalue())
    assert len(texts) == 2 + 60 * 4 + 2
    assert [t.split()[0] for t in texts[2:242:4]] == [f"d{i}" for i in range(60)]


MEASURE = """
import resource, sys
from datetime import date
from casework.papers.bind import Item, Volume, bind
from bench.bind import paper
from casework.papers.writer import Nowhere
data = paper(1)
def run(count):
    items = [Item(str(i), date(2026, 1, 1), lambda: data) for i in range(count)]
    bind([Volume("V", items, lambda e, p: [data], lambda e, p: [])], "file", Nowhere(), lambda n: None)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = run(20)
print((run(600) - before) / 1024)
"""


def test_memory_does_not_grow_with_the_number_of_documents() -> None:
    """Thirty times as many documents of five pages: at most some megabytes more, for their places in the file."""
    grown = subprocess.run([sys.executable, "-c", MEASURE], check=True, capture_output=True, text=True).stdout
    assert float(grown) < 12


def test_references_inside_words_stay_as_they_are(tmp_path: Path) -> None:
    """«12 0 R» in a text, in brackets and behind a backslash, is no reference."""
    with pikepdf.open(io.BytesIO(sheet("x"))) as pdf:
        told = pikepdf.String("see 5 0 R (or \\ 6 0 R) \u4e2d 7 0 R")
        pdf.pages[0].Resources.Telling = pdf.make_indirect(pikepdf.Dictionary(Words=told, Page=pdf.make_indirect(42)))
        out = io.BytesIO()
        pdf.save(out)
    with pikepdf.open(io.BytesIO(bound(tmp_path, plain(item(out.getvalue()))))) as pdf:
        telling = pdf.pages[2].Resources.Telling
        assert str(telling.Words) == str(told)
        assert int(telling.Page) == 42


def test_what_is_no_page_content_stays_out(tmp_path: Path) -> None:
    """Scripts, links and thumbnails of a foreign document; what was written into a field is on the page."""
    with pikepdf.open(io.BytesIO(sheet("x"))) as pdf:
        look = pdf.make_stream(b"BT /F1 9 Tf (filled) Tj ET", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
        look.BBox = pikepdf.Array([0, 0, 100, 20])
        look.Resources = pdf.pages[0].Resources
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.FreeText,
            Rect=[100, 100, 200, 120],
            F=4,
            AP=pikepdf.Dictionary(N=look),
        )
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])
        pdf.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))
        out = io.BytesIO()
        pdf.save(out)
    data = bound(tmp_path, plain(item(out.getvalue())))
    assert "filled" in pages_of(data)[2]
    assert b"JavaScript" not in data
    assert b"/Annots" not in data


# -- the file of a case
def titles(app: Flask, walk: Walk) -> list[tuple[str, str]]:
    facts = gather(db.session(), app.extensions["vault"], db.session.get_one(Docket, walk.docket_id))
    return [(c.volume, c.item.title) for c in contents(db.session(), app.extensions["sealed_store"], facts)]


def test_documents_stand_in_the_order_of_the_archive_rules(app: Flask, decided: Walk) -> None:
    found = titles(app, decided)
    beside = "送达地址（方式）确认书"  # a record beside the order: with the rest, at the end
    assert [t for v, t in found if v == "main" and t != beside] == [
        "立案审批表", "行政处罚决定书", "送达回证", "统计执法检查通知书", "送达回证", "行政处罚事先告知书", "送达回证",
        "询问笔录", "现场检查笔录", "账簿照片.png",
    ]  # fmt: skip
    inner = [t for v, t in found if v == "inner"]
    assert inner[:2] == ["举报线索登记表", "案源材料1"]
    assert inner.index("案件调查终结报告") < inner.index("陈述申辩复核意见")


def test_every_slot_of_the_order_is_a_kind_of_paper_of_that_volume() -> None:
    for volume, rule in order().items():
        for slot in rule["order"]:
            if slot not in ("*", "+", "evidence", "source"):
                assert procedure().papers[slot].volume == volume, slot


def run(walk: Walk, kind: str) -> Binding:
    number = jobs.ask(db.session.get_one(Docket, walk.docket_id), kind, None)
    jobs.run(number)
    db.session.rollback()
    return db.session.get_one(Binding, number)


def read(app: Flask, row: Binding) -> bytes:
    assert row.state == "done", row.notes
    data: bytes = app.extensions["sealed_store"].read(row.stored)
    return data


def test_an_outgoing_file_holds_nothing_of_the_tip(app: Flask, decided: Walk) -> None:
    """Neither its papers and pictures, nor its number, nor a sentence of it that an officer copied into a record."""
    report = db.session.get_one(
        Docket, gather(db.session(), app.extensions["vault"], db.session.get_one(Docket, decided.docket_id)).links[0].id
    )
    decided.take("order_correction", {"act": f"迟报；{TOLD[:20]}。", "articles": "统计法第四十五条", "demand": "补报",
                                      "due": (decided.day + timedelta(20)).isoformat()})  # fmt: skip
    row = run(decided, "outgoing")
    text = "".join("".join(pages_of(read(app, row))).split())
    for telling in (report.number, TOLD[:20], "登记表", "案源材料", "副卷", "调查终结报告", "核查报告", "工资条"):
        assert telling not in text, telling
    assert "行政处罚决定书" in text
    assert "责令改正通知书" in text  # in the index; its pages are pictures with the sentence blacked out
    assert row.notes == [["left_out", "账簿照片.png"]]


def test_an_internal_file_holds_both_volumes_and_is_sound(app: Flask, decided: Walk, tmp_path: Path) -> None:
    row = run(decided, "internal")
    data = read(app, row)
    text = "".join("".join(pages_of(data)).split())
    for part in ("正卷", "副卷", "案源材料1", "账簿照片.png", "备考表", "卷内目录", "提供不真实统计资料案"):
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


def test_a_file_with_a_foreign_document_does_not_say_that_it_is_pdf_a(app: Flask, decided: Walk) -> None:
    """A PDF from outside whose face is not in it: bound all the same, and named."""
    upload(decided.docket_id, "对账单.pdf", sheet("statement"))
    row = run(decided, "internal")
    assert row.notes == [["foreign", "对账单.pdf"]]
    with pikepdf.open(io.BytesIO(read(app, row))) as pdf:
        assert "pdfaid:part" not in pdf.open_metadata()


BREACHES = {
    "a script": lambda pdf: pdf.pages[0].Resources.update({"/X": pikepdf.Dictionary(S=pikepdf.Name.JavaScript)}),
    "CMYK in the page": lambda pdf: pdf.pages[0].contents_add(pdf.make_stream(b"0 0 0 1 k 0 0 9 9 re f")),
    "LZW": lambda pdf: pdf.pages[0].Resources.update({"/X": pdf.make_stream(b"\x80\x0b\x60", Filter=pikepdf.Name.LZWDecode)}),
    "a face that is not there": lambda pdf: pdf.pages[0].Resources.update({"/X": pikepdf.Dictionary(BaseFont="/Arial")}),
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


def test_what_has_no_pages_stands_in_the_file_as_a_slip_with_its_digests(app: Flask, decided: Walk) -> None:
    upload(decided.docket_id, "台账.csv", "名称,数\na,1\n".encode())
    text = "".join("".join(pages_of(read(app, run(decided, "internal")))).split())
    assert "电子数据附卷单" in text
    assert "原件另存" in text


def test_a_file_that_fails_leaves_nothing_in_the_store(app: Flask, decided: Walk) -> None:
    """Neither when a document is bad at the end of a long file, nor when the disk refuses in the middle."""
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


# -- on the desk, and as a command
@pytest.mark.parametrize("role", sorted(LOGINS))
def test_who_may_bind_and_who_may_have_the_inner_volume(app: Flask, decided: Walk, sign_in: SignIn, role: str) -> None:
    internal, outgoing = run(decided, "internal").id, run(decided, "outgoing").id
    client, base = sign_in(LOGINS[role]), f"/desk/casefile/{code(decided)}"
    may = role in ACTIONS["file.bind"]
    assert client.get(base).status_code == (200 if may else 403)
    assert client.get(f"{base}/{outgoing}.pdf").status_code == (200 if may else 403)
    sees = role in {"clerk", "officer", "head", "leader"}  # the legal reviewer sees no tips
    assert client.get(f"{base}/{internal}.pdf").status_code == (200 if sees else 403)
    assert client.get(f"{base}/{internal}").status_code == (200 if sees else 403)
    if not may or not sees:
        for kind in ("internal", "index") if may else bundles.KINDS:
            assert client.post(base, data={"kind": kind}).status_code == 403


def test_the_officer_of_another_case_gets_no_tip(app: Flask, decided: Walk, sign_in: SignIn) -> None:
    internal = run(decided, "internal").id
    assert sign_in("officer3").get(f"/desk/casefile/{code(decided)}/{internal}.pdf").status_code == 403


def test_a_bundle_is_ordered_watched_and_fetched(
    app: Flask, decided: Walk, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[int] = []
    monkeypatch.setattr(jobs, "in_background", lambda _app, number, _hide: waiting.append(number))
    client: FlaskClient = sign_in("officer1")
    assert "整理装订案卷" in client.get(f"/desk/dockets/{code(decided)}").text
    watched = client.post(f"/desk/casefile/{code(decided)}", data={"kind": "internal"}).location
    assert 'http-equiv="refresh"' in client.get(watched).text
    jobs.run(waiting[0])
    page = client.get(watched).text
    assert 'http-equiv="refresh"' not in page
    link = re.search(r'href="([^"]+\.pdf)"', page)
    assert link
    assert client.get(link[1]).data.startswith(b"%PDF")


def test_the_thread_binds_by_itself(app: Flask, decided: Walk) -> None:
    number = jobs.ask(db.session.get_one(Docket, decided.docket_id), "outgoing", None)
    db.session.rollback()
    jobs.in_background(app, number).join()
    assert db.session.get_one(Binding, number).state == "done"


def test_old_bundles_go_and_their_files_with_them(app: Flask, decided: Walk) -> None:
    from casework.store import utcnow, writing

    row = run(decided, "outgoing")
    with writing() as session:
        session.get_one(Binding, row.id).at = utcnow() - jobs.KEPT * 2
    with writing() as session:
        assert jobs.sweep(session) == 1
    assert row.stored not in set(app.extensions["sealed_store"].names())


def test_the_command_binds_into_a_folder(app: Flask, decided: Walk, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    answer = runner.invoke(args=["papers", "bind", code(decided), str(tmp_path / "out")])
    assert answer.exit_code == 0, answer.output
    file = tmp_path / "out" / f"{code(decided)}-internal.pdf"
    assert file.stat().st_mode & 0o077 == 0
    with pikepdf.open(file) as pdf:
        assert len(pdf.pages) > 20
    assert runner.invoke(args=["papers", "bind", "C2026-9999", str(tmp_path)]).exit_code == 1
