"""The record of what was carried out: every payment, grant, demand and court step of a decision,
from the journal. Pure."""

from __future__ import annotations

from casework.procedure.checks.inspection import looks_after
from casework.procedure.facts import ActFacts, Facts, PaperFacts
from casework.procedure.fines import balance
from casework.procedure.ids import StepId
from casework.procedure.load import procedure
from casework.procedure.terms import Money
from letters import pieces
from letters.base import Letter
from letters.build import PaperSource, builder, paper_number, required, served_on
from letters.format import printed_date, short_figures, word
from letters.pieces import DASH

STEPS: tuple[StepId, ...] = (
    "pay",
    "refund",
    "instal",
    "demand",
    "answer_demand",
    "agree",
    "remit_surcharge",
    "pause_execution",
    "resume_execution",
    "end_execution",
    "apply_court",
    "court_result",
)
SUMS = ("paid_fen", "refunded_fen")
NOTES = ("slip", "ruling", "court", "reason", "terms", "note")  # the first that was filled in


@builder("execution_record")
def _execution(s: PaperSource) -> Letter:
    f, made = s.facts, required(s.facts.paper("decision"), "decision")
    decided = required(f.last("decide_penalty", "on_the_spot"), "decide_penalty")
    due, fined = balance(f), f.fine.fen
    acts = sorted(
        (a for step in STEPS for a in f.done(step) if a.seq > decided.seq), key=lambda a: a.seq
    )
    values = {
        "decision_number": made.number,
        "served": served_on(made, DASH),
        "penalty": pieces.penalty_text({**decided.asked, "fine_fen": fined}),
        "nothing": word("nothing_to_pay"),
        "execution": s.text("execution"),
        "carried_out": _carried_out(f, decided, made),
        **{
            key: short_figures(sum_) if fined else ""
            for key, sum_ in (
                ("levied", due.levied),
                ("surcharge", due.surcharge),
                ("paid", due.paid),
                ("owed", due.owed),
                ("settled", due.settled),
            )
        },
    }
    return pieces.notice(s, values, events=[_event(a) for a in acts])


def _carried_out(f: Facts, decided: ActFacts, made: PaperFacts) -> str:
    """What became of the penalties that take no money, and of each order to correct."""
    lines = []
    if (kinds := pieces.penalties_of(decided.asked)) and made.served:
        lines.append(
            word("in_force_since", kinds=word("join").join(kinds), day=printed_date(made.served.on))
        )
    for order in f.done("order_correction"):
        paper = next((p for p in f.papers if p.kind == "correction" and p.seq == order.seq), None)
        number = paper_number(paper, DASH)
        lines.append(
            word(
                "correction_given",
                day=printed_date(order.on),
                number=number,
                checked=_checked(f, paper),
            )
        )
    return "\n".join(lines) or word("none")


def _checked(f: Facts, order: PaperFacts | None) -> str:
    """What the newest look after an order found."""
    looks = looks_after(f, order) if order else []
    if not looks:
        return word("not_checked")
    return word(f"checked_{looks[-1].asked['corrected']}", day=printed_date(looks[-1].on))


def _event(act: ActFacts) -> dict[str, str]:
    """One row: its day, what was done, the sum, and what proves it."""
    fen = next((int(act.asked[k]) for k in SUMS if act.asked.get(k)), 0)
    note = next((str(act.asked[k]) for k in NOTES if act.asked.get(k)), "")
    return {
        "day": printed_date(act.on),
        "what": procedure().steps[act.step].name.zh,
        "note": note or DASH,
        "sum": short_figures(Money(fen)) if fen else DASH,
    }
