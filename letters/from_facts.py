"""Where the fields of each paper come from. One function a kind; nothing here decides anything."""

from __future__ import annotations

from datetime import date

from casework.procedure.checks.decision import hearing_may_be_asked
from casework.procedure.facts import Asked
from casework.procedure.fines import balance, owed_back
from casework.procedure.penalties import penalties
from casework.procedure.terms import Money, Period, Unit
from letters import decision, inspection, pieces, referral, service
from letters.base import Letter
from letters.build import Source, builder, required
from letters.format import period as period_words
from letters.format import printed_date, word
from letters.labels import words
from letters.parts import Officer, Official, ServedPaper
from letters.pieces import SHANGHAI, Parts


# -- case: filing and inspection
@builder("filing_approval")
def _filing(s: Source) -> Letter:
    files = s.step == "file"
    end = s.asked.get("conduct_end")
    articles = (
        penalties().article(s.asked["code"], date.fromisoformat(end)) if end else "《中华人民共和国行政处罚法》第五十四条"
    )
    leader = pieces.approval_values(s)
    return inspection.FilingApproval(
        **s.common,
        source=words("channel").get(str(s.facts.value("channel")), "线索核查"),
        cause=pieces.cause(s),
        found=s.facts.found_on,
        respondent=pieces.party(s),
        facts=s.text("facts"),
        basis_articles=articles,
        proposal=inspection.Proposal.FILE if files else inspection.Proposal.NOT_FILE,
        officers=pieces.officers(s),
        officer_opinion=word("propose_file" if files else "propose_not_file"),
        leader_opinion=leader["leader_opinion"],
        leader_signed=leader["leader_signed"],
    )


@builder("inspection_notice")
def _inspection(s: Source) -> Letter:
    return inspection.InspectionNotice(
        **s.common,
        respondent=pieces.party(s),
        content=s.text("content"),
        span=s.text("span"),
        begins=date.fromisoformat(s.asked["begins"]),
        place=s.text("place"),
        materials=s.lines("materials"),
        officers=pieces.officers(s),
    )


@builder("on_site_record")
def _on_site(s: Source) -> Letter:
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
def _prior_notice(s: Source) -> Letter:
    may_hear = hearing_may_be_asked(s.facts, s.asked)
    return decision.PriorNotice(
        **s.common,
        addressee=pieces.party(s),
        violations=pieces.violations(s),
        evidence=s.lines("evidence"),
        discretion=s.text("discretion"),
        penalties=pieces.penalty_names(s),
        defence_period=s.facts.settings.period("defence.period"),
        fine=pieces.fine(s),
        hearing_period=s.facts.settings.period("hearing.request") if may_hear else None,
        figures=s.facts.figures,
        contact=s.text("contact"),
    )


@builder("decision")
def _decision(s: Source) -> Letter:
    f, outcome = s.facts, _outcome(s.step)
    notice = f.served("prior_notice")
    bank, holder, account = pieces.account(s.text("bank") or f.bureau.bank)
    ground = word(f"ground_{s.asked['ground']}") if s.asked.get("ground") else ""
    set_off, rest = _set_off(s)
    return decision.Decision(
        **s.common,
        outcome=outcome,
        respondent=pieces.party(s),
        violations=pieces.violations(s),
        evidence=s.lines("evidence"),
        reconsider_body=f.bureau.government,
        reconsider_period=f.settings.period("remedy.reconsider"),
        court=f.bureau.court,
        suit_period=f.settings.period("remedy.suit"),
        notified=notice.served.on if notice and notice.served else None,
        notice_number=notice.number if notice else "",
        defence=s.text("defence") or s.text("heard"),
        discretion="" if outcome is decision.Outcome.NO_PENALTY else s.text("discretion"),
        penalties=pieces.penalty_names(s),
        fine=pieces.fine(s),
        set_off=set_off,
        rest=rest,
        pay_period=f.settings.period("pay.period") if rest else None,
        bank=bank,
        account_name=holder,
        account=account,
        figures=f.figures,
        ground=ground,
        at=f.now.astimezone(SHANGHAI) if s.step == "on_the_spot" else None,
        place=s.text("place"),
        officers=pieces.officers(s),
    )


