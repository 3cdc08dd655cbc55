"""Whoever holds the database but no key changes nothing unseen: the chain over all journals, its
signed head, and anchors."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from casework.docket import chains
from casework.docket.models import Act, Docket
from casework.people import chain, heads
from casework.people.models import Bureau, ChainLink, OfficeEntry, Person
from casework.people.office import set_active
from casework.store import db, utcnow, writing
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault.keys import KeyRing
from casework.vault.sealing import vault
from tests.acts.roads import tip
from tests.acts.whole import faults
from tests.support.forged import anchors, drop_last_act, forge, rechain, rehash

SignIn = Callable[[str], FlaskClient]


def whats(anchors: list[heads.Signed] | None = None) -> set[str]:
    """What the journals, their chain and its heads show; the rows that entries made are another
    test's."""
    db.session.rollback()
    db.session.expire_all()
    return {
        f.what
        for f in chains.chain_faults(
            db.session(), vault(), heads.read_file(heads.heads_path()), anchors or []
        )
    }


def test_every_act_and_every_entry_of_the_office_has_its_place(
    case_opened: Walk, team: Team
) -> None:
    set_active(db.session.get_one(Person, team.others["admin"]), team.clerk, False)
    links = db.session.scalars(select(ChainLink).order_by(ChainLink.place)).all()
    assert [link.place for link in links] == list(range(1, len(links) + 1))
    assert {link.act_id for link in links if link.act_id} == set(db.session.scalars(select(Act.id)))
    assert {link.office_id for link in links if link.office_id} == set(
        db.session.scalars(select(OfficeEntry.id))
    )
    tick()
    assert faults() == []


def test_what_was_rolled_back_leaves_no_place(case_opened: Walk, bureau: Bureau) -> None:
    before = chain.head(db.session(), bureau.id)
    db.session.rollback()
    with pytest.raises(IndexError), writing() as session:
        [chain.append_link(session, chain.Written(bureau.id, "0" * 64, act_id=1))][1]
    with writing():
        pass
    assert chain.head(db.session(), bureau.id) == before


def test_the_chain_cannot_be_edited_or_deleted(case_opened: Walk, team: Team) -> None:
    for statement in (
        "UPDATE chain_link SET hash = 'x'",
        "DELETE FROM chain_link",
        "UPDATE office_entry SET digest = 'x'",
    ):
        set_active(db.session.get_one(Person, team.others["admin"]), team.clerk, False)
        with pytest.raises(Exception, match="append-only"), writing() as session:
            session.execute(text(statement))


def test_a_rewritten_entry_with_all_its_hashes_is_seen(
    case_opened: Walk, team: Team, bureau: Bureau
) -> None:
    """The decider of a case is another person now; both chains were computed anew. No key signs the
    new head."""
    walk = case_opened
    tick()
    forge(f"UPDATE act SET actor_id = {team.leader} WHERE docket_id = {walk.docket_id} AND seq = 1")
    rehash(walk.docket_id)
    assert "entry" in whats()
    rechain(bureau.id)
    assert whats() == {"cut"}


def test_an_act_of_today_cannot_be_cut_off(team: Team, bureau: Bureau) -> None:
    walk = tip(team, bureau)
    tick(walk.now)
    drop_last_act()
    assert whats() == {"entry"}
    rechain(bureau.id)
    assert whats() == {"behind"}


def test_no_head_is_signed_over_a_chain_that_was_rewritten(
    case_opened: Walk, team: Team, bureau: Bureau
) -> None:
    """A rewritten chain grows with the next entry: a head over it would take back the one that
    shows it."""
    walk = case_opened
    tick()
    first = heads.read_file(heads.heads_path())
    forge(f"UPDATE act SET actor_id = {team.leader} WHERE docket_id = {walk.docket_id} AND seq = 1")
    rehash(walk.docket_id)
    rechain(bureau.id)
    tip(team, bureau)
    tick()
    assert whats() == {"cut"}
    assert heads.read_file(heads.heads_path()) == first


