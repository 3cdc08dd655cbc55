"""Papers of filing and inspection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from casework.procedure.terms import Figure, Party
from letters.base import Letter
from letters.parts import Officer


class Proposal(StrEnum):
    """What the officers propose: to file the case, or not."""

    FILE = "file"
    NOT_FILE = "not_file"


@dataclass(frozen=True, kw_only=True)
class FilingApproval(Letter):
    """立案（不予立案）审批表 — 行政处罚法 §54. Opinions stand in the order in which they were
    given."""

    kind = "filing_approval"
    two = ("officers",)
    order = (("verified", "on"),)

    cause: str  # 案由
    # of the report on the verification: the way and the day of a tip stand on no paper that leaves
    verified: date
    respondent: Party
    facts: str  # 案情及（不予）立案理由
    basis_articles: str
    proposal: Proposal
    officers: tuple[Officer, ...]
    officer_opinion: str = ""
    proposed: date  # when the officers proposed it
    unit_opinion: str = ""  # of the head of enforcement, where the step asks for it
    unit_signed: str = ""
    leader_opinion: str = ""
    leader_signed: str = ""  # name and day, or the line for the pen


@dataclass(frozen=True, kw_only=True)
class InspectionNotice(Letter):
    """统计执法检查通知书 — 统计法 2024 §38."""

    kind = "inspection_notice"
    two = ("officers",)
    needs = ("respondent.name", "bureau.phone")
    order = (("on", "begins"),)

    respondent: Party
    content: str  # 检查内容
    span: str  # 检查期别, e.g. 2025年度
    begins: date
    place: str
    materials: tuple[str, ...]
    officers: tuple[Officer, ...]


@dataclass(frozen=True, kw_only=True)
class OnSiteRecord(Letter):
    """现场检查笔录 — 行政处罚法 §55. Every page has its line for signatures."""

    kind = "on_site_record"
    two = ("officers",)
    order = (("began", "ended"), ("ended", "on"))

    cause: str
    respondent: Party
    place: str
    began: datetime
    ended: datetime
    officers: tuple[Officer, ...]
    recorder: str
    present: str  # who was there for the respondent
    present_post: str = ""
    findings: str
    figures: tuple[Figure, ...] = ()
    statement: str = ""  # what the respondent says to it
    refusal: str = ""  # why no signature was given
