"""The whole road by hand: every step of a case is taken on its page by the person whose step it is,
in a real browser.

The same walk that makes the demonstration data drives it; only its hands are others: links, fields
and buttons.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from casework.disclosure.models import DisclosureEntry
from casework.docket import journal
from casework.docket.models import Docket, Track
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import BureauSetting
from casework.procedure.load import procedure
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.demo import people, shown_people
from casework.upkeep.invented import make_units
from casework.upkeep.road import notice_of
from casework.upkeep.scenes.ground import BIG, Ground
from casework.upkeep.scenes.hearing import POINTS, called
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import facts_of
from tests.browser.conftest import command, served
from tests.support.browser import page_of, press, sign_in
from tests.support.desk import FILLED

pytestmark = pytest.mark.browser
FIRM = "重庆汇锦渝机械制造有限公司"
# browsers send line ends of their own wherever there is a text area
SECOND_LINE = "\n第二行：另起一段✅。"
NOTE = "说明：由浏览器中的人填写。"
WAIVED = {
    "rights": ["defence"],
    "written": "statement",
    "signer": "负责人李某",
    "document": "放弃陈述申辩的声明",
    "note": NOTE,
}
ABOUT = {
    "kind": "enterprise",
    "credit_code": "",
    "address": "丰都县三合街道",
    "representative": "李某",
    "township": "500230109",
    "phone": "",
}

# Cases that begin further along the road: begun so many days ago, and brought so far.
LATE: dict[str, tuple[int, Callable[[Ground], Walk]]] = {
    "重庆听证一号有限公司": (60, lambda g: g.case("conclude", BIG)),
    "重庆听证二号有限公司": (110, called),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator["Desk"]:
    """A bureau with staff and nothing else, its server, and everybody signed in at a browser of
    their own."""
    folder = tmp_path_factory.mktemp("road")
    command(folder, "db", "upgrade")
    from app import create_app

    app = create_app(str(folder))
    with app.app_context():
        bureau, team = people()
        make_units(bureau.id)
        # before there is a server: time would go on between two of their steps, as if they lay in
        # the past
        brought = {}
        for name, (days, play) in LATE.items():
            ground = Ground(
                bureau, team, {**ABOUT, "name": name}, road.later(today() - timedelta(days), 0)
            )
            brought[name] = play(ground).docket_id
        (folder / "demo").write_text(json.dumps(shown_people()), "utf-8")
    with served(folder) as url, app.app_context():
        yield Desk(app, url, chromium, team, folder, brought)


@dataclass
class Desk:
    """The bureau at work."""

    app: Flask
    url: str
    chromium: Browser
    team: Team
    folder: Path
    brought: dict[str, int]
    pages: dict[int, Page] = field(default_factory=dict)

    def of(self, person: int) -> Page:
        """The browser of one person."""
        if person not in self.pages:
            login = next(name for name, number in self.team.others.items() if number == person)
            self.pages[person] = page_of(self.chromium)
            sign_in(self.pages[person], self.url, login)
        return self.pages[person]

    def case(self, name: str) -> "Hand":
        """One of the cases that were brought so far without hands; from here on it is walked by
        hand."""
        return Hand(self.team, self.brought[name], today(), desk=self)

    def code(self, docket_id: int) -> str:
        db.session.rollback()
        return str(db.session.scalar(select(Docket.code).where(Docket.id == docket_id)))


@dataclass
class Hand(Walk):
    """A walk whose steps are taken on pages."""

    desk: Desk = None  # type: ignore[assignment]

    def at(self, day: date) -> "Hand":
        """In a browser it is always today."""
        self.day = today()
        return self

    def case(self) -> "Hand":
        db.session.rollback()
        return Hand(self.team, self.cases()[0], today(), desk=self.desk)

    def paper(self, kind: str) -> Paper:
        db.session.rollback()
        return super().paper(kind)

    def _do(
        self,
        step: str,
        track: str,
        verb: str,
        asked: Mapping[str, Any],
        actor: int,
        on: date | None,
    ) -> Any:
        page = self.desk.of(actor)
        # one button for all tracks
        track = "main" if procedure().steps[step].track == "*" else track
        page.goto(f"{self.desk.url}/desk/dockets/{self.desk.code(self.docket_id)}")
        if verb == "take":
            offered = page.locator(f"#next a[href$='/{track}/{step}']")
            assert offered.count(), f"{step} on {track} is not offered: {page.inner_text('#next')}"
            press(page, f"#next a[href$='/{track}/{step}']")
            for name, value in asked.items():
                fill(page, name, value)
            press(page, ".actions button >> nth=0")
        else:
            press(page, "aside .note a.button")
            page.fill("#opinion", asked["opinion"] + SECOND_LINE)
            press(page, "button[value='approve']")
        assert page.locator(".flash").count(), f"{step} ({verb}): {wrong(page)}"
        assert not page.locator(".flash.warning").count(), page.inner_text(".flash")


def wrong(page: Page) -> str:
    """What the page complains of."""
    said = page.locator(".summary-errors, .error, .conflict, .flash")
    return " ".join(said.all_inner_texts()) or page.inner_text("main")[:1500]


def fill(page: Page, name: str, value: Any) -> None:
    """One field as a person would: type it, choose it, tick it; a table row by row."""
    if value is None:
        return
    if isinstance(value, list) and value and isinstance(value[0], dict):
        for i, row in enumerate(value):
            if not page.locator(f"[name^='{name}-{i}-']").count():
                press(page, f"button[name='add-{name}']")
            for key, cell in row.items():
                fill(page, f"{name}-{i}-{key}", cell)
        return
    if isinstance(value, dict):
        for key, cell in value.items():
            fill(page, f"{name}-{key}", cell)
        return
    there = page.locator(f"main [name='{name}']")
    if there.count():
        _set(there, name, value)


def _set(there: Locator, name: str, value: Any) -> None:
    kind = there.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
    if kind == "select":
        there.first.select_option(
            str(value) if not isinstance(value, list) else [str(v) for v in value]
        )
    elif kind == "radio":
        there.locator(f"xpath=self::*[@value='{value}']").check()
    elif kind == "checkbox" and isinstance(value, bool):
        there.first.set_checked(value)
    elif kind == "checkbox":
        wanted = {str(v) for v in value}
        for box in there.all():
            box.set_checked(box.get_attribute("value") in wanted)
    elif kind == "textarea":
        there.first.fill(f"{value}{SECOND_LINE}")
    elif kind != "hidden":
        there.first.fill(f"{value / 100:.2f}" if name.endswith("_fen") else str(value))


CHANNELS = ("phone", "letter", "leader", "media", "department")


def registered(desk: Desk, channel: str, subject: str = FIRM) -> Hand:
    """A clerk takes a tip in on the page of its channel."""
    page = desk.of(desk.team.clerk)
    page.goto(f"{desk.url}/desk/reports/new?channel={channel}")
    common = {
        "on": today().isoformat(),
        "subject": subject,
        "subject_kind": "enterprise",
        "survey_by": "bureau",
        "narrative": "上报数与账面数相差很大，账上有五百多万，只报了六十几万。",
        "kinds": ["false_data"],
        "original_at": "档案柜二层",
    }
    for name, value in {**FILLED, **common}.items():
        fill(page, name, value)
    press(page, ".actions button >> nth=0")
    db.session.rollback()
    newest = db.session.scalars(select(Docket).order_by(Docket.id.desc()).limit(1)).one()
    assert (newest.channel, newest.title) == (channel, subject), wrong(page)
    return Hand(desk.team, newest.id, today(), desk=desk)


def test_five_channels_save_on_the_same_path_and_a_second_tip_is_linked_and_unlinked(
    desk: Desk,
) -> None:
    walks = [registered(desk, channel, f"重庆{channel}有限公司") for channel in CHANNELS]
    for walk in walks:
        road.register(walk)
    first = walks[0]
    road.accept(first, {**ABOUT, "name": "重庆phone有限公司"})
    case = first.case()
    walks[1].take("link_report", {"case": case.docket_id, "reason": NOTE})
    assert cases_of(walks[1]) == [case.docket_id]
    walks[1].take("unlink_report", {"case": case.docket_id, "reason": NOTE})
    assert cases_of(walks[1]) == []
    steps = [
        r.act.step
        for r in journal.read_entries(
            db.session(), desk.app.extensions["vault"], docket_of(walks[1])
        )
    ]
    assert steps[:2] == ["receive", "register"]


def cases_of(walk: Walk) -> list[int]:
    db.session.rollback()
    return walk.cases()


def docket_of(walk: Walk) -> Docket:
    db.session.rollback()
    return db.session.get_one(Docket, walk.docket_id)


def test_from_a_telephone_tip_to_the_archive(desk: Desk) -> None:
    walk = registered(desk, "phone")
    road.register(walk)
    road.accept(walk, {**ABOUT, "name": FIRM, "credit_code": "91500230MA00000001"})
    case = walk.case()
    road.PARTY[case.docket_id] = {
        "name": FIRM,
        "kind": "enterprise",
        "address": "重庆市丰都县",
        "representative": "负责人",
    }
    for name, _days, stop in road.stops(today() - timedelta(days=200), 3_000_000):
        if name == "defence":
            case.take("rights_waived", {**WAIVED, "signed_on": today().isoformat()})
        else:
            stop(case)
    assert docket_of(case).stage == "effective"
    after_the_decision(case)
    assert docket_of(case).stage == "archived"
    assert list(journal.verify_chains(db.session(), desk.app.extensions["vault"])) == []


def after_the_decision(case: Hand) -> None:
    """Payment, discipline, dishonesty to the public list and off it, publication, closing,
    archive."""
    case.take(
        "pay",
        {"paid_fen": 3_000_000, "paid_on": today().isoformat(), "slip": "2026-0001"},
        "execution-1",
    )
    person = {
        "person_name": "李某",
        "person_post": "某镇副镇长",
        "public_employee": "yes",
        "body_kind": "supervision",
        "body": "丰都县监察委员会",
        "facts": "授意企业虚报产值。",
        "articles": "统计法第四十条",
        "proposal": "建议给予处分。",
    }
    case.take("propose_discipline", person)
    case.take(
        "send_discipline", {"enclosures": "调查终结报告", "contact": "向东平"}, "discipline-1"
    )
    case.serve("discipline_cover")
    case.take(
        "discipline_reply",
        {"result": "已给予警告处分。", "number": "丰监〔2026〕6号"},
        "discipline-1",
    )
    case.take("end_discipline", {"note": NOTE}, "discipline-1")
    dishonest(case)
    case.take(
        "approve_publication",
        {"influence": "涉及规模以上企业。", "summary": "提供不真实统计资料。"},
    )
    case.take("publish", {"note": ""}, "publication-1")
    case.scanned().take(
        "close", {"result": "警告并处罚款。", "execution": "已缴清。", "publication": "已公示。"}
    )
    case.bound().take("archive", {"term": "30", "shelf": "2026-1-1"})


def dishonest(case: Hand) -> None:
    """Determined, listed, seen by the public, taken off again."""
    # in a browser it is always today: nobody can wait for the days of a suit
    with writing() as session:
        bureau = session.get_one(Docket, case.docket_id).bureau_id
        session.add(BureauSetting(bureau_id=bureau, key="sdx.wait", value="no", from_day=today()))
    law = {"facts": "编造并提供不真实统计资料。", "articles": "《统计严重失信企业信用管理办法》"}
    case.take("assess_dishonesty", {"ground": "fabricated", "facts": "虚报数额大。"})
    case.take("dishonesty_notice", law, "dishonesty-1")
    case.serve("dishonesty_notice")
    whole = {"whole": True, "document": "书面意见（1页）"}
    case.take(
        "dishonesty_defence",
        {"opinion": "请求从轻。", "adopted": "不予采纳。", **whole},
        "dishonesty-1",
    )
    case.take("determine", law, "dishonesty-1")
    case.serve("dishonesty_decision")
    case.take("list_entry", {"summary": "提供不真实统计资料。"}, "dishonesty-1")
    work_of_time(case.desk)
    public = page_of(case.desk.chromium, 390, scripts=False)
    public.goto(f"{case.desk.url}/list")
    expect(public.locator("main")).to_contain_text(FIRM)
    case.take("withdraw_listing", {"reason": NOTE}, "dishonesty-1")
    work_of_time(case.desk)
    public.goto(f"{case.desk.url}/list")
    expect(public.locator("main")).not_to_contain_text(FIRM)
    db.session.rollback()
    ended = select(Track.ended).where(Track.docket_id == case.docket_id, Track.kind == "dishonesty")
    assert db.session.scalars(ended).all() == [True]
    assert db.session.scalars(
        select(DisclosureEntry.state).where(DisclosureEntry.kind == "dishonesty")
    ).all() == ["withdrawn"]


def test_a_hearing_is_asked_for_and_called_and_a_crime_referred(desk: Desk) -> None:
    case = desk.case("重庆听证一号有限公司")
    notice = {**notice_of(BIG), "fine_fen": BIG}
    case.take("prior_notice", notice)
    case.serve("prior_notice")
    case.take("hearing_request", {"form": "written", "points": "认为系估计填报，非故意。"})
    case.take("defence_heard", {"opinion": "系估计填报，愿意改正。", "evidence": ""})
    case.take("defence_review", {"adopted": "rejected", "reason": "不影响认定。"})
    day = road.CALENDAR.add_workdays(today(), 9)  # seven whole working days lie between
    asked = {
        "hearing_on": day.isoformat(),
        "time": "9:00",
        "place": "本局会议室",
        "host": desk.team.head,
        "openness": "public",
    }
    case.take("hearing_notice", asked)
    case.serve("hearing_notice")
    crime = {
        "about": "李某",
        "target": "police",
        "body": "丰都县公安局",
        "reason": "涉嫌犯罪。",
        "material": "调查终结报告",
    }
    case.take("send_prosecution", crime)
    case.take("prosecution_taken", {"number": "丰公立〔2026〕3号", "note": ""}, "prosecution-1")
    assert docket_of(case).stage == "hearing"
    tracks = db.session.execute(
        select(Track.kind, Track.ended).where(Track.docket_id == case.docket_id)
    ).all()
    assert ("prosecution", True) in {tuple(t) for t in tracks}


def test_a_hearing_is_held_the_case_reviewed_discussed_and_decided(desk: Desk) -> None:
    case = desk.case("重庆听证二号有限公司")
    told = facts_of(case).last("hearing_notice").asked["hearing_on"]  # type: ignore[union-attr]
    case.take(
        "hearing_held",
        {
            "on": told,
            "present": "双方到场。",
            "record": "双方发表意见并质证。",
            "session": "closed",
        },
    )
    case.take("hearing_report", {"opinion": "维持拟处罚意见。"})
    case.take("legal_review", {**POINTS, "opinion": "同意。", "result": "pass", "census_law": ""})
    voices = [
        {"name": n, "post": "局领导", "vote": "agree", "opinion": "同意处罚意见。"}
        for n in ("周明", "江涛", "傅敏")
    ]
    case.take(
        "panel",
        {"place": "三楼会议室", "voices": voices, "conclusion": "同意。", "result": "agreed"},
    )
    case.take(
        "decide_penalty",
        {**notice_of(BIG), "defence": "不予采纳。", "bank": "农业银行，财政局，31-0000000000"},
    )
    case.serve("decision")
    assert docket_of(case).stage == "effective"
    kinds = select(Track.kind).where(Track.docket_id == case.docket_id).order_by(Track.id)
    assert db.session.scalars(kinds).all() == ["main", "execution"]
    assert list(journal.verify_chains(db.session(), desk.app.extensions["vault"])) == []


def work_of_time(desk: Desk) -> None:
    """What the job beside the server does every minute."""
    command(desk.folder, "tick")
