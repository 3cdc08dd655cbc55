"""The look at what was written since the last whole one, its result beside the database, and when
the server looks."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from casework.people import heads, last_verification, row_journal
from casework.people.models import Bureau
from casework.store import db, utcnow
from casework.upkeep import nightly, verify
from casework.upkeep import tick as clockwork
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, tip
from tests.support.archive import vault_store
from tests.support.forged import drop_last_act, forge, rechain, rehash

NIGHT = datetime(2027, 3, 2, 19, tzinfo=UTC)  # three o'clock in Shanghai


@pytest.fixture
def case(team: Team, bureau: Bureau) -> Walk:
    """A case, heads, and a whole look without a fault."""
    walk = case_of(team, bureau)
    tick()
    assert look()[0].whole
    return walk


def look(
    quick: bool = False, now: datetime | None = None
) -> tuple[last_verification.Look, set[str]]:
    found, faults = verify.verify_and_store(now or utcnow(), quick)
    return found, {f.what for f in faults}


def word(bureau: Bureau) -> str:
    return last_verification.state(db.session(), bureau.id)[0]


# -- what cannot be read
ODD = [  # what somebody with the database puts in so that nobody is told of something else
    "UPDATE office_entry SET details = '{}' WHERE id = (SELECT "
    "max(id) FROM office_entry WHERE what = 'rows')",
    "UPDATE office_entry SET details = '[]' WHERE id = (SELECT "
    "max(id) FROM office_entry WHERE what = 'rows')",
    "UPDATE office_entry SET what = 'restored' WHERE id = (SELECT max(id) FROM office_entry)",
    "UPDATE office_entry SET what = 'restored', details = '[]' "
    "WHERE id = (SELECT max(id) FROM office_entry)",
    "UPDATE office_entry SET what = 'restored', details = '{\"seal\": "
    '"é"}\' WHERE id = (SELECT max(id) FROM office_entry)',
]


@pytest.mark.parametrize("odd", ODD)
def test_what_no_look_can_read_hides_no_other_fault_and_holds_up_no_round(
    case: Walk, bureau: Bureau, odd: str
) -> None:
    forge(odd)
    forge("UPDATE person SET name = '另一个人' WHERE id = (SELECT min(id) FROM person)")
    tick()
    found, faults = look()
    assert faults & {"entry", "details", "broke off"}
    assert faults & {"row changed", "broke off"}
    assert (found.faults > 0, word(bureau)) == (True, "faults")


def test_a_part_of_a_look_that_breaks_off_is_a_fault_and_the_others_go_on(
    case: Walk, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_session: Any) -> Any:
        raise KeyError("rows")

    monkeypatch.setattr(row_journal, "row_faults", breaks)
    vault_store().shred(db.session.scalar(text("SELECT max(stored) FROM paper WHERE stored <> ''")))
    assert look()[1] == {"broke off", "file"}
    assert word(bureau) == "faults"


def test_a_database_that_does_not_answer_is_no_fault_of_the_records(
    case: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_session: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    monkeypatch.setattr(row_journal, "row_faults", silent)
    with pytest.raises(OperationalError):
        look()


# -- quick
def test_a_quick_look_opens_what_was_written_since_alone(
    case: Walk, team: Team, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    real = verify._sha256
    monkeypatch.setattr(
        verify, "_sha256", lambda store, name: opened.append(name) or real(store, name)
    )
    assert look(quick=True) == (last_verification.read_result(), set())
    assert opened == []
    new = tip(team, bureau)
    tick()
    found, faults = look(quick=True)
    assert (found.whole, found.signed, faults) == (False, True, set())
    mine = set(
        db.session.scalars(
            text("SELECT stored FROM paper WHERE docket_id = :d"), {"d": new.docket_id}
        )
    )
    assert set(opened) == mine


def test_a_docket_that_was_written_to_is_looked_at_whole(
    case: Walk, team: Team, bureau: Bureau
) -> None:
    """What was changed since in an older entry of it, in a row that it made, or in its sums."""
    new = tip(team, bureau)
    tick()
    forge(f"UPDATE docket SET title = 'x' WHERE id = {new.docket_id}")
    assert look(quick=True)[1] == {"row"}
    assert word(bureau) == "faults"


def test_what_every_quick_look_sees_of_older_dockets(
    case: Walk, team: Team, bureau: Bureau
) -> None:
    """A person's row, a sealed file that is gone, a number, an entry taken out."""
    stored = db.session.scalars(text("SELECT stored FROM paper ORDER BY id")).first()
    vault_store()._path(stored).unlink()
    assert look(quick=True)[1] == {"file"}
    forge("UPDATE person SET name = 'x' WHERE login = 'leader'")
    assert look(quick=True)[1] == {"file", "row changed", "unsealed"}
    forge("UPDATE series SET last = last + 1")
    assert look(quick=True)[1] == {"file", "row changed", "unsealed", "number last"}
    drop_last_act()
    assert look(quick=True)[1] >= {"entry"}


