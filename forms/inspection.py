"""Inspection: notices, records, evidence, and the report that ends the investigation."""

from __future__ import annotations

from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, SelectField

from casework.procedure.checks.common import preserved
from casework.procedure.checks.inspection import arrived, conduct_end_on_record
from casework.procedure.day_bounds import Lies
from casework.procedure.facts import Facts
from casework.procedure.standing import standing_documents
from forms import sources
from forms.base import (
    ChecksField,
    DayField,
    Filled,
    HourField,
    StepForm,
    WholeField,
    YuanField,
    text_area,
    text_line,
    yes_or_no,
)
from forms.common import ACCOUNT, UNSIGNED, Late, ViolationForm, chosen_number
from forms.proposed import Proposed, first_of

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
SPOT_PENALTIES = [p for p in PENALTIES if p[0] != "circular"]  # 行政处罚法 §51


class Remind(StepForm):
    """催报 (remind_filing: 统计法 §44第一款第一项)."""

    forms = text_line(_l("Forms to be filed"))
    was_due = DayField(_l("They were due on"), [Filled()], lies=Lies.BEFORE)
    due = DayField(_l("File them by"), [Filled()], lies=Lies.AHEAD)


class Correction(StepForm):
    """责令改正 (order_correction: 行政处罚法 §28；统计法实施条例 §50)."""

    act = text_area(
        _l("What was done"), Proposed(first_of(sources.found_interference, sources.from_figures))
    )
    articles = text_line(
        _l("Basis"), Proposed(first_of(sources.found_articles, sources.breached_articles))
    )
    demand = text_area(_l("What to correct"))
    due = DayField(_l("Correct it by"), [Filled()], lies=Lies.AHEAD)


def _papers(facts: Facts, kind: str) -> list[tuple[int | str, str]]:
    """Papers of a kind that arrived, oldest first: number and day of service. Of several none is
    chosen beforehand."""
    found: list[tuple[int | str, str]] = []
    for paper in arrived(facts, kind):
        served = paper.served.on if paper.served else ""
        found.append((paper.id, f"{paper.number} {served}".strip()))
    return [("", "—"), *found] if len(found) > 1 else found


class CheckCorrection(StepForm):
    """改正复查 (check_correction: 行政处罚法 §28): of which order."""

    paper = SelectField(_l("Which order to correct"), [Filled()], coerce=chosen_number)
    corrected = yes_or_no(_l("Corrected"))
    proof = text_area(_l("Proof"))

    def fill(self) -> None:
        """Every order that was served: one is looked after until it was obeyed, also after its last
        day."""
        self.paper.choices = _papers(self.known, "correction")


class InspectionNotice(StepForm):
    """检查通知书 (inspection_notice: 统计法 §38)."""

    content = text_area(_l("What is inspected"), Proposed(sources.indicators))
    span = text_line(_l("Period inspected"), Proposed(sources.periods))
    begins = DayField(_l("Begins on"), [Filled()], lies=Lies.AHEAD)
    place = text_line(_l("Place"), Proposed(sources.of_party("address")))
    materials = text_area(_l("Material to have ready, one per line"))


class Inquire(StepForm):
    """查询书 (inquire: 统计法 §38、§44；重庆市统计管理条例 §39)."""

    matters = text_area(_l("Matters, one per line"))
    days = WholeField(_l("Days for the answer"), [Filled()])


class InquiryAnswered(StepForm):
    """收到查询答复 (inquiry_answered: 统计法 §38): to which inquiry."""

    paper = SelectField(_l("Which inquiry"), [Filled()], coerce=chosen_number)
    answer = text_area(_l("What was answered"))
    truthful = yes_or_no(_l("Is it true"))

    def fill(self) -> None:
        """Every inquiry that was served: an answer that comes late is an answer."""
        self.paper.choices = _papers(self.known, "inquiry")


class OnSite(StepForm):
    """现场检查笔录 (on_site_record: 行政处罚法 §42、§55)."""

    place = text_line(_l("Place"), Proposed(sources.inspected_at))
    began = HourField(_l("Began at (hour:minute)"), [Filled()])
    ended = HourField(_l("Ended at (hour:minute)"), [Filled()])
    present = text_line(_l("Present for the respondent"))
    present_post = text_line(_l("Post"), required=False)
    cards_shown = BooleanField(_l("Cards were shown and noted"), [Filled()])
    findings = text_area(_l("What was found"))
    statement = text_area(_l("What the respondent says"), required=False)
    refusal = text_line(_l("Why it was not signed"), required=False, description=UNSIGNED)


