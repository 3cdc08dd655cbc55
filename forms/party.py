"""The respondent's data, mended after they were recorded."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from casework.procedure.facts import Facts
from forms.base import Filled, StepForm
from forms.codes import CodeField

MENDED = ("credit_code", "address", "representative", "phone", "township")


class Change(StepForm):
    """变更当事人信息 (change_party: 行政处罚法 §59第一项；系统设定): what is recorded stands in the
    fields; name and kind stay, for another name is another respondent."""

    credit_code = CodeField(_l("Credit code"), [Length(max=200)])
    address = StringField(_l("Address"), [Length(max=200)])
    representative = StringField(_l("Person in charge"), [Length(max=200)])
    phone = StringField(_l("Telephone"), [Length(max=60)])
    township = SelectField(_l("Township"), choices=[])
    proof = StringField(_l("What shows it"), [Filled(), Length(max=200)])
    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})

    def __init__(self, facts: Facts, formdata: Any = None, **kw: Any) -> None:
        if not formdata:
            party = facts.value("party") or {}
            kw["data"] = {
                **(kw.get("data") or {}),
                **{name: party.get(name) or "" for name in MENDED},
            }
        super().__init__(facts, formdata, **kw)

    def fill(self) -> None:
        """Townships of the bureau."""
        self.township.choices = [("", "—"), *self.known.townships.items()]

    def validate_all(self) -> bool:
        """Something is another than it was."""
        if self.payload()["party"] == {
            **dict.fromkeys(MENDED, ""),
            **(self.known.value("party") or {}),
        }:
            return self.refuse(self.reason, _l("All of it stands so already."))
        return True

    def payload(self) -> dict[str, Any]:
        """The whole respondent, so that every later paper reads one record."""
        flat = super().payload()
        mended = {name: flat[name] or "" for name in MENDED}
        return {**flat, "party": {**(self.known.value("party") or {}), **mended}}
