"""The server as the program needs it: waitress, which takes in more than one request may hold only
to say so.

Strangers do not stop it: a connection that says nothing costs a place among many and is closed
soon, and signing in, which costs a machine much (a password is stretched), has a queue and threads
of its own. Who only looks waits for nobody who writes.

A browser that sends too much reads no answer before it has sent everything: whoever closes the line
earlier shows it an error of the network. So the body is taken in to its end, the words of the form
are kept as they pass, and the files in it go nowhere. The program then sees a request that
announces its true length, and answers in the person's language, with the form's words where the
page keeps them (:mod:`casework.web.uploads_in_memory`).
"""

from __future__ import annotations

import io
import queue
import resource
import threading
import time
from pathlib import Path

from flask import Flask
from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher
from waitress.utilities import Error as WaitressError
from waitress.utilities import RequestEntityTooLarge
from werkzeug.exceptions import RequestEntityTooLarge as TooManyWords
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import (
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    MultipartEncoder,
    NeedData,
    Preamble,
)

PASSED_OVER = 512 << 20  # bytes of a body that are taken in at most; above, the line is closed
WORDS, PARTS = 2 << 20, 2000  # bytes and fields of a form that are kept
_PAGES = Path(__file__).parents[2] / "templates" / "errors"
# where the program itself was not asked
_BARE = {413: "too_large.html", 500: "bare.html", 503: "sign_ins_busy.html"}
THREADS = 8  # for pages that are only looked at; as many again for what is sent
CONNECTIONS = 2000  # at once, as far as the system lets one process open files
SPARED = 200  # open files that are not connections
SILENT = 20  # seconds after which a connection that says nothing is closed
# people signing in at once, and those who wait for it; more are told to come again
SIGN_INS, WAITING = 2, 6
LATER = 3.0  # seconds after which they are told, so that who asks without a pause has one


def serve(app: Flask, host: str, port: int) -> None:
    """Serve the program until it is stopped. A request holds MAX_CONTENT_LENGTH bytes at most, in
    memory, never spooled in clear to a disk."""
    largest = int(app.config["MAX_CONTENT_LENGTH"])
    BaseWSGIServer.channel_class = _channel(largest)  # waitress has no setting for it
    server = create_server(
        app,
        host=host,
        port=port,
        ident="casework",
        max_request_body_size=PASSED_OVER,
        inbuf_overflow=PASSED_OVER + 1,
        asyncore_use_poll=True,
        connection_limit=_room(),
        channel_timeout=SILENT,
        cleanup_interval=5,
        _dispatcher=Queues(),
    )
    server.run()


def _room() -> int:
    """Connections that this process may have at once; it asks the system for as many open files as
    it may ask for."""
    wanted, (soft, hard) = CONNECTIONS + SPARED, resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return (
        CONNECTIONS if soft == resource.RLIM_INFINITY else max(100, min(CONNECTIONS, soft - SPARED))
    )


class Queues:
    """Gives requests to threads, as a dispatcher of waitress: sign-ins to a few of their own behind
    a short queue, posts to others, pages that are only looked at to others again, so that they go
    on while all writers wait."""

    def __init__(self) -> None:
        self.pages, self.sent, self.sign_ins = (ThreadedTaskDispatcher() for _ in range(3))
        self.pages.set_thread_count(THREADS)
        self.sent.set_thread_count(THREADS)
        self.sign_ins.set_thread_count(SIGN_INS)
        self._refused = queue.SimpleQueue[tuple[float, HTTPChannel]]()
        threading.Thread(target=self._refuse, name="sign-ins refused", daemon=True).start()

    def add_task(self, channel: HTTPChannel) -> None:
        """Queue the first request of a connection, which has come in whole."""
        request = channel.requests[0]
        if request.error or request.command != "POST":
            self.pages.add_task(channel)
        elif request.path != "/signin":
            self.sent.add_task(channel)
        elif len(self.sign_ins.queue) < WAITING:
            self.sign_ins.add_task(channel)
        else:
            request.error = TooManySignIns("too many sign-ins at once")
            self._refused.put((time.monotonic() + LATER, channel))

    def _refuse(self) -> None:
        """Tells those for whom there was no room, in their order, each after the same while."""
        while True:
            at, channel = self._refused.get()
            time.sleep(max(0.0, at - time.monotonic()))
            self.pages.add_task(channel)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        """End the threads of all queues, as waitress's own dispatcher does; ``timeout``: seconds to
        wait."""
        return all(
            [d.shutdown(cancel_pending, timeout) for d in (self.sign_ins, self.sent, self.pages)]
        )


