"""The catalogues of words, compiled where they are not: without them every page would be English
under ``lang="zh-CN"``."""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


class NoWords(RuntimeError):
    """A catalogue is not compiled, and cannot be written here."""


def compile_missing(folder: Path) -> list[Path]:
    """Compile each catalogue of the folder that is not compiled, or is older than its words;
    answers their paths. Error: NoWords where one cannot be written."""
    stale = [po for po in sorted(folder.glob("*/LC_MESSAGES/messages.po")) if _stale(po)]
    for po in stale:
        _compile(po)
    return stale


def _stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def _compile(po: Path) -> None:
    """Written beside and put in place as a whole: another process may be reading it."""
    mo = po.with_suffix(".mo")
    beside = mo.with_suffix(f".{os.getpid()}")
    try:
        with po.open("rb") as words, beside.open("wb") as out:
            write_mo(out, read_po(words))
        beside.replace(mo)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise NoWords(
            f"the words in {po} are not compiled, and {mo} cannot be written: run ./run once"
        ) from error
