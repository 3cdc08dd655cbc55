"""A copy of everything but the keys, taken while the program runs, and its way back."""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from casework.papers.bind import private
from casework.people.heads import Signed, Unreadable
from casework.store import db, utcnow, writing
from casework.upkeep import restored_copy, verify
from casework.vault.keys import KeyFileError, KeyRing
from casework.vault.placed import put_draft_in_place
from casework.vault.sealing import Tampered
from casework.web.filters import SHANGHAI

_CUT = "this is not a copy of an instance, or it was cut off: nothing was written"
DATABASE, KEYS, HEADS, LIST = "casework.sqlite", "keys.json", "heads.json", "contents.json"
_KNOWN = "what was kept elsewhere: lines of anchors, or the heads.json of the broken machine"
_FILE = click.Path(exists=True, dir_okay=False)
group = AppGroup("backup", help="Copies of the instance folder.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("make")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option(
    "--with-keys",
    is_flag=True,
    help="put the keys in as well: whoever holds such a file reads everything",
)
def make(file: str, with_keys: bool) -> None:
    """Write FILE (a .tar): database, sealed files, changed wordings, heads of the journals, and a
    list with their SHA-256.

    The keys (keys.json) stay out unless asked for: keep them apart, a copy without them is closed
    to whoever finds it. Where a sealed file is gone, the copy is written and the command ends with
    an error.
    """
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException(
            "this database is PostgreSQL: use pg_dump, and copy the instance folder's «sealed»"
        )
    folder, target, sums = Path(current_app.instance_path), Path(file), dict[str, str]()
    with _scratch(target.parent, ".copying-") as scratch:
        draft, copy = scratch / target.name, scratch / DATABASE
        # before the database: no head names an entry that the copy lacks
        signed = _heads(folder, scratch)
        _copy_database(folder / DATABASE, copy)
        wanted = [(DATABASE, copy), *signed, *_others(folder, with_keys)]
        with private(draft) as out, tarfile.open(fileobj=out, mode="w") as tar:
            with click.progressbar(wanted, label="copying") as bar:
                for name, path in bar:
                    _put(tar, name, path, sums)
            _add_list(tar, sums)
        put_draft_in_place(draft, target)
    click.echo(
        f"written: {file}, {len(sums)} "
        f"files{'' if with_keys else f'; keep {KEYS} apart, nothing opens without it'}"
    )
    if gone := len(list(verify.lost(db.session()))):
        raise click.ClickException(
            f"sealed files that the database names are gone: {gone}; «journal verify» names them"
        )


@contextmanager
def _scratch(beside: Path, prefix: str) -> Iterator[Path]:
    """A folder for what is half made, on the same disk and as secret as what it will be. Those of
    runs that were killed hold a bare database and go; one in which somebody is at work stays."""
    for left in beside.glob(f"{prefix}*"):
        with _held(left) as free:
            if free:
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=prefix) as made, _held(Path(made)):
        yield Path(made)


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Whether nobody else is at work in it; nobody is while this goes on."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield _locked(handle)
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _heads(folder: Path, scratch: Path) -> list[tuple[str, Path]]:
    """The signed heads as they are now."""
    with suppress(FileNotFoundError):
        return [(HEADS, Path(shutil.copy2(folder / HEADS, scratch)))]
    return []


def _copy_database(source: Path, copy: Path) -> None:
    """SQLite's own online copy: whole and consistent, while others write. The files it names are
    never changed, so that copying them after it misses none."""
    with sqlite3.connect(source) as live, sqlite3.connect(copy) as to:
        live.backup(to)
    live.close()
    to.close()


def _others(folder: Path, with_keys: bool) -> Iterator[tuple[str, Path]]:
    for part in ("sealed", "wording"):  # uploads and papers; wordings that the bureau has changed
        for path in sorted((folder / part).rglob("*")):
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path
    if with_keys:
        yield KEYS, folder / KEYS


def _put(tar: tarfile.TarFile, name: str, path: Path, sums: dict[str, str]) -> None:
    """One file; one that went in the meantime (a draft given up, a file destroyed) is left out."""
    try:
        found = _sum(path)
        tar.add(path, arcname=name)
    except FileNotFoundError:
        return
    sums[name] = found


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add_list(tar: tarfile.TarFile, sums: dict[str, str]) -> None:
    said = {"made": utcnow().isoformat(), "sha256": sums}
    seal = restored_copy.seal_of(said, current_app.extensions["vault"].keyring)
    raw = json.dumps({**said, "seal": seal}, indent=1).encode()
    entry = tarfile.TarInfo(LIST)
    entry.size, entry.mtime = len(raw), int(datetime.now(UTC).timestamp())
    tar.addfile(entry, io.BytesIO(raw))


@group.command("check")
@click.argument("file", type=_FILE)
def check(file: str) -> None:
    """Compare every file in FILE with its list, the list with its seal, and open every sealed file
    with our keys."""
    with _opened(file) as tar:
        contents = _contents(tar)
        if not restored_copy.is_sealed(contents, current_app.extensions["vault"].keyring):
            raise click.ClickException("the list was changed, or another instance made this copy")
        with click.progressbar(contents["sha256"].items(), label="opening") as bar:
            for name, wanted in bar:
                _compare(tar, name, wanted)
                if name.startswith("sealed/"):
                    _open(tar, name)
    click.echo(f"{len(contents['sha256'])} files of {contents['made']}: as they were written")


