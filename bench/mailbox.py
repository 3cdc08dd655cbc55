"""A mailbox of 20,000 mails, ten years of them, read in one go from a real IMAP server (dovecot,
started here without privileges): memory stays flat.

    python -m bench.mailbox [MAILS]

Every fiftieth mail carries a photograph of a megabyte. Prints, after each tenth: mails for each
second of this process, as a ratio to the first tenth; what the process holds and has held at most,
in MiB.
"""

from __future__ import annotations

import base64
import io
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image

from bench.common import instance, scratch, table
from tests.mail import dovecot

FILE_EACH, SIDE = 50, 1800  # one mail in so many has a photograph, so many pixels square


@cache
def photograph() -> bytes:
    """A JPEG of about a megabyte."""
    out = io.BytesIO()
    Image.effect_noise((SIDE, SIDE), 60).save(out, "JPEG", quality=60)
    return out.getvalue()


def letter(number: int) -> bytes:
    """A mail of some 3 KB, or with a file."""
    head = (
        f"From: a{number}@example.cn\nTo: jubao@example.cn\nSubject: letter "
        f"{number}\nMessage-ID: <{number}@example.cn>\n"
    )
    words = f"第{number}封：某公司多报产值。" + "统计资料" * 250
    text = "Content-Type: text/plain; charset=utf-8\n\n" + words
    if number % FILE_EACH:
        return (head + text).encode()
    file = (
        "Content-Type: image/jpeg\nContent-Disposition: attachment; "
        "filename=a.jpg\nContent-Transfer-Encoding: base64\n"
    )
    file = f"{file}\n{base64.encodebytes(photograph()).decode()}"
    parts = f"--b\n{text}\n--b\n{file}\n--b--\n"
    return f"{head}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{parts}".encode()


def deliver(server: dovecot.Server, mails: int) -> None:
    """As a mail server would: files in the Maildir, readable by the server's user."""
    folder, known = server.root / "mail" / "new", (server.root / "mail").stat()
    for sub in ("cur", "new", "tmp"):
        (server.root / "mail" / sub).mkdir()
        os.chown(server.root / "mail" / sub, known.st_uid, known.st_gid)
    for number in range(mails):
        file = folder / f"{1_500_000_000 + number}.M{number}.here"
        file.write_bytes(letter(number))
        os.chown(file, known.st_uid, known.st_gid)


def held() -> tuple[float, float]:
    """MiB that this process holds, and has held at most."""
    now = next(
        line
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmRSS")
    )
    return int(now.split()[1]) / 1024, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def noting(each: int) -> Iterator[list[tuple[float, float, float]]]:
    """(seconds of processor, MiB held, MiB at most) after every so many mails that are read while
    this is open."""
    from casework.mail import fetch

    notes: list[tuple[float, float, float]] = []
    count, one = 0, fetch._one

    def counted(*given: Any) -> str:
        nonlocal count
        fate, count = one(*given), count + 1
        if count % each == 0:
            notes.append((time.process_time(), *held()))
        return fate

    fetch._one = counted
    try:
        yield notes
    finally:
        fetch._one = one


def read_all(server: dovecot.Server, mails: int) -> list[tuple[float, float, float]]:
    """Everything in one reading; what was noted after each tenth, the beginning before it."""
    from app import create_app
    from casework.mail import fetch
    from casework.mail.account import account_of
    from casework.people.models import Bureau
    from casework.store import db

    words = {
        "HOST": "127.0.0.1",
        "PORT": str(server.port),
        "SECURITY": "none",
        "USER": dovecot.USER,
        "PASSWORD": dovecot.PASSWORD,
    }
    os.environ.update({f"CASEWORK_MAIL_{name}": value for name, value in words.items()})
    with create_app().app_context():
        bureau = db.session.query(Bureau).first()
        account = account_of(bureau)
        assert account
        began = (time.process_time(), *held())
        with noting(mails // 10) as notes:
            done = fetch.read_imap(bureau, account)
    assert done["taken"] == mails, done
    assert (server.count("INBOX"), server.count(account.done)) == (0, mails)
    return [began, *notes]


def main(mails: int) -> None:
    """In an instance and with a mail server of its own, both thrown away at the end."""
    with scratch() as folder, dovecot.running() as server:
        deliver(server, mails)
        os.environ["CASEWORK_INSTANCE"] = str(
            instance(folder / "instance", ("people", "first-admin"))
        )
        notes = read_all(server, mails)
    spent = [after[0] - before[0] for before, after in pairwise(notes)]
    rows = [
        (n * mails // 10, spent[0] / spent[n - 1], notes[n][1], notes[n][2]) for n in range(1, 11)
    ]
    table(
        f"{mails:,} mails over IMAP",
        ("mails", "speed, of the first tenth", "held, MiB", "at most, MiB"),
        rows,
    )
    print(f"\nmemory: {rows[-1][3] / rows[0][3]:.2f} of the peak after the first tenth")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
