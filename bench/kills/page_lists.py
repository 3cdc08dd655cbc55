"""Lists of tips that a clerk takes in on the page: written beside the request, while the page asks
how far it is."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from bench.kills.served import Served, Visitor
from bench.kills.staff import cookies, tips_and_staff
from bench.kills.work import LOST, Size
from casework.docket import jobs
from casework.docket.models import Docket
from casework.intake import bulk_job
from casework.store import db
from tests.upkeep.on_pages import sheet

ROWS = 30


class Clerk(Visitor):
    """Chooses a list, confirms it, waits for its end; what was killed is chosen again. Told: the
    names of lists taken in."""

    def __init__(self, name: str, cookie: dict[str, str]) -> None:
        super().__init__()
        self.name, self.cookies, self.begun = name, cookie, 0
        self.list, self.key, self.run = "", "", ""
        self.denied = ""  # the list of which the page said last that nothing of it was written
        self.unheard = list[str]()  # taken in, and nobody was told: the answer was lost

    def step(self) -> bool:
        if not self.list and self.ending:
            return False
        if not self.list:
            self.begun += 1
            self.list = f"{self.name}之{self.begun}"
        (self._wait if self.run else self._confirm if self.key else self._choose)()
        return True

    def is_struck(self) -> bool:
        return self.line.writing or bool(self.run)

    def _choose(self) -> None:
        self.denied = ""
        lines = [f"{self.list}第{n}号公司,应收账款少报{n}万元。" for n in range(ROWS)]
        data = "\n".join(["单位名称,举报内容", *lines, ""]).encode()
        _status, page = self.line.get("/desk/reports/import")
        fields = {
            **sheet(page, "number").standing,
            "body": "市统计局",
            "number": "1",
            "day_of_document": "2026-01-05",
        }
        plain = {k: v if isinstance(v, str) else v[0] for k, v in fields.items()}
        status, answer, _head = self.line.post(
            "/desk/reports/import", plain, data, "file", "tips.csv"
        )
        assert status == 200, f"the list: {status}"
        page = answer.decode()
        if 'name="key"' in page:
            self.form = sheet(page, "key").standing
            self.key = self.form["key"][0]
        else:  # every row is here already: it was taken in before the kill
            self._end(self.unheard)

    def _confirm(self) -> None:
        status, _answer, head = self.line.post("/desk/reports/import/confirm", self.form)
        if status == 409:
            self._end(self.unheard)
        else:
            assert status == 302, f"confirm: {status}"
            self.run = head["Location"]

    def _wait(self) -> None:
        status, page = self.line.get(self.run)
        assert status == 200, f"progress: {status}"
        if 'http-equiv="refresh"' in page:
            time.sleep(0.02)
        elif f"已接收 {ROWS} 件线索" in page:
            self._end(self.told)
        else:
            assert "未写入任何内容" in page, "the page says nothing that is known"
            self.denied, self.key, self.run = self.list, "", ""

    def _end(self, where: list[str]) -> None:
        where.append(self.list)
        self.list, self.key, self.run = "", "", ""


class PageLists(Served):
    """Two clerks with lists of their own."""

    name, mould, size = "tips import on its page", "desks", Size(1.2, 4000, 150)

    def prepare(self) -> None:
        self.ground.make("desks", "empty", tips_and_staff)
        # a clerk waits until the lease of a killed server is over
        jobs.LEASE = bulk_job.LEASE = timedelta(seconds=5)

    def visitors(self, dice: random.Random) -> list[Any]:
        clerk = self.ground.made["desks"]["team"]["clerk"]
        value = self.ground.apart(partial(cookies, self.ground.app, [clerk]))[str(clerk)]
        return [Clerk(f"清单{dice.randrange(10**6)}{side}", {"casework": value}) for side in "甲乙"]

    def after(self, visitors: list[Any]) -> list[str]:
        """A list is there whole or not at all, and the page said which."""
        there = Counter(
            title.split("第")[0]
            for title in db.session.scalars(select(Docket.title).where(Docket.title != ""))
        )
        faults = [
            f"{n} of {ROWS} tips of a list"
            for name, n in there.items()
            if name.startswith("清单") and n != ROWS
        ]
        for visitor in visitors:
            faults += [
                f"{LOST}a list that was taken in" for name in visitor.told if not there[name]
            ]
            faults += [
                "a list that is not there cannot be chosen again"
                for name in visitor.unheard
                if not there[name]
            ]
            faults += (
                ["nothing was written, it was said, and a list is there"]
                if there[visitor.denied]
                else []
            )
        return faults

    def at_end(self, visitors: list[Any]) -> list[str]:
        return self.after(visitors)
