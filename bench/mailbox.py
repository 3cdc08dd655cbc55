"""A mailbox of 20,000 mails imports with flat memory: peak after the first tenth against peak at the end.

    python -m bench.mailbox [MAILS]

Prints mails a second of each tenth as a ratio to the first, and the peak of memory in KiB after each tenth.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent


def letter(number: int) -> bytes:
    """A mail of some 3 KB."""
    head = f"From: a{number}@example.cn\nTo: jubao@example.cn\nSubject: letter {number}\nMessage-ID: <{number}@example.cn>\n"
    words = f"第{number}封：某公司多报产值。" + "统计资料" * 250
    return (head + "Content-Type: text/plain; charset=utf-8\n\n" + words).encode()


def peak() -> int:
    """KiB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def tenths(folder: Path, mails: int) -> list[tuple[int, float, int]]:
    """(mails so far, mails a second, peak) after each tenth, all in this process."""
    from app import create_app
    from casework.intake import mailbox
    from casework.people.models import Bureau
    from casework.store import db

    found, step = [], mails // 10
    with create_app().app_context():
        bureau = db.session.query(Bureau).first()
        for at in range(10):
            inbox = folder / str(at)
            inbox.mkdir()
            for n in range(at * step, (at + 1) * step):
                (inbox / f"{n:06}.eml").write_bytes(letter(n))
            began = time.perf_counter()
            done = mailbox.read_folder(bureau, inbox)
            assert done["taken"] == step, done
            found.append(((at + 1) * step, step / (time.perf_counter() - began), peak()))
    return found


def main(mails: int) -> None:
    """In an instance of its own, thrown away at the end."""
    with tempfile.TemporaryDirectory(prefix="mailbox-") as name:
        folder = Path(name)
        os.environ["CASEWORK_INSTANCE"] = str(folder / "instance")
        for words in (["db", "upgrade"], ["people", "first-admin"]):
            command = [sys.executable, "-m", "flask", "--app", "app", *words]
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        rows = tenths(folder, mails)
    for so_far, speed, high in rows:
        print(f"{so_far:>7} mails  speed {speed / rows[0][1]:.2f} of the first tenth  peak {high} KiB")
    print(f"memory: {rows[-1][2] / rows[0][2]:.2f} of the peak after the first tenth")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
