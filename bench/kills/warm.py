"""Everything is used once in the process from which all others are forked: they begin warm, like a
server after a while."""

from __future__ import annotations

import random
from typing import Any

from bench.kills import sound
from bench.kills.ground import Ground
from bench.kills.public import Informant, Tips
from bench.kills.served import take_cookies
from bench.kills.staff import Steps
from casework.store import db
from casework.upkeep import tick


class Within:
    """As a ``Line``, without a server."""

    def __init__(self, app: Any, cookies: dict[str, str]) -> None:
        self.client, self.cookies = app.test_client(use_cookies=False), cookies

    def get(self, path: str) -> tuple[int, str]:
        """Status and page."""
        answer = self.client.get(path, headers=self._head())
        take_cookies(answer.headers.getlist("Set-Cookie"), self.cookies)
        return answer.status_code, answer.text

    def led_to(self, path: str) -> str:
        """The address to which another one leads."""
        return str(self.client.get(path, headers=self._head()).location)

    def post(self, path: str, fields: dict[str, Any]) -> tuple[int, bytes, Any]:
        """Status, answer and head of a form."""
        answer = self.client.post(path, data=fields, headers=self._head())
        take_cookies(answer.headers.getlist("Set-Cookie"), self.cookies)
        return answer.status_code, answer.data, answer.headers

    def _head(self) -> dict[str, str]:
        return (
            {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
            if self.cookies
            else {}
        )


def warm(ground: Ground) -> None:
    """One tip, the road of another, a round of time, a look at all of it. What was kept in memory
    of these rows is dropped, and no connection stays open: none may be forked."""
    known = set(ground.app.extensions)
    for work, visitor in ((Tips(ground), None), (Steps(ground), 0)):
        work.prepare()
        ground.take(work.mould)
        person = (
            Informant("第一位") if visitor is None else work.visitors(random.Random(1))[visitor]
        )
        person.line = Within(ground.app, person.cookies)
        for _ in range(24 if visitor == 0 else 4):
            person.step()
        with ground.app.app_context():
            tick.tick()
            found = sound.faults()
            db.session.remove()
            db.engine.dispose()
        if found or not person.told:
            raise ValueError(f"{work.name}: {found or person.faults}")
    for name in set(ground.app.extensions) - known:
        del ground.app.extensions[name]
