"""Papers of decision: prior notice and the three kinds of decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from casework.procedure.terms import Figure, Money, Party, Period
from letters.base import Letter
from letters.parts import Ground, Officer, Violation, grounds


class Outcome(StrEnum):
    """Which decision it is: a penalty, none, or one on the spot; each prints its own sections."""

    PENALTY = "penalty"  # 行政处罚决定书
    NO_PENALTY = "no_penalty"  # 不予行政处罚决定书
    ON_THE_SPOT = "on_the_spot"  # 当场行政处罚决定书


@dataclass(frozen=True, kw_only=True)
class PriorNotice(Letter):
    """行政处罚事先告知书 — 行政处罚法 §§44–45; hearing part §§63–64 when a hearing may be asked
    for.

    Periods are printed as periods ("收到本告知书之日起五个工作日内"), never as dates.
    """

    kind = "prior_notice"
    needs = ("bureau.address", "bureau.phone")

    addressee: Party
    violations: tuple[Violation, ...]
    evidence: tuple[str, ...]
    discretion: str  # 裁量理由
    penalties: tuple[str, ...] = ()  # 警告, 通报批评 …, without the fine
    defence_period: Period
    fine: Money | None = None
    hearing_period: Period | None = None
    course: str = ""  # how the case began and was looked into
    figures: tuple[Figure, ...] = ()
    figure_facts: tuple[str, ...] = ()  # a sentence for each of them
    contact: str = ""

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """Duties and penalty articles for the wording, each pair once."""
        return grounds(self.violations)

    def needed(self) -> tuple[str, ...]:
        """A notice without warning and without fine proposes nothing."""
        return (*self.needs, *(() if self.penalties or self.fine else ("penalties",)))


@dataclass(frozen=True, kw_only=True)
class Decision(Letter):
    """行政处罚、不予行政处罚、当场行政处罚决定书 — 行政处罚法 §§51–52, 57, 59.

    The six elements of §59: party and address; facts and evidence; penalty and basis; how and until
    when to fulfil; reconsideration and suit with their periods; name of the organ and date.
    """

    kind = "decision"
    order = (("notified", "on"), ("at", "on"))

    outcome: Outcome
    respondent: Party
    violations: tuple[Violation, ...]
    evidence: tuple[str, ...]
    reconsider_body: str
    reconsider_period: Period
    court: str
    suit_period: Period
    notified: date | None = None  # day the prior notice was served
    notice_number: str = ""
    defence: str = ""  # what was said, whether adopted and why (§45)
    hearing: str = ""  # asked for, and held, refused or given up (§§63–65)
    discretion: str = ""
    penalties: tuple[str, ...] = ()
    fine: Money | None = None
    set_off: Money | None = None  # of what was paid under a decision that was set aside
    rest: Money | None = None  # of the fine, after the set-off
    pay_period: Period | None = None
    bank: str = ""
    account_name: str = ""
    account: str = ""
    course: str = ""  # how the case began and was looked into
    figures: tuple[Figure, ...] = ()
    figure_facts: tuple[str, ...] = ()  # a sentence for each of them
    ground: str = ""  # no penalty: the ground with its article
    at: datetime | None = None  # on the spot
    place: str = ""
    officers: tuple[Officer, ...] = ()

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """Duties and penalty articles for the wording, each pair once."""
        return grounds(self.violations)

    def needed(self) -> tuple[str, ...]:
        """What §59, and §52 for a decision on the spot, ask for."""
        common = ("respondent.name", "respondent.address")
        if self.outcome is Outcome.NO_PENALTY:
            return (*common, "ground")
        if self.outcome is Outcome.ON_THE_SPOT:
            return (*common, *self._penalty_fields(), "at", "place", "officers")
        return (
            *common,
            *self._penalty_fields(),
            "discretion",
            "notified",
            "notice_number",
            "defence",
        )

    def _penalty_fields(self) -> tuple[str, ...]:
        if not self.fine:
            return ("penalties",)
        if self.set_off and not self.rest:
            return ()
        return ("pay_period", "bank", "account_name", "account")