class Evidence(StepForm):
    """证据 (add_evidence: 行政处罚法 §46)."""

    kind = SelectField(_l("Kind of evidence"), [Filled()], choices=EVIDENCE)
    title = text_line(_l("What it is"))
    source = text_line(_l("Source"))
    proves = text_area(_l("What it proves"))


def _copy_of(kind: str) -> str:
    name = standing_documents()[kind].name
    return name.en if str(get_locale()) == "en" else name.zh


class Standing(StepForm):
    """主体材料 (add_standing: 行政处罚法 §54、§59（主体资格）；案卷清单): a copy of licence,
    identity paper, card or authority, compared with its original."""

    standing = SelectField(
        _l("Kind of copy"),
        [Filled()],
        choices=[(k, LazyString(_copy_of, k)) for k in standing_documents()],
    )
    title = text_line(_l("What it is"), description=_l("As the index of the file names it."))
    compared = BooleanField(_l("Compared with the original"), [Filled()])


class Preserve(StepForm):
    """先行登记保存 (preserve: 行政处罚法 §56；统计法 §38第五项)."""

    things = text_area(_l("Things, one per line"))
    place = text_line(_l("Where they are kept"))
    reason = text_area(_l("Reason"))


class DisposePreserved(StepForm):
    """登记保存处理 (dispose_preserved: 行政处罚法 §56): of which things."""

    preserved = SelectField(_l("Things that are kept"), [Filled()], coerce=int)
    result = text_area(_l("What becomes of them"))

    def fill(self) -> None:
        """Each time that things were preserved and are kept still, oldest first."""
        self.preserved.choices = [
            (a.seq, f"{a.on}：{_first_line(a.asked['things'])}") for a in preserved(self.known)
        ]


def _first_line(things: str) -> str:
    return things.strip().splitlines()[0] if things.strip() else ""


class Obstruction(StepForm):
    """拒绝阻碍记录 (obstruction: 统计法 §44第一款第四项)."""

    facts = text_area(_l("Facts"))
    recording = text_line(_l("Recording"), required=False)
    threat = BooleanField(_l("Force or threats were used"))


class SeekHelp(StepForm):
    """协助调查 (seek_help: 行政处罚法 §26)."""

    body = text_line(_l("Body asked"))
    matter = text_area(_l("Matter"))


class Admonish(Late):
    """批评教育 (admonish: 统计法 §47)."""

    facts = text_area(_l("Facts"))
    words = text_area(_l("What was said"))


class OnTheSpot(Late):
    """当场处罚 (on_the_spot: 行政处罚法 §51–52)."""

    violations = FieldList(
        FormField(ViolationForm),
        _l("Violations"),
        [Proposed(sources.found_violations)],
        min_entries=1,
    )
    place = text_line(_l("Place"), Proposed(sources.inspected_at))
    evidence = text_area(_l("Evidence, one per line"), Proposed(sources.registered_evidence))
    kinds = ChecksField(_l("Penalties"), [Filled()], choices=SPOT_PENALTIES)
    fine_fen = YuanField(_l("Fine (yuan)"))
    told = BooleanField(_l("Rights were told"), [Filled()])
    heard = text_area(_l("What the party said"))
    bank = text_line(
        _l("Bank and account"), Proposed(sources.own_bank), required=False, description=ACCOUNT
    )


class InvestigationReport(StepForm):
    """调查终结报告 (investigation_report: 行政处罚法 §57；统计法 §40–47)."""

    violations = FieldList(
        FormField(ViolationForm),
        _l("Violations"),
        [Proposed(sources.found_violations)],
        min_entries=1,
    )
    course = text_area(_l("Course of the investigation"), Proposed(sources.course_so_far))
    discretion = text_area(_l("Discretion"))
    serious_ground = SelectField(_l("Ground for the upper tier"), choices=SERIOUS)
    complex = BooleanField(_l("Complex or major"))
    days_reason = text_area(
        _l("Why the last day of the conduct is another one now"), required=False, rows=2
    )
    responsible = text_area(
        _l("Who answers for it, a person on each line: name, office"),
        required=False,
        most=2000,
        rows=3,
        description=_l(
            "Asked where the article gives discipline. Proposals of "
            "discipline are for these persons alone."
        ),
    )
    proposal = text_area(_l("Proposal"))

    def fill(self) -> None:
        """The last day on record, so that another one is not written by mistake; whoever finds
        another says why."""
        day = conduct_end_on_record(self.known)
        if not day:
            del self.days_reason
            return
        self.days_reason.description = _l(
            "On record is %(day)s. Asked only where the report says another day.", day=day
        )
