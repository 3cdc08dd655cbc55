"""No leak on paper: numbers of nobody the paper may name, and an identity that is open."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from casework.acts import leaks as acts_leaks
from casework.acts.errors import Refused
from casework.acts.facts import gather
from casework.docket.models import Act, Docket
from casework.identity import opening, requests
from casework.informants import open_words
from casework.informants.models import IdentityBox
from casework.intake.receive import Received, receive
from casework.papers import leaks
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure.personal import on_paper, personal
from casework.store import db, utcnow, writing
from casework.upkeep.walk import Team, Walk
from casework.vault import memory
from casework.vault.sealing import vault
from tests.acts.roads import FIRM
from tests.informants.sealed import WORD, asked, make_key, somebody

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
        ("500230199003071238", {"500230199003071238"}),  # its check digit is mistyped
        ("11010519491231002", set()),  # one digit too few
        # the district's number is newer than the birth
        ("500230199003071233", {"500230199003071233"}),
        ("512324199703071236", {"512324199703071236"}),
        ("11010519491231002x", {"11010519491231002X"}),
        ("500230199913991239", set()),  # no such month, no such day
        ("91500230MA5U000000", set()),
        ("丰统罚告〔2026〕12号，5,000,000元，2026年11月23日", set()),
        ("31-0000000000", set()),
        ("帐号 6228480469912345678", set()),
        ("9139123456780", set()),
    ],
)
def test_what_counts_as_personal(text: str, found: set[str]) -> None:
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
        ({"name": "欧阳举报(财务部)", "contact": ""}, "据欧阳举报反映", True),
        ({"name": "某某公司 王小明", "contact": ""}, "询问王小明", True),
        ({"name": "Zhang San", "contact": ""}, "told by ZHANG SAN", True),
        # nobody's name
        ({"name": "财务部 举报人", "contact": ""}, "举报人反映财务部数据不实", False),
        ({"name": "", "contact": "WeChat: Zhang_San8"}, "wechat:zhang_san8", True),
        ({"name": "欧阳举报", "contact": "13987654321"}, "欧阳某，13987654322", False),
    ],
)
def test_words_of_an_identity(who: dict[str, str], text: str, stands: bool) -> None:
    assert leaks.stands_in(leaks.identity_words(who), text) is stands


# -- through the one door
def registered(team: Team, bureau: Bureau) -> Walk:
    payload = {
        "channel": "web",
        "subject": "某公司",
        "subject_kind": "enterprise",
        "narrative": "虚报",
    }
    got = receive(db.session.get_one(Bureau, bureau.id), payload)
    return Walk(team, got.docket_id, today())


def test_a_number_stops_the_paper_and_nothing_is_written(team: Team, bureau: Bureau) -> None:
    walk = registered(team, bureau)
    acts = db.session.scalar(select(func.count()).select_from(Act))
    with pytest.raises(Refused) as refused:
        walk.take("register", {"proposal": "举报人电话139-1234-5678，建议受理。"})
    assert [(r.check, r.values) for r in refused.value.refusals] == [
        ("numbers_on_paper", {"found": "13912345678"})
    ]
    assert db.session.scalar(select(func.count()).select_from(Act)) == acts
    assert db.session.scalar(select(func.count()).select_from(Paper)) == 0


def test_it_stops_at_the_proposal_not_only_at_the_approval(team: Team, bureau: Bureau) -> None:
    walk = registered(team, bureau)
    walk.take("register", {"proposal": "建议不予受理。"})
    asked_ = {
        "ground": "not_statistics",
        "destination": "请拨打13912345678",
        "opinion": "不属统计违法。",
    }
    with pytest.raises(Refused, match="numbers_on_paper"):
        walk.propose("decline", asked_, "report")


def test_the_bureaus_own_number_is_no_leak(team: Team, bureau: Bureau) -> None:
    walk = registered(team, bureau)
    walk.take("register", {"proposal": f"已由{bureau.phone}回电核实，建议受理。"})
    assert db.session.scalar(select(func.count()).select_from(Paper)) == 1


def test_a_second_person_releases_it_for_this_docket_only(team: Team, bureau: Bureau) -> None:
    walk, other = registered(team, bureau), registered(team, bureau)
    walk.take(
        "release_numbers",
        {"numbers": "139 1234 5678", "reason": "被举报单位公布的销售电话。"},
        "report",
    )
    approved = db.session.scalars(
        select(Act).where(Act.step == "release_numbers", Act.verb == "done")
    ).one()
    proposed = db.session.scalars(
        select(Act).where(Act.step == "release_numbers", Act.verb == "propose")
    ).one()
    assert approved.actor_id != proposed.actor_id
    walk.take("register", {"proposal": "销售电话13912345678，建议受理。"})
    with pytest.raises(Refused, match="numbers_on_paper"):
        other.take("register", {"proposal": "销售电话13912345678，建议受理。"})


def test_the_page_says_what_was_found_and_keeps_what_was_typed(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    code = db.session.get_one(Docket, registered(team, bureau).docket_id).code
    typed = "请联系tipster@example.org核实"
    page = sign_in("clerk").post(f"/desk/dockets/{code}/report/register", data={"proposal": typed})
    assert page.status_code == 422
    assert "tipster@example.org" in page.text
    assert "放行文书中的号码" in page.text
    assert typed in page.text


@pytest.fixture
def opened(team: Team, bureau: Bureau) -> Received:
    """A named tip whose identity the head has open."""
    make_key(somebody(team, "custodian"))
    report = _named(team, bureau)
    request, word = asked(team, report)
    requests.grant(somebody(team, "custodian"), request, WORD)
    opening.read_identity(somebody(team, "head"), request, word)
    return report


def _named(team: Team, bureau: Bureau) -> Received:
    who = json.dumps({"name": "欧阳举报", "contact": "13987654321"}, ensure_ascii=False).encode()
    payload = {
        "channel": "visit",
        "subject": "某公司",
        "subject_kind": "enterprise",
        "narrative": "虚报",
    }
    return receive(db.session.get_one(Bureau, bureau.id), payload, who=who)


BEARS = {"proposal": "举报人欧 阳举报当面反映。"}


def test_while_one_has_it_open_nobody_prints_it(team: Team, opened: Received) -> None:
    """The head has it open; the clerk, who knows nothing of that, draws a paper."""
    walk = Walk(team, opened.docket_id, today())
    with pytest.raises(Refused, match="informant_on_paper"):
        walk.take("register", BEARS)
    walk.take("register", {"proposal": "建议受理。"})
    assert db.session.scalar(select(func.count()).select_from(Paper)) == 1


def test_other_tips_are_not_searched_for_it(team: Team, bureau: Bureau, opened: Received) -> None:
    registered(team, bureau).take("register", BEARS)


def test_papers_of_the_case_that_it_feeds_are_searched_too(team: Team, opened: Received) -> None:
    walk = Walk(team, opened.docket_id, today())
    walk.take("register", {"proposal": "建议受理。"})
    walk.take(
        "accept", {"respondents": [FIRM], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    case = walk.case()
    facts = gather(db.session(), vault(), db.session.get_one(Docket, case.docket_id))
    assert "欧阳举报" in acts_leaks._open_words(facts)


def test_whoever_reported_their_own_firm_stops_no_paper_by_their_name(
    team: Team, opened: Received
) -> None:
    """Papers have to name the respondent and who represents it (行政处罚法 §59); a telephone they
    need not bear."""
    walk = Walk(team, opened.docket_id, today())
    walk.take("register", {"proposal": "建议受理。"})
    party = {**FIRM, "representative": "欧阳举报"}
    walk.take(
        "accept", {"respondents": [party], "cause": "涉嫌提供不真实统计资料", "opinion": "受理"}
    )
    facts = gather(db.session(), vault(), db.session.get_one(Docket, walk.case().docket_id))
    words = acts_leaks._open_words(facts)
    assert "欧阳举报" not in words
    assert "13987654321" in words
    report = gather(db.session(), vault(), db.session.get_one(Docket, opened.docket_id))
    assert "欧阳举报" in acts_leaks._open_words(report), (
        "papers about the tip itself still do not name them"
    )


def test_after_its_time_the_words_are_gone(team: Team, opened: Received, app: Flask) -> None:
    with writing() as session:
        session.execute(update(IdentityBox).values(until=utcnow() - timedelta(seconds=1)))
    opening.sweep()
    assert list(Path(app.config["MEMORY_FOLDER"]).iterdir()) == []
    # the server knows nothing of it again
    Walk(team, opened.docket_id, today()).take("register", BEARS)


def test_words_lost_with_the_machine_stop_every_paper_until_it_is_opened_again(
    team: Team, opened: Received, app: Flask, sign_in: SignIn
) -> None:
    shutil.rmtree(next(Path(app.config["MEMORY_FOLDER"]).iterdir()))
    code = db.session.get_one(Docket, opened.docket_id).code
    page = sign_in("clerk").post(
        f"/desk/dockets/{code}/report/register", data={"proposal": "建议受理。"}
    )
    assert page.status_code == 422
    assert "请查看人凭一次性代码再打开一次" in page.text
    assert db.session.scalar(select(func.count()).select_from(Paper)) == 0


def test_what_was_granted_but_never_read_stops_nothing(team: Team, bureau: Bureau) -> None:
    make_key(somebody(team, "custodian"))
    report = _named(team, bureau)
    request, _word = asked(team, report)
    requests.grant(somebody(team, "custodian"), request, WORD)
    Walk(team, report.docket_id, today()).take("register", {"proposal": "建议受理。"})


def test_the_words_lie_sealed_in_memory_and_nowhere_else(
    opened: Received, app: Flask, instance: Path
) -> None:
    held = [f for f in Path(app.config["MEMORY_FOLDER"]).rglob("*") if f.is_file()]
    assert [f.stat().st_mode & 0o777 for f in held] == [0o600]
    for file in (*held, *(f for f in instance.rglob("*") if f.is_file())):
        content = file.read_bytes()
        assert "欧阳举报".encode() not in content
        assert b"13987654321" not in content


def test_without_a_memory_folder_this_process_holds_them(
    team: Team, opened: Received, app: Flask
) -> None:
    app.config["MEMORY_FOLDER"] = "/nowhere"
    open_words.hold_words(1, ["欧阳举报"])
    with pytest.raises(Refused, match="informant_on_paper"):
        Walk(team, opened.docket_id, today()).take("register", BEARS)
    open_words.forget_all_but(set())
    with pytest.raises(Refused, match="paper_not_searched"):
        Walk(team, opened.docket_id, today()).take("register", BEARS)


def test_a_memory_folder_of_somebody_else_is_not_used(
    opened: Received, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory.os, "getuid", lambda: 4711)
    folder = open_words._folder()
    assert folder is not None
    folder.mkdir()
    with pytest.raises(PermissionError):
        open_words.hold_words(2, ["欧阳举报"])
