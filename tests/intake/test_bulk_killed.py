"""A list that is taken in beside the request, and a server that is killed meanwhile: its page says
what became of it."""

import threading

import pytest
from sqlalchemy import select

from casework.docket import jobs
from casework.docket.jobs import Job
from casework.docket.models import Docket
from casework.intake import bulk, bulk_job
from casework.intake.bulk import judge
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep.walk import Team
from casework.vault.files import SealedStore
from tests.support.intake import SOURCE, SignIn, table, waited
from tests.support.killed import killed, leases_run_out


def started(bureau: Bureau, team: Team) -> int:
    judged = judge(bureau.id, team.clerk, table(), SOURCE)
    return bulk_job.start(bureau.id, team.clerk, judged, "", "0" * 32)


def killed_run(bureau: Bureau, team: Team, owner: object, name: str) -> int:
    """A list whose process is killed where it would call ``owner.name``; its job."""
    number, judged = bureau.id, judge(bureau.id, team.clerk, table(), SOURCE)

    def work() -> None:
        bulk_job.start(number, team.clerk, judged, "", "0" * 32)
        for thread in threading.enumerate():
            if thread.name.startswith("job "):
                thread.join()

    killed(work, owner, name)
    return db.session.scalars(select(Job.id).where(Job.kind == jobs.LIST)).one()


def test_a_list_that_was_killed_in_the_middle_says_that_nothing_was_written(
    bureau: Bureau, team: Team, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_job.drafts, "drop", lambda *_a: True)
    run = killed_run(bureau, team, bulk.arrivals, "note_all")
    page = f"/desk/reports/import/{run}"
    assert 'http-equiv="refresh"' in sign_in("clerk").get(page).text
    leases_run_out(monkeypatch, bulk_job.LEASE)
    assert "未写入任何内容" in sign_in("clerk").get(page).text
    assert db.session.query(Docket).count() == 0


def test_a_list_that_was_killed_after_it_was_written_does_not_say_that_nothing_was(
    bureau: Bureau, team: Team, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_job.drafts, "drop", lambda *_a: True)
    run = killed_run(bureau, team, SealedStore, "delete")
    page = sign_in("clerk").get(f"/desk/reports/import/{run}").text
    assert db.session.query(Docket).count() == 2
    assert "已接收 2 件线索" in page
    assert "1号" in page


def test_a_list_whose_file_cannot_be_deleted_is_taken_in_all_the_same(
    bureau: Bureau, team: Team, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object) -> None:
        raise OSError

    monkeypatch.setattr(bulk_job.drafts, "drop", lambda *_a: True)
    monkeypatch.setattr(SealedStore, "delete", fails)
    run = started(bureau, team)
    assert "已接收 2 件线索" in waited(sign_in("clerk"), f"/desk/reports/import/{run}")
