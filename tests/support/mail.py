"""Mails that were read, and a server that keeps what is sent to it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from casework.acts.facts import gather
from casework.docket.models import Docket
from casework.evidence.models import Attachment
from casework.mail.account import Account
from casework.store import db
from tests.conftest import ROOT
from tests.mail.letters import OWN
from tests.support.ports import free_port


class Keeps:
    """Every mail that was sent, with its envelope."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
        self.sent.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))  # type: ignore[attr-defined]
        return "250 OK"


@pytest.fixture
def keeps() -> Iterator[tuple[Keeps, int]]:
    handler, port = Keeps(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    yield handler, port
    server.stop()


def account(port: int, reply: bool = True) -> Account:
    return Account(
        "127.0.0.1", 1, "none", "", "", "INBOX", "Casework", 1 << 26, reply, "127.0.0.1", port, OWN
    )


LIMIT = 20 * 1024 * 1024


def facts_of(docket_id: int) -> dict[str, object]:
    from flask import current_app

    docket = db.session.get_one(Docket, docket_id)
    facts = gather(db.session(), current_app.extensions["vault"], docket, None)
    return dict(facts.acts[0].asked)


def files_of(docket_id: int) -> list[Attachment]:
    return list(
        db.session.scalars(
            select(Attachment).where(Attachment.docket_id == docket_id).order_by(Attachment.id)
        )
    )


def titles() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Docket.title).order_by(Docket.id)))


# -- commands
def run(instance: Path, *words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "flask", "--app", "app", "mail", *words]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "CASEWORK_INSTANCE": str(instance), **env},
        capture_output=True,
        text=True,
    )
