"""A real IMAP server, a process killed at each point, and a folder of files: nothing is lost,
nothing comes twice."""

import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from imap_tools import BaseMailBox
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.docket.models import Docket
from casework.intake import arrivals
from casework.intake import receive as receiving
from casework.mail import fetch, mail_tip
from casework.mail.account import Account, MailNotSetUp, account_of
from casework.mail.cli import read_due
from casework.people.may import today
from casework.people.models import Bureau, BureauSetting
from casework.store import db, writing
from tests.conftest import need
from tests.mail import dovecot
from tests.mail.dovecot import PASSWORD, USER, Server
from tests.mail.letters import plain, with_files
from tests.public.served import serving
from tests.support.killed import leases_run_out
from tests.support.mail import run, titles
from tests.support.ports import PAUSE, TRIES, free_port


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    need("dovecot (dovecot-imapd)", dovecot.installed())
    with dovecot.running() as server:
        yield server


@pytest.fixture
def server(running: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """With empty folders, and named in the environment."""
    with running.box() as box:
        for folder in ("INBOX", "Casework", "已登记"):
            if box.folder.exists(folder):
                box.folder.set(folder)
                box.delete(box.uids())
    for name, value in {
        "HOST": "127.0.0.1",
        "PORT": str(running.port),
        "SECURITY": "none",
        "USER": USER,
    }.items():
        monkeypatch.setenv(f"CASEWORK_MAIL_{name}", value)
    monkeypatch.setenv("CASEWORK_MAIL_PASSWORD", PASSWORD)
    return running


def account(bureau: Bureau) -> Account:
    found = account_of(bureau)
    assert found is not None
    return found


def test_every_mail_becomes_a_tip_and_is_moved(server: Server, bureau: Bureau) -> None:
    letters = [plain(f"第{n}封", f"内容{n}", f"<{n}@x>") for n in range(5)]
    server.put(*letters, with_files(40))
    assert fetch.read_imap(bureau, account(bureau)) == {"taken": 6}
    assert titles() == [*(f"第{n}封" for n in range(5)), "附件"]
    assert (server.count("INBOX"), server.count("Casework")) == (0, 6)
    assert fetch.read_imap(bureau, account(bureau)) == {}


def test_mails_are_moved_some_at_a_time_and_those_that_stay_are_not(
    server: Server, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that goes through its whole folder at each move is asked seldom."""
    monkeypatch.setattr(fetch, "TOGETHER", 3)
    monkeypatch.setenv("CASEWORK_MAIL_MAX_MB", "1")
    moved: list[int] = []
    real = BaseMailBox.move
    monkeypatch.setattr(
        BaseMailBox, "move", lambda box, uids, to: (moved.append(len(uids)), real(box, uids, to))
    )
    letters = [plain(f"第{n}封", f"内容{n}", f"<{n}@x>") for n in range(7)]
    server.put(*letters[:2], with_files(1, 2 * 1024 * 1024), *letters[2:])
    assert fetch.read_imap(bureau, account(bureau)) == {"taken": 7, "large": 1}
    assert moved == [2, 3, 2]
    assert (server.count("INBOX"), server.count("Casework")) == (1, 7)


def test_the_original_is_the_mail_byte_for_byte(server: Server, bureau: Bureau, app: Flask) -> None:
    from tests.support.mail import files_of

    letter = plain().replace(b"\n", b"\r\n")
    server.put(letter)
    fetch.read_imap(bureau, account(bureau))
    docket = db.session.scalars(select(Docket)).one()
    assert app.extensions["sealed_store"].read(files_of(docket.id)[0].stored) == letter


def test_a_done_folder_with_a_chinese_name(
    server: Server, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_MAIL_DONE", "已登记")
    server.put(plain())
    fetch.read_imap(bureau, account(bureau))
    assert server.count("已登记") == 1


def test_a_mail_too_large_stays_and_is_said(
    server: Server, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_MAIL_MAX_MB", "1")
    server.put(with_files(1, 2 * 1024 * 1024), plain())
    assert fetch.read_imap(bureau, account(bureau)) == {"large": 1, "taken": 1}
    assert server.count("INBOX") == 1


def test_a_mail_that_fails_stays_and_holds_up_no_other(
    server: Server,
    bureau: Bureau,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.put(plain("坏的", number="<bad@x>"), plain("好的", number="<good@x>"))
    real = fetch.mail_tip.mails.parse_mail  # type: ignore[attr-defined]

    def fails(raw: bytes) -> object:
        if b"bad@x" in raw:
            raise RuntimeError("with words of the mail: 冉小梅")
        return real(raw)

    monkeypatch.setattr(fetch.mail_tip.mails, "parse_mail", fails)
    assert fetch.read_imap(bureau, account(bureau)) == {"failed": 1, "taken": 1}
    assert (titles(), server.count("INBOX")) == (["好的"], 1)
    assert "冉小梅" not in caplog.text


# -- killed
def die(*_a: object, **_k: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before(owner: Any, name: str) -> None:
    setattr(owner, name, die)


def after(owner: Any, name: str) -> None:
    real = getattr(owner, name)

    def wrapped(*a: Any, **k: Any) -> None:
        real(*a, **k)
        die()

    setattr(owner, name, wrapped)


def half_moved(box: BaseMailBox, uids: list[str], to: str) -> None:
    """A server without MOVE, and a death between copy and delete."""
    box.copy(uids, to)
    die()


POINTS: dict[str, Callable[[], None]] = {
    "before_fetch": lambda: before(fetch, "_fetched"),
    "after_fetch": lambda: after(fetch, "_fetched"),
    "before_original_is_sealed": lambda: before(mail_tip, "_apart"),
    "after_files_are_sealed": lambda: after(mail_tip, "_files"),
    "before_the_transaction": lambda: before(mail_tip, "receive"),
    "after_it_is_noted": lambda: after(arrivals, "note_arrival"),
    "after_the_docket_is_written": lambda: after(receiving, "open_docket"),
    "before_commit": lambda: before(Session, "commit"),
    "after_commit": lambda: after(Session, "commit"),
    "before_move": lambda: before(BaseMailBox, "move"),
    "after_move": lambda: after(BaseMailBox, "move"),
    "between_copy_and_delete": lambda: setattr(BaseMailBox, "move", half_moved),
}


def killed(point: str, bureau_id: int) -> int:
    """Another process reads the mailbox and dies at the point; how it ended. Forked, so that
    nothing is loaded anew."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            POINTS[point]()
            fetch.read_imap(
                db.session.get_one(Bureau, bureau_id),
                account(db.session.get_one(Bureau, bureau_id)),
            )
        finally:
            os._exit(3)  # it lived: nothing of pytest may run twice
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("together", [1, 2])
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_each_point_nothing_is_lost_and_nothing_comes_twice(
    server: Server, bureau: Bureau, point: str, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "TOGETHER", together)
    server.put(*(plain(f"第{n}封", f"内容{n}", f"<{n}@x>") for n in range(3)))
    number = bureau.id
    assert killed(point, number) == -signal.SIGKILL
    # what has left its folder is a tip
    assert 3 - server.count("INBOX") <= len(titles()) <= together
    leases_run_out(monkeypatch)
    bureau = db.session.get_one(Bureau, number)
    fetch.read_imap(bureau, account(bureau))
    assert titles() == ["第0封", "第1封", "第2封"]
    assert server.count("INBOX") == 0
    assert server.count("Casework") >= 3
    numbers = [
        n.split("〕")[1] for n in db.session.scalars(select(Docket.number).order_by(Docket.id))
    ]
    assert numbers == ["1号", "2号", "3号"]  # no number is skipped


def test_the_command_reads_and_says_numbers_only(
    server: Server, bureau: Bureau, instance: Path
) -> None:
    server.put(plain(), plain())
    done = run(instance, "read")
    assert (done.returncode, done.stdout.strip()) == (0, "taken in: 1, there already: 1")
    assert PASSWORD not in done.stdout + done.stderr


def test_a_wrong_password_is_said_without_saying_it(
    server: Server, bureau: Bureau, instance: Path
) -> None:
    done = run(instance, "read", CASEWORK_MAIL_PASSWORD="another-secret-word")
    assert done.returncode == 1
    said = (
        "Error: the mail server refuses user and password: "
        "[AUTHENTICATIONFAILED] Authentication failed."
    )
    assert done.stderr.strip() == said


def test_without_a_mailbox_it_says_so(bureau: Bureau, instance: Path) -> None:
    assert "no mailbox" in run(instance, "read").stdout


def test_a_server_that_is_away(bureau: Bureau, instance: Path) -> None:
    done = run(
        instance,
        "read",
        CASEWORK_MAIL_HOST="127.0.0.1",
        CASEWORK_MAIL_PORT=str(free_port()),
        CASEWORK_MAIL_SECURITY="none",
        CASEWORK_MAIL_PASSWORD="x",
    )
    assert (done.returncode, done.stderr.strip()) == (
        1,
        "Error: the mail server cannot be used: ConnectionRefusedError",
    )


def test_a_folder_of_files(bureau: Bureau, instance: Path, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "1.eml").write_bytes(plain())
    (folder / "2.EML").write_bytes(with_files(2))
    (folder / "3.eml").write_bytes(plain())
    (folder / "note.txt").write_text("x")
    done = run(instance, "folder", str(folder))
    assert done.stdout.strip() == "taken in: 2, there already: 1", done.stderr
    assert sorted(p.name for p in folder.iterdir()) == ["done", "note.txt"]
    assert len(list((folder / "done").iterdir())) == 3
    assert titles() == ["反映某公司虚报产值", "附件"]


def test_only_one_process_reads_at_a_time(bureau: Bureau, tmp_path: Path) -> None:
    with fetch._alone(bureau.id), pytest.raises(fetch.Busy):
        fetch.read_folder(bureau, tmp_path)


# -- set up
def test_without_encryption_another_machine_is_refused(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_MAIL_HOST", "imap.example.cn")
    monkeypatch.setenv("CASEWORK_MAIL_SECURITY", "none")
    with pytest.raises(MailNotSetUp, match="this machine"):
        account_of(bureau)


def test_the_password_file_must_be_the_owners_alone(
    bureau: Bureau, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_MAIL_HOST", "127.0.0.1")
    with pytest.raises(MailNotSetUp, match="no password"):
        account_of(bureau)
    file = instance / f"mail-{bureau.code}.password"
    file.write_text("秘密 word\n", "utf-8")
    file.chmod(0o644)
    with pytest.raises(MailNotSetUp, match="chmod 600"):
        account_of(bureau)
    file.chmod(0o600)
    assert account(bureau).password == "秘密 word"
    assert "秘密" not in repr(account(bureau))


def test_the_environment_speaks_of_one_bureau_only(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing() as session:
        session.add(Bureau(code="other", name="另一局", prefix="另"))
    other = db.session.scalars(select(Bureau).where(Bureau.code == "other")).one()
    monkeypatch.setenv("CASEWORK_MAIL_HOST", "127.0.0.1")
    monkeypatch.setenv("CASEWORK_MAIL_PASSWORD", "x")
    assert account_of(other) is None
    assert account(bureau).host == "127.0.0.1"


def test_it_is_read_by_itself_at_its_own_interval(
    server: Server, bureau: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    due: dict[int, float] = {}
    server.put(plain())
    read_due(due, 1000.0)
    assert server.count("INBOX") == 1  # 0 minutes: never by itself
    with writing() as session:
        session.add(
            BureauSetting(bureau_id=bureau.id, key="mail.minutes", value="5", from_day=today())
        )
    read_due(due, 1000.0)
    assert server.count("INBOX") == 0
    server.put(plain(number="<2@x>"))
    read_due(due, 1299.0)
    assert server.count("INBOX") == 1
    read_due(due, 1300.0)
    assert server.count("INBOX") == 0
    assert PASSWORD not in caplog.text


def test_the_running_server_reads_it(
    server: Server, bureau: Bureau, instance: Path, tmp_path: Path, app: Flask
) -> None:
    """The program as people start it: nobody gives a command, and the mail becomes a tip."""
    with writing() as session:
        session.add(
            BureauSetting(bureau_id=bureau.id, key="mail.minutes", value="1", from_day=today())
        )
    server.put(plain("自动收取的一封"))
    with serving(instance, tmp_path) as running:
        for _ in range(TRIES):
            if server.count("Casework"):
                break
            time.sleep(PAUSE)
        assert running.process.poll() is None
    assert (server.count("INBOX"), server.count("Casework")) == (0, 1)
    assert titles() == ["自动收取的一封"]
    assert PASSWORD not in running.log.read_text()


def test_a_mailbox_that_is_away_holds_up_nothing(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_MAIL_HOST", "127.0.0.1")
    monkeypatch.setenv("CASEWORK_MAIL_PORT", str(free_port()))
    monkeypatch.setenv("CASEWORK_MAIL_SECURITY", "none")
    monkeypatch.setenv("CASEWORK_MAIL_PASSWORD", "x")
    with writing() as session:
        session.add(
            BureauSetting(bureau_id=bureau.id, key="mail.minutes", value="5", from_day=today())
        )
    due: dict[int, float] = {}
    read_due(due, 0.0)
    assert due == {bureau.id: 300.0}
