"""Word and Excel as pages to look at: LibreOffice draws them as PDF, behind a wall.

It runs without a network, without the instance's folder, with a profile that is thrown away, in
memory alone, for a limited time (bubblewrap). No macro runs. Where the machine lacks either program
there is no preview: a file from a stranger is never opened without the wall.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from pathlib import Path

from casework.evidence import ole
from casework.evidence.kinds import ODS, ODT, RTF, SHEET, WORD

ENDINGS = {
    WORD: "docx",
    SHEET: "xlsx",
    ole.DOC: "doc",
    ole.XLS: "xls",
    RTF: "rtf",
    ODT: "odt",
    ODS: "ods",
}
MOST_PAGES = 100
_TABLES = ("xlsx", "xls", "ods")
_PATIENCE, _PATIENCE_IN_LINE = 90, 30  # seconds: for one file, and for those before it
# bytes; kB of address space; of work; kB of a file
_ROOM, _MEMORY, _SECONDS, _LARGEST = 600 << 20, 4 << 20, 60, 200 << 10
_HERE = Path(__file__).parent
_FONTS = _HERE.parents[1] / "letters" / "fonts"
_DRAW = f"""
set -e
cat > "/tmp/in.$1"
mkdir -p /tmp/profile/user /tmp/out
cp /settings.xcu /tmp/profile/user/registrymodifications.xcu
ulimit -v {_MEMORY}; ulimit -t {_SECONDS}; ulimit -f {_LARGEST}
soffice --headless --norestore --nolockcheck -env:UserInstallation=file:///tmp/profile \\
  --convert-to "$2" --outdir /tmp/out "/tmp/in.$1" >&2
cat /tmp/out/in.pdf
"""
_one_at_a_time = threading.Lock()  # each takes some 300 MB


@cache
def available() -> bool:
    """Whether this machine can draw Word and Excel: it has LibreOffice and bubblewrap."""
    if not (shutil.which("soffice") and shutil.which("bwrap")):
        return False
    return _behind_the_wall(["/bin/true"], b"", 20) is not None


def as_pdf(data: bytes, media_type: str) -> bytes | None:
    """The first pages of a Word or Excel file as PDF; None when they cannot be drawn, or this
    machine cannot."""
    ending = ENDINGS.get(media_type)
    if ending is None or not available():
        return None
    if not _one_at_a_time.acquire(timeout=_PATIENCE_IN_LINE):
        return None
    try:
        how = "calc" if ending in _TABLES else "writer"
        pages = f'pdf:{how}_pdf_Export:{{"PageRange":{{"type":"string","value":"1-{MOST_PAGES}"}}}}'
        return (
            _behind_the_wall(["/bin/sh", "-c", _DRAW, "sh", ending, pages], data, _PATIENCE) or None
        )
    finally:
        _one_at_a_time.release()


def _behind_the_wall(program: list[str], data: bytes, patience: int) -> bytes | None:
    """What a program writes that sees nothing but itself, fonts, and the bytes given to it; None
    when it fails."""
    try:
        # our own
        done = subprocess.run(  # noqa: S603
            [*_wall(), *program],
            input=data,
            capture_output=True,
            timeout=patience,
            check=True,
            env={},
        )
    except (subprocess.SubprocessError, OSError):
        return None
    return done.stdout


def _wall() -> list[str]:
    """The wall: no network, no processes of others, no folder that is not listed here; what is
    written lies in memory."""
    wall = [shutil.which("bwrap") or "bwrap", "--unshare-all", "--die-with-parent", "--new-session"]
    wall += ["--cap-drop", "ALL", "--clearenv"]
    # inside the wall
    for name, value in (("PATH", "/usr/bin"), ("HOME", "/tmp"), ("LANG", "C.UTF-8")):  # noqa: S108
        wall += ["--setenv", name, value]
    wall += ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]
    for link in ("bin", "lib", "lib64"):
        wall += ["--symlink", f"usr/{link}", f"/{link}"]
    for folder in ("/etc/fonts", "/etc/libreoffice", "/etc/ld.so.cache"):
        wall += ["--ro-bind-try", folder, folder]
    # inside the wall
    wall += ["--size", str(_ROOM), "--tmpfs", "/tmp"]  # noqa: S108
    # inside the wall
    wall += ["--ro-bind-try", str(_FONTS), "/tmp/.fonts"]  # noqa: S108
    return [*wall, "--ro-bind", str(_HERE / "office_profile.xcu"), "/settings.xcu"]


class DrawingCache:
    """Keeps the last few drawings in memory, so that leafing through a file draws it once."""

    def __init__(self, most: int = 4, room: int = 16 << 20) -> None:
        self._most, self._room, self._lock = most, room, threading.Lock()
        self._drawn: OrderedDict[str, bytes] = OrderedDict()

    def get(self, name: str, draw: Callable[[], bytes | None]) -> bytes | None:
        """What was drawn under that name; else what ``draw`` gives, which is kept unless it is
        None."""
        with self._lock:
            if name in self._drawn:
                self._drawn.move_to_end(name)
                return self._drawn[name]
        made = draw()
        if made:
            self._keep(name, made)
        return made

    def _keep(self, name: str, made: bytes) -> None:
        with self._lock:
            self._drawn[name] = made
            while len(self._drawn) > self._most or sum(map(len, self._drawn.values())) > self._room:
                self._drawn.popitem(last=False)
