"""The sealed identity: request, grant, reading."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update

from casework.identity import custody, opening, requests
from casework.informants.models import IdentityBox, IdentityOpening, IdentityVerdict
from casework.intake.receive import Received
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau, OfficeEntry, Person
from casework.people.office import NotPossible
from casework.public import dialogue
from casework.store import db, utcnow, writing
from casework.upkeep.walk import Team
from casework.vault.sealing import Tampered
from tests.informants.sealed import (
    NAME,
    OTHER_WORD,
    PHONE,
    WHY,
    WORD,
    asked,
    make_key,
    meanwhile,
    second_custodian,
    somebody,
)
from tests.support.settings import confirm_setting


def test_granted_it_is_read_by_the_one_who_asked_and_the_informant_sees_it(
    team: Team, report: Received, custodian: Person, client: FlaskClient
) -> None:
    request, code = asked(team, report)
    assert requests.grant(custodian, request, WORD, "同意")
    opened = opening.read_identity(somebody(team, "head"), request, code)
    assert (opened.who["name"], opened.who["contact"], opened.hits) == (NAME, PHONE, ())
    # again within the time: logged again
    opening.read_identity(somebody(team, "head"), request, code)
    rows = db.session.execute(
        select(IdentityOpening.custodian_id, IdentityOpening.request_id)
    ).all()
    assert rows == [(custodian.id, request)] * 2
    told = dialogue.shown_thread(report.docket_id).openings
    assert len(told) == 2
    assert {(o.what, o.reason, o.roles) for o in told} == {("name", WHY, ("head",))}
    token = re.findall(r'name="token" value="([^"]+)"', client.get("/progress").text)[0]
    page = client.post("/progress", data={"token": token, "code": report.code}).text
    seen = page[page.index("您的身份信息被打开") : page.index("<h2>消息")]
    assert WHY in seen
    assert "大队长" in seen  # the role of whoever read it
    assert somebody(team, "head").name not in page
    assert custodian.name not in page
    entries = db.session.scalars(
        select(OfficeEntry.what).where(OfficeEntry.what.startswith("identity."))
    ).all()
    assert entries == ["identity.ask", "identity.grant", "identity.open", "identity.open"]


def test_another_person_cannot_read_it_with_the_code_nor_the_one_who_asked_without(
    team: Team, report: Received, custodian: Person
) -> None:
    request, code = asked(team, report)
    requests.grant(custodian, request, WORD)
    for login in ("officer1", "leader", "custodian"):
        with pytest.raises(NotPossible, match="not open to you"):
            opening.read_identity(somebody(team, login), request, code)
    with pytest.raises(NotPossible, match="typing mistake"):
        opening.read_identity(
            somebody(team, "head"), request, code[:-1] + str((int(code[-1]) + 1) % 10)
        )
    other = requests.receipt.new_code()
    with pytest.raises(NotPossible, match="not the code"):
        opening.read_identity(somebody(team, "head"), request, other)
    assert db.session.scalar(select(func.count()).select_from(IdentityOpening)) == 0


def test_after_the_time_it_does_not_open_and_the_box_is_gone(
    team: Team, report: Received, custodian: Person
) -> None:
    request, code = asked(team, report, hours=1)
    requests.grant(custodian, request, WORD)
    with writing() as session:
        session.execute(update(IdentityBox).values(until=utcnow() - timedelta(seconds=1)))
    with pytest.raises(NotPossible, match="time is over"):
        opening.read_identity(somebody(team, "head"), request, code)
    assert opening.sweep() == 1
    assert opening.sweep() == 0
    assert db.session.get(IdentityBox, request) is None
    shown = requests.find(somebody(team, "head").bureau_id, request)
    assert shown is not None
    assert shown.state == requests.OVER


def test_a_box_moved_to_another_request_does_not_open(
    team: Team, report: Received, custodian: Person
) -> None:
    first, _ = asked(team, report)
    requests.grant(custodian, first, WORD)
    code = requests.ask(somebody(team, "leader"), report.docket_id, "另一请求", 1)
    second = first + 1
    requests.grant(custodian, second, WORD)
    with writing() as session:
        session.get_one(IdentityBox, second).sealed = session.get_one(IdentityBox, first).sealed
    with pytest.raises(Tampered):
        opening.read_identity(somebody(team, "leader"), second, code)


def test_refused_stays_refused_and_says_why(
    team: Team, report: Received, custodian: Person
) -> None:
    request, code = asked(team, report)
    with pytest.raises(NotPossible, match="why not"):
        requests.refuse_request(custodian, request, " ")
    requests.refuse_request(custodian, request, "可通过留言询问。")
    with pytest.raises(NotPossible, match="answered"):
        requests.grant(custodian, request, WORD)
    with pytest.raises(NotPossible, match="not open"):
        opening.read_identity(somebody(team, "head"), request, code)
    shown = requests.of_dockets([report.docket_id])[0]
    assert (shown.state, shown.verdicts) == ("refused", (("陶然", False, "可通过留言询问。"),))


def test_a_refusal_in_the_moment_of_a_grant_stands(
    team: Team, report: Received, custodian: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_key(second_custodian(team), OTHER_WORD)
    custody.reseal(somebody(team, "custodian"), WORD)
    request, code = asked(team, report)
    meanwhile(
        monkeypatch,
        lambda: requests.refuse_request(somebody(team, "auditor"), request, "可通过留言询问。"),
    )
    with pytest.raises(NotPossible, match="just answered"):
        requests.grant(somebody(team, "custodian"), request, WORD)
    with pytest.raises(NotPossible, match="not open"):
        opening.read_identity(somebody(team, "head"), request, code)
    assert db.session.scalars(select(IdentityBox)).all() == []


def test_where_the_bureau_wants_two_one_is_not_enough(
    team: Team, bureau: Bureau, report: Received
) -> None:
    first, second = somebody(team, "custodian"), second_custodian(team)
    confirm_setting(somebody(team, "head"), "identity.custodians", "2", today())
    make_key(second, OTHER_WORD)
    custody.reseal(somebody(team, "custodian"), WORD)
    request, code = asked(team, report)
    assert not requests.grant(first, request, WORD)
    assert db.session.get(IdentityBox, request) is None
    with pytest.raises(NotPossible, match="another custodian"):
        requests.grant(somebody(team, "custodian"), request, WORD)
    assert requests.grant(somebody(team, "auditor"), request, OTHER_WORD)
    assert opening.read_identity(somebody(team, "head"), request, code).who["name"] == NAME


def test_nobody_grants_their_own_request(team: Team, report: Received, custodian: Person) -> None:
    requests.ask(custodian, report.docket_id, "自己想看", 1)
    with pytest.raises(NotPossible, match="own request"):
        requests.grant(custodian, 1, WORD)


@pytest.mark.parametrize(("reason", "hours"), [("", 1), ("x", 0), ("x", 25), ("x", -1)])
def test_a_request_needs_a_reason_and_a_time_within_the_setting(
    team: Team, report: Received, reason: str, hours: int
) -> None:
    with pytest.raises(NotPossible):
        requests.ask(somebody(team, "head"), report.docket_id, reason, hours)


@pytest.mark.parametrize("table", ["identity_request", "identity_verdict", "identity_opening"])
def test_what_was_asked_answered_and_opened_stays(
    team: Team, report: Received, custodian: Person, table: str
) -> None:
    request, code = asked(team, report)
    requests.grant(custodian, request, WORD)
    opening.read_identity(somebody(team, "head"), request, code)
    for change in (f"DELETE FROM {table}", f"UPDATE {table} SET at = '2020-01-01 00:00:00'"):
        with pytest.raises(Exception, match="append-only"), writing() as session:
            session.execute(text(change))


def test_a_name_on_an_issued_paper_is_found_at_the_opening(
    team: Team, bureau: Bureau, report: Received, custodian: Person
) -> None:
    from casework.upkeep.walk import Walk

    walk = Walk(team, report.docket_id, today())
    walk.take("register", {"proposal": f"举报人{NAME}来访。建议受理。"})
    request, code = asked(team, report)
    requests.grant(custodian, request, WORD)
    opened = opening.read_identity(somebody(team, "head"), request, code)
    assert len(opened.hits) == 1
    assert db.session.scalars(select(IdentityOpening.hits)).one() == 1


def test_it_is_found_on_papers_of_the_cases_too(
    team: Team, bureau: Bureau, report: Received, custodian: Person
) -> None:
    from casework.upkeep.walk import Walk
    from tests.acts.roads import FIRM

    walk = Walk(team, report.docket_id, today())
    walk.take("register", {"proposal": "建议受理。"})
    walk.take(
        "accept", {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    case = walk.case()
    case.take("assign", {"assigned": list(team.officers)})
    party = {**FIRM, "name": f"{NAME}所说的公司"}
    before = set(db.session.scalars(select(Paper.id)))
    case.take(
        "verification_report",
        {"party": party, "findings": "核实。", "no_figures": "没有数字", "result": "file"},
    )
    printed = db.session.scalars(
        select(Paper).where(Paper.docket_id == case.docket_id, Paper.id.not_in(before))
    ).all()
    assert printed
    request, code = asked(team, report)
    requests.grant(custodian, request, WORD)
    hits = opening.read_identity(somebody(team, "head"), request, code).hits
    assert set(hits) == {p.number or p.kind for p in printed}


def test_verdicts_are_one_for_each_custodian(
    team: Team, report: Received, custodian: Person
) -> None:
    request, _ = asked(team, report)
    requests.refuse_request(custodian, request, "不必")
    with pytest.raises(Exception, match=r"(?i)unique"), writing() as session:
        session.add(IdentityVerdict(request_id=request, custodian_id=custodian.id, granted=True))
