"""Where the fields of each paper come from. One function a kind; nothing here decides anything."""

from __future__ import annotations

from datetime import date

from casework.procedure.as_decided import dishonesty_ground
from casework.procedure.checks.decision import hearing_may_be_asked
from casework.procedure.checks.referral import entry_shown
from casework.procedure.facts import Asked, Facts
from casework.procedure.fines import balance, net_paid, owed_back
from casework.procedure.ids import StepId
from casework.procedure.interference import article, interfering
from casework.procedure.kinds import kinds
from casework.procedure.penalties import penalties
from casework.procedure.roles import who_may
from casework.procedure.terms import Money, Period, Unit
from letters import decision, inspection, pieces, referral, service
from letters.base import Letter
from letters.build import PaperSource, builder, paper_number, required
from letters.format import period as period_words
from letters.format import printed_date, word
from letters.from_case import proposed
from letters.heard import hearing_words
from letters.labels import coded_names
from letters.parts import Officer, Official, ServedPaper
from letters.pieces import SHANGHAI, Parts
from letters.said import addressed, adds, cited, survey_form
from letters.stated import conduct, course, evidence_lines, figure_sentences


# -- case: filing and inspection
@builder("filing_approval")
def _filing(s: PaperSource) -> Letter:
    files = s.step == "file"
    leader, verified = pieces.approval_values(s), s.facts.last("verification_report")
    return inspection.FilingApproval(
        **s.common,
        cause=pieces.cause(s),
        verified=verified.on if verified else s.issue.on,
        respondent=pieces.party(s),
        facts=s.text("facts"),
        basis_articles=_filed_under(s),
        proposal=inspection.Proposal.FILE if files else inspection.Proposal.NOT_FILE,
        officers=pieces.officers(s),
        officer_opinion=word("propose_file" if files else "propose_not_file"),
        proposed=pieces.proposed_on(s),
        unit_opinion=leader["head_opinion"],
        unit_signed=leader["head_signed"] if leader["head"] else "",
        leader_opinion=leader["leader_opinion"],
        leader_signed=leader["leader_signed"],
    )


def _filed_under(s: PaperSource) -> str:
    """The item that is suspected; of a case that is not filed, the article on filing."""
    if not s.asked.get("conduct_end"):
        return "《中华人民共和国行政处罚法》第五十四条"
    code, end = s.asked["code"], date.fromisoformat(s.asked["conduct_end"])
    return (
        penalties().article(code, end)
        if penalties().is_offence(code)
        else article(pieces.party(s), code, end)
    )


@builder("inspection_notice")
def _inspection(s: PaperSource) -> Letter:
    return inspection.InspectionNotice(
        **s.common,
        respondent=pieces.party(s),
        content=s.text("content"),
        span=s.text("span"),
        begins=date.fromisoformat(s.asked["begins"]),
        place=addressed(s.text("place")),
        materials=s.lines("materials"),
        officers=pieces.officers(s),
    )


@builder("on_site_record")
def _on_site(s: PaperSource) -> Letter:
    return inspection.OnSiteRecord(
        **s.common,
        cause=pieces.cause(s),
        respondent=pieces.party(s),
        place=s.text("place"),
        began=pieces.clock_time(s.issue.on, s.text("began")),
        ended=pieces.clock_time(s.issue.on, s.text("ended")),
        officers=pieces.officers(s),
        recorder=s.facts.actor.name if s.facts.actor else "",
        present=s.text("present"),
        present_post=s.text("present_post"),
        findings=s.text("findings"),
        figures=s.facts.figures,
        statement=s.text("statement"),
        refusal=s.text("refusal"),
    )


# -- notice, decision, service
@builder("prior_notice")
def _prior_notice(s: PaperSource) -> Letter:
    may_hear = hearing_may_be_asked(s.facts, s.asked)
    return decision.PriorNotice(
        **s.common,
        addressee=pieces.party(s),
        violations=pieces.violations(s),
        evidence=evidence_lines(s),
        discretion=addressed(pieces.discretion(s)),
        penalties=pieces.penalty_names(s),
        defence_period=s.facts.settings.period("defence.period"),
        fine=pieces.fine(s),
        hearing_period=s.facts.settings.period("hearing.request") if may_hear else None,
        course=course(s),
        figures=s.facts.figures,
        figure_facts=figure_sentences(s.facts),
        contact=s.text("contact"),
    )


