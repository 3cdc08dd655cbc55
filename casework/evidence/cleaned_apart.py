"""Run as a program of its own, with little memory, time and nothing to write: the working copy of a
PDF, an office file, or pictures with several frames.

A file of a few hundred kilobytes may unpack to gigabytes, in places that no check of ours sees
beforehand; here it can only fail. stdin: the file. Argument: media type. stdout: the copy, or
nothing.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

MEMORY, SECONDS = 1 << 30, 30  # bytes; seconds of work
GROWN, MORE = 4, 4 << 20  # times the file, and so many bytes more: what a copy may take


def main() -> None:
    """Read the file from stdin, write its working copy to stdout; nothing where none can be
    made."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    data, media_type = sys.stdin.buffer.read(), sys.argv[1]
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from casework.evidence.clean import made

    copy = made(data, media_type) or b""
    if len(copy) <= GROWN * len(data) + MORE:
        sys.stdout.buffer.write(copy)


if __name__ == "__main__":
    main()
