"""Reads mails one after the other, from an IMAP folder or a folder of .eml files, and moves each
once its tip is committed.

Killed at any point, nothing is lost and nothing comes twice: before the commit the mail is still
where it was; after it, the next reading finds that it is a tip already and only moves it. Mails of
an IMAP folder are moved some at a time: many servers go through the whole folder at each move, and
20,000 mails would take a day.
"""

from __future__ import annotations

import imaplib
import logging
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import MailboxLoginError

from casework.docket import jobs
from casework.docket.jobs import Job
from casework.mail import mail_tip, replies_due, reply_loops
from casework.mail.account import Account, MailNotSetUp
from casework.mail.server_answers import server_words
from casework.people.facts import settings_of
from casework.people.may import today
from casework.people.models import Bureau
from casework.store import db

log = logging.getLogger("casework")
PATIENCE = 60  # seconds a mail server may stay silent
LARGEST_FILE = 64 * 1024 * 1024  # bytes of an .eml where no account says otherwise
TOGETHER = 100  # mails moved with one command
# RFC 2971: what every copy of the program says of itself
ID = '("name" "Casework" "vendor" "Casework" "version" "1")'
MOVED = ("taken", "known", "returned")  # fates after which a mail leaves its folder; others stay


class Busy(click.ClickException):
    """Another process is reading the bureau's mail; a command ends with it."""

    def __init__(self) -> None:
        super().__init__("another process is reading mail just now")


class TooLarge(Exception):
    """A mail is larger than ``mail.max_mb`` allows."""


def read_imap(bureau: Bureau, account: Account) -> Counter[str]:
    """Make tips of the mails in the bureau's folder, oldest first. Answers how many were taken,
    known, returned (bounces of replies), large, gone, failed, and how many were replied to. A mail
    that is to be replied to later stays in its folder until then. Errors: Busy; MailNotSetUp when
    the server refuses."""
    done: Counter[str] = Counter()
    with _alone(bureau.id) as held, _box(account) as box:
        if not box.folder.exists(account.done):
            box.folder.create(account.done)
        box.folder.set(account.folder)
        uids, number = box.uids(), bureau.id
        for start in range(0, len(uids), TOGETHER):
            some = uids[start : start + TOGETHER]
            loads = {uid: partial(_fetched, box, uid, account.max_bytes) for uid in some}
            fates = {uid: _one(held, number, load, account, done) for uid, load in loads.items()}
            box.move([uid for uid, fate in fates.items() if fate in MOVED], account.done)
            done.update(fates.values())
    replies_due.forget_old(number)
    return done


def read_folder(bureau: Bureau, folder: Path) -> Counter[str]:
    """The same for every .eml file of a folder in the order of names, without replies; done ones go
    to the folder «done» in it. Error: Busy."""
    done: Counter[str] = Counter()
    with _alone(bureau.id) as held:
        for file in sorted(
            p for p in folder.iterdir() if p.suffix.lower() == ".eml" and p.is_file()
        ):
            fate = _one(held, bureau.id, partial(_of_file, file), None, done)
            if fate in MOVED:
                _put_away(file, folder / "done")
            done[fate] += 1
    return done


def _one(
    held: jobs.Claim,
    bureau_id: int,
    load: Callable[[], bytes | None],
    account: Account | None,
    done: Counter[str],
) -> str:
    """What becomes of one mail. A fault is logged without a word of the mail, and the next one is
    read."""
    held.report(done.total())
    try:
        raw = load()
    except TooLarge:
        return "large"
    if raw is None:
        return "gone"
    try:
        return _registered(bureau_id, raw, account, done)
    except Exception as error:  # names only: what the error says may hold what the mail said
        log.error(
            "a mail could not be taken in (incident %s): %s",
            secrets.token_hex(4),
            type(error).__name__,
        )
        db.session.rollback()
        return "failed"


