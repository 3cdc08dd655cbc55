"""Scanning with a real clamd: an infected file is kept sealed and opens for nobody; an unreachable
one is never «clean»."""

import io
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from casework.acts.facts import gather
from casework.archive.contents import contents
from casework.docket.models import Docket
from casework.evidence import scan
from casework.evidence.kinds import kind_of
from casework.evidence.models import Attachment
from casework.evidence.uploads import attach, openable, take_in
from casework.intake.receive import receive
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep.walk import Team
from tests.conftest import need
from tests.evidence.made import MARK, PHOTOGRAPHS, pdf, picture
from tests.support.ports import PAUSE, TRIES

CLAMD = Path("/usr/sbin/clamd")
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
SignIn = Callable[[str], FlaskClient]


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A clamd of our own with one signature; its socket."""
    need("clamd", CLAMD.exists())
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "own.ndb").write_text(f"Eicar.Test:0:*:{EICAR.hex()}\n")
    address = str(folder / "s")
    config = folder / "clamd.conf"
    config.write_text(
        f"LocalSocket {address}\nDatabaseDirectory {folder}\nForeground yes\nLogFile {folder}/log\n"
    )
    process = subprocess.Popen(
        [str(CLAMD), "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for _ in range(TRIES):
        if scan.alive(address):
            break
        time.sleep(PAUSE)
    else:
        process.kill()
        pytest.fail(
            (folder / "log").read_text() if (folder / "log").exists() else "clamd did not start"
        )
    yield address
    process.terminate()
    process.wait(60)


def point_to(_bureau: Bureau, address: str) -> None:
    current_app.config["CLAMD"] = address


def test_clamd_says_clean_and_infected(clamd: str) -> None:
    assert scan.scan(clamd, [pdf()]) == ("clean", "")
    state, name = scan.scan(clamd, [EICAR[:20], EICAR[20:]])
    assert state == "infected"
    assert name.startswith("Eicar.Test")


def test_without_an_address_scanning_is_off_and_silence_is_a_failure(tmp_path: Path) -> None:
    assert scan.scan("", [b"x"]) == ("off", "")
    assert scan.scan(str(tmp_path / "none"), [b"x"]) == ("failed", "")
    assert scan.scan("not an address", [b"x"]) == ("failed", "")


@pytest.mark.parametrize("said", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"nonsense\0"])
def test_an_answer_that_is_not_understood_is_a_failure(said: bytes) -> None:
    """A server of ours that answers so; over TCP."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            link, _who = server.accept()
            with link:
                link.recv(100_000)
                link.sendall(said)

        thread = threading.Thread(target=answer)
        thread.start()
        assert scan.scan(f"127.0.0.1:{server.getsockname()[1]}", [b"x"])[0] == "failed"
        thread.join()


def test_an_infected_file_is_kept_and_has_no_copy(app: Flask, bureau: Bureau, clamd: str) -> None:
    point_to(bureau, clamd)
    bad = take_in(FileStorage(io.BytesIO(EICAR), "账.txt"), 10**6)
    assert bad.scan.startswith("infected:Eicar.Test")
    assert bad.cleaned == ""
    assert app.extensions["sealed_store"].read(bad.stored) == EICAR
    assert take_in(FileStorage(io.BytesIO(picture()), "a.jpg"), 10**6).scan == "clean"


def test_a_file_taken_in_before_scanning_is_scanned_when_it_is_opened(
    team: Team, bureau: Bureau, clamd: str, sign_in: SignIn
) -> None:
    """First off (said loudly), then on: the file that came in meanwhile opens for nobody."""
    bad = take_in(FileStorage(io.BytesIO(EICAR), "账.txt"), 10**6)
    assert bad.cleaned
    good = take_in(FileStorage(io.BytesIO(pdf()), "b.pdf"), 10**6)
    tip = {
        "channel": "phone",
        "subject": "某公司",
        "subject_kind": "enterprise",
        "narrative": "x",
        "survey_by": "bureau",
    }
    got = receive(bureau, tip, actor_id=team.clerk, files=[bad, good])
    client = sign_in("clerk")
    page = client.get(f"/desk/dockets/{db.session.get_one(Docket, got.docket_id).code}/messages")
    rows = list(db.session.scalars(select(Attachment).order_by(Attachment.id)))
    assert "未启用病毒扫描" in page.text
    assert client.get(f"/desk/files/{rows[0].id}").status_code == 200
    point_to(bureau, clamd)
    assert client.get(f"/desk/files/{rows[0].id}").status_code == 404
    assert client.get(f"/desk/files/{rows[0].id}/look").status_code == 404
    assert client.get(f"/desk/files/{rows[1].id}").status_code == 200
    db.session.expire_all()
    states = db.session.scalars(select(Attachment.scan).order_by(Attachment.id))
    assert [s.split(":")[0] for s in states] == ["infected", "clean"]


