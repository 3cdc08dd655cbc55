"""Serving papers."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional

from casework.procedure.checks.service import PROOFS, chosen_paper, service_of, services, unserved
from casework.procedure.checks.signed import without_proof
from casework.procedure.day_bounds import Lies
from casework.procedure.facts import Facts, PaperFacts
from casework.procedure.load import procedure
from casework.text import is_blank
from forms import sources
from forms.base import ChecksField, DayField, Filled, StepForm, text_area, text_line
from forms.chosen import chosen
from forms.proposed import Proposed, first_of
from forms.said_before import SaidBefore

METHODS = [
    ("direct", _l("Direct")),
    ("left", _l("Left behind")),
    ("mail", _l("By mail")),
    ("electronic", _l("Electronic")),
    ("entrusted", _l("Entrusted")),
    ("forwarded", _l("Forwarded by the body that holds the person")),
]
# The day of service by each way (民事诉讼法 §§87–94): what is asked as the day it happened.
DAYS = _l(
    "The day is: signed for — direct, entrusted, forwarded; left behind — "
    "that day; by mail — as the mail's slip says; "
    "electronic — when it reached the other side's system."
)
LEFT = _l("Left behind.")


class Serve(StepForm):
    """送达 (serve: 行政处罚法 §61；民事诉讼法 §87–95)."""

    only_where: ClassVar = {
        "signer": chosen("method", "direct", "entrusted", "forwarded"),
        "witness": chosen("method", "left"),
        "tracking_no": chosen("method", "mail"),
        "consent": chosen("method", "electronic"),
        "refused_reason": chosen("method", "left"),
    }

    paper = SelectField(_l("Paper"), [Filled()], coerce=int)
    also = ChecksField(
        _l("Other papers that arrived with it"),
        [Optional()],
        coerce=int,
        description=_l("Same day, way and receiver; each gets a receipt of its own."),
    )
    method = SelectField(_l("Method"), [Filled()], choices=METHODS, description=DAYS)
    place = text_line(
        _l("Place of service"), Proposed(first_of(sources.served_before("place"), sources.party_at))
    )
    signer = text_line(
        _l("Signed for by"),
        Proposed(sources.served_before("signer")),
        required=False,
        description=_l("Direct, entrusted, forwarded."),
    )
    witness = text_line(_l("Witness or recording"), required=False, description=LEFT)
    tracking_no = text_line(_l("Mail number"), required=False, description=_l("By mail."))
    consent = text_line(_l("Signed consent"), required=False, description=_l("Electronic."))
    refused_reason = text_line(_l("Reason of a refusal"), required=False, description=LEFT)

    def fill(self) -> None:
        """Papers that wait for service, newest first. Which proof is needed hangs on the method,
        and stands at each."""
        self.paper.choices = self.also.choices = _unserved(self.known)
        if len(self.paper.choices) < 2:
            del self.also
        for name in {p for proofs in PROOFS.values() for p in proofs}:
            self[name].flags.depends = True

    def validate_all(self) -> bool:
        """The method's own proof, and no day before the paper was made: said beside the fields."""
        lacking = [
            self[p] for p in PROOFS.get(self.method.data or "", ()) if is_blank(self[p].data or "")
        ]
        good = [self.refuse(f, _l("This way of service needs it.")) for f in lacking]
        if self._made_later():
            good.append(self.refuse(self.on, _l("The paper was made later than that day.")))
        if len({sources.addressee(self.known, p) for p in self._papers()}) > 1:
            good.append(self.refuse(self.also, _l("Papers that go to others are served apart.")))
        return not good

    def _papers(self) -> list[PaperFacts]:
        """The paper, and the others that were ticked."""
        named = (chosen_paper(self.known, {"paper": n}) for n in (self.paper.data, *self._also()))
        return [paper for paper in named if paper is not None]

    def _made_later(self) -> bool:
        """Whether one of the papers was made after the day of the service."""
        day = getattr(self.on, "day", None)
        return day is not None and any(day < p.on for p in self._papers())

    def _also(self) -> list[int]:
        """Numbers of the other papers that were ticked."""
        ticked = (self.also.data or []) if "also" in self else []
        return [n for n in ticked if n != self.paper.data]

    def payload(self) -> dict[str, Any]:
        """Of the one paper; the others are acts of their own."""
        return {k: v for k, v in super().payload().items() if k != "also"}

    def further_payloads(self) -> list[dict[str, Any]]:
        """The same for each of the other papers."""
        return [{**self.payload(), "paper": n} for n in self._also()]


