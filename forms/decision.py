"""Prior notice, decision, circular."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from casework.procedure.fines import owed_back
from forms.base import ChecksField, Filled, StepForm, YuanField
from forms.inspection import PENALTIES, SERIOUS

NO_PENALTY = [
    ("minor", _l("Minor, corrected in time, no harm")),
    ("first", _l("First time, minor harm, corrected")),
    ("no_fault", _l("No fault, proved by the party")),
    ("not_made_out", _l("The facts are not made out")),
    ("time_barred", _l("More than two years ago")),
]


class PriorNotice(StepForm):
    """事先告知: what is proposed, and why."""

    kinds = ChecksField(_l("Penalties"), [Filled()], choices=PENALTIES)
    fine_fen = YuanField(_l("Fine (yuan)"))
    serious_ground = SelectField(_l("Ground for the upper tier"), choices=SERIOUS)
    evidence = TextAreaField(
        _l("Evidence, one per line"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )
    discretion = TextAreaField(_l("Discretion"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    contact = StringField(_l("Contact"), [Length(max=200)])

    def validate_all(self) -> bool:
        """A fine has a sum, and a sum is a fine."""
        fine = "fine" in (self.kinds.data or [])
        has_sum = bool(self.payload()["fine_fen"])
        if fine != has_sum:
            return self.refuse(self.fine_fen, _l("A fine and its sum go together."))
        return True


class DecidePenalty(PriorNotice):
    """处罚决定."""

    defence = TextAreaField(
        _l("The defence, and whether it was adopted"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )
    bank = StringField(_l("Bank and account"), [Length(max=200)])
    set_off = BooleanField(_l("The party agrees in writing: what it paid before is set off against this fine"))

    def fill(self) -> None:
        """Set-off only where money is owed back; without it the money is paid back (强制法 §41)."""
        back = owed_back(self.known)
        if not back.fen:
            del self.set_off
            return
        self.set_off.description = _l(
            "%(sum)s yuan were paid under the decision that was set aside. Unticked, they are owed back.",
            sum=f"{back.yuan:,.2f}",
        )

    def __init__(self, facts: Any, formdata: Any = None, **kw: Any) -> None:
        told = facts.last("prior_notice", "prior_notice_again")
        if formdata is None and told:
            start = {k: told.asked.get(k) for k in ("kinds", "serious_ground", "evidence", "discretion", "contact")}
            fen = told.asked.get("fine_fen")
            start["fine_fen"] = f"{fen / 100:.2f}" if fen else ""
            kw["data"] = {**start, "bank": facts.bureau.bank}
        super().__init__(facts, formdata, **kw)


class DecideNoPenalty(StepForm):
    """不予处罚."""

    ground = RadioField(_l("Ground"), [Filled()], choices=NO_PENALTY)
    corrected = BooleanField(_l("Corrected"))
    proof = TextAreaField(_l("Proof of no fault"), [Length(max=20000)], render_kw={"rows": 4})
    evidence = TextAreaField(
        _l("Evidence, one per line"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )
    education = TextAreaField(_l("Education given"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class Circulate(StepForm):
    """通报曝光."""

    text = TextAreaField(_l("Text"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    recipients = StringField(_l("To whom"), [Filled(), Length(max=200)])
