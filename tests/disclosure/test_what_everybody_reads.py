"""Nothing of a human being, of an informant or of a tip becomes public, by whatever step and field
it came."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.acts.errors import Refused
from casework.disclosure.models import DisclosureEntry
from casework.informants import open_words
from casework.people.models import Bureau, Person
from casework.procedure.load import procedure
from casework.procedure.personal import blacked_out, texts
from casework.procedure.public_entry import KINDS, SHOWS, entry_fields
from casework.store import db
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from forms.answers import form_fields
from forms.registry import form_class
from tests.acts.roads import facts_of, refused
from tests.disclosure.test_unit_codes import FIRM
from tests.support.disclosure import entry, everything_public, served

PHONE, CARD, MAIL = "13800138000", "11010519491231002X", "zhangsan@example.com"
NASTY = f"联系电话{PHONE}，身份证{CARD}，邮箱{MAIL}。"
SHOWN = {"influence": "有", "summary": "提供不真实统计资料。"}


def on_show(team: Team, bureau: Bureau) -> Walk:
    """A penalty that is shown."""
    case = served(team, bureau, FIRM)
    case.at(road.later(case.day, 2)).take("approve_publication", SHOWN)
    case.take("publish", {"note": ""}, "publication-1")
    tick()
    return case


def public_steps() -> list[tuple[str, str]]:
    """Every field of every step that says what everybody reads."""
    return [(s.id, name) for s in procedure().steps.values() for name in s.public]


def test_every_step_that_makes_or_changes_an_entry_says_what_of_it_is_read() -> None:
    """A new step on these tracks with such an effect and words of its own names them."""
    speaks = {
        s.id
        for s in procedure().steps.values()
        if s.track in KINDS and {"list_entry", "mend_entry", "withdraw_entry"} & set(s.does)
    }
    # read by everybody, and no entry of the list
    circulars = {"circulate", "circulate_interference"}
    assert speaks | circulars == {step for step, _name in public_steps()} - {"approve_publication"}


def test_no_other_field_of_any_step_reaches_the_entry(team: Team, bureau: Bureau) -> None:
    """Each field of each form on the two tracks, by itself: what turns up in the entry is named as
    public."""
    case = served(team, bureau, FIRM)
    case.at(road.later(case.day, 2)).take("approve_publication", SHOWN)
    facts, looked_at = facts_of(case), 0
    for step in procedure().steps.values():
        if step.track not in KINDS or not step.asks:
            continue
        for name in form_fields(form_class(step.asks)):
            said = entry_fields(facts, KINDS[step.track], "publication-1", {name: NASTY})
            found = NASTY in "".join(texts(said))
            assert not found or name in step.public or not SHOWS & set(step.does), (step.id, name)
            looked_at += 1
    assert looked_at > 20


@pytest.mark.parametrize(
    "words",
    [NASTY, PHONE, f"证{CARD}", "１３８００１３８０００", "138 0013 8000", MAIL, "110105491231002"],
)
def test_a_number_in_the_words_to_be_shown_is_refused_when_proposed(
    team: Team, bureau: Bureau, words: str
) -> None:
    case = served(team, bureau, FIRM)
    case.at(road.later(case.day, 2))
    with pytest.raises(Refused) as error:
        case.propose("approve_publication", {**SHOWN, "summary": f"提供不真实统计资料。{words}"})
    assert refused(error) == {"numbers_in_public"}
    case.take("approve_publication", SHOWN)


@pytest.mark.parametrize(
    ("words", "check"),
    [
        ("经举报人张三反映。", "tip_in_public"),
        ("本案线索来自热线。", "tip_in_public"),
        ("接到职工反映后查实。", "tip_in_public"),
        ("据匿名来信查实。", "tip_in_public"),
    ],
)
def test_nothing_says_that_there_was_a_tip(
    team: Team, bureau: Bureau, words: str, check: str
) -> None:
    case = served(team, bureau, FIRM)
    case.at(road.later(case.day, 2))
    with pytest.raises(Refused) as error:
        case.propose("approve_publication", {**SHOWN, "summary": words})
    assert refused(error) == {check}


def test_nobody_of_the_bureau_is_named(team: Team, bureau: Bureau) -> None:
    case = served(team, bureau, FIRM)
    officer = db.session.get_one(Person, team.officers[0]).name
    case.at(road.later(case.day, 2))
    with pytest.raises(Refused) as error:
        case.propose("approve_publication", {**SHOWN, "summary": f"由{officer}查实。"})
    assert refused(error) == {"staff_in_public"}


def test_words_of_an_open_identity_are_refused_when_proposed_and_when_published(
    team: Team, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been opened between the two."""
    case = served(team, bureau, FIRM)
    case.at(road.later(case.day, 2))
    case.take("approve_publication", {**SHOWN, "summary": "会计钱多多按估计数填报。"})
    monkeypatch.setattr(open_words, "of_reports", lambda *_: frozenset({"钱多多"}))
    with pytest.raises(Refused) as error:
        case.take("publish", {"note": ""}, "publication-1")
    assert refused(error) == {"informant_in_public"}


def test_a_withdrawal_says_nothing_of_anybody_either(team: Team, bureau: Bureau) -> None:
    case = on_show(team, bureau)
    with pytest.raises(Refused) as error:
        case.propose("withdraw_entry", {"reason": f"当事人来电{PHONE}。"}, "publication-1")
    assert refused(error) == {"numbers_in_public"}
    case.take("withdraw_entry", {"reason": "公示有误。"}, "publication-1")


def test_a_number_in_the_address_of_the_firm_is_found_before_anybody_reads_it(
    team: Team, bureau: Bureau
) -> None:
    case = served(team, bureau, {**FIRM, "address": f"丰都县三合街道1号 {PHONE}"})
    case.at(road.later(case.day, 2))
    with pytest.raises(Refused) as error:
        case.propose("approve_publication", SHOWN)
    assert refused(error) == {"numbers_in_public"}


FIELDS = ("name", "facts", "handling", "address", "representative", "basis", "decision", "bureau")


def test_what_was_stored_before_anybody_looked_reaches_no_output(
    bureau: Bureau,
    listed: Callable[..., None],
    client: FlaskClient,
    tmp_path: Path,
) -> None:
    """Injected into every field of the row; looked for in the page, and in csv, json, xlsx, sqlite,
    atom and pdf."""
    row = entry(bureau, 1)
    words: dict[str, Any] = {name: f"甲单位。{NASTY}" for name in FIELDS}
    row.name, row.fields = f"老李建材{PHONE}", {**row.fields, **words, "kinds": [NASTY]}
    listed(row)
    ids = list(db.session.scalars(select(DisclosureEntry.id)))
    for where, text in everything_public(client, tmp_path, ids).items():
        assert not [x for x in (PHONE, CARD, MAIL) if x in text], where


def test_blacked_out_leaves_what_is_of_nobody() -> None:
    assert blacked_out("少报8,022万元，差错率20.2%。") == "少报8,022万元，差错率20.2%。"
    assert blacked_out(f"少报8,022万元。电话{PHONE}。") == "少报8,022万元。电话■■■■■■■■■■■。"
