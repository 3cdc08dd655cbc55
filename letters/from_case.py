"""Builders of the papers from intake to decision: forms, records, reports. Pure."""

from __future__ import annotations

import re
from datetime import date

from casework.procedure.checks.common import disposed
from casework.procedure.checks.heard import defences
from casework.procedure.facts import ClockFacts, Facts
from casework.procedure.ids import ClockId, PaperId
from casework.procedure.load import procedure
from casework.procedure.penalties import penalties
from letters import pieces
from letters.base import Letter
from letters.build import PaperSource, builder, paper_number, required, served_on
from letters.format import period as period_words
from letters.format import printed_date, word
from letters.from_reports import declined_basis
from letters.heard import defence_waived, hearing_words
from letters.labels import coded_names
from letters.pieces import DASH, Parts
from letters.said import adds
from letters.stated import RECORDS

TURN = re.compile(r"(?=问[：:])|(?=答[：:])")


def served_day(f: Facts, kind: PaperId) -> tuple[str, str]:
    """Number and day of service of the newest served paper of a kind; dashes where there is
    none."""
    found = f.served(kind)
    return paper_number(found, DASH), served_on(found, DASH)


def proposed(s: PaperSource) -> str:
    """The penalty that is asked for now, else that of the newest notice, decision or report."""
    if s.asked.get("kinds"):
        return pieces.penalty_text(s.asked)
    told = s.facts.last("prior_notice", "prior_notice_again", "decide_penalty", "on_the_spot")
    return pieces.penalty_text(told.asked) if told else s.text("proposal", DASH)


def facts_of(s: PaperSource) -> str:
    """The violations in whole sentences, one a line; before any is recorded, what was written when
    the case was filed."""
    return "\n".join(v.facts for v in pieces.violations(s)) or s.text("facts", DASH)


def basis_of(s: PaperSource) -> str:
    """The articles that set the penalties, each once, joined by «；»."""
    return "；".join(dict.fromkeys(v.basis for v in pieces.violations(s))) or DASH


# -- intake and verification
@builder("acceptance_approval")
def _acceptance(s: PaperSource) -> Letter:
    f, periods = s.facts, s.facts.settings.period
    kind = {"accept": "accept", "decline": "decline", "report_up_tip": "up"}.get(s.step, "move")
    body = s.text("body") or (f.bureau.superior if kind == "up" else "")
    sends = kind in ("up", "move")
    values = {
        kind: "1",
        "received": printed_date(f.opened_on),
        "subject": s.record("subject", f.title),
        "body": body,
        "channel": coded_names("channel").get(s.record("channel"), DASH),
        "area": f.townships.get(s.record("township"), DASH),
        "matter": s.record("narrative", DASH),
        "jurisdiction": _jurisdiction(s, kind),
        "destination": s.text("destination", DASH),
        "reason": s.text("reason"),
        "ground": _declined(str(s.asked.get("ground") or "")),
        "respondents": "、".join(str(r["name"]) for r in s.asked.get("respondents") or []),
        "answer_within": period_words(periods("tip.result_notice")),
        "tell_within": period_words(periods("tip.notify_days")),
        "opinion": s.own("opinion")
        or (word(f"{kind}_opinion", body=body) if sends else s.text("reason")),
    }
    return pieces.notice(s, values)


def _declined(ground: str) -> str:
    """Why a tip is not accepted, with the article where one carries it."""
    said, basis = coded_names("ground").get(ground, ""), declined_basis(ground)
    return word("declined_as", ground=said, basis=basis) if basis else said


def _jurisdiction(s: PaperSource, kind: str) -> str:
    """What these people decided about competence; never what the program would have proposed."""
    if kind == "up":
        return word("up_to_superior", superior=s.facts.bureau.superior)
    if kind == "move":
        return coded_names("competence")[pieces.competence(s)] + "。"
    if s.asked.get("ground") == "not_statistics":
        return coded_names("ground")["not_statistics"] + "。"
    return word("ours_to_handle")


@builder("sender_reply")
def _sender_reply(s: PaperSource) -> Letter:
    """What the leader or body that sent the tip is told: where it stands, what was done; nothing of
    the informant."""
    f, clock = s.facts, s.facts.clock("instruction") or s.facts.clock("handover")
    told = f.last("instruct_report")
    values = {
        "to_body": s.own("to_body"),
        "handled": s.own("handled"),
        "received": printed_date(f.opened_on),
        "subject": s.record("subject", f.title),
        "channel": coded_names("channel").get(s.record("channel"), DASH),
        "source_number": s.record("source_number", DASH),
        "due": printed_date(clock.due) if clock else "",
        "instruction": s.record("instruction")
        or str((told.asked.get("leader_instruction") if told else "") or ""),
        "phone_line": f"　{f.bureau.phone}" if f.bureau.phone else "",
    }
    return pieces.notice(s, values)


