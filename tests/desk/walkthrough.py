"""What a clerk must do for one case, counted: the team walks a case through its pages and follows
only what «现在» offers.

Each person in turn opens the docket; who is offered an act presses it, fills what stands empty and
sends it. Where nobody is offered anything, days pass up to the day that a page names. What comes
from outside (a party pays) comes by itself and is recorded from the folded groups of steps. What
people say is in tests/desk/walkthrough_said.py; nothing here knows which step comes next.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from casework.docket.models import Docket
from casework.people.models import Bureau, Person, Unit
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from casework.store import db
from casework.text import folded
from tests.desk.by_hand import Desk, complaints, next_of, words
from tests.support.archive import photographed, stack
from tests.walks.page import Field, Form, read

TEAM = ("officer1", "clerk", "head", "leader", "legal", "publisher", "officer2")
TYPED = ("text", "area")
LONG = 10  # characters of a text that is known again where it stands in a longer one
DUE_TODAY = "今日到期"
MOST_TURNS = 90
TRIES = 4  # a form is sent, each time with what its errors asked for
Said = Mapping[str, Mapping[str, Any]]


@dataclass
class Count:
    """What one case took. ``again``: values typed that the program knew; ``lost``: moments in which
    no page offered anybody anything and no day was named; ``wrong``: blue buttons that led off the
    ordinary road or to a refusal; ``back``: forms that came back once more; ``untold``: acts whose
    docket did not stand on the person's first page."""

    clicks: int = 0
    typed: int = 0
    chosen: int = 0
    uploads: int = 0
    pages: int = 0
    papers: int = 0
    again: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)

    def rows(self) -> list[tuple[str, int]]:
        """Each count with its name."""
        return [
            ("clicks", self.clicks),
            ("fields typed", self.typed),
            ("fields chosen", self.chosen),
            ("uploads", self.uploads),
            ("pages", self.pages),
            ("papers", self.papers),
            ("values typed again", len(self.again)),
            ("times lost", len(self.lost)),
            ("wrong blue buttons", len(self.wrong)),
            ("forms that came back", len(self.back)),
            ("acts not told on the first page", len(self.untold)),
        ]


@dataclass(frozen=True)
class Errand:
    """What comes from outside: the step that records it, who takes it, days after which it
    comes."""

    step: str
    login: str
    days: int


