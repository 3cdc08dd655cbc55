"""What may stand on papers, and what stands in the file for a sheet or a file that is not there."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectField
from wtforms.validators import ValidationError

from casework.procedure.checks.signed import to_mend, unsigned
from casework.procedure.load import procedure
from casework.procedure.personal import personal
from casework.text import is_blank, layout
from forms.base import Filled, StepForm, text_area, text_line


class ReleaseNumbers(StepForm):
    """放行号码 (release_numbers: 统计法实施条例 §38（为举报人保密）): each number or address, and
    why it may be printed."""

    numbers = text_area(
        _l("Numbers or addresses that may be printed"),
        most=2000,
        rows=3,
        description=_l("One a line, as the refusal names them."),
    )
    reason = text_area(
        _l("Whose they are, and why the paper must bear them"),
        most=2000,
        rows=3,
        description=_l("Never those of an informant."),
    )

    def validate_numbers(self, field: Field) -> None:
        """Error: ValidationError for a line without a number or address that the search would
        stop."""
        lines = [x for x in layout(field.data or "").split("\n") if not is_blank(x)]
        if not all(personal(line) for line in lines):
            raise ValidationError(
                _l("A line holds no telephone number, identity number or e-mail address.")
            )


ABSENT = [
    ("refused", _l("The party refused to sign")),
    ("lost", _l("The signed sheet was lost or destroyed")),
]
WAYS = [
    ("copy", _l("A readable copy comes with this page")),
    ("sheet", _l("It cannot be printed: a sheet stands for it")),
]


class NoSignedCopy(StepForm):
    """说明无签署件 (no_signed_copy: 行政处罚法 §47、§55): which sheet, and why it did not come back
    signed."""

    paper = SelectField(_l("Paper"), [Filled()], coerce=int)
    why_unsigned = RadioField(_l("Why there is no signed sheet"), [Filled()], choices=ABSENT)
    witness = text_line(
        _l("Witness or recording"),
        required=False,
        description=_l("Where the party refused to sign."),
    )
    reason = text_area(
        _l("What happened"),
        most=2000,
        description=_l(
            "A refusal: when, where, who was there. A loss: where it was "
            "looked for, and what else proves the act."
        ),
    )

    def fill(self) -> None:
        """Sheets that must be signed and have not come back."""
        names, language = procedure().papers, str(get_locale())
        rows = (
            (p, f"{names[p.kind].name.in_language(language)} {p.number}".strip())
            for p in unsigned(self.known)
        )
        self.paper.choices = [(p.id, f"{name} {p.on}") for p, name in rows]
        self.witness.flags.depends = True


class ReplaceCopy(StepForm):
    """更换副本 (replace_copy: 行政处罚法 §46、§47；档案法实施条例 §19): which file, and what the
    case file has in its place."""

    file = SelectField(_l("File that cannot be read"), [Filled()])
    way = RadioField(_l("What the case file has in its place"), [Filled()], choices=WAYS)
    kept_at = text_line(
        _l("Where the original is kept"),
        required=False,
        description=_l("It is printed on the sheet that stands for it."),
    )
    reason = text_area(_l("Why, and how the copy was made and compared"), most=2000, rows=3)

    def fill(self) -> None:
        """Only files that cannot be read."""
        self.file.choices = to_mend(self.known)
        self.kept_at.flags.depends = True