def _set_off(s: Source) -> tuple[Money | None, Money | None]:
    """What of the fine is covered by money paid under a decision that was set aside, and what is left to pay."""
    fine = pieces.fine(s)
    if fine is None or not s.asked.get("set_off"):
        return None, fine
    covered = min(owed_back(s.facts).fen, fine.fen)
    return Money(covered), Money(fine.fen - covered) if covered < fine.fen else None


def _outcome(step: str) -> decision.Outcome:
    spot, none = decision.Outcome.ON_THE_SPOT, decision.Outcome.NO_PENALTY
    return {"on_the_spot": spot, "decide_no_penalty": none}.get(step, decision.Outcome.PENALTY)


@builder("service_receipt")
def _receipt(s: Source) -> Letter:
    from casework.procedure.load import procedure

    f = s.facts
    told, remarks = _service(s)
    paper = next(p for p in f.papers if p.id == int(told["paper"]))
    cards = pieces.officers(s)
    return service.ServiceReceipt(
        **s.common,
        cause=pieces.cause(s),
        recipient=f.party.name if f.party else f.title,
        address=str(told.get("place") or "") or (f.party.address if f.party else "") or "当事人住所地",
        method=service.Method("post" if told["method"] == "mail" else str(told["method"])),
        papers=(ServedPaper(procedure().papers[paper.kind].name.zh, paper.number),),
        officers=cards if len(cards) > 1 else (Officer("　　　　", "　　"), Officer("　　　　", "　　")),
        remarks=remarks,
    )


def _service(s: Source) -> tuple[Asked, str]:
    """What the service's own entry says, and the remark on its receipt: a refusal, or a day that was set right."""
    if s.step != "correct_service":
        return s.asked, s.own("refused_reason")
    entry = next(a for a in s.facts.acts if a.seq == int(s.asked["act"]))
    was, right = (printed_date(day) for day in (entry.on, date.fromisoformat(s.asked["corrected_on"])))
    remark = word("service_corrected", was=was, right=right, proof=s.own("proof"))
    refused = str(entry.asked.get("refused_reason") or "")
    return entry.asked, f"{refused}。{remark}" if refused else remark


@builder("discipline_proposal")
def _discipline(s: Source) -> Letter:
    made = s.facts.paper("decision")
    return referral.DisciplineProposal(
        **s.common,
        addressee=s.text("body"),
        cause=pieces.case_name(s),
        officials=(Official(s.text("person_name"), s.text("person_post")),),
        facts=s.text("facts"),
        basis_articles=s.text("articles"),
        proposal=s.text("proposal"),
        reply_period=s.facts.settings.period("discipline.reply"),
        decision_number=made.number if made else "",
        contact=s.facts.actor.name if s.facts.actor else "",
    )


# -- papers that are wording alone
@builder("inquiry", "inquiry_answer")
def _inquiry(s: Source) -> Letter:
    days = period_words(Period(int(s.asked["days"]), Unit.DAY))
    number = {"inquiry_number": s.issue.beside.get("inquiry", "")}
    return pieces.notice(s, {"answer_period": days, **number}, questions=pieces.items(s.lines("matters")))


@builder("reminder")
def _reminder(s: Source) -> Letter:
    rows = [_survey_form(x) for x in s.lines("forms")]
    census = "1" if any(v.get("census") for v in s.facts.violations) else ""
    until = Parts(dates={"due": date.fromisoformat(s.asked["was_due"]), "until": date.fromisoformat(s.asked["due"])})
    return pieces.notice(s, {"census": census}, until, forms=rows)


def _survey_form(text: str) -> dict[str, str]:
    """«name，number，period» as columns; what is not there is a dash."""
    parts = [p.strip() for p in text.replace(",", "，").split("，")]
    name, form, period = [*parts, "—", "—"][:3]
    return {"name": name, "form": form, "period": period}


@builder("correction")
def _correction(s: Source) -> Letter:
    values = {"facts": s.text("act").rstrip("。") + "。", "breaches": s.text("articles"), **pieces.remedies(s)}
    until = Parts(dates={"until": date.fromisoformat(s.asked["due"])})
    return pieces.notice(s, values, until, demands=pieces.items(s.lines("demand")))


@builder("hearing_notice")
def _hearing(s: Source) -> Letter:
    host = s.facts.people[int(s.asked["host"])].name
    values = {"time": s.text("time"), "place": s.text("place"), "manner": words("openness")[s.text("openness")], "host": host}
    return pieces.notice(s, values, Parts(dates={"hearing_on": date.fromisoformat(s.asked["hearing_on"])}))