@builder("verification_plan", "withdrawal", "help_request")
def _plain(s: PaperSource) -> Letter:
    """What was asked, under the names of the form."""
    values = {"late_reason": "", **pieces.answers(s)}
    if s.step == "seek_help":
        values["reply_period"] = period_words(s.facts.settings.period("help.reply"))
    return pieces.notice(s, values)


@builder("verification_report")
def _verification(s: PaperSource) -> Letter:
    method = s.facts.last("verify_figures")
    values = {
        **pieces.answers(s),
        f"to_{s.asked['result']}": "1",
        "method": str(method.asked.get("method") or "") if method else "",
        "findings": s.text("findings"),
        "no_figures": s.text("no_figures"),
        **party_values(s),
    }
    return pieces.notice(s, values, figures=pieces.figure_rows(s))


def party_values(s: PaperSource) -> dict[str, str]:
    """The respondent as this very step names it: `party_name`, `party_kind` … «—» for what is not
    known."""
    p = pieces.party(s)
    kind = coded_names("subject_kind").get(p.kind.value, DASH)
    parts = {"name": p.name, "kind": kind, "credit_code": p.credit_code, "address": p.address}
    named = {
        f"party_{k}": v or DASH for k, v in {**parts, "representative": p.representative}.items()
    }
    return {**named, "party_coded": "1" if p.credit_code else ""}


@builder("extension")
def _extension(s: PaperSource) -> Letter:
    rule: ClockId = "verify" if s.step == "extend_verification" else "case_limit"
    f = s.facts
    clock = required(f.clock(rule), rule)
    from casework.procedure.clock_rules import due

    by = f.settings.period(str(s.asked["by"]))
    until = due(clock.due, by, f.calendar).on
    values = {
        "verification": "1" if rule == "verify" else "",
        "reason": s.text("reason"),
        "extended_by": period_words(by),
        "started": printed_date(clock.start),
        "put_off": _put_off(clock),
    }
    return pieces.notice(s, values, Parts(dates={"due": clock.due, "until": until}))


def _put_off(clock: ClockFacts) -> str:
    """Why the term lies later than it was first reckoned: the spans in which it stood still. ""
    where none did."""
    ended = [(begin, end) for begin, end in clock.pauses if end is not None]
    if not ended or clock.due == clock.original_due:
        return ""
    spans = [
        word("put_off_span", begin=printed_date(begin), end=printed_date(end))
        for begin, end in ended
    ]
    was, now = printed_date(clock.original_due), printed_date(clock.due)
    return word("put_off", spans=word("join").join(spans), was=was, due=now)


@builder("recusal_application", "recusal")
def _recusal(s: PaperSource) -> Letter:
    answer = str(s.asked.get("result") or "granted")
    reason = s.text("reason")
    values = {answer: "1", "reason": reason, "reason_short": f"“{reason.rstrip('。')}”"}
    return pieces.notice(s, {**pieces.answers(s), **values})


# -- investigation
@builder("obstruction")
def _obstruction(s: PaperSource) -> Letter:
    values = {**pieces.answers(s), "facts": s.text("facts"), "recording": s.text("recording", DASH)}
    return pieces.notice(s, {**values, "threat": word("yes" if s.asked.get("threat") else "no")})


@builder("interview")
def _interview(s: PaperSource) -> Letter:
    began, ended = (pieces.clock_time(s.issue.on, s.text(k)) for k in ("began", "ended"))
    people, refusal = pieces.officers(s), s.own("refusal")
    values = {
        **pieces.answers(s),
        "span": word("span", begin=printed_date(began), end=printed_date(ended).partition("日")[2]),
        "post": s.own("post") or DASH,
        "cards": "、".join(o.card for o in people),
        "recusal_answer": word(f"recusal_{s.own('recusal')}"),
        "corrections": s.own("corrections") or word("no_more"),
        "read": word(f"read_{s.own('read_how') or 'open'}"),
        "refusal": refusal,
        "sex_age": s.own("sex_age"),
        **dict.fromkeys(_BY_PEN, ""),
    }
    return pieces.notice(
        s, values, Parts(by_hand=_BY_PEN | {"sex_age"}), dialogue=[{"text": t} for t in _turns(s)]
    )


