"""Files on which a rule of the second reading turns red."""

from __future__ import annotations

from typing import Any

from casework.docket import journal
from casework.docket.journal import NewEntry
from casework.docket.models import Docket
from casework.procedure.load import procedure
from casework.procedure.payload import Payload
from casework.store import writing
from casework.upkeep.walk import Walk
from casework.vault.sealing import vault


def forced(
    walk: Walk, step: str, words: dict[str, Any], effects: tuple[dict[str, Any], ...] = ()
) -> int:
    """An entry past every check of the steps: proposed by the first officer, approved by the
    leader."""
    with writing() as session:
        docket = session.get_one(Docket, walk.docket_id)
        version, first = procedure().version, docket.last_seq + 1
        for verb, who, said in (
            ("propose", walk.team.officers[0], Payload(words)),
            ("done", walk.team.leader, Payload(proposal=first)),
        ):
            entry = NewEntry(
                "main",
                step,
                verb,
                version,
                who,
                walk.day,
                walk.now,
                said,
                effects if verb == "done" else (),
            )
            last = journal.last_hash(session, docket.id, docket.last_seq)
            journal.append(session, vault(), docket, entry, last)
    return first + 1


FORGERIES = {
    "circular_decided": ("circulate", {"text": "通报", "recipients": "各乡镇"}),
    "corrections_fit": (
        "correct_act",
        {"act": 1, "fields": {"party": "任意"}, "corrected_on": None},
    ),
    "days_possible": ("correct_act", {"act": 1, "fields": {}, "corrected_on": "2030-01-01"}),
}
