"""Verification: plan, figures, report."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import Length

from casework.procedure.day_bounds import Lies
from casework.text import is_blank
from forms import sources
from forms.base import DayField, Filled, NumberField, StepForm, text_area, text_line
from forms.codes import CodeField, NoIdentityNumber
from forms.common import KINDS
from forms.proposed import Proposed
from forms.said_before import SaidBefore
from forms.spoken import Spoken
from forms.units import OfUnit

RESULTS = [
    ("file", _l("File a case")),
    ("not_file", _l("Do not file")),
    ("transfer", _l("Transfer")),
]


class FigureForm(Spoken):
    """One line of the figure table."""

    indicator = text_line(_l("Indicator"), required=False)
    reported = NumberField(_l("Reported"))
    verified = NumberField(_l("Verified"))
    unit = text_line(_l("Unit"), required=False)
    form = text_line(_l("Survey form"), required=False)
    period = text_line(_l("Which month or year"), required=False)


class Plan(StepForm):
    """核查方案 (plan_verification: 系统设定)."""

    whom = text_line(_l("Whom"), Proposed(sources.of_party("name")))
    how = text_area(_l("How it is verified"))
    when = DayField(_l("When"), [Filled()], lies=Lies.AHEAD)


class Figures(StepForm):
    """指标核对 (verify_figures: 统计法 §38): reported and verified, in one unit."""

    figures = FieldList(
        FormField(FigureForm), _l("Figures"), [Proposed(sources.told_form)], min_entries=3
    )
    method = text_line(_l("How they were verified"), SaidBefore())
    cards_shown = BooleanField(_l("Cards were shown and noted"), [Filled()])

    def validate_all(self) -> bool:
        """At least one whole line; every started line is whole."""
        good = bool(self.payload()["figures"]) or self.refuse(
            self.method, _l("Write at least one figure.")
        )
        for entry in self.figures:
            line = entry.form
            if any(
                not is_blank(f.data or "") for f in (line.indicator, line.reported, line.verified)
            ):
                good = self._whole(line) and good
        return good

    def payload(self) -> dict[str, Any]:
        """Without rows in which nobody wrote but the form and the period that were proposed."""
        flat = super().payload()
        asked = ("indicator", "reported", "verified")
        rows = [row for row in flat["figures"] if any(row[key] for key in asked)]
        return {**flat, "figures": rows}

    def _whole(self, line: FigureForm) -> bool:
        """No part of a started line is empty."""
        parts = (line.indicator, line.reported, line.verified, line.unit)
        empty = [f for f in parts if is_blank(f.data or "")]
        for field in empty:
            self.refuse(field, _l("Fill this in."))
        return not empty


class ExtendVerification(StepForm):
    """延长核查 (extend_verification: 信访工作条例 §34（参照）): by the period of the settings,
    once."""

    reason = text_area(_l("Reason"))

    def payload(self) -> dict[str, Any]:
        """Named by its setting."""
        return {**super().payload(), "by": "tip.verify_ext"}


class Report(StepForm):
    """核查报告 (verification_report: 统计法 §38)."""

    party_name = StringField(
        _l("Respondent"),
        [
            Filled(),
            Length(max=200),
            NoIdentityNumber(),
            Proposed(sources.of_party("name")),
            OfUnit("name"),
        ],
    )
    party_kind = SelectField(
        _l("Kind"), [Filled(), Proposed(sources.of_party("kind")), OfUnit("kind")], choices=KINDS
    )
    credit_code = CodeField(
        _l("Credit code"),
        [Length(max=200), Proposed(sources.of_party("credit_code")), OfUnit("credit_code")],
    )
    address = text_line(
        _l("Address"), Proposed(sources.of_party("address")), OfUnit("address"), required=False
    )
    representative = text_line(
        _l("Person in charge"),
        Proposed(sources.of_party("representative")),
        OfUnit("representative"),
        required=False,
    )
    findings = text_area(_l("What the verification found"), Proposed(sources.from_figures))
    no_figures = text_area(_l("Why no figures were compared"), required=False)
    result = RadioField(_l("Proposed handling"), [Filled()], choices=RESULTS)

    def payload(self) -> dict[str, Any]:
        """The respondent as one record."""
        flat = super().payload()
        known = self.known.party
        party = {
            "name": flat.pop("party_name"),
            "kind": flat.pop("party_kind"),
            "credit_code": flat.pop("credit_code"),
            "address": flat.pop("address"),
            "representative": flat.pop("representative"),
            "township": known.township if known else "",
            "phone": known.phone if known else "",
        }
        return {**flat, "party": party}
