"""The binder alone: order, page stamps, bookmarks, what cannot be bound."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from casework.papers import bind as bind_module
from casework.papers.bind import Unreadable, bind
from casework.vault.spool import Spool
from tests.archive.bound import bound, item, pages_of, plain, sheet


def test_fronts_are_numbered_right_and_backs_left_and_blank_pages_not_at_all(
    tmp_path: Path,
) -> None:
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
    raw = b"\n".join(
        s.read_bytes() for s in (contents_ if isinstance(contents_, pikepdf.Array) else [contents_])
    )
    found = re.search(rb"/CaseworkNumber \S+ Tf 1 0 0 1 (\S+) \S+ Tm <([0-9a-f]+)>", raw)
    if not found:
        return None
    hexes = re.findall("..", found[2].decode())
    return "".join(codes[h] for h in hexes), "right" if float(found[1]) > 300 else "left"


def test_the_stamped_number_is_readable_text(tmp_path: Path) -> None:
    data = bound(tmp_path, plain(item(sheet("x"))))
    assert pages_of(data)[2].split() == ["x", "1"] or sorted(pages_of(data)[2].split()) == [
        "1",
        "x",
    ]


def test_bookmarks_lead_to_the_first_page_of_each_document_of_each_volume(tmp_path: Path) -> None:
    data = bound(
        tmp_path,
        plain(item(sheet("a1", "a2", "a3"), "first"), item(sheet("b1"), "second")),
        plain(item(sheet("c1"), "third")),
    )
    texts = pages_of(data)
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        marks = {
            i.title: pdf.pages.index(pikepdf.Page(i.destination[0]))
            for root in outline.root
            for i in root.children
        }
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
    data = bound(
        tmp_path, plain(a3, item(photo.getvalue(), kind="image/jpeg"), item(rotated.getvalue()))
    )
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            assert [round(float(v)) for v in page.mediabox] == [0, 0, 595, 842]
            assert int(page.obj.get("/Rotate", 0)) == 0
        picture = pdf.pages[4].Resources.XObject.Picture
        assert max(int(picture.Width), int(picture.Height)) <= 2339
        # their words are in a face that they do not carry
        assert "pdfaid:part" not in pdf.open_metadata()
    assert "big" in pages_of(data)[2]


def test_what_cannot_be_bound_is_named_all_of_it(tmp_path: Path) -> None:
    empty = io.BytesIO()
    pikepdf.new().save(empty)
    items = [
        item(sheet("fine")),
        item(empty.getvalue(), "no pages"),
        item(b"%PDF-1.4 broken", "broken"),
        item(b"", "nothing"),
        item(b"not a picture", "photo", "image/jpeg"),
    ]
    with pytest.raises(Unreadable) as caught:
        bound(tmp_path, plain(*items))
    assert caught.value.faults == [
        ("no pages", "empty"),
        ("broken", "unreadable"),
        ("nothing", "empty"),
        ("photo", "unreadable"),
    ]
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_and_every_document_has_its_leaves() -> None:
    told: list[int] = []
    target = io.BytesIO()
    docs = [item(sheet(f"d{i}", f"e{i}", f"f{i}")) for i in range(60)]
    bind([plain(*docs)], "file", target, told.append)
    assert told == list(range(1, 61))
    texts = pages_of(target.getvalue())
    assert len(texts) == 2 + 60 * 4 + 2
    assert [t.split()[0] for t in texts[2:242:4]] == [f"d{i}" for i in range(60)]


def test_parts_that_were_laid_aside_give_the_same_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two volumes, in as many parts as documents; nothing stays in the folder."""
    volumes = [plain(*[item(sheet(f"{v}{i}", "x")) for i in range(5)]) for v in "ab"]
    files = []
    for most in (bind_module.MOST_BYTES, 1):
        monkeypatch.setattr(bind_module, "MOST_BYTES", most)
        target = io.BytesIO()
        bind(volumes, "file", target, lambda _n: None, aside=tmp_path)
        files.append(target.getvalue())
    texts = [pages_of(file) for file in files]
    assert texts[0] == texts[1]
    assert [t.split()[0] for t in texts[1][2:12:2]] == [f"a{i}" for i in range(5)]
    assert list(tmp_path.iterdir()) == []
    again = io.BytesIO()
    bind(volumes, "file", again, lambda _n: None, aside=tmp_path)
    assert again.getvalue() == files[1]  # the same bytes for the same content