def _registered(bureau_id: int, raw: bytes, account: Account | None, done: Counter[str]) -> str:
    """What becomes of a mail that was loaded: registered, and answered where the account replies;
    `done` counts what the answer does not say."""
    bureau = db.session.get_one(Bureau, bureau_id)
    limit = int(settings_of(bureau_id, today()).number("upload.max_bytes"))
    if reply_loops.replied_docket(raw) and mail_tip.is_own_bounce(bureau_id, raw):
        return "returned"
    replying = account if account and account.reply else None
    taken = mail_tip.register_mail(bureau, raw, limit, replying.address if replying else "")
    reply = _reply(bureau_id, raw, taken, replying) if replying else ""
    if reply == "later":
        done["taken"] += bool(taken)
        return "later"
    done.update([reply] if reply else [])
    return "taken" if taken else "known"


def _reply(bureau_id: int, raw: bytes, taken: mail_tip.Taken | None, account: Account) -> str:
    """What becomes of the reply that is due to a mail. The tip stands whatever it is."""
    if not replies_due.any_due(bureau_id):
        return ""
    mail, content = (taken.mail, taken.content) if taken else mail_tip.read_again(raw)
    return replies_due.settle(bureau_id, content, mail, account)


# -- one at a time
@contextmanager
def _alone(bureau_id: int) -> Iterator[jobs.Claim]:
    """One process reads mail of a bureau at a time; Busy for the second. (Two would do no harm but
    to each other's speed.)"""
    with jobs.claimed(Job.id == jobs.standing(jobs.MAIL, bureau_id)) as held:
        if held is None:
            raise Busy
        yield held


# -- IMAP
@contextmanager
def _box(account: Account) -> Iterator[BaseMailBox]:
    """Signed in; MailNotSetUp when the server refuses."""
    box = _connected(account)
    try:
        try:
            box.login(account.user, account.password, initial_folder=None)
        except MailboxLoginError as error:
            words = server_words(error, account)
            raise MailNotSetUp(
                "the mail server refuses user and password" + (f": {words}" if words else "")
            ) from None
        # MOVE is told after it
        box.client.capabilities = tuple(box.client.capability()[1][0].decode().upper().split())
        _say_who_we_are(box)
        yield box
    finally:
        try:
            box.client.logout()
        except (OSError, box.client.error):
            log.info("the mail server closed first")


def _say_who_we_are(box: BaseMailBox) -> None:
    """ID (RFC 2971), where the server offers it: 163.com, 126.com and 188.com open no folder to a
    program without it."""
    if "ID" not in box.client.capabilities:
        return
    imaplib.Commands.setdefault("ID", ("NONAUTH", "AUTH", "SELECTED"))
    try:
        box.client.xatom("ID", ID)
    except box.client.abort:
        raise
    except box.client.error:  # a server that offers it and refuses it can still be read
        log.info("the mail server refuses ID")


def _connected(account: Account) -> BaseMailBox:
    if account.security == "none":
        return MailBoxUnencrypted(account.host, account.port, timeout=PATIENCE)
    kind = MailBox if account.security == "tls" else MailBoxStartTls
    return kind(account.host, account.port, timeout=PATIENCE, ssl_context=account.context())


def _fetched(box: BaseMailBox, uid: str, max_bytes: int) -> bytes | None:
    """The mail byte for byte, not marked as read; None when somebody took it away meanwhile."""
    size = re.search(
        rb"RFC822\.SIZE (\d+)",
        b" ".join(p for p in _asked(box, uid, "(RFC822.SIZE)") if isinstance(p, bytes)),
    )
    if size is None:
        return None
    if int(size[1]) > max_bytes:
        raise TooLarge
    parts = [p for p in _asked(box, uid, "(BODY.PEEK[])") if isinstance(p, tuple)]
    return bytes(parts[0][1]) if parts else None


def _asked(box: BaseMailBox, uid: str, what: str) -> list[bytes | tuple[bytes, bytes]]:
    status, data = box.client.uid("FETCH", uid, what)
    return [p for p in data if p is not None] if status == "OK" else []


# -- files
def _of_file(file: Path) -> bytes:
    if file.stat().st_size > LARGEST_FILE:
        raise TooLarge
    return file.read_bytes()


def _put_away(file: Path, done: Path) -> None:
    done.mkdir(exist_ok=True, mode=0o700)
    target = done / file.name
    while target.exists():
        target = done / f"{file.stem}-{secrets.token_hex(3)}.eml"
    file.rename(target)
