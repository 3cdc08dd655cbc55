"""Where the fields of each paper come from. One function a kind; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from casework.procedure.checks.decision import hearing_may_be_asked
from casework.procedure.checks.execution import surcharge_due
from casework.procedure.facts import ServiceFacts
from casework.procedure.penalties import penalties
from casework.procedure.terms import Money, Party, Period, SubjectKind, Unit
from letters import decision, inspection, referral, service
from letters.base import Letter
from letters.build import Source, builder, required
from letters.format import capitals, figures, printed_date
from letters.format import period as period_words
from letters.labels import label, printable, shown, words
from letters.notice import Sheet
from letters.parts import Officer, Official, ServedPaper, Violation
from letters.registry import LETTERS

SHANGHAI = ZoneInfo("Asia/Shanghai")


# -- shared pieces
def _party(s: Source) -> Party:
    raw = s.asked.get("party")
    if raw:
        return Party(**{**raw, "kind": SubjectKind(raw["kind"])})
    found: Party = required(s.facts.party, "party")
    return found


def _officers(s: Source) -> tuple[Officer, ...]:
    """Those present, else those assigned, with the card valid that day."""
    present = [int(i) for i in s.asked.get("officers") or []]
    people = [s.facts.people[i] for i in present if i in s.facts.people] or list(s.facts.officers)
    cards = ((p, p.card_on(s.issue.on)) for p in people)
    return tuple(Officer(p.name, c.number) for p, c in cards if c)


def _violations(s: Source) -> tuple[Violation, ...]:
    rows = s.asked.get("violations") or s.facts.violations
    return tuple(_violation(r) for r in rows)


def _violation(row: Mapping[str, Any]) -> Violation:
    end = date.fromisoformat(row["conduct_end"])
    article = penalties().article(row["code"], end)
    name = penalties().violations[row["code"]].zh
    facts = str(row["what"]).rstrip("。")
    return Violation(f"{facts}，构成{name}。", penalties().duty(end), article)


def _penalties(s: Source) -> tuple[str, ...]:
    names = words("kinds")
    return tuple(names[k] for k in s.asked.get("kinds") or [] if k != "fine")


def _fine(s: Source) -> Money | None:
    fen = int(s.asked.get("fine_fen") or 0)
    return Money(fen) if fen else None


def _clock_time(on: date, text: str) -> datetime:
    """«9:05» or «09：05» of a day."""
    hour, _colon, minute = text.replace("：", ":").partition(":")
    return datetime.combine(on, time(int(hour or 0), int(minute or 0)), SHANGHAI)


def _account(text: str) -> tuple[str, str, str]:
    """Bank, holder, number from «bank，holder，number»; what is missing stays the bank's line."""
    parts = [p.strip() for p in text.replace(",", "，").split("，") if p.strip()]
    bank, holder, number = [*parts, *["见缴款通知"] * 3][:3]
    return (bank if parts else ""), holder, number


def _cause(s: Source) -> str:
    return s.text("cause") or s.facts.title


# -- case: filing and inspection
@builder("filing_approval")
def _filing(s: Source) -> Letter:
    files = s.step == "file"
    end = s.asked.get("conduct_end")
    articles = (
        penalties().article(s.asked["code"], date.fromisoformat(end)) if end else "《中华人民共和国行政处罚法》第五十四条"
    )
    return inspection.FilingApproval(
        **s.common,
        source=words("channel").get(str(s.facts.value("channel")), "线索核查"),
        cause=_cause(s),
        found=s.facts.found_on,
        respondent=_party(s),
        facts=s.text("facts"),
        basis_articles=articles,
        proposal=inspection.Proposal.FILE if files else inspection.Proposal.NOT_FILE,
        officers=_officers(s),
        leader_opinion=s.text("opinion"),
    )


@builder("inspection_notice")
def _inspection(s: Source) -> Letter:
    return inspection.InspectionNotice(
        **s.common,
        respondent=_party(s),
        content=s.text("content"),
        span=s.text("span"),
        begins=date.fromisoformat(s.asked["begins"]),
        place=s.text("place"),
        materials=s.lines("materials"),
        officers=_officers(s),
    )


@builder("on_site_record")
def _on_site(s: Source) -> Letter:
    return inspection.OnSiteRecord(
        **s.common,
        cause=_cause(s),
        respondent=_party(s),
        place=s.text("place"),
        began=_clock_time(s.issue.on, s.text("began")),
        ended=_clock_time(s.issue.on, s.text("ended")),
        officers=_officers(s),
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
        addressee=_party(s),
        violations=_violations(s),
        evidence=s.lines("evidence"),
        discretion=s.text("discretion"),
        penalties=_penalties(s),
        defence_period=s.facts.settings.period("defence.period"),
        fine=_fine(s),
        hearing_period=s.facts.settings.period("hearing.request") if may_hear else None,
        figures=s.facts.figures,
        contact=s.text("contact"),
    )


