"""The browsers of the bureau's people: what they open and send, and what no answer may ever be."""

from __future__ import annotations

import io
import logging
import random
import re
import traceback
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NoReturn

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from casework.people import clock as rounds
from casework.store import utcnow
from casework.upkeep.demo import PASSWORD, STAFF
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from tests.conftest import Browser
from tests.desk.by_hand import complaints
from tests.walks.page import Form, read

LOGINS = [login for login, _name, _roles in STAFF]
FILES = ("应收账款明细账.png", "𬬻瀛 照片😋(1).png", "送达回证.png")
# how often a file comes along
OFTEN = {"add_evidence": 0.5, "rights_waived": 0.5, "service_proof": 0.6, "replace_copy": 0.6}
SHOWN = 25  # acts that stand under a fault


class Broken(AssertionError):
    """What must hold did not: at which act, and of which kind (the sentence without its
    numbers)."""

    def __init__(self, number: int, what: str, told: str) -> None:
        super().__init__(told)
        self.number, self.kind = number, re.sub(r"[\d-]+", "", what.split("\n")[0])[:80]


@dataclass
class Account:
    """What a walk did, for whoever wants to know how far it got."""

    acts: Counter[str] = field(default_factory=Counter)  # kinds of acts
    # steps that were taken or proposed, and judgements
    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)  # step and why
    stages: Counter[str] = field(default_factory=Counter)  # where dockets stood at the end
    # faults that the second reading finds, by their rule
    read: Counter[str] = field(default_factory=Counter)
    accepted: int = 0

    def add(self, other: Account) -> None:
        """Both together."""
        for name in ("acts", "taken", "refused", "stages", "read"):
            getattr(self, name).update(getattr(other, name))
        self.accepted += other.accepted


