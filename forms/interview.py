"""询问笔录: who was asked, when and where, what was told first, question and answer, what was put
right.

It is printed first and signed then, page by page: that it was signed is shown by the sheet that is
scanned back, never by a tick. Nothing that the person says is chosen beforehand.

Identity number, telephone and home are left to the pen: they are on the signed sheet, and nowhere
else.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, RadioField
from wtforms.validators import Optional

from casework.text import unless_blank
from forms import sources
from forms.base import Filled, HourField, StepForm, text_area, text_line
from forms.common import UNSIGNED
from forms.proposed import Proposed
from forms.spoken import Spoken

RECUSAL = [("no", _l("Does not ask for recusal")), ("yes", _l("Asks for recusal"))]
READ = [("self", _l("Read it")), ("aloud", _l("It was read out"))]


class TurnForm(Spoken):
    """One question and its answer."""

    question = text_area(_l("Question"), required=False, most=2000, rows=2)
    reply = text_area(_l("Reply"), required=False, most=6000, rows=2)


class Interview(StepForm):
    """询问笔录 (interview: 行政处罚法 §55): one person at a time (行政处罚法 §55)."""

    person = text_line(_l("Person interviewed"))
    sex_age = text_line(_l("Sex and age"), required=False, most=40)
    post = text_line(_l("Post of that person"), required=False)
    place = text_line(_l("Place of the interview"), Proposed(sources.inspected_at))
    began = HourField(_l("Began at (hour:minute)"), [Filled()])
    ended = HourField(_l("Ended at (hour:minute)"), [Filled()])
    cards_shown = BooleanField(_l("Cards were shown and noted"), [Filled()])
    rights_told = BooleanField(_l("Rights were told"), [Filled()])
    recusal = RadioField(_l("Answer about recusal"), [Filled()], choices=RECUSAL)
    dialogue = FieldList(FormField(TurnForm), _l("Questions and answers"), min_entries=6)
    corrections = text_area(
        _l("What the person put right or added"),
        required=False,
        most=6000,
        rows=3,
        description=_l("Empty: nothing."),
    )
    read_how = RadioField(
        _l("How the person knows the record"),
        [Optional()],
        choices=READ,
        description=_l(
            "Only where the person has read or heard it already; else "
            "it is ticked on the printed sheet."
        ),
    )
    refusal = text_line(_l("Why it was not signed"), required=False, description=UNSIGNED)

    def validate_all(self) -> bool:
        """At least one whole pair, and no half ones."""
        pairs = [
            (unless_blank(row["question"]), unless_blank(row["reply"]))
            for row in self.dialogue.data
        ]
        if not any(question and reply for question, reply in pairs):
            return self.refuse(self.dialogue, _l("Write at least one question with its answer."))
        if any(bool(question) is not bool(reply) for question, reply in pairs):
            return self.refuse(
                self.dialogue,
                _l("Each question needs its answer: write «未回答» where there was none."),
            )
        return True
