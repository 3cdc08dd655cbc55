"""What an act tells people of themselves: a docket was assigned to them, what they proposed came
back or was approved. A rebuild plays effects again and tells nobody."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from casework.acts.intent import Intent
from casework.docket import notices
from casework.procedure.facts import Facts, ProposalFacts
from casework.procedure.model import Step

HOURS = 24.0  # what comes within them is told as one
JUDGED = {"return": "returned", "done": "approved"}


def tell_people(
    session: Session,
    facts: Facts,
    step: Step,
    intent: Intent,
    verb: str,
    proposal: ProposalFacts | None,
) -> None:
    """Write the notices of an act in its own transaction; nobody is told what they did themselves.
    ``facts``: of the docket before it."""
    for topic, person in _whom(facts, step, intent, verb, proposal):
        if person != intent.actor_id:
            notices.tell_of_batch(session, [person], topic, HOURS, facts.now, docket_id=facts.id)


def _whom(
    facts: Facts, step: Step, intent: Intent, verb: str, proposal: ProposalFacts | None
) -> Iterator[tuple[str, int]]:
    if verb in JUDGED and proposal is not None:
        yield JUDGED[verb], proposal.proposer
    if "assign" in step.does and verb in ("take", "done"):
        before = {o.id for o in facts.officers}
        for person in intent.answers.get("assigned") or []:
            if int(person) not in before:
                yield "assigned", int(person)
