"""No leak on paper: what is about to be printed is searched before it is sealed and numbered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple

from sqlalchemy import select

from casework.acts.errors import Refused
from casework.acts.intent import Intent
from casework.docket.models import Link
from casework.informants import open_words
from casework.papers import leaks
from casework.procedure.checks.registry import holds
from casework.procedure.facts import Facts
from casework.procedure.model import Procedure, Step
from casework.procedure.offers import Refused as Refusal
from casework.procedure.personal import on_paper, personal, texts
from casework.store import db
from casework.web.shown import SHANGHAI
from letters.base import Letter, MissingField, WrongOrder
from letters.build import Issue, build
from letters.words import WordingError

RELEASE = "release_numbers"
_OURS = ("channels.phone", "channels.email", "channels.letter")


def search(facts: Facts, intent: Intent, letter: Letter) -> None:
    """Refused when the paper bears a number or address of nobody whom it may name, or the words of an identity that
    somebody has open: whoever draws it. Refused too while one is open whose words are not at hand."""
    strings = list(letter.strings(draft=True))
    if leaks.stands_in(_open_words(facts), "\n".join(strings)):
        raise Refused([Refusal("informant_on_paper", {})])
    found = on_paper(strings, _allowed(facts, intent)) - _released(facts)
    if found:
        raise Refused([Refusal("numbers_on_paper", {"found": "、".join(sorted(found))})])


def _open_words(facts: Facts) -> frozenset[str]:
    """Words of identities that are open to anybody, of this report or of those that ever fed this case."""
    session = db.session()
    reports = [facts.id]
    if facts.kind == "case":
        reports = list(session.scalars(select(Link.from_id).where(Link.to_id == facts.id, Link.kind == "feeds")))
    try:
        return open_words.of_reports(session, reports)
    except open_words.Unknown as unknown:
        until = f"{unknown.until.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        raise Refused([Refusal("paper_not_searched", {"until": until})]) from None


def _allowed(facts: Facts, intent: Intent) -> Iterable[str]:
    """The bureau's own, its contacts named on papers, and everything recorded of parties."""
    yield from texts(astuple(facts.bureau))
    yield from (facts.settings.text(key) for key in _OURS)
    for asked in (intent.payload, *(a.asked for a in facts.done())):
        yield from texts([asked.get("party"), asked.get("respondents"), asked.get("contact")])


def _released(facts: Facts) -> frozenset[str]:
    """Numbers that a second person released in this docket."""
    return frozenset(n for a in facts.done(RELEASE) for n in personal(str(a.asked.get("numbers") or "")))


def search_proposed(p: Procedure, facts: Facts, step: Step, intent: Intent) -> None:
    """The same at the proposal, so that nobody approves in vain. A paper that cannot be composed yet is searched when
    it is drawn; a character that no face has, or a false sum, is its proposer's to mend (MissingGlyph, FalseSum)."""
    for branch in step.prints:
        if holds(branch.when, facts, intent.payload):
            try:
                issue = Issue(p.papers[branch.to], "", intent.on, by=intent.actor_id, track=intent.track)
                letter = build(issue, facts, step.id, intent.payload)
                search(facts, intent, letter)
                letter.check(draft=True)
            except (MissingField, WrongOrder, WordingError):
                continue
