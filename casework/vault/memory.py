"""This installation's folders in the machine's memory (tmpfs): every process of the server reads
them, and neither a disk nor a copy of the database brings along what lies there."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

# memory, not a disk
MEMORY = Path("/dev/shm")  # noqa: S108


def folder(instance: str, configured: str = "", what: str = "") -> Path | None:
    """The folder for one purpose (``what``) of the installation at ``instance``, which may not
    exist yet; None where the machine has no memory folder. ``configured``: another place than the
    machine's own."""
    memory = Path(configured or MEMORY)
    if not memory.is_dir() or not os.access(memory, os.W_OK):
        return None
    name = hashlib.blake2b(instance.encode(), digest_size=12).hexdigest()
    return memory / f"casework-{os.getuid()}-{name}{what}"


def make_folder(place: Path) -> None:
    """Make the folder, for this user alone. Error: PermissionError where somebody else's stands
    there: nothing of ours goes into it, and nothing is read from it."""
    place.mkdir(mode=0o700, exist_ok=True)
    if place.stat().st_uid != os.getuid():
        raise PermissionError("the memory folder belongs to another user")


def write(place: Path, name: str, data: bytes) -> None:
    """Write one file as a whole: a reader sees the old one or the new one."""
    make_folder(place)
    draft = place / f"{name}.{os.getpid()}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    draft.replace(place / name)
