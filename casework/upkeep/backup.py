"""A copy of everything but the keys, taken while the program runs, and its way back."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from casework.papers.bind import private
from casework.store import db, utcnow

DATABASE, KEYS, LIST = "casework.sqlite", "keys.json", "contents.json"
group = AppGroup("backup", help="Copies of the instance folder.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("make")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--with-keys", is_flag=True, help="put the keys in as well: whoever holds such a file reads everything")
def make(file: str, with_keys: bool) -> None:
    """Write FILE (a .tar): database, sealed files, changed wordings, heads of the journals, and a list with their SHA-256.

    The keys (keys.json) stay out unless asked for: keep them apart, a copy without them is closed to whoever finds it.
    """
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException("this database is PostgreSQL: use pg_dump, and copy the instance folder's «sealed»")
    folder, target = Path(current_app.instance_path), Path(file)
    draft, sums = target.with_name(target.name + ".part"), dict[str, str]()
    draft.unlink(missing_ok=True)
    beside = tempfile.TemporaryDirectory(dir=target.parent, prefix=".copying-")  # as large and as secret as what is made
    with beside as scratch, private(draft) as out, tarfile.open(fileobj=out, mode="w") as tar:
        copy = Path(scratch) / DATABASE
        _copy_database(folder / DATABASE, copy)
        wanted = [(DATABASE, copy), *_others(folder, with_keys)]
        with click.progressbar(wanted, label="copying") as bar:
            for name, path in bar:
                _put(tar, name, path, sums)
        _add_list(tar, sums)
    draft.replace(target)
    click.echo(f"written: {file}, {len(sums)} files{'' if with_keys else f'; keep {KEYS} apart, nothing opens without it'}")


def _copy_database(source: Path, copy: Path) -> None:
    """SQLite's own online copy: whole and consistent, while others write. The files it names are never changed, so
    that copying them after it misses none."""
    with sqlite3.connect(source) as live, sqlite3.connect(copy) as to:
        live.backup(to)
    live.close()
    to.close()


def _others(folder: Path, with_keys: bool) -> Iterator[tuple[str, Path]]:
    for part in ("sealed", "wording"):  # uploads and papers; wordings that the bureau has changed
        for path in sorted((folder / part).rglob("*")):
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path
    for name in ("heads.json", *([KEYS] if with_keys else [])):
        if (folder / name).exists():
            yield name, folder / name


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
    raw = json.dumps({"made": utcnow().isoformat(), "sha256": sums}, indent=1).encode()
    entry = tarfile.TarInfo(LIST)
    entry.size, entry.mtime = len(raw), int(datetime.now(UTC).timestamp())
    tar.addfile(entry, io.BytesIO(raw))


@group.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def check(file: str) -> None:
    """Compare every file in FILE with its list."""
    with tarfile.open(file) as tar:
        contents = _contents(tar)
        for name, wanted in contents["sha256"].items():
            _compare(tar, name, wanted)
    click.echo(f"{len(contents['sha256'])} files of {contents['made']}: as they were written")


def _contents(tar: tarfile.TarFile) -> dict[str, Any]:
    try:
        raw = tar.extractfile(LIST)
        found: dict[str, Any] = json.loads(raw.read()) if raw else {}
    except KeyError:
        found = {}
    if "sha256" not in found:
        raise click.ClickException("this is not a copy of an instance, or it was cut off")
    return found


def _compare(tar: tarfile.TarFile, name: str, wanted: str) -> None:
    try:
        file = tar.extractfile(name)
    except KeyError:
        file = None
    if file is None or hashlib.file_digest(file, "sha256").hexdigest() != wanted:  # type: ignore[arg-type]
        raise click.ClickException(f"«{name}» is missing or was changed")


@group.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.argument("folder", type=click.Path(file_okay=False))
def restore(file: str, folder: str) -> None:
    """Unpack FILE into FOLDER, which must be empty or new. Then put keys.json there and point CASEWORK_INSTANCE at it."""
    target = Path(folder)
    if target.exists() and any(target.iterdir()):
        raise click.ClickException("the folder is not empty: nothing was written")
    with tarfile.open(file) as tar:
        for name, wanted in _contents(tar)["sha256"].items():
            _compare(tar, name, wanted)
        target.mkdir(parents=True, exist_ok=True)
        target.chmod(0o700)
        tar.extractall(target, filter="data")
    (target / LIST).unlink()
    missing = "" if (target / KEYS).exists() else f"; now put {KEYS} there"
    click.echo(f"unpacked{missing}")