_BY_PEN = frozenset({"id_number", "phone", "home"})


def _turns(s: PaperSource) -> list[str]:
    """«问：…», «答：…» in turn; records of before the table had them in one text."""
    rows = s.asked.get("dialogue") or []
    if rows:
        return [
            f"{sign}：{row[key]}"
            for row in rows
            for sign, key in (("问", "question"), ("答", "reply"))
            if row[key]
        ]
    return [t.strip() for line in s.lines("questions") for t in TURN.split(line) if t.strip()]


@builder("preserve", "preserve_list")
def _preserve(s: PaperSource) -> Letter:
    things = pieces.items(s.lines("things"))
    until = s.facts.calendar.add_workdays(
        s.issue.on, s.facts.settings.period("preserve.period").amount
    )
    reason = s.text("reason").rstrip("。")
    values = {
        "place": s.text("place"),
        "reason": f"该证据{reason}" if reason.startswith("可能") else reason,
    }
    return pieces.notice(
        s, {**values, "count": str(len(things))}, Parts(dates={"until": until}), things=things
    )


@builder("preserve_disposal")
def _disposal(s: PaperSource) -> Letter:
    taken = required(disposed(s.facts, s.asked), "preserve")
    made = required(
        next((p for p in s.facts.papers if p.kind == "preserve" and p.seq == taken.seq), None),
        "preserve",
    )
    result = s.text("result")
    lines = [x.strip() for x in str(taken.asked.get("things") or "").splitlines() if x.strip()]
    things = [{"text": x, "handling": result.rstrip("。")} for x in lines]
    values = {"result": result, "preserve_number": made.number}
    return pieces.notice(s, values, Parts(dates={"preserved": made.on}), things=things)


@builder("investigation_report", "investigation_approval")
def _investigation(s: PaperSource) -> Letter:
    serious = penalties().serious.get(str(s.asked.get("serious_ground") or ""))
    values = {
        "course": s.text("course"),
        "discretion": s.text("discretion"),
        "proposal": s.text("proposal"),
        "serious": serious.zh if serious else "",
        "days_reason": s.text("days_reason"),
        "complex": "1" if s.asked.get("complex") else "",
        "facts": facts_of(s),
        "basis": basis_of(s),
        "responsible": "；".join(s.lines("responsible")),
    }
    told = [{"facts": v.facts} for v in pieces.violations(s)]
    return pieces.notice(
        s,
        values,
        violations=told,
        figures=pieces.figure_rows(s),
        evidence=evidence(s.facts),
        grounds=pieces.ground_rows(s),
    )


def evidence(f: Facts) -> list[dict[str, str]]:
    """What was gathered, as rows of kind, title, source and what it proves: records and inquiries
    first, then each piece of evidence (行政处罚法 §46)."""
    papers = procedure().papers
    made = [p for p in f.papers if p.kind in RECORDS and p.state != "withdrawn"]
    rows = [
        {
            "kind": word(f"evidence_{p.kind}"),
            "title": f"{papers[p.kind].name.zh}（{printed_date(p.on)}）",
            "source": f.bureau.name,
            "proves": word(f"proves_{p.kind}"),
        }
        for p in made
    ]
    kinds = coded_names("kind")
    for act in f.done("add_evidence"):
        a = act.asked
        title = f"{a['title']}（{printed_date(act.on)}）"
        row = {"kind": kinds.get(str(a["kind"]), ""), "title": title, "source": str(a["source"])}
        rows.append({**row, "proves": str(a["proves"])})
    return rows


# -- defence, hearing, review, panel
@builder("defence_record", "defence_review")
def _defence(s: PaperSource) -> Letter:
    number, day = served_day(s.facts, "prior_notice")
    gone = s.facts.last("defence_waived")
    spoken = [str(a.asked.get("opinion") or "") for a in defences(s.facts)]
    who = word("the_party")
    said = "\n".join(spoken) or (word("not_heard", who=who) if gone else "")
    said = word("defence_waived", who=who) if not spoken and defence_waived(s.facts) else said
    adopted = (
        coded_names("adopted").get(str(s.asked.get("adopted")), "")
        if spoken
        else word("nothing_to_adopt")
    )
    values = {
        "opinion": s.own("opinion"),
        "evidence": str(s.asked.get("evidence") or word("none")),
        "said": said or DASH,
        "notice_number": number,
        "notified": day,
        "proposed": proposed(s),
        "reason": s.text("reason"),
        "adopted": adopted,
    }
    return pieces.notice(s, values)


