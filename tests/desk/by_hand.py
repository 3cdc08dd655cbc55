"""People at their desks: what a person sees, opens, fills in and sends, with nothing behind the
pages.

Everybody signs in on the sign-in page; a step is reached by the link that the docket's page offers
and is filled into the fields that stand on its form, with the values that stand there already;
whoever approves is led to the proposal by the docket's page. No page may answer with a fault, and
what was typed has to stand on the pages that come after.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from html import unescape
from io import BytesIO
from typing import Any

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from casework.acts.facts import gather
from casework.docket.models import Docket
from casework.papers.leaks import text_of
from casework.people import clock
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from casework.store import db, utcnow
from casework.upkeep import road
from casework.upkeep.demo import PASSWORD, STAFF
from casework.upkeep.tick import tick
from casework.vault.sealing import vault
from forms.registry import form_class
from tests.archive.bound import pages_of
from tests.conftest import Browser
from tests.support.archive import hand_in, photographed, stack
from tests.support.told import missing
from tests.upkeep.on_pages import _typed, sheet

# kinds of sheets that somebody signs by hand
SIGNED = {k for k, paper in procedure().papers.items() if paper.signed}
LOGINS = {
    "officer": "officer1",
    **{r: r for r in ("clerk", "head", "legal", "leader", "publisher")},
}
NAMES = {login: name for login, name, _roles in STAFF}


@dataclass
class Desk:
    """The bureau on one day; ``code`` is the docket that lies on the desk."""

    app: Flask
    clock: time_machine.Traveller
    day: date
    code: str = ""
    browsers: dict[str, FlaskClient] = field(default_factory=dict)
    # (stage, step) that some page offered as the next thing to do
    offered: list[tuple[str, str]] = field(default_factory=list)

    # -- days
    def later(self, days: int) -> Desk:
        """Some days pass, until a working day; time does its own work."""
        return self.until(road.later(self.day, days))

    def until(self, day: date) -> Desk:
        """Days pass: at half past two in the afternoon everybody signs in anew."""
        assert day >= self.day
        self.day = day
        self.clock.move_to(datetime.combine(day, time(6, 30), UTC))
        self.browsers.clear()
        clock.note_round(utcnow())  # rounds went on meanwhile
        tick()
        return self

    # -- pages
    def of(self, login: str) -> FlaskClient:
        """The browser of one person, who signs in on the page."""
        if login not in self.browsers:
            client = Browser(self.app, self.app.response_class)
            form = sheet(client.get("/signin").text, "login").standing
            answer = client.post("/signin", data={**form, "login": login, "password": PASSWORD})
            assert answer.status_code == 302, (login, answer.text[-800:])
            assert client.get("/desk/").status_code == 200
            self.browsers[login] = client
        return self.browsers[login]

    def see(self, login: str, address: str) -> str:
        """A page that person opens."""
        answer = self.of(login).get(address)
        assert answer.status_code == 200, (login, address, answer.status_code)
        return answer.text

    def docket(self, login: str) -> str:
        """The docket's page, with what it offers as the next thing to do."""
        page = self.see(login, f"/desk/dockets/{self.code}")
        stage = self.facts().stage
        self.offered += [
            (stage, step)
            for step in re.findall(r"/([a-z_]+)(?:\?|$)", "\n".join(links(page)), re.M)
        ]
        return page

    def looked_at(self) -> None:
        """Everybody opens the docket, and every step that it offers them."""
        for login in LOGINS.values():
            if self.of(login).get(f"/desk/dockets/{self.code}").status_code != 404:
                for where in links(self.docket(login)):
                    self.see(login, where)

    def facts(self) -> Facts:
        db.session.rollback()
        db.session.expire_all()
        found = db.session.scalars(select(Docket).where(Docket.code == self.code)).one()
        return gather(db.session(), vault(), found)

    # -- a tip
    def receive(self, channel: str, **typed: Any) -> str:
        """A clerk takes a tip in on the page of its channel; answers what the page says
        afterwards."""
        first = self.see("clerk", "/desk/reports/new")
        where = next(
            unescape(x)
            for x in re.findall(r'href="([^"]+)"', first)
            if x.endswith(f"channel={channel}")
        )
        form = sheet(self.see("clerk", where), "narrative")
        assert set(typed) <= form.names, set(typed) - form.names
        sent = {k: v.replace("\n", "\r\n") if isinstance(v, str) else v for k, v in typed.items()}
        answer = self.of("clerk").post("/desk/reports/new", data={**form.standing, **sent})
        assert answer.status_code == 200, complaints(answer.text)
        db.session.rollback()
        self.code = db.session.scalars(
            select(Docket.code).order_by(Docket.id.desc()).limit(1)
        ).one()
        self.stands("receive", "clerk", typed)
        return answer.text

    def open_case(self) -> None:
        """From the tip to its case, by the link on the tip's page; the case lies on the desk from
        now on."""
        page, number = self.see("clerk", f"/desk/dockets/{self.code}"), self.facts().links[0].number
        assert number in page
        # a number leads straight to its docket
        found = self.of("clerk").get(f"/desk/search?q={number}")
        assert found.status_code == 302
        self.code = found.location.rsplit("/", 1)[1]

    def ids(self, *logins: str) -> list[str]:
        """What the boxes with those people's names are called."""
        return [
            str(i) for i, p in self.facts().people.items() if p.name in {NAMES[x] for x in logins}
        ]

    # -- steps
    def take(
        self, step: str, by: str = "", on: date | None = None, track: str = "", **typed: Any
    ) -> None:
        """One step by the person whose step it is, with every approval that it needs."""
        rule = procedure().steps[step]
        login = by or LOGINS[rule.roles[0]]
        where = [
            x
            for x in links(self.docket(login))
            if x.endswith(f"{track}/{step}" if track else f"/{step}")
        ]
        assert where, f"{step} is not offered to {login}: {words(next_of(self.docket(login)))}"
        before = self.facts().acts[-1].seq
        if rule.officers:
            typed = {"officers": [str(p.id) for p in self.facts().officers], **typed}
        answer = self.fill(login, where[0], {**typed, **({"on": on.isoformat()} if on else {})})
        assert answer.status_code == 302, f"{step}: {complaints(answer.text)}"
        assert self.facts().acts[-1].seq > before, step
        for role in rule.approvals:
            self.approve(step, LOGINS[role] if LOGINS[role] != login else "officer2")
        self.stands(step, login, typed)

    def refused(self, step: str, why: str) -> None:
        """The step is not offered to the person whose step it is; the docket's page says why."""
        rule = procedure().steps[step]
        page = self.docket(LOGINS[rule.roles[0]])
        assert not [x for x in links(page) if x.endswith(f"/{step}")], step
        assert re.search(f"{rule.name.zh} — [^—]*{why}", words(next_of(page))), words(next_of(page))

    def fill(self, login: str, address: str, typed: Mapping[str, Any]) -> Any:
        """The form of a page as a person fills it: rows are added where the table has too few;
        fields that are not there cannot be filled, choices that are not there cannot be chosen."""
        client, files = self.of(login), dict(typed).pop("files", [])
        asked = _typed({k: v for k, v in typed.items() if k != "files"})
        form = sheet(self.see(login, address))
        for name in asked:
            table = re.match(r"(.+?)-\d+-", name)
            if name not in form.names and table:
                more = client.post(
                    address, data=MultiDict({**form.standing, f"add-{table[1]}": "1"})
                )
                assert more.status_code == 200, (address, more.status_code)
                form = sheet(more.text)
            assert name in form.names, f"{address} does not ask for {name}: {sorted(form.names)}"
            chosen = asked[name] if isinstance(asked[name], list) else [asked[name]]
            there = form.options.get(name)
            assert there is None or set(chosen) <= there, (
                f"{address}: {name} offers {there}, not {chosen}"
            )
        # as browsers end a line
        sent = {k: v.replace("\n", "\r\n") if isinstance(v, str) else v for k, v in asked.items()}
        data: dict[str, Any] = {**form.standing, **sent}
        data |= {"files": [(BytesIO(x), title) for title, x in files]} if files else {}
        return client.post(address, data=data, content_type="multipart/form-data")

    def approve(self, step: str, login: str) -> None:
        """Who decides is led from home to the docket and from it to the proposal, sees all that was
        asked, and approves."""
        assert self.code in self.see(login, "/desk/"), f"{step}: {login} is not told at home"
        where = re.findall(rf'href="(/desk/dockets/{self.code}/proposals/\d+)"', self.docket(login))
        assert where, f"{step}: {login} is not led to the proposal"
        page = self.see(login, where[0])
        asked = self.facts().acts[-1].asked
        rule = procedure().steps[step]
        gone = missing(page, form_class(rule.asks), asked)
        assert not gone, f"{step}: {login} does not see {gone}"
        if "draft.pdf" in page:
            draft = self.of(login).get(f"{where[0]}/draft.pdf")
            assert draft.data.startswith(b"%PDF"), step
        form = sheet(page).standing
        answer = self.of(login).post(where[0], data={**form, "verb": "approve"})
        assert answer.status_code == 302, f"{step}: {complaints(answer.text)}"

    def stands(self, step: str, login: str, typed: Mapping[str, Any]) -> None:
        """What the step asked stands on the docket's page, and what was typed is what is kept."""
        rule, act = (
            procedure().steps[step],
            next(a for a in reversed(self.facts().acts) if a.step == step),
        )
        gone = missing(self.docket(login), form_class(rule.asks).that_asked(act.asked), act.asked)
        assert not gone, f"{step}: {gone}"
        kept = _typed(act.asked)
        plain = {k: v for k, v in _typed(typed).items() if k in kept and k != "officers"}
        changed = {k: (v, kept[k]) for k, v in plain.items() if kept[k] != v}
        assert not changed, f"{step}: typed and kept differ: {changed}"

    def serve(self, kind: str, by: str = "officer1", track: str = "", **proof: str) -> None:
        """The newest paper of a kind reaches its party, who signs for it."""
        paper = next(p for p in reversed(self.facts().papers) if p.kind == kind)
        how = {"method": "direct", "signer": "办公室收件人谭某", "place": "当事人住所", **proof}
        self.take("serve", by=by, track=track, paper=paper.id, **how)
        assert next(p for p in self.facts().papers if p.id == paper.id).served

    def words_of(self, kind: str, by: str = "officer1") -> str:
        """The words of the newest paper of a kind, as it is opened from the docket's page; without
        blanks."""
        found = next(p for p in reversed(self.facts().papers) if p.kind == kind)
        where = f"/desk/papers/{found.id}.pdf"
        assert where in self.docket(by), kind
        answer = self.of(by).get(where)
        assert answer.status_code == 200, kind
        return "".join(text_of(answer.data).split())

    # -- the file
    def scan_back(self) -> set[str]:
        """Sheets to be signed are printed on the page, signed, scanned as one stack and handed in;
        answers their kinds. The separators of the run go through the scanner with them, its labels
        do not."""
        wanted = [p for p in self.facts().papers if p.kind in SIGNED and p.state != "withdrawn"]
        queue = self.see("officer1", "/desk/print/?which=all&whose=all")
        assert all(f'name="paper" value="{p.id}"' in queue for p in wanted)
        printed = (
            self.of("officer1")
            .post("/desk/print/", data={"paper": [str(p.id) for p in wanted]})
            .data
        )
        sheets = [
            n for n, text in enumerate(pages_of(printed)) if text.strip() and "信封标签" not in text
        ]
        pictures = photographed(printed)
        said = hand_in(self.of("officer1"), stack(*(pictures[n] for n in sheets)))
        assert f"{len(wanted)}份文书" in said, words(said)[:1500]
        assert "缺页" not in said
        for p in wanted:
            assert (
                self.of("officer1").get(f"/desk/print/signed/{p.id}.pdf").data.startswith(b"%PDF")
            ), p.kind
        return {p.kind for p in wanted}

    def bind(self, kind: str, by: str = "clerk") -> bytes:
        """The file, bound on its page and fetched."""
        where = f"/desk/casefile/{self.code}"
        assert f'value="{kind}"' in self.see(by, where)
        ordered = self.of(by).post(where, data={"kind": kind})
        assert ordered.status_code == 302
        for thread in threading.enumerate():
            if thread.name.startswith("job "):
                thread.join()
        page = self.see(by, ordered.location)
        assert f"{ordered.location}.pdf" in page, words(page)
        return self.of(by).get(f"{ordered.location}.pdf").data

    def review(self, by: str = "head") -> list[str]:
        """案卷评查 as its page shows it: the rules that somebody broke and nobody answered."""
        page = self.see(by, f"/desk/casefile/{self.code}/review").split('id="reading"', 1)[1]
        rows = page.split("<tr>")
        return [
            re.findall(r"<td>([^<]+)</td>", row)[0]
            for row in rows
            if 'tag overdue">✗' in row and "<td>" in row
        ]


def next_of(page: str) -> str:
    """What the docket's page says is to be done next."""
    return page.split('id="next"', 1)[1].split("</section>", 1)[0]


def links(page: str) -> list[str]:
    """The steps that the docket's page offers, as addresses."""
    return [
        unescape(x)
        for x in re.findall(
            r'<li><a class="button[^"]*" href="(/desk/dockets/[^"]+)"', next_of(page)
        )
    ]


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def complaints(page: str) -> list[str]:
    """What a page that was not accepted complains of."""
    said = re.findall(
        r'class="(?:error|summary-errors|conflict|flash)[^>]*>(.*?)</(?:p|section|div)>', page, re.S
    )
    return [words(s) for s in said] or [words(page)[-1500:]]
