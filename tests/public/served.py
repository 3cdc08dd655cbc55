"""The real server as people start it, for tests that need real connections; and a small reverse
proxy before it."""

import os
import re
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.conftest import ROOT
from tests.support.ports import answered, free_port
from tests.support.public import TIP, hidden


@dataclass
class Served:
    """A running server: its port, its folders, what it has written to its log."""

    port: int
    instance: Path
    log: Path
    temporary: Path
    process: subprocess.Popen[bytes]


@contextmanager
def serving(instance: Path, folder: Path) -> Iterator[Served]:
    """The server over an instance, with a bureau, its log and a temporary folder of its own."""
    port = free_port()
    temporary, log = folder / "temporary", folder / "server.log"
    temporary.mkdir()
    env = {
        **os.environ,
        "CASEWORK_INSTANCE": str(instance),
        "TMPDIR": str(temporary),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with log.open("wb") as out:
        command = [sys.executable, "-m", "flask", "--app", "app", "serve", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out)
        try:
            answered(port, process)
            yield Served(port, instance, log, temporary, process)
        finally:
            process.terminate()
            process.wait(60)


class Caller:
    """Somebody with a plain HTTP client: no cookie is ever sent, none may come back."""

    def __init__(self, port: int) -> None:
        self.port = port
        page = self.get("/report")[1]
        self.fixed = {"token": hidden(page, "token"), "draft": hidden(page, "draft")}

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path, None, "")

    def post(
        self, path: str, fields: dict[str, str], files: list[tuple[str, bytes]] | None = None
    ) -> tuple[int, str]:
        boundary = secrets.token_hex(16)
        return self._ask(
            "POST",
            path,
            body_of(fields, files or [], boundary),
            f"multipart/form-data; boundary={boundary}",
        )

    def _ask(self, method: str, path: str, body: bytes | None, kind: str) -> tuple[int, str]:
        link = HTTPConnection("127.0.0.1", self.port, timeout=300)
        link.request(method, path, body, {"Content-Type": kind} if kind else {})
        answer = link.getresponse()
        assert answer.getheader("Set-Cookie") is None
        text = answer.read().decode()
        link.close()
        return answer.status, text

    def tip(self, files: list[tuple[str, bytes]] | None = None) -> str:
        """A whole tip; its receipt code."""
        status, page = self.sent("/report", {**TIP, **self.fixed, "action": "preview"}, files)
        assert status == 200
        status, page = self.sent("/report/send", {**self.fixed, "seen": hidden(page, "seen")})
        assert status == 200, page
        found = re.search(r'id="code">([\d ]+)<', page)
        assert found
        return found[1]

    def sent(
        self, path: str, fields: dict[str, str], files: list[tuple[str, bytes]] | None = None
    ) -> tuple[int, str]:
        """The same as ``post`` by somebody who presses the button again when told that others are
        still writing: on a slow machine many at once are."""
        while True:
            answer = self.post(path, fields, files)
            if answer[0] != 503:
                return answer


def send_large(
    port: int, path: str, fields: dict[str, str], size: int, cookie: str = ""
) -> tuple[int, str]:
    """A form with one file of so many bytes, made while it is sent; one field stands behind the
    file. The whole of it is sent before the answer is read, as browsers do."""
    boundary, (last, *others) = secrets.token_hex(16), reversed(fields)
    before = body_of({k: fields[k] for k in reversed(others)}, [("大.mp4", b"")], boundary)
    cut = before.rindex(f"\r\n--{boundary}--".encode())
    after = b"\r\n" + body_of({last: fields[last]}, [], boundary)
    link = HTTPConnection("127.0.0.1", port, timeout=300)
    link.putrequest("POST", path)
    link.putheader("Content-Type", f"multipart/form-data; boundary={boundary}")
    link.putheader("Content-Length", str(cut + size + len(after)))
    link.putheader("Cookie", cookie)
    link.endheaders(before[:cut])
    piece = bytes(1 << 20)
    for _ in range(size >> 20):
        link.send(piece)
    link.send(piece[: size & ((1 << 20) - 1)] + after)
    answer = link.getresponse()
    text = answer.read().decode()
    link.close()
    return answer.status, text


def body_of(fields: dict[str, str], files: list[tuple[str, bytes]], boundary: str) -> bytes:
    """A multipart body."""
    parts = [
        f'Content-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
        for k, v in fields.items()
    ]
    parts += [
        f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, content in files
    ]
    return (
        b"".join(b"--" + boundary.encode() + b"\r\n" + p for p in parts)
        + f"--{boundary}--\r\n".encode()
    )


@contextmanager
def behind_a_proxy(port: int, marks: dict[str, str]) -> Iterator[int]:
    """A reverse proxy that says of everybody what proxies and browsers say; its port."""

    class Handler(BaseHTTPRequestHandler):
        def _pass(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length else None
            headers = {
                k: v for k, v in self.headers.items() if k.lower() not in ("host", "user-agent")
            }
            link = HTTPConnection("127.0.0.1", port, timeout=300)
            link.request(
                self.command, self.path, body, {**headers, "Host": f"127.0.0.1:{port}", **marks}
            )
            answer = link.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            link.close()

        do_GET = do_POST = _pass  # noqa: N815

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=proxy.serve_forever)
    thread.start()
    try:
        yield proxy.server_address[1]
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
