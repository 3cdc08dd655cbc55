"""Publication and serious dishonesty."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import Length, Optional

from casework.procedure.day_bounds import Lies
from forms import sources
from forms.base import DayField, Filled, StepForm, text_area, text_line
from forms.notice import PAPER, UNTICKED, WHOLE, whole_is_proved
from forms.proposed import Proposed

GROUNDS = [
    ("fabricated", _l("Fabricated data")),
    ("untrue", _l("Untrue data, serious")),
    ("refused", _l("Refusal or obstruction, serious")),
    ("records", _l("Hid or destroyed records")),
    ("inquiry", _l("Refused or false answers to an inquiry")),
    ("other", _l("Other serious acts")),
]
RESULTS = [("kept", _l("The entry stays")), ("mended", _l("The entry is mended"))]


AS_DECIDED = _l(
    "Everybody reads this. Penalty, number and day are taken from the decision and are not typed."
)
OWN_FACTS = _l("Left empty: the facts that each case itself has found.")


class ApprovePublication(StepForm):
    """公示审批 (approve_publication: 行政处罚法 §48；国统字〔2023〕49号): the eleven fields are
    taken from the decision."""

    influence = text_area(_l("Social influence"))
    summary = text_area(
        _l("Facts, as shown"), Proposed(sources.decided_as_found), description=AS_DECIDED
    )


class ApproveMany(StepForm):
    """公示审批 of several cases: the facts of each are its own."""

    influence = text_area(_l("Social influence"))
    summary = TextAreaField(
        _l("Facts, as shown"),
        [Optional(), Length(max=20000)],
        description=OWN_FACTS,
        render_kw={"rows": 4},
    )


class Assess(StepForm):
    """失信评估 (assess_dishonesty: 国家统计局令第35号（条文未核对）)."""

    ground = SelectField(_l("Ground"), [Filled()], choices=GROUNDS)
    facts = text_area(_l("Facts"), Proposed(sources.decided_as_found))


class DishonestyNotice(StepForm):
    """认定告知 (dishonesty_notice: 国家统计局令第35号（条文未核对）)."""

    facts = text_area(_l("Facts"), Proposed(sources.answer_to("facts", "assess_dishonesty")))
    articles = text_line(_l("Basis"), Proposed(sources.from_setting("sdx.order")))


class DishonestyDefence(StepForm):
    """企业申辩 (dishonesty_defence, extension_defence:
    国家统计局令第35号（条文未核对）；国统字〔2019〕33号 §16（旧规定）)."""

    opinion = text_area(_l("What the firm said"))
    adopted = text_area(_l("Whether it was adopted, and why"))
    whole = BooleanField(WHOLE, description=UNTICKED)
    document = text_line(PAPER, required=False)

    def validate_all(self) -> bool:
        """A whole defence says which paper declares it."""
        return whole_is_proved(self)


class Determine(StepForm):
    """认定 (determine: 国家统计局令第35号（条文未核对）)."""

    facts = text_area(_l("Facts"), Proposed(sources.answer_to("facts", "dishonesty_notice")))
    articles = text_line(_l("Basis"), Proposed(sources.answer_to("articles", "dishonesty_notice")))


class ListEntry(StepForm):
    """列入名单 (list_entry: 国家统计局令第35号（条文未核对）)."""

    summary = text_area(
        _l("Facts, as shown"),
        Proposed(sources.answer_to("facts", "determine")),
        description=AS_DECIDED,
    )


class ListMany(StepForm):
    """列入名单 of several firms."""

    summary = TextAreaField(
        _l("Facts, as shown"),
        [Optional(), Length(max=20000)],
        description=OWN_FACTS,
        render_kw={"rows": 4},
    )


class Repair(StepForm):
    """信用修复 (repair: 国家统计局令第35号（条文未核对）)."""

    request = text_line(_l("Application"))
    verified = text_area(_l("How the correction was verified"))


class Objection(StepForm):
    """公示异议 (object_listing: 国家统计局令第35号（条文未核对）)."""

    objector = text_line(_l("Who objects"))
    points = text_area(_l("Points raised"))
    result = RadioField(_l("Result"), [Filled()], choices=RESULTS)
    summary = text_area(_l("Facts as mended, if they are"), required=False)
    reason = text_area(_l("Reason"))


class ExtensionNotice(StepForm):
    """延长公示告知 (extension_notice: 国统字〔2019〕33号 §16（旧规定）): until when, why, by which
    rule."""

    until = DayField(_l("Until"), [Filled()], lies=Lies.AHEAD)
    reason = text_area(_l("Reason"))
    articles = text_line(_l("Basis"), Proposed(sources.from_setting("sdx.extension_rule")))


class DecideExtension(ExtensionNotice):
    """延长公示决定 (decide_extension: 国统字〔2019〕33号 §16（旧规定）)."""

    until = DayField(
        _l("Until"),
        [Filled(), Proposed(sources.answer_to("until", "extension_notice"))],
        lies=Lies.AHEAD,
    )
    reason = text_area(_l("Reason"), Proposed(sources.answer_to("reason", "extension_notice")))
    articles = text_line(_l("Basis"), Proposed(sources.answer_to("articles", "extension_notice")))


class ExtendListing(StepForm):
    """延长公示 (extend_listing: 国统字〔2019〕33号 §16（旧规定）)."""

    until = DayField(
        _l("Until"),
        [Filled(), Proposed(sources.answer_to("until", "decide_extension"))],
        lies=Lies.AHEAD,
    )
    note = text_area(_l("Note"), required=False)
