"""Where a scene plays (its bureau, firm and first day), and what scenes share."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from PIL import Image

from casework.intake.receive import receive
from casework.people.models import Bureau
from casework.procedure.ids import PaperId
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk

FINE = 3_000_000
BIG = 6_000_000  # fen: a fine that opens the hearing
OUT = {
    "competence": "other_body",
    "body": "丰都县市场监督管理局",
    "reason": "反映的是企业年度报告公示信息不实，属市场监督管理部门职责。",
    "material": "线索登记材料（隐去举报人信息）\n企业年度报告公示信息打印件",
}
CLOSE = {"result": "经调查处理完毕，无未了事项。", "execution": "无待执行事项。", "publication": ""}
ANNUL = {"reason": "该份证据与已登记的第一份重复，属误录。"}
NO_OFFENCE = {"reason": "复核账簿后查明，差额系四舍五入和科目重分类所致，违法事实不能成立。"}


NARRATIVE = "这家单位年报里好几个数跟账本对不上，听说是随手估了个数就报上去了，没有人复查过。"
CALL = {
    "call_began": "14:05",
    "call_ended": "14:21",
    "taker": "何静",
    "number_shown": "withheld",
    "read_back": "yes",
}


@dataclass
class Ground:
    """Where a scene plays: a bureau with its people, a firm, and the day on which it begins."""

    bureau: Bureau
    team: Team
    party: dict[str, Any]
    start: date
    channel: str = "phone"
    # one firm is fined for different conduct only; None: 150 days before it begins
    conduct_end: date | None = None

    def tip(self, **more: Any) -> Walk:
        """A registered tip about the firm."""
        walk = Walk(self.team, 0, self.start)
        payload = {
            "channel": self.channel,
            "subject": self.party["name"],
            "subject_kind": self.party["kind"],
            "credit_code": self.party["credit_code"],
            "township": self.party["township"],
            "kinds": ["false_data"],
            "form": "B103-2",
            "period": road.surveyed(self.conduct_end or self.start - timedelta(150)),
            "survey_by": "bureau",
            "narrative": NARRATIVE,
            **(CALL if self.channel == "phone" and "channel" not in more else {}),
            **more,
        }
        got = receive(
            self.bureau,
            payload,
            actor_id=self.team.clerk,
            on=self.start,
            now=walk.now,
            with_code=False,
        )
        walk.docket_id = got.docket_id
        road.register(walk)
        return walk

    def accepted(self, **more: Any) -> Walk:
        """A tip that was accepted; its case stands beside it."""
        walk = self.tip()
        party = {**self.party, **more}
        asked = {
            "respondents": [party],
            "cause": road.CAUSE,
            "opinion": "属本局管辖，线索具体，建议受理并交执法机构核查。",
        }
        walk.at(road.later(walk.day, 2)).take("accept", asked)
        road.PARTY[walk.case().docket_id] = party
        return walk

    def case(self, until: str, fine_fen: int = 0, **more: Any) -> Walk:
        """A case driven along the main road up to and including a stop. Error: LookupError for a
        stop that there is not."""
        case = self.accepted(**more).case()
        for name, days, stop in road.stops(
            self.conduct_end or self.start - timedelta(150), fine_fen
        ):
            case.at(road.later(case.day, days))
            stop(case)
            if name == until:
                return case
        raise LookupError(until)


Scene = Callable[[Ground], Any]
TOLD: list[tuple[int, Scene]] = []  # how many days before today a scene must begin, and the scene


def scene(days: int) -> Callable[[Scene], Scene]:
    """Register a scene that takes at most so many days."""

    def put(play: Scene) -> Scene:
        TOLD.append((days, play))
        return play

    return put


def later(w: Walk, days: int) -> Walk:
    """The walk so many days later, on a working day."""
    return w.at(road.later(w.day, days))


def blank_picture(width: int = 620) -> bytes:
    """An empty page as a picture (PNG), in place of a scan."""
    out = io.BytesIO()
    Image.new("L", (width, 400), 255).save(out, "PNG")
    return out.getvalue()


def newest(w: Walk, kind: PaperId) -> int:
    """Id of the newest paper of a kind in the walk's docket."""
    return w.paper(kind).id
