"""询问笔录: who was asked, when and where, what was told first, question and answer, what was put
right.

It is printed first and signed then, page by page: that it was signed is shown by the sheet that is
scanned back, never by a tick. Nothing that the person says is chosen beforehand.

Identity number, telephone and home are left to the pen: they are on the signed sheet, and nowhere
else.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from casework.text import unless_blank
from forms.base import Filled, HourField, StepForm
from forms.spoken import Spoken

RECUSAL = [
    ("no", _l("Does not ask for recusal")),
    ("yes", _l("Asks for recusal")),
]
READ = [
    ("self", _l("Read it")),
    ("aloud", _l("It was read out")),
]


class TurnForm(Spoken):
    """One question and its answer."""

    question = TextAreaField(_l("Question"), [Length(max=2000)], render_kw={"rows": 2})
    reply = TextAreaField(_l("Reply"), [Length(max=6000)], render_kw={"rows": 2})


class Interview(StepForm):
    """询问笔录 (interview: 行政处罚法 §55): one person at a time (行政处罚法 §55)."""

    person = StringField(_l("Person interviewed"), [Filled(), Length(max=200)])
    sex_age = StringField(_l("Sex and age"), [Length(max=40)])
    post = StringField(_l("Post of that person"), [Length(max=200)])
    place = StringField(_l("Place of the interview"), [Filled(), Length(max=200)])
    began = HourField(_l("Began at (hour:minute)"), [Filled()])
    ended = HourField(_l("Ended at (hour:minute)"), [Filled()])
    cards_shown = BooleanField(_l("Cards were shown and noted"), [Filled()])
    rights_told = BooleanField(_l("Rights were told"), [Filled()])
    recusal = RadioField(_l("Answer about recusal"), [Filled()], choices=RECUSAL)
    dialogue = FieldList(FormField(TurnForm), _l("Questions and answers"), min_entries=6)
    corrections = TextAreaField(
        _l("What the person put right or added"),
        [Length(max=6000)],
        description=_l("Empty: nothing."),
        render_kw={"rows": 3},
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
    refusal = StringField(
        _l("Why it was not signed"),
        [Length(max=200)],
        description=_l(
            "Only where the refusal is known before printing; else "
            "it is written on the sheet by hand."
        ),
    )

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
