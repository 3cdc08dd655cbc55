"""The first time a step is taken, it is taken on its page by the person whose step it is; and by
nobody of another role.

The scenes take their steps through ``perform()``; with these hands the first of each kind goes the
way of a person: the docket's page offers it, its form is opened, filled and sent, its proposal is
opened and approved. Forms, pages and the procedure are so held against each other for every step.
Into every field that takes words goes the bag of nasty words (tests/support/words.py) behind the
scene's own: no word of anybody stops a step.
"""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from wtforms import StringField, TextAreaField

from casework.acts.errors import NotAllowed
from casework.acts.facts import gather
from casework.acts.intent import Intent
from casework.acts.perform import Done, perform
from casework.docket.models import Act, Docket
from casework.people.models import Person, SignIn
from casework.procedure import effects
from casework.procedure.checks.registry import CHECKS
from casework.procedure.load import procedure
from casework.store import db, writing
from casework.upkeep.demo import STAFF
from casework.upkeep.walk import Walk
from casework.vault.sealing import vault
from forms.answers import row_form
from forms.registry import form_class
from tests.conftest import Browser
from tests.support import words
from tests.support.told import missing

ALONE = sorted({name for step in procedure().steps.values() for name in step.needs})
ROLE_OF = {login: roles for login, _name, roles in STAFF}


