"""Two people on the same track at the very same time: one act takes effect, the other is told;
nothing is done twice."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from casework.acts.errors import Conflict, NotDone
from casework.acts.intent import Intent
from casework.acts.perform import Done, perform
from casework.docket.models import Docket
from casework.papers.models import Paper
from casework.people.models import Bureau
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import END, case_of, drive, facts_of
from tests.acts.whole import all_hold


def at_once(app: Flask, *acts: Callable[[], Done]) -> list[Done | NotDone]:
    """Each in a thread of its own, all let go together."""
    start, found = threading.Barrier(len(acts)), list[Done | NotDone]()

    def run(act: Callable[[], Done]) -> None:
        with app.app_context():
            start.wait()
            try:
                found.append(act())
            except NotDone as error:
                found.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return found


def split(found: list[Done | NotDone]) -> tuple[list[Done], list[NotDone]]:
    return [x for x in found if isinstance(x, Done)], [x for x in found if isinstance(x, NotDone)]


@pytest.mark.parametrize("turn", range(3))
def test_one_proposal_is_approved_once(
    case_at_report: Walk, app: Flask, team: Team, turn: int
) -> None:
    """The same approval sent twice in the same moment: one number, one paper, one stage."""
    case = case_at_report
    case.propose("file", road.filing(END))
    intent = Intent(
        case.docket_id, "file", team.leader, case.day, "main", "approve", {"opinion": "同意。"}
    )
    done, told = split(at_once(app, *[lambda: perform(intent, case.now)] * 4))
    assert (len(done), len(told)) == (1, 3)
    facts = facts_of(case)
    assert facts.stage == "investigate"
    assert [a.verb for a in facts.acts if a.step == "file"] == ["propose", "done"]
    sheets = select(Paper.id).where(
        Paper.docket_id == case.docket_id, Paper.kind == "filing_approval"
    )
    assert len(db.session.scalars(sheets).all()) == 1
    assert all_hold()


def test_of_two_who_saw_the_same_page_one_gets_the_conflict(
    case_at_assign: Walk, app: Flask, team: Team
) -> None:
    case = case_at_assign
    seen = db.session.get_one(Docket, case.docket_id).last_seq
    asked = {"kind": "written", "title": "账簿", "source": "企业", "proves": "少报"}
    intents = [
        Intent(case.docket_id, "add_evidence", o, case.day, "main", "take", asked, seen)
        for o in team.officers
    ]
    done, told = split(at_once(app, *(lambda i=i: perform(i, case.now) for i in intents)))  # type: ignore[misc]
    assert len(done) == len(told) == 1
    assert isinstance(told[0], Conflict)
    assert told[0].acts[0].seq == done[0].seq
    assert [a.seq for a in facts_of(case).acts if a.step == "add_evidence"] == [done[0].seq]


def test_cases_numbered_at_once_have_numbers_without_gaps(
    app: Flask, team: Team, bureau: Bureau
) -> None:
    """Different cases do not hold each other up, and take one number after the other."""
    cases = [drive(case_of(team, bureau), "report") for _ in range(4)]
    for case in cases:
        case.propose("file", road.filing(END))
    acts = [
        lambda c=case: perform(
            Intent(c.docket_id, "file", team.leader, c.day, "main", "approve", {}), c.now
        )  # type: ignore[misc]
        for case in cases
    ]
    done, told = split(at_once(app, *acts))
    assert (len(done), told) == (4, [])
    numbers = sorted(db.session.get_one(Docket, case.docket_id).number for case in cases)
    assert numbers == [f"丰统案〔2025〕{n}号" for n in range(1, 5)]
