"""Putting files in place as a whole: keys, heads of journals, the result of a verification, copies,
bound files."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

NOBODYS = 3600  # seconds after which a draft was left by a process that was killed


def put_in_place(path: Path, text: str) -> None:
    """Write beside, sync, put in place, sync the folder: after a power cut there is the old file or
    the new one. Only its owner can read it. Error: OSError where it cannot be written; then the old
    one stands."""
    clear_drafts(path, NOBODYS)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def clear_drafts(path: Path, older: float = 0.0) -> None:
    """Delete the drafts of a file that killed processes left. ``older``: seconds that a draft must
    have lain there, where others may be at work on one."""
    for left in path.parent.glob(f".{path.name}.*"):
        try:
            if time.time() - left.stat().st_mtime >= older:
                left.unlink()
        except FileNotFoundError:  # its owner has just put it in place
            continue


def put_draft_in_place(draft: Path, target: Path) -> None:
    """Sync a finished draft, a file or a folder with all that is in it, and give it its name: after
    a power cut there is what stood there before or all of this. Error: OSError."""
    for path in (draft, *draft.rglob("*")):
        _sync(path)
    draft.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Sync a folder, so that new or changed names in it survive a power cut."""
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