@dataclass
class Walker:
    """One case. ``said``: what people say, by step and field; ``ordinary``: steps that may be
    offered first; ``errands``: what comes from outside; ``over``: whether it has come to its
    end."""

    desk: Desk
    said: Said
    ordinary: Sequence[str]
    errands: Sequence[Errand]
    over: Callable[[Walker], bool]
    count: Count = field(default_factory=Count)
    tip: str = ""
    last: tuple[str, str] = ("", "")  # who acted last, on which docket: its page is still open
    before_me: tuple[str, str, str] = ("", "", "")  # the page that is open: whose, address, text
    dead: set[tuple[str, str, str]] = field(default_factory=set)  # blue buttons that led nowhere

    # -- the case
    def walk(self) -> Count:
        """From the call to the end; answers the counts."""
        self.receive()
        for _ in range(MOST_TURNS):
            if self.over(self):
                break
            if not (self.somebody_acts() or self.from_outside() or self.days_pass()):
                self.count.lost.append(self.where())
                self.helped()
        else:
            raise AssertionError(f"no end: {self.where()}, {self.count}")
        self.count.papers = sum(len(self.facts(code).papers) for code in self.dockets())
        return self.count

    def receive(self) -> None:
        """A call is taken in and its docket opened."""
        page = self.open("clerk", "/desk/")
        for ends in ("/desk/reports/new", "channel=phone"):
            where = next(x for x in read(page).links if x.endswith(ends))
            page = self.press("clerk", where)
        self.desk.code = ""
        answer = self.send("clerk", "/desk/reports/new", page, "receive", "narrative")
        assert answer is not None, self.count.back
        db.session.rollback()
        newest = select(Docket.code).order_by(Docket.id.desc()).limit(1)
        self.tip = self.desk.code = db.session.scalars(newest).one()
        go_on = next(x for x in read(answer).links if self.tip in x)
        self.press("clerk", go_on)
        self.last = ("clerk", self.tip)

    def dockets(self) -> list[str]:
        """The tip and the cases that came of it."""
        numbers = [link.number for link in self.facts(self.tip).links]
        query = select(Docket.code).where(Docket.number.in_(numbers))
        return [*db.session.scalars(query), self.tip]

    def facts(self, code: str) -> Facts:
        self.desk.code = code
        return self.desk.facts()

    def where(self) -> str:
        """Where each docket stands, in words."""
        return "; ".join(f"{code} {self.facts(code).stage}" for code in self.dockets())

    # -- somebody is offered something
    def somebody_acts(self) -> bool:
        """Whoever is offered something does it: who has the docket open first, then those whose
        first page tells them, then anybody."""
        seen = [(login, code) for login in TEAM for code in self.dockets()]
        found = [
            (login, code, address)
            for login, code in seen
            for address in self.offered(login, code)
            if (login, code, address) not in self.dead
        ]
        for login, code, address in sorted(found, key=self.told):
            if self.led_astray(address):
                self.wrong(login, code, address, "off the ordinary road")
            elif self.act(login, code, address):
                return True
        return False

    def told(self, offered: tuple[str, str, str]) -> int:
        """How near an act is to a person: the docket is open before them, their first page leads to
        it, or neither."""
        login, code, _address = offered
        if self.last == (login, code):
            return 0
        return 1 if code in self.desk.of(login).get("/desk/").text else 2

    def offered(self, login: str, code: str) -> list[str]:
        """The blue buttons of the docket's card, in their order."""
        answer = self.desk.of(login).get(f"/desk/dockets/{code}")
        if answer.status_code != 200:
            return []
        open_part = re.sub(r"<details.*?</details>", "", next_of(answer.text), flags=re.S)
        return [unescape(x) for x in re.findall(r'<a class="button"\s+href="([^"]+)"', open_part)]

    def led_astray(self, address: str) -> bool:
        """Whether the button leaves the ordinary road."""
        step = procedure().steps.get(step_of(address))
        return step is not None and (
            procedure().groups[step.group].exit or step.id not in self.ordinary
        )

    def wrong(self, login: str, code: str, address: str, why: str) -> None:
        """Note a blue button that misled, once for all who are offered it."""
        said = f"{address}: {why}"
        self.count.wrong += [] if said in self.count.wrong else [said]
        self.dead.add((login, code, address))

    def act(self, login: str, code: str, address: str) -> bool:
        """One act on a button, with the way to it; False where the page refuses."""
        self.reach(login, code, address)
        self.count.acts.append(f"{self.desk.day} {login} {address}")
        if "/proposals/" in address:
            return self.approve(login, code, address)
        if address.startswith("/desk/print"):
            return self.scan_back(login, code, address)
        if address.startswith("/desk/casefile"):
            return self.bind(login, code, address)
        answer = self.send(login, address, self.press(login, address), step_of(address))
        if answer is None:
            self.wrong(login, code, address, self.count.back[-1])
        self.last = (login, code)
        return answer is not None

    def reach(self, login: str, code: str, address: str) -> bool:
        """The way to the button: nothing for whoever has the docket's page before them; else from
        the first page, by one link, or through a list where the docket is not there. Answers
        whether the first page leads to the act itself."""
        if self.last == (login, code):
            return False
        links = read(self.open(login, "/desk/")).links
        if address in links:
            return True
        if not any(code in link for link in links):
            self.count.untold.append(f"{login}: {address}")
            self.count.clicks += 1  # a list, and the docket in it
            self.count.pages += 1
        self.press(login, f"/desk/dockets/{code}")
        return False

    def approve(self, login: str, code: str, address: str) -> bool:
        """A proposal is read and approved."""
        form = read(self.press(login, address)).form_with("seen")
        assert form is not None, address
        answer = self.post(login, address, {**form.standing(), "verb": ["approve"]})
        if answer.status_code != 302:
            self.wrong(login, code, address, "; ".join(complaints(answer.text)))
            return False
        self.open(login, answer.location)
        self.last = (login, code)
        return True

    # -- the file
    def scan_back(self, login: str, code: str, address: str) -> bool:
        """The sheets of the case that lack a signature are printed, signed, scanned as one stack
        and handed in."""
        papers = [p for p in self.facts(code).papers if procedure().papers[p.kind].signed]
        ids = [str(p.id) for p in papers if p.state != "withdrawn" and not p.signed_back]
        page = read(self.press(login, address))
        form = page.form_with("paper")
        assert form is not None, address
        standing = form.fields["paper"].standing
        self.count.chosen += len(set(ids) ^ set(standing))
        printed = self.post(login, address, {**form.standing(), "paper": ids}).data
        upload = page.form_with("file")
        assert upload is not None
        pictures = stack(*photographed(printed))
        self.count.uploads += 1
        file = {"file": (BytesIO(pictures), "signed.pdf")}
        answer = self.post(login, upload.action, {**upload.standing(), **file})
        assert answer.status_code == 302, complaints(answer.text)
        self.open(login, answer.location)
        self.last = (login, code)
        return True

    def bind(self, login: str, code: str, address: str) -> bool:
        """The file is bound, and its page left for the docket's."""
        form = next(
            f for f in read(self.press(login, address)).forms if ("kind", "internal") in f.buttons
        )
        answer = self.post(login, address, {**form.standing(), "kind": ["internal"]})
        for thread in threading.enumerate():
            if thread.name.startswith("job "):
                thread.join()
        bound = self.open(login, answer.location)
        self.press(login, next(x for x in read(bound).links if x.endswith("/next")))
        self.last = (login, code)
        return True

    # -- nobody is offered anything
    def from_outside(self) -> bool:
        """Something comes from outside; whoever records it finds the step among the others."""
        for errand in self.errands:
            for code in self.dockets():
                address = self.folded(errand.login, code, errand.step)
                if address:
                    self.errands = [e for e in self.errands if e is not errand]
                    self.desk.later(errand.days)
                    self.count.acts.append(f"from outside: {errand.step}")
                    self.last = ("", "")
                    if not self.reach(errand.login, code, address):
                        self.count.clicks += 1  # the group of steps is opened
                    self.last = (errand.login, code)
                    return self.act(errand.login, code, address)
        return False

    def folded(self, login: str, code: str, step: str) -> str:
        """The address of a step that the docket's page offers anywhere; "" where it does not."""
        answer = self.desk.of(login).get(f"/desk/dockets/{code}")
        links = (
            re.findall(r'href="([^"]+)"', next_of(answer.text)) if answer.status_code == 200 else []
        )
        return next((unescape(x) for x in links if step_of(x) == step), "")

    def days_pass(self) -> bool:
        """Up to the first day that some page names, and the next working day; False where none
        does."""
        named = [
            day for login in TEAM for code in self.dockets() for day in self.days_named(login, code)
        ]
        if not named:
            return False
        day = min(named)
        self.count.acts.append(f"until {day}")
        self.desk.until(day).later(1)
        self.last = ("", "")
        self.dead.clear()
        return True

    def days_named(self, login: str, code: str) -> Iterator[date]:
        """Days to come that the open part of the card names, or that it calls today's."""
        answer = self.desk.of(login).get(f"/desk/dockets/{code}")
        if answer.status_code == 200:
            open_part = re.sub(r"<details.*?</details>", "", next_of(answer.text), flags=re.S)
            found = map(date.fromisoformat, re.findall(r"\d{4}-\d\d-\d\d", words(open_part)))
            yield from (day for day in found if day > self.desk.day)
            if DUE_TODAY in open_part:
                yield self.desk.day

    def helped(self) -> None:
        """Somebody who knows the procedure says what comes next; that it took one is counted."""
        tried = (
            (login, code, step)
            for step in self.ordinary
            for code in self.dockets()
            for login in TEAM
        )
        for login, code, step in tried:
            address = self.folded(login, code, step)
            dead = (login, code, address) in self.dead
            if address and not dead and self.act(login, code, address):
                return
        raise AssertionError(f"nobody knows on: {self.where()}, {self.count.acts[-8:]}")

    # -- pages
    def open(self, login: str, address: str) -> str:
        """A page that comes by itself, or stands open already."""
        self.count.pages += 1
        answer = self.desk.of(login).get(address, follow_redirects=True)
        assert answer.status_code == 200, (login, address, answer.status_code)
        self.before_me = (login, answer.request.path, answer.text)
        return answer.text

    def press(self, login: str, address: str) -> str:
        """A link that somebody follows, unless its page is open before them."""
        if self.before_me[:2] == (login, address):
            return self.before_me[2]
        self.count.clicks += 1
        return self.open(login, address)

    def post(self, login: str, address: str, data: Mapping[str, Any]) -> Any:
        """A button that somebody presses."""
        self.count.clicks += 1
        client: FlaskClient = self.desk.of(login)
        address = address.split("?")[0] if address.endswith("?") else address
        return client.post(address, data=MultiDict(_flat(data)), content_type="multipart/form-data")

    def send(self, login: str, address: str, page: str, step: str, has: str = "seen") -> str | None:
        """Fill a form and send it, anew with what its errors ask for; answers the page that comes
        then, None where the step is refused."""
        asked: frozenset[str] = frozenset()
        page = self.looked_up(login, address, page, step, has)
        for _ in range(TRIES):
            form = read(page).form_with(has)
            assert form is not None, address
            data = self.fill(form, step, asked, page)
            if ("action", "next") in form.buttons:  # there may be more to do at once
                data["action"] = ["next"]
            answer = self.post(login, form.action or address, data)
            if answer.status_code == 302:
                return self.open(login, answer.location)
            page = answer.text
            if answer.status_code == 200 and read(page).form_with(has) is None:
                self.count.pages += 1
                return page
            self.count.back.append(f"{step}: {'; '.join(complaints(page))[:200]}")
            wrong = frozenset(
                re.findall(
                    r'<a href="#([^"]+)"',
                    "".join(re.findall(r'class="summary-errors".*?</div>', page, re.S)),
                )
            )
            if not wrong & set(form.fields):
                return None
            asked |= wrong
        return None

    def looked_up(self, login: str, address: str, page: str, step: str, has: str) -> str:
        """The page of a form after a unit that stands on it was looked up in the register and
        chosen, where a part of it would have to be typed; the same page where none is."""
        form, said = read(page).form_with(has), self.answers(step)
        names = [value for name, value in form.buttons if name == "look_up"] if form else []
        for name in names:
            rest = name.removesuffix("name") + "credit_code"
            if form is None or rest not in said or any(form.fields[rest].standing):
                continue
            sent = {**form.standing(), "look_up": [name]}
            offered = read(self.post(login, form.action or address, sent).text).form_with(has)
            units = [v for n, v in offered.buttons if n == "unit"] if offered else []
            if offered and units:
                sent = {**offered.standing(), "unit": units[:1]}
                page = self.post(login, form.action or address, sent).text
                self.count.pages += 2
                form = read(page).form_with(has)
        return page

    # -- what is filled in
    def fill(self, form: Form, step: str, asked: frozenset[str], page: str) -> dict[str, list[str]]:
        """What stands there, with what people say where it stands empty; what they choose
        otherwise, names that are offered among it."""
        found, said = form.standing(), self.answers(step)
        for name, there in form.fields.items():
            known = name in said
            if there.kind in ("hidden", "file") or not (known or name in asked):
                continue
            answer = said[name] if known else plausible(there, self.desk.day)
            if there.kind in TYPED:
                if any(there.standing) and name not in asked:
                    continue
                if suggested(page, name, answer):
                    self.count.chosen += 1
                else:
                    self.typed(step, name, answer)
                found[name] = [answer.replace("\n", "\r\n")]
            else:
                chosen = self.choose(there, answer)
                self.count.chosen += set(chosen) != set(there.standing)
                found[name] = chosen
        return found

    def answers(self, step: str) -> dict[str, Any]:
        """What people say to a step, days of this walk put in."""
        given = self.said.get(step, {})
        return {k: v(self.desk) if callable(v) else v for k, v in given.items()}

    def choose(self, there: Field, answer: Any) -> list[str]:
        """The options that are meant: by value; those that are not there are not chosen."""
        wanted = [answer] if isinstance(answer, str) else list(answer)
        return [o for o in there.options if o in wanted] or there.standing

    def typed(self, step: str, name: str, text: str) -> None:
        """Count a typed value, and whether the program had it already."""
        self.count.typed += 1
        if self.desk.code and (found := self.known_already(text)):
            self.count.again.append(f"{step}.{name}: {found}")

    def known_already(self, text: str) -> str:
        """The recorded value that was typed once more, as a whole, as a line, or inside a longer
        text; "" where there is none."""
        known = set(self.recorded())
        parts = {_plain(line) for line in (text, *text.split("\n"))}
        return next((k for k in known if k in parts or (len(k) >= LONG and k in _plain(text))), "")

    def recorded(self) -> Iterator[str]:
        """Every text that stands on record: entries of the case and of its tip, settings of the
        bureau, persons, the register."""
        for code in self.dockets() if self.tip else []:
            for act in self.facts(code).acts:
                yield from _leaves(act.asked)
        session = db.session
        bureau = session.scalars(select(Bureau)).first()
        for name in ("name", "address", "phone", "bank", "court"):
            yield _plain(getattr(bureau, name) or "") or "—"
        yield from map(_plain, session.scalars(select(Person.name)))
        for unit in session.scalars(select(Unit)):
            yield from (_plain(x) for x in (unit.name, unit.credit_code or "") if x)


