"""The bound case file: order, page stamps, bookmarks, what blocks it, and that nothing of the tip goes out."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import date, timedelta
from pathlib import Path

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
from casework.docket.models import Docket
from casework.papers import bind as binding
from casework.papers.bind import Entry, Item, Unreadable, Volume, bind
from casework.people.may import ACTIONS
from casework.procedure.load import procedure
from casework.store import db
from casework.upkeep.walk import Walk
from tests.archive.conftest import TOLD, code, upload
from tests.conftest import need
from tests.desk.test_pages import LOGINS, SignIn


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
    bind(volumes, "file", tmp_path, target, (told if told is not None else []).append)
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


def test_everything_is_a4_and_marked_as_pdf_a(tmp_path: Path) -> None:
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
        assert pdf.open_metadata()["pdfaid:part"] == "2"
        assert pdf.Root.OutputIntents[0].DestOutputProfile.N == 3
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


def test_many_documents_go_through_working_files_that_are_gone_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binding, "RUN", 20_000)
    told: list[int] = []
    seen: list[str] = []
    real = binding.private

    def watched(path: Path) -> object:
        seen.append(path.name)
        file = real(path)
        assert path.stat().st_mode & 0o777 == 0o600
        return file

    monkeypatch.setattr(binding, "private", watched)
    docs = [item(sheet(f"d{i}", f"e{i}", f"f{i}")) for i in range(60)]
    data = bound(tmp_path, plain(*docs), told=told)
    texts = pages_of(data)
    assert len(seen) > 2
    assert list(tmp_path.iterdir()) == []
    assert told == list(range(1, 61))
    assert len(texts) == 2 + 60 * 4 + 2
    assert [t.split()[0] for t in texts[2:242:4]] == [f"d{i}" for i in range(60)]


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
    assert ["source", "责令改正通知书"] in row.notes


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
    assert not any((Path(app.instance_path) / "work").iterdir())


def test_the_index_alone_names_the_pages_of_the_whole(app: Flask, decided: Walk) -> None:
    alone = "".join(pages_of(read(app, run(decided, "index"))))
    whole = "".join(pages_of(read(app, run(decided, "internal"))))
    assert len(pages_of(read(app, run(decided, "index")))) == 2
    for line in re.findall(r"\d+-\d+", alone):
        assert line in whole
    assert "行政处罚决定书" in alone.replace("\r\n", "")


def test_an_unreadable_document_blocks_and_is_named(app: Flask, decided: Walk) -> None:
    upload(decided.docket_id, "坏掉的扫描.pdf", b"%PDF-1.4\n%broken")
    row = run(decided, "internal")
    assert (row.state, row.notes, row.stored) == ("failed", [["unreadable", "坏掉的扫描.pdf"]], "")


def test_what_has_no_pages_stands_in_the_file_as_a_slip_with_its_digests(app: Flask, decided: Walk) -> None:
    upload(decided.docket_id, "台账.csv", "名称,数\na,1\n".encode())
    text = "".join("".join(pages_of(read(app, run(decided, "internal")))).split())
    assert "电子数据附卷单" in text
    assert "原件另存" in text


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
    monkeypatch.setattr(jobs, "in_background", lambda _app, number: waiting.append(number))
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