@builder("decision")
def _decision(s: PaperSource) -> Letter:
    f, outcome = s.facts, _outcome(s.step)
    notice = f.served("prior_notice")
    bank, holder, account = pieces.account(s.text("bank"), f.bureau.bank)
    ground = word(f"ground_{s.asked['ground']}") if s.asked.get("ground") else ""
    set_off, rest = _set_off(s)
    remedies = pieces.remedies(s)
    return decision.Decision(
        **s.common,
        outcome=outcome,
        respondent=pieces.party(s),
        violations=pieces.violations(s),
        evidence=evidence_lines(s),
        reconsider_body=remedies["reconsider_body"],
        reconsider_period=f.settings.period("remedy.reconsider"),
        court=remedies["court"],
        suit_period=f.settings.period("remedy.suit"),
        notified=notice.served.on if notice and notice.served else None,
        notice_number=paper_number(notice),
        defence=addressed((s.text("defence") or s.text("heard")) + s.text("unchanged_reason")),
        hearing=hearing_words(f, word("your_unit")) if outcome is decision.Outcome.PENALTY else "",
        discretion=""
        if outcome is decision.Outcome.NO_PENALTY
        else addressed(pieces.discretion(s)),
        penalties=pieces.penalty_names(s),
        fine=pieces.fine(s),
        set_off=set_off,
        rest=rest,
        pay_period=f.settings.period("pay.period") if rest else None,
        bank=bank,
        account_name=holder,
        account=account,
        course=course(s) if s.step != "on_the_spot" else "",
        figures=f.figures,
        figure_facts=figure_sentences(f),
        ground=ground,
        at=f.now.astimezone(SHANGHAI) if s.step == "on_the_spot" else None,
        place=s.text("place"),
        officers=pieces.officers(s),
    )


def _set_off(s: PaperSource) -> tuple[Money | None, Money | None]:
    """What of the fine is covered by money paid under a decision that was set aside, and what is
    left to pay."""
    fine = pieces.fine(s)
    if fine is None or not s.asked.get("set_off"):
        return None, fine
    covered = min(owed_back(s.facts).fen, fine.fen)
    return Money(covered), Money(fine.fen - covered) if covered < fine.fen else None


def _outcome(step: str) -> decision.Outcome:
    spot, none = decision.Outcome.ON_THE_SPOT, decision.Outcome.NO_PENALTY
    return {"on_the_spot": spot, "decide_no_penalty": none}.get(step, decision.Outcome.PENALTY)


@builder("service_receipt")
def _receipt(s: PaperSource) -> Letter:
    from casework.procedure.load import procedure

    f = s.facts
    told, remarks = _service(s)
    paper = next(p for p in f.papers if p.id == int(told["paper"]))
    cards = pieces.officers(s)
    return service.ServiceReceipt(
        **s.common,
        cause=pieces.cause(s),
        recipient=f.party.name if f.party else f.title,
        address=str(told.get("place") or "")
        or (f.party.address if f.party else "")
        or "当事人住所地",
        method=service.Method("post" if told["method"] == "mail" else str(told["method"])),
        papers=(ServedPaper(procedure().papers[paper.kind].name.zh, paper.number),),
        officers=cards
        if len(cards) > 1
        else (Officer("　　　　", "　　"), Officer("　　　　", "　　")),
        remarks=remarks,
    )


def _service(s: PaperSource) -> tuple[Asked, str]:
    """What the service's own entry says, and the remark on its receipt: a refusal, or a day that
    was set right."""
    if s.step != "correct_service":
        return s.asked, s.own("refused_reason")
    entry = next(a for a in s.facts.acts if a.seq == int(s.asked["act"]))
    was, right = (
        printed_date(day) for day in (entry.on, date.fromisoformat(s.asked["corrected_on"]))
    )
    remark = word("service_corrected", was=was, right=right, proof=s.own("proof"))
    refused = str(entry.asked.get("refused_reason") or "")
    return entry.asked, f"{refused}。{remark}" if refused else remark


@builder("discipline_proposal")
def _discipline(s: PaperSource) -> Letter:
    return referral.DisciplineProposal(
        **s.common,
        addressee=s.text("body"),
        cause=pieces.case_name(s),
        officials=(Official(s.text("person_name"), s.text("person_post")),),
        facts=_persons_part(s),
        basis_articles=cited(s.text("articles")),
        proposal=s.text("proposal"),
        appointing=s.asked.get("body_kind") == "appointing",
        reply_period=s.facts.settings.period("discipline.reply"),
        decision_number=paper_number(s.facts.paper("decision")),
        contact=s.facts.actor.name if s.facts.actor else "",
    )


def _persons_part(s: PaperSource) -> str:
    """What the person did; of interference with its days, and by whom."""
    rows, facts = interfering(s.facts.violations), s.text("facts")
    return (
        conduct(pieces.days_of(rows[0]), facts, s.text("person_name"), pieces.party(s).name)
        if rows
        else facts
    )


