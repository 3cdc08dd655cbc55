"""What processes apart make of files: pictures of pages for the screen and pixels
(:mod:`drawn_apart`), working copies of what may unpack to more than the machine has
(:mod:`cleaned_apart`)."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

SHOWN = (
    "application/pdf",
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/heic",
    "image/heif",
    "image/avif",
    "image/gif",
    "image/bmp",
    "image/tiff",
)
_PROGRAM, _CLEANER = (
    str(Path(__file__).with_name(name)) for name in ("drawn_apart.py", "cleaned_apart.py")
)


def page_picture(
    data: bytes, media_type: str, page: int, strong: bool = False
) -> tuple[int, bytes] | None:
    """Number of pages, and one of them (from 1) as PNG; None for a file or page that cannot be
    drawn. ``strong``: three times as dark, so that a faint mark is seen."""
    if media_type not in SHOWN:
        return None
    answer = _apart(data, media_type, page, *(["strong"] if strong else []))
    return (struct.unpack_from(">I", answer)[0], answer[4:]) if answer else None


def pixels(data: bytes, media_type: str) -> tuple[tuple[int, int], bytes] | None:
    """Size (width, height) of a photograph and its pixels (RGB), of which there are as many as the
    size says; None when it cannot be drawn."""
    answer = _apart(data, media_type, 0)
    if len(answer) < 8:
        return None
    size = struct.unpack_from(">II", answer)
    return (
        ((size[0], size[1]), answer[8:]) if 0 < size[0] * size[1] * 3 == len(answer) - 8 else None
    )


def copy(data: bytes, media_type: str) -> bytes | None:
    """The working copy of a file, made by a process apart; None when none can be made."""
    return _answer([_CLEANER, media_type], data, 60) or None


def _apart(data: bytes, media_type: str, page: int, *more: str) -> bytes:
    return _answer([_PROGRAM, media_type, str(page), *more], data, 60)


def _answer(program: list[str], data: bytes, patience: int) -> bytes:
    command = [sys.executable, "-I", *program]
    try:
        # our own
        done = subprocess.run(  # noqa: S603
            command, input=data, capture_output=True, timeout=patience, check=True, env={}
        )
    except (subprocess.SubprocessError, OSError):
        return b""
    return done.stdout
