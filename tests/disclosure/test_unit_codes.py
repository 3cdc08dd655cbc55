"""No number of a human being, and no code that nobody has confirmed, becomes public; codes are
found however they are typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from casework.acts.errors import Refused
from casework.disclosure.models import DisclosureEntry
from casework.docket.models import Outbox
from casework.people.models import Bureau
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, facts_of, refused
from tests.support.disclosure import entry, everything_public, served
from tests.support.procedure import BOTH, BOTH_OF_A_TRADER, IN_CHONGQING

CARD = "11010519491231002X"
SLIP = "91350211M0000XUF46"  # its check digit does not fit
GOOD = "91350100M000100Y43"
WIDE = "９１３５０１００Ｍ０００１００Ｙ４３"
TRADER = {**FIRM, "name": "丰都县老李建材经营部", "kind": "sole_trader"}
SHOWN = {"influence": "有", "summary": "提供不真实统计资料。"}


@pytest.mark.parametrize("number", [CARD, BOTH, IN_CHONGQING, "110105491231002", SLIP, "9.15E+17"])
def test_what_was_stored_before_never_reaches_anything_public(
    bureau: Bureau,
    listed: Callable[..., None],
    client: FlaskClient,
    tmp_path: Path,
    number: str,
) -> None:
    """A row from before anybody looked: the number as its code, and again in its name and in its
    words."""
    row = entry(bureau, 1, credit_code=number, name=f"老李经营部{number}")
    row.fields = {
        **row.fields,
        "facts": f"代码{number}上报不实",
        "handling": f"对{number}警告",
        "address": number,
        "representative": f"李某 {number[:6]} {number[6:]}",
        "kinds": [number],
        "fine_fen": int(1e17),
    }
    listed(row, entry(bureau, 2, credit_code=GOOD))
    ids = list(db.session.scalars(select(DisclosureEntry.id).order_by(DisclosureEntry.id)))
    for where, text in everything_public(client, tmp_path, ids).items():
        if number != "9.15E+17":
            assert number not in text, where
        assert "老李经营部" in text or where == f"/list/{ids[1]}", where
    assert GOOD in client.get("/list").text


def test_codes_are_found_however_they_are_typed(
    bureau: Bureau,
    listed: Callable[..., None],
    client: FlaskClient,
) -> None:
    """Full width, groups, small letters, invisible signs; also where the entry itself was typed
    so."""
    listed(
        entry(bureau, 1, credit_code=WIDE), entry(bureau, 2, credit_code=SLIP, code_confirmed=True)
    )
    for typed in (
        GOOD,
        "91350100m000100y43",
        "9135 0100 M000 100Y 43",
        WIDE,
        f"\u202a{GOOD}\u202c",
    ):
        page = client.get("/list", query_string={"q": typed}).text
        assert "第1号企业" in page, typed
        assert GOOD in page, typed
        assert "第2号企业" not in page, typed
    assert "第2号企业" in client.get("/list", query_string={"q": SLIP.lower()}).text
    with writing() as session:
        session.execute(update(DisclosureEntry).values(code_confirmed=False))
    page = client.get("/list", query_string={"q": SLIP}).text
    assert "第2号企业" not in page


@pytest.fixture(autouse=True)
def _whatever_was_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A correction may say what its entry never had: how these tests bring in a code of before."""
    for module in ("casework.procedure.checks.closing", "casework.acts.entries"):
        monkeypatch.setattr(f"{module}.correction_applies", lambda *_: True)


def recorded(case: Walk, code: str) -> dict[str, str]:
    """The respondent with a code that the program took before codes were asked; it stands in the
    journal, past every check of corrections."""
    facts = facts_of(case)
    party = {**facts.value("party"), "credit_code": code}
    reviewed = facts.last("review_not_due")
    assert reviewed is not None
    asked = {
        "act": reviewed.seq,
        "corrected_on": None,
        "fields": {"party": party},
        "was": {},
        "reason": "x",
    }
    case.take("correct_act", asked)
    return party


def confirm(case: Walk, party: dict[str, str], code: str, compared: str = "licence") -> None:
    asked = {
        "party": {**party, "credit_code": code},
        "credit_code": code,
        "compared": compared,
        "note": "",
    }
    case.take("confirm_code", asked)