def test_no_head_is_signed_over_links_that_do_not_follow(
    case_opened: Walk, team: Team, bureau: Bureau
) -> None:
    tick()
    first = heads.read_file(heads.heads_path())
    tip(team, bureau)
    forge("UPDATE chain_link SET hash = entry WHERE place = (SELECT max(place) FROM chain_link)")
    tick()
    assert heads.read_file(heads.heads_path()) == first


@pytest.mark.parametrize("how", ["a folder", "a folder that cannot be moved"])
def test_heads_that_cannot_be_read_or_written_stop_no_round(
    team: Team, bureau: Bureau, app: Flask, how: str
) -> None:
    tip(team, bureau)
    heads.heads_path().mkdir()
    if how != "a folder":
        heads.heads_path().with_suffix(".damaged").mkdir()
        (heads.heads_path().with_suffix(".damaged") / "x").touch()
    told = app.test_cli_runner().invoke(args=["journal", "verify"])
    assert (told.exit_code, "heads.json" in told.output, "Traceback" in told.output) == (
        1,
        True,
        False,
    )
    assert tick()["heads"] == (how == "a folder")
    assert (heads.heads_path().parent / "daily").exists()  # the round went on


def test_a_docket_that_is_gone_is_missed(case_opened: Walk, team: Team, bureau: Bureau) -> None:
    walk, _other = case_opened, tip(team, bureau)
    tick()
    ids = f"(SELECT id FROM act WHERE docket_id = {walk.docket_id})"
    forge("DELETE FROM paper")
    forge(f"DELETE FROM act_body WHERE act_id IN {ids}")
    forge(f"DELETE FROM act WHERE docket_id = {walk.docket_id}")
    forge(f"DELETE FROM docket WHERE id = {walk.docket_id}")
    assert whats() == {"entry"}
    rechain(bureau.id)
    assert whats() == {"behind"}


def test_an_entry_put_in_beside_the_program_is_seen(case_opened: Walk) -> None:
    walk = case_opened
    tick()
    forge(
        'INSERT INTO act (docket_id, seq, track, step, verb, version, "on", at, '
        "effects, digest, prev, hash) SELECT docket_id, "
        'last_seq + 1, track, step, verb, version, "on", at, effects, '
        "digest, hash, hash FROM act a JOIN docket d ON "
        f"d.id = docket_id WHERE docket_id = {walk.docket_id} AND seq = last_seq"
    )
    assert "unchained" in whats()


@pytest.mark.parametrize("how", ["deleted", "rewritten", "signed by another", "damaged"])
def test_the_head_beside_the_database_cannot_be_made_up(
    team: Team, bureau: Bureau, tmp_path: Path, how: str
) -> None:
    walk = tip(team, bureau)
    tick(walk.now)
    kept = json.loads(heads.heads_path().read_text())
    drop_last_act()
    rechain(bureau.id)
    now = chain.head(db.session(), bureau.id)
    if how == "deleted":
        heads.heads_path().unlink()
        assert whats() == {"no head"}
        return
    if how == "damaged":
        heads.heads_path().write_text("{")
        with pytest.raises(heads.Unreadable):
            heads.read_file(heads.heads_path())
        return
    (code,) = kept["heads"]
    if how == "rewritten":
        kept["heads"][code] |= {"place": now.place, "hash": now.hash}
    else:
        other = KeyRing.create(tmp_path / "other.json")
        kept["heads"][code] |= {
            "place": now.place,
            "hash": now.hash,
            "signature": heads.sign(other, code, now, utcnow()).signature,
        }
    heads.heads_path().write_text(json.dumps(kept))
    assert whats() == {"signature"}


def test_an_anchor_catches_even_who_holds_the_keys(team: Team, bureau: Bureau) -> None:
    walk = tip(team, bureau)
    carried = anchors()
    drop_last_act()
    rechain(bureau.id)
    heads.heads_path().unlink(missing_ok=True)
    heads.sign_heads(db.session(), walk.now)  # signed with the instance's own keys
    assert whats() == set()
    assert whats(carried) == {"behind"}