SURCHARGE = ("surcharge_capitals", "surcharge_figures", "surcharge_until")  # where none is owed yet


@builder("demand", "court_application")
def _demand(s: Source) -> Letter:
    """履行催告书 and 强制执行申请书: the decision, when it was served, what is owed."""
    f = s.facts
    made, demand = required(f.paper("decision"), "decision"), f.served("demand")
    bank, holder, account = pieces.account(f.bureau.bank or str(f.value("bank") or ""))
    due = balance(f)
    rest = Money(max(due.levied.fen - due.paid.fen, 0))  # of the fine itself: what came in covers it first
    extra = Money(due.owed.fen - rest.fen)
    dates = {"decided": made.on, "served": required(made.served, "served").on}
    values = {
        "duty": s.text("way"), "decision_number": made.number, "bank": bank, "account_name": holder, "account": account,
        "court": s.text("court"), **dict.fromkeys(SURCHARGE, ""), "demand_number": demand.number if demand else "",
    }  # fmt: skip
    values |= {"next": "2" if rest.fen else "1", "remedied": "1" if f.did("remedy_end") else ""}
    values |= dict.fromkeys(("fine_capitals", "fine_figures"), "")
    sums = ({"fine": rest} if rest.fen else {}) | ({"surcharge": extra} if extra.fen else {})
    dates |= {"surcharge_until": f.today} if extra.fen else {}
    dates |= {"demanded": demand.served.on} if demand and demand.served else {}
    return pieces.notice(s, values, Parts(dates=dates, sums=sums), materials=pieces.items(s.lines("material")))


@builder("transfer", "material_list", "transfer_receipt")
def _transfer(s: Source) -> Letter:
    """To another body, to the superior, or, on suspicion of a crime, to police, procuracy or supervision."""
    body = s.text("body") or s.facts.bureau.superior
    kind = {"send_prosecution": "supervision" if s.asked.get("target") == "supervision" else "crime"}.get(s.step, "other")
    kind = "up" if s.step.startswith("report_up") else kind
    values = {"body": body, "facts": s.text("reason").rstrip("。") + "。", "about": s.text("about"), kind: "1"}
    number = s.issue.beside.get("transfer") or s.issue.beside.get("prosecution_letter") or ""
    values |= {"basis": word(f"basis_{kind}"), "letter_number": number}
    return pieces.notice(s, values, materials=pieces.items(s.lines("material") or ("线索登记材料（隐去举报人信息）",)))


@builder("dishonesty_notice", "dishonesty_decision")
def _dishonesty(s: Source) -> Letter:
    f = s.facts
    told, heard = f.served("dishonesty_notice"), f.last("dishonesty_defence")
    values = {
        "facts": s.text("facts").rstrip("。") + "。", "basis": s.text("articles"),
        "ground": words("ground").get(str(f.value("ground")), word("dishonesty")),
        "reply_period": period_words(f.settings.period("sdx.notice_reply")),
        "shown_period": period_words(f.settings.period("sdx.publish_months")), **pieces.remedies(s),
    }  # fmt: skip
    dates = {}
    if told and told.served:
        dates = {"notified": told.served.on}
        said = word("heard", opinion=heard.asked.get("opinion"), adopted=heard.asked.get("adopted")) if heard else ""
        values |= {"notice_number": told.number, "defence": said or word("not_heard")}
    return pieces.notice(s, values, Parts(dates=dates))


@builder("delisting")
def _delisting(s: Source) -> Letter:
    made, listed = required(s.facts.paper("dishonesty_decision"), "dishonesty_decision"), s.facts.last("list_entry")
    values = {"decision_number": made.number, "reason": s.text("verified"), "request": s.text("request")}
    dates = {"determined": made.on, "shown_from": listed.on if listed else made.on, "removed": s.issue.on}
    return pieces.notice(s, values, Parts(dates=dates))


@builder("reply")
def _reply(s: Source) -> Letter:
    values = {"report_number": s.facts.number, "result": s.text("text"), "final": "1" if s.asked.get("final") == "yes" else ""}
    return pieces.notice(s, values, Parts(dates={"received": s.facts.opened_on}))