class Proof(StepForm):
    """附送达凭证 (service_proof: 民事诉讼法 §90、§91): which receipt; the proof itself comes as a
    file."""

    paper = SelectField(_l("Receipt"), [Filled()], coerce=int)
    note = text_area(
        _l("What the proof shows"),
        most=2000,
        rows=3,
        description=_l(
            "Number of the letter, day of arrival, who took it. "
            "Attach the slip or the record below."
        ),
    )

    def fill(self) -> None:
        """Receipts of services by mail or electronically that nothing proves yet."""
        rows = (
            (p, chosen_paper(self.known, service.asked)) for p, service in without_proof(self.known)
        )
        self.paper.choices = [
            (
                p.id,
                (
                    f"{_paper_name(p.kind)} {p.on} "
                    f"{_paper_name(of.kind) if of else ''} "
                    f"{of.number if of else ''}"
                ).strip(),
            )
            for p, of in rows
        ]


class CorrectService(StepForm):
    """更正送达日期 (correct_service: 行政处罚法 §61；民事诉讼法 §87–95): names the entry; its paper
    and its way stay as they are."""

    stands_for = "act"

    act = SelectField(_l("Service to correct"), [Filled()], coerce=int)
    corrected_on = DayField(
        _l("Right day of service"), [Filled()], description=DAYS, lies=Lies.DURING
    )
    proof = text_line(
        _l("What shows the right day"),
        description=_l(
            "The mail's slip, the signed receipt, the record of an "
            "electronic service or a recording, with its number."
        ),
    )
    reason = text_area(_l("How the mistake came about"))

    def fill(self) -> None:
        """Services that were entered, newest first, each with the day it has now."""
        ways: dict[Any, Any] = dict(METHODS)
        self.act.choices = [
            (
                a.seq,
                f"{_paper_name(p.kind)} {p.number}："
                f"{a.on}（{ways.get(a.asked.get('method'), '')}）",
            )
            for a, p in services(self.known)
        ]
        if self.act.data is None and self.act.choices:
            self.act.data = self.act.choices[0][0]

    def validate_all(self) -> bool:
        """The day beside its field: not before the paper's own, and not the one that is entered."""
        found, day = (
            service_of(self.known, {"act": self.act.data}),
            getattr(self.corrected_on, "day", None),
        )
        if found is None or day is None:
            return True
        if day < found[1].on:
            return self.refuse(self.corrected_on, _l("The paper was made later than that day."))
        if day == found[0].on:
            return self.refuse(self.corrected_on, _l("This is the day that is entered."))
        return True

    def payload(self) -> dict[str, Any]:
        """With the day that was entered, so that the entry says by itself what it changed."""
        found = service_of(self.known, {"act": self.act.data})
        return {**super().payload(), "was_on": found[0].on.isoformat() if found else ""}


class ServeFailed(StepForm):
    """送达未成 (serve_failed: 民事诉讼法 §87–95)."""

    paper = SelectField(_l("Paper"), [Filled()], coerce=int)
    method = SelectField(_l("Method"), [Filled()], choices=METHODS)
    reason = text_area(_l("Why it failed"))

    def fill(self) -> None:
        """Papers that wait for service."""
        self.paper.choices = _unserved(self.known)


class ServePublic(StepForm):
    """公告送达 (serve_public: 民事诉讼法 §95)."""

    paper = SelectField(_l("Paper"), [Filled()], coerce=int)
    where = text_line(_l("Where it is published"), SaidBefore())
    reason = text_area(_l("Why no other way is left"))

    def fill(self) -> None:
        """Papers that wait for service."""
        self.paper.choices = _unserved(self.known)


def _unserved(known: Facts) -> list[tuple[int, str]]:
    """Papers that wait for service as choices, the newest first."""
    papers = reversed(unserved(known))
    return [(p.id, f"{_paper_name(p.kind)} {p.number}".strip()) for p in papers]


def _paper_name(kind: str) -> str:
    return procedure().papers[kind].name.in_language(str(get_locale()))