def test_a_forged_anchor_is_told_from_a_genuine_one(team: Team, bureau: Bureau) -> None:
    tip(team, bureau)
    tick()
    (mine,) = anchors()
    false = heads.Signed(mine.bureau, mine.place, "0" * 64, mine.at, mine.signature)
    assert whats([false]) == {"signature", "cut"}


def test_an_entry_of_the_office_is_covered_too(case_opened: Walk, team: Team) -> None:
    """Who gave whom which role, who closed an account: neither the words nor their row can be
    changed."""
    set_active(db.session.get_one(Person, team.others["admin"]), team.clerk, False)
    tick()
    mine = db.session.scalar(select(OfficeEntry.id).where(OfficeEntry.what == "person.close"))
    forge(f"UPDATE office_entry SET details = '{{\"x\": 1}}' WHERE id = {mine}")
    assert whats() == {"details"}
    forge(f"UPDATE office_entry SET what = 'person.open', details = '{{}}' WHERE id = {mine}")
    assert whats() == {"entry"}
    forge("DELETE FROM office_entry")
    assert whats() == {"entry"}


def test_a_head_is_written_at_the_next_round_and_never_taken_back(
    team: Team, bureau: Bureau
) -> None:
    walk = tip(team, bureau)
    tick(walk.now)
    first = heads.read_file(heads.heads_path())[bureau.code]
    assert first.place == chain.head(db.session(), bureau.id).place
    written = heads.heads_path().stat().st_mtime_ns
    tick(walk.now + timedelta(minutes=1))
    assert heads.heads_path().stat().st_mtime_ns == written  # nothing happened: nothing is written
    drop_last_act()
    rechain(bureau.id)
    tick(walk.now + timedelta(minutes=2))
    assert heads.read_file(heads.heads_path())[bureau.code] == first


def test_a_damaged_file_of_heads_stops_nothing_and_is_kept(
    team: Team, bureau: Bureau, app: Flask
) -> None:
    tip(team, bureau)
    heads.heads_path().write_text("{")
    told = app.test_cli_runner().invoke(args=["journal", "verify"])
    assert (told.exit_code, "heads.json" in told.output) == (1, True)
    tick()
    assert heads.heads_path().with_suffix(".damaged").read_text() == "{"
    assert faults() == []


def test_the_commands(team: Team, bureau: Bureau, app: Flask, tmp_path: Path) -> None:
    """What is printed is found again within a mail, and what nobody carried away is said."""
    tip(team, bureau)
    tick()
    run = app.test_cli_runner().invoke
    line = run(args=["journal", "anchor"]).output.strip()
    assert line.startswith(f"CASEWORK {bureau.code} ")
    mail = tmp_path / "mail.txt"
    mail.write_text(f"转发：\r\n> {line}\r\n谢谢", "utf-8")
    told = run(args=["journal", "verify", "--anchor", str(mail)])
    assert (told.exit_code, told.output.strip()) == (0, "all journals hold, and so do 1 anchors")
    mail.write_text("nothing", "utf-8")
    assert run(args=["journal", "verify", "--anchor", str(mail)]).exit_code == 1
    drop_last_act()
    told = run(args=["journal", "verify"])
    assert told.exit_code == 1
    assert f"{bureau.code}: entry" in told.output
    assert db.session.scalar(select(Docket.id)) is not None


def test_journals_of_before_take_their_places(case_opened: Walk, team: Team) -> None:
    """A database of an earlier version is chained when it is brought up to date, entries of the
    office with it."""
    set_active(db.session.get_one(Person, team.others["admin"]), team.clerk, False)
    entries = db.session.query(ChainLink).count()
    db.session.rollback()
    downgrade(revision="0026")
    upgrade()
    assert db.session.query(ChainLink).count() == entries
    tick()
    assert faults() == []
