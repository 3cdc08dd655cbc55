"""Answer, close, archive, correct."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from casework.procedure.checks.closing import annullable, correctable, remedy_open
from casework.procedure.day_bounds import Lies
from casework.procedure.facts import ActFacts
from casework.procedure.load import procedure
from casework.procedure.retention import marks_of
from casework.text import is_blank
from forms import sources
from forms.answers import PrintedOn
from forms.base import DayField, Filled, SeenBy, StepForm, plain_value, text_area, text_line
from forms.codes import refusal
from forms.proposed import Proposed
from forms.registry import form_class
from forms.said_before import SaidBefore

TERMS = [("30", _l("Thirty years")), ("permanent", _l("Permanent"))]
REVOKED = [("anew", _l("Dealt with anew")), ("dropped", _l("No penalty any more"))]
FINAL = [("no", _l("An interim answer")), ("yes", _l("The final answer"))]


class AnswerInformant(StepForm):
    """答复举报人 (answer_informant: 统计法实施条例 §38): exactly what the informant will read."""

    informant_reads, internal_reason = "text", "internal"
    text = TextAreaField(
        _l("Reply (the informant reads exactly this)"),
        [
            Filled(),
            Length(max=20000),
            SeenBy("message.see"),
            PrintedOn("reply", place="result"),
        ],
        render_kw={"rows": 4},
    )
    final = RadioField(_l("Kind of answer"), [Filled()], choices=FINAL)
    internal = text_area(_l("Internal reason (never shown)"), required=False)


class Close(StepForm):
    """结案 (close: 系统设定：结案条件)."""

    result = text_area(_l("Result"), Proposed(sources.what_was_decided))
    execution = text_area(_l("Execution"), Proposed(sources.what_was_paid))
    publication = text_area(
        _l("Publication and referrals"), Proposed(sources.what_was_published), required=False
    )
    remedy_reason = text_area(
        _l("Why it is closed before the outcome of the remedy"), required=False
    )

    def fill(self) -> None:
        """A word about the remedy only where one is open."""
        if not remedy_open(self.known):
            del self.remedy_reason


class Archive(StepForm):
    """归档 (archive: 行政处罚法 §47；档案法实施条例 §19)."""

    term = RadioField(_l("Kept for"), [Filled()], choices=TERMS)
    shelf = text_line(_l("Place in the archive"), SaidBefore())

    def fill(self) -> None:
        """«Permanent» is proposed for a case that bears a mark of importance, and the mark is
        named; the pages are counted."""
        found = marks_of(self.known)
        self.term.data = self.term.data or ("permanent" if found else "30")
        names = "、".join(m.name.in_language(str(get_locale())) for m in found)
        self.term.description = (
            _("Marks of an important case: %(marks)s.", marks=names) if found else ""
        )
        bound = self.known.bound
        self.shelf.description = (
            _("The bound file has %(pages)s numbered pages.", pages=bound.pages) if bound else ""
        )


class Redo(StepForm):
    """重新处理 (redo: 行政复议法 §64；行政诉讼法 §70–71)."""

    order = text_line(_l("Order to deal with it anew"))
    due = DayField(_l("Deal with it anew by"), [Filled()], lies=Lies.AHEAD)
    reason = text_area(_l("Reason"))


class Revoke(StepForm):
    """撤销已送达的处罚决定 (revoke_decision: 行政处罚法 §75第二款；行政诉讼法 §62): why it is
    wrong, and whether the case is dealt with anew."""

    result = RadioField(_l("What becomes of the case"), [Filled()], choices=REVOKED)
    due = DayField(
        _l("Deal with it anew by"), description=_l("When it is dealt with anew."), lies=Lies.AHEAD
    )
    reason = text_area(_l("What is wrong with the decision (stands on the paper)"))


class Correct(StepForm):
    """更正记录 (correct_act: 系统设定): names the entry; the day, or one of its texts. What the
    entry says now stands below its name."""

    stands_for = "act"
    act = SelectField(
        _l("Entry to correct"),
        [Filled()],
        coerce=int,
        description=_l(
            "Not among them: what is printed on a paper. The day of "
            "a service has a step of its own."
        ),
    )
    corrected_on = DayField(_l("Right day"), lies=Lies.ENTRY)
    field = SelectField(_l("What in it is wrong"), validate_choice=False)
    value = text_area(_l("Right text"), required=False)
    proof = text_line(
        _l("What shows that it is right"),
        required=False,
        description=_l(
            "A postmark, a register of receipts, a judgment: needed where the "
            "party would lose a right by the correction, and "
            "where what a court or the reviewing body did is corrected."
        ),
    )
    reason = text_area(_l("Reason"))

    def fill(self) -> None:
        """Entries that may be corrected, newest first, and the texts of the one that is chosen."""
        steps, language = procedure().steps, str(get_locale())
        self.act.choices = [
            (a.seq, f"{a.seq}. {steps[a.step].name.in_language(language)} {a.on}")
            for a in reversed(correctable(self.known))
        ]
        if self.act.data is None and self.act.choices:
            self.act.data = self.act.choices[0][0]
        self.field.choices = [("", "—"), *self._texts().items()]

    def _entry(self) -> ActFacts | None:
        return next((a for a in self.known.done() if a.seq == self.act.data), None)

    def _texts(self) -> dict[str, Any]:
        """The texts that stand in the entry, each under the label that its own form has for it."""
        entry, named = self._entry(), dict[str, Any]()
        form = self._own_form({})
        for key, value in (entry.asked if entry else {}).items():
            if (
                isinstance(value, str)
                and value
                and key in form
                and _typed(getattr(type(form), key, None))
            ):
                named[key] = getattr(type(form), key).args[0]
        return named

    def _own_form(self, right: dict[str, Any]) -> StepForm:
        """The form that asked the entry, as it stood for its channel, with what is right now."""
        entry = self._entry()
        # nothing, where the program itself acted
        asks = procedure().steps[entry.step].asks if entry else ""
        channel = {"channel": entry.asked["channel"]} if entry and "channel" in entry.asked else {}
        return form_class(asks or "base.StepForm")(self.known, MultiDict({**channel, **right}))

    def _right(self) -> Field:
        """The field of the entry's own form, with the right text in it: a day is still asked for as
        a day."""
        # a doubtful code is doubted where it is entered, not where it is corrected
        right = {self.field.data: self.value.data, f"{self.field.data}-doubted": self.value.data}
        form = self._own_form(right)
        found = form[self.field.data]
        found.validate(form)
        return found

    def validate_all(self) -> bool:
        """What is corrected stands in that entry, and something is: a day, or a text with its right
        wording."""
        entry, day = self._entry(), getattr(self.corrected_on, "day", None)
        wrong = self._wrong_text() if self.field.data else None
        if wrong is not None:
            return self.refuse(*wrong)
        if day is None and not self.field.data and not self.corrected_on.errors:
            return self.refuse(
                self.corrected_on,
                _l("Give the right day, or choose what is wrong and write it anew."),
            )
        if entry is not None and day == entry.on:
            return self.refuse(self.corrected_on, _l("This is the day that is entered."))
        return True

    def _wrong_text(self) -> tuple[Field, Any] | None:
        """The field that has a fault, and its sentence, where a text is to be corrected: it is none
        of the entry, or cannot stand there."""
        if self.field.data not in self._texts():
            return self.field, _l("This entry has nothing of the kind.")
        if self.field.data == "credit_code" and (sentence := refusal(self.value.data or "")):
            return self.value, sentence
        if is_blank(self.value.data or ""):
            return self.value, _l("Write what it should say.")
        errors = self._right().errors
        return (self.value, errors[0]) if errors else None

    def payload(self) -> dict[str, Any]:
        """Only what is corrected, beside what the entry said until now: the correction can be read
        by itself."""
        flat, entry = super().payload(), self._entry()
        field, value = flat.pop("field"), flat.pop("value")
        value = plain_value(self._right()) if field else value
        was = {field: entry.asked.get(field)} if field and entry else {}
        was_on = entry.on.isoformat() if entry and flat["corrected_on"] else ""
        return {**flat, "fields": {field: value} if field else {}, "was": was, "was_on": was_on}


def _typed(field: Any) -> bool:
    """Whether people write the answer themselves: it is neither chosen from a list nor hidden, and
    has a label."""
    kind = getattr(field, "field_class", type(None))
    return issubclass(kind, StringField) and not issubclass(kind, HiddenField) and bool(field.args)


class Annul(StepForm):
    """撤销步骤 (annul_step: 系统设定)."""

    act = SelectField(_l("Entry"), [Filled()], coerce=int)
    proof = text_line(
        _l("What shows the mistake"),
        required=False,
        description=_l(
            "Needed where a defence or a request for a hearing is "
            "annulled: the paper that shows the mistake."
        ),
    )
    reason = text_area(_l("Reason"))

    def fill(self) -> None:
        """Only the last step."""
        last = annullable(self.known, self.known.main.label)
        language = str(get_locale())
        self.act.choices = (
            [(last.seq, procedure().steps[last.step].name.in_language(language))] if last else []
        )
