"""Letters: from a folder of files, and from a real IMAP server. Each becomes a tip once, none is
lost."""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from email import message_from_bytes, policy
from typing import Any

from sqlalchemy import select

from bench.kills.lists import people
from bench.kills.process import Tell
from bench.kills.work import LOST, Work
from casework.acts.facts import gather
from casework.docket.models import Docket
from casework.mail import fetch
from casework.mail.account import account_of
from casework.people.models import Bureau
from casework.store import db
from casework.vault.sealing import vault
from tests.mail import dovecot
from tests.mail.letters import plain

LETTERS = 9


class _Letters(Work):
    """What both have in common: letters with words of their own, every third with a file; told is
    each that was taken."""

    mould = "people"

    def prepare(self) -> None:
        self.ground.make("people", "empty", people)

    def ready(self, dice: random.Random) -> None:
        self.words = {
            f"第{n}封": f"第{n}封信：某公司多报产值{dice.randrange(100, 999)}万元。"
            for n in range(LETTERS)
        }
        self.letters = [
            self._letter(n, subject, text) for n, (subject, text) in enumerate(self.words.items())
        ]

    def _letter(self, n: int, subject: str, text: str) -> bytes:
        letter = message_from_bytes(
            plain(subject, text, f"<{n}@example.cn>"), policy=policy.default
        )
        if n % 3 == 0:
            letter.add_attachment(f"{text}账簿。" * 200, filename="台账.txt")
        return letter.as_bytes()

    def do(self, tell: Tell) -> Any:
        one = fetch._one

        def told(*given: Any) -> str:
            fate = one(*given)
            tell(fate)
            return fate

        fetch._one = told
        self.read(db.session.query(Bureau).first())

    def read(self, bureau: Bureau) -> None:
        """All of the mailbox."""
        raise NotImplementedError

    def after(self, told: list[Any]) -> list[str]:
        found, taken = _tips(), told.count("taken")
        faults = [
            f"{subject} is a tip {times} times"
            for subject, times in Counter(s for s, _ in found).items()
            if times > 1
        ]
        faults += [
            f"other words: {subject}" for subject, text in found if self.words[subject] not in text
        ]
        if len(found) < taken:
            faults.append(f"{LOST}{taken} letters were taken, and {len(found)} tips are there")
        return faults

    def at_end(self, told: list[Any]) -> list[str]:
        gone = set(self.words) - {subject for subject, _text in _tips()}
        waiting = self.waiting()
        return [
            *self.after(told),
            *(f"{LOST}{subject}" for subject in sorted(gone)),
            *([f"{waiting} letters still lie where they were"] if waiting else []),
            *(["a letter failed"] if "failed" in told else []),
        ]

    def waiting(self) -> int:
        """Letters that were not put away."""
        raise NotImplementedError


def _tips() -> list[tuple[str, str]]:
    """Subject and words of every tip."""
    found = []
    for docket in db.session.scalars(select(Docket).order_by(Docket.id)):
        facts = gather(db.session(), vault(), docket)
        found.append((docket.title, str(facts.value("narrative"))))
    return found


class Folder(_Letters):
    """``mail`` from a folder of .eml files."""

    name = "mail folder"

    def ready(self, dice: random.Random) -> None:
        super().ready(dice)
        for n, letter in enumerate(self.letters):
            (self.ground.beside / f"{n:03d}.eml").write_bytes(letter)

    def read(self, bureau: Bureau) -> None:
        fetch.read_folder(bureau, self.ground.beside)

    def waiting(self) -> int:
        return len(list(self.ground.beside.glob("*.eml")))


class Imap(_Letters):
    """``mail`` over IMAP, from a dovecot of our own."""

    name = "mail over IMAP"

    def prepare(self) -> None:
        super().prepare()
        if not dovecot.installed():
            sys.exit("bench: dovecot is missing (on Debian: apt-get install dovecot-imapd)")
        self.server = self.ground.ending.enter_context(dovecot.running())
        words = {
            "HOST": "127.0.0.1",
            "PORT": str(self.server.port),
            "SECURITY": "none",
            "USER": dovecot.USER,
        }
        words["PASSWORD"] = dovecot.PASSWORD
        os.environ.update({f"CASEWORK_MAIL_{name}": value for name, value in words.items()})

    def ready(self, dice: random.Random) -> None:
        super().ready(dice)
        with self.server.box() as box:
            for folder in ("INBOX", "Casework"):
                if box.folder.exists(folder):
                    box.folder.set(folder)
                    box.delete(box.uids())
        self.server.put(*self.letters)

    def read(self, bureau: Bureau) -> None:
        account = account_of(bureau)
        assert account
        fetch.read_imap(bureau, account)

    def waiting(self) -> int:
        return self.server.count("INBOX")
