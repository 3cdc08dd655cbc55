"""The record of what was carried out: every payment, grant, demand and court step of a decision, from the journal. Pure."""

from __future__ import annotations

from casework.procedure.facts import ActFacts
from casework.procedure.fines import balance
from casework.procedure.load import procedure
from casework.procedure.terms import Money
from letters import pieces
from letters.base import Letter
from letters.build import Source, builder, required
from letters.format import printed_date, short_figures, word
from letters.pieces import DASH

STEPS = (
    "pay", "refund", "instal", "demand", "answer_demand", "agree", "remit_surcharge", "pause_execution", "resume_execution",
    "end_execution", "apply_court", "court_result",
)  # fmt: skip
SUMS = ("paid_fen", "refunded_fen")
NOTES = ("slip", "ruling", "court", "reason", "terms", "note")  # the first that was filled in


@builder("execution_record")
def _execution(s: Source) -> Letter:
    f, made = s.facts, required(s.facts.paper("decision"), "decision")
    decided = required(f.last("decide_penalty", "on_the_spot"), "decide_penalty")
    due, fined = balance(f), f.fine.fen
    acts = sorted((a for step in STEPS for a in f.done(step) if a.seq > decided.seq), key=lambda a: a.seq)
    values = {
        "decision_number": made.number, "served": printed_date(made.served.on) if made.served else DASH,
        "penalty": pieces.penalty_text({**decided.asked, "fine_fen": fined}), "nothing": word("nothing_to_pay"),
        "execution": s.text("execution"),
        **{key: short_figures(sum_) if fined else "" for key, sum_ in (
            ("levied", due.levied), ("surcharge", due.surcharge), ("paid", due.paid), ("owed", due.owed),
            ("settled", due.settled))},
    }  # fmt: skip
    return pieces.notice(s, values, events=[_event(a) for a in acts])


def _event(act: ActFacts) -> dict[str, str]:
    """One row: its day, what was done, the sum, and what proves it."""
    fen = next((int(act.asked[k]) for k in SUMS if act.asked.get(k)), 0)
    note = next((str(act.asked[k]) for k in NOTES if act.asked.get(k)), "")
    return {
        "day": printed_date(act.on), "what": procedure().steps[act.step].name.zh, "note": note or DASH,
        "sum": short_figures(Money(fen)) if fen else DASH,
    }  # fmt: skip