@builder("hearing_record", "hearing_report")
def _hearing(s: PaperSource) -> Letter:
    f = s.facts
    called = required(f.last("hearing_notice"), "hearing_notice")
    held, asked = f.last("hearing_held"), f.last("hearing_request")
    told = held.asked if held and s.step != "hearing_held" else s.asked
    host = f.people[int(called.asked["host"])]
    deputy = f.actor.name if f.actor and f.actor.id != host.id else ""
    values = {
        "hearing_at": pieces.hearing_at(called.asked),
        "place": str(called.asked["place"]),
        "manner": coded_names("openness")[str(called.asked["openness"])],
        "host": host.name,
        "deputy": deputy,
        "deputy_reason": s.own("reason"),
        "present": str(told.get("present") or ""),
        "record": str(told.get("record") or ""),
        "proposed": proposed(s),
        "recorder": s.own("recorder"),
        "last_words": s.own("last_words"),
        "points": str(asked.asked.get("points") or DASH) if asked else DASH,
        "opinion": s.own("opinion"),
    }
    held_on = {"hearing_on": date.fromisoformat(called.asked["hearing_on"])}
    by_hand = frozenset({"recorder", "last_words"})
    return pieces.notice(s, values, Parts(dates=held_on, by_hand=by_hand))


POINTS = ("subject", "facts", "evidence", "basis", "procedure", "discretion")


@builder("legal_review")
def _review(s: PaperSource) -> Letter:
    results = coded_names("point_subject")
    points = [
        {
            "name": word(f"point_{p}"),
            "detail": word(f"point_{p}_detail"),
            "result": results[str(s.asked[f"point_{p}"])],
        }
        for p in POINTS
    ]
    answers = {
        **pieces.answers(s),
        "census_law": coded_names("census_law").get(str(s.asked.get("census_law")), ""),
    }
    return pieces.notice(s, {**answers, "proposed": proposed(s)}, points=points)


@builder("panel_record")
def _panel(s: PaperSource) -> Letter:
    names = coded_names("vote")
    voices = [
        {
            **{k: str(v.get(k) or DASH) for k in ("name", "post", "opinion")},
            "vote": names.get(str(v.get("vote")), DASH),
        }
        for v in s.asked["voices"]
    ]
    values = {
        **pieces.answers(s),
        "votes": _votes(s),
        "present": "、".join(v["name"] for v in voices),
        "facts": facts_of(s),
        "proposed": proposed(s),
        "result_said": adds(
            s.text("conclusion"), coded_names("result").get(str(s.asked.get("result")), "")
        ),
    }
    return pieces.notice(s, values, voices=voices)


def _votes(s: PaperSource) -> str:
    """How many voted for and against, and who dissented."""
    voices = s.asked["voices"]
    against = [str(v.get("name")) for v in voices if v.get("vote") == "disagree"]
    counted = word(
        "votes", members=len(voices), agreed=len(voices) - len(against), against=len(against)
    )
    return counted + (f"（{'、'.join(against)}）。" if against else "。")


# -- decision
@builder("decision_approval")
def _decision_approval(s: PaperSource) -> Letter:
    f, none = s.facts, s.step == "decide_no_penalty"
    number, day = served_day(f, "prior_notice")
    heard = s.text("defence") + s.text("unchanged_reason") if not none else ""
    values = {
        "no_penalty": "1" if none else "",
        "facts": facts_of(s),
        "basis": word("no_penalty_basis") if none else basis_of(s),
        "told": word("told", number=number, day=day, said=heard),
        "discretion": pieces.discretion(s),
        "proposed": proposed(s),
        "hearing": word("held") if f.did("hearing_held") else hearing_words(f, word("the_party")),
        "review": _review_words(f),
        "panel": _panel_words(f),
        "ground": word(f"ground_{s.asked['ground']}") if none else "",
        "education": s.text("education"),
        "late_reason": s.text("late_reason"),
    }
    return pieces.notice(s, values)


def _review_words(f: Facts) -> str:
    done, not_due = f.last("legal_review"), f.last("review_not_due")
    if done:
        return f"{coded_names('result')[str(done.asked['result'])]}：{done.asked['opinion']}"
    return str(not_due.asked.get("reason") or "") if not_due else word("not_due")


def _panel_words(f: Facts) -> str:
    done = f.last("panel")
    return (
        f"{printed_date(done.on)}集体讨论：{done.asked['conclusion']}" if done else word("not_due")
    )


@builder("address_confirmation")
def _address(s: PaperSource) -> Letter:
    return pieces.notice(s)
