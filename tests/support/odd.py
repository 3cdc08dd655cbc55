"""Odd inputs to every address of the program, as nobody and as each role: what a browser never
sends and somebody will."""

from __future__ import annotations

import io
import random
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BuildError, Rule

from casework.docket.models import Docket, Track
from casework.people.models import Person, SignIn
from casework.procedure.load import procedure
from casework.store import db, utcnow, writing

JUNK = {
    "empty": "",
    "blank": " \t ",
    "no character": "\0",
    "a NUL within": "1\0002",
    "half a pair": "\ud800",
    "lines": "a\r\nSet-Cookie: b=1",
    "past 63 bits": str(2**63),
    "past 64 bits": str(2**64 + 1),
    "thousands of digits": "9" * 5000,
    "negative": "-1",
    "far negative": str(-(2**70)),
    "full width": "１２３",
    "another script": "٣٤",
    "superscript": "²",
    "exponent": "1e999999",
    "no number": "NaN",
    "endless": "Infinity",
    "fraction": "1.5",
    "long": "长" * 10_000,
    "turned": "\u202eabc\u2066",
    "emoji": "👩\u200d👧\U000e0001",
    "markup": "<script>alert(1)</script>",
    "quote": "'; DROP TABLE person; --",
    "path": "../../etc/passwd",
    "template": "{{7*7}}%s%n",
    "list": "[1, 2]",
    "object": '{"a": {"b": []}}',
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "no day": "2026-02-30",
    "hour": "25:61",
    "word": "None",
    "true": "true",
    "address": "//evil.example/",
    "no scalar": "\ufffe\uffff",
}
PLAUSIBLE = [
    "1",
    "2",
    "main",
    "yes",
    "anonymous",
    "case",
    "report",
    "approve",
    "take",
    "preview",
    "firm",
    "丰都县",
]
PLAUSIBLE.append(date.today().isoformat())
_ASKED = re.compile(r"""(?:form|args|values|files)\.(?:get|getlist)\(\s*["'](\w+)["']""")
_FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]*\bname="([^"]+)"')
_ALONE = {"static"}  # files of ours; nothing is read from their requests


@dataclass
class Odd:
    """Inputs in an order that a seed gives, the same each time; what broke stands in ``broken``."""

    app: Flask
    people: dict[str, int]  # role or login → person
    seed: int = 1
    broken: list[str] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311
        self.rules = [r for r in self.app.url_map.iter_rules() if r.endpoint not in _ALONE]
        source = "".join(
            f.read_text("utf-8") for f in Path(self.app.root_path, "casework").rglob("*.py")
        )
        self.names = sorted(set(_ASKED.findall(source)))
        self.codes = list(db.session.scalars(select(Docket.code))) or ["none"]
        self.tracks = sorted(
            {f"{t.kind}" for t in db.session.scalars(select(Track))} | {"main", "report"}
        )
        db.session.remove()

    def run(self, inputs: int) -> Iterator[int]:
        """Send so many, every address in turn; yields how many were sent."""
        for sent in range(inputs):
            rule = self.rules[sent % len(self.rules)]
            self.send(rule, self.random.choice([*self.people, ""]))
            yield sent + 1

    def send(self, rule: Rule, who: str) -> None:
        """One request to the address, by a person or by nobody."""
        with self.app.app_context():
            client = self.client(who)
            db.session.remove()
        path = self.path(rule)
        method = self.random.choice(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        shown = self.ask(client, "GET", path, who, {}) if "GET" in (rule.methods or ()) else None
        known = (
            _FIELD.findall(shown.text)
            if shown is not None and shown.mimetype == "text/html"
            else []
        )
        data = self.fields(known)
        if method == "GET":
            self.ask(client, "GET", path, who, {"query_string": _encoded(data)})
        elif file := self.file():
            sent = {n: [v.encode(errors="replace").decode() for v in data.getlist(n)] for n in data}
            self.ask(client, method, path, who, {"data": {**sent, **file}})
        else:
            self.ask(
                client,
                method,
                path,
                who,
                {"data": _encoded(data), "content_type": "application/x-www-form-urlencoded"},
            )

    def ask(
        self, client: FlaskClient, method: str, path: str, who: str, more: dict[str, Any]
    ) -> Any:
        """The answer; a fault of ours is noted with what led to it."""
        with self.app.app_context():
            answer = client.open(path, method=method, **more)
            db.session.remove()
        self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1
        if answer.status_code >= 500:
            self.broken.append(
                f"{answer.status_code} {method} {path[:150]} as "
                f"{who or 'nobody'}: {str(more)[:600]}"
            )
        return answer

    def client(self, who: str) -> FlaskClient:
        """A browser in which that person is signed in, whatever was done to them before."""
        client = FlaskClient(self.app, self.app.response_class)
        if not who:
            return client
        key, now = secrets.token_hex(12), int(utcnow().timestamp())
        with writing() as session:
            person = session.get_one(Person, self.people[who])
            person.active, person.must_change = True, False
            session.add(SignIn(key=key, person_id=person.id))
            number = person.get_id()
        with client.session_transaction() as session:
            session.update(
                {"_user_id": number, "_fresh": True, "since": now, "seen": now, "key": key}
            )
        return client

    def path(self, rule: Rule) -> str:
        """The address with what stands there in life, or with junk."""
        values = {name: self.value(name) for name in rule.arguments}
        with self.app.test_request_context():
            try:
                return rule.build({**(rule.defaults or {}), **values}, append_unknown=False)[1]  # type: ignore[index]
            except (BuildError, TypeError, ValueError):
                return re.sub("<[^>]+>", "1", rule.rule)

    def value(self, name: str) -> str | int:
        """For one part of an address."""
        if self.random.random() < 0.25:
            return self.random.choice([*(v for v in JUNK.values() if v.strip()), 2**63, 10**40])
        there = {
            "code": self.codes,
            "track": self.tracks,
            "step": list(procedure().steps),
            "which": ["reports", "cases"],
            "what": ["data", "role", "card", "tie", "close", "open", "password", "end"],
            "key": ["identity.custodians", "tip.notify_days"],
        }
        return self.random.choice(there.get(name, [1, 2, 3]))

    def fields(self, known: list[str]) -> MultiDict[str, str]:
        """Some of the page's fields and some that any page reads, most of them with junk."""
        names = self.random.sample(known, min(len(known), 8)) + self.random.sample(self.names, 3)
        data: MultiDict[str, str] = MultiDict()
        for name in names:
            for _ in range(self.random.choice([1, 1, 1, 3])):
                junk = self.random.random() < 0.7
                data.add(name, self.random.choice(list(JUNK.values()) if junk else PLAUSIBLE))
        return data

    def file(self) -> dict[str, Any]:
        """Now and then a file, of a kind that it is not."""
        if self.random.random() > 0.15:
            return {}
        name = self.random.choice(["a.pdf", "\u202efdp.exe", "x" * 400, "../a.xlsx", "", "a\0.csv"])
        data = self.random.choice(
            [
                b"",
                b"%PDF-1.7\n" + b"\0" * 99,
                b"PK\x03\x04" + b"\xff" * 50,
                "列,码\n1,2".encode("gbk"),
            ]
        )
        return {self.random.choice(["file", "files", "list"]): (io.BytesIO(data), name)}


def _encoded(data: MultiDict[str, str]) -> str:
    """As a form or a query; halves of pairs as others would send them, not as a browser does."""
    return urlencode(list(data.items(multi=True)), errors="surrogatepass")