def _open(tar: tarfile.TarFile, name: str) -> None:
    """A file that was damaged before it was copied is as it was written, and yet lost."""
    sealed = tar.extractfile(name)
    short = name.rsplit("/", 1)[1]
    try:
        for _piece in (
            current_app.extensions["sealed_store"].opened(short, sealed) if sealed else ()
        ):
            pass
    except (Tampered, ValueError):
        raise click.ClickException(
            f"«{name}» does not open: it was damaged before this copy was made"
        ) from None


@contextmanager
def _opened(file: str) -> Iterator[tarfile.TarFile]:
    """A copy for reading. One that was cut off is a sentence, wherever the end is missed."""
    try:
        with tarfile.open(file) as tar:
            yield tar
    except (tarfile.ReadError, EOFError):
        raise click.ClickException(_CUT) from None


def _contents(tar: tarfile.TarFile) -> dict[str, Any]:
    try:
        raw = tar.extractfile(LIST)
        found: dict[str, Any] = json.loads(raw.read()) if raw else {}
    except (KeyError, ValueError):
        found = {}
    if "sha256" not in found:
        raise click.ClickException(_CUT)
    return found


def _compare(tar: tarfile.TarFile, name: str, wanted: str) -> None:
    try:
        file = tar.extractfile(name)
    except KeyError:
        file = None
    if file is None or hashlib.file_digest(file, "sha256").hexdigest() != wanted:  # type: ignore[arg-type]
        raise click.ClickException(f"«{name}» is missing or was changed")


@group.command("restore")
@click.argument("file", type=_FILE)
@click.argument("folder", type=click.Path(file_okay=False))
@click.option(
    "--keys", type=_FILE, help="the keys.json of that instance: put there as well, once they fit"
)
@click.option("--known", type=_FILE, multiple=True, help=_KNOWN)
def restore(file: str, folder: str, keys: str | None, known: tuple[str, ...]) -> None:
    """Unpack FILE into FOLDER, which must be empty or new. Then point CASEWORK_INSTANCE at it and
    start.

    The first round enters in the office's journal what was lost since the copy was made; with
    --known it names the entries."""
    target = Path(folder)
    if target.exists() and any(target.iterdir()):
        raise click.ClickException("the folder is not empty: nothing was written")
    outside = _outside(known)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _opened(file) as tar, _scratch(target.parent, ".restoring-") as beside:
        contents = _contents(tar)
        draft = beside / "instance"
        draft.mkdir(mode=0o700)
        try:
            _unpack(tar, contents["sha256"], draft)
            _put_keys(draft, Path(keys) if keys else None, contents)
            restored_copy.leave_note(draft, DATABASE, contents, utcnow(), outside)
            put_draft_in_place(draft, target)  # whole, or not at all; an empty folder gives way
        except OSError as fault:
            raise click.ClickException(f"{fault.strerror}: nothing was written") from None
    missing = "" if (target / KEYS).exists() else f"; now put {KEYS} there"
    click.echo(f"unpacked, as of {contents['made']}{missing}")


def _outside(files: tuple[str, ...]) -> list[Signed]:
    try:
        found = restored_copy.outside_of(map(Path, files))
    except Unreadable:
        found = []
    if files and not found:
        raise click.ClickException(
            "no line of an anchor and no head was found in what was given: nothing was written"
        )
    return found


def _unpack(tar: tarfile.TarFile, listed: dict[str, str], draft: Path) -> None:
    """Only what the list names, and all of it as it was written."""
    for name, wanted in listed.items():
        _compare(tar, name, wanted)
    if odd := set(tar.getnames()) - {LIST, *listed}:
        raise click.ClickException(f"«{min(odd)}» does not belong in a copy: nothing was written")
    try:
        tar.extractall(draft, filter="data")
    except tarfile.FilterError as fault:
        raise click.ClickException(
            f"«{fault.tarinfo.name}» does not belong in a copy: nothing was written"
        ) from None
    (draft / LIST).unlink()


def _put_keys(draft: Path, keys: Path | None, contents: dict[str, Any]) -> None:
    """Those that were given, or lie in the copy, if they are those under which it was made."""
    target = draft / KEYS
    if keys:
        shutil.copyfile(keys, target)
    if not target.exists():
        return
    target.chmod(0o600)
    try:
        ring = KeyRing.load(target)
    except KeyFileError as fault:
        raise click.ClickException(f"{fault}: nothing was written") from None
    if not restored_copy.is_sealed(contents, ring):
        raise click.ClickException(
            "these keys are not those of the instance that made this copy: nothing was written"
        )


@group.command("note")
@click.argument("made", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]))
@click.option("--known", type=_FILE, multiple=True, help=_KNOWN)
def note(made: datetime, known: tuple[str, ...]) -> None:
    """Enter that a copy of MADE (Shanghai's time) was brought back in another way: from pg_dump, or
    a snapshot of the disk.

    `backup restore` needs none of it: the first round enters it by itself."""
    outside, moment = _outside(known), made.replace(tzinfo=SHANGHAI)
    if moment > utcnow():
        raise click.ClickException("that moment has not come yet: nothing was entered")
    with writing() as session:
        entered = restored_copy.enter(session, moment, utcnow(), outside)
    click.echo(f"entered in {entered} journals")
