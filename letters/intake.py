"""Papers of intake: the registration sheet of a tip, and the notice of what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from casework.procedure.terms import Party, Period
from letters.base import Letter


class Answer(StrEnum):
    """What the notice says became of the tip: accepted, declined or transferred."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TRANSFERRED = "transferred"


@dataclass(frozen=True, kw_only=True)
class RegistrationSheet(Letter):
    """举报线索登记表 — 统计法实施条例 §38.

    It has no field for the informant: identity is on a sheet of its own, under seal.
    """

    kind = "registration_sheet"
    order = (("received", "on"),)

    channel: str
    received: datetime
    real_name: bool  # 实名 or 匿名, nothing more
    respondent: Party
    matter: str
    registrar: str
    area: str = ""
    survey_forms: str = ""
    survey_period: str = ""
    attachments: tuple[str, ...] = ()
    source: str = ""  # what the channel's own fields say: sending body, document number, postmark …
    proposal: str = ""
    opinion: str = ""


@dataclass(frozen=True, kw_only=True)
class PhoneRecord(Letter):
    """电话记录单. The caller's name and number are under seal; the sheet says only what became of
    it."""

    kind = "phone_record"

    day: date
    caller: str  # withheld, sealed, or shown and not kept: never the number itself
    read_back: bool
    subject: str
    content: str
    began: str = ""  # hours: empty when nobody noted them
    ended: str = ""
    taker: str = ""


@dataclass(frozen=True, kw_only=True)
class AcceptanceNotice(Letter):
    """受理、不予受理、转办告知书 — 信访工作条例 §23. Addressed by the number of the report, never
    by name."""

    kind = "acceptance_notice"
    order = (("received", "on"),)

    report_number: str
    received: date
    subject: str  # what was reported, without anything that points to the informant
    answer: Answer
    reason: str = ""  # declined: the ground
    ground_basis: str = ""  # declined: the article, where one carries the ground
    destination: str = ""  # declined: where to turn to; transferred: the body it went to
    answer_within: Period | None = None  # accepted: of the result

    def needed(self) -> tuple[str, ...]:
        """A refusal states its ground; a transfer names the body."""
        more = {Answer.DECLINED: ("reason",), Answer.TRANSFERRED: ("destination",)}
        return more.get(self.answer, ())
