"""Work over HTTP: the real server is killed while people use it, started again, and they go on
where they were."""

from __future__ import annotations

import http.client
import random
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from bench.kills import sound
from bench.kills.ground import Ground
from bench.kills.process import BEGUN, AtCall, Broken, Child, Tell
from bench.kills.work import Size, Tally
from bench.tips import free_port
from casework.upkeep import cli

KILLS_EACH = 10  # of one copy of the mould


class Gone(Exception):
    """The server was killed: the connection broke, or was refused."""


class Line:
    """One person's connection, with cookies. It knows whether a request that writes waits for its
    answer."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.cookies, self.writing, self.sent = cookies, False, 0
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def get(self, path: str) -> tuple[int, str]:
        """Status and page."""
        status, answer, _head = self._ask("GET", path, None, "")
        return status, answer.decode()

    def file(self, path: str) -> tuple[int, bytes]:
        """Status and bytes of a file."""
        return self._ask("GET", path, None, "")[:2]

    def led_to(self, path: str) -> str:
        """The address to which another one leads."""
        return self._ask("GET", path, None, "")[2]["Location"]

    def post(
        self,
        path: str,
        fields: dict[str, Any],
        file: bytes | None = None,
        field: str = "piece",
        name: str = "piece",
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Status, answer and head of a form, with one file where one is given."""
        if file is None:
            return self._ask(
                "POST",
                path,
                urlencode(fields, doseq=True).encode(),
                "application/x-www-form-urlencoded",
            )
        edge = "kill-kill-kill"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'
            for k, v in fields.items()
        ]
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
        )
        body = "".join([*parts, head]).encode() + file + f"\r\n--{edge}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={edge}")

    def _ask(
        self, method: str, path: str, body: bytes | None, kind: str
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        head = {"Content-Type": kind} if kind else {}
        head |= (
            {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
            if self.cookies
            else {}
        )
        try:
            self._line.connect() if self._line.sock is None else None
            self.writing = method == "POST"
            self.sent += self.writing
            self._line.request(method, path, body, head)
            answer = self._line.getresponse()
            read = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Gone from error
        self.writing = False
        take_cookies(answer.headers.get_all("Set-Cookie") or (), self.cookies)
        return answer.status, read, answer.headers


def take_cookies(given: Iterable[str], cookies: dict[str, str]) -> None:
    """As a browser keeps them."""
    for cookie in given:
        name, value = cookie.split(";")[0].split("=", 1)
        cookies[name] = value


class Visitor:
    """Somebody who uses the program over many lives of the server: ``step`` is one thing after the
    other."""

    def __init__(self) -> None:
        self.told: list[Any] = []  # what the program has acknowledged
        self.faults: list[str] = []
        self.pieces = 0  # acknowledged beside that: pieces of files
        self.ending = False  # only what was begun is brought to its end now
        # whether the last kill came while a request of theirs that writes waited for its answer
        self.struck = False
        self.cookies: dict[str, str] = {}
        self.line: Line

    def step(self) -> bool:
        """One thing; False when there is nothing more to do."""
        raise NotImplementedError

    def is_struck(self) -> bool:
        """Whether the kill fell into something of theirs that writes."""
        return self.line.writing

    def use(self) -> None:
        """Go on until the server is gone, or nothing is left to do."""
        self.struck = False
        try:
            while self.step():
                pass
        except Gone:
            self.struck = self.is_struck()
        except Exception as error:
            self.faults.append(f"{type(error).__name__}: {error}")


class Server:
    """The program's own server, in a process of its own."""

    def __init__(self, ground: Ground, at_call: AtCall | None = None) -> None:
        self.port = free_port()

        def serve(tell: Tell) -> None:
            tell(BEGUN)
            cli.serve.callback(self.port, "127.0.0.1")

        self.child = Child(ground.told(serve), at_call)

    def wait(self) -> None:
        """Until it takes connections, or is gone."""
        for _ in range(12_000):
            with socket.socket() as trial:
                if not trial.connect_ex(("127.0.0.1", self.port)) or self.child.gone():
                    return
            time.sleep(0.005)
        raise TimeoutError("the server does not answer")


class Served:
    """A kind of work over HTTP."""

    name = ""
    mould = ""
    # from the first thing sent, or from the start of the server for calls, to the kill, at most
    size = Size(0.7, 2500, 300)

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    def prepare(self) -> None:
        """Make the mould, where it is not there yet."""

    def visitors(self, dice: random.Random) -> list[Any]:
        """Those who use a fresh copy."""
        raise NotImplementedError

    def after(self, visitors: list[Any]) -> list[str]:
        """In a forked process, after a kill: faults about what was acknowledged. Begin those with
        LOST."""
        return []

    def at_end(self, visitors: list[Any]) -> list[str]:
        """The same when all have gone on to the end of what they had begun."""
        return []

    def series(self, kills: int, seed: int) -> Iterator[Tally]:
        """Kill so many times; the tally after each."""
        self.prepare()
        tally, dice = Tally(self.name), random.Random(f"{self.name} {seed}")
        while tally.kills < kills:
            self.ground.take(self.mould)
            visitors = self.visitors(dice)
            for _ in range(min(KILLS_EACH, kills - tally.kills)):
                seen = f"kill {tally.kills} of seed {seed}"
                self._strike(tally, visitors, dice, seen)
                yield tally
            self._go_on(tally, visitors, f"after kill {tally.kills} of seed {seed}")
            tally.acknowledged += sum(len(v.told) + v.pieces for v in visitors)
            yield tally

    def _strike(self, tally: Tally, visitors: list[Any], dice: random.Random, seen: str) -> None:
        """One kill, at a moment of time after something was sent, or around a call that changes the
        disk in any thread."""
        moment = self.size.moment(dice)
        at_call = moment if isinstance(moment, AtCall) else None
        server = Server(self.ground, at_call)
        server.wait()
        threads = self._at_work(server.port, visitors)

        def idle() -> bool:
            return server.child.gone() or not any(thread.is_alive() for thread in threads)

        while not idle() and (at_call or not any(v.line.sent for v in visitors)):
            time.sleep(0.002)
        server.child.killed_after(0 if isinstance(moment, AtCall) or idle() else moment)
        for thread in threads:
            thread.join()
        tally.kills += 1
        tally.within += any(v.struck for v in visitors)
        self._look(tally, visitors, seen, lambda: [*sound.faults(), *self.after(visitors)])

    def _go_on(self, tally: Tally, visitors: list[Any], seen: str) -> None:
        """A last life of the server, in which everybody ends what was begun."""
        server = Server(self.ground)
        server.wait()
        for visitor in visitors:
            visitor.ending = True
        threads = self._at_work(server.port, visitors)
        for thread in threads:
            thread.join()
        server.child.killed_after(0)
        self._look(tally, visitors, seen, lambda: [*sound.faults_at_rest(), *self.at_end(visitors)])

    def _look(self, tally: Tally, visitors: list[Any], seen: str, look: Any) -> None:
        try:
            found = self.ground.apart(look)
        except Broken as broken:
            found = [str(broken)]
        for visitor in visitors:
            found += visitor.faults
            visitor.faults = []
        tally.note(seen, found)

    @staticmethod
    def _at_work(port: int, visitors: list[Any]) -> list[threading.Thread]:
        for visitor in visitors:
            visitor.line = Line(port, visitor.cookies)
        threads = [threading.Thread(target=visitor.use) for visitor in visitors]
        for thread in threads:
            thread.start()
        return threads
