"""Tips of the demonstration over fourteen months, each walked as far as its age and chance
allow."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from casework.docket.models import Track
from casework.intake.receive import receive
from casework.people.may import today
from casework.people.models import Bureau, Unit
from casework.store import db
from casework.upkeep import road
from casework.upkeep.invented import FIRMS, party
from casework.upkeep.scenes.after import PUBLISHED
from casework.upkeep.scenes.ground import CALL
from casework.upkeep.walk import Team, Walk
from casework.upkeep.walks_in_order import Planned

LONGEST_CONDUCT = 12  # days; what begins later is other conduct
FINED: dict[str, date] = {}  # when a firm was last fined
MATTERS = (
    "去年年报的应收账款少报很多，账上有五百多万，报表上只有六十几万。",
    "产值是照着镇里给的数填的，实际没有这么多，车间的产量记录可以查。",
    "统计站催了几次都不报，老板说没空填。",
    "检查组要来之前才补的原始台账，纸是新的，日期都是一个人写的。",
    "从业人员数多报了一倍，工资表上只有四十来个人。",
    "月报和年报对不上，同一个指标差了将近两成。",
)
NOT_PUBLIC = "违法数额较小，未造成社会影响，不属于应当公示的情形。"
CLOSED = {
    "result": "处罚决定已经执行完毕。",
    "execution": "已按处罚决定履行，无待执行事项。",
    "publication": "已按审批意见办理。",
}


def tips(bureau_id: int, team: Team, count: int) -> list[Planned]:
    """Tips over the last fourteen months, each with its day and its walk, as far as its age and
    chance allow."""
    channels = ["web"] * 5 + ["phone", "phone", "letter", "leader", "media", "department"]
    made = list[Planned]()
    for i in range(count):
        age = 420 - (i * 418) // count
        start = min(road.later(today() - timedelta(days=age), 0), today())
        made.append(
            (start, partial(_one, bureau_id, team, i, start, age, channels[i % len(channels)]))
        )
    return made


NOT_FILED = -1  # as far as a report that found nothing


def _how_far(age: int) -> tuple[list[int], list[int]]:
    """Old tips are mostly dealt with, every second without a case being filed; new ones are on
    their way."""
    if age > 170:
        return [NOT_FILED, 20], [5, 4]
    if age > 70:
        return [NOT_FILED, 2, 9, 12, 16, 20], [4, 1, 2, 2, 2, 3]
    return [0, 1, 2, 4, 6, 9], [3, 3, 3, 3, 3, 1]


def _one(bureau_id: int, team: Team, number: int, start: date, age: int, channel: str) -> None:
    """One tip and what became of it; its chance is its own, whatever happens beside it."""
    # the same every time
    chance = random.Random(20261124 + number)  # noqa: S311
    bureau, unit = db.session.get_one(Bureau, bureau_id), _firm(bureau_id, number % FIRMS)
    far = chance.choices(*_how_far(age))[0]
    walk = Walk(team, 0, start)
    payload = {
        "channel": channel,
        "subject": unit.name,
        "subject_kind": unit.kind,
        "credit_code": unit.credit_code,
        "township": unit.township,
        "kinds": ["false_data"],
        "form": "B103-2",
        "period": f"{start.year - 1}年年报",
        "survey_by": "bureau",
        "narrative": chance.choice(MATTERS),
        **(CALL if channel == "phone" else {}),
    }
    actor = None if channel == "web" else team.clerk
    got = receive(
        bureau, payload, actor_id=actor, on=start, now=walk.now, with_code=channel == "web"
    )
    walk.docket_id = got.docket_id
    if far == 0 or not _time_for(walk, 1):
        return
    walk.at(road.later(walk.day, 1))
    road.register(walk)
    if far == 1 or not _time_for(walk, 3):
        _instruct(walk)
        return
    if chance.random() < 0.12:
        _side_exit(walk, chance)
        return
    road.accept(walk, party(unit))
    case = walk.case()
    road.PARTY[case.docket_id] = party(unit)
    _walk_main(case, far, chance)


def _firm(bureau_id: int, number: int) -> Unit:
    query = (
        select(Unit).where(Unit.bureau_id == bureau_id).order_by(Unit.id).offset(number).limit(1)
    )
    return db.session.scalars(query).one()


def _instruct(walk: Walk) -> None:
    """The leader has read it, where there was a day for it."""
    if road.later(walk.day, 1) <= today():
        asked = {"leader_instruction": "请执法机构依法核查，办结后报告。", "deadline": None}
        walk.at(road.later(walk.day, 1)).take("instruct_report", asked)


def _side_exit(walk: Walk, chance: random.Random) -> None:
    walk.at(road.later(walk.day, 1))
    if chance.random() < 0.5:
        opinion = "没有写明具体的报表和指标，也无法联系，没有可以核查的线索。"
        walk.take("decline", {"ground": "no_lead", "destination": "", "opinion": opinion})
    else:
        asked = {
            "competence": "survey_team",
            "body": "国家统计局丰都调查队",
            "reason": "反映的是规模以下工业抽样调查，由国家调查队组织实施。",
            "material": "线索登记材料（隐去举报人信息）",
        }
        walk.take("transfer_report", asked)


def _time_for(walk: Walk, days: int) -> bool:
    return road.later(walk.day, days + 3) <= today()


def _walk_main(case: Walk, far: int, chance: random.Random) -> None:
    """As many stops as wanted, while there is time before today; then perhaps one waiting
    proposal."""
    fine = _once(
        road.PARTY[case.docket_id]["name"],
        case.day,
        chance.choice([0, 800_000, 1_500_000, 3_000_000]),
    )
    stops = road.stops(case.day - timedelta(days=150), fine)
    if far == NOT_FILED:
        _nothing_found(case, stops)
        return
    for _name, days, stop in stops[: max(far - 1, 1)]:
        if not _time_for(case, days):
            return
        case.at(road.later(case.day, days))
        stop(case)
    if far > len(stops):
        _after_decision(case, fine, chance)
    elif far == 4 and chance.random() < 0.5:
        case.propose("file", road.filing(case.day - timedelta(days=200)))


def _once(name: str, day: date, fine: int) -> int:
    """No firm is fined twice for conduct of the same days (行政处罚法 §29): then it is only
    warned."""
    before = FINED.get(name)
    if not fine or (before and (day - before).days < LONGEST_CONDUCT):
        return 0
    FINED[name] = day
    return fine


def _nothing_found(case: Walk, stops: list[Any]) -> None:
    """Verified, not filed, closed."""
    for _name, days, stop in stops[:3]:
        case.at(road.later(case.day, days))
        stop(case)
    case.at(road.later(case.day, 3))
    case.take(
        "not_file", {"cause": road.CAUSE, "facts": "差额系四舍五入和科目归并所致，未发现违法事实。"}
    )
    ended = {
        "result": "经核查未发现违法事实，不予立案。",
        "execution": "无待执行事项。",
        "publication": "",
    }
    case.scanned().take("close", ended)
    _archive(case)


def _archive(case: Walk) -> None:
    """Bound and put away, where there was time for it."""
    if _time_for(case, 12):
        case.at(road.later(case.day, 9))
        case.bound().take("archive", {"term": "30", "shelf": f"{case.day.year}-1-{case.docket_id}"})


def _after_decision(case: Walk, fine: int, chance: random.Random) -> None:
    """Payment, publication, closing: what a served decision leads to."""
    if chance.random() < 0.7 and _time_for(case, 3):  # within seven working days of the decision
        case.at(road.later(case.day, 2))
        case.take("approve_publication", PUBLISHED)
        case.take("publish", {"note": ""}, "publication-1")
    elif _time_for(case, 3):
        case.at(road.later(case.day, 2)).take("not_public", {"reason": NOT_PUBLIC})
    if fine and chance.random() < 0.93 and _time_for(case, 6):
        case.at(road.later(case.day, 6))
        slip = f"农行回单{case.day:%Y%m%d}{case.docket_id:04d}"
        case.take(
            "pay", {"paid_fen": fine, "paid_on": case.day.isoformat(), "slip": slip}, "execution-1"
        )
    if chance.random() < 0.9 and _time_for(case, 5) and not _owes(case):
        case.at(road.later(case.day, 4))
        case.scanned().take("close", CLOSED)
        _archive(case)


def _owes(case: Walk) -> bool:
    query = select(Track.id).where(
        Track.docket_id == case.docket_id, Track.kind == "execution", Track.ended.is_(False)
    )
    return db.session.scalar(query) is not None
