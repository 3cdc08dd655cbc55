"""One step for several cases: each its own act under the same rules, each result named, one refused
leaves the others."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from casework.acts.facts import gather
from casework.disclosure.models import DisclosureEntry
from casework.docket.jobs import Job
from casework.docket.models import Act, Docket
from casework.people.may import today
from casework.people.models import Bureau, Interest
from casework.procedure.facts import Facts
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.scenes import Ground
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault
from tests.acts.roads import FIRM
from tests.support.desk import SignIn, approve_all, ordered, states


def cases(team: Team, bureau: Bureau, count: int, until: str = "", days: int = 140) -> list[Walk]:
    """Cases of the last days, each about a firm of its own, driven up to a stop."""
    start = road.later(today() - timedelta(days), 0)
    made = []
    for n in range(count):
        ground = Ground(bureau, team, {**FIRM, "name": f"重庆第{n}号纸品有限公司"}, start)
        made.append(ground.case(until, 3_000_000) if until else ground.accepted().case())
    tick()
    return made


def facts_of(walk: Walk) -> Facts:
    db.session.expire_all()
    return gather(db.session(), vault(), db.session.get_one(Docket, walk.docket_id))


def test_the_head_assigns_several_and_the_one_refused_is_named(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    made = cases(team, bureau, 3, days=10)
    with writing() as session:
        session.add(
            Interest(person_id=team.officers[0], name=facts_of(made[1]).title, reason="亲属任职")
        )
    client = sign_in("head")
    page = client.get("/desk/many/").text
    assert page.count('name="docket"') == 3
    form = client.post(
        "/desk/many/", data={"step": "assign", "docket": [w.docket_id for w in made]}
    )
    assert form.text.count('type="hidden" name="docket"') == 3
    batch = ordered(client, "assign", made, assigned=list(team.officers), on=today().isoformat())
    assert states(batch) == ["done", "refused", "done"]
    assert [len(facts_of(w).officers) for w in made] == [2, 0, 2]
    result = client.get(f"/desk/many/{batch.id}").text
    assert "2 件已办理，1 件未办理" in result
    refused = next(x for x in result.split("<tr") if facts_of(made[1]).title in x)
    assert "秦岚" in refused
    assert "须指派两名" in refused
    assert client.get("/desk/many/").text.count('name="docket"') == 1


def test_the_publisher_shows_several_at_once(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    """公示审批 with the facts of each, the leader's approval by hand, and publication; a decision
    set aside stays away."""
    made = cases(team, bureau, 3, "served")
    client = sign_in("publisher")
    batch = ordered(
        client,
        "approve_publication",
        made,
        influence="对企业诚信有警示作用",
        on=today().isoformat(),
    )
    assert states(batch) == ["proposed"] * 3
    # they wait for the leader now
    assert 'value="approve_publication"' not in client.get("/desk/many/").text
    assert approve_all(team, "approve_publication") == 3
    for walk in made:
        assert re.match(
            r"报送的\d{4}年年报《成本费用》（B103-2表）", str(facts_of(walk).value("summary"))
        )
    aside = made[2].at(today())
    aside.take(
        "remedy_start", {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"}
    )
    end = {
        "kind": "reconsideration",
        "result": "set_aside",
        "number": "2",
        "fine_fen": None,
        "reason": "事实不清",
    }
    aside.take("remedy_end", end, "remedy-1")
    batch = ordered(client, "publish", made, note="")
    assert states(batch) == ["done", "done", "refused"]
    assert (
        db.session.scalar(
            select(func.count())
            .select_from(DisclosureEntry)
            .where(DisclosureEntry.state == "shown")
        )
        == 2
    )
    assert "尚未送达，或者已停止执行、变更、撤销" in client.get(f"/desk/many/{batch.id}").text


def test_removals_that_are_due_go_in_one_order(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    """处罚法 §48: three working days after the decision was set aside or changed."""
    made = cases(team, bureau, 2, "served")
    for walk in made:
        walk.at(today()).take("approve_publication", {"influence": "有", "summary": "虚报"})
        walk.take("publish", {"note": ""}, "publication-1")
        walk.take(
            "remedy_start",
            {"kind": "reconsideration", "body": "县政府", "number": "1", "stay": "no"},
        )
        end = {
            "kind": "reconsideration",
            "result": "set_aside",
            "number": "2",
            "fine_fen": None,
            "reason": "事实不清",
        }
        walk.take("remedy_end", end, "remedy-1")
    client = sign_in("publisher")
    assert client.get("/desk/many/").text.count('name="docket"') == 2
    batch = ordered(
        client, "withdraw_entry", made, reason="复议决定撤销原处罚决定。", on=today().isoformat()
    )
    assert states(batch) == ["proposed", "proposed"]
    assert approve_all(team, "withdraw_entry") == 2
    for walk in made:
        facts = facts_of(walk)
        assert facts.track("publication-1").ended  # type: ignore[union-attr]
        assert facts.clock("withdraw_entry").state == "met"  # type: ignore[union-attr]


def test_several_determinations_are_listed_each_with_its_own_words(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    made = cases(team, bureau, 2, "served", days=340)
    for n, walk in enumerate(made):
        walk.take("assess_dishonesty", {"ground": "fabricated", "facts": "虚报"})
        law = {"facts": f"第{n}号企业虚报营业收入。", "articles": "令第35号"}
        walk.take("dishonesty_notice", law, "dishonesty-1")
        walk.serve("dishonesty_notice")
        walk.at(road.later(walk.day, 200)).take("determine", law, "dishonesty-1")
        walk.serve("dishonesty_decision")
    batch = ordered(sign_in("publisher"), "list_entry", made, summary="")
    assert states(batch) == ["proposed", "proposed"]
    assert approve_all(team, "list_entry") == 2
    shown = db.session.scalars(
        select(DisclosureEntry)
        .where(DisclosureEntry.kind == "dishonesty")
        .order_by(DisclosureEntry.docket_id)
    ).all()
    assert [e.fields["facts"] for e in shown] == [
        "第0号企业虚报营业收入。",
        "第1号企业虚报营业收入。",
    ]
    assert {(*e.fields["kinds"], e.fields["fine_fen"]) for e in shown} == {
        ("warning", "fine", 3_000_000)
    }


def test_an_order_goes_the_same_way_of_permission(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """The page lets a publisher order; the one door refuses, case by case, and nothing is
    written."""
    made = cases(team, bureau, 2, days=10)
    before = db.session.scalar(select(func.count()).select_from(Act))
    client = sign_in("publisher")
    assert 'value="assign"' not in client.get("/desk/many/").text
    assert (
        client.post(
            "/desk/many/", data={"step": "assign", "docket": [w.docket_id for w in made]}
        ).status_code
        == 422
    )
    head = sign_in("head")
    batch = ordered(head, "publish", made, note="")
    assert states(batch) == ["not_allowed"] * 2
    assert "您的角色不能办理这一步骤" in head.get(f"/desk/many/{batch.id}").text
    assert db.session.scalar(select(func.count()).select_from(Act)) == before


@pytest.mark.parametrize(
    ("data", "status"),
    [({"step": "assign"}, 422), ({"step": "close"}, 400), ({"step": "nothing"}, 404)],
)
def test_what_cannot_be_ordered(
    team: Team, sign_in: SignIn, data: dict[str, str], status: int
) -> None:
    assert sign_in("head").post("/desk/many/", data=data).status_code == status


def test_an_order_of_another_bureau_is_not_there(team: Team, sign_in: SignIn) -> None:
    with writing() as session:
        other = Bureau(code="z", name="另一统计局", prefix="另统")
        session.add(other)
        session.flush()
        row = Job(kind="many", bureau_id=other.id, by_id=team.head, what="assign")
        session.add(row)
        session.flush()
        number = row.id
    assert sign_in("head").get(f"/desk/many/{number}").status_code == 404


def test_tips_for_another_body_are_handed_over_together(
    team: Team, bureau: Bureau, sign_in: SignIn
) -> None:
    """One reason for all; the one that accuses the receiving body itself stays here, and is
    named."""
    start = road.later(today() - timedelta(5), 0)
    body = "丰都县市场监督管理局"
    tips = [
        Ground(bureau, team, {**FIRM, "name": name}, start).tip()
        for name in ("甲商店", body, "乙商店")
    ]
    client = sign_in("clerk")
    data = {
        "step": "transfer_report",
        "competence": "other_body",
        "tip": [w.docket_id for w in tips],
        "go": "1",
        "body": body,
        "reason": "不属统计违法。",
        "material": "线索摘要",
        "on": today().isoformat(),
    }
    assert client.post("/desk/reports/burst", data=data).status_code == 302
    while tick()["batches"]:
        pass
    batch = db.session.scalars(select(Job).where(Job.kind == "many")).one()
    assert states(batch) == ["proposed", "refused", "proposed"]
    assert "不得将材料转给被反映的单位" in client.get(f"/desk/many/{batch.id}").text


def test_a_list_has_tick_boxes_for_whoever_takes_a_step_for_many(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    """The registration desk for tips, the head and the publisher for cases; nobody else."""
    ticked = {
        (login, which): 'name="docket"' in sign_in(login).get(f"/desk/{which}").text
        for login in ("clerk", "head", "officer1", "legal", "auditor")
        for which in ("reports", "cases")
    }
    assert {place for place, there in ticked.items() if there} == {
        ("clerk", "reports"),
        ("head", "cases"),
    }


def test_what_was_ticked_in_a_list_goes_to_the_form_of_the_step(
    docketed: tuple[Walk, Walk], sign_in: SignIn
) -> None:
    tip, case = (db.session.get_one(Docket, w.docket_id) for w in docketed)
    for login, which, docket, step in (
        ("clerk", "reports", tip, "transfer_report"),
        ("head", "cases", case, "assign"),
    ):
        client = sign_in(login)
        page = client.get(f"/desk/{which}").text
        door = re.search(r'<form method="post" action="(/desk/(?:reports/burst|many/))">', page)
        assert door
        assert f'name="step" value="{step}"' in page
        data = {"step": step, "docket": docket.id}
        answer = client.post(door[1], data=data)
        assert answer.status_code == 200, login
        assert docket.number in answer.text
        assert client.post(door[1], data={"step": step}).status_code == 422
