"""People of every role who take whatever the pages offer, in any order: one walk, the same for the
same seed.

Each act has a number of its own, from which its chance comes: acts can be left out of a walk, and
the others stay what they were. Mostly somebody takes what a docket's page offers as the next thing
to do; otherwise anything that stands on a page, in this browser or in a second one that was opened
before; tips come in, days pass, sheets come back from the scanner.
"""

from __future__ import annotations

import random
import re
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from casework.acts.facts import gather
from casework.archive.second_reading import all_of_them, reading_of
from casework.docket.jobs import Job
from casework.docket.models import Clock, Docket
from casework.papers.models import Paper
from casework.procedure.facts import Facts, ProposalFacts
from casework.procedure.load import procedure
from casework.procedure.offers import Offer, offers
from casework.procedure.ordinary import carries_on
from casework.reading import rule as reading
from casework.store import db
from casework.upkeep.walk import Walk
from casework.vault.sealing import vault
from forms.registry import form_class
from tests.acts.whole import all_hold, faults
from tests.desk.by_hand import complaints
from tests.walks import holds
from tests.walks.answers import CALENDAR, Hand
from tests.walks.browsers import LOGINS
from tests.walks.page import Form, read
from tests.walks.sealed import Sealed

# What ends a docket or leads it off its road, and what mends it: seldom chosen, or no walk would
# get far.
SIDEWAYS = {
    "decline",
    "transfer_report",
    "report_up_tip",
    "object_transfer",
    "terminate",
    "withdraw_filing",
    "transfer_out",
    "report_up",
    "absorb_case",
    "suspend",
    "not_file",
    "admonish",
    "on_the_spot",
    "send_back",
    "recuse",
    "revoke_decision",
    "redo",
    "remedy_start",
    "decide_no_penalty",
}
MENDING = {"correct_act", "correct_service", "annul_step", "change_party", "replace_copy"}
MOST_DOCKETS = 9  # that are on their way at once
EVERY = 40  # acts after which the journals are played again
KINDS = {  # of acts, and how often each is chosen
    "offered": 70,
    "anything": 14,
    "later": 8,
    "second_browser": 4,
    "stale": 4,
    "informant": 2,
    "identity": 1.5,
}
YEARS = 32  # after which a file that is kept for thirty years may be destroyed
# Nobody leaves or changes who works here; files that are long to make are asked for by tests of
# their own.
NEVER = re.compile(
    r"^/(signout|password|second-factor|still-here|static|language)|/office/|/custody/|/import|\.(xlsx|sqlite|csv|json|atom)\b"
)


@dataclass
class Stale:
    """A form that somebody opened in a second browser and has not sent yet."""

    login: str
    address: str
    form: Form
    data: dict[str, list[str]]