# -- papers that are wording alone
@builder("inquiry", "inquiry_answer")
def _inquiry(s: PaperSource) -> Letter:
    days = period_words(Period(int(s.asked["days"]), Unit.DAY))
    number = {"inquiry_number": s.issue.beside.get("inquiry", "")}
    return pieces.notice(
        s, {"answer_period": days, **number}, questions=pieces.items(s.lines("matters"))
    )


@builder("reminder")
def _reminder(s: PaperSource) -> Letter:
    rows = [survey_form(x) for x in s.lines("forms")]
    census = "1" if any(v.get("census") for v in s.facts.violations) else ""
    asked = {"due": s.asked["was_due"], "until": s.asked["due"]}
    dates = {name: date.fromisoformat(day) for name, day in asked.items()}
    return pieces.notice(s, {"census": census}, Parts(dates=dates), forms=rows)


@builder("hearing_notice")
def _hearing(s: PaperSource) -> Letter:
    values = {
        "hearing_at": pieces.hearing_at(s.asked),
        "place": s.text("place"),
        "manner": coded_names("openness")[s.text("openness")],
        "host": s.facts.people[int(s.asked["host"])].name,
    }
    dates = {"hearing_on": date.fromisoformat(s.asked["hearing_on"])}
    return pieces.notice(s, values, Parts(dates=dates))


@builder("hearing_refusal")
def _hearing_refusal(s: PaperSource) -> Letter:
    """不予听证告知书: when it was asked for, and which of the two grounds of the law there is."""
    f, notice = s.facts, required(s.facts.served("prior_notice"), "prior_notice")
    asked = required(f.last("hearing_request"), "hearing_request")
    clock = f.clock("hearing_request")
    values = {
        "notice_number": notice.number,
        "late": "",
        "not_entitled": "",
        str(s.asked["ground"]): "1",
        "reason": s.own("reason"),
        "hearing_period": period_words(f.settings.period("hearing.request")),
        "proposed": proposed(s),
    }
    values["until"] = printed_date(clock.due) if clock else ""
    dates = {"notified": required(notice.served, "served").on, "asked": asked.on}
    return pieces.notice(s, values, Parts(dates=dates))


@builder("revocation")
def _revocation(s: PaperSource) -> Letter:
    """撤销行政处罚决定书: which decision, why, and what becomes of money, list and case."""
    f, made = s.facts, required(s.facts.paper("decision"), "decision")
    none = "1" if made.step == "decide_no_penalty" else ""
    values = {
        "decision_name": "不予行政处罚决定书" if none else "行政处罚决定书",
        "no_penalty": none,
        "decision_number": made.number,
        "reason": s.own("reason"),
        "anew": "1" if s.asked["result"] == "anew" else "",
        "paid": "1" if net_paid(f).fen else "",
        "shown": "1" if entry_shown(f, {}) else "",
        **pieces.remedies(s),
    }
    dates = {"decided": made.on, "served": made.served.on if made.served else made.on}
    return pieces.notice(s, values, Parts(dates=dates))


SURCHARGE = ("surcharge_capitals", "surcharge_figures", "surcharge_until")  # where none is owed yet


@builder("demand", "court_application")
def _demand(s: PaperSource) -> Letter:
    """履行催告书 and 强制执行申请书: the decision, when it was served, what is owed."""
    f = s.facts
    made, demand = required(f.paper("decision"), "decision"), f.served("demand")
    bank, holder, account = pieces.account(f.bureau.bank, str(f.value("bank") or ""))
    due = balance(f)
    # of the fine itself: what came in covers it first
    rest = Money(max(due.levied.fen - due.paid.fen, 0))
    extra = Money(due.owed.fen - rest.fen)
    dates = {"decided": made.on, "served": required(made.served, "served").on}
    values = {
        "duty": s.text("way"),
        "decision_number": made.number,
        "bank": bank,
        "account_name": holder,
        "account": account,
        "court": s.text("court"),
        **dict.fromkeys(SURCHARGE, ""),
        "demand_number": paper_number(demand),
    }
    values |= {"next": "2" if rest.fen else "1", "remedied": "1" if f.did("remedy_end") else ""}
    values |= dict.fromkeys(("fine_capitals", "fine_figures"), "")
    sums = ({"fine": rest} if rest.fen else {}) | ({"surcharge": extra} if extra.fen else {})
    dates |= {"surcharge_until": f.today} if extra.fen else {}
    dates |= {"demanded": demand.served.on} if demand and demand.served else {}
    return pieces.notice(
        s, values, Parts(dates=dates, sums=sums), materials=pieces.items(s.lines("material"))
    )


