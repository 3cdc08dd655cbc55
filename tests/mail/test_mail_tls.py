"""Mail over TLS: a server that proves who it is is read; any other gets neither user nor
password."""

from collections.abc import Iterator
from pathlib import Path
from ssl import SSLCertVerificationError

import pytest
from sqlalchemy import select

from casework.docket.models import Docket
from casework.mail import fetch
from casework.mail.account import Account, MailNotSetUp, account_of
from casework.people.models import Bureau
from casework.store import db
from tests.conftest import need
from tests.mail import dovecot
from tests.mail.dovecot import PASSWORD, USER, Server
from tests.mail.letters import plain
from tests.support.mail import run


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    need("dovecot (dovecot-imapd)", dovecot.installed())
    with dovecot.running(tls=True) as server:
        yield server


@pytest.fixture(params=["tls", "starttls"])
def server(
    request: pytest.FixtureRequest, running: Server, monkeypatch: pytest.MonkeyPatch
) -> Server:
    """Named in the environment, with one mail in it."""
    with running.box() as box:
        for folder in ("INBOX", "Casework"):
            if box.folder.exists(folder):
                box.folder.set(folder)
                box.delete(box.uids())
    port = running.tls_port if request.param == "tls" else running.port
    for name, value in {
        "HOST": "localhost",
        "PORT": str(port),
        "SECURITY": request.param,
        "USER": USER,
    }.items():
        monkeypatch.setenv(f"CASEWORK_MAIL_{name}", value)
    monkeypatch.setenv("CASEWORK_MAIL_PASSWORD", PASSWORD)
    running.put(plain())
    return running


def account(bureau: Bureau) -> Account:
    found = account_of(bureau)
    assert found is not None
    return found


def test_with_its_authority_in_the_instance_it_is_read(
    server: Server, bureau: Bureau, instance: Path
) -> None:
    (instance / f"mail-{bureau.code}.authority.pem").write_bytes(server.authority.read_bytes())
    assert fetch.read_imap(bureau, account(bureau)) == {"taken": 1}
    assert (server.count("INBOX"), server.count("Casework")) == (0, 1)


def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_password(
    server: Server, bureau: Bureau
) -> None:
    before = (server.root / "log").read_text()
    with pytest.raises(SSLCertVerificationError):
        fetch.read_imap(bureau, account(bureau))
    assert f"user=<{USER}>" not in (server.root / "log").read_text()[len(before) :]
    assert server.count("INBOX") == 1
    assert db.session.scalars(select(Docket.id)).all() == []


def test_another_authority_vouches_for_nothing(
    server: Server, bureau: Bureau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, _key = dovecot.self_made(tmp_path)
    monkeypatch.setenv("CASEWORK_MAIL_AUTHORITY", str(other))
    with pytest.raises(SSLCertVerificationError):
        fetch.read_imap(bureau, account(bureau))


def test_a_certificate_for_another_name_is_refused(
    server: Server, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_MAIL_AUTHORITY", str(server.authority))
    monkeypatch.setenv("CASEWORK_MAIL_HOST", "127.0.0.1")
    with pytest.raises(SSLCertVerificationError):
        fetch.read_imap(bureau, account(bureau))


def test_the_command_says_what_is_missing(server: Server, bureau: Bureau, instance: Path) -> None:
    done = run(instance, "read")
    assert done.returncode == 1
    assert "certificate is not trusted" in done.stderr
    assert PASSWORD not in done.stdout + done.stderr


def test_a_file_that_is_no_certificate_is_said(
    bureau: Bureau, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_MAIL_HOST", "localhost")
    monkeypatch.setenv("CASEWORK_MAIL_PASSWORD", "x")
    (instance / f"mail-{bureau.code}.authority.pem").write_text("no certificate")
    with pytest.raises(MailNotSetUp, match=r"mail-.*authority\.pem holds no certificate"):
        fetch.read_imap(bureau, account(bureau))