class People(Sealed):
    """Everybody, and one act after the other."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        # each walk likes other steps
        self.appetite = {s: self.chance.lognormvariate(0, 0.9) for s in sorted(procedure().steps)}
        self.looked: dict[int, int] = {}  # the last entry of each docket when it was last looked at
        self.stale: list[Stale] = []
        self.tries: Counter[tuple[str, int]] = Counter()

    # -- one act
    def act(self, number: int) -> None:
        """Somebody does something."""
        self.number = number
        # nothing is kept secret by it
        self.chance = random.Random(f"{self.seed}/{number}")  # noqa: S311
        self.moment()
        live = self.live()
        kind = self._kind(live)
        self.account.acts[kind] += 1
        getattr(self, f"_{kind}")(live)
        self.nothing_logged()
        self.holds(number)

    def _kind(self, live: list[Docket]) -> str:
        if not live or (len(live) < MOST_DOCKETS and self.chance.random() < 0.02):
            return self.chance.choice(["tip", "tip", "web_tip", "finding"])
        possible = {"stale": bool(self.stale), "informant": bool(self.codes)}
        weights = [weight if possible.get(kind, True) else 0 for kind, weight in KINDS.items()]
        return self.chance.choices(list(KINDS), weights)[0]

    def live(self) -> list[Docket]:
        """Dockets on their way, in the order in which they came."""
        db.session.rollback()
        db.session.expire_all()
        final = {"archived", "answered", "declined"}
        rows = db.session.scalars(select(Docket).where(Docket.data_key != b"").order_by(Docket.id))
        return [d for d in rows if d.stage not in final and d.stage != "destroyed"]

    def facts(self, docket: Docket, login: str = "") -> Facts:
        """The docket as it stands now."""
        return gather(db.session(), vault(), docket, self.team.others[login] if login else None)

    # -- what is offered
    def _offered(self, live: list[Docket]) -> None:
        weights = [
            (3.0 if d.kind == "case" else 1.0) * (2.0 if i < 3 else 1.0) for i, d in enumerate(live)
        ]
        for docket in dict.fromkeys(self.chance.choices(live, weights, k=4)):
            facts = self.facts(docket)
            if (
                facts.proposals
                and self.chance.random() < 0.9
                and self.judge(docket, facts, facts.proposals[0])
            ):
                return
            found = self.possible(facts)
            if found:
                weights = [self.weight(facts, o) for _l, o in found]
                login, offer = self.chance.choices(found, weights)[0]
                self.take(docket, facts, login, offer)
                return
        self._later(live)

    def possible(self, facts: Facts) -> list[tuple[str, Offer]]:
        """Who can do what, and the hands that are no step: sheets come back, a file is bound."""
        found: list[tuple[str, Offer]] = []
        for login in LOGINS:
            person = facts.people.get(self.team.others[login])
            if person is None:
                continue
            for o in offers(procedure(), facts, person):
                if o.possible or (
                    o.mine and o.refusals and procedure().checks[o.refusals[0].check].page
                ):
                    found.append((login, o))
        return found

    def weight(self, facts: Facts, o: Offer) -> float:
        """How likely it is that somebody chooses this step."""
        before = sum(
            1
            for a in facts.acts
            if a.step == o.step.id and a.track == o.track and a.verb in ("take", "propose")
        )
        tried = self.tries[(o.step.id, len(facts.acts))]
        base = self.appetite[o.step.id] * (25.0 if carries_on(o) else 1.0) / (1 + 2 * tried) ** 2
        if o.step.id in SIDEWAYS:
            base *= 0.06
        elif o.step.id in MENDING:
            base *= 0.1
        elif o.step.id == "assign":
            base *= 0.2 if facts.officers else 30
        return (
            base
            / (1 + before) ** (0.5 if "serve" in o.step.does else 1.5)
            / (1 + self.account.taken[o.step.id]) ** 0.5
        )

    def take(self, docket: Docket, facts: Facts, login: str, offer: Offer) -> None:
        """A step from the docket's page, through its form."""
        if not offer.possible:
            page = procedure().checks[offer.refusals[0].check].page
            self.hand_back(docket) if page == "printing" else self.bind(docket, login)
            return
        self.tries[(offer.step.id, len(facts.acts))] += 1
        code = docket.code
        page = self.open(login, f"/desk/dockets/{code}", may_fail=(404,))
        if page is None:  # an officer who is not of the case
            self.account.acts["not seen"] += 1
            return
        where = f"/desk/dockets/{code}/{offer.track}/{offer.step.id}"
        if where not in read(page).links:
            own = self.facts(docket, login)
            there = offers(procedure(), own, own.actor) if own.actor else []
            if any(
                o.possible and (o.step.id, o.track) == (offer.step.id, offer.track) for o in there
            ):
                self.broken(f"{where} is offered to {login} and stands not on the docket's page")
            return
        self.step(login, where, docket, facts, offer.step.id)

    def step(self, login: str, where: str, docket: Docket, facts: Facts, step: str) -> None:
        """Opens the form, fills it and sends it; whoever is refused tries once more, with more
        care."""
        form = read(self.open(login, where) or "").form_with("seen")
        if form is None:
            self.broken(f"{where} has no form")
        hand = Hand(self.chance, self.day, facts, form_class(procedure().steps[step].asks), step)
        for _ in range(3):
            answer = self.send(login, where, form, hand.fill(form), step)
            if answer.status_code == 302:
                self.took(step, f"{login} {step} {docket.code}")
                return
            self.refused(step, complaints(answer.text)[0])
            again = read(answer.text).form_with("seen")
            if again is None or answer.status_code not in (200, 422):
                return
            form, hand.careful = again, True

    def judge(self, docket: Docket, facts: Facts, proposal: ProposalFacts) -> bool:
        """Somebody of the role that a proposal waits for decides about it; where nobody can, it is
        taken back."""
        barred = {proposal.proposer, *proposal.approved_by}
        where = f"/desk/dockets/{docket.code}/proposals/{proposal.seq}"
        for login in LOGINS:
            person = facts.people.get(self.team.others[login])
            if (
                person is None
                or proposal.waits_for not in person.roles
                or facts.accounts_of(person.id) & barred
            ):
                continue
            page = self.open(login, f"/desk/dockets/{docket.code}", may_fail=(404,))
            if page is not None and where in read(page).links:
                tried = self.tries[(where, proposal.seq)]
                self.tries[(where, proposal.seq)] += 1
                verb = self.chance.choices(
                    ["approve", "return", "refuse"], [88, 6, 4] if tried < 2 else [1, 8, 2]
                )[0]
                if self.judged(login, where, verb, proposal.step):
                    return True
        own = next((x for x in LOGINS if self.team.others[x] == proposal.proposer), "")
        return bool(own) and self.judged(own, where, "withdraw", proposal.step)

    def judged(self, login: str, where: str, verb: str, step: str) -> bool:
        """The proposal's page is opened, filled and sent; False where it offers that person no such
        button."""
        html = self.open(login, where, may_fail=(404,))
        form = read(html).form_with("seen") if html else None
        if form is None or ("verb", verb) not in form.buttons:
            return False
        answer = self.send(
            login,
            where,
            form,
            {**Hand(self.chance, self.day, None, None, "").fill(form), "verb": [verb]},
        )
        if answer.status_code == 302:
            self.took(verb, f"{login} {verb} {step} {where}")
        else:
            self.refused(f"{verb} {step}", complaints(answer.text)[0])
        return True

    # -- hands that are no step
    def hand_back(self, docket: Docket) -> None:
        """The signed sheets come back through the door behind the scanner."""
        Walk(self.team, docket.id, self.day).scanned()
        self.account.acts["sheets came back"] += 1
        self.note(f"sheets of {docket.code} came back")

    def bind(self, docket: Docket, login: str) -> None:
        """The whole file, bound on its page."""
        where = f"/desk/casefile/{docket.code}"
        page = self.open(login, where, may_fail=(404, 403))
        forms = read(page).forms if page else []
        form = next(
            (f for f in forms if ("kind", "internal") in f.buttons or "kind" in f.fields), None
        )
        if form is None:
            return
        answer = self.send(login, where, form, {**form.standing(), "kind": ["internal"]})
        for thread in threading.enumerate():
            if thread.name.startswith("job "):
                thread.join()
        if answer.status_code == 302:
            db.session.rollback()
            if self.open(login, f"{answer.location}.pdf", may_fail=(404,)) is None:
                said = complaints(self.open(login, answer.location) or "")
                self.broken(f"the file of {docket.code} was not bound: {said}")
            self.account.acts["bound"] += 1
            self.note(f"{login} bound {docket.code}")

    # -- time
    def _later(self, live: list[Docket]) -> None:
        """Some days pass; mostly until something is due, on the day or after it."""
        due = sorted(
            c.due
            for d in live[-5:]
            for c in self.facts(d).clocks
            if c.state == "open" and self.day <= c.due
        )
        day = self.day + timedelta(self.chance.choice([1, 1, 2, 4, 9]))
        if due and self.chance.random() < 0.5:
            near = [d for d in due if (d - self.day).days <= 70] or due[:1]
            day = self.chance.choice(near) + timedelta(self.chance.choice([0, 1, 1]))
        self.until(max(CALENDAR.next_workday(day), self.day + timedelta(1)))

    # -- anything
    def _anything(self, live: list[Docket]) -> None:
        """Somebody follows a link of the page where they are, or fills a form that stands there."""
        login = self.chance.choice(LOGINS)
        where = self.pages.get(login, "/desk/")
        if self.chance.random() < 0.2:
            where = "/desk/"
        elif self.chance.random() < 0.4 and live:
            where = f"/desk/dockets/{self.chance.choice(live).code}"
        html = self.open(login, where, may_fail=(404, 403, 409, 410))
        if html is None:
            self.pages.pop(login, None)
            return
        page = read(html)
        forms = [f for f in page.forms if not NEVER.search(f.action or where)]
        links = [x for x in page.links if not NEVER.search(x)]
        if forms and (not links or self.chance.random() < 0.3):
            self.any_form(login, where, self.chance.choice(forms), live)
        elif links:
            link = self.chance.choice(links)
            self.note(f"   {login} looks at {link}")
            found = self.open(login, link, may_fail=(409, 410))
            self.pages[login] = link if found and "<" in found else "/desk/"

    def any_form(self, login: str, where: str, form: Form, live: list[Docket]) -> None:
        """Fill and send whatever form it is."""
        step, docket = self._step_of(form.action or where, live)
        asks = form_class(procedure().steps[step].asks) if step else None
        facts = self.facts(docket) if docket else None
        data = Hand(self.chance, self.day, facts, asks, step).fill(form)
        # the return key presses the first of them
        name, value = self.chance.choice(form.buttons or [("", "")])
        if name:
            data[name] = [value]
        answer = self.send(login, where, form, data, step)
        self.note(f"   {login} sends {form.method} {form.action or where}: {answer.status_code}")
        if answer.status_code == 302 and form.method == "post":
            self.account.accepted += 1
            self.account.acts["form accepted"] += 1

    def _step_of(self, address: str, live: list[Docket]) -> tuple[str, Docket | None]:
        found = re.fullmatch(r"/desk/dockets/([^/?]+)/[^/]+/([a-z_]+)", address.split("?")[0])
        if found is None or found[2] not in procedure().steps:
            return "", None
        return found[2], next((d for d in live if d.code == found[1]), None)

    # -- a second browser
    def _second_browser(self, live: list[Docket]) -> None:
        """Somebody opens a form, fills it, and is called away."""
        docket = self.chance.choice(live)
        facts = self.facts(docket)
        found = [(login, o) for login, o in self.possible(facts) if o.possible]
        if not found:
            return
        login, offer = self.chance.choice(found)
        where = f"/desk/dockets/{docket.code}/{offer.track}/{offer.step.id}"
        html = self.open(login, where, may_fail=(404,), browser=1)
        form = read(html).form_with("seen") if html else None
        if form is not None:
            hand = Hand(self.chance, self.day, facts, form_class(offer.step.asks), offer.step.id)
            self.stale.append(Stale(login, where, form, hand.fill(form)))

    def _stale(self, live: list[Docket]) -> None:
        """And sends it when the world has moved on."""
        old = self.stale.pop(self.chance.randrange(len(self.stale)))
        answer = self.send(old.login, old.address, old.form, old.data, browser=1)
        self.account.acts[f"stale {answer.status_code}"] += 1
        step = old.address.rsplit("/", 1)[1]
        if answer.status_code == 302:
            self.took(step, f"{old.login} {step} (late) {old.address}")
        else:
            self.note(f"   refused (late) {old.login} {old.address}: {answer.status_code}")

    # -- what holds
    def holds(self, number: int) -> None:
        """After an act: nothing stands still; now and then the journals are played again."""
        for docket in self.live():
            if self.looked.get(docket.id) == docket.last_seq:
                continue
            self.looked[docket.id] = docket.last_seq
            facts = self.facts(docket)
            if why := holds.standing_still(facts, holds.linked(facts)):
                self.broken(f"nobody can carry {docket.code} on: {why}")
            self.read_again(docket, reading_of(db.session(), vault(), docket, self.day))
        if number % EVERY == EVERY - 1 and not all_hold():
            self.broken(f"the journals say something else: {faults()}")

    def read_again(self, docket: Docket, verdicts: list[reading.Verdict]) -> None:
        """The second reading finds nothing that the program itself allowed: what people let pass is
        no fault of a walk."""
        allowed = [
            (name, seq) for name, seq in reading.reading_faults(verdicts) if name not in holds.LATE
        ]
        if allowed:
            name, seq = allowed[0]
            step = next((a.step for a in self.facts(docket).acts if a.seq == seq), "")
            self.broken(f"the second reading of {docket.code} finds {name}, entry {seq} {step}")

    def until(self, day: Any) -> None:
        """Days pass; then the public list says what the journals say."""
        passed = select(Clock.docket_id).where(
            Clock.state == "open", Clock.due >= self.day, Clock.due < day
        )
        for number in db.session.scalars(passed):
            self.looked.pop(number, None)
        super().until(day)
        if found := holds.public_differs(day):
            self.broken(f"the public list is not what the journals say: {found}")

    def finish(self) -> None:
        """At the end of a walk everything holds, and every paper and every bound file opens. Every
        third walk goes on to the day on which what was put away may be destroyed."""
        self.until(self.day + timedelta(1))
        if not all_hold():
            self.broken(f"the journals say something else: {faults()}")
        store = self.app.extensions["sealed_store"]
        for stored in [
            *db.session.scalars(select(Paper.stored)),
            *db.session.scalars(select(Job.stored)),
        ]:
            if stored and not store.read(stored).startswith(b"%PDF"):
                self.broken(f"a paper or a bound file does not open: {stored}")
        for docket, verdicts in all_of_them(db.session(), vault(), self.day):
            self.account.read.update(name for name, _seq in reading.reading_faults(verdicts))
            self.read_again(docket, verdicts)
        for docket in db.session.scalars(select(Docket)):
            self.account.stages[f"{docket.kind} {docket.stage}"] += 1
        self.all_openings_logged()
        if self.seed % 3 == 0:
            self.years_later()

    def years_later(self) -> None:
        """When its years are over a file is destroyed by two persons, and the journals of the
        others hold."""
        self.until(self.day.replace(day=1, year=self.day.year + YEARS))
        self.destroy()
        for _ in range(2):
            self.until(self.day + timedelta(1))
        self.gone()
        if not all_hold():
            self.broken(f"the journals say something else after a destruction: {faults()}")