class _Faults(logging.Handler):
    """What the program logs as an error of its own, or that time could not do."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.levelno >= logging.ERROR or text.startswith("time could not act"):
            self.said.append(text)


class Browsers:
    """Everybody's browsers, on a day that moves."""

    def __init__(
        self,
        app: Flask,
        team: Team,
        clock: time_machine.Traveller,
        seed: int,
        begins: date | None = None,
    ) -> None:
        self.app, self.team, self.clock, self.seed = app, team, clock, seed
        self.account, self.number, self.said = Account(), 0, list[str]()
        self.chance = random.Random(seed)  # noqa: S311
        self.day = begins or date(2024, 10, 8) + timedelta(self.chance.randrange(300))
        self.now = datetime.combine(self.day, time(1, 0), UTC)
        self.clock.move_to(self.now)
        self.browsers: dict[tuple[str, int], FlaskClient] = {}
        self.pages: dict[str, str] = {}  # where each person is
        self.log = _Faults()
        rounds.note_round(utcnow())

    def __enter__(self) -> Browsers:
        logging.getLogger("casework").addHandler(self.log)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("casework").removeHandler(self.log)

    # -- time
    def moment(self) -> None:
        """A minute passes; whoever works till the evening goes home."""
        self.now += timedelta(minutes=1)
        self.clock.move_to(self.now)
        if self.now.hour >= 9:  # five in the afternoon, Shanghai
            self.until(self.day + timedelta(1))

    def until(self, day: date) -> None:
        """Days pass and time does its own work; everybody signs in anew."""
        self.note(f"== {day}")
        self.day, self.now = day, datetime.combine(day, time(1, 0), UTC)
        self.clock.move_to(self.now)
        self.browsers.clear()
        self.pages.clear()
        rounds.note_round(utcnow())  # rounds went on meanwhile
        tick()
        self.nothing_logged()

    def nothing_logged(self) -> None:
        """Neither a fault of ours nor an act of time that was refused."""
        if self.log.said:
            self.broken("; ".join(self.log.said))

    # -- pages
    def of(self, login: str, browser: int = 0) -> FlaskClient:
        """The browser of one person, who signs in on the page; of nobody where there is no
        login."""
        if (login, browser) not in self.browsers:
            client = Browser(self.app, self.app.response_class)
            if login:
                form = read(client.get("/signin").text).form_with("login")
                assert form is not None
                answer = client.post(
                    "/signin", data={**form.standing(), "login": login, "password": PASSWORD}
                )
                if answer.status_code != 302:
                    self.broken(f"{login} cannot sign in: {complaints(answer.text)}")
            self.browsers[(login, browser)] = client
        return self.browsers[(login, browser)]

    def open(
        self, login: str, address: str, may_fail: tuple[int, ...] = (), browser: int = 0
    ) -> str | None:
        """A page to which a link leads; None where it answers with what it may."""
        answer = self._ask(login, browser, "GET", address, {})
        for _ in range(3):
            if answer.status_code not in (301, 302, 303):
                break
            answer = self._ask(login, browser, "GET", answer.location, {})
        if answer.status_code in may_fail:
            return None
        if answer.status_code != 200:
            self.broken(f"{login} is led to {address} and gets {answer.status_code}")
        return answer.text if answer.mimetype == "text/html" else answer.mimetype

    def send(
        self,
        login: str,
        where: str,
        form: Form,
        data: dict[str, list[str]],
        step: str = "",
        browser: int = 0,
    ) -> Any:
        """Send a form as a browser does, now and then with a file; whoever is refused is told
        why."""
        address = form.action or where
        lines = {
            n: [v.replace("\r\n", "\n").replace("\n", "\r\n") for v in values]
            for n, values in data.items()
        }
        if form.method == "get":
            # what the form asks takes the place of what was asked before
            asked = address.split("?")[0]
            return self._ask(login, browser, "GET", asked, {"query_string": lines})
        more: dict[str, Any] = {
            "data": {**lines, **self._files(form, step)},
            "content_type": "multipart/form-data",
        }
        answer = self._ask(login, browser, "POST", address, more)
        if answer.status_code in (400, 405) or (answer.status_code == 404 and not browser):
            self.broken(
                f"{login} sends the form of {where} to {address} and gets "
                f"{answer.status_code}: {_short(data)}"
            )
        if answer.status_code == 422 and not any(complaints(answer.text)):
            self.broken(f"{login} is refused at {address} and not told why")
        return answer

    def _ask(
        self, login: str, browser: int, method: str, address: str, more: dict[str, Any]
    ) -> Any:
        try:
            answer = self.of(login, browser).open(address, method=method, **more)
        except Broken:
            raise
        except Exception:
            self.broken(
                f"{method} {address} as {login} "
                f"{_short(more.get('data'))}\n{traceback.format_exc()[-3500:]}"
            )
        if answer.status_code >= 500:
            self.broken(
                f"{answer.status_code} {method} {address} as {login} {_short(more.get('data'))}"
            )
        self.nothing_logged()
        return answer

    def _files(self, form: Form, step: str) -> dict[str, Any]:
        """A photograph under a Chinese name, where the form takes files."""
        field = form.fields.get("files")
        if field is None or field.kind != "file" or self.chance.random() > OFTEN.get(step, 0.06):
            return {}
        return {
            "files": [(io.BytesIO(picture(self.chance.randrange(200))), self.chance.choice(FILES))]
        }

    # -- words about it
    def note(self, said: str) -> None:
        """Keep it for whoever asks how it came about."""
        self.said.append(f"{self.number} {said}")

    def took(self, step: str, said: str) -> None:
        """It was accepted."""
        self.account.taken[step] += 1
        self.account.accepted += 1
        self.note(said)

    def refused(self, step: str, why: str) -> None:
        """Count it by its reason."""
        self.account.refused[f"{step}: {why[:160]}"] += 1
        self.note(f"   refused {step}: {why[:300]}")

    def broken(self, what: str) -> NoReturn:
        """What must hold does not."""
        said = "\n".join(self.said[-SHOWN:])
        raise Broken(
            self.number, what, f"seed {self.seed}, act {self.number}, {self.day}: {what}\n{said}"
        )


def picture(shade: int) -> bytes:
    """A photograph as a telephone takes it."""
    out = io.BytesIO()
    Image.new("RGB", (60, 80), (230, 230, shade)).save(out, "PNG")
    return out.getvalue()


def _short(data: Any) -> str:
    return str({k: v for k, v in (data or {}).items() if k not in ("csrf_token", "files")})[:900]
