"""No leak on paper: numbers of nobody the paper may name, and an identity that is open."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from casework.acts.errors import Refused
from casework.docket.models import Act, Docket
from casework.informants.models import IdentityRequest
from casework.intake import identities
from casework.intake.receive import Received, receive
from casework.papers import leaks
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure.personal import on_paper, personal
from casework.store import db
from casework.upkeep.walk import Team, Walk
from casework.vault import identity as seals
from tests.informants.test_identity import WORD, asked, make_key, somebody

SignIn = Callable[[str], FlaskClient]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("电话13912345678。", {"13912345678"}),
        ("１３９－１２３４－５６７８", {"13912345678"}),
        ("139 1234\n5678", {"13912345678"}),
        ("+86-13912345678", {"13912345678"}),
        ("座机023-70601234转8", {"02370601234"}),
        ("(023)70601234", {"02370601234"}),
        ("写信至 Zhang.San@163.com", {"zhang.san@163.com"}),
        ("500230199003071238", set()),  # check digit does not hold
        ("500230199003071239", {"500230199003071239"}),  # the district's number is newer than the birth
        ("51232419970307123x", {"51232419970307123X"}),
        ("500230199013071239", set()),  # no thirteenth month
        ("91500230MA5U000000", set()),
        ("丰统罚告〔2026〕12号，5,000,000元，2026年11月23日", set()),
        ("31-0000000000", set()),
        ("帐号 6228480469912345678", set()),
        ("9139123456780", set()),
    ],
)
def test_what_counts_as_personal(text: str, found: set[str]) -> None:
    if found and next(iter(found))[:6] in ("500230", "512324"):
        number = next(iter(found))
        from stdnum.cn import ric

        found = {number[:17] + ric.calc_check_digit(number[:17])}
        text = next(iter(found)).lower()
    assert personal(text) == found


def test_what_belongs_to_a_party_or_the_bureau_may_stand() -> None:
    printed = ["联系电话：023-7060 1234", "举报人电话 13912345678"]
    assert on_paper(printed, ["02370601234"]) == {"13912345678"}


@given(st.text("0123456789-@a.中 ", max_size=40))
def test_digits_of_any_shape_never_crash(text: str) -> None:
    assert personal(text) >= personal(text) & personal(text + "。")


@pytest.mark.parametrize(
    ("who", "text", "stands"),
    [
        ({"name": "欧阳举报", "contact": ""}, "询问人欧 阳\n举报于", True),
        ({"name": "", "contact": "139-8765-4321"}, "电话１３９８７６５４３２１", True),
        ({"name": "", "contact": "13987654321（微信同号）"}, "139-8765-4321", True),
        ({"name": "", "contact": "QQ 88123456"}, "其QQ为88123456", True),
        ({"name": "", "contact": "A@b.cn"}, "a@B.cn", True),
        ({"name": "王", "contact": ""}, "王某", False),  # one character proves nothing
        ({"name": "欧阳举报", "contact": "13987654321"}, "欧阳某，13987654322", False),
    ],
)
def test_words_of_an_identity(who: dict[str, str], text: str, stands: bool) -> None:
    assert leaks.stands_in(leaks.words_of(who), text) is stands


# -- through the one door
def registered(team: Team, bureau: Bureau) -> Walk:
    payload = {"channel": "web", "subject": "某公司", "subject_kind": "enterprise", "narrative": "虚报"}
    got = receive(db.session.get_one(Bureau, bureau.id), payload)
    return Walk(team, got.docket_id, today())


def test_a_number_stops_the_paper_and_nothing_is_written(team: Team, bureau: Bureau) -> None:
    walk = registered(team, bureau)
    acts = db.session.scalar(select(func.count()).select_from(Act))
    with pytest.raises(Refused) as refused:
        walk.take("register", {"proposal": "举报人电话139-1234-5678，建议受理。"})
    assert [(r.check, r.values) for r in refused.value.refusals] == [("numbers_on_paper", {"found": "13912345678"})]
    assert db.session.scalar(select(func.count()).select_from(Act)) == acts
    assert db.session.scalar(select(func.count()).select_from(Paper)) == 0


def test_it_stops_at_the_proposal_not_only_at_the_approval(team: Team, bureau: Bureau) -> None:
    walk = registered(team, bureau)
    walk.take("register", {"proposal": "建议不予受理。"})
    asked_ = {"ground": "not_statistics", "destination": "请拨打13912345678", "opinion": "不属统计违法。"}
    with pytest.raises(Refused, match="numbers_on_paper"):
        walk.propose("decline", asked_, "report")


def test_the_bureaus_own_number_is_no_leak(team: Team, bureau: Bureau) -> None:
    walk = registered(team, bureau)
    walk.take("register", {"proposal": f"已由{bureau.phone}回电核实，建议受理。"})
    assert db.session.scalar(select(func.count()).select_from(Paper)) == 1


def test_a_second_person_releases_it_for_this_docket_only(team: Team, bureau: Bureau) -> None:
    walk, other = registered(team, bureau), registered(team, bureau)
    walk.take("release_numbers", {"numbers": "139 1234 5678", "reason": "被举报单位公布的销售电话。"}, "report")
    approved = db.session.scalars(select(Act).where(Act.step == "release_numbers", Act.verb == "done")).one()
    proposed = db.session.scalars(select(Act).where(Act.step == "release_numbers", Act.verb == "propose")).one()
    assert approved.actor_id != proposed.actor_id
    walk.take("register", {"proposal": "销售电话13912345678，建议受理。"})
    with pytest.raises(Refused, match="numbers_on_paper"):
        other.take("register", {"proposal": "销售电话13912345678，建议受理。"})


def test_the_page_says_what_was_found_and_keeps_what_was_typed(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    code = db.session.get_one(Docket, registered(team, bureau).docket_id).code
    typed = "请联系tipster@example.org核实"
    page = sign_in("clerk").post(f"/desk/dockets/{code}/report/register", data={"proposal": typed})
    assert page.status_code == 422
    assert "tipster@example.org" in page.text
    assert "放行文书中的号码" in page.text
    assert typed in page.text


def test_who_has_the_identity_open_cannot_print_it(
    team: Team, bureau: Bureau, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head opens it, then proposes a paper with the name in it; without the opening the server cannot know."""
    monkeypatch.setattr(seals, "_COST", {"ops": 1, "mem": 8 * 1024 * 1024})
    make_key(somebody(team, "custodian"))
    report = _named(team, bureau)
    code = db.session.get_one(Docket, report.docket_id).code
    request, word = asked(team, report)
    identities.grant(somebody(team, "custodian"), request, WORD)
    path, data = f"/desk/dockets/{code}/report/report_up_tip", {"reason": "举报人欧阳举报反映的事项重大。"}
    head = sign_in("head")
    opened = head.post(f"/desk/dockets/{code}/identity/{request}", data={"code": word})
    cookie = opened.headers["Set-Cookie"]
    assert re.search(r"casework-reader=.*HttpOnly.*Path=/desk; SameSite=Strict", cookie)
    stopped = head.post(path, data=data)
    assert stopped.status_code == 422
    assert "您已打开的举报人" in stopped.text
    assert head.post(path, data={"reason": "事项重大。"}).status_code == 302