@builder("decision")
def _decision(s: Source) -> Letter:
    f, outcome = s.facts, _outcome(s.step)
    notice = f.served("prior_notice")
    bank, holder, account = _account(s.text("bank") or f.bureau.bank)
    ground = words("ground").get(str(s.asked.get("ground")), "")
    return decision.Decision(
        **s.common,
        outcome=outcome,
        respondent=_party(s),
        violations=_violations(s),
        evidence=s.lines("evidence"),
        reconsider_body=f.bureau.government,
        reconsider_period=f.settings.period("remedy.reconsider"),
        court=f.bureau.court,
        suit_period=f.settings.period("remedy.suit"),
        notified=notice.served.on if notice and notice.served else None,
        notice_number=notice.number if notice else "",
        defence=s.text("defence") or s.text("heard"),
        discretion=s.text("discretion"),
        penalties=_penalties(s),
        fine=_fine(s),
        pay_period=f.settings.period("pay.period") if _fine(s) else None,
        bank=bank,
        account_name=holder,
        account=account,
        figures=f.figures,
        ground=ground,
        at=f.now.astimezone(SHANGHAI) if s.step == "on_the_spot" else None,
        place=s.text("place"),
        officers=_officers(s),
    )


def _outcome(step: str) -> decision.Outcome:
    spot, none = decision.Outcome.ON_THE_SPOT, decision.Outcome.NO_PENALTY
    return {"on_the_spot": spot, "decide_no_penalty": none}.get(step, decision.Outcome.PENALTY)


@builder("service_receipt")
def _receipt(s: Source) -> Letter:
    from casework.procedure.load import procedure

    f = s.facts
    paper = next(p for p in f.papers if p.id == int(s.asked["paper"]))
    cards = _officers(s)
    return service.ServiceReceipt(
        **s.common,
        cause=_cause(s),
        recipient=f.party.name if f.party else f.title,
        address=s.text("place") or (f.party.address if f.party else "") or "当事人住所地",
        method=service.Method({"mail": "post"}.get(s.text("method"), s.text("method"))),
        papers=(ServedPaper(procedure().papers[paper.kind].name.zh, paper.number),),
        officers=cards if len(cards) > 1 else (Officer("　　　　", "　　"), Officer("　　　　", "　　")),
        remarks=s.text("refused_reason"),
    )


@builder("discipline_proposal")
def _discipline(s: Source) -> Letter:
    made = s.facts.paper("decision")
    return referral.DisciplineProposal(
        **s.common,
        addressee=s.text("body"),
        cause=_cause(s),
        officials=(Official(s.text("person_name"), s.text("person_post")),),
        facts=s.text("facts"),
        basis_articles=s.text("articles"),
        proposal=s.text("proposal"),
        reply_period=s.facts.settings.period("discipline.reply"),
        decision_number=made.number if made else "",
        contact=s.facts.bureau.phone,
    )


# -- papers that are wording alone
def _notice(s: Source, values: Mapping[str, str], **lists: Sequence[Mapping[str, str]]) -> Letter:
    party = s.facts.party
    common = {"addressee": party.name if party else s.facts.title, "cause": _cause(s)}
    kind: Any = LETTERS[s.issue.rule.letter]
    letter: Letter = kind(**s.common, values={**common, **values}, lists=lists)
    return letter


def _remedies(s: Source) -> dict[str, str]:
    f = s.facts
    return {
        "reconsider_period": period_words(f.settings.period("remedy.reconsider")),
        "suit_period": period_words(f.settings.period("remedy.suit")),
        "reconsider_body": f.bureau.government,
        "court": f.bureau.court,
    }


def _day(s: Source, key: str) -> str:
    return printed_date(date.fromisoformat(s.asked[key]))


def _items(texts: Sequence[str]) -> list[dict[str, str]]:
    return [
        {"text": t, "name": t, "pages": "", "note": "", "detail": "", "count": "1", "form": "", "period": ""} for t in texts
    ]


@builder("inquiry")
def _inquiry(s: Source) -> Letter:
    days = period_words(Period(int(s.asked["days"]), Unit.DAY))
    return _notice(s, {"answer_period": days, "answer_how": "送交本局"}, questions=_items(s.lines("matters")))


@builder("reminder")
def _reminder(s: Source) -> Letter:
    rows = [{"name": x, "form": "—", "period": "—"} for x in (s.text("forms"),)]
    return _notice(s, {"due": _day(s, "was_due"), "until": _day(s, "due")}, forms=rows)


