"""A correction never makes a docket unreadable: what does not fit is refused, and a stored one is
shown as such."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from casework.acts.errors import Refused
from casework.docket.journal import NewEntry, append, last_hash
from casework.docket.models import Docket
from casework.people.models import Bureau
from casework.procedure.payload import Payload
from casework.store import db, writing
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, drive, facts_of, refused
from tests.support.desk import SignIn, code

EVIDENCE = {"kind": "written", "title": "销售台帐", "source": "财务科", "proves": "少报收入"}
EVERYBODY = ("head", "leader", "clerk", "auditor", "officer1")


@pytest.fixture
def case(team: Team, bureau: Bureau) -> Walk:
    return drive(case_of(team, bureau), "notice_of_inspection", 3_000_000)


def with_party(case: Walk) -> int:
    """The entry that holds the respondent."""
    return next(a.seq for a in facts_of(case).done() if "party" in a.asked)


def wrong(act: int, **fields: object) -> dict[str, object]:
    return {
        "act": act,
        "corrected_on": None,
        "fields": fields,
        "was": {},
        "was_on": "",
        "reason": "x",
    }


def written_past_the_checks(case: Walk, asked: dict[str, object]) -> int:
    """As an older version of the program stored it: approved, unchecked."""
    with writing() as session:
        docket = session.get_one(Docket, case.docket_id)
        before = last_hash(session, docket.id, docket.last_seq)
        from casework.vault.sealing import vault

        entry = NewEntry(
            track="main",
            step="correct_act",
            verb="take",
            version="2026.1",
            actor_id=case.team.clerk,
            on=case.day,
            at=case.now,
            payload=Payload(asked),
            effects=(),
        )
        append(session, vault(), docket, entry, before)
    return case.last_seq()


# -- refused
def test_a_respondent_is_not_overwritten_by_words(case: Walk) -> None:
    with pytest.raises(Refused) as error:
        case.propose("correct_act", wrong(with_party(case), party="随便"))
    assert "correction_fits" in refused(error)


@pytest.mark.parametrize(
    "fields", [{"conduct_end": "昨天"}, {"code": 7}, {"_proposal": "1"}, {"nothing": "x"}]
)
def test_what_is_of_another_kind_is_refused(case: Walk, fields: dict[str, object]) -> None:
    filed = next(facts_of(case).done("file")).seq
    with pytest.raises(Refused) as error:
        case.propose("correct_act", wrong(filed, **fields))
    assert "correction_fits" in refused(error)


def test_the_form_takes_only_what_its_menu_names(case: Walk, sign_in: SignIn) -> None:
    client, act = sign_in("officer1"), with_party(case)
    data = {
        "on": case.day.isoformat(),
        "act": str(act),
        "field": "party",
        "value": "随便",
        "reason": "x",
    }
    answer = client.post(f"/desk/dockets/{code(case)}/main/correct_act", data=data)
    assert answer.status_code == 422
    assert "所选记录中没有这一项内容" in answer.text


def test_a_day_is_corrected_by_a_day(case: Walk, sign_in: SignIn) -> None:
    """A day as people write it is taken; words in its place are not."""
    client, filed = sign_in("officer1"), next(facts_of(case).done("add_evidence"), None)
    assert filed is None
    case.take("add_evidence", EVIDENCE)
    data = {
        "on": case.day.isoformat(),
        "act": str(case.last_seq()),
        "field": "title",
        "value": "销售台账",
        "reason": "x",
    }
    assert client.post(f"/desk/dockets/{code(case)}/main/correct_act", data=data).status_code == 302


# -- already stored
def test_a_docket_with_a_bad_correction_opens_and_is_mended(case: Walk, sign_in: SignIn) -> None:
    act, name = with_party(case), facts_of(case).party.name  # type: ignore[union-attr]
    seq = written_past_the_checks(case, wrong(act, party="随便"))
    facts = facts_of(case)
    assert facts.party
    assert facts.party.name == name
    assert [a.seq for a in facts.acts if a.ignored] == [seq]
    for who in EVERYBODY:
        page = sign_in(who).get(f"/desk/dockets/{code(case)}")
        assert page.status_code == 200, who
        assert f"第{seq}条" in page.text
        assert "未采用" in page.text
    case.take("assign", {"assigned": list(case.team.officers)})  # work goes on


def test_a_day_that_is_none_is_not_laid_over(case: Walk) -> None:
    filed = next(facts_of(case).done("file"))
    seq = written_past_the_checks(case, {**wrong(filed.seq), "corrected_on": "昨天"})
    facts = facts_of(case)
    assert next(a for a in facts.acts if a.seq == seq).ignored
    assert next(a for a in facts.acts if a.seq == filed.seq).on == filed.on


def test_a_docket_that_cannot_be_read_says_so(case: Walk, sign_in: SignIn) -> None:
    """Another fault than a correction: a respondent of no known kind, in an entry of its own."""
    with writing() as session:
        docket = session.get_one(Docket, case.docket_id)
        from casework.vault.sealing import vault

        broken = NewEntry(
            track="main",
            step="add_evidence",
            verb="take",
            version="2026.1",
            actor_id=case.team.clerk,
            on=case.day,
            at=case.now,
            payload=Payload({**EVIDENCE, "party": "随便"}),
            effects=(),
        )
        append(session, vault(), docket, broken, last_hash(session, docket.id, docket.last_seq))
    for who in EVERYBODY:
        client: FlaskClient = sign_in(who)
        page = client.get(f"/desk/dockets/{code(case)}")
        assert page.status_code == 422, who
        assert "这一办件无法读取" in page.text
        assert "登记证据" in page.text
        assert "随便" not in page.text
    assert db.session.get_one(Docket, case.docket_id).opened_on <= date(2025, 12, 31)
