"""Mail servers with the rules of 163.com, 126.com, 188.com and QQ: no folder before ID, no sender
but whoever signed in."""

from __future__ import annotations

import base64
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

USER, PASSWORD = "tongji@163.example", "not-in-any-log-5150"


@dataclass
class Imap:
    """One folder of mails, and what was asked of the server; ``needs_id`` and ``offers_id`` are its
    rule."""

    mails: list[bytes]
    needs_id: bool = True
    offers_id: bool = True
    port: int = 0
    commands: list[str] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)  # numbers of mails that left the folder

    def left(self) -> list[int]:
        """Numbers of the mails that still lie in the folder."""
        return [n for n in range(1, len(self.mails) + 1) if n not in self.moved]


@contextmanager
def imap(mails: list[bytes], needs_id: bool = True, offers_id: bool = True) -> Iterator[Imap]:
    """A running server on a loopback port."""
    state = Imap(mails, needs_id, offers_id)
    with _serving(lambda *a: _ImapSession(state, *a)) as port:
        state.port = port
        yield state


@contextmanager
def _serving(handler: object) -> Iterator[int]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)  # type: ignore[arg-type]
    server.daemon_threads = True
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()


class _ImapSession(socketserver.StreamRequestHandler):
    def __init__(self, state: Imap, *rest: object) -> None:
        self.state, self.named = state, not state.needs_id
        super().__init__(*rest)  # type: ignore[arg-type]

    def say(self, *lines: str | bytes) -> None:
        for line in lines:
            self.wfile.write((line if isinstance(line, bytes) else line.encode()) + b"\r\n")

    def handle(self) -> None:
        self.say("* OK Coremail System IMap Server Ready(163com)")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            words = command.upper().split()
            name = " ".join(words[:2]) if words[0] == "UID" else words[0]
            self.state.commands.append(name)
            answer = getattr(self, "on_" + name.lower().replace(" ", "_"), None)
            self.say(f"{tag} {answer(command) if answer else 'BAD command not support'}")
            if name == "LOGOUT":
                return

    def on_capability(self, _command: str) -> str:
        self.say(
            "* CAPABILITY IMAP4rev1 XLIST SPECIAL-USE LITERAL+ UIDPLUS"
            + (" ID" if self.state.offers_id else "")
        )
        return "OK CAPABILITY completed"

    def on_login(self, command: str) -> str:
        """A server that repeats what it was told, as some do."""
        if PASSWORD in command:
            return "OK LOGIN completed"
        return (
            f"NO LOGIN Login error password error: {command.split()[-1]} "
            f"of {USER}, use an authorization code"
        )

    def on_id(self, _command: str) -> str:
        self.named = True
        self.say('* ID ("name" "Coremail Imap" "vendor" "Mailtech")')
        return "OK ID completed"

    def on_list(self, _command: str) -> str:
        self.say('* LIST () "/" "INBOX"', '* LIST () "/" "Casework"')
        return "OK LIST completed"

    def on_select(self, _command: str) -> str:
        if not self.named:
            return "NO SELECT Unsafe Login. Please contact kefu@188.com for help"
        self.say(
            f"* {len(self.state.left())} EXISTS",
            "* OK [UIDVALIDITY 1] UIDs valid",
            "* FLAGS (\\Seen \\Deleted)",
        )
        return "OK [READ-WRITE] SELECT completed"

    def on_uid_search(self, _command: str) -> str:
        self.say(" ".join(["* SEARCH", *map(str, self.state.left())]))
        return "OK SEARCH completed"

    def on_uid_fetch(self, command: str) -> str:
        number = int(command.split()[2])
        mail = self.state.mails[number - 1]
        if "RFC822.SIZE" in command:
            self.say(f"* {number} FETCH (UID {number} RFC822.SIZE {len(mail)})")
        else:
            self.say(f"* {number} FETCH (UID {number} BODY[] {{{len(mail)}}}")
            self.say(mail + b")")
        return "OK FETCH completed"

    def on_uid_copy(self, _command: str) -> str:
        return "OK [COPYUID 1 1 1] COPY completed"

    def on_uid_store(self, command: str) -> str:
        self.state.moved += [int(n) for n in command.split()[2].split(",")]
        return "OK STORE completed"

    def on_expunge(self, _command: str) -> str:
        return "OK EXPUNGE completed"

    def on_logout(self, _command: str) -> str:
        self.say("* BYE")
        return "OK LOGOUT completed"


# -- SMTP
@dataclass
class Smtp:
    """What was sent. ``rule``: how a sender that did not sign in is refused (163 · QQ · closes ·
    late), or "" for none; ``answers`` come first, one for each recipient, where they are named."""

    rule: str = "163"
    port: int = 0
    refused: list[str] = field(default_factory=list)  # senders
    sent: list[tuple[str, str, bytes]] = field(default_factory=list)  # sender, recipient, letter
    answers: list[str] = field(default_factory=list)


@contextmanager
def smtp(rule: str = "163") -> Iterator[Smtp]:
    """A running server on a loopback port."""
    state = Smtp(rule)
    with _serving(lambda *a: _SmtpSession(state, *a)) as port:
        state.port = port
        yield state


class _SmtpSession(socketserver.StreamRequestHandler):
    def __init__(self, state: Smtp, *rest: object) -> None:
        self.state, self.user, self.sender, self.to = state, "", "", ""
        super().__init__(*rest)  # type: ignore[arg-type]

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def handle(self) -> None:
        self.say("220 163.com Anti-spam GT for Coremail System")
        for raw in self.rfile:
            line = raw.decode().strip()
            word = line.upper().split(" ")[0]
            if word == "QUIT":
                self.say("221 Bye")
                return
            said = getattr(self, "on_" + word.lower(), self.on_other)(line)
            if not said:
                return
            self.say(*said)

    def on_ehlo(self, _line: str) -> list[str]:
        return ["250-mail", "250-AUTH PLAIN", "250 8BITMIME"]

    def on_auth(self, line: str) -> list[str]:
        _empty, self.user, word = base64.b64decode(line.split()[2]).decode().split("\0")
        return (
            ["235 Authentication successful"]
            if word == PASSWORD
            else ["535 Error: authentication failed"]
        )

    def on_mail(self, line: str) -> list[str]:
        self.sender = line.split("<")[1].split(">")[0]
        if not self.may_send() and self.state.rule != "late":
            self.state.refused.append(self.sender)
            if self.state.rule == "closes":
                self.connection.shutdown(socket.SHUT_RDWR)
                return []
            return [
                "553 Mail from must equal authorized user"
                if self.state.rule == "163"
                else "501 mail from address"
            ]
        return ["250 Mail OK"]

    def may_send(self) -> bool:
        return not self.state.rule or self.sender.lower() == self.user.lower()

    def on_rcpt(self, line: str) -> list[str]:
        """A server may wait with its refusal until it knows the recipient too."""
        self.to = line.split("<")[1].split(">")[0]
        if not self.may_send():
            self.state.refused.append(self.sender)
            return [f"553 5.7.1 <{self.to}>: sender address rejected"]
        return [
            self.state.answers.pop(0).format(to=self.to) if self.state.answers else "250 Mail OK"
        ]

    def on_data(self, _line: str) -> list[str]:
        self.say("354 End data with <CR><LF>.<CR><LF>")
        letter = b"".join(iter(self.rfile.readline, b".\r\n"))
        self.state.sent.append((self.sender, self.to, letter))
        return ["250 Mail OK queued"]

    def on_other(self, _line: str) -> list[str]:
        return ["250 OK"]
