"""Searches what is about to be printed or published for numbers, names and words that it must not
show, before it is sealed and numbered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple

from flask import current_app
from sqlalchemy import select

from casework.acts.errors import Refused
from casework.acts.intent import Intent
from casework.acts.printed_answers import build_paper
from casework.acts.tips import behind
from casework.docket.models import Link
from casework.informants import open_words
from casework.papers import leaks
from casework.procedure import public_entry
from casework.procedure.checks.registry import branch_taken
from casework.procedure.code_check import NEVER, public_code, respondent_code, unsettled
from casework.procedure.facts import Facts
from casework.procedure.ids import StepId
from casework.procedure.kinds import kinds
from casework.procedure.model import PaperRule, Procedure, Step
from casework.procedure.offers import Refusal
from casework.procedure.personal import on_paper, personal, plain, texts
from casework.procedure.traces_of_tips import QUOTED, telling_words
from casework.store import db
from casework.text import folded_code
from casework.web.filters import SHANGHAI
from letters.base import Letter, WrongOrder
from letters.build import Issue
from letters.format import word
from letters.words import WordingError

RELEASE: StepId = "release_numbers"
# Records of what a party said; and the cover of the whole file: that of one which leaves is drawn
# anew, and searched.
AS_SAID = (
    "on_site_record",
    "interview",
    "hearing_record",
    "defence_record",
    "obstruction",
    "file_cover",
)
_OURS = ("channels.phone", "channels.email", "channels.letter")


def search(facts: Facts, intent: Intent, letter: Letter, rule: PaperRule | None = None) -> None:
    """Refused when the paper bears a number or address of nobody whom it may name, or the words of
    an identity that somebody has open: whoever draws it. Refused too while one is open whose words
    are not at hand. `rule`: of the paper; on one that is served no code stands which may be the
    number of a human being, and one of the main volume tells nothing of a tip."""
    strings = list(letter.strings(draft=True))
    _code_asked(facts, intent, strings, bool(rule and rule.served))
    if leaks.stands_in(_open_words(facts), "\n".join(strings)):
        raise Refused([Refusal("informant_on_paper", {})])
    if rule and rule.volume == "main" and (told := _of_a_tip(facts, rule, strings)):
        raise Refused([Refusal("tip_on_paper", {"found": "、".join(told)})])
    found = on_paper(strings, _allowed(facts, intent)) - _released(facts)
    if found:
        raise Refused([Refusal("numbers_on_paper", {"found": "、".join(sorted(found))})])


def search_public(facts: Facts, step: Step, intent: Intent) -> None:
    """Refused when what everybody is to read bears a number of a human being, words of an open
    identity, the name of somebody of the bureau, or says that there was a tip. Asked at the
    proposal and again when it takes effect."""
    words = public_entry.words_for_all(facts, step, intent.track, intent.answers)
    if not words:
        return
    if leaks.stands_in(_open_words(facts), "\n".join(words)):
        raise Refused([Refusal("informant_in_public", {})])
    if numbers := public_entry.numbers_in(words, public_code(facts)):
        raise Refused([Refusal("numbers_in_public", {"found": "、".join(sorted(numbers))})])
    typed = [
        *texts([intent.answers.get(name) for name in step.public]),
        public_entry.summary_of(facts, intent.track),
    ]
    said = plain("".join(typed))
    if told := dict.fromkeys(
        [*(word for word in public_entry.OF_A_TIP if word in said), *telling_words(said)]
    ):
        raise Refused([Refusal("tip_in_public", {"found": "、".join(told)})])
    if named := list(public_entry.named_in(facts, typed)):
        raise Refused([Refusal("staff_in_public", {"found": "、".join(named)})])


def _of_a_tip(facts: Facts, rule: PaperRule, strings: list[str]) -> list[str]:
    """What on a paper says that there was a tip, its number or sender, or quotes it. Records of
    what a party said are written down as it was said; they are blacked out when a file leaves. Of a
    tip that is passed on: quotations alone."""
    if rule.id in AS_SAID:
        return []
    told = behind(db.session(), current_app.extensions["vault"], facts)
    clear = plain("".join(strings))
    quoted = [f"{part}…" for part in sorted(told.passages(QUOTED)) if part in clear][:1]
    if kinds()[facts.kind].informant:
        return quoted
    words = dict.fromkeys(word for text in strings for word in telling_words(text))
    return [*words, *(n for n in sorted(told.numbers) if n in clear), *quoted]


def _code_asked(facts: Facts, intent: Intent, strings: list[str], leaves: bool) -> None:
    """No paper of a case bears what is no code of a unit, and none that is served a doubtful one
    nobody has confirmed."""
    code = respondent_code(facts, intent.answers)
    if (
        not kinds()[facts.kind].respondent
        or not unsettled(facts, code)
        or code.text not in folded_code("".join(strings))
    ):
        return
    if code.state in NEVER:
        raise Refused([Refusal("code_of_a_unit", {})])
    if leaves:
        raise Refused([Refusal("code_confirmed", {"code": code.text})])


def _open_words(facts: Facts) -> frozenset[str]:
    """Words of identities that are open to anybody, of this report or of those that ever fed this
    case."""
    session = db.session()
    reports = [facts.id]
    if not kinds()[facts.kind].informant:
        reports = list(
            session.scalars(
                select(Link.from_id).where(Link.to_id == facts.id, Link.kind == "feeds")
            )
        )
    try:
        return open_words.of_reports(session, reports) - _party_words(facts)
    except open_words.Unknown as unknown:
        until = f"{unknown.until.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        raise Refused([Refusal("paper_not_searched", {"until": until})]) from None


def _party_words(facts: Facts) -> frozenset[str]:
    """Name and representative of the respondent, folded like words of an identity. A paper has to
    name them (行政处罚法 §59), so that they are no leak where somebody reported their own firm;
    their telephone is."""
    party = facts.party if kinds()[facts.kind].respondent else None
    return (
        frozenset(plain(name).lower() for name in (party.name, party.representative) if name)
        if party
        else frozenset()
    )


def _allowed(facts: Facts, intent: Intent) -> Iterable[str]:
    """The bureau's own, its contacts named on papers, and everything recorded of parties."""
    yield from texts(astuple(facts.bureau))
    yield from (facts.settings.text(key) for key in _OURS)
    for asked in (intent.answers, *(a.asked for a in facts.done())):
        yield from texts([asked.get("party"), asked.get("respondents"), asked.get("contact")])


def _released(facts: Facts) -> frozenset[str]:
    """Numbers that a second person released in this docket."""
    return frozenset(
        n for a in facts.done(RELEASE) for n in personal(str(a.asked.get("numbers") or ""))
    )


def search_proposed(p: Procedure, facts: Facts, step: Step, intent: Intent) -> dict[str, str]:
    """The same at the proposal, so that nobody approves in vain: a false sum (FalseSum) and what a
    paper lacks (MissingField) are its proposer's to mend. One that cannot be composed yet for
    another reason is searched when it is drawn. Answers the signs that will be drawn otherwise."""
    otherwise: dict[str, str] = {}
    beside: dict[str, str] = {}
    for branch in step.prints:
        if branch_taken(branch.when, facts, intent.answers):
            try:
                rule = p.papers[branch.to]
                issue = Issue(
                    rule, "", intent.on, by=intent.actor_id, track=intent.track, beside={**beside}
                )
                beside[rule.id] = word("unnumbered")
                letter = build_paper(issue, facts, step.id, intent.answers)
                search(facts, intent, letter, rule)
                letter.check(draft=True)
                otherwise |= letter.changed()
            except (WrongOrder, WordingError):
                continue
    return otherwise
