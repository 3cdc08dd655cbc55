"""Virus scanning through clamd, when the operator runs one: bytes go over its socket and are never
written to a disk."""

from __future__ import annotations

import ipaddress
import socket
import struct
from collections.abc import Iterable, Mapping
from contextlib import closing

OFF, CLEAN, FAILED, INFECTED = "off", "clean", "failed", "infected"
TIMEOUT = 60  # seconds without a word from clamd
PING = 2  # seconds that a page waits for it
_PIECE = 64 * 1024


def of_operator(environ: Mapping[str, str]) -> str:
    """The address that the operator has set (CASEWORK_CLAMD): a socket's path or «host:port».
    ValueError with a sentence for what is neither, and for another machine, where files would go in
    clear, unless CASEWORK_CLAMD_ELSEWHERE=1."""
    address = environ.get("CASEWORK_CLAMD", "").strip()
    if not address or address.startswith("/"):
        return address
    host, port = _parts(address)
    if not host or not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise ValueError("CASEWORK_CLAMD: write the path of a socket, or host:port")
    if not _of_this_machine(host) and environ.get("CASEWORK_CLAMD_ELSEWHERE") != "1":
        raise ValueError(
            "CASEWORK_CLAMD is another machine, which would see all "
            "files: CASEWORK_CLAMD_ELSEWHERE=1 allows it"
        )
    return address


def _parts(address: str) -> tuple[str, str]:
    host, _, port = address.rpartition(":")
    return host.removeprefix("[").removesuffix("]"), port


def _of_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def scan(address: str, pieces: Iterable[bytes]) -> tuple[str, str]:
    """What clamd says of a file: its state (off · clean · failed · infected), and the name of what
    it found.

    ``address`` is a socket's path or «host:port», "" when scanning is off. An answer that is not
    understood, a limit of clamd that was passed, or silence is «failed»: never «clean».
    """
    if not address:
        return OFF, ""
    try:
        with closing(_connect(address)) as link:
            return _verdict(_instream(link, pieces))
    except (OSError, ValueError):
        return FAILED, ""


def alive(address: str) -> bool:
    """Whether clamd answers at an address."""
    try:
        with closing(_connect(address, PING)) as link:
            link.sendall(b"zPING\0")
            return _answer(link) == "PONG"
    except (OSError, ValueError):
        return False


def _connect(address: str, patience: float = TIMEOUT) -> socket.socket:
    if address.startswith("/"):
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(patience)
        try:
            link.connect(address)
        except OSError:
            link.close()
            raise
        return link
    host, port = _parts(address)
    return socket.create_connection((host, int(port)), patience)


def _instream(link: socket.socket, pieces: Iterable[bytes]) -> str:
    link.sendall(b"zINSTREAM\0")
    for piece in pieces:
        for at in range(0, len(piece), _PIECE):
            part = piece[at : at + _PIECE]
            link.sendall(struct.pack(">I", len(part)) + part)
    link.sendall(struct.pack(">I", 0))
    return _answer(link)


def _answer(link: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < 4096:
        part = link.recv(1024)
        if not part:
            break
        said += part
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def _verdict(said: str) -> tuple[str, str]:
    if said == "stream: OK":
        return CLEAN, ""
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return INFECTED, said.removeprefix("stream: ").removesuffix(" FOUND")[:60]
    return FAILED, ""
