"""What the second reading of a file finds, and how it is answered."""

from __future__ import annotations

from casework.archive import read_again
from casework.docket.models import Docket
from casework.store import writing
from casework.upkeep.scenes.after import FINE
from casework.upkeep.scenes.ground import Ground, later, scene


@scene(140)
def served_late_and_answered(g: Ground) -> None:
    """A decision was served after its seven working days; the reading found it, and the legal reviewer says what came of it."""
    case = g.case("decide", FINE)
    later(case, 24).serve("decision")  # however many days off there were
    with writing() as session:
        docket = session.get_one(Docket, case.docket_id)
        read_again.keep_one(session, docket, case.day)
        found = docket.faults.split()
    answer = "当事人收发室停业整修，三次上门未果；救济期限自实际送达之日起算，权利未受影响。"
    later(case, 1).take("answer_reading", {"fault": found[0], "reason": answer})
