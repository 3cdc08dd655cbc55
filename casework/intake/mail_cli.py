"""``flask mail``: read the mailbox, or a folder of .eml files; and the same by itself beside the server."""

from __future__ import annotations

import imaplib
import logging
import ssl
import threading
import time
from collections import Counter
from pathlib import Path
from smtplib import SMTPException

import click
from flask import Flask
from flask.cli import AppGroup
from imap_tools.errors import ImapToolsError
from sqlalchemy import select

from casework.intake import mail_staff, mailbox
from casework.intake.mail_account import MailNotSetUp, account_of, minutes_of
from casework.people.cli import named
from casework.people.models import Bureau
from casework.store import db

log = logging.getLogger("casework")
group = AppGroup("mail", help="Tips that come by e-mail.")
UNREACHABLE = (OSError, imaplib.IMAP4.error, ImapToolsError, SMTPException)
NOT_TRUSTED = "the mail server's certificate is not trusted: see «mail-….authority.pem» in the operators' guide"
LOOK = 5.0  # seconds between two looks at whether a mailbox is due


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("read")
@click.option("--bureau", "code", default="", help="its code; without, every bureau that names a mailbox")
def read_command(code: str) -> None:
    """Read the mailbox: each mail becomes a tip, then it is moved."""
    done, found = Counter[str](), False
    for bureau in _bureaus(code):
        try:
            account = account_of(bureau)
            if account:
                done, found = done + mailbox.read_imap(bureau, account), True
                mail_staff.tell(bureau, account)
        except mailbox.Busy:
            raise click.ClickException("another process is reading mail just now") from None
        except MailNotSetUp as error:
            raise click.ClickException(str(error)) from None
        except ssl.SSLCertVerificationError:
            raise click.ClickException(NOT_TRUSTED) from None
        except UNREACHABLE as error:  # its text may hold what was sent
            raise click.ClickException(f"the mail server cannot be used: {type(error).__name__}") from None
    _say(done if found else None)


@group.command("folder")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--bureau", "code", default="", help="its code, where there are several bureaus")
def folder_command(folder: Path, code: str) -> None:
    """Read every .eml file of FOLDER; those that are tips now go to «done» in it."""
    try:
        _say(mailbox.read_folder(named(code), folder))
    except mailbox.Busy:
        raise click.ClickException("another process is reading mail just now") from None


def _bureaus(code: str) -> list[Bureau]:
    query = select(Bureau).order_by(Bureau.id)
    found = list(db.session.scalars(query.where(Bureau.code == code) if code else query))
    if not found:
        raise click.ClickException("no such bureau")
    return found


def _say(done: Counter[str] | None) -> None:
    """What was done, without a word of any mail; an error status when something was left."""
    if done is None:
        click.echo("no mailbox is named in the settings (mail.host)")
        return
    words = {
        "taken": "taken in", "known": "there already", "large": "too large, left", "gone": "gone meanwhile",
        "failed": "failed, left", "replied": "replied to", "unanswered": "reply failed",
    }  # fmt: skip
    click.echo(", ".join(f"{word}: {done[key]}" for key, word in words.items() if done[key] or key == "taken"))
    if done["failed"] or done["large"]:
        raise SystemExit(1)


# -- by itself
def run_in_background(app: Flask) -> threading.Thread:
    """A thread of the server beside tick's, so that a slow mail server never holds up a deadline."""

    def loop() -> None:
        due: dict[int, float] = {}
        while True:
            with app.app_context():
                read_due(due, time.monotonic())
            time.sleep(LOOK)

    thread = threading.Thread(target=loop, name="mail", daemon=True)
    thread.start()
    return thread


def read_due(due: dict[int, float], now: float) -> None:
    """Read the mailboxes whose time has come; ``due`` keeps when each is next (seconds of the same clock as ``now``)."""
    try:
        for bureau in db.session.scalars(select(Bureau).order_by(Bureau.id)).all():
            minutes = minutes_of(bureau)
            if minutes > 0 and now >= due.get(bureau.id, 0):
                due[bureau.id] = now + minutes * 60
                _read_quietly(bureau)
    except Exception as error:  # the database is away: the next look tries again
        log.error("mail could not be read: %s", type(error).__name__)


def _read_quietly(bureau: Bureau) -> None:
    try:
        account = account_of(bureau)
        if account:
            done = mailbox.read_imap(bureau, account)
            if done:
                log.info("mail: %s", dict(done))
            mail_staff.tell(bureau, account)
    except mailbox.Busy:
        return
    except MailNotSetUp as error:
        log.error("mail: %s", error)
    except ssl.SSLCertVerificationError:
        log.error("mail: %s", NOT_TRUSTED)
    except UNREACHABLE as error:
        log.error("mail: the server cannot be used: %s", type(error).__name__)
