"""Which server gets the mailbox's password is the operator's word: no page of a bureau can send it
elsewhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from casework.mail.account import MailNotSetUp, MailServer, account_of
from casework.people.models import Bureau, BureauSetting
from casework.procedure.settings import shipped
from casework.store import writing
from casework.upkeep.walk import Team

FILE = (
    'host = "imap.example.cn"\nuser = "jubao"\nsmtp_host = '
    '"smtp.example.cn"\nport = 143\nsecurity = "starttls"\n'
)


@pytest.fixture
def named(bureau: Bureau, instance: Path) -> Path:
    """The operator's file and the password beside it."""
    (instance / f"mail-{bureau.code}.password").write_text("secret words here", "utf-8")
    (instance / f"mail-{bureau.code}.password").chmod(0o600)
    file = instance / f"mail-{bureau.code}.toml"
    file.write_text(FILE, "utf-8")
    return file


@pytest.fixture
def of_before(bureau: Bureau) -> None:
    """A bureau whose administrator had named a server while that was a setting."""
    with writing() as session:
        for key in ("mail.host", "mail.smtp_host"):
            session.add(
                BureauSetting(
                    bureau_id=bureau.id, key=key, value="evil.example.cn", from_day=date(2020, 1, 1)
                )
            )


def test_no_setting_names_a_server() -> None:
    assert not [
        f"mail.{word}" for word in MailServer.__struct_fields__ if f"mail.{word}" in shipped()
    ]


@pytest.mark.usefixtures("of_before")
def test_the_operators_file_names_it(team: Team, bureau: Bureau, named: Path) -> None:
    found = account_of(bureau)
    assert found is not None
    assert (found.host, found.port, found.security, found.user) == (
        "imap.example.cn",
        143,
        "starttls",
        "jubao",
    )
    assert (found.smtp_host, found.smtp_port, found.folder) == ("smtp.example.cn", 465, "INBOX")


@pytest.mark.usefixtures("of_before")
def test_what_a_bureau_had_set_is_ignored(team: Team, bureau: Bureau) -> None:
    assert account_of(bureau) is None


@pytest.mark.parametrize("text", ['password = "x"', "host = ", 'hots = "x"'])
def test_a_file_that_says_something_else_is_an_error(
    team: Team, bureau: Bureau, named: Path, text: str
) -> None:
    named.write_text(text, "utf-8")
    with pytest.raises(MailNotSetUp, match=named.name):
        account_of(bureau)


@pytest.mark.usefixtures("of_before")
def test_the_operator_is_told_at_the_start(
    team: Team, bureau: Bureau, app: Flask, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casework.mail import cli as mail_cli
    from casework.upkeep import nightly, tick
    from casework.web import server

    monkeypatch.setattr(server, "serve", lambda *_words: None)
    monkeypatch.setattr(tick, "run_in_background", lambda _app: None)
    monkeypatch.setattr(nightly, "run_in_background", lambda _app: None)
    monkeypatch.setattr(mail_cli, "run_in_background", lambda _app: None)
    assert f"mail-{bureau.code}.toml" in app.test_cli_runner().invoke(args=["serve"]).output
    (instance / f"mail-{bureau.code}.toml").write_text(FILE, "utf-8")
    assert f"mail-{bureau.code}.toml" not in app.test_cli_runner().invoke(args=["serve"]).output
