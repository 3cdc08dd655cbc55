"""Prior notice, decision, circular."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField

from casework.procedure import benchmark
from casework.procedure.checks.decision import made_anew
from casework.procedure.checks.heard import defences, since_notice
from casework.procedure.facts import NOTICES, Asked, Facts
from casework.procedure.fines import owed_back
from forms import sources
from forms.base import ChecksField, Filled, StepForm, YuanField, text_area, text_line
from forms.chosen import chosen
from forms.common import ACCOUNT, Late
from forms.inspection import PENALTIES, SERIOUS
from forms.notice import ADOPTED
from forms.proposed import Proposed, first_of
from forms.said_before import SaidBefore

NO_PENALTY = [
    ("minor", _l("Minor, corrected in time, no harm")),
    ("first", _l("First time, minor harm, corrected")),
    ("no_fault", _l("No fault, proved by the party")),
    ("not_made_out", _l("The facts are not made out")),
    ("time_barred", _l("More than two years ago")),
]
ORGAN = [("yes", _l("A state organ: no fine")), ("no", _l("None"))]


def proposal(facts: Facts, asked: Asked) -> str:
    """What the benchmark proposes, as staff read it; it says so where the bureau has not confirmed
    it. «»: nothing."""
    found = benchmark.proposed(facts, asked)
    if found is None:
        return ""
    settings, tier = facts.settings, found.tier.in_language(str(get_locale()))
    name = (
        settings.text("benchmark.name")
        if benchmark.confirmed(settings)
        else _("not confirmed by this bureau")
    )
    if not found.high.fen:
        return _(
            "Discretion benchmark (%(name)s): %(tier)s, a warning alone.", name=name, tier=tier
        )
    low, high = (f"{m.yuan:,.0f}" for m in (found.low, found.high))
    return _(
        "Discretion benchmark (%(name)s): %(tier)s, %(low)s to %(high)s yuan.",
        name=name,
        tier=tier,
        low=low,
        high=high,
    )


class PriorNotice(StepForm):
    """事先告知 (prior_notice, prior_notice_again: 行政处罚法 §44、§62–64；行政处罚法 §44): what is
    proposed, and why."""

    only_where: ClassVar = {
        "fine_fen": chosen("kinds", "fine"),
        "departure_reason": chosen("kinds", "fine"),
    }

    kinds = ChecksField(
        _l("Penalties"),
        [Filled(), Proposed(sources.answer_to("kinds", *NOTICES))],
        choices=PENALTIES,
    )
    fine_fen = YuanField(_l("Fine (yuan)"), [Proposed(sources.told_fine)])
    serious_ground = SelectField(
        _l("Ground for the upper tier"),
        [Proposed(sources.answer_to("serious_ground", *sources.FOUND))],
        choices=SERIOUS,
    )
    evidence = text_area(
        _l("Evidence, one per line"),
        Proposed(first_of(sources.answer_to("evidence", *NOTICES), sources.registered_evidence)),
    )
    discretion = text_area(
        _l("Discretion"), Proposed(sources.answer_to("discretion", *sources.FOUND))
    )
    departure_reason = text_area(
        _l("Why the sum departs from the benchmark (where it does)"),
        Proposed(sources.answer_to("departure_reason", *NOTICES)),
        required=False,
        rows=2,
    )
    contact = text_line(
        _l("Contact"),
        Proposed(first_of(sources.answer_to("contact", *NOTICES), sources.officer_contact)),
        required=False,
    )

    def fill(self) -> None:
        """What the benchmark proposes stands beside the sum; who departs from it says why (行政处罚
        法 §34)."""
        self.fine_fen.description = proposal(
            self.known, {"serious_ground": self.serious_ground.data}
        )

    def validate_all(self) -> bool:
        """A fine has a sum, and a sum is a fine."""
        fine = "fine" in (self.kinds.data or [])
        has_sum = bool(self.payload()["fine_fen"])
        if fine != has_sum:
            return self.refuse(self.fine_fen, _l("A fine and its sum go together."))
        return True


class DecidePenalty(Late, PriorNotice):
    """处罚决定 (decide_penalty: 行政处罚法 §45、§57–61)."""

    only_where: ClassVar = {
        **PriorNotice.only_where,
        "bank": chosen("kinds", "fine"),
        "set_off": chosen("kinds", "fine"),
    }

    defence = text_area(
        _l("The defence, and whether it was adopted"), Proposed(sources.what_was_heard)
    )
    unchanged_reason = text_area(
        _l("Why the penalty is not lighter although the defence was adopted in full"),
        required=False,
        rows=2,
    )
    bank = text_line(
        _l("Bank and account"), Proposed(sources.own_bank), required=False, description=ACCOUNT
    )
    again_reason = text_area(
        _l(
            "What differs from the decision that was set aside, or that "
            "it was set aside for its procedure alone"
        ),
        required=False,
        rows=2,
    )
    set_off = BooleanField(
        _l("The party agrees in writing: what it paid before is set off against this fine")
    )

    def fill(self) -> None:
        """What the record says of the defence stands beside it. Set-off only where money is owed
        back; without it the money is paid back (强制法 §41)."""
        super().fill()
        said, answers = defences(self.known), since_notice(self.known, "defence_review")
        if said:
            heard = "；".join(f"{a.on} {a.asked.get('opinion')}" for a in said)
            review = (
                (
                    f"{dict(ADOPTED).get(answers[-1].asked['adopted'], '')}："
                    f"{answers[-1].asked['reason']}"
                )
                if answers
                else "—"
            )
            self.defence.description = _l(
                "Recorded: %(heard)s. Reviewed: %(review)s", heard=heard, review=review
            )
        if not (answers and answers[-1].asked.get("adopted") == "adopted"):
            del self.unchanged_reason
        if not made_anew(self.known):
            del self.again_reason
        back = owed_back(self.known)
        if not back.fen:
            del self.set_off
            return
        self.set_off.description = _l(
            "%(sum)s yuan were paid under the decision that was set "
            "aside. Unticked, they are owed back.",
            sum=f"{back.yuan:,.2f}",
        )


class Body(StepForm):
    """核对当事人性质 (confirm_body: 统计法 §44): of the respondent by its name, with the reason."""

    name = HiddenField()
    organ = RadioField(_l("Is it a state organ?"), [Filled()], choices=ORGAN)
    reason = text_area(_l("Reason"))

    def fill(self) -> None:
        """The name that raises the question: another respondent is another question."""
        self.name.data = self.known.party.name if self.known.party else ""


class DecideNoPenalty(Late):
    """不予处罚 (decide_no_penalty: 行政处罚法 §33、§36、§57)."""

    only_where: ClassVar = {
        "corrected": chosen("ground", "minor", "first"),
        "proof": chosen("ground", "no_fault"),
    }

    ground = RadioField(_l("Ground"), [Filled()], choices=NO_PENALTY)
    corrected = BooleanField(_l("Corrected"))
    proof = text_area(_l("Proof of no fault"), required=False)
    evidence = text_area(_l("Evidence, one per line"), Proposed(sources.registered_evidence))
    education = text_area(_l("Education given"))


class Circulate(StepForm):
    """通报曝光 (circulate, circulate_interference: 统计法 §44–45；统计法 §40–41)."""

    text = text_area(_l("Text"))
    recipients = text_line(_l("To whom"), SaidBefore())
