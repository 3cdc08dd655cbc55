"""Papers to those who appoint and discipline."""

from __future__ import annotations

from dataclasses import dataclass

from casework.procedure.terms import Period
from letters.base import Letter
from letters.parts import Official


@dataclass(frozen=True, kw_only=True)
class DisciplineProposal(Letter):
    """处分处理建议书 — 统计法 2024 §46. Goes to the appointing body, or to the supervision
    commission."""

    kind = "discipline_proposal"

    addressee: str
    cause: str
    officials: tuple[Official, ...]
    facts: str
    basis_articles: str
    proposal: str
    appointing: bool  # §46 tells only those who appoint to decide and to answer
    reply_period: Period
    decision_number: str = ""  # of the penalty, when there is one
    enclosures: tuple[str, ...] = ()
    copies: str = ""
    contact: str = ""
