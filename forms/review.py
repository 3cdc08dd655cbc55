"""Legal review and panel."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, RadioField, SelectField
from wtforms.validators import Length

from casework.procedure.checks.decision import limits_over
from casework.procedure.checks.twice import fined_before
from casework.procedure.facts import NOTICES
from casework.procedure.load import procedure
from casework.reading.rule import rules
from forms.base import Filled, StepForm, text_area, text_line
from forms.colleagues import ColleagueField, colleagues
from forms.common import time_over
from forms.said_before import SaidBefore
from forms.spoken import Spoken

POINT = [("pass", _l("Pass")), ("fail", _l("Fail"))]
OUTCOME = [("pass", _l("Passed")), ("return", _l("Sent back"))]
PANEL = [("agreed", _l("Agreed")), ("return", _l("Sent back"))]
VOTES = [("", "—"), ("agree", _l("For what is proposed")), ("disagree", _l("Against it"))]
CENSUS = [
    ("", _l("Not a census case")),
    ("census", _l("The census regulation's amounts")),
    ("law", _l("The law's amounts")),
]


class VoiceForm(Spoken):
    """One voice."""

    name = ColleagueField(_l("Name"), [Length(max=200)])
    post = text_line(_l("Post"), required=False)
    vote = SelectField(_l("Vote"), choices=VOTES)
    opinion = text_line(_l("Opinion voiced"), required=False)


class LegalReview(StepForm):
    """法制审核 (legal_review: 行政处罚法 §58): six points, each passes or fails."""

    point_subject = RadioField(_l("Subject and competence"), [Filled()], choices=POINT)
    point_facts = RadioField(_l("Facts"), [Filled()], choices=POINT)
    point_evidence = RadioField(_l("Evidence"), [Filled()], choices=POINT)
    point_basis = RadioField(_l("Basis"), [Filled()], choices=POINT)
    point_procedure = RadioField(_l("Procedure"), [Filled()], choices=POINT)
    point_discretion = RadioField(_l("Discretion"), [Filled()], choices=POINT)
    census_law = SelectField(_l("Census amounts"), choices=CENSUS)
    other_act = text_area(_l("Why it is another act than the one fined before"), required=False)
    opinion = text_area(_l("Opinion"))
    result = RadioField(_l("Conclusion of the review"), [Filled()], choices=OUTCOME)

    def fill(self) -> None:
        """The reviewer is told where the time for the case ran out, and why the sum departs from
        the benchmark; the other act is asked only where an earlier fine, which is named, seems to
        be for the same conduct."""
        if over := limits_over(self.known):
            self.point_procedure.description = time_over(over)
        told = self.known.last(*NOTICES)
        if told and told.asked.get("departure_reason"):
            why = told.asked["departure_reason"]
            self.point_discretion.description = _l(
                "The sum departs from the discretion benchmark: %(why)s", why=why
            )
        earlier = fined_before(self.known)
        if not earlier:
            del self.other_act
            return
        numbers = "、".join(x.number for x in earlier)
        words = _l("Fined before: %(numbers)s. One unlawful act is fined once.", numbers=numbers)
        self.other_act.description = words


class Panel(StepForm):
    """集体讨论 (panel: 行政处罚法 §57第二款)."""

    place = text_line(_l("Place"), SaidBefore())
    voices = FieldList(FormField(VoiceForm), _l("Voices"), min_entries=3)
    conclusion = text_area(_l("Conclusion"))
    result = RadioField(_l("Result of the discussion"), [Filled()], choices=PANEL)

    def fill(self) -> None:
        """People of the bureau are offered, whoever decides cases first."""
        offered = colleagues(self.known)
        for row in self.voices:
            row.form.name.people = offered

    def payload(self) -> dict[str, Any]:
        """A member of the bureau without a post has the one that is known."""
        flat, posts = super().payload(), dict(colleagues(self.known))
        voices = [{**v, "post": v["post"] or posts.get(v["name"], "")} for v in flat["voices"]]
        return {**flat, "voices": voices}


class AnswerReading(StepForm):
    """答复评查问题 (answer_reading, answer_tip_reading: 行政处罚法 §47、§75；统计法实施条例 §38):
    which fault of the second reading, and why it does no harm or how it was mended."""

    fault = SelectField(_l("Fault that the review found"), [Filled()])
    reason = text_area(_l("Answer to it"))

    def fill(self) -> None:
        """What the last reading found and nobody answered."""
        language, known = str(get_locale()), {r.id: r for r in rules()}
        entries = {a.seq: a.step for a in self.known.acts}
        self.fault.choices = []
        for fault in self.known.faults:
            name, _, seq = fault.rpartition(":")
            step = procedure().steps.get(entries.get(int(seq), ""))
            where = f"{seq}. {step.name.in_language(language)}" if step else seq
            self.fault.choices.append(
                (fault, f"{where}：{known[name].name(language)}（{known[name].basis}）")
            )