@dataclass
class OnPages:
    """Hands for every walk: what was done on pages, and what went wrong there."""

    app: Flask
    taken: set[str] = field(default_factory=set)
    approved: set[tuple[str, str]] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    # fields of each step into which the bag went
    bags: dict[str, set[str]] = field(default_factory=dict)
    # of every refusal that rests on facts alone: no, yes, or both
    said: dict[str, set[bool]] = field(default_factory=dict)

    def into(self, patch: pytest.MonkeyPatch) -> None:
        """Give them to all walks; scenes play on days of their own, back and forth: nobody asks
        about the clock."""
        self.app.config["CLOCK_DAYS"] = 100 * 365
        plain = Walk._do
        hands = self

        def do(
            walk: Walk,
            step: str,
            track: str,
            verb: str,
            asked: Mapping[str, Any],
            actor: int,
            on: date | None,
        ) -> Done:
            return hands.do(plain, walk, step, track, verb, asked, actor, on)

        patch.setattr(Walk, "_do", do)

    def do(
        self,
        plain: Any,
        walk: Walk,
        step: str,
        track: str,
        verb: str,
        asked: Mapping[str, Any],
        actor: int,
        on: date | None,
    ) -> Done:
        """The first of its kind on its page, any other straight through ``perform()``."""
        if verb == "take":
            self.listen(walk)
        if verb == "take" and step not in self.taken:
            self.taken.add(step)
            self.by_no_other_role(walk, step, track, verb, asked, on)
            found = self.on_page(walk, step, track, asked, actor, on)
            return found or plain(walk, step, track, verb, asked, actor, on)  # type: ignore[no-any-return]
        role = self.waits_for(walk, step, track) if verb == "approve" else ""
        if role and (step, role) not in self.approved:
            self.approved.add((step, role))
            self.by_no_other_role(walk, step, track, verb, {}, None, role)
            found = self.approve(walk, step, track, asked, actor)
            return found or plain(walk, step, track, verb, asked, actor, on)  # type: ignore[no-any-return]
        done: Done = plain(walk, step, track, verb, asked, actor, on)
        return done

    def listen(self, walk: Walk) -> None:
        """What each refusal says of the docket as it stands now."""
        facts = gather(
            db.session(), vault(), db.session.get_one(Docket, walk.docket_id), None, walk.now
        )
        for name in ALONE:
            self.said.setdefault(name, set()).add(CHECKS[name](facts, {}, facts.today) is None)

    # -- who may not
    def by_no_other_role(
        self,
        walk: Walk,
        step: str,
        track: str,
        verb: str,
        asked: Mapping[str, Any],
        on: date | None,
        role: str = "",
    ) -> None:
        """Everybody of the staff without the role is refused, whatever they send."""
        roles = {role} if role else set(procedure().steps[step].roles)
        for login, number in walk.team.others.items():
            if set(ROLE_OF[login]) & roles:
                continue
            try:
                perform(
                    Intent(walk.docket_id, step, number, on or walk.day, track, verb, asked),
                    walk.now,
                )
                self.faults.append(f"{step} ({verb}) was taken by {login}")
            except NotAllowed:
                self.refused.add(step)
            db.session.rollback()

    # -- on the page
    def client(self, walk: Walk, actor: int) -> FlaskClient:
        """A browser in which that person is signed in, on the day of the walk."""
        person, client = (
            db.session.get_one(Person, actor),
            Browser(self.app, self.app.response_class),
        )
        now = int(walk.now.timestamp())
        with self.app.app_context(), client.session_transaction() as session:
            key = a_session(person.id)
            session.update(
                {"_user_id": person.get_id(), "_fresh": True, "since": now, "seen": now, "key": key}
            )
        return client

    def on_page(
        self,
        walk: Walk,
        step: str,
        track: str,
        asked: Mapping[str, Any],
        actor: int,
        on: date | None,
    ) -> Done | None:
        code, fields = _code(walk), _typed(asked)
        with time_machine.travel(walk.now, tick=False):
            client, page = self.who_sees(walk, step, actor, f"/desk/dockets/{code}")
            where = f"/desk/dockets/{code}/{track}/{step}"
            if where not in page and f"/{step}" not in "".join(
                re.findall(r'href="(/desk/dockets/[^"]+)"', page)
            ):
                self.faults.append(f"{step}: not offered on the page of its docket")
            opened = client.get(where)
            if opened.status_code != 200:
                self.faults.append(f"{step}: its page answers {opened.status_code}")
            before = _last(walk)
            data = {**standing(opened.text), **({"on": on.isoformat()} if on else {}), **fields}
            nasty = with_bag(step, data)
            self.bags[step] = set(nasty)
            store = self.app.extensions["sealed_store"]
            files = [(io.BytesIO(store.read(u.stored)), u.title) for u in walk.files]
            answer = client.post(
                where, data={**data, **nasty, **({"files": files} if files else {})}
            )
            self.shown(step, client, walk)
        found = self.result(walk, step, before, answer, asked, nasty)
        walk.files = () if found else walk.files  # they came with it
        return found

    def shown(self, step: str, client: FlaskClient, walk: Walk) -> None:
        """A sign that turns the order round never reaches a page of the desk as it came: it is
        named there."""
        if "\u202e" in client.get(f"/desk/dockets/{_code(walk)}").text:
            self.faults.append(f"{step}: the page of its docket can be turned round")

    def who_sees(self, walk: Walk, step: str, actor: int, address: str) -> tuple[FlaskClient, str]:
        """The browser of that person, else of the next whose step it is, and the docket's page in
        it. An officer sees a tip only once a case that it feeds is theirs; ``perform()`` itself
        asks for the role alone."""
        others = [
            walk.team.who(role)
            for role in procedure().steps[step].roles
            if role in vars(walk.team) or role == "officer"
        ]
        for number in dict.fromkeys((actor, *others)):
            client = self.client(walk, number)
            page = client.get(address)
            if page.status_code == 200:
                return client, page.text
        self.faults.append(f"{step}: nobody whose step it is sees its docket")
        return client, ""

    def approve(
        self, walk: Walk, step: str, track: str, asked: Mapping[str, Any], actor: int
    ) -> Done | None:
        code, label = _code(walk), track
        facts = gather(
            db.session(), vault(), db.session.get_one(Docket, walk.docket_id), None, walk.now
        )
        seq = next(p.seq for p in facts.proposals if p.step == step and p.track == label)
        with time_machine.travel(walk.now, tick=False):
            client = self.client(walk, actor)
            where = f"/desk/dockets/{code}/proposals/{seq}"
            if where not in client.get(f"/desk/dockets/{code}").text:
                self.faults.append(f"{step}: who decides on it is not led to it")
            opened = client.get(where)
            if opened.status_code != 200:
                self.faults.append(f"{step}: the page of its proposal answers {opened.status_code}")
            proposed = next(a.asked for a in facts.acts if a.seq == seq)
            gone = missing(opened.text, form_class(procedure().steps[step].asks), proposed)
            if gone and "correct" not in procedure().steps[step].does:
                self.faults.append(f"{step}: who decides on it does not see {gone}")
            if "\u202e" in opened.text:
                self.faults.append(f"{step}: the page of its proposal can be turned round")
            before = _last(walk)
            answer = client.post(
                where, data={"verb": "approve", "opinion": asked.get("opinion", ""), "seen": before}
            )
        return self.result(walk, step, before, answer, {}, {})

    def result(
        self,
        walk: Walk,
        step: str,
        before: int,
        answer: Any,
        asked: Mapping[str, Any],
        nasty: Mapping[str, str],
    ) -> Done | None:
        """The act that the page made; a fault with the page's own words when it made none."""
        db.session.rollback()
        docket = db.session.get_one(Docket, walk.docket_id)
        if answer.status_code != 302 or docket.last_seq == before:
            said = re.findall(
                r'class="(?:error|summary-errors|flash)[^>]*>(.*?)</(?:p|section|div)>',
                answer.text,
                re.S,
            )
            words = [" ".join(re.sub(r"<[^>]+>", " ", s).split()) for s in said]
            self.faults.append(f"{step}: its page answers {answer.status_code} {words}")
            return None
        act = db.session.scalars(
            select(Act).where(Act.docket_id == docket.id, Act.seq == before + 1)
        ).one()
        self.same(walk, step, act, asked, nasty)
        return Done(docket.id, act.id, act.seq, act.verb, effects.read(act.effects))

    def same(
        self, walk: Walk, step: str, act: Act, asked: Mapping[str, Any], nasty: Mapping[str, str]
    ) -> None:
        """What was typed is what the journal has."""
        facts = gather(
            db.session(), vault(), db.session.get_one(Docket, walk.docket_id), None, walk.now
        )
        kept = next(a.asked for a in facts.acts if a.seq == act.seq)
        there = _typed(kept)
        wrong = {
            k: (v, there.get(k))
            for k, v in _typed(asked).items()
            if is_asked(step, k, asked) and not _as_typed(v, there.get(k), nasty)
        }
        lost = {words.kept(v) for v in nasty.values()} - {
            v for v in there.values() if isinstance(v, str)
        }
        if lost:
            self.faults.append(f"{step}: words were not kept as they came: {lost}")
        if wrong:
            self.faults.append(f"{step}: typed and kept differ: {wrong}")

    def waits_for(self, walk: Walk, step: str, track: str) -> str:
        facts = gather(
            db.session(), vault(), db.session.get_one(Docket, walk.docket_id), None, walk.now
        )
        return next(
            (p.waits_for for p in facts.proposals if p.step == step and p.track == track), ""
        )

    def left_out(self) -> set[str]:
        """Steps of people that were never taken on a page."""
        return {s.id for s in procedure().steps.values() if not s.by_system} - self.taken