def test_what_is_left_to_the_whole_look(case: Walk, team: Team, bureau: Bureau) -> None:
    """A row of a docket that nobody wrote to: the next whole look names it, a week later at the
    latest."""
    forge(f"UPDATE docket SET title = 'x' WHERE id = {case.docket_id}")
    assert look(quick=True)[1] == set()
    assert look()[1] == {"row"}
    found, faults = look(quick=True)
    # after faults nothing is left out until they are gone
    assert (found.whole, faults) == (True, {"row"})


@pytest.mark.parametrize("how", ["gone", "damaged", "signed by nobody", "moved on", "a folder"])
def test_a_quick_look_without_a_place_it_can_rely_on_is_a_whole_one(
    case: Walk, team: Team, bureau: Bureau, how: str
) -> None:
    forge(f"UPDATE docket SET title = 'x' WHERE id = {case.docket_id}")
    file, raw = (
        last_verification.result_path(),
        json.loads(last_verification.result_path().read_text()),
    )
    if how == "gone":
        file.unlink()
    elif how == "damaged":
        file.write_text("{")
    elif how == "a folder":
        file.unlink()
        file.mkdir()
        with pytest.raises(OSError, match=r"."):
            look(quick=True)
        return
    else:
        if how == "signed by nobody":
            raw["signature"] = "0" * 128
        else:
            raw["said"]["places"]["fengdu"]["place"] += 1
        file.write_text(json.dumps(raw))
    found, faults = look(quick=True)
    assert (found.whole, faults) == (True, {"row"})


def test_a_place_that_the_chain_has_no_more_makes_it_whole(
    case: Walk, team: Team, bureau: Bureau
) -> None:
    """Somebody rewrote an entry and all hashes: the place that was signed is another now."""
    forge(f"UPDATE act SET actor_id = {team.leader} WHERE docket_id = {case.docket_id} AND seq = 1")
    rehash(case.docket_id)
    rechain(bureau.id)
    found, faults = look(quick=True)
    assert (found.whole, "cut" in faults) == (True, True)
    assert word(bureau) == "rewritten"


def test_what_a_look_has_seen_stays_a_witness_when_the_heads_are_lost(
    case: Walk, team: Team, bureau: Bureau
) -> None:
    """heads.json went, the chain was rewritten, and the next round signed it anew: each look finds
    it, not the first alone."""
    forge(f"UPDATE act SET actor_id = {team.leader} WHERE docket_id = {case.docket_id} AND seq = 1")
    rehash(case.docket_id)
    rechain(bureau.id)
    heads.heads_path().unlink()
    tick()
    for quick in (True, False, True):
        found, faults = look(quick)
        assert (found.whole, "cut" in faults) == (True, True)


@pytest.mark.parametrize("how", ["deleted", "damaged", "without this bureau"])
def test_heads_that_are_gone_are_signed_anew_by_a_person_alone(
    case: Walk, bureau: Bureau, app: Flask, sign_in: Callable[[str], FlaskClient], how: str
) -> None:
    """Else whoever can write the folder cuts off what came after the last whole look, and the next
    round signs it."""
    if how == "deleted":
        heads.heads_path().unlink()
    else:
        heads.heads_path().write_text("{" if how == "damaged" else '{"heads": {}}')
    drop_last_act()
    rechain(bureau.id)
    for _round in range(2):
        assert tick()["heads"] == 0
        assert word(bureau) == "no head"
    assert "签封已不存在" in sign_in("auditor").get("/desk/").text
    assert "no head" in look(quick=True)[1]
    run = app.test_cli_runner().invoke
    assert run(args=["journal", "sign-anew"]).exit_code != 0  # says why
    said = run(args=["journal", "sign-anew", "--why", "磁盘损坏，已与锚定单核对"])
    assert (said.exit_code, bureau.code in said.output) == (0, True)
    assert word(bureau) != "no head"
    assert "签封遗失后重新签封记录" in sign_in("auditor").get("/desk/office/audit").text
    tip(case.team, bureau)
    assert tick()["heads"] == 1
    assert "no head is missing" in run(args=["journal", "sign-anew", "--why", "x"]).output


def test_a_chain_that_does_not_hold_is_not_signed_anew(
    case: Walk, bureau: Bureau, app: Flask
) -> None:
    heads.heads_path().unlink()
    forge("UPDATE chain_link SET hash = entry WHERE place = (SELECT max(place) FROM chain_link)")
    said = app.test_cli_runner().invoke(args=["journal", "sign-anew", "--why", "磁盘损坏"])
    assert (said.exit_code, "does not hold" in said.output) == (1, True)
    assert word(bureau) == "no head"


