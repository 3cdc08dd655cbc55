"""The one door asks what every list asks: whoever may not see a docket does nothing to it, whatever
page or command comes.

Each role, each kind of docket, each step: through ``perform()`` itself, with no page before it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import select, update

from casework.acts import who
from casework.acts.errors import NotAllowed, Refused
from casework.acts.facts import gather
from casework.acts.intent import NEW, Intent
from casework.acts.perform import perform
from casework.docket.lists import docket_by_code
from casework.docket.models import DESTROYED, Docket, Recusal
from casework.people.may import scope
from casework.people.models import Bureau, Interest, Person, PersonRole
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from casework.procedure.roles import roles as all_roles
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault
from tests.acts.roads import FIRM, START, case_of, drive, facts_of, refused, tip
from tests.desk.test_pages import counted
from tests.support.acts import RECONSIDERED

UNSEEN = (
    "You do not work for this bureau.",
    "You are recused from this docket.",
    "You may not see this docket.",
)


def person_of(role: str, team: Team) -> Person:
    # one who is on no case
    return db.session.get_one(Person, team.others["officer3" if role == "officer" else role])


def seen(person: Person, walk: Walk) -> bool:
    """Whether a list would show it."""
    db.session.expire_all()
    code = db.session.get_one(Docket, walk.docket_id).code
    return docket_by_code(db.session(), scope(person, walk.day), code) is not None


def shut(person: Person, walk: Walk, steps: Iterable[str]) -> set[str]:
    """At which of the steps the door turns the person away before it looks at anything else."""
    docket = db.session.get_one(Docket, walk.docket_id)
    gathered = gather(db.session(), vault(), docket, person.id, walk.now)
    return {step for step in steps if _shut(person, walk, step, docket.kind, gathered)}


def _shut(person: Person, walk: Walk, step: str, kind: str, gathered: Facts) -> bool:
    rule = procedure().steps[step]
    label = (
        {"*": "main" if kind == "case" else "report"}.get(rule.track, rule.track)
        if rule.stages
        else NEW
    )
    intent = Intent(walk.docket_id, step, person.id, walk.day, label, "take", {})
    try:
        # whatever role it wants
        who.check_who(
            gathered, structs.replace(rule, roles=tuple(all_roles()), by_system=False), intent
        )
    except NotAllowed as away:
        with pytest.raises(NotAllowed):
            perform(intent, walk.now)
        return away.reason in UNSEEN
    return False


def steps_of(kind: str) -> set[str]:
    """Steps that people take on dockets of a kind, and those that open one."""
    others = {t.id for t in procedure().tracks.values() if t.docket != kind}
    return {s.id for s in procedure().steps.values() if not s.by_system and s.track not in others}


def dockets(team: Team, bureau: Bureau) -> dict[str, Walk]:
    """A tip, a case at work, a decided one, one destroyed, and one whose list entry outlived its
    stage."""
    lead, at_work = tip(team, bureau), case_of(team, bureau, {**FIRM, "name": "在办企业"})
    decided = drive(case_of(team, bureau, {**FIRM, "name": "已决企业"}), "served")
    gone = tip(team, bureau, "已销毁")
    with writing() as session:
        session.execute(update(Docket).where(Docket.id == gone.docket_id).values(stage=DESTROYED))
    return {"lead": lead, "at work": at_work, "decided": decided, "destroyed": gone}


@pytest.mark.parametrize("role", sorted(set(all_roles()) - {"system"}))
def test_each_role_acts_on_what_it_sees_and_on_nothing_else(
    team: Team, bureau: Bureau, role: str
) -> None:
    person = person_of(role, team)
    for name, walk in dockets(team, bureau).items():
        steps = steps_of("report" if name in ("lead", "destroyed") else "case")
        assert len(steps) > 10
        assert shut(person, walk, steps) == (set() if seen(person, walk) else steps), (role, name)


@pytest.mark.parametrize("how", ["recused", "tied", "tied, written otherwise", "left"])
def test_whoever_is_kept_out_is_kept_out_of_every_step(
    team: Team, bureau: Bureau, how: str
) -> None:
    """Everything open to a leader: «all» reports and cases; and then not this one."""
    party = {**FIRM, "name": "重庆汇锦（集团）有限公司"}
    case = case_of(team, bureau, party)
    person = db.session.get_one(Person, team.leader)
    assert seen(person, case)
    assert not shut(person, case, ["recuse"])
    with writing() as session:
        if how == "recused":
            session.add(Recusal(docket_id=case.docket_id, person_id=person.id, reason="近亲属"))
        elif how.startswith("tied"):
            name = party["name"] if how == "tied" else "重庆汇锦(集团)有限公司"
            session.add(Interest(person_id=person.id, name=name, reason="亲属任职"))
        else:
            session.get_one(Person, person.id).roles[0].until_day = START
    person = db.session.get_one(Person, team.leader)
    assert not seen(person, case)
    steps = {s.id for s in procedure().steps.values() if not s.by_system and s.track != "report"}
    assert shut(person, case, steps) == steps


def test_a_leader_of_another_bureau_is_nobody_here(case_opened: Walk) -> None:
    case = case_opened
    with writing() as session:
        other = Bureau(code="other", name="别县统计局", prefix="别统")
        session.add(other)
        session.flush()
        person = Person(bureau_id=other.id, login="stranger", name="别人", password_hash="x")
        session.add(person)
        session.flush()
        session.add_all(
            PersonRole(person_id=person.id, role=r, from_day=START)
            for r in ("leader", "head", "clerk")
        )
    assert not seen(person, case)
    steps = {s.id for s in procedure().steps.values() if not s.by_system and s.track != "report"}
    assert shut(person, case, steps) == steps


def test_a_proposal_of_somebody_recused_since_is_sent_back(
    case_at_report: Walk, team: Team
) -> None:
    """行政处罚法 §43: it rests on whoever should not have touched it."""
    case = case_at_report
    case.propose("file", road.filing(START - timedelta(100)))
    with writing() as session:
        session.add(Interest(person_id=team.officers[0], name=FIRM["name"], reason="亲属任职"))
    approve = Intent(case.docket_id, "file", team.leader, case.day, "main", "approve", {})
    with pytest.raises(Refused) as error:
        perform(approve, case.now)
    assert refused(error) == {"officer_recused"}
    perform(replace(approve, verb="return", answers={"opinion": "应当回避"}), case.now)
    assert facts_of(case).proposals == ()


def test_nobody_links_or_absorbs_into_a_case_they_are_kept_out_of(
    team: Team, bureau: Bureau
) -> None:
    one, two = case_of(team, bureau), case_of(team, bureau, {**FIRM, "name": "另一企业"})
    with writing() as session:
        session.add(Recusal(docket_id=one.docket_id, person_id=team.officers[0], reason="近亲属"))
    with pytest.raises(NotAllowed, match="recused"):
        two.take("absorb_case", {"case": one.docket_id, "reason": "同一事项"})
    assert facts_of(two).stage == "verify"


def test_the_publisher_takes_an_entry_off_wherever_the_case_stands_by_then(
    case_at_served: Walk, team: Team
) -> None:
    """行政处罚法 §48: three working days; the case is under investigation again, which the
    publisher does not see otherwise."""
    case = case_at_served
    case.take("approve_publication", {"influence": "有", "summary": "提供不真实统计资料"})
    case.take("publish", {"note": ""}, "publication-1")
    tick(case.now)
    case.take("remedy_start", RECONSIDERED)
    end = {
        "kind": "reconsideration",
        "result": "redo",
        "number": "2",
        "fine_fen": None,
        "reason": "程序",
    }
    case.take("remedy_end", end, "remedy-1")
    case.take(
        "redo",
        {"order": "复议决定", "due": road.later(case.day, 60).isoformat(), "reason": "重新处理"},
    )
    publisher = db.session.get_one(Person, team.publisher)
    assert seen(publisher, case)
    case.take("withdraw_entry", {"reason": "决定被撤销"}, "publication-1")
    assert not seen(publisher, case)


def test_the_door_asks_without_a_statement_more(
    case_at_assign: Walk, team: Team, bureau: Bureau
) -> None:
    """Who is recused and whether the person sees it are one statement; time itself is asked for no
    sight."""
    case = case_at_assign
    docket = db.session.scalars(select(Docket).where(Docket.id == case.docket_id)).one()
    # what is known of the bureau is read once
    gather(db.session(), vault(), docket, team.clerk, case.now)
    with counted() as alone:
        gather(db.session(), vault(), docket, None, case.now)
    with counted() as asked:
        gather(db.session(), vault(), docket, team.clerk, case.now)
    assert len(asked) == len(alone)
