"""Interference (统计法 2024 §§40–42): filed as what it is, never penalised, and ended by what its
article gives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from casework.procedure import interference
from casework.procedure.checks.inspection import arrived, looks_after
from casework.procedure.checks.referral import person_of
from casework.procedure.checks.registry import Refusal, check, condition, refused_unless
from casework.procedure.facts import ActFacts, Asked, Facts, PaperFacts
from casework.procedure.penalties import penalties
from casework.procedure.terms import SubjectKind
from casework.text import folded_name

# 监察机关: to whom a case is referred instead of proposing discipline (统计法 §46)
SUPERVISION = "supervision"


def _asked_rows(asked: Asked) -> list[interference.Row]:
    """What the form names: the ground of a filing, or the rows of a report."""
    rows: Iterable[Any] = asked.get("violations") or [asked]
    return interference.interfering(rows)


@check
def ground_fits_party(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The article can reach a respondent of that kind: no firm, no sole trader; of persons leaders
    and staff."""
    party = facts.party
    wrong = [
        r["code"]
        for r in _asked_rows(asked)
        if party is not None and not interference.article_reaches(party, r["code"])
    ]
    return refused_unless(not wrong, ground="、".join(wrong))


@check
def ground_known_then(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The law of the day on which the conduct ended knew the ground."""
    rows = [r for r in _asked_rows(asked) if r.get("conduct_end")]
    wrong = [
        r["code"]
        for r in rows
        if not interference.known_then(r["code"], date.fromisoformat(r["conduct_end"]))
    ]
    return refused_unless(
        not wrong, ground="、".join(wrong), day=penalties().changed_on.isoformat()
    )


@check
def only_survey_offences(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """What is penalised is an offence of a survey subject (§§44–45)."""
    return refused_unless(not interference.interfering(asked.get("violations") or []))


@check
def penalty_possible(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The case is about something that the law threatens with a penalty; interference alone is
    not."""
    return refused_unless(not interference.alone(facts))


@condition
def about_an_offence(facts: Facts, _asked: Asked) -> bool:
    """Whether the case is about a survey subject, whose figures and books are looked at;
    interference alone is found by asking those who were told what to report."""
    return not interference.alone(facts)


@check
def interference_alone(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The case is about interference and nothing else; with an offence beside it the penalty
    procedure decides."""
    return refused_unless(interference.alone(facts))


@check
def responsible_named(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A report on a body says who answers for it, where its article gives discipline (§§40–42)."""
    due = interference.disciplines(facts.party, asked.get("violations") or ())
    person = facts.party is not None and facts.party.kind is SubjectKind.PERSON
    return refused_unless(
        not due or person or bool(interference.named_persons(str(asked.get("responsible") or "")))
    )


@check
def proposed_as_found(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Discipline is proposed for whom the report found to answer for it, and for nobody else
    (§46)."""
    found = interference.responsible(facts)
    return refused_unless(not found or person_of(asked) in found, names="、".join(found))


@check
def discipline_proposed(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Where the article gives discipline, it is proposed for each who answers for it to who has
    that power (§46; discipline of the Party is another thing), or the case was referred to
    supervision."""
    lacking = [
        n
        for n in interference.responsible(facts)
        if not (_proposed(facts, n) or _referred(facts, n))
    ]
    done = bool(_proposed(facts) or _referred(facts)) and not lacking
    return refused_unless(
        "discipline" not in interference.owed(facts) or done, names="、".join(lacking)
    )


@check
def discipline_sent(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """And each proposal has been sent, or withdrawn."""
    kept = any(t.stage == "proposed" for t in facts.open_tracks("discipline"))
    done = facts.did("send_discipline") or bool(_referred(facts))
    return refused_unless("discipline" not in interference.owed(facts) or (done and not kept))


def _proposed(facts: Facts, name: str = "") -> list[ActFacts]:
    made = (a for a in interference.proposals(facts) if a.asked.get("body_kind") != "party")
    return [a for a in made if not name or person_of(a.asked) == name]


def _referred(facts: Facts, name: str = "") -> list[ActFacts]:
    """Referrals to supervision that did not come back: about that person, or about the matter as
    such."""
    made = _sent_to_supervision(facts)
    if not name:
        return made
    others = {n for n in interference.responsible(facts) if n != name}
    return [a for a in made if _may_mean(_about(a), name, others)]


def _may_mean(about: str, name: str, others: Iterable[str]) -> bool:
    """Whether the words on whom a referral is about name the person, or nobody else."""
    return name in about or not any(n in about for n in others)


def _sent_to_supervision(facts: Facts) -> list[ActFacts]:
    """Referrals to supervision that did not come back."""
    back = {t.label for t in facts.tracks if t.stage == "returned"}
    sent = [a for a in facts.done("send_prosecution") if a.asked.get("target") == SUPERVISION]
    return [a for a in sent if a.track not in back]


def _about(act: ActFacts) -> str:
    return folded_name(str(act.asked.get("about") or ""))


@check
def circular_owed(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """The article of what was found gives public criticism."""
    return refused_unless("circular" in interference.owed(facts))


@check
def circular_given(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Where the article gives public criticism, it has been made."""
    return refused_unless(
        "circular" not in interference.owed(facts) or facts.did("circulate_interference")
    )


@check
def correction_ordered(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Where the article gives an order to correct, one stands."""
    standing = {p.seq for p in facts.papers if p.kind == "correction" and p.state != "withdrawn"}
    made = [a for a in facts.done("order_correction") if a.seq in standing]
    found = any(interference.orders_correction(facts, a.asked) for a in made)
    return refused_unless("correct" not in interference.owed(facts) or found)


@check
def correction_awaited(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """An order to correct of §41 was obeyed, or its last day is over: before it nobody can say what
    came of it."""
    if "correct" not in interference.owed(facts):
        return None
    last = [day for day in _days_to_correct(facts) if day >= facts.today]
    return refused_unless(not last, day=max(last).isoformat() if last else "")


def _days_to_correct(facts: Facts) -> list[date]:
    """The last day of each order to correct that arrived and was not seen to be obeyed."""
    services = {p.served.seq for p in _orders_arrived(facts) if p.served and not _obeyed(facts, p)}
    return [c.due for c in facts.clocks if c.rule == "correction" and c.seq in services]


def _orders_arrived(facts: Facts) -> list[PaperFacts]:
    """Papers that order an interference to be corrected and have reached the party."""
    orders = {
        a.seq
        for a in facts.done("order_correction")
        if interference.orders_correction(facts, a.asked)
    }
    return [p for p in arrived(facts, "correction") if p.seq in orders]


def _obeyed(facts: Facts, order: PaperFacts) -> bool:
    """Whether the newest look after an order, since it was served, found that it was obeyed."""
    since = order.served.seq if order.served else 0
    looks = [a for a in looks_after(facts, order) if a.seq > since]
    return bool(looks) and looks[-1].asked.get("corrected") == "yes"


@check
def articles_of_ground(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """A proposal on interference names an article of what was found; one on an offence beside it,
    that of the offence."""
    rows = [r for r in facts.violations if r.get("code") in penalties().violations]
    if not interference.interfering(rows):
        return None
    found = [penalties().number(r["code"], date.fromisoformat(r["conduct_end"])) for r in rows]
    named = str(asked.get("articles") or "")
    return refused_unless(
        any(number in named for number in found), articles="、".join(dict.fromkeys(found))
    )
