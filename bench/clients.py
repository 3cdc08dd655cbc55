"""Informants at work: each in a thread of a process of their own, from the blank form to the
receipt."""

from __future__ import annotations

import http.client
import json
import re
import sys
import threading
import time
from urllib.parse import urlencode

NARRATIVE = (
    "该公司2025年年报应收账款少报四百多万元，产值按镇里给的数填报，财务账与统计台账对不上。" * 8
)
TIP = {
    "subject": "重庆汇锦机械制造有限公司",
    "subject_kind": "enterprise",
    "narrative": NARRATIVE,
    "identity": "anonymous",
    "kinds": "false_data",
    "action": "preview",
    "website": "",
}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_HEAD = {"Content-Type": "application/x-www-form-urlencoded"}


class Lost(Exception):
    """A page did not come, or not the right one."""


class Informant:
    """One connection; every tip starts from a blank form."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> str:
        """A page, read to its end."""
        self.line.request(
            method, path, urlencode(fields) if fields else None, _HEAD if fields else {}
        )
        answer = self.line.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            raise Lost(f"{method} {path}: {answer.status}")
        return text

    def tip(self) -> dict[str, str]:
        """Form, preview, sending; the three pages."""
        form = self.ask("GET", "/report")
        preview = self.ask("POST", "/report", {**TIP, **dict(_HIDDEN.findall(form))})
        sent = self.ask("POST", "/report/send", dict(_HIDDEN.findall(preview)))
        if 'id="code"' not in sent:
            raise Lost("no receipt")
        return {"form": form, "preview": preview, "receipt": sent}


def crowd(port: int, people: int, seconds: float) -> dict[str, object]:
    """So many at once for so long: seconds of each tip, what was lost."""
    times: list[float] = []
    lost: list[str] = []
    until = time.perf_counter() + seconds

    def one() -> None:
        informant = Informant(port)
        while (began := time.perf_counter()) < until:
            try:
                informant.tip()
                times.append(time.perf_counter() - began)
            except (Lost, OSError, http.client.HTTPException) as error:
                lost.append(str(error))
                informant = Informant(port)

    began = time.perf_counter()
    threads = [threading.Thread(target=one) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"times": times, "lost": lost, "took": time.perf_counter() - began}


if __name__ == "__main__":
    print(json.dumps(crowd(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))