class TooManySignIns(WaitressError):
    """More people sign in at once than the queue holds."""

    code, reason = 503, "Service Unavailable"


def _channel(largest: int) -> type[HTTPChannel]:
    """A connection that holds no request longer than ``largest`` bytes in memory."""

    class Parser(HTTPRequestParser):
        completed: bool

        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if largest < self.content_length < PASSED_OVER and not self.chunked:
                self.body_rcv = WordsAlone(
                    self.content_length, _boundary(self.headers.get("CONTENT_TYPE", ""))
                )

        def received(self, data: bytes) -> int:
            taken: int = super().received(data)
            if self.chunked and not self.completed and self.body_bytes_received > largest:
                # no browser sends a form in this way
                self.error = RequestEntityTooLarge("too much")
                self.completed = True
            return taken

    class Channel(HTTPChannel):
        parser_class = Parser
        error_task_class = _Error

    return Channel


class _Error(ErrorTask):
    """What waitress itself refuses or breaks at: a page of ours, in both languages, where there is
    one."""

    def execute(self) -> None:
        """Write it and close the line."""
        error = self.request.error
        if error.code not in _BARE:
            super().execute()
            return
        page = (_PAGES / _BARE[error.code]).read_text("utf-8").replace("{number}", "—").encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "text/html; charset=utf-8"))
        self.response_headers.append(("Cache-Control", "no-store"))
        if error.code == TooManySignIns.code:
            self.response_headers.append(("Retry-After", str(int(LATER))))
        self.set_close_on_finish()
        self.content_length = len(page)
        self.write(page)


def _boundary(content_type: str) -> bytes:
    """What stands between the parts of a form with files; nothing for other bodies."""
    kind, options = parse_options_header(content_type)
    return (
        options.get("boundary", "").encode("latin-1", "ignore")
        if kind == "multipart/form-data"
        else b""
    )


class WordsAlone:
    """Takes in a body of that many bytes, as a receiver of waitress, and keeps the fields of its
    form, not its files."""

    error = None

    def __init__(self, size: int, boundary: bytes) -> None:
        self._left, self._boundary = size, boundary
        self._decoder = MultipartDecoder(boundary, WORDS, max_parts=PARTS) if boundary else None
        self._fields = list[tuple[Field, bytearray]]()
        self._open: bytearray | None = None  # value of the field that is coming in
        self._body = io.BytesIO()

    @property
    def completed(self) -> bool:
        """Whether the whole body has passed."""
        return self._left == 0

    def __len__(self) -> int:
        return len(self._body.getbuffer())

    def received(self, data: bytes) -> int:
        """Take what belongs to the body; answers how many bytes that are."""
        mine = data[: self._left]
        self._left -= len(mine)
        self._look(mine)
        if self.completed:
            self._body.write(self._form())
            self._body.seek(0)
        return len(mine)

    def getfile(self) -> io.BytesIO:
        """The fields of the form, as a body without the files."""
        return self._body

    getbuf = getfile

    def _look(self, data: bytes) -> None:
        if self._decoder is None:
            return
        try:
            self._decoder.receive_data(data)
            while not isinstance(event := self._decoder.next_event(), NeedData | Epilogue):
                self._note(event)
        except (ValueError, TooManyWords):
            # no form, or longer than one is: what was understood so far
            self._decoder = None

    def _note(self, event: Event) -> None:
        if isinstance(event, Field):
            self._open = bytearray()
            self._fields.append((event, self._open))
        elif isinstance(event, File):
            self._open = None
        elif isinstance(event, Data) and self._open is not None:
            self._open += event.data

    def _form(self) -> bytes:
        """The fields as a form of their own."""
        if not self._boundary:
            return b""
        encoder = MultipartEncoder(self._boundary)
        parts = [encoder.send_event(Preamble(b""))]
        for field, value in self._fields:
            parts += [
                encoder.send_event(field),
                encoder.send_event(Data(bytes(value), more_data=False)),
            ]
        return b"".join([*parts, encoder.send_event(Epilogue(b""))])
