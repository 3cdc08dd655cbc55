"""Staff at work over HTTP under kill -9: steps with their approvals and papers, and print runs."""

from __future__ import annotations

import io
import random
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import pikepdf
from sqlalchemy import select

from bench.kills import full
from bench.kills.ground import heads_kept
from bench.kills.served import Served, Visitor
from bench.kills.work import LOST, Size
from casework.acts.facts import gather
from casework.archive.models import PrintMark
from casework.docket.models import Act, Docket
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Person, SignIn
from casework.procedure.load import procedure
from casework.store import db, utcnow, writing
from casework.upkeep import demo, road
from casework.upkeep.walk import Walk
from casework.vault.sealing import vault
from tests.upkeep.on_pages import _typed, sheet

TIPS, PRINTED = 12, 12
STOPS = ("assign", "figures", "report", "file", "notice_of_inspection")
_CASE = re.compile(r'id="links".*?href="(/desk/search\?q=[^"]+)"', re.S)
_PROPOSAL = r'href="(/desk/dockets/%s/proposals/\d+)"'


@dataclass(frozen=True)
class Move:
    """Something one person does with a docket on its page."""

    step: str
    track: str
    verb: str
    asked: Mapping[str, Any]
    actor: int


class Told(Walk):
    """A walk that is only written down."""

    moves: list[Move]

    def _do(
        self,
        step: str,
        track: str,
        verb: str,
        asked: Mapping[str, Any],
        actor: int,
        on: date | None,
    ) -> Any:
        self.moves.append(Move(step, track, verb, dict(asked), actor))


def tips_and_staff() -> dict[str, Any]:
    """Tips that wait for the clerk, and papers to be printed; who is who."""
    bureau, team = demo.people()
    number = bureau.id
    for n in range(TIPS):
        full.tip(full.bureau_of(number), team, f"第{n}号", today() - timedelta(days=7))
    heads_kept()
    return {
        "team": vars(team),
        "tips": [[d.id, d.code] for d in db.session.scalars(select(Docket).order_by(Docket.id))],
    }


def cookies(app: Any, people: list[int]) -> dict[str, str]:
    """A session of each person that goes on, as their browsers hold it."""
    found, now = {}, int(utcnow().timestamp())
    for number in people:
        key, client = secrets.token_hex(12), app.test_client()
        with writing() as session:
            session.add(SignIn(key=key, person_id=number))
        token = db.session.get_one(Person, number).get_id()
        with client.session_transaction() as session:
            session.update(
                {"_user_id": token, "_fresh": True, "since": now, "seen": now, "key": key}
            )
        found[str(number)] = client.get_cookie("casework").value
    return found


