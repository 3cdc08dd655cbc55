"""The respondent's data, mended after they were recorded."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Length

from casework.procedure.facts import Facts
from forms.base import StepForm, text_area, text_line
from forms.codes import CodeField

MENDED = ("credit_code", "address", "representative", "phone", "township")


class Change(StepForm):
    """变更当事人信息 (change_party: 行政处罚法 §59第一项；系统设定): what is recorded stands in the
    fields; name and kind stay, for another name is another respondent."""

    credit_code = CodeField(_l("Credit code"), [Length(max=200)])
    address = text_line(_l("Address"), required=False)
    representative = text_line(_l("Person in charge"), required=False)
    phone = text_line(_l("Telephone"), required=False, most=60)
    township = SelectField(_l("Township"), choices=[])
    proof = text_line(_l("What shows it"))
    reason = text_area(_l("Reason"))

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
