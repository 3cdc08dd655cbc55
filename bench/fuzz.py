"""Thousands of odd inputs to every address, as nobody and as each role: none may be a fault of
ours. Too long for a test."""

from __future__ import annotations

import argparse
import sys

import click
from sqlalchemy import select

from app import create_app
from bench.common import instance, scratch, table
from casework.people.models import Person, PersonRole
from casework.store import db
from tests.support.odd import JUNK, Odd


def main() -> None:
    """Send them, print what was answered, name what broke."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--inputs", type=int, default=20_000)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument(
        "--dockets", type=int, default=2, help="tips of the demonstration beside its scenes"
    )
    given = words.parse_args()
    with scratch() as folder:
        made = instance(folder / "ours", ("demo", "load", "--dockets", str(given.dockets)))
        app = create_app(str(made), WTF_CSRF_ENABLED=False)
        with app.app_context():
            people = {
                role: number
                for number, role in db.session.execute(
                    select(Person.id, PersonRole.role).join(PersonRole)
                )
            }
            odd = Odd(app, people, given.seed)
        with click.progressbar(length=given.inputs, label="odd inputs", file=sys.stderr) as bar:
            for _sent in odd.run(given.inputs):
                bar.update(1)
    table(
        f"{given.inputs} inputs, {len(JUNK)} kinds of junk, "
        f"{len(odd.rules)} addresses, {len(people)} roles and nobody",
        ("answer", "times"),
        sorted(odd.answers.items()),
    )
    print(*odd.broken, f"{len(odd.broken)} faults of ours", sep="\n")
    sys.exit(bool(odd.broken))


if __name__ == "__main__":
    main()