class Officer(Visitor):
    """Takes one tip after the other from the register to the inspection's notice. Told: docket,
    step, verb, what was asked."""

    def __init__(
        self, team: Any, tips: list[tuple[int, str]], sessions: dict[str, dict[str, str]]
    ) -> None:
        super().__init__()
        self.team, self.tips, self.sessions = team, tips, sessions
        self.moves: list[Move] = []
        self.place, self.code, self.form = 0, "", dict[str, Any]()

    def step(self) -> bool:
        if self.place == len(self.moves):
            return not self.ending and self._next_tip()
        move = self.moves[self.place]
        self.line.cookies = self.sessions[str(move.actor)]
        if move.track == "main" and self.code.startswith("R"):
            found = _CASE.search(self._page(f"/desk/dockets/{self.code}"))
            assert found, "no case beside the tip"
            self.code = self.line.led_to(found[1]).rsplit("/", 1)[1]
        (self._approve if move.verb == "approve" else self._take)(move)
        return True

    def _next_tip(self) -> bool:
        if not self.tips:
            return False
        number, self.code = self.tips.pop(0)
        self.moves, self.place = _moves(self.team, number), 0
        return True

    def _page(self, path: str) -> str:
        status, page = self.line.get(path)
        assert status == 200, f"{path}: {status}"
        return page

    def _take(self, move: Move) -> None:
        """The form as it stood when it was first opened is sent, and sent again after a kill."""
        path = f"/desk/dockets/{self.code}/{move.track}/{move.step}"
        self.form = self.form or {**sheet(self._page(path)).standing, **_typed(move.asked)}
        self._sent(move, path, self.form)

    def _approve(self, move: Move) -> None:
        found = re.search(_PROPOSAL % self.code, self._page(f"/desk/dockets/{self.code}"))
        if found is None:  # it was approved before the kill, and nobody was told
            self._done(move)
            return
        form = self.form or {
            **sheet(self._page(found[1])).standing,
            "verb": "approve",
            "opinion": "同意。",
        }
        self.form = form
        self._sent(move, found[1], form)

    def _sent(self, move: Move, path: str, form: dict[str, Any]) -> None:
        status, answer, _head = self.line.post(path, form)
        if status == 302:
            self.told.append([self.code, move.step, move.verb, _typed(move.asked)])
        elif status != 409:  # that somebody was quicker: oneself, before the kill
            said = " ".join(re.sub(r"<[^>]+>", " ", answer.decode()).split())
            raise AssertionError(f"{path}: {status} {said[:1500]}")
        self._done(move)

    def _done(self, _move: Move) -> None:
        self.place, self.form = self.place + 1, {}


def _moves(team: Any, number: int) -> list[Move]:
    walk = Told(team, number, today())
    walk.moves = []
    party = full.party(f"第{number}号")
    road.PARTY[number] = party
    road.register(walk)
    walk.take(
        "accept",
        {
            "respondents": [party],
            "cause": "涉嫌提供不真实统计资料",
            "opinion": "属本局管辖，建议受理。",
        },
    )
    for name, _days, stop in road.stops(today() - timedelta(days=150), 0):
        if name in STOPS:
            stop(walk)
    return walk.moves


class Steps(Served):
    """Three people at their desks, each with tips of their own."""

    name, mould, size = "steps over HTTP", "desks", Size(1.0, 2500, 300)

    def prepare(self) -> None:
        self.ground.make("desks", "empty", tips_and_staff)

    def visitors(self, dice: random.Random) -> list[Any]:
        made = self.ground.made["desks"]
        team = demo.Team(**made["team"])
        team.officers = tuple(team.officers)
        sessions = self._sessions(list(team.others.values()))
        tips = [(number, code) for number, code in made["tips"]]
        return [
            Officer(team, tips[n::3], {k: dict(v) for k, v in sessions.items()}) for n in range(3)
        ]

    def _sessions(self, people: list[int]) -> dict[str, dict[str, str]]:
        found = self.ground.apart(partial(cookies, self.ground.app, people))
        return {number: {"casework": value} for number, value in found.items()}

    def after(self, visitors: list[Any]) -> list[str]:
        """Each acknowledged step stands in its journal once, as it was typed."""
        faults = []
        for code, step, verb, typed in (told for v in visitors for told in v.told):
            docket = db.session.scalars(select(Docket).where(Docket.code == code)).one()
            wanted = ("approve", "done") if verb == "approve" else ("take", "propose")
            acts = [
                a
                for a in gather(db.session(), vault(), docket).acts
                if a.step == step and a.verb in wanted
            ]
            if len(acts) != 1:
                faults.append(
                    f"{LOST if not acts else ''}{step} ({verb}) stands {len(acts)} times in {code}"
                )
            elif verb != "approve":
                kept = _typed(acts[0].asked)
                wrong = {
                    k: (v, kept.get(k))
                    for k, v in typed.items()
                    if (v or "") != (kept.get(k) or "")
                }
                faults += [f"{LOST}{step} of {code} says something else: {wrong}"] if wrong else []
        return faults

    def at_end(self, visitors: list[Any]) -> list[str]:
        """No step was taken twice, whoever was told of it; each paper of a step is there."""
        faults = self.after(visitors)
        for docket in db.session.scalars(select(Docket).order_by(Docket.id)):
            acts = db.session.execute(
                select(Act.step, Act.verb).where(Act.docket_id == docket.id)
            ).all()
            faults += [
                f"{docket.code}: {step} {verb} twice"
                for step, verb in set(acts)
                if acts.count((step, verb)) > 1
            ]
            kinds = list(db.session.scalars(select(Paper.kind).where(Paper.docket_id == docket.id)))
            faults += [
                f"{docket.code}: {kind} twice" for kind in set(kinds) if kinds.count(kind) > 1
            ]
            for step, verb in acts:
                prints = (
                    [b.to for b in procedure().steps[step].prints if not b.when]
                    if verb in ("take", "done")
                    else []
                )
                faults += [f"{docket.code}: no {kind}" for kind in prints if kind not in kinds]
        return faults