MEASURE = """
import io, os, resource, sys
from datetime import date
import pikepdf
from casework.papers.bind import Item, Volume, bind
from bench.bind import paper
data = paper(1)
def scan():
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.pages[0].Resources.XObject = pikepdf.Dictionary(P=pdf.make_stream(os.urandom(2 << 20)))
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()
def run(count, read):
    items = [Item(str(i), date(2026, 1, 1), read) for i in range(count)]
    volumes = [Volume("V", items, lambda e, p: [data], lambda e, p: [])]
    bind(volumes, "file", open(os.devnull, "wb"), lambda n: None)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
read = {"papers": lambda: data, "scans": scan}[sys.argv[1]]
before = run(20, read)
print((run(int(sys.argv[2]), read) - before) / 1024)
"""


@pytest.mark.parametrize(
    ("kind", "count", "most"),
    # a paper of five pages leaves its objects; of a scan of 2 MiB no bytes stay
    [("papers", 600, 90), ("scans", 120, 50)],
)
def test_memory_holds_the_objects_of_all_documents_but_the_bytes_of_few(
    kind: str, count: int, most: float
) -> None:
    grown = subprocess.run(
        [sys.executable, "-c", MEASURE, kind, str(count)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert float(grown) < most, grown


def test_what_is_laid_aside_is_read_back_from_any_place_and_is_noise_on_the_disk(
    tmp_path: Path,
) -> None:
    clear = bytes(range(256)) * 1000
    spool = Spool(tmp_path)
    for at in range(0, len(clear), 777):
        spool.write(clear[at : at + 777])
    for at, count in ((0, 100), (17, 5000), (len(clear) - 3, 10), (160, 16)):
        spool.seek(at)
        assert spool.read(count) == clear[at : at + count]
    on_disk = os.pread(spool._file.fileno(), len(clear), 0)
    assert len(on_disk) == len(clear)
    assert clear[:16] not in on_disk
    assert list(tmp_path.iterdir()) == []


def test_references_inside_words_stay_as_they_are(tmp_path: Path) -> None:
    """«12 0 R» in a text, in brackets and behind a backslash, is no reference."""
    with pikepdf.open(io.BytesIO(sheet("x"))) as pdf:
        told = pikepdf.String("see 5 0 R (or \\ 6 0 R) \u4e2d 7 0 R")
        pdf.pages[0].Resources.Telling = pdf.make_indirect(
            pikepdf.Dictionary(Words=told, Page=pdf.make_indirect(42))
        )
        out = io.BytesIO()
        pdf.save(out)
    with pikepdf.open(io.BytesIO(bound(tmp_path, plain(item(out.getvalue()))))) as pdf:
        telling = pdf.pages[2].Resources.Telling
        assert str(telling.Words) == str(told)
        assert int(telling.Page) == 42


def test_what_is_no_page_content_stays_out(tmp_path: Path) -> None:
    """Scripts, links and thumbnails of a foreign document; what was written into a field is on the
    page."""
    with pikepdf.open(io.BytesIO(sheet("x"))) as pdf:
        look = pdf.make_stream(
            b"BT /F1 9 Tf (filled) Tj ET", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form
        )
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
        pdf.pages[0].AA = pikepdf.Dictionary(
            O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        )
        out = io.BytesIO()
        pdf.save(out)
    data = bound(tmp_path, plain(item(out.getvalue())))
    assert "filled" in pages_of(data)[2]
    assert b"JavaScript" not in data
    assert b"/Annots" not in data