def step_of(address: str) -> str:
    """The step to which an address leads; "" for a page that is no step's."""
    found = re.fullmatch(r"/desk/dockets/[^/]+/[^/]+/([a-z_]+)", address.split("?")[0])
    return found[1] if found else ""


def suggested(page: str, name: str, answer: str) -> bool:
    """Whether the field offers that answer in a list of its own."""
    tags = re.findall(r"<input[^>]*>", page)
    tag = next((tag for tag in tags if f'name="{name}"' in tag), "")
    of = re.search(r'list="([^"]+)"', tag)
    offers = re.search(rf'<datalist id="{of[1]}">(.*?)</datalist>', page, re.S) if of else None
    return offers is not None and f'value="{answer}"' in offers[1]


def plausible(there: Field, today: date) -> Any:
    """An answer to a field of which nobody said anything."""
    if there.kind in TYPED:
        return "据实办理。"
    return [o for o in there.options if o][:1]


def _flat(data: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        (name, value)
        for name, values in data.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def _leaves(value: Any) -> Iterator[str]:
    """Texts and numbers of a payload of two characters and more."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str) and len(_plain(value)) > 1:
        yield _plain(value)
        yield from (_plain(line) for line in value.splitlines() if len(_plain(line)) > 1)


def _plain(text: str) -> str:
    return folded("".join(text.split())).replace(",", "").rstrip("。.")
