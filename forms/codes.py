"""The code of a unit, wherever one is asked: the sentence that says what is wrong with it, and the
step that confirms it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Field, Form, SelectField, StringField, widgets
from wtforms.validators import Length, ValidationError

from casework.procedure.codes import (
    CodeFault,
    CodeKind,
    CodeState,
    UnitCode,
    credit_check,
    unit_code,
    what_is_wrong,
    without_identity_numbers,
)
from casework.procedure.facts import Facts
from forms.base import Filled, StepForm, text_area

COMPARED_WITH = [
    ("", "—"),
    ("licence", _l("The business licence or certificate")),
    ("register", _l("The public register of enterprises")),
    ("unit", _l("A paper with the seal of the unit")),
    ("none", _l("The unit has no code")),
]
KINDS = ("kind", "party_kind", "subject_kind")  # fields of a form that say what the unit is


# after the name of a field: the code that was refused for its doubt when it was sent before
DOUBTED = "-doubted"


class _CodeInput(widgets.TextInput):
    """The code, and beside it the doubtful one that was refused when it was sent first."""

    def __call__(self, field: Any, **kw: Any) -> Markup:
        """The input."""
        line = super().__call__(field, **kw)
        if not field.doubted:
            return line
        again = Markup('{}<input type="hidden" name="{}{}" value="{}">')
        return again.format(line, field.name, DOUBTED, field.doubted)


class CodeField(StringField):
    """A code of a unit: kept as it was typed; what can be none, or is the number of a human being,
    is refused. A doubtful one is refused once: sent again, it passes and is confirmed later."""

    widget = _CodeInput()
    doubted = ""  # the doubtful code that was refused last

    def process(self, formdata: Any, *rest: Any, **kw: Any) -> None:
        """Reads the code, and the one that was refused before."""
        super().process(formdata, *rest, **kw)
        sent = formdata.getlist(f"{self.name}{DOUBTED}") if formdata else []
        self.doubted = sent[0] if sent else ""

    def pre_validate(self, form: Form) -> None:
        """Asked of every code that a form takes. Error: ValidationError for what can be no code, is
        the number of a human being, or is doubtful and was not sent before."""
        kind = next((str(form[name].data or "") for name in KINDS if name in form), "")
        if sentence := refusal(self.data or "", kind):
            raise ValidationError(sentence)
        code, before = unit_code(self.data or "", kind), unit_code(self.doubted, kind)
        if code.state is CodeState.DOUBTFUL and code != before and not _on_record(form, code):
            self.doubted = code.text
            raise ValidationError(_doubt(code))


def _on_record(form: Form, code: UnitCode) -> bool:
    """Whether the docket has that code already, or the form is there to judge it."""
    known = getattr(form, "known", None)
    party = known.party if known else None
    return isinstance(form, ConfirmCode) or bool(
        party and unit_code(party.credit_code).text == code.text
    )


def _doubt(code: UnitCode) -> Any:
    """Why a code is doubtful, in words."""
    if code.kind is CodeKind.CREDIT and code.text[-1] != (right := credit_check(code.text[:17])):
        return _l(
            "The check digit does not fit: with these signs the last one would be %(right)s. "
            "Compare it with the licence. If the licence says so, send it once more.",
            right=right,
        )
    return _l(
        "This may be the number of a person's identity card. Compare it with the licence. If the "
        "licence says so, send it once more."
    )


class NoIdentityNumber:
    """A name has no identity number in it: names stand on lists and papers, and of units they
    become public."""

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        """Error: ValidationError where an identity number stands in the text."""
        typed = field.data or ""
        if without_identity_numbers(typed) != typed:
            raise ValidationError(
                self.message
                or _l("Take the number of the identity card out: names can become public.")
            )


IDENTITY = _l(
    "This is the number of a person's identity card, not the code of a "
    "unit. It must not be written here, because what "
    "stands here can become public. Leave the field empty when the unit has no code."
)


def refusal(typed: str, kind: str = "") -> Any:
    """The sentence by which a code is refused; None for one that passes. `kind`: of the unit, where
    it is known."""
    code = unit_code(typed, kind)
    if code.state is CodeState.IDENTITY:
        return IDENTITY
    return _sentence(code) if code.state is CodeState.WRONG else None


def _sentence(code: UnitCode) -> Any:
    """What is wrong with a code, in words."""
    fault, shown = what_is_wrong(code)
    if fault is CodeFault.SPREADSHEET:
        return _l(
            "A spreadsheet has spoilt this number (%(shown)s): copy it from the licence again.",
            shown=shown,
        )
    if fault is CodeFault.SIGNS:
        return _l("A code has letters and digits only; take out: %(shown)s", shown=shown[:20])
    if fault is CodeFault.LETTERS:
        return _l(
            "A credit code never has the letters I, O, S, V or Z; this one has "
            "%(shown)s. Compare it with the licence: it "
            "is often 1, 0, 5 or 2.",
            shown=shown,
        )
    return _l(
        "A credit code has 18 signs, an old registration number 15, an old "
        "organisation code 9; this one has %(shown)s. "
        "Compare it with the licence.",
        shown=shown,
    )


class ConfirmCode(StepForm):
    """核对单位代码 (confirm_code: 个人信息保护法 §8、§25): the code as it is right, and what it was
    compared with."""

    credit_code = CodeField(
        _l("Credit code"),
        [Length(max=200)],
        description=_l("As it stands on the licence. Empty: the unit has no code."),
    )
    compared = SelectField(_l("Compared with"), [Filled()], choices=COMPARED_WITH)
    note = text_area(_l("Note"), required=False, most=2000, rows=2)

    def __init__(self, facts: Facts, formdata: Any = None, **kw: Any) -> None:
        if formdata is None:
            party, told = facts.value("party") or {}, facts.value("credit_code")
            kw["data"] = {
                **(kw.get("data") or {}),
                "credit_code": party.get("credit_code") or told or "",
            }
        super().__init__(facts, formdata, **kw)

    def validate_all(self) -> bool:
        """No identity number is confirmed as a code; no code and «has none» say the same."""
        party = self.known.value("party") or {"kind": self.known.value("subject_kind")}
        typed = self.credit_code.data or ""
        code = unit_code(typed, str(party.get("kind") or ""))
        if code.state is CodeState.IDENTITY and not self.credit_code.errors:
            return self.refuse(self.credit_code, IDENTITY)
        if self.compared.data and (code.state is CodeState.NONE) != (self.compared.data == "none"):
            return self.refuse(self.compared, _l("Either there is a code, or the unit has none."))
        return True

    def payload(self) -> dict[str, Any]:
        """The respondent as recorded, with the right code."""
        flat, party = super().payload(), self.known.value("party")
        return {**flat, "party": {**party, "credit_code": flat["credit_code"]}} if party else flat
