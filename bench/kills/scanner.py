"""Signed sheets that come back, over HTTP under kill -9: stacks of scans that are handed in, and
pages that a person places."""

from __future__ import annotations

import hashlib
import io
import random
import re
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
from flask import current_app
from sqlalchemy import select

from bench.kills import full, state
from bench.kills.ground import Ground, heads_kept
from bench.kills.served import Line, Served, Visitor
from bench.kills.staff import cookies
from bench.kills.work import LOST, Size
from casework.archive.models import ScanStack, StrayPage
from casework.papers.models import Paper, SignedCopy
from casework.people.may import today
from casework.store import db
from casework.upkeep import demo
from tests.upkeep.on_pages import sheet

PAPERS, IN_ONE = 7, 2  # papers that come back; how many of them lie in one stack
QUEUE = "/desk/print/"
PEN = b"q 1.2 w 0 0 0.6 RG 300 120 m 340 135 l 330 118 l 380 130 l S Q"
_STACK = re.compile(r'href="(/desk/print/stack/\d+\.pdf)"')
_STRAY = re.compile(r'action="(/desk/print/stray/\d+)"')
_BLANK = re.compile(r'name="page" value="(\d+)"')


def papers_to_sign(folder: Path) -> list[Any]:
    """Cases with papers, each of which lies signed in the folder. The people at the scanner; id and
    short code of each."""
    bureau, team = demo.people()
    full.decided(bureau, team, "甲", today() - timedelta(days=200))
    heads_kept()
    wanted = select(Paper).where(Paper.state != "withdrawn").order_by(Paper.id).limit(PAPERS)
    papers = db.session.scalars(wanted).all()
    folder.mkdir()
    for paper in papers:
        data = current_app.extensions["sealed_store"].read(paper.stored)
        folder.joinpath(f"{paper.id}.pdf").write_bytes(_signed(data))
    return [
        [team.clerk, team.officers[0], team.head],
        [[paper.id, paper.short_code] for paper in papers],
    ]


def _signed(data: bytes) -> bytes:
    """A paper with a stroke of the pen on each page."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.contents_add(PEN)
        pdf.save(out)
    return out.getvalue()


def stack_of(files: Sequence[Path]) -> bytes:
    """These papers, a page of nobody's with writing on it, and an empty one."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for file in files:
            with pikepdf.open(file) as paper:
                pdf.pages.extend(paper.pages)
        for _ in range(2):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.pages[-2].contents_add(PEN)
        pdf.save(out)
    return out.getvalue()


class Scanner(Visitor):
    """Hands in one stack after the other. What got no answer is looked for on the page, and handed
    in again where it is not there. Told: the digest of each stack."""

    def __init__(
        self,
        name: str,
        papers: list[int],
        dice: random.Random,
        folder: Path,
        cookie: dict[str, str],
    ) -> None:
        super().__init__()
        self.name, self.papers, self.dice, self.folder, self.cookies = (
            name,
            papers,
            dice,
            folder,
            cookie,
        )
        self.made: dict[str, list[int]] = {}  # digest of each stack → its papers
        self.unheard: list[str] = []  # handed in, and nobody was told: the answer was lost
        self.data, self.again = b"", False
        self.token: dict[str, str] = {}

    def step(self) -> bool:
        if not self.data and self.ending:
            return False
        if not self.data:
            self._next_stack()
        if self.again or not self.token:
            page = _queue(self.line)
            self.token = _token(page)
            if self.again and self._is_there(page):
                self._end(self.unheard)
                return True
        self.again = True
        status, _answer, head = self.line.post(
            QUEUE + "scan", self.token, self.data, "file", "scan.pdf"
        )
        assert (status, head["Location"]) == (302, QUEUE), f"the stack: {status} {head['Location']}"
        self._end(self.told)
        return True

    def _next_stack(self) -> None:
        chosen = self.dice.sample(self.papers, IN_ONE)
        # behind the end of the file: no two are the same
        mark = f"\n% {self.name} {len(self.made)}\n"
        self.data = stack_of([self.folder / f"{number}.pdf" for number in chosen]) + mark.encode()
        self.made[_digest(self.data)] = chosen

    def _is_there(self, page: str) -> bool:
        """Whether one of the stacks on the page is the one that got no answer."""
        for path in _STACK.findall(page):
            status, stack = self.line.file(path)
            assert status == 200, f"{path}: {status}"
            if stack == self.data:
                return True
        return False

    def _end(self, where: list[Any]) -> None:
        where.append(_digest(self.data))
        self.data, self.again = b"", False


