"""Every page of the program on a telephone, as the people who may open it: nothing runs over the
edge, nothing speaks English by mistake, no script or picture fails. Pages are found by following
the links that each person sees."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.support.browser import page_of, press, sign_in
from tests.support.desk import BY_ACTION, LOGINS, PATHS

pytestmark = pytest.mark.browser
# answers that are no pages
FILES = re.compile(r"\.(pdf|xlsx|csv|json|sqlite|atom|png)$|/desk/files/\d+$|/desk/originals/")
# looked at by each role, for each sees something else
EVERYBODYS = {"desk.home", "dockets.docket", "desk.listing"}
# parts of an address that make another page; numbers and codes only make another docket
APART = ("step", "which")
# Pages that only stand there while something is under way; each has a test of its own that looks at
# it.
UNDER_WAY = {
    "bulk.progress",
    "triage.batch",
    "many.batch",
    "archive.batch",
    "triage.mobilisation",
    "custody.answer",
    "identity.page",
    "lostcode.new_code",
    "casefile.progress",
    "handed.page",
    "handed.left",
    "draws.one",
    "register_import.progress",
}
# what a script, a calendar or a button asks for, without a page of its own
NO_PAGES = {"unit_choice.look_up", "calendar.feed", "dockets.next_act"}
# names and password of the demonstration
OURS = set(LOGINS.values()) | {"officer", "fengdu", "demo"}
FOREIGN = {
    "english",
    "ctrl",  # keys, as keyboards name them
    "enter",
    "casework",
    "excel",
    "sqlite",
    "atom",
    "word",
    "xlsx",
    "json",
    "https",  # where «leave quickly» leads to stands on the page of settings
    "weather",
    "custody",  # the demonstration's password of the custodian's key
    "jpeg",
    "cookie",
    "browser",
    "inbox",
    "starttls",
    "none",
    "href",
}
WORDS = """() => {
  document.querySelectorAll("code").forEach(e => e.remove());
  const spoken = [...document.querySelectorAll("[aria-label], [title], [alt]")].flatMap(
    e => ["aria-label", "title", "alt"].map(a => e.getAttribute(a) || ""));
  return [document.title, document.body.innerText, ...spoken].join(" ");
}"""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
TOO_FAR = """[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth)
.map(e => e.tagName + ' ' + e.textContent.trim().slice(0, 40)).slice(-3).join(' | ')"""  # noqa: E501
LINKS = "[...document.querySelectorAll('a[href]')].map(a => a.href)"


class Eye:
    """Looks at pages as one person and keeps what is wrong."""

    def __init__(self, browser: Browser, server: str, app: Flask) -> None:
        self.browser, self.server, self.wrong = browser, server, dict[str, list[str]]()
        self.seen: set[tuple[str, ...]] = set()
        self.routes = app.url_map.bind("127.0.0.1")
        self.noise: list[str] = []
        self.page = self.enter("")

    def enter(self, login: str) -> Page:
        """A browser of their own for each person: nothing of the last one's session comes late."""
        self.page = page_of(self.browser, 390)
        self.page.on("console", lambda m: self.noise.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.noise.append(str(e)))
        if login:
            sign_in(self.page, self.server, login)
        return self.page

    def name(self, path: str) -> tuple[str, ...]:
        """What page an address is: its endpoint and what tells it from its sisters; empty for what
        is no page of ours."""
        try:
            endpoint, args = self.routes.match(path, method="GET")
        except (HTTPException, RequestRedirect):
            return ()
        kind = str(args.get("code", ""))[:1]  # of a tip (R) or of a case (C)
        return (endpoint, kind, *(str(args[k]) for k in APART if k in args))

    def look(self, path: str, role: str) -> list[str]:
        """Open a page, judge it, and tell where its links lead."""
        self.noise.clear()
        self.page.goto(self.server + path)
        faults = (
            [f"runs over the edge: {self.page.evaluate(TOO_FAR)}"]
            if self.page.evaluate(TOO_WIDE)
            else []
        )
        left = (
            {w.lower() for w in re.findall("[A-Za-z]{4,}", self.page.evaluate(WORDS))}
            - OURS
            - FOREIGN
        )
        faults += [f"speaks English: {' '.join(sorted(left))}"] if left else []
        faults += [f"console: {n}" for n in self.noise]
        if faults:
            self.wrong[f"{role} {path}"] = faults
        found = (
            urlsplit(href) for href in self.page.evaluate(LINKS) if href.startswith(self.server)
        )
        return [
            f"{u.path}?{u.query}" if u.query else u.path
            for u in found
            if "lang=" not in u.query and not FILES.search(u.path)
        ]

    def found(self, number: str) -> str:
        """The address of the docket of that number: the search leads straight there."""
        self.page.goto(f"{self.server}/desk/search?q={number}")
        return urlsplit(self.page.url).path

    def walk(self, role: str, starts: list[str]) -> None:
        """From these addresses along every link to a kind of page that nobody has looked at."""
        mine: set[tuple[str, ...]] = set()
        waiting = list(starts)
        while waiting:
            path = waiting.pop(0)
            name = self.name(urlsplit(path).path)
            if not name or name in (mine if name[0] in EVERYBODYS else self.seen):
                continue
            mine.add(name)
            self.seen.add(name)
            waiting += self.look(path, role)


