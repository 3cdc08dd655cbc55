"""Builders of the papers after the decision: execution, referral, publication, closing. Pure."""

from __future__ import annotations

from datetime import date

from casework.procedure.clock_rules import due
from casework.procedure.decision_state import stands
from casework.procedure.effects import TrackOpened
from casework.procedure.facts import ActFacts, Asked, Facts, PaperFacts
from casework.procedure.interference import articles, interfering
from casework.procedure.load import procedure
from casework.procedure.terms import Money
from letters import pieces
from letters.base import Letter
from letters.build import PaperSource, builder, paper_number, printed_day, required, served_on
from letters.format import period as period_words
from letters.format import printed_date, short_figures, word
from letters.from_case import basis_of, facts_of, proposed
from letters.labels import coded_names
from letters.pieces import DASH, Parts


def _decision(s: PaperSource) -> PaperFacts:
    return required(s.facts.paper("decision"), "decision")


# -- execution
@builder("instalments", "instalment_notice", "agreement")
def _instalments(s: PaperSource) -> Letter:
    f, made = s.facts, _decision(s)
    plan = [_part(row) for row in s.asked.get("instalments") or ()] or list(s.lines("plan"))
    bank, holder, account = pieces.account(f.bureau.bank, str(f.value("bank") or ""))
    dates = {"decided": made.on, "served": required(made.served, "served").on}
    if s.asked.get("due"):
        dates["due"] = date.fromisoformat(s.asked["due"])
    values = {
        **pieces.answers(s),
        "decision_number": made.number,
        "count": str(len(plan)),
        "several": "1" if len(plan) > 1 else "",
        "plan_text": "\n".join(f"{n}. {line}" for n, line in enumerate(plan, 1)),
        "bank": bank,
        "account_name": holder,
        "account": account,
    }
    return pieces.notice(
        s, values, Parts(dates=dates, sums={"fine": f.fine}), plan=pieces.items(plan)
    )


def _part(row: Asked) -> str:
    """One instalment: its last day and its sum."""
    day, sum_ = date.fromisoformat(row["pay_by"]), Money(int(row["part_fen"]))
    return word("instalment", day=printed_date(day), sum=short_figures(sum_))


# -- discipline
def _proposed_discipline(s: PaperSource) -> tuple[ActFacts, PaperFacts | None]:
    """The proposal of this track instance and its paper."""
    made = s.facts.last("propose_discipline")
    own = [a for a in s.facts.done("propose_discipline") if s.track in _opened(a)]
    act = required(own[-1] if own else made, "propose_discipline")
    paper = next(
        (p for p in s.facts.papers if p.kind == "discipline_proposal" and p.seq == act.seq), None
    )
    return act, paper


def _opened(act: ActFacts) -> set[str]:
    return {e.label for e in act.effects if isinstance(e, TrackOpened)} | {act.track}


@builder("discipline_cover", "discipline_feedback", "discipline_chase")
def _discipline(s: PaperSource) -> Letter:
    act, paper = _proposed_discipline(s)
    all_sent = list(s.facts.done("send_discipline"))
    sent = [a for a in all_sent if a.track == s.track] or all_sent
    keys = ("person_name", "person_post", "body", "proposal")
    values = {
        **{k: str(act.asked.get(k) or "") for k in keys},
        act.asked["body_kind"]: "1",
        "proposal_number": paper_number(paper, DASH),
        "contact": s.text("contact"),
        "reply_period": period_words(s.facts.settings.period("discipline.reply")),
        "hard_period": period_words(s.facts.settings.period("discipline.hard")),
    }
    dates = {"proposed_on": act.on} | ({"sent": sent[-1].on} if sent else {})
    return pieces.notice(
        s, values, Parts(dates=dates), enclosures=pieces.items(s.lines("enclosures"))
    )


# -- publication and dishonesty
@builder("publication_approval")
def _publication(s: PaperSource) -> Letter:
    f, made = s.facts, _decision(s)
    until = due(made.on, f.settings.period("publish.months"), f.calendar).on
    act = required(f.last("decide_penalty", "on_the_spot"), "decide_penalty")
    kinds = "、".join(coded_names("kinds")[k] for k in act.asked.get("kinds") or [])
    values = {
        "summary": s.text("summary"),
        "influence": s.text("influence"),
        "decision_number": made.number,
        "kinds": kinds,
        "basis": basis_of(s),
        "proposed": pieces.penalty_text(act.asked),
        "within": word("from_decision", period=period_words(f.settings.period("publish.period"))),
    }
    return pieces.notice(s, values, Parts(dates={"decided": made.on, "until": until}))