def test_a_picture_of_the_copy_is_shown_in_a_frame_that_can_do_nothing(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    good = take_in(FileStorage(io.BytesIO(pdf()), "b.pdf"), 10**6)
    tip = {
        "channel": "phone",
        "subject": "某公司",
        "subject_kind": "enterprise",
        "narrative": "x",
        "survey_by": "bureau",
    }
    receive(bureau, tip, actor_id=team.clerk, files=[good])
    number = db.session.scalars(select(Attachment.id)).one()
    client = sign_in("officer1")
    # not an officer of this report
    assert client.get(f"/desk/files/{number}/look").status_code == 404
    client = sign_in("clerk")
    page = client.get(f"/desk/files/{number}/look?page=2").text
    assert "第 2 页，共 2 页" in page
    assert "<iframe" in page
    assert " sandbox " in page
    answer = client.get(f"/desk/files/{number}/pages/2.png")
    assert answer.mimetype == "image/png"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert client.get(f"/desk/files/{number}/pages/9.png").status_code == 404
    assert sign_in("publisher").get(f"/desk/files/{number}/look").status_code == 403


def test_a_failed_scan_is_tried_again(
    app: Flask, team: Team, bureau: Bureau, clamd: str, tmp_path: Path
) -> None:
    point_to(bureau, str(tmp_path / "none"))
    kept = take_in(FileStorage(io.BytesIO(picture()), "a.jpg"), 10**6)
    assert kept.scan == "failed"
    tip = {
        "channel": "phone",
        "subject": "某公司",
        "subject_kind": "enterprise",
        "narrative": "x",
        "survey_by": "bureau",
    }
    got = receive(bureau, tip, actor_id=team.clerk)
    with writing() as session:
        attach(session, got.docket_id, 1, [kept])
    row = db.session.scalars(select(Attachment)).one()
    point_to(bureau, clamd)
    assert openable(row)
    assert row.scan == "clean"


def test_a_scanner_that_hangs_holds_up_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "PING", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:  # takes the call and says nothing
        assert not scan.alive(f"127.0.0.1:{server.getsockname()[1]}")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "clamd"))
        silent.listen()
        assert not scan.alive(str(tmp_path / "clamd"))


def test_who_looks_after_the_installation_reads_first_that_scanning_is_off(
    team: Team, bureau: Bureau, sign_in: SignIn, tmp_path: Path
) -> None:
    """On the first page of the desk, as a warning; nobody else is troubled with it."""
    for login, told in (("admin", True), ("head", True), ("leader", False), ("officer1", False)):
        assert ("未启用病毒扫描" in sign_in(login).get("/desk/").text) is told, login
    point_to(bureau, str(tmp_path / "nobody"))
    assert "病毒扫描服务没有响应" in sign_in("admin").get("/desk/").text


def test_a_photograph_of_an_iphone_is_seen_saved_and_bound_as_a_jpeg(
    app: Flask, team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """What staff get is the JPEG; what is kept sealed is the HEIC. One that cannot be drawn is
    bound as a slip."""
    whole, broken = PHOTOGRAPHS["image/heic"], b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(300)
    files = [
        take_in(FileStorage(io.BytesIO(data), "IMG_0123.HEIC"), 10**6) for data in (whole, broken)
    ]
    tip = {
        "channel": "phone",
        "subject": "某公司",
        "subject_kind": "enterprise",
        "narrative": "x",
        "survey_by": "bureau",
    }
    got = receive(bureau, tip, actor_id=team.clerk, files=files)
    rows = list(db.session.scalars(select(Attachment).order_by(Attachment.id)))
    client = sign_in("clerk")
    assert "<iframe" in client.get(f"/desk/files/{rows[0].id}/look").text
    assert client.get(f"/desk/files/{rows[0].id}/pages/1.png").mimetype == "image/png"
    saved = client.get(f"/desk/files/{rows[0].id}")
    assert (saved.mimetype, kind_of(saved.data)) == ("image/jpeg", "image/jpeg")
    assert saved.headers["Content-Disposition"].endswith("IMG_0123.HEIC.jpeg")
    assert (rows[0].media_type, app.extensions["sealed_store"].read(rows[0].stored)) == (
        "image/heic",
        whole,
    )
    assert (rows[1].cleaned, client.get(f"/desk/files/{rows[1].id}").status_code) == ("", 404)
    facts = gather(db.session(), app.extensions["vault"], db.session.get_one(Docket, got.docket_id))
    items = [
        c.item
        for c in contents(db.session(), app.extensions["sealed_store"], facts)
        if c.slot == "source"
    ]
    assert [(i.media_type, i.read()[:3]) for i in items] == [
        ("image/jpeg", b"\xff\xd8\xff"),
        ("application/pdf", b"%PD"),
    ]


def test_an_original_of_a_tip_is_never_bound(app: Flask, team: Team, bureau: Bureau) -> None:
    """A picture that could not be cleaned keeps camera and place, an infected PDF its virus: a slip
    stands for either."""
    huge = io.BytesIO()
    notes = PngInfo()
    notes.add_text("Author", MARK.decode())
    Image.new("1", (20000, 6000)).save(huge, "PNG", pnginfo=notes)
    bad = (huge.getvalue(), "a.png"), (pdf() + EICAR, "b.pdf"), (pdf() + EICAR, "c.pdf")
    files = [take_in(FileStorage(io.BytesIO(d), n), 10**7) for d, n in bad]
    files[1] = replace(files[1], scan="infected:Eicar.Test", cleaned="")
    files[2] = replace(files[2], scan="infected:Eicar.Test")  # found when it had its copy already
    assert [(bool(f.cleaned), f.media_type) for f in files[:2]] == [
        (False, "image/png"),
        (False, "application/pdf"),
    ]
    assert MARK in huge.getvalue()
    tip = {
        "channel": "phone",
        "subject": "某公司",
        "subject_kind": "enterprise",
        "narrative": "x",
        "survey_by": "bureau",
    }
    got = receive(bureau, tip, actor_id=team.clerk, files=files)
    facts = gather(db.session(), app.extensions["vault"], db.session.get_one(Docket, got.docket_id))
    found = [
        c
        for c in contents(db.session(), app.extensions["sealed_store"], facts)
        if c.slot == "source"
    ]
    assert [c.volume for c in found] == ["inner"] * 3
    for content in found:
        data = content.item.read()
        assert content.drawn is not None  # a slip
        assert data.startswith(b"%PDF")
        assert MARK not in data
        assert EICAR not in data
