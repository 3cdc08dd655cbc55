"""Word and Excel as pages: drawn by LibreOffice behind a wall, or not at all."""

from __future__ import annotations

import io
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from casework.docket.models import Docket
from casework.evidence import office_preview
from casework.evidence.kinds import SHEET, WORD, kind_of
from casework.evidence.models import Attachment
from casework.evidence.uploads import take_in
from casework.intake.receive import receive
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep.walk import Team
from tests.conftest import need
from tests.evidence.made import archive

SignIn = Callable[[str], FlaskClient]
WORDS = "上报数五千零八十七万，核实数六百四十六万。"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def letter(extra: str = "", relations: str = "") -> bytes:
    """A small Word file with Chinese words."""
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = (
        f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )
    rels = f'<Relationship Id="r1" Type="{office}/officeDocument" Target="word/document.xml"/>'
    more = "".join(relations)
    return archive(
        {
            "[Content_Types].xml": types.encode(),
            "_rels/.rels": (
                f'<Relationships xmlns="{package}/relationships">{rels}</Relationships>'
            ).encode(),
            "word/_rels/document.xml.rels": (
                f'<Relationships xmlns="{package}/relationships">{more}</Relationships>'
            ).encode(),
            "word/document.xml": f"<w:document {W} "
            f'xmlns:r="{office}"><w:body><w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>'
            f"{extra}</w:body></w:document>".encode(),
        }
    )


def table() -> bytes:
    out, book = io.BytesIO(), openpyxl.Workbook()
    book.active.append(["指标", WORDS])  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


def old(data: bytes, ending: str, to: str, folder: Path) -> bytes:
    """The same as LibreOffice saves it for old programs."""
    (folder / f"台账.{ending}").write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        "soffice",
        "--headless",
        profile,
        "--convert-to",
        to,
        "--outdir",
        str(folder),
        str(folder / f"台账.{ending}"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / f"台账.{to}").read_bytes()


def needed() -> None:
    need(
        "LibreOffice behind bubblewrap (libreoffice-writer-nogui, "
        "libreoffice-calc-nogui, bubblewrap)",
        office_preview.available(),
    )


def words_of(pdf: bytes | None) -> str:
    assert pdf
    return "".join(
        "".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf)
    )


def test_new_and_old_office_files_are_looked_at_page_by_page(
    app: Flask, team: Team, bureau: Bureau, sign_in: SignIn, tmp_path: Path
) -> None:
    """On the page of the desk, with Chinese names; of old ones there is no copy to save, and they
    can be read all the same."""
    needed()
    files = {
        "说明.docx": letter(),
        "台账.xlsx": table(),
        "旧说明.doc": old(letter(), "docx", "doc", tmp_path),
        "旧台账.xls": old(table(), "xlsx", "xls", tmp_path),
    }
    taken = [take_in(FileStorage(io.BytesIO(data), name), 10**7) for name, data in files.items()]
    assert [bool(f.cleaned) for f in taken] == [True, True, False, False]
    tip = {
        "channel": "phone",
        "subject": "某公司",
        "subject_kind": "enterprise",
        "narrative": "x",
        "survey_by": "bureau",
    }
    got = receive(bureau, tip, actor_id=team.clerk, files=taken)
    client = sign_in("clerk")
    page = client.get(
        f"/desk/dockets/{db.session.get_one(Docket, got.docket_id).code}/messages"
    ).text
    for number, copied in db.session.execute(select(Attachment.id, Attachment.cleaned)).all():
        assert f"/desk/files/{number}/look" in page
        assert (f'href="/desk/files/{number}"' in page) is bool(copied)
        look = client.get(f"/desk/files/{number}/look").text
        assert "第 1 页，共 1 页" in look
        assert ("保存清理后的副本" in look) is bool(copied)
        assert client.get(f"/desk/files/{number}/pages/1.png").data.startswith(b"\x89PNG")
        assert client.get(f"/desk/files/{number}").status_code == (200 if copied else 404)
    drawn = app.extensions["office pages"]._drawn
    assert len(drawn) == 4
    assert all(WORDS in words_of(pdf) for pdf in drawn.values())