def test_what_goes_while_it_is_looked_at_is_no_fault(
    case: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = verify.all_faults, []

    def once(*words: Any) -> Any:
        seen.append(1)
        return [verify.Fault("x", 1, "file")] if len(seen) == 1 else real(*words)

    monkeypatch.setattr(verify, "all_faults", once)
    assert look()[1] == set()
    assert len(seen) == 2


# -- the result
def test_the_result_says_when_and_how_many(
    case: Walk, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert word(bureau) == "good"
    now = utcnow()
    monkeypatch.setattr(last_verification, "utcnow", lambda: now + timedelta(days=2, minutes=1))
    assert word(bureau) == "late"
    monkeypatch.setattr(last_verification, "utcnow", lambda: now - timedelta(hours=1))
    assert word(bureau) == "not ours"  # of a day that has not come
    monkeypatch.undo()
    tip(case.team, bureau)
    look()
    assert word(bureau) == "unsigned"
    last_verification.result_path().unlink()
    assert word(bureau) == "never"
    last_verification.result_path().write_text('{"said": {"faults": 0}, "signature": ""}')
    assert word(bureau) == "not ours"


def test_nothing_in_the_database_makes_a_red_line_green(case: Walk, bureau: Bureau) -> None:
    forge("UPDATE person SET name = 'x' WHERE login = 'leader'")
    look()
    assert word(bureau) == "faults"
    row_journal.begin_all()
    forge("UPDATE person SET name = 'y' WHERE login = 'leader'")
    assert word(bureau) == "faults"


def test_only_the_owner_reads_it_and_it_names_nobody(case: Walk, bureau: Bureau) -> None:
    assert last_verification.result_path().stat().st_mode & 0o077 == 0
    said = json.loads(last_verification.result_path().read_text())["said"]
    assert set(said) == {"at", "whole", "faults", "signed", "whole_at", "places"}


# -- by itself
@pytest.mark.parametrize(
    ("last", "whole_ago", "faults", "expected"),
    [
        (timedelta(hours=1), timedelta(days=1), 0, ""),  # this night already
        (timedelta(hours=22), timedelta(days=1), 0, "quick"),
        (timedelta(hours=22), timedelta(days=7), 0, "whole"),
        (timedelta(hours=22), timedelta(days=1), 1, "whole"),
        (timedelta(days=3), None, 0, "whole"),
    ],
)
def test_which_look_it_is_time_for(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    last: timedelta,
    whole_ago: timedelta | None,
    faults: int,
    expected: str,
) -> None:
    monkeypatch.setattr(last_verification, "utcnow", lambda: NIGHT)
    whole_at = NIGHT - whole_ago if whole_ago is not None else None
    last_verification.write_result(
        last_verification.Look(NIGHT - last, False, faults, True, whole_at)
    )
    assert nightly.due(NIGHT) == expected
    assert nightly.due(NIGHT.replace(hour=16, minute=30)) == ""  # half past midnight


def test_a_result_that_is_not_ours_asks_for_a_whole_look(app: Flask) -> None:
    last_verification.result_path().write_text("{}")
    assert nightly.due(NIGHT) == "whole"


def test_the_server_looks_once_and_one_process_alone(
    case: Walk, bureau: Bureau, instance: Path
) -> None:
    import fcntl

    tomorrow = utcnow().replace(hour=19) + timedelta(days=1)
    with (instance / "verify.lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert nightly.look_when_due(tomorrow) == ""
    assert nightly.look_when_due(tomorrow) == "quick"
    assert db.session.scalar(select(Bureau.id)) == bureau.id


def test_the_command_keeps_its_result(case: Walk, bureau: Bureau, app: Flask) -> None:
    run = app.test_cli_runner().invoke
    told = run(args=["journal", "verify", "--quick"])
    assert (told.exit_code, told.output.strip()) == (
        0,
        "what was written since the last whole look holds",
    )
    forge("UPDATE person SET name = 'x' WHERE login = 'leader'")
    assert run(args=["journal", "verify", "--quick"]).exit_code == 1
    assert word(bureau) == "faults"


# -- a full disk
@contextmanager
def full_disk() -> Iterator[None]:
    """No file grows beyond a hundred bytes: the kernel refuses the write, as it does where there is
    no room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_loses_no_head_and_is_told(
    case: Walk, bureau: Bureau, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """The file of before stays whole, nothing half is left, and the next round makes up for it."""
    before = heads.heads_path().read_bytes()
    tip(case.team, bureau)
    with full_disk():
        assert clockwork._heads(utcnow()) == 0
        said = app.test_cli_runner().invoke(args=["journal", "verify"])
    assert "the heads of the journals could not be kept: no room on the disk" in caplog.text
    assert (said.exit_code, "Traceback" in said.output) == (1, False)
    assert "could not be kept" in said.output
    assert heads.heads_path().read_bytes() == before
    assert [
        f.name for f in heads.heads_path().parent.iterdir() if f.name.startswith(".heads")
    ] == []
    assert clockwork._heads(utcnow()) == 1
    assert look()[1] == set()
    assert word(bureau) == "good"