def _named(team: Team, bureau: Bureau) -> Received:
    who = json.dumps({"name": "欧阳举报", "contact": "13987654321"}, ensure_ascii=False).encode()
    payload = {"channel": "visit", "subject": "某公司", "subject_kind": "enterprise", "narrative": "虚报"}
    got = receive(db.session.get_one(Bureau, bureau.id), payload, who=who)
    Walk(team, got.docket_id, today()).take("register", {"proposal": "建议报上级。"})
    return got


def test_the_pass_of_an_opening_serves_nobody_else(
    team: Team, bureau: Bureau, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "_COST", {"ops": 1, "mem": 8 * 1024 * 1024})
    make_key(somebody(team, "custodian"))
    report = _named(team, bureau)
    request, word = asked(team, report)
    identities.grant(somebody(team, "custodian"), request, WORD)
    opened = identities.read(somebody(team, "head"), request, word)
    from casework.vault.sealing import Tampered

    with pytest.raises(Tampered):
        identities.watch(somebody(team, "leader"), opened.pass_)
    assert leaks.watched(report.docket_id) == frozenset()
    identities.watch(somebody(team, "head"), opened.pass_)
    assert "欧阳举报" in leaks.watched(report.docket_id)
    assert db.session.scalars(select(IdentityRequest.id)).one() == request
