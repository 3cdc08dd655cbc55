"""Takes numbers and draws papers of an act before its transaction.

Sealed bytes are synced to disk before the act commits; those of a failed act are deleted by
``tick``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from casework.acts import leaks
from casework.acts.errors import Refused
from casework.acts.intent import NEW, Intent
from casework.acts.printed_answers import build_paper
from casework.papers import numbers, signing
from casework.papers.numbers import SeriesNumber
from casework.procedure import effects
from casework.procedure.effects import Effect
from casework.procedure.facts import Facts
from casework.procedure.model import PaperRule, Procedure, Step
from casework.procedure.offers import Refusal
from casework.vault.receipt import short_code
from letters.build import Issue
from letters.format import word


@dataclass(frozen=True)
class Drawn:
    """An act's effects with numbers and papers resolved, the numbers they take, the label of the
    act's track, and the papers' digests by their names in the store. The digests go into the sealed
    payload: the text of a short paper could be guessed from its digest."""

    effects: list[Effect] = field(default_factory=list)
    numbers: list[SeriesNumber] = field(default_factory=list)
    track: str = ""
    digests: dict[str, dict[str, str]] = field(default_factory=dict)
    # signs of the papers' words → as they are drawn
    otherwise: dict[str, str] = field(default_factory=dict)


class _Numbering:
    """The next numbers of each series; several of one series within an act follow each other."""

    def __init__(self, session: Session, facts: Facts, year: int) -> None:
        self.session, self.bureau, self.year = session, facts.bureau, year
        self.taken: Counter[str] = Counter()
        self.drawn = Drawn()

    def next(self, series: str) -> SeriesNumber:
        number = numbers.peek(
            self.session, self.bureau.id, self.bureau.prefix, series, self.year, self.taken[series]
        )
        self.taken[series] += 1
        self.drawn.numbers.append(number)
        return number


def wording() -> Path:
    """Folder of wordings that the bureau has edited."""
    return Path(current_app.instance_path) / "wording"


def draw_papers(
    session: Session,
    p: Procedure,
    facts: Facts,
    step: Step,
    intent: Intent,
    planned: Iterable[Effect],
) -> Drawn:
    """Replace each NumberWanted and PaperWanted among the planned effects by the number taken and
    the paper made; other effects pass unchanged. Errors: MissingField, WrongOrder and WordingError
    of ``letters``; Refused where a paper would show what it must not (``acts.leaks``)."""
    planned = list(planned)
    numbering = _Numbering(session, facts, intent.on.year)
    label = _label(intent, planned)
    beside: dict[str, str] = {}
    resolved = [_resolve(numbering, p, facts, intent, label, beside, e) for e in planned]
    return replace(numbering.drawn, effects=resolved, track=label)


def _label(intent: Intent, planned: list[Effect]) -> str:
    if intent.track != NEW:
        return intent.track
    return next((e.label for e in planned if isinstance(e, effects.TrackOpened)), intent.track)


def _resolve(
    numbering: _Numbering,
    p: Procedure,
    facts: Facts,
    intent: Intent,
    label: str,
    beside: dict[str, str],
    e: Effect,
) -> Effect:
    if isinstance(e, effects.NumberWanted):
        n = numbering.next(e.series)
        return effects.NumberTaken(n.series, n.year, n.no, n.text)
    if isinstance(e, effects.PaperWanted):
        made = _paper(numbering, facts, intent, label, beside, p.papers[e.paper])
        beside[made.kind] = made.number
        return made
    return e


def _signed(facts: Facts, drawn: bytes) -> bytes:
    """The PDF with the bureau's signature where that is switched on; Refused where signing
    fails."""
    if not facts.settings.on("papers.sign"):
        return drawn
    try:
        return signing.sign(facts.bureau.id, drawn)
    except signing.NotSigned as error:
        raise Refused([Refusal("not_signed", {"why": word(f"sign_{error.why}")})]) from error


def check_url(code: str) -> str:
    """Address that a paper's QR code holds: the public check page with the short code filled in.
    The paper's number is typed by the reader. "" where the installation has no public address."""
    address = current_app.config["PUBLIC_URL"]
    return f"{address}/check?code={code}" if address else ""


def _paper(
    numbering: _Numbering,
    facts: Facts,
    intent: Intent,
    label: str,
    beside: Mapping[str, str],
    rule: PaperRule,
) -> effects.PaperMade:
    number = numbering.next(rule.series) if rule.series else None
    code = short_code()
    issue = Issue(
        rule=rule,
        number=number.text if number else "",
        on=intent.on,
        short_code=code,
        by=intent.actor_id,
        track=label,
        check_url=check_url(code),
        wording=wording(),
        beside={**beside},
    )
    letter = build_paper(issue, facts, intent.step, intent.answers)
    drawn = letter.draw()
    leaks.search(facts, intent, letter, rule)
    numbering.drawn.otherwise.update(letter.changed())
    stored = current_app.extensions["sealed_store"].put(_signed(facts, drawn))
    numbering.drawn.digests[stored.name] = {"sha256": stored.sha256, "sm3": stored.sm3}
    return effects.PaperMade(
        kind=rule.id,
        track=label,
        number=issue.number,
        case_number=facts.number,
        short_code=code,
        size=stored.size,
        stored=stored.name,
        pages=0,
        series=number.series if number else None,
        year=number.year if number else None,
        no=number.no if number else None,
    )