@dataclass
class Sheet:
    """One form of a page: what would be sent of it as it stands there, and what each field can be
    answered with."""

    standing: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, set[str]] = field(default_factory=dict)  # of fields with a choice
    names: set[str] = field(default_factory=set)

    def put(self, name: str, value: str) -> None:
        self.standing.setdefault(name, []).append(value)


class _Forms(HTMLParser):
    """All forms of a page, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Sheet] = []
        self.inside, self.select, self.area = False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {k: v or "" for k, v in attrs}
        if tag == "form":
            self.found.append(Sheet())
            self.inside = True
        name, value = a.get("name", ""), a.get("value", "")
        if not self.inside or (tag != "option" and not name):
            return
        if tag in ("input", "select", "textarea"):
            self.found[-1].names.add(name)
            self.select, self.area = (
                name if tag == "select" else "",
                name if tag == "textarea" else "",
            )
        if tag == "input":
            self._input(name, value, a)
        elif tag == "option" and self.select:
            self._option(value, "selected" in a)

    def _input(self, name: str, value: str, a: dict[str, str]) -> None:
        ticked = a.get("type") in ("checkbox", "radio")
        if ticked:
            self.found[-1].options.setdefault(name, set()).add(value)
        if a.get("type") != "file" and (not ticked or "checked" in a):
            self.found[-1].put(name, value)

    def _option(self, value: str, selected: bool) -> None:
        """The first stands there until a chosen one comes."""
        self.found[-1].options.setdefault(self.select, set()).add(value)
        if selected or self.select not in self.found[-1].standing:
            self.found[-1].standing[self.select] = [value]

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            self.found[-1].put(self.area, data)

    def handle_endtag(self, tag: str) -> None:
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area
        self.inside = self.inside and tag != "form"


def sheet(page: str, has: str = "seen") -> Sheet:
    """The form of a page that has a field of that name: a step's and a proposal's have «seen»."""
    reader = _Forms()
    reader.feed(page)
    return next(form for form in reader.found if has in form.names)


def standing(page: str) -> dict[str, list[str]]:
    """The fields of the step's form with what stands in them; nothing where the page has none."""
    reader = _Forms()
    reader.feed(page)
    return next((form.standing for form in reader.found if "seen" in form.names), {})


