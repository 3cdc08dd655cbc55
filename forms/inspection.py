"""Inspection: notices, records, evidence, and the report that ends the investigation."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from forms.base import ChecksField, DayField, Filled, HourField, StepForm, WholeField, YuanField
from forms.common import ViolationForm

EVIDENCE = [
    ("written", _l("Documents")),
    ("object", _l("Objects")),
    ("audiovisual", _l("Audio and video")),
    ("electronic", _l("Electronic data")),
    ("witness", _l("Witness statements")),
    ("party", _l("The party's statements")),
    ("expert", _l("Expert opinions")),
    ("record", _l("Inspection records")),
]
YESNO = [
    ("yes", _l("Yes")),
    ("no", _l("No")),
]
SERIOUS = [
    ("", _l("None")),
    ("violent", _l("Violence or threats")),
    ("disrupting", _l("Seriously disrupted the work")),
    ("harmful", _l("Grave consequences or effects")),
    ("repeated", _l("Ordered to correct three times within one year")),
]
PENALTIES = [
    ("warning", _l("Warning")),
    ("circular", _l("Public criticism")),
    ("fine", _l("Fine")),
]


class Remind(StepForm):
    """催报."""

    forms = StringField(_l("Forms to be filed"), [Filled(), Length(max=200)])
    was_due = DayField(_l("They were due on"), [Filled()])
    due = DayField(_l("File them by"), [Filled()])


class Correction(StepForm):
    """责令改正."""

    act = TextAreaField(_l("What was done"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    articles = StringField(_l("Basis"), [Filled(), Length(max=200)])
    demand = TextAreaField(_l("What to correct"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    due = DayField(_l("Correct it by"), [Filled()])


class CheckCorrection(StepForm):
    """改正复查."""

    corrected = RadioField(_l("Corrected"), [Filled()], choices=YESNO)
    proof = TextAreaField(_l("Proof"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class InspectionNotice(StepForm):
    """检查通知书."""

    content = TextAreaField(_l("What is inspected"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    span = StringField(_l("Period inspected"), [Filled(), Length(max=200)])
    begins = DayField(_l("Begins on"), [Filled()])
    place = StringField(_l("Place"), [Filled(), Length(max=200)])
    materials = TextAreaField(
        _l("Material to have ready, one per line"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )


class Inquire(StepForm):
    """查询书."""

    matters = TextAreaField(
        _l("Matters, one per line"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )
    days = WholeField(_l("Days for the answer"), [Filled()])


class InquiryAnswered(StepForm):
    """收到查询答复."""

    answer = TextAreaField(_l("What was answered"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    truthful = RadioField(_l("Is it true"), [Filled()], choices=YESNO)


class OnSite(StepForm):
    """现场检查笔录."""

    place = StringField(_l("Place"), [Filled(), Length(max=200)])
    began = HourField(_l("Began at (hour:minute)"), [Filled()])
    ended = HourField(_l("Ended at (hour:minute)"), [Filled()])
    present = StringField(_l("Present for the respondent"), [Filled(), Length(max=200)])
    present_post = StringField(_l("Post"), [Length(max=200)])
    cards_shown = BooleanField(_l("Cards were shown and noted"), [Filled()])
    findings = TextAreaField(_l("What was found"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    statement = TextAreaField(_l("What the respondent says"), [Length(max=20000)], render_kw={"rows": 4})
    refusal = StringField(_l("Why it was not signed"), [Length(max=200)])


class Evidence(StepForm):
    """证据."""

    kind = SelectField(_l("Kind of evidence"), [Filled()], choices=EVIDENCE)
    title = StringField(_l("What it is"), [Filled(), Length(max=200)])
    source = StringField(_l("Source"), [Filled(), Length(max=200)])
    proves = TextAreaField(_l("What it proves"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class Preserve(StepForm):
    """先行登记保存."""

    things = TextAreaField(_l("Things, one per line"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    place = StringField(_l("Where they are kept"), [Filled(), Length(max=200)])
    reason = TextAreaField(_l("Reason"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class DisposePreserved(StepForm):
    """登记保存处理."""

    result = TextAreaField(_l("What becomes of them"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class Obstruction(StepForm):
    """拒绝阻碍记录."""

    facts = TextAreaField(_l("Facts"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    recording = StringField(_l("Recording"), [Length(max=200)])
    threat = BooleanField(_l("Force or threats were used"))


class SeekHelp(StepForm):
    """协助调查."""

    body = StringField(_l("Body asked"), [Filled(), Length(max=200)])
    matter = TextAreaField(_l("Matter"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class Admonish(StepForm):
    """批评教育."""

    facts = TextAreaField(_l("Facts"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    words = TextAreaField(_l("What was said"), [Filled(), Length(max=20000)], render_kw={"rows": 4})


class OnTheSpot(StepForm):
    """当场处罚."""

    violations = FieldList(FormField(ViolationForm), _l("Violations"), min_entries=1)
    place = StringField(_l("Place"), [Filled(), Length(max=200)])
    evidence = TextAreaField(
        _l("Evidence, one per line"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )
    kinds = ChecksField(_l("Penalties"), [Filled()], choices=PENALTIES)
    fine_fen = YuanField(_l("Fine (yuan)"))
    told = BooleanField(_l("Rights were told"), [Filled()])
    heard = TextAreaField(_l("What the party said"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    bank = StringField(_l("Bank and account"), [Length(max=200)])


class InvestigationReport(StepForm):
    """调查终结报告."""

    violations = FieldList(FormField(ViolationForm), _l("Violations"), min_entries=1)
    course = TextAreaField(
        _l("Course of the investigation"),
        [Filled(), Length(max=20000)],
        render_kw={"rows": 4},
    )
    discretion = TextAreaField(_l("Discretion"), [Filled(), Length(max=20000)], render_kw={"rows": 4})
    serious_ground = SelectField(_l("Ground for the upper tier"), choices=SERIOUS)
    complex = BooleanField(_l("Complex or major"))
    proposal = TextAreaField(_l("Proposal"), [Filled(), Length(max=20000)], render_kw={"rows": 4})

    def __init__(self, facts: Any, formdata: Any = None, **kw: Any) -> None:
        if formdata is None:
            filed = facts.last("file")
            known = {"code": facts.value("code")} if filed else {}
            kw["data"] = {"violations": [dict(v) for v in facts.violations] or [known]}
        super().__init__(facts, formdata, **kw)