@builder("correction")
def _correction(s: Source) -> Letter:
    values = {
        "facts": s.text("act").rstrip("。") + "。", "breaches": penalties().duty(s.issue.on), "basis": s.text("articles"),
        "until": _day(s, "due"), **_remedies(s),
    }  # fmt: skip
    return _notice(s, values, demands=_items(s.text("demand").splitlines()))


@builder("preserve")
def _preserve(s: Source) -> Letter:
    return _notice(s, {"place": s.text("place"), "manner": "就地封存"}, items=_items(s.lines("things")))


@builder("hearing_notice")
def _hearing(s: Source) -> Letter:
    host = s.facts.people[int(s.asked["host"])].name
    manner = words("openness")[s.text("openness")]
    values = {"time": f"{_day(s, 'hearing_on')} {s.text('time')}", "place": s.text("place"), "manner": manner, "host": host}
    return _notice(s, values)


def _served_on(served: ServiceFacts | None) -> str:
    return printed_date(served.on) if served else ""


@builder("demand")
def _demand(s: Source) -> Letter:
    f = s.facts
    made = required(f.paper("decision"), "decision")
    bank, holder, account = _account(f.bureau.bank or str(f.value("bank") or ""))
    extra = surcharge_due(f)
    values = {
        "decided": printed_date(made.on), "decision_number": made.number,
        "served": _served_on(made.served) or printed_date(made.on),
        "duty": s.text("way"), "fine_capitals": capitals(f.fine), "fine_figures": figures(f.fine), "bank": bank,
        "account_name": holder, "account": account,
    }  # fmt: skip
    if extra.fen:
        values |= {
            "surcharge_capitals": capitals(extra), "surcharge_figures": figures(extra),
            "surcharge_until": printed_date(f.today),
        }  # fmt: skip
    return _notice(s, values)


@builder("transfer")
def _transfer(s: Source) -> Letter:
    body = s.text("body") or s.facts.bureau.superior
    values = {"addressee": body, "facts": s.text("reason"), "basis": "《中华人民共和国行政处罚法》第二十五条"}
    if s.step == "send_prosecution":
        values["basis"] = "《中华人民共和国行政处罚法》第二十七条"
    return _notice(s, values, materials=_items(s.lines("material")))


@builder("dishonesty_notice", "dishonesty_decision")
def _dishonesty(s: Source) -> Letter:
    f = s.facts
    ground = words("ground").get(str(f.value("ground")), "统计严重失信行为")
    told, heard = f.served("dishonesty_notice"), f.last("dishonesty_defence")
    values = {
        "facts": s.text("facts").rstrip("。") + "。", "ground": ground,
        "reply_period": period_words(f.settings.period("sdx.notice_reply")),
        "shown_period": period_words(f.settings.period("sdx.publish_months")), **_remedies(s),
    }  # fmt: skip
    if told:
        defence = f"你单位提出陈述申辩，{heard.asked.get('adopted')}" if heard else "你单位在规定期限内未提出陈述申辩。"
        values |= {"notified": _served_on(told.served), "notice_number": told.number, "defence": defence}
    party = _party(s)
    values |= {"credit_code": party.credit_code or "—", "address": party.address or "—", "representative": party.representative}
    return _notice(s, values)


@builder("delisting")
def _delisting(s: Source) -> Letter:
    made, listed = required(s.facts.paper("dishonesty_decision"), "dishonesty_decision"), s.facts.last("list_entry")
    values = {
        "determined": printed_date(made.on), "decision_number": made.number, "reason": s.text("verified"),
        "shown_from": printed_date(listed.on if listed else made.on), "removed": printed_date(s.issue.on),
    }  # fmt: skip
    return _notice(s, values)


@builder("reply")
def _reply(s: Source) -> Letter:
    f = s.facts
    return _notice(s, {"report_number": f.number, "received": printed_date(f.opened_on), "result": s.text("text")})


# -- forms with no paper of their own: the payload as rows
@builder("sheet")
def _sheet(s: Source) -> Letter:
    """A ruled form of what was asked, under the paper's name, with who signs."""
    party = s.facts.party.name if s.facts.party else s.facts.title
    names = {i: p.name for i, p in s.facts.people.items()}
    rows: list[tuple[str, ...]] = [("当事人", party, "案由", _cause(s) or "—")]
    rows += [(label(k), shown(k, v, names)) for k, v in s.asked.items() if printable(k, v)]
    who = "、".join(f"{o.name}（{o.card}）" for o in _officers(s)) or (s.facts.actor.name if s.facts.actor else "—")
    rows.append(("承办人", who))
    return Sheet(**s.common, heading=s.issue.rule.name.zh, rows=tuple(rows), form=s.issue.rule.form_no)