def test_without_the_wall_nothing_is_opened(
    app: Flask, team: Team, bureau: Bureau, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that lacks either program: no preview, and the page says why."""
    for missing in ("bwrap", "soffice"):
        office_preview.available.cache_clear()
        there = {"bwrap": "/usr/bin/bwrap", "soffice": "/usr/bin/soffice", missing: None}
        monkeypatch.setattr(office_preview.shutil, "which", there.get)
        monkeypatch.setattr(
            office_preview.subprocess, "run", lambda *_a, **_k: pytest.fail("something was started")
        )
        assert office_preview.as_pdf(letter(), WORD) is None
    monkeypatch.undo()
    monkeypatch.setattr(office_preview, "available", lambda: False)
    taken = take_in(FileStorage(io.BytesIO(letter()), "说明.docx"), 10**7)
    tip = {
        "channel": "phone",
        "subject": "某公司",
        "subject_kind": "enterprise",
        "narrative": "x",
        "survey_by": "bureau",
    }
    got = receive(bureau, tip, actor_id=team.clerk, files=[taken])
    client = sign_in("clerk")
    page = client.get(
        f"/desk/dockets/{db.session.get_one(Docket, got.docket_id).code}/messages"
    ).text
    assert "本机没有 LibreOffice" in page
    assert "/look" not in page


@pytest.fixture(autouse=True)
def _asked_anew() -> None:
    office_preview.available.cache_clear()


@pytest.fixture
def listener() -> object:
    """A server that a hostile file would call; how often it was called."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        called = list[bytes]()

        def answer() -> None:
            while True:
                try:
                    link, _who = server.accept()
                except OSError:
                    return
                with link:
                    called.append(link.recv(1000))
                    link.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1], called
        server.shutdown(socket.SHUT_RDWR)


def hostile(port: int) -> bytes:
    """A letter whose picture and template lie on a stranger's server."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    relation = (
        f'<Relationship Id="p1" Type="{office}/image" '
        f'Target="http://127.0.0.1:{port}/seen.png" TargetMode="External"/>'
    )
    picture = (
        "<w:p><w:r><w:drawing><wp:inline "
        f'xmlns:wp="{drawing}/wordprocessingDrawing"><wp:extent cx="900000" '
        'cy="900000"/>'
        '<wp:docPr id="1" name="x"/><a:graphic '
        f'xmlns:a="{drawing}/main"><a:graphicData '
        f'uri="{drawing}/picture">'
        f'<pic:pic xmlns:pic="{drawing}/picture"><pic:nvPicPr><pic:cNvPr '
        'id="1" name="x"/><pic:cNvPicPr/></pic:nvPicPr>'
        "<pic:blipFill><a:blip "
        'r:link="p1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="900000" '
        'cy="900000"/></a:xfrm><a:prstGeom '
        'prst="rect"/></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    return letter(picture, relation)


@pytest.mark.parametrize(
    ("network", "settings", "calls"),
    [(False, True, False), (False, False, False), (True, True, False), (True, False, True)],
)
def test_a_file_that_calls_home_reaches_nobody(
    listener: tuple[int, list[bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    network: bool,
    settings: bool,
    calls: bool,
) -> None:
    """The untouched original, as nobody should open it. The wall alone and our settings alone both
    hold it; with neither it calls, so that this test would see it."""
    needed()
    port, called = listener
    wall = office_preview._wall()
    if network:
        wall.insert(wall.index("--unshare-all") + 1, "--share-net")
    if not settings:
        wall[-2] = str(tmp_path / "nothing.xcu")
        Path(wall[-2]).write_text('<oor:items xmlns:oor="http://openoffice.org/2001/registry"/>')
    monkeypatch.setattr(office_preview, "_wall", lambda: wall)
    data = hostile(port)
    assert kind_of(data) == WORD
    assert WORDS in words_of(office_preview.as_pdf(data, WORD))
    assert bool(called) is calls


def test_what_is_no_office_file_has_no_pages() -> None:
    needed()
    assert office_preview.as_pdf(b"PK\x03\x04 broken", SHEET) is None
    assert office_preview.as_pdf(letter(), "application/zip") is None


def test_the_last_drawings_are_kept_and_bounded() -> None:
    kept, drawn = office_preview.DrawingCache(most=2, room=100), list[str]()

    def draw(name: str, size: int) -> Callable[[], bytes]:
        return lambda: drawn.append(name) or bytes(size)

    for name in ("a", "a", "b", "a", "c", "a", "b"):
        kept.get(name, draw(name, 30))
    assert drawn == ["a", "b", "c", "b"]
    kept.get("large", draw("large", 200))
    kept.get("large", draw("large", 200))
    assert drawn[-2:] == ["large", "large"]
