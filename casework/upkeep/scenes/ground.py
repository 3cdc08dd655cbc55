"""Where a scene plays, and how it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from casework.intake.receive import receive
from casework.people.models import Bureau
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk

BIG = 6_000_000  # fen: a fine that opens the hearing
OUT = {"body": "丰都县市场监督管理局", "reason": "所反映事项不属统计违法。", "material": "线索摘要一份"}
CLOSE = {"result": "已依法处理。", "execution": "无待执行事项。", "publication": "", "pages": 46}
ANNUL = {"reason": "误录，予以撤销。"}
WHY = {"reason": "承办人说明的具体理由。"}
NOTE = {"note": "已记录在案。"}


@dataclass
class Ground:
    """Where a scene plays: a bureau with its people, a firm, and the day it begins."""

    bureau: Bureau
    team: Team
    party: dict[str, Any]
    start: date
    channel: str = "phone"

    def tip(self, **more: Any) -> Walk:
        """A registered tip about the firm."""
        walk = Walk(self.team, 0, self.start)
        payload = {
            "channel": self.channel, "subject": self.party["name"], "subject_kind": self.party["kind"],
            "credit_code": self.party["credit_code"], "township": self.party["township"], "kinds": ["false_data"],
            "form": "B103-2", "period": "2025年报", "survey_by": "bureau", "narrative": "上报数与账面数相差很大。", **more,
        }  # fmt: skip
        got = receive(self.bureau, payload, actor_id=self.team.clerk, on=self.start, now=walk.now, with_code=False)
        walk.docket_id = got.docket_id
        road.register(walk)
        return walk

    def accepted(self, **more: Any) -> Walk:
        """A tip that was accepted; its case stands beside it."""
        walk = self.tip()
        party = {**self.party, **more}
        asked = {"respondents": [party], "cause": "涉嫌提供不真实统计资料", "opinion": "属本局管辖，线索具体，建议受理。"}
        walk.at(road.later(walk.day, 2)).take("accept", asked)
        road.PARTY[walk.case().docket_id] = party
        return walk

    def case(self, until: str, fine_fen: int = 0, **more: Any) -> Walk:
        """A case driven along the main road up to and including a stop."""
        case = self.accepted(**more).case()
        for name, days, stop in road.stops(self.start - timedelta(150), fine_fen):
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
    return w.at(road.later(w.day, days))


def newest(w: Walk, kind: str) -> int:
    return w.paper(kind).id