def _imposed(s: PaperSource) -> Asked:
    """The penalty as it stands: the decision's kinds, and the sum in force."""
    act = required(s.facts.last("decide_penalty", "on_the_spot"), "decide_penalty")
    return {**act.asked, "fine_fen": s.facts.fine.fen}


@builder("listing_draft", "repair_approval")
def _listing(s: PaperSource) -> Letter:
    f = s.facts
    made = required(f.paper("dishonesty_decision"), "dishonesty_decision")
    listed = f.last("list_entry")
    until = due(s.issue.on, f.settings.period("sdx.publish_months"), f.calendar).on
    values = {
        "summary": s.text("summary"),
        "handling": pieces.penalty_text(_imposed(s)),
        "decision_number": made.number,
        "request": s.text("request"),
        "reason": s.text("verified"),
        "min_period": period_words(f.settings.period("sdx.min_months")),
    }
    dates = {
        "decided": made.on,
        "determined": made.on,
        "until": until,
        "shown_from": listed.on if listed else made.on,
    }
    return pieces.notice(s, values, Parts(dates=dates))


@builder("bulletin")
def _bulletin(s: PaperSource) -> Letter:
    """After a decision that imposes 通报, or, against bodies and leaders, without one (统计法
    §§40–41)."""
    values = {
        "recipients": s.text("recipients"),
        "text": s.text("text"),
        "facts": facts_of(s),
        "basis": basis_of(s),
        "copies": word("join").join(
            b for b in (s.facts.bureau.superior, s.facts.bureau.government) if b
        ),
    }
    if s.step == "circulate_interference":
        none = dict.fromkeys(("decided", "decision_number", "proposed"), "")
        return pieces.notice(s, {**values, **none, "interference": "1"})
    made = _decision(s)
    decided = {"decision_number": made.number, "proposed": proposed(s), "interference": ""}
    return pieces.notice(s, {**values, **decided}, Parts(dates={"decided": made.on}))


# -- closing
def _decided_as(s: PaperSource) -> str:
    """The penalty with its sum, as it is in force; "" where none was imposed."""
    act = s.facts.last("decide_penalty", "on_the_spot")
    if act is None:
        return ""
    said = (
        word("decided_as", penalty=pieces.penalty_text(_imposed(s)))
        if stands(s.facts)
        else word("decision_fell")
    )
    return said + "\n"


def _sent_and_told(f: Facts) -> list[str]:
    """Each circular, each proposal of discipline and each referral with its answer: what the file
    itself shows."""
    gone = {a.track for a in f.done("withdraw_discipline")}
    lines = []
    for paper in f.papers:
        act = next((a for a in f.done() if a.seq == paper.seq), None)
        if (
            paper.kind not in REPORTED
            or paper.state == "withdrawn"
            or act is None
            or _opened(act) & gone
        ):
            continue
        named = {
            "paper": procedure().papers[paper.kind].name.zh,
            "number": paper.number,
            "day": printed_date(paper.on),
        }
        if paper.kind == "bulletin":
            lines.append(word("circulated", **named))
        else:
            lines.append(
                word("sent_to", **named, body=str(act.asked["body"]), reply=_answer(f, act))
            )
    return lines


REPORTED = ("bulletin", "discipline_proposal", "prosecution_letter")
ANSWERS = ("discipline_reply", "prosecution_taken", "prosecution_back")


def _answer(f: Facts, sent: ActFacts) -> str:
    """What came back to a proposal or a referral."""
    tracks = _opened(sent) - {"main"}
    answers = [a for a in f.done() if a.step in ANSWERS and a.track in tracks]
    if not answers:
        return word("no_reply")
    result = str(answers[-1].asked.get("result") or "").rstrip("。")
    return word(f"answer_{answers[-1].step}", result=result)


@builder("closing_report")
def _closing(s: PaperSource) -> Letter:
    f, made = s.facts, s.facts.paper("decision")
    ended, remedy = [x for x in f.links if x.named], s.text("remedy_reason")
    said = [*_sent_and_told(f), s.text("publication")]
    of_the_case = pieces.case_values(s)
    values = {
        "decision_number": paper_number(made, DASH),
        "decided": printed_day(made, DASH),
        "served": served_on(made, DASH),
        **{k: of_the_case[k] or DASH for k in ("filed", "officer_names", "officers")},
        "facts": facts_of(s),
        "result": _decided_as(s) + s.text("result"),
        "execution": s.text("execution") + (f"\n{remedy}" if remedy else ""),
        "publication": "\n".join(filter(None, said)) or word("none"),
        "interference": "1" if interfering(f.violations) else "",
        "basis": "；".join(articles(f)),
        "answered": word("informants", n=len(ended)) if ended else word("no_informant"),
    }
    return pieces.notice(s, values)