def publish(case: Walk) -> DisclosureEntry:
    case.take("approve_publication", SHOWN)
    case.take("publish", {"note": ""}, "publication-1")
    tick()
    return db.session.scalars(
        select(DisclosureEntry).where(DisclosureEntry.docket_id == case.docket_id)
    ).one()


def test_a_sole_traders_identity_number_is_on_no_paper_of_the_case(
    team: Team, bureau: Bureau
) -> None:
    """Recorded past every form: the first paper that would bear it is refused, and the refusal does
    not show it."""
    for number in (BOTH, IN_CHONGQING):
        with pytest.raises(Refused) as error:
            served(team, bureau, {**TRADER, "credit_code": number})
        assert refused(error) == {"code_of_a_unit"}
        assert number not in str(error.value.refusals)


@pytest.mark.parametrize("number", [BOTH, IN_CHONGQING])
def test_a_sole_traders_identity_number_is_held_back_from_the_list(
    team: Team, bureau: Bureau, client: FlaskClient, tmp_path: Path, number: str
) -> None:
    case = served(team, bureau, TRADER)
    case.at(road.later(case.day, 2))
    party = recorded(case, number)
    with pytest.raises(Refused) as error:
        case.take("approve_publication", SHOWN)
    assert refused(error) == {"code_of_a_unit"}
    confirm(case, party, "", "none")
    row = publish(case)
    said = everything_public(client, tmp_path, [row.id])
    assert all(number not in text for text in said.values())
    assert all("丰都县老李建材经营部" in text for text in said.values())


def test_a_doubtful_code_waits_for_a_person(
    team: Team, bureau: Bureau, client: FlaskClient, tmp_path: Path
) -> None:
    """Neither served nor approved nor published before; afterwards on every page and file,
    folded."""
    with pytest.raises(Refused) as error:
        # until its decision would be printed
        served(team, bureau, {**FIRM, "name": "丰都县疑似有限公司", "credit_code": SLIP})
    assert refused(error) == {"code_confirmed"}
    case = served(team, bureau, FIRM)
    case.at(road.later(case.day, 2))
    party = recorded(case, f" {SLIP[:8]} {SLIP[8:].lower()}")
    with pytest.raises(Refused) as error:
        case.take("approve_publication", SHOWN)
    assert refused(error) == {"code_confirmed"}
    confirm(case, party, SLIP)
    row = publish(case)
    assert (row.credit_code, row.code_confirmed) == (SLIP, True)
    said = everything_public(client, tmp_path, [row.id])
    # a feed has no codes
    assert {where for where, text in said.items() if SLIP not in text} == {"atom"}
    with pytest.raises(Refused):
        confirm(case, party, SLIP)  # nothing is in doubt any more


def test_what_is_on_the_list_already_is_looked_at_again(
    team: Team, bureau: Bureau, client: FlaskClient
) -> None:
    """An entry from before: the first tick takes its code off and cleans its words; a person's word
    brings the code back."""
    case = served(team, bureau, FIRM)
    case.at(road.later(case.day, 2))
    row = publish(case)
    party = recorded(case, SLIP)
    with writing() as session:
        old = session.get_one(DisclosureEntry, row.id)
        old.credit_code, old.fields = SLIP, {**old.fields, "facts": f"李某{CARD}"}
        last = session.scalars(select(Outbox).order_by(Outbox.id.desc())).first()
        assert last is not None
        session.add(
            Outbox(docket_id=case.docket_id, act_id=last.act_id, topic="code_confirmed", data={})
        )
    tick()
    db.session.expire_all()
    kept = db.session.get_one(DisclosureEntry, row.id)
    assert (kept.credit_code, CARD in str(kept.fields)) == ("", False)
    assert SLIP not in client.get("/list").text
    confirm(case, party, SLIP)
    tick()
    assert SLIP in client.get("/list").text


def test_a_trader_whose_code_begins_as_traders_do_is_published_once_confirmed(
    team: Team, bureau: Bureau, client: FlaskClient
) -> None:
    case = served(team, bureau, TRADER)
    case.at(road.later(case.day, 2))
    party = recorded(case, BOTH_OF_A_TRADER)
    confirm(case, party, BOTH_OF_A_TRADER)
    publish(case)
    assert BOTH_OF_A_TRADER in client.get("/list.json").text