class Printer(Visitor):
    """Prints papers, a few at a time, again and again. Told: their numbers, once the run has come
    whole."""

    def __init__(self, papers: list[int], dice: random.Random, cookie: dict[str, str]) -> None:
        super().__init__()
        self.papers, self.dice, self.cookies = papers, dice, cookie
        self.form: dict[str, Any] = {}
        self.waits: list[int] = []

    def step(self) -> bool:
        if not self.waits and self.ending:
            return False
        if not self.form:
            _status, page = self.line.get("/desk/print/")
            self.form = sheet(page, "paper").standing
        self.waits = self.waits or self.dice.sample(self.papers, 3)
        status, answer, head = self.line.post(
            "/desk/print/", {**self.form, "paper": [str(n) for n in self.waits]}
        )
        assert status == 200, f"print: {status}"
        assert head["Content-Type"] == "application/pdf", "no PDF"
        with pikepdf.open(io.BytesIO(answer)) as pdf:
            assert len(pdf.pages) >= 2 * len(self.waits), "pages are missing"
        self.told.append(self.waits)
        self.waits = []
        return True


class Print(Served):
    """Two people at the printer, each with papers of their own."""

    name, mould, size = "print runs over HTTP", "papers", Size(2.0, 2000, 80)

    def prepare(self) -> None:
        self.ground.make("papers", "empty", papers_and_staff)

    def visitors(self, dice: random.Random) -> list[Any]:
        people, papers = self.ground.made["papers"]
        sessions = self.ground.apart(partial(cookies, self.ground.app, people))
        return [
            Printer(papers[n::2], random.Random(dice.random()), {"casework": sessions[str(p)]})
            for n, p in enumerate(people)
        ]

    def after(self, visitors: list[Any]) -> list[str]:
        """Papers of an acknowledged run count as printed; nobody's papers do of whom nothing was
        asked."""
        marked = set(db.session.scalars(select(PrintMark.paper_id)))
        faults = []
        for visitor in visitors:
            told = {paper for run in visitor.told for paper in run}
            faults += [
                f"{LOST}paper {n} was printed and does not count as such" for n in told - marked
            ]
            more = (marked & set(visitor.papers)) - told
            if not more <= set(visitor.waits):
                faults.append(f"papers {more} count as printed, and nobody was given them")
            fresh = set(visitor.waits) - told
            if more and more != fresh:
                faults.append(f"half of a run counts as printed: {more} of {fresh}")
        return faults

    def at_end(self, visitors: list[Any]) -> list[str]:
        return self.after(visitors)


def papers_and_staff() -> list[Any]:
    """Cases with papers; those who print, and what."""
    bureau, team = demo.people()
    full.decided(bureau, team, "甲", today() - timedelta(days=200))
    heads_kept()
    papers = db.session.scalars(
        select(Paper.id).where(Paper.state != "withdrawn").order_by(Paper.id).limit(PRINTED)
    )
    return [[team.clerk, team.officers[0]], list(papers)]