@pytest.fixture
def eye(server: str, chromium: Browser, app: Flask) -> Eye:
    return Eye(chromium, server, app)


def test_every_page_on_a_telephone(eye: Eye, app: Flask, tmp_path: Path) -> None:
    number = tip_with_a_picture(eye.page, eye.server, tmp_path)
    eye.walk("public", ["/", "/list", "/check?number=x&code=y"])
    for role, login in LOGINS.items():
        eye.enter(login)
        first = [eye.found(number), "/desk/search?q=重庆某某有限公司"] if role == "clerk" else []
        eye.walk(role, [*first, "/desk/", *mine(role)])
    assert eye.wrong == {}
    pages = {
        r.endpoint
        for r in app.url_map.iter_rules()
        if "GET" in (r.methods or set()) and not FILES.search(r.rule)
    }
    files = {"static", "desk.file", "people.still_here", "disclosure.download"}
    assert {name[0] for name in eye.seen} >= pages - files - UNDER_WAY - NO_PAGES


def mine(role: str) -> list[str]:
    """The pages of the matrix that a role may open."""
    from casework.procedure.roles import who_may

    return [
        path
        for endpoint, path in PATHS.items()
        if role in who_may(BY_ACTION[endpoint]) and not FILES.search(path)
    ]


def tip_with_a_picture(page: Page, server: str, folder: Path) -> str:
    """So that there is a file to look at; answers the tip's number."""
    Image.new("RGB", (40, 30), "white").save(folder / "现场.png")
    page.goto(server + "/report")
    page.fill("#subject", "重庆某某有限公司")
    page.fill("#narrative", "见照片。")
    page.set_input_files("#files", [folder / "现场.png"])
    page.wait_for_selector("ul.files button[name=remove]")
    press(page, ".actions button[value=preview]")
    press(page, "main form .actions button >> nth=0")
    page.wait_for_selector("#code")
    found = re.search(r"[一-龥]+〔\d{4}〕\d+号", page.inner_text("main"))
    assert found
    return found[0]


CASES, REPORTS = "/desk/cases", "/desk/reports"
LOOKED_AT = {
    "public": [
        "/",
        "/list",
        "/list?q=x&kind=penalty",
        "/list/1",
        "/check",
        "/check?number=x&code=y",
        "/signin",
        "/nowhere",
        "/?lang=en",
        "/list?lang=en",
        "/check?lang=en",
    ],
    "clerk": [
        REPORTS,
        "/desk/reports/new",
        "/desk/reports/new?channel=phone",
        "/desk/reports/import",
        "/desk/reports/burst",
        "/desk/print/",
        "/password",
        "/second-factor",
    ],
    "officer": [CASES, "/desk/papers", "/desk/search?q=x"],
    "head": ["/desk/", "/desk/statistics/", "/desk/casefile/sample"],
    "custodian": ["/desk/custody/"],
    "auditor": ["/desk/office/audit"],
    "admin": [
        "/desk/office/people",
        "/desk/office/people/1",
        "/desk/office/bureau",
        "/desk/office/calendar",
        "/desk/office/settings/tip.verify_days",
        "/desk/office/me",
    ],
}


def faults(page: Page) -> list[str]:
    """What axe says against a page."""
    return [v["id"] for v in Axe().run(page).response["violations"]]


def test_pages_have_no_accessibility_fault(server: str, chromium: Browser) -> None:
    """axe on the public pages in both languages, the lists, forms and offices of each role, a case,
    a tip and a step."""
    found = dict[str, list[str]]()
    for role, paths in LOOKED_AT.items():
        page = page_of(chromium)
        if role != "public":
            sign_in(page, server, LOGINS[role])
        for path in paths:
            page.goto(server + path)
            found[f"{role} {path}"] = faults(page)
            if path in (CASES, REPORTS):
                press(page, "tbody a >> nth=0")
                found[f"{role} docket"] = faults(page)
                if page.locator(".next a").count():
                    press(page, ".next a >> nth=0")
                    found[f"{role} step"] = faults(page)
    assert {k: v for k, v in found.items() if v} == {}