def _as_typed(typed: Any, kept: Any, nasty: Mapping[str, str]) -> bool:
    """Whether an answer is kept as it was typed; behind words stands the bag."""
    return (typed or "") == (kept or "") or (
        bool(nasty) and isinstance(kept, str) and kept.startswith(str(typed))
    )


# Words that the program reads: numbers, codes, a name that must be that of the register or of
# nobody else.
READ = {
    ("release_numbers", "numbers"),
}
CODES = ("credit_code", "earlier")


def with_bag(step: str, data: Mapping[str, Any]) -> dict[str, str]:
    """The fields that take any words, each with the bag behind what stands in it."""
    form = form_class(procedure().steps[step].asks)
    found = {}
    for name, value in data.items():
        asked = _field(form, name)
        kind = getattr(asked, "field_class", None)
        in_a_row = bool(re.search(r"-\d+-", name))  # an empty row stays empty
        read = (step, name) in READ or name.rpartition("-")[2] in CODES
        if kind not in (StringField, TextAreaField) or read or not is_asked(step, name, data):
            continue
        plain = str(value[0] if isinstance(value, list) else value)
        if in_a_row and not plain:
            continue
        found[name] = words.typed(plain, most(asked), kind is TextAreaField)
    return found


def is_asked(step: str, name: str, data: Mapping[str, Any]) -> bool:
    """Whether a field stands for what is chosen; of another one nothing is kept."""
    only = form_class(procedure().steps[step].asks).only_where.get(name)
    if only is None or only.field not in data:
        return True
    said = data[only.field]
    return any(str(one) in only.choices for one in (said if isinstance(said, list) else [said]))


def _field(form: Any, name: str) -> Any:
    """The field of a form that a name of the page means; in a table, the cell."""
    parts = [part for part in name.split("-") if not part.isdecimal()]
    for part in parts[:-1]:
        form = row_form(form, part)
    return getattr(form, parts[-1], None)


def most(asked: Any) -> int:
    """How many characters the field takes."""
    rules = asked.args[1] if len(asked.args) > 1 else asked.kwargs.get("validators", ())
    return min((getattr(r, "max", None) or getattr(r, "most", 20000) for r in rules), default=20000)


def a_session(person_id: int) -> str:
    """The key of a session of that person that goes on."""
    key = secrets.token_hex(12)
    with writing() as session:
        session.add(SignIn(key=key, person_id=person_id))
    return key


def _code(walk: Walk) -> str:
    return str(db.session.scalar(select(Docket.code).where(Docket.id == walk.docket_id)))


def _last(walk: Walk) -> int:
    db.session.rollback()
    return int(db.session.scalar(select(Docket.last_seq).where(Docket.id == walk.docket_id)) or 0)


def _typed(asked: Mapping[str, Any]) -> dict[str, Any]:
    """A payload as the fields of a form: rows of tables and parts numbered and named, sums in yuan,
    boxes ticked."""
    flat: dict[str, Any] = {}
    for key, value in asked.items():
        # a correction: which text, and what it should be
        if key == "fields" and isinstance(value, Mapping):
            flat |= {
                k: str(v)
                for name, text in value.items()
                for k, v in (("field", name), ("value", text))
            }
        elif isinstance(value, Mapping):
            flat |= {f"{key}-{k}": v for k, v in _typed(value).items()}
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for i, row in enumerate(value):
                flat |= {f"{key}-{i}-{k}": v for k, v in _typed(row).items()}
        elif isinstance(value, list | tuple):
            flat[key] = [str(v) for v in value]
        elif isinstance(value, bool):
            flat |= {key: "y"} if value else {}
        elif key.endswith("_fen") and value is not None:
            flat[key] = f"{value / 100:.2f}"
        else:
            flat[key] = "" if value is None else str(value)
    return flat
