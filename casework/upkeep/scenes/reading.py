"""What the second reading of a file finds, and how it is answered."""

from __future__ import annotations

from casework.archive import second_reading
from casework.docket.models import Docket
from casework.store import writing
from casework.upkeep.scenes.ground import FINE, Ground, later, scene
from casework.upkeep.walk import Walk


@scene(140)
def served_late_and_answered(g: Ground) -> None:
    """A decision was served after its seven working days; the reading found it, and the legal
    reviewer says what came of it."""
    case = g.case("decide", FINE)
    later(case, 24).serve("decision")  # however many days off there were
    found = _found(case)
    answer = "当事人收发室停业整修，三次上门未果；救济期限自实际送达之日起算，权利未受影响。"
    later(case, 1).take("answer_reading", {"fault": found[0], "reason": answer})


def judged_late_and_answered(g: Ground) -> None:
    """A tip lay longer than fifteen days before it was declined; a leader says why. Not in the
    demonstration, where no tip lies so long."""
    tip = g.tip()
    out = {
        "ground": "no_lead",
        "destination": "",
        "opinion": "反映内容没有具体的报表、指标和时间，两次联系举报人补充未果。",
    }
    later(tip, 30).take("decline", out)
    late = next(f for f in _found(tip) if f.startswith("tip_judged_in_time"))
    answer = "两次致函举报人补充线索，等待答复超过十五日；已书面告知举报人并说明原因。"
    later(tip, 1).take("answer_tip_reading", {"fault": late, "reason": answer}, "report")


def _found(walk: Walk) -> list[str]:
    """What the reading finds now, kept as the night keeps it."""
    with writing() as session:
        docket = session.get_one(Docket, walk.docket_id)
        second_reading.keep_one(session, docket, walk.day)
        return docket.faults.split()