class Placer(Visitor):
    """Looks at the pages that wait: files some under a paper that comes in no stack, removes others
    and the empty ones. Told: «file», «remove» or «blanks», and how many pages."""

    def __init__(self, paper: int, code: str, dice: random.Random, cookie: dict[str, str]) -> None:
        super().__init__()
        self.paper, self.code, self.dice, self.cookies = paper, code, dice, cookie
        # what is to be done, its address, the pages
        self.waits: tuple[str, str, list[str]] | None = None
        self.unheard: list[Any] = []  # done, and nobody was told: the answer was lost

    def step(self) -> bool:
        if self.waits is None and self.ending:
            return False
        page = _queue(self.line)
        self.waits = self.waits or self._chosen(page)
        if self.waits is not None:
            self._do(page, *self.waits)
        else:
            time.sleep(0.5)
        return True

    def _chosen(self, page: str) -> tuple[str, str, list[str]] | None:
        strays, blanks = _STRAY.findall(page), _BLANK.findall(page)
        if blanks and (not strays or self.dice.random() < 0.3):
            return "blanks", QUEUE + "blanks", blanks
        if not strays:
            return None
        return self.dice.choice(("file", "remove")), strays[0], strays[:1]

    def _do(self, page: str, verb: str, path: str, pages: list[str]) -> None:
        fields = {**_token(page), "verb": verb, "code": self.code, "page": pages}
        status, _answer, _head = self.line.post(path, fields)
        assert status in (302, 404), f"{path}: {status}"  # 404: it was done before the kill
        (self.told if status == 302 else self.unheard).append([verb, len(pages)])
        self.waits = None


class Scans(Served):
    """Two people at the scanner, each with papers of their own, and one who looks at the pages that
    wait."""

    name, mould, size = "stacks of scans over HTTP", "signed", Size(2.5, 2000, 220)

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.folder = ground.folder / "signed"

    def prepare(self) -> None:
        self.ground.make("signed", "empty", partial(papers_to_sign, self.folder))

    def visitors(self, dice: random.Random) -> list[Any]:
        people, papers = self.ground.made["signed"]
        sessions = self.ground.apart(partial(cookies, self.ground.app, people))
        browsers = [{"casework": sessions[str(number)]} for number in people]
        (own, code), *others = papers
        return [
            *(
                Scanner(
                    f"{dice.random()}",
                    [number for number, _code in others[n::2]],
                    dice_of(dice),
                    self.folder,
                    browsers[n],
                )
                for n in range(2)
            ),
            Placer(own, code, dice_of(dice), browsers[2]),
        ]

    def after(self, visitors: list[Any]) -> list[str]:
        """Each stack is there as it came, once, and each of its pages in one place: in a signed
        copy, among those that wait, or where a person has put it."""
        *scanners, placer = visitors
        made = {digest: papers for scanner in scanners for digest, papers in scanner.made.items()}
        there = Counter(_digest(_read(row)) for row in db.session.scalars(select(ScanStack)))
        return [
            *(
                f"{LOST}a stack that was handed in"
                for v in scanners
                for digest in v.told
                if not there[digest]
            ),
            *("a stack that is not as it came" for digest in there if digest not in made),
            *("a stack stands twice" for digest, times in there.items() if times > 1),
            *self._copies(
                Counter(p for digest, n in there.items() for p in made.get(digest, ()) * n), placer
            ),
            *self._pages(there.total(), placer),
        ]

    def _copies(self, wanted: Counter[int], placer: Placer) -> list[str]:
        """As many signed copies of each paper as stacks had it, each of all its pages."""
        faults, found = [], Counter[int]()
        for copy in db.session.scalars(select(SignedCopy)):
            found[copy.paper_id] += 1
            with pikepdf.open(io.BytesIO(_read(copy))) as pdf:
                whole = len(pdf.pages) == copy.pages and (
                    copy.whole or copy.paper_id == placer.paper
                )
            faults += [] if whole else [f"half a signed copy of paper {copy.paper_id}"]
        del found[placer.paper]
        return (
            faults
            if found == wanted
            else [*faults, f"signed copies {dict(found)} of {dict(wanted)} that came"]
        )

    @staticmethod
    def _pages(stacks: int, placer: Placer) -> list[str]:
        """Of each stack two pages wait, or a person has placed or removed them, which was said or
        is being done."""
        there = Counter(db.session.scalars(select(StrayPage.blank)))
        filed = state.count(SignedCopy, SignedCopy.paper_id == placer.paper)
        now = {
            "file": filed,
            "remove": stacks - there[False] - filed,
            "blanks": stacks - there[True],
        }
        known, doing = Counter[str](), Counter[str]()
        for verb, pages in (*placer.told, *placer.unheard):
            known[verb] += pages
        if placer.waits:
            doing[placer.waits[0]] = len(placer.waits[2])
        return [
            (
                f"{LOST if pages < known[verb] else ''}{verb}: {pages} pages, "
                f"told {known[verb]}, being done {doing[verb]}"
            )
            for verb, pages in now.items()
            if pages not in (known[verb], known[verb] + doing[verb])
        ]

    def at_end(self, visitors: list[Any]) -> list[str]:
        return self.after(visitors)


def dice_of(dice: random.Random) -> random.Random:
    """Dice of somebody's own: threads share none."""
    return random.Random(dice.random())


def _queue(line: Line) -> str:
    status, page = line.get(QUEUE)
    assert status == 200, f"the page of the scanner: {status}"
    return page


def _token(page: str) -> dict[str, str]:
    return {"csrf_token": sheet(page, "csrf_token").standing["csrf_token"][0]}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(row: ScanStack | SignedCopy) -> bytes:
    data: bytes = current_app.extensions["sealed_store"].read(row.stored)
    return data
