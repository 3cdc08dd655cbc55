"""``flask mail``: read the mailbox, or a folder of .eml files; and the same by itself beside the
server."""

from __future__ import annotations

import imaplib
import logging
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from smtplib import SMTPException

import click
from flask import Flask
from flask.cli import AppGroup
from imap_tools.errors import ImapToolsError
from sqlalchemy import select

from casework.mail import fetch, staff_notice, weekly_anchor
from casework.mail.account import Account, MailNotSetUp, account_of, minutes_of
from casework.mail.server_answers import error_in_words as named_error
from casework.people.cli import bureau_named
from casework.people.models import Bureau
from casework.store import db

log = logging.getLogger("casework")
group = AppGroup("mail", help="Tips that come by e-mail.")
UNREACHABLE = (OSError, imaplib.IMAP4.error, ImapToolsError, SMTPException)
NOT_TRUSTED = (
    "the mail server's certificate is not trusted: see "
    "«mail-….authority.pem» in the operators' guide"
)
ANCHORS = 3600.0  # seconds between two looks at whether an anchor is to be mailed
LOOK = 5.0  # seconds between two looks at whether a mailbox is due


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("read")
@click.option(
    "--bureau", "code", default="", help="its code; without, every bureau that names a mailbox"
)
def read_command(code: str) -> None:
    """Read the mailbox: each mail becomes a tip, then it is moved."""
    done, found = Counter[str](), False
    for bureau in _bureaus(code):
        try:
            account = account_of(bureau)
            if account:
                done, found = done + _read(bureau, account), True
        except MailNotSetUp as error:
            raise click.ClickException(str(error)) from None
    _say(done if found else None)


@group.command("anchor")
@click.option(
    "--bureau",
    "code",
    default="",
    help="its code; without, every bureau that names an address (mail.anchor)",
)
def anchor_command(code: str) -> None:
    """Mail the newest head of the journals where a week has passed, or another address was named;
    the server does it too."""
    sent = 0
    for bureau in _bureaus(code):
        try:
            account = account_of(bureau)
            sent += _mail_anchors(bureau, account) if account else 0
        except MailNotSetUp as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"mailed: {sent}")


def _mail_anchors(bureau: Bureau, account: Account) -> int:
    with _reachable(account):
        return weekly_anchor.send(bureau, account)


def _read(bureau: Bureau, account: Account) -> Counter[str]:
    """Read one mailbox and tell its people; MailNotSetUp with what the server answered where it
    cannot be used."""
    with _reachable(account):
        done = fetch.read_imap(bureau, account)
        staff_notice.tell(bureau, account)
        return done


@contextmanager
def _reachable(account: Account) -> Iterator[None]:
    """MailNotSetUp for whatever a mail server does not do."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise MailNotSetUp(NOT_TRUSTED) from None
    except UNREACHABLE as error:  # its own text may hold what was sent
        raise MailNotSetUp(
            f"the mail server cannot be used: {named_error(error, account)}"
        ) from None


@group.command("folder")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--bureau", "code", default="", help="its code, where there are several bureaus")
def folder_command(folder: Path, code: str) -> None:
    """Read every .eml file of FOLDER; those that are tips now go to «done» in it."""
    _say(fetch.read_folder(bureau_named(code), folder))


def _bureaus(code: str) -> list[Bureau]:
    query = select(Bureau).order_by(Bureau.id)
    found = list(db.session.scalars(query.where(Bureau.code == code) if code else query))
    if not found:
        raise click.ClickException("no such bureau")
    return found


def _say(done: Counter[str] | None) -> None:
    """What was done, without a word of any mail; an error status when something was left."""
    if done is None:
        click.echo("no mailbox is named (CASEWORK_MAIL_HOST, or mail-<code of the bureau>.toml)")
        return
    words = {
        "taken": "taken in",
        "known": "there already",
        "large": "too large, left",
        "gone": "gone meanwhile",
        "failed": "failed, left",
        "replied": "replied to",
        "later": "reply to be tried again",
        "unanswered": "reply given up",
        "returned": "replies that came back",
    }
    click.echo(
        ", ".join(
            f"{word}: {done[key]}" for key, word in words.items() if done[key] or key == "taken"
        )
    )
    if done["failed"] or done["large"]:
        raise SystemExit(1)


# -- by itself
def run_in_background(app: Flask) -> threading.Thread:
    """Start a thread of the server that reads mailboxes and mails anchors in rounds, beside that of
    tick, so that a slow mail server never holds up a deadline."""

    def loop() -> None:
        due, anchors = dict[int, float](), dict[int, float]()
        while True:
            with app.app_context():
                read_due(due, time.monotonic())
                anchors_due(anchors, time.monotonic())
            time.sleep(LOOK)

    thread = threading.Thread(target=loop, name="mail", daemon=True)
    thread.start()
    return thread


def read_due(due: dict[int, float], now: float) -> None:
    """Read the mailboxes whose time has come. ``due``: when each bureau is next, in seconds of the
    same clock as ``now``."""
    try:
        for bureau in db.session.scalars(select(Bureau).order_by(Bureau.id)).all():
            minutes = minutes_of(bureau)
            if minutes > 0 and now >= due.get(bureau.id, 0):
                due[bureau.id] = now + minutes * 60
                _quietly(bureau, _read)
    except Exception as error:  # the database is away: the next look tries again
        log.error("mail could not be read: %s", type(error).__name__)


def anchors_due(due: dict[int, float], now: float) -> None:
    """Mail the anchors that are due, whether a mailbox is read by itself or not; ``due`` and
    ``now`` as in ``read_due``."""
    try:
        for bureau in db.session.scalars(select(Bureau).order_by(Bureau.id)).all():
            if now >= due.get(bureau.id, 0):
                due[bureau.id] = now + ANCHORS
                if weekly_anchor.is_wanted(bureau):
                    _quietly(bureau, _mail_anchors)
    except Exception as error:
        log.error("anchors could not be mailed: %s", type(error).__name__)


def _quietly(bureau: Bureau, do: Callable[[Bureau, Account], Counter[str] | int]) -> None:
    try:
        account = account_of(bureau)
        done = do(bureau, account) if account else None
        if done:
            log.info("mail: %s", done)
    except fetch.Busy:
        return
    except MailNotSetUp as error:
        log.error("mail: %s", error)
