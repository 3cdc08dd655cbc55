"""Pictures of working copies for the screen, drawn by a process apart (:mod:`drawn_apart`)."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

SHOWN = ("application/pdf", "image/jpeg", "image/png", "image/webp")
_PROGRAM = str(Path(__file__).with_name("drawn_apart.py"))


def page_picture(data: bytes, media_type: str, page: int) -> tuple[int, bytes] | None:
    """Number of pages, and one of them as PNG; None for a file or page that cannot be drawn."""
    if media_type not in SHOWN:
        return None
    command = [sys.executable, "-I", _PROGRAM, media_type, str(page)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=60, check=True, env={})  # noqa: S603 — our own program
    except (subprocess.SubprocessError, OSError):
        return None
    return struct.unpack_from(">I", done.stdout)[0], done.stdout[4:]
