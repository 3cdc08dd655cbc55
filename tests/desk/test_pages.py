"""Desk pages: every role × every page, what they show, what they refuse, and how many statements
they take."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.docket.models import Act, Docket
from casework.people.may import today
from casework.people.models import Person
from casework.procedure.load import procedure
from casework.procedure.roles import held_roles, who_may
from casework.store import db, writing
from casework.upkeep.demo import STAFF
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM
from tests.support.counted import counted
from tests.support.desk import BY_ACTION, BY_DOCKET, LOGINS, PATHS, SignIn, code

# -- role × page: a route that is not in this table fails the test below
PUBLIC = {
    "public.home",
    "public.report",
    "public.report_post",
    "public.send",
    "public.progress",
    "disclosure.public_list",
    "disclosure.firm",
    "disclosure.download",
    "disclosure.check_paper",
    "disclosure.check_file",
    "people.signin",
    "people.signin_post",
    "static",
}
PUBLIC |= {
    "receipts.check",
    "receipts.slip",
    "receipts.slip_pdf",
    "receipts.change",
    "pieces.piece",
    "pieces.keep",
}
PUBLIC |= {"calendar.feed"}
PUBLIC |= {"handed.page", "handed.leave", "handed.left"}
SIGNED_IN = {
    "people.signout",
    "people.password",
    "people.second_factor",
    "people.second_factor_png",
    "people.still_here",
}


def test_every_route_stands_in_the_matrix(app: Flask) -> None:
    routes = {r.endpoint for r in app.url_map.iter_rules()}
    assert routes == PUBLIC | SIGNED_IN | set(BY_ACTION) | BY_DOCKET


def test_every_guarded_view_names_the_action_of_the_matrix(app: Flask) -> None:
    for endpoint, action in BY_ACTION.items():
        assert app.view_functions[endpoint].action == action  # type: ignore[attr-defined]


BY_DOCKET |= {"dockets.proposal_paper"}  # the draft of a paper that waits for approval


@pytest.mark.parametrize("role", sorted(LOGINS))
def test_each_role_opens_what_it_may_and_nothing_else(
    docketed: tuple[Walk, Walk], sign_in: SignIn, role: str
) -> None:
    client = sign_in(LOGINS[role])
    for endpoint, path in PATHS.items():
        expected = 200 if role in who_may(BY_ACTION[endpoint]) else 403
        assert client.get(path).status_code == expected, (role, path)


@pytest.mark.parametrize("role", sorted(LOGINS))
def test_whoever_takes_the_step_that_opens_a_docket_has_its_page(
    team: Team, sign_in: SignIn, role: str
) -> None:
    client, opens = sign_in(LOGINS[role]), role in procedure().steps["open_case_directly"].roles
    assert ("/desk/cases/new" in client.get("/desk/").text) == opens
    assert client.get("/desk/cases/new").status_code == (200 if opens else 403)


SEES_CASE = {"clerk", "officer", "head", "legal", "leader", "auditor"}
SEES_REPORT = {"clerk", "officer", "head", "leader", "auditor", "custodian"}


@pytest.mark.parametrize("role", sorted(LOGINS))
def test_what_a_role_may_not_see_is_not_there(
    docketed: tuple[Walk, Walk], sign_in: SignIn, role: str
) -> None:
    report, case = (code(w) for w in docketed)
    client = sign_in(LOGINS[role])
    assert client.get(f"/desk/dockets/{case}").status_code == (200 if role in SEES_CASE else 404)
    assert client.get(f"/desk/dockets/{report}").status_code == (
        200 if role in SEES_REPORT else 404
    )
    assert client.get("/desk/dockets/C2026-99999").status_code == 404
    assert client.get("/desk/papers/999999.pdf").status_code == (
        404 if role in who_may("paper.open") else 403
    )


def test_a_number_that_no_row_can_have_leads_nowhere(team: Team, sign_in: SignIn) -> None:
    head = sign_in("head")
    for path in (
        "papers/{}.pdf",
        "files/{}",
        "files/{}/look",
        "many/{}",
        "archive/batches/{}",
        "casefile/C2026-1/{}",
    ):
        assert head.get("/desk/" + path.format(10**25)).status_code in (403, 404), path
    assert sign_in("auditor").get("/desk/office/audit?person=x&step=x").status_code == 200


def test_another_officer_does_not_see_the_tip(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    assert sign_in("officer3").get(f"/desk/dockets/{code(docketed[0])}").status_code == 404


def test_signed_out_everything_leads_to_sign_in(
    docketed: tuple[Walk, Walk], client: FlaskClient
) -> None:
    for path in (*PATHS.values(), f"/desk/dockets/{code(docketed[1])}"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.location.startswith("/signin?next=")


@pytest.mark.parametrize("role", sorted(LOGINS))
def test_only_the_right_role_can_take_each_offered_step(
    docketed: tuple[Walk, Walk], sign_in: SignIn, role: str
) -> None:
    """Every step button of a page leads to a form; posting a step of another role is refused."""
    case = code(docketed[1])
    client = sign_in(LOGINS[role])
    if role not in SEES_CASE:
        assert client.post(f"/desk/dockets/{case}/main/assign", data={}).status_code == 404
        return
    before = db.session.query(Act).count()
    for step in procedure().steps.values():
        if role in step.roles or step.by_system or step.track not in ("main", "*"):
            continue
        answer = client.post(
            f"/desk/dockets/{case}/main/{step.id}",
            data={"on": today().isoformat(), "reason": "x", "note": "x"},
        )
        assert answer.status_code in (403, 422), step.id
    assert db.session.query(Act).count() == before


def test_every_offered_step_opens(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    for login in ("clerk", "officer1", "head", "leader", "legal"):
        client = sign_in(login)
        for walk in docketed:
            page = client.get(f"/desk/dockets/{code(walk)}")
            for href in set(re.findall(r'href="(/desk/dockets/[^"#]+/[^"#]+)"', page.text)):
                assert client.get(href).status_code == 200, href


# -- the work itself
def test_a_leader_approves_on_the_page(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    case = code(docketed[1])
    client = sign_in("leader")
    home = client.get("/desk/").text
    assert FIRM["name"] in home
    page = client.get(f"/desk/dockets/{case}").text
    link = re.search(r'href="(/desk/dockets/[^"]+/proposals/\d+)"', page)
    assert link
    shown = client.get(link[1]).text
    assert "立案审批表" in shown
    seen = re.search(r'name="seen" value="(\d+)"', shown)
    assert seen
    answer = client.post(link[1], data={"verb": "return", "opinion": "", "seen": seen[1]})
    assert answer.status_code == 422
    answer = client.post(
        link[1],
        data={"verb": "approve", "opinion": "同意。", "seen": seen[1]},
        follow_redirects=True,
    )
    assert "已同意" in answer.text
    assert re.search(r"丰统案〔\d{4}〕1号", answer.text)
    assert client.post(link[1], data={"verb": "approve"}).status_code == 409


def test_the_second_of_two_keeps_their_input(
    docketed: tuple[Walk, Walk], sign_in: SignIn, team: Team
) -> None:
    report = docketed[0]
    client = sign_in("clerk")
    seen = db.session.get_one(Docket, report.docket_id).last_seq
    report.take("answer_informant", {"text": "已受理，正在核查。", "final": "no", "internal": ""})
    data = {
        "on": today().isoformat(),
        "seen": str(seen),
        "text": "我的答复内容",
        "final": "no",
        "internal": "",
    }
    answer = client.post(f"/desk/dockets/{code(report)}/report/answer_informant", data=data)
    assert answer.status_code == 409
    assert "我的答复内容" in answer.text
    assert "何静" in answer.text


def test_bad_input_is_said_beside_the_field_and_kept(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    data = {
        "on": "2099-01-01",
        "kind": "written",
        "title": "",
        "source": "企业档案室",
        "proves": "x",
    }
    page = sign_in("officer1").post(
        f"/desk/dockets/{code(docketed[1])}/main/add_evidence", data=data
    )
    assert page.status_code == 422
    for words in ("日期不能晚于今天", "请填写", "企业档案室", "2099-01-01"):
        assert words in page.text


def test_a_draft_paper_can_be_previewed(
    docketed: tuple[Walk, Walk], sign_in: SignIn, team: Team
) -> None:
    data = {
        "action": "preview",
        "act": "迟报",
        "articles": "统计法第四十五条",
        "demand": "补报",
        "due": (today() + timedelta(10)).isoformat(),
    }
    answer = sign_in("officer1").post(
        f"/desk/dockets/{code(docketed[1])}/main/order_correction", data=data
    )
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")


@pytest.mark.parametrize("query", ["汇", "汇锦", "械制造", "重庆汇锦机械制造有限公司"])
def test_search_finds_one_character_and_more(
    docketed: tuple[Walk, Walk], sign_in: SignIn, query: str
) -> None:
    assert code(docketed[1]) in sign_in("head").get(f"/desk/search?q={query}").text


def test_lists_take_three_statements_at_most(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    client = sign_in("head")
    client.get("/desk/cases")
    with counted() as seen:
        client.get("/desk/cases?stage=filing&q=汇锦")
    lists = [
        s for s in seen if not re.search(r"FROM (person|bureau)\b|person_role|enforcement_card", s)
    ]
    assert len(lists) <= 3, lists


def test_pages_speak_chinese_only(docketed: tuple[Walk, Walk], sign_in: SignIn) -> None:
    client = sign_in("officer1")
    allowed = r"English|PDF|Casework|B103-2|href|A4|SM3|Tor|Cookie|MB|Excel|Word|STARTTLS|INBOX|https[:\w./]*"  # noqa: E501
    for path in (
        "/desk/",
        "/desk/cases",
        f"/desk/dockets/{code(docketed[1])}",
        "/desk/office/settings",
    ):
        body = client.get(path).text.split("</head>", 1)[1]
        words = re.sub(r"<script.*?</script>|<[^>]+>|" + allowed, " ", body, flags=re.S)
        assert not re.findall(r"\b[A-Za-z]{4,}\b", words), path


def test_the_demonstration_has_somebody_of_each_role() -> None:
    assert {r for _l, _n, rs in STAFF for r in rs} == set(LOGINS) == {r.id for r in held_roles()}


def test_a_role_ends_by_itself(team: Team, sign_in: SignIn) -> None:
    from casework.people.may import may

    with writing() as session:
        person = session.scalars(select(Person).where(Person.login == "clerk")).one()
        person.roles[0].until_day = today()
    assert may(person, "report.receive", today())
    assert not may(person, "report.receive", today() + timedelta(1))
