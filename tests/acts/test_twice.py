"""What time does by itself is done once: two notices, a paper that came after all, two ticks at
once, a fault beside."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from casework.acts import batches
from casework.acts.errors import Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.docket.jobs import Job
from casework.docket.models import Outbox
from casework.papers.models import Paper, Service
from casework.people.models import Bureau, Person
from casework.store import db
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import case_of, drive, facts_of, refused, tip
from tests.support.acts import OPEN, announced, correction
from tests.support.disclosure import entries_on_list

INQUIRY = {"matters": "明细", "days": 10}


def times_served(paper: int) -> int:
    stmt = (
        select(func.count())
        .select_from(Service)
        .where(Service.paper_id == paper, Service.failed.is_(False))
    )
    return db.session.scalar(stmt) or 0


def test_two_public_notices_end_each_on_its_own_day(case_at_decide: Walk) -> None:
    case = case_at_decide
    first = announced(case, "decision")
    correction(case.at(road.later(case.day, 20)))
    second = announced(case, "correction")
    tick(case.at(road.later(case.day, 15)).now)
    assert (times_served(first), times_served(second)) == (1, 0)
    tick(case.at(road.later(case.day, 30)).now)
    assert (times_served(first), times_served(second)) == (1, 1)


def test_a_paper_that_came_after_all_is_not_deemed_served_again(case_at_decide: Walk) -> None:
    case = case_at_decide
    paper = announced(case, "decision")
    case.at(road.later(case.day, 5)).serve("decision")
    tick(case.at(road.later(case.day, 60)).now)
    assert times_served(paper) == 1
    assert [t.label for t in facts_of(case).tracks] == ["main", "execution-1"]


def test_two_notices_of_one_paper_that_end_in_the_same_round(
    case_at_decide: Walk, caplog: pytest.LogCaptureFixture
) -> None:
    """The first serves it and ends both; time does not stumble over the second, which stood in the
    same list."""
    case = case_at_decide
    paper = announced(case, "decision")
    case.at(road.later(case.day, 4)).take("serve_public", {"paper": paper, **OPEN})
    tick(case.at(road.later(case.day, 60)).now)
    assert times_served(paper) == 1
    assert {c.state for c in facts_of(case).clocks if c.rule == "public_notice"} == {"met"}
    assert "time could not act" not in caplog.text


def notice_ended(case: Walk, caplog: pytest.LogCaptureFixture) -> None:
    """The public notice is over, and neither does time act on it nor stumble over it."""
    assert facts_of(case).clock("public_notice").state == "stopped"  # type: ignore[union-attr]
    count = len(facts_of(case).acts)
    tick(case.at(road.later(case.day, 60)).now)
    assert not [a.step for a in facts_of(case).acts[count:] if a.step == "deemed_served"]
    assert "time could not act" not in caplog.text


def test_the_notice_of_a_paper_whose_step_was_annulled_ends_with_it(
    case_at_served: Walk, caplog: pytest.LogCaptureFixture
) -> None:
    """It was entered on another track, so that the step was still the last of its own."""
    case = case_at_served
    correction(case)
    order = facts_of(case).last("order_correction")
    assert order is not None
    paper = case.paper("correction").id
    case.take("serve_failed", {"paper": paper, "method": "mail", "reason": "退回"}, "execution-1")
    case.take("serve_public", {"paper": paper, **OPEN}, "execution-1")
    case.take("annul_step", {"act": order.seq, "reason": "误录"})
    assert [p.state for p in facts_of(case).papers if p.id == paper] == ["withdrawn"]
    notice_ended(case, caplog)


def test_the_notice_of_a_withdrawn_paper_stays_over_when_the_case_comes_back(
    case_at_interview: Walk, caplog: pytest.LogCaptureFixture
) -> None:
    """A transfer takes the inquiry back; what it stopped runs again, but nothing is left to be
    announced."""
    case = case_at_interview
    case.take("inquire", INQUIRY)
    announced(case, "inquiry")
    sent = {
        "body": "县市场监管局",
        "reason": "不属本局",
        "material": "报告",
        "competence": "other_body",
    }
    case.take("transfer_out", sent)
    case.take("case_back", {"letter": "退回函", "reason": "对方退回"})
    notice_ended(case, caplog)


def test_the_notice_of_a_paper_that_arrived_meanwhile_stays_over(
    case_at_interview: Walk, team: Team, bureau: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    """The case was absorbed, its paper was brought after all, and the absorption was undone."""
    case, other = case_at_interview, case_of(team, bureau)
    case.take("inquire", INQUIRY)
    announced(case, "inquiry")
    case.take("absorb_case", {"case": other.docket_id, "reason": "同一当事人"})
    case.serve("inquiry")
    case.take("undo_absorb", {"reason": "不是同一当事人"})
    notice_ended(case, caplog)


def test_the_notice_of_a_paper_that_still_waits_runs_on_when_the_case_comes_back(
    case_at_interview: Walk, team: Team, bureau: Bureau
) -> None:
    case, other = case_at_interview, case_of(team, bureau)
    case.take("inquire", INQUIRY)
    announced(case, "inquiry")
    case.take("absorb_case", {"case": other.docket_id, "reason": "同一当事人"})
    case.take("undo_absorb", {"reason": "不是同一当事人"})
    assert facts_of(case).clock("public_notice").running  # type: ignore[union-attr]


def test_time_ends_a_notice_that_an_earlier_version_left_running(
    case_at_decide: Walk, caplog: pytest.LogCaptureFixture
) -> None:
    """Its paper was withdrawn, the clock went on: nothing is served, and nothing is refused every
    day."""
    case = case_at_decide
    paper = announced(case, "decision")
    db.session.get_one(Paper, paper).state = "withdrawn"
    db.session.commit()
    tick(case.at(road.later(case.day, 60)).now)
    assert times_served(paper) == 0
    notice_ended(case, caplog)


def by_time(case: Walk, step: str, asked: dict[str, Any]) -> None:
    perform(Intent(case.docket_id, step, None, case.day, "main", "take", asked), case.now)


def test_a_second_tick_finds_nothing_left_to_do(case_at_served: Walk) -> None:
    """Two programs that read the same due rows: the second act is refused, not written twice."""
    case = case_at_served
    suit = facts_of(case).clock("suit")
    assert suit
    asked = {"clock": suit.id}
    by_time(case.at(suit.due + timedelta(1)), "window_over", asked)
    with pytest.raises(Refused) as error:
        by_time(case, "window_over", asked)
    assert refused(error) == {"window_runs"}


def test_a_second_deemed_service_is_refused(case_at_decide: Walk) -> None:
    case = case_at_decide
    paper = announced(case, "decision")
    by_time(case.at(road.later(case.day, 60)), "deemed_served", {"paper": paper})
    with pytest.raises(Refused) as error:
        by_time(case, "deemed_served", {"paper": paper})
    assert refused(error) == {"paper_unserved"}


def test_a_batch_worked_by_two_skips_nobody(
    team: Team, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = case_of(team, bureau), case_of(team, bureau, {**FIRM, "name": "另一企业"})
    person = db.session.get_one(Person, team.head)
    wanted = batches.Order(
        "assign", one.day, {"assigned": list(team.officers)}, [one.docket_id, two.docket_id]
    )
    number = batches.order(person, wanted)
    take, calls = batches._take, []

    def beside(intent: Intent) -> dict[str, Any]:
        calls.append(intent.docket_id)
        if len(calls) == 1:
            assert batches.work() == 0  # another process finds that somebody is at it
        return take(intent)

    monkeypatch.setattr(batches, "_take", beside)
    assert batches.work() == 2
    db.session.expire_all()
    assert [r["docket"] for r in db.session.get_one(Job, number).result["results"]] == [
        one.docket_id,
        two.docket_id,
    ]


FIRM = {
    "name": "重庆汇锦机械制造有限公司",
    "kind": "enterprise",
    "credit_code": "",
    "address": "丰都县三合街道",
    "representative": "李某",
    "township": "500230109",
    "phone": "",
}


def test_a_fault_with_one_docket_holds_up_no_other(
    case_at_served: Walk, team: Team, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What must leave the public list leaves it, whatever is wrong with another case."""
    case = case_at_served
    case.take("approve_publication", {"influence": "有", "summary": "x"})
    case.take("publish", {"note": ""}, "publication-1")
    tick(case.now)
    other = tip(team, bureau)
    case.take("withdraw_entry", {"reason": "误"}, "publication-1")
    from casework.upkeep import outbox as module

    handle = module._handle

    def faulty(session: Any, row: Outbox) -> None:
        if row.docket_id == other.docket_id:
            raise LookupError("broken")
        handle(session, row)

    monkeypatch.setattr(module, "_handle", faulty)
    tick(case.now)
    assert entries_on_list(db.session(), bureau.id, case.day) == []
    waiting = db.session.scalars(select(Outbox.docket_id).where(Outbox.done_at.is_(None))).all()
    assert set(waiting) == {other.docket_id}


def test_a_fault_in_an_act_of_time_holds_up_no_other(
    team: Team, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A journal that cannot be read stops neither the end of a right elsewhere nor what leaves the
    public list."""
    broken, sound = (
        drive(case_of(team, bureau), "served"),
        drive(case_of(team, bureau, {**FIRM, "name": "另一企业"}), "served"),
    )
    sound.take("approve_publication", {"influence": "有", "summary": "x"})
    sound.take("publish", {"note": ""}, "publication-1")
    tick(sound.now)
    from casework.upkeep import tick as module

    def faulty(intent: Intent, now: Any = None) -> Any:
        if intent.docket_id == broken.docket_id:
            raise LookupError("broken")
        return perform(intent, now)

    monkeypatch.setattr(module, "perform", faulty)
    tick(sound.at(road.later(sound.day, 500)).now)
    assert entries_on_list(db.session(), bureau.id, sound.day) == []
    assert facts_of(sound).track("publication-1").ended  # type: ignore[union-attr]
    assert facts_of(sound).clock("suit").state == "stopped"  # type: ignore[union-attr]
    assert facts_of(broken).clock("suit").state == "open"  # type: ignore[union-attr]
