"""Jobs: claimed by one process at a time, taken up again when that dies, told in one way."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from casework.docket import jobs
from casework.docket.jobs import Claim, Job, LeaseLost
from casework.people.models import Bureau
from casework.store import db, writing
from tests.support.killed import killed, leases_run_out


def ordered(bureau: Bureau, **values: object) -> int:
    with writing() as session:
        return jobs.order(session, jobs.BIND, bureau.id, **values).id


def row(number: int) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, number)


def at_once(app: Flask, work: object, number: int = 6) -> None:
    """The work in several threads that begin together."""
    start = threading.Barrier(number)

    def one() -> None:
        with app.app_context():
            start.wait()
            work()  # type: ignore[operator]

    threads = [threading.Thread(target=one) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_several_at_once_one_does_the_job(app: Flask, bureau: Bureau) -> None:
    number, did, all_asked = ordered(bureau), list[int](), threading.Barrier(6)

    def do(held: Claim) -> None:
        did.append(held.number)
        all_asked.wait(60)
        with writing() as session:
            held.end(session)

    def work() -> None:
        with jobs.claimed(Job.id == number) as held:
            if held:
                do(held)
            else:
                all_asked.wait(60)

    at_once(app, work)
    assert did == [number]
    assert row(number).state == "done"
    jobs.run(number, do)
    assert did == [number]


def test_the_job_of_a_bureau_that_never_ends_is_made_once(app: Flask, bureau: Bureau) -> None:
    bureau_id = bureau.id
    db.session.rollback()
    at_once(app, lambda: jobs.standing(jobs.OUTBOX, bureau_id))
    assert db.session.scalar(select(func.count()).where(Job.kind == jobs.OUTBOX)) == 1


def test_a_process_that_dies_gives_its_lease_back_after_its_time(
    app: Flask, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ordered(bureau, total=3)
    killed(lambda: jobs.run(number, lambda held: held.report(1)), Claim, "report")
    assert (row(number).state, row(number).interrupted) == ("running", False)
    with jobs.claimed(Job.id == number) as held:
        assert held is None
    leases_run_out(monkeypatch)
    assert row(number).interrupted
    with jobs.claimed(Job.id == number) as held:
        assert held
        with writing() as session:
            held.end(session)
    assert row(number).state == "done"


def done_after_all(held: Claim, bureau: Bureau) -> None:
    with writing() as session:
        jobs.order(session, jobs.LIST, bureau.id)
        held.end(session)


def test_who_lost_the_lease_writes_nothing(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    number = ordered(bureau)
    with jobs.claimed(Job.id == number) as slow:
        assert slow
        leases_run_out(monkeypatch)
        with jobs.claimed(Job.id == number) as quick:
            assert quick
            with pytest.raises(LeaseLost):
                done_after_all(slow, bureau)
            slow.give_back()
            assert row(number).lease == quick.lease
    assert db.session.scalar(select(func.count()).where(Job.kind == jobs.LIST)) == 0


def test_who_was_called_interrupted_writes_nothing_even_if_nobody_else_came(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A page may have said already that nothing was written."""
    number = ordered(bureau)

    def slow(held: Claim) -> None:
        leases_run_out(monkeypatch)
        done_after_all(held, bureau)

    jobs.run(number, slow)
    assert row(number).interrupted
    assert db.session.scalar(select(func.count()).where(Job.kind == jobs.LIST)) == 0
    assert "longer than its lease" in caplog.text


def test_a_word_of_progress_renews_the_lease(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ordered(bureau, total=9)
    with jobs.claimed(Job.id == number) as held:
        assert held
        leases_run_out(monkeypatch, jobs.LEASE / 2)
        held.report(4)
        leases_run_out(monkeypatch)
        assert (row(number).done, row(number).interrupted) == (4, False)
    assert (row(number).state, row(number).done, row(number).lease) == ("waiting", 4, "")


def test_progress_within_a_transaction_is_seen_by_the_pages_of_this_process(
    bureau: Bureau,
) -> None:
    number = ordered(bureau, total=9)
    with jobs.claimed(Job.id == number) as held:
        assert held
        with writing() as session:
            held.report(5)
            assert session.get_one(Job, number).done == 0
            assert session.get_one(Job, number).progress == 5


def test_a_fault_ends_the_job_and_leaves_no_words(
    bureau: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    number = ordered(bureau)

    def do(_held: Claim) -> None:
        raise ValueError("张三")

    jobs.run(number, do)
    assert (row(number).state, row(number).error, row(number).lease) == ("failed", "fault", "")
    assert "ValueError" in caplog.text
    assert "张三" not in caplog.text


def test_the_command_names_what_is_not_over(
    app: Flask, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ordered(bureau, what="internal", total=12, done=3)
    jobs.standing(jobs.OUTBOX, bureau.id)
    said = app.test_cli_runner().invoke(args=["jobs"]).output.splitlines()
    assert [line.split(", ordered")[0] for line in said] == [
        f"{number} bind internal waiting, 3 of 12"
    ]
    leases_run_out(monkeypatch)
    assert "interrupted" in app.test_cli_runner().invoke(args=["jobs"]).output
    with jobs.claimed(Job.id == number) as held, writing() as session:
        assert held
        held.end(session)
    assert app.test_cli_runner().invoke(args=["jobs"]).output == ""
