"""Verification, filing, inspection and the report that ends the investigation."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.registry import Refusal, check, refused_unless
from casework.procedure.facts import ActFacts, Asked, Facts, PaperFacts
from casework.procedure.ids import ClockId
from casework.procedure.penalties import penalties
from casework.procedure.terms import SubjectKind
from casework.text import is_blank


@check
def verify_not_expired(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """An extension comes before the period ends."""
    return _running(facts, "verify")


@check
def case_limit_not_expired(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """An extension comes before the period ends (统计办法)."""
    return _running(facts, "case_limit")


def _running(facts: Facts, rule: ClockId) -> Refusal | None:
    clock = facts.clock(rule)
    return refused_unless(clock is not None and clock.running and not clock.missed(facts.today))


@check
def figures_or_reason(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Figures were compared, or the report says why not."""
    return refused_unless(bool(facts.figures) or not is_blank(str(asked.get("no_figures") or "")))


@check
def act_named(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The suspected violation is one of the law's items."""
    return refused_unless(str(asked.get("code")) in penalties().violations)


@check
def correction_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """An order to correct has been served."""
    return refused_unless(facts.served("correction") is not None)


@check
def inquiry_served(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """An inquiry has been served."""
    return refused_unless(facts.served("inquiry") is not None)


def arrived(facts: Facts, kind: str) -> list[PaperFacts]:
    """The papers of a kind that were served and stand, oldest first."""
    found = (p for p in facts.papers if p.kind == kind and p.state != "withdrawn")
    return [p for p in found if p.served and not p.served.failed]


def _one_named(facts: Facts, kind: str, asked: Asked) -> Refusal | None:
    """Which of the papers of a kind is meant is said where several arrived."""
    papers, named = [p.id for p in arrived(facts, kind)], int(asked.get("paper") or 0)
    good = named in papers if named else len(papers) == 1
    return refused_unless(good, count=str(len(papers)))


@check
def inquiry_named(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Which inquiry is answered: each tells days of its own (重庆市统计管理条例 §39)."""
    return _one_named(facts, "inquiry", asked)


@check
def order_named(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Which order to correct was looked after: each has its own last day (处罚法 §28)."""
    return _one_named(facts, "correction", asked)


def looks_after(facts: Facts, order: PaperFacts) -> list[ActFacts]:
    """Checks whether an order to correct was obeyed, oldest first. One that names no order, of
    before forms asked it, is of every order that was made by then."""
    found = (a for a in facts.done("check_correction") if a.seq > order.seq)
    return [a for a in found if int(a.asked.get("paper") or order.id) == order.id]


@check
def help_asked(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """A request for help waits for its answer."""
    clock = facts.clock("help_reply")
    return refused_unless(clock is not None and clock.running)


@check
def spot_ceiling(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """On the spot: at most 3,000 yuan for organisations, 200 for citizens (处罚法 §51)."""
    person = facts.party is not None and facts.party.kind in (
        SubjectKind.SOLE_TRADER,
        SubjectKind.PERSON,
    )
    ceiling = facts.settings.money("spot.person" if person else "spot.organisation")
    return refused_unless(
        int(asked.get("fine_fen") or 0) <= ceiling.fen, ceiling=f"{ceiling.yuan:,.0f}"
    )


@check
def spot_kinds(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """On the spot: a fine or a warning, nothing else (处罚法 §51)."""
    return refused_unless(set(asked.get("kinds") or []) <= {"warning", "fine"})


@check
def told_and_heard(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Rights were told and the party was heard on the spot (处罚法 §44, §52)."""
    return refused_unless(bool(asked.get("told")) and not is_blank(str(asked.get("heard") or "")))


@check
def spot_not_filed(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """An on-the-spot penalty has not been filed with the bureau yet."""
    clock = facts.clock("file_with_bureau")
    return refused_unless(clock is not None and clock.running)


@check
def something_found(facts: Facts, _asked: Asked, _on: date) -> Refusal | None:
    """Figures, evidence or a record stand in the case."""
    found = facts.did(
        "verify_figures", "add_evidence", "on_site_record", "interview", "obstruction"
    )
    return refused_unless(found)


def conduct_end_on_record(facts: Facts) -> str:
    """The last day of the conduct, ISO, as the newest report says, else the filing; «» where
    neither does."""
    ends = [str(v.get("conduct_end") or "") for v in facts.violations]
    filed = facts.last("file")
    return max(ends, default="") or (str(filed.asked.get("conduct_end") or "") if filed else "")


@check
def other_days_explained(facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """The last day picks the law and begins the two years (处罚法 §36, §37): a report that says
    another one says why."""
    before = conduct_end_on_record(facts)
    now = max((str(r.get("conduct_end") or "") for r in asked.get("violations") or []), default="")
    explained = not is_blank(str(asked.get("days_reason") or ""))
    return refused_unless(
        not before or not now or before == now or explained, before=before, now=now
    )


@check
def violations_complete(_facts: Facts, asked: Asked, _on: date) -> Refusal | None:
    """Every violation has an item, facts and the days of the conduct."""
    rows = asked.get("violations") or []
    whole = all(
        r.get("code") and r.get("what") and r.get("conduct_start") and r.get("conduct_end")
        for r in rows
    )
    ordered = whole and all(r["conduct_start"] <= r["conduct_end"] for r in rows)
    return refused_unless(bool(rows) and ordered)