@builder("transfer", "material_list", "transfer_receipt")
def _transfer(s: PaperSource) -> Letter:
    """To another body, to the superior, or, on suspicion of a crime, to police, procuracy or
    supervision."""
    kind, about, beside = _transferred_as(s), s.text("about"), s.issue.beside
    basis = pieces.competence(s) if kind == "other" else kind
    suspected = kind in ("crime", "supervision")
    found = word(f"found_{kind}", case=pieces.case_name(s), about=about) if suspected else ""
    tip = kinds()[s.facts.kind].informant
    material = s.lines("material") or (word("material_tip" if tip else "material_case"),)
    values = {
        kind: "1",
        "body": s.text("body") or s.facts.bureau.superior,
        "facts": adds(found, s.text("reason")),
        "found": found,
        "about": about,
        "basis": word(f"basis_{basis}"),
        "letter_number": beside.get("transfer") or beside.get("prosecution_letter") or "",
        "tip": "1" if tip else "",
        "count": str(len(material)),
        "issued_by": _issued_by(s),
        "contact": pieces.contact(s),
    }
    return pieces.notice(
        s, values, Parts(by_hand=frozenset({"facts"})), materials=pieces.items(material)
    )


def _transferred_as(s: PaperSource) -> str:
    """crime, supervision (on suspicion of either), up (to the superior) or other (another body)."""
    if s.step == "send_prosecution":
        return "supervision" if s.asked.get("target") == "supervision" else "crime"
    return "up" if s.step.startswith("report_up") else "other"


def _issued_by(s: PaperSource) -> str:
    """Who releases what goes to a superior (签发人, GB/T 9704-2012 7.2.6): the leader who approves
    it."""
    signed = [a.name for a in pieces.approvals(s) if a.role in who_may("case.decide")]
    return signed[-1] if signed else ""


def _said(f: Facts, step: StepId) -> str:
    """All that the firm said, and how each was judged."""
    said = [
        [str(a.asked.get(k) or "").rstrip("。") for k in ("opinion", "adopted")]
        for a in f.done(step)
    ]
    heard = [word("heard", opinion=opinion, adopted=adopted) for opinion, adopted in said]
    return "".join(heard) or word("not_heard", who=word("your_unit"))


@builder("dishonesty_notice", "dishonesty_decision")
def _dishonesty(s: PaperSource) -> Letter:
    f = s.facts
    told = f.served("dishonesty_notice")
    values = {
        "facts": s.text("facts").rstrip("。") + "。",
        "basis": cited(s.text("articles")),
        "ground": coded_names("ground").get(dishonesty_ground(f), word("dishonesty")),
        "reply_period": period_words(f.settings.period("sdx.notice_reply")),
        "shown_period": period_words(f.settings.period("sdx.publish_months")),
        **pieces.remedies(s),
    }
    dates = {}
    if told and told.served:
        dates = {"notified": told.served.on}
        values |= {"notice_number": told.number, "defence": _said(f, "dishonesty_defence")}
    return pieces.notice(s, values, Parts(dates=dates))


@builder("listing_extension_notice", "listing_extension")
def _longer_listing(s: PaperSource) -> Letter:
    f = s.facts
    made = required(f.paper("dishonesty_decision"), "dishonesty_decision")
    listed = required(f.last("list_entry"), "list_entry")
    told = f.served("listing_extension_notice")
    values = {
        "decision_number": made.number,
        "reason": s.text("reason").rstrip("。") + "。",
        "basis": cited(s.text("articles")),
        "reply_period": period_words(f.settings.period("sdx.notice_reply")),
        **pieces.remedies(s),
    }
    dates = {
        "determined": made.on,
        "shown_from": listed.on,
        "due": required(f.clock("listing"), "listing").due,
        "until": date.fromisoformat(s.asked["until"]),
    }
    if told and told.served:
        dates["notified"] = told.served.on
        values |= {"notice_number": told.number, "defence": _said(f, "extension_defence")}
    return pieces.notice(s, values, Parts(dates=dates))


@builder("delisting")
def _delisting(s: PaperSource) -> Letter:
    made = required(s.facts.paper("dishonesty_decision"), "dishonesty_decision")
    listed = s.facts.last("list_entry")
    values = {
        "decision_number": made.number,
        "reason": s.text("verified"),
        "request": s.text("request"),
    }
    shown_from = listed.on if listed else made.on
    dates = {"determined": made.on, "shown_from": shown_from, "removed": s.issue.on}
    return pieces.notice(s, values, Parts(dates=dates))


@builder("reply")
def _reply(s: PaperSource) -> Letter:
    values = {
        "report_number": s.facts.number,
        "result": s.text("text"),
        "final": "1" if s.asked.get("final") == "yes" else "",
    }
    return pieces.notice(s, values, Parts(dates={"received": s.facts.opened_on}))
