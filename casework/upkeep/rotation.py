"""``keys rotate``: a new generation of the key file, and everything sealed anew under it. Older
generations stay: copies of the instance still open, and codes, search tokens and sessions depend on
the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select

from casework.docket.jobs import Job
from casework.docket.journal import data_key_name as docket_row
from casework.docket.models import Docket
from casework.evidence.models import Attachment
from casework.informants.models import Identity, IdentityBox, IdentityHalf, Message
from casework.people import two_persons
from casework.people.models import OfficeProposal, Person
from casework.public.dialogue import message_binding as message_row
from casework.store import Model, db, writing
from casework.upkeep import key_check
from casework.vault.sealing import Tampered

group = AppGroup("keys", help="The key file.")
BATCH = 200

# model, column, purpose, what the seal is bound to. Not here: drafts and half-written steps (gone
# soon), a reader's pass (gone with its time); they open with the older generation.
Row = Callable[[Any], str]
SEALED: tuple[tuple[type[Model], str, str, Row], ...] = (
    (Docket, "data_key", "data key", lambda r: docket_row(r.id)),
    (Message, "body", "message", message_row),
    (Message, "internal", "message.internal", message_row),
    (Identity, "sealed", "identity", lambda r: f"docket:{r.docket_id}"),
    (IdentityBox, "sealed", "identity.box", lambda r: f"request:{r.request_id}"),
    (IdentityHalf, "sealed", "identity.half", lambda r: f"request:{r.request_id}:{r.custodian_id}"),
    (Attachment, "title", "attachment.title", lambda r: f"{r.docket_id}:{r.stored}"),
    (Person, "totp", "totp", lambda r: f"person:{r.id}"),
    (OfficeProposal, "secret", two_persons.PURPOSE, lambda r: two_persons.half_binding(r.id)),
    (Job, "body", "batch", lambda r: str(r.id)),
)


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("rotate")
@click.option(
    "--only-reseal", is_flag=True, help="make no new generation: finish an interrupted rotation"
)
def rotate(only_reseal: bool) -> None:
    """Add a generation to the key file and seal everything anew under it; say how much."""
    ring = current_app.extensions["vault"].keyring
    if only_reseal:
        ring.tidy()
    else:
        ring.rotate()
    key_check.note_generations()
    with click.progressbar(length=len(SEALED) + 1, label="sealing anew") as bar:
        rows = 0
        for rule in SEALED:
            rows += reseal_rows(*rule)
            bar.update(1)
        files, damaged = reseal_files()
        bar.update(1)
    click.echo(
        f"generation {ring.current}: {rows} rows and {files} files "
        "sealed anew; keep a copy of the key file apart"
    )
    if damaged:
        names = "\n".join(damaged)
        raise click.ClickException(
            f"{len(damaged)} files are damaged and stay as they are; "
            f"take them from a copy:\n{names}"
        )


def reseal_rows(model: type[Model], column: str, purpose: str, row: Row) -> int:
    """Seal one column anew, some rows in a transaction; answers how many rows were not yet under
    the newest generation. ``row(r)``: the name to which the bytes of a row are bound."""
    vault, key, done = current_app.extensions["vault"], _key(model), 0
    for numbers in _batches(model, key, column):
        with writing() as session:
            for found in session.scalars(select(model).where(key.in_(numbers)).with_for_update()):
                before = getattr(found, column)
                if not before:  # destroyed meanwhile
                    continue
                after = vault.reseal(purpose, row(found), before)
                if after != before:
                    setattr(found, column, after)
                    done += 1
    return done


def _key(model: type[Model]) -> Any:
    return model.__mapper__.primary_key[0]


def _batches(model: type[Model], key: Any, column: str) -> Iterator[list[int]]:
    sealed = getattr(model, column)  # empty where it was destroyed
    wanted = list(
        db.session.scalars(select(key).where(sealed.is_not(None), sealed != b"").order_by(key))
    )
    for start in range(0, len(wanted), BATCH):
        yield wanted[start : start + BATCH]


def reseal_files() -> tuple[int, list[str]]:
    """Wrap every sealed file's key anew; the content stays as it is. Answers how many were not yet
    under the newest generation, and the names of those that do not open, which hold up none of the
    others."""
    store, done, damaged = current_app.extensions["sealed_store"], 0, []
    for name in [n for n in store.names() if not n.startswith(".")]:
        try:
            done += store.reseal(name)
        except FileNotFoundError:  # destroyed meanwhile
            continue
        except Tampered:
            damaged.append(name)
    return done, damaged
