"""Payment, demand, court."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, RadioField, SelectField

from casework.procedure.checks.execution import agreement_stands
from casework.procedure.day_bounds import Lies
from casework.procedure.fines import owed, owed_back
from forms import sources
from forms.base import DayField, Filled, StepForm, YuanField, plain_value, text_area, text_line
from forms.proposed import Proposed
from forms.said_before import SaidBefore
from forms.spoken import Spoken

COURT = [("executed", _l("Executed")), ("refused", _l("Refused")), ("ended", _l("Ended"))]
PAUSES = [
    ("cannot", _l("The party cannot perform for now")),
    ("third", _l("A third person claims the thing")),
    ("harm", _l("Execution may do great harm")),
    ("other", _l("Other")),
]
ENDS = [
    ("dead", _l("The citizen died, no estate")),
    ("gone", _l("The organisation ended, no successor")),
    ("lost", _l("The thing is lost")),
    ("annulled", _l("The decision was revoked")),
    ("other", _l("Other")),
]


class Pay(StepForm):
    """缴款 (pay: 行政处罚法 §67)."""

    paid_fen = YuanField(_l("Paid (yuan)"), [Filled(), Proposed(sources.owed_today)])
    paid_on = DayField(_l("Paid on"), [Filled()], lies=Lies.DURING)
    slip = text_line(_l("Bank slip"))
    more = BooleanField(
        _l("More than is owed came in, as the slip shows: the rest goes back to the party")
    )

    def fill(self) -> None:
        """Today, until another day is typed."""
        if not self.paid_on.data:
            self.paid_on.data = self.known.today.isoformat()


class Refund(StepForm):
    """退还罚款 (refund: 行政强制法 §41；行政处罚法 §74)."""

    refunded_fen = YuanField(_l("Paid back (yuan)"), [Filled(), Proposed(sources.owed_back_today)])
    refunded_on = DayField(_l("Paid back on"), [Filled()], lies=Lies.DURING)
    payee = text_line(_l("To which account"), description=_l("In the name of the party."))
    slip = text_line(_l("Treasury or bank slip"))

    def fill(self) -> None:
        """Today, until another day is typed."""
        if not self.refunded_on.data:
            self.refunded_on.data = self.known.today.isoformat()

    def validate_all(self) -> bool:
        """At most what is owed back; said beside the field."""
        if int(self.refunded_fen.plain() or 0) > owed_back(self.known).fen:
            return self.refuse(self.refunded_fen, _l("More than is owed back."))
        return True


class PartForm(Spoken):
    """One instalment, as one row."""

    pay_by = DayField(_l("To be paid by"), lies=Lies.AHEAD)
    part_fen = YuanField(_l("Sum (yuan)"))


class Instal(StepForm):
    """延期、分期 (instal: 行政处罚法 §66、§72): one row for payment later, several for payment in
    parts, each with its day and its sum."""

    request = text_line(_l("Application"))
    instalments = FieldList(FormField(PartForm), _l("Instalments"), min_entries=2)
    due = DayField(_l("Last instalment"), lies=Lies.AHEAD)  # not asked: the day of the last row

    def fill(self) -> None:
        """All that is owed, in one sum: whoever grants parts writes smaller ones."""
        del self.due
        first = self.instalments[0].form
        if not first.part_fen.raw_data and not first.part_fen.data:
            first.part_fen.data = f"{owed(self.known).yuan:.2f}"

    def _rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = plain_value(self.instalments)
        return found

    def validate_all(self) -> bool:
        """Each row has its day and its sum, and the days run forwards; said beside the table."""
        rows = self._rows()
        if not rows or not all(row["pay_by"] and row["part_fen"] for row in rows):
            return self.refuse(self.instalments, _l("Give the day and the sum of each instalment."))
        days = [row["pay_by"] for row in rows]
        if days != sorted(set(days)):
            return self.refuse(
                self.instalments, _l("Each instalment has a later day than the one before it.")
            )
        return True

    def payload(self) -> dict[str, Any]:
        """With the last day, from which the term runs."""
        found = super().payload()
        return {**found, "due": found["instalments"][-1]["pay_by"]}


class Enforces(StepForm):
    """What enforces a decision: beside an agreement it asks what of it was not kept."""

    broken = text_area(
        _l("What of the agreement the party did not keep"),
        required=False,
        rows=3,
        description=_l(
            "Which instalment or duty, and its day. Where the "
            "agreement is kept, nothing is enforced."
        ),
    )

    def fill(self) -> None:
        """Asked only where an agreement stands."""
        super().fill()
        if agreement_stands(self.known) is None:
            del self.broken
            return
        self.broken.validators = [Filled(), *self.broken.validators]
        self.broken.flags.required = True


class Demand(Enforces):
    """催告 (demand: 行政强制法 §35–36、§54)."""

    way = text_area(_l("How to perform"))


class ApplyCourt(Enforces):
    """申请法院执行 (apply_court: 行政强制法 §53–55)."""

    court = text_line(_l("Court"), Proposed(sources.own_court), SaidBefore())
    material = text_area(_l("Material, one per line"))


class CourtResult(StepForm):
    """裁定与执行结果 (court_result: 行政强制法 §56–58)."""

    result = RadioField(_l("Result"), [Filled()], choices=COURT)
    ruling = text_line(_l("Ruling"))
    note = text_area(_l("Note"), required=False)


class Agree(StepForm):
    """执行协议 (agree: 行政强制法 §42)."""

    terms = text_area(_l("Terms"))
    remedied = text_area(_l("Remedial steps taken"))


class PauseExecution(StepForm):
    """中止执行 (pause_execution: 行政强制法 §39)."""

    ground = SelectField(_l("Ground in law"), [Filled()], choices=PAUSES)
    reason = text_area(_l("Reason"))


class EndExecution(StepForm):
    """终结执行 (end_execution: 行政强制法 §40)."""

    ground = SelectField(_l("Ground in law"), [Filled()], choices=ENDS)
    reason = text_area(_l("Reason"))
