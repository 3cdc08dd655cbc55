"""Where the fields of the papers about a tip come from: registration sheet, record of a call,
acceptance notice."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from casework.procedure.channels import channels
from casework.procedure.code_check import NEVER, respondent_code
from casework.procedure.facts import Facts
from casework.procedure.terms import Party, SubjectKind
from letters import intake
from letters.base import Letter
from letters.build import PaperSource, builder
from letters.format import shared_words as printed_words
from letters.labels import coded_names, label, value_text

SHANGHAI = ZoneInfo("Asia/Shanghai")


@builder("registration_sheet")
def _registration(s: PaperSource) -> Letter:
    f = s.facts
    first = next(iter(f.done("receive")), None)
    count = int(f.value("files") or 0)
    return intake.RegistrationSheet(
        **s.common,
        channel=coded_names("channel").get(f.value("channel"), ""),
        received=(first.at if first else f.now).astimezone(SHANGHAI),
        real_name=bool(f.value("named")),
        respondent=_respondent(s),
        matter=s.record("narrative"),
        registrar=_registrar(f),
        area=f.townships.get(s.record("township"), ""),
        survey_forms=s.record("form"),
        survey_period=s.record("period"),
        attachments=(f"附件{count}件（封存）",) if count else (),
        source=_came_with(s),
        proposal=s.text("proposal"),
        opinion=s.text("leader_instruction"),
    )


def _respondent(s: PaperSource) -> Party:
    """Whom the tip is about, with the code that was found right."""
    kind, code = s.facts.value("subject_kind"), respondent_code(s.facts)
    return Party(
        s.record("subject"),
        SubjectKind(kind) if kind in set(SubjectKind) else SubjectKind.ORGANISATION,
        "" if code.state in NEVER else code.text,
    )


def _registrar(f: Facts) -> str:
    """Who registered the tip; before that, who is acting."""
    registered = f.last("register")
    registrar = f.people.get(registered.actor or 0, f.actor) if registered else f.actor
    return registrar.name if registrar else ""


def _came_with(s: PaperSource) -> str:
    """The channel's own fields in one cell, by the names that the channel gives them."""
    channel = channels().get(s.record("channel"))
    if channel is None:
        return ""
    said = [(name, s.facts.value(name)) for name in (*channel.asks, "original_at")]
    named = (
        (channel.called[n].zh if n in channel.called else label(n), n, v)
        for n, v in said
        if v not in (None, "", False)
    )
    return "；".join(f"{name}：{value_text(n, v, {})}" for name, n, v in named)


def _caller(sealed: bool, shown_: str) -> str:
    """What became of the caller's number. A bureau without a custodian cannot keep one."""
    if shown_ != "given":
        return "未显示"
    return "已提供（另页密封）" if sealed else "已显示，未保存"


@builder("phone_record")
def _phone_record(s: PaperSource) -> Letter:
    f = s.facts
    first = next(iter(f.done("receive")), None)
    return intake.PhoneRecord(
        **s.common,
        day=first.on if first else f.opened_on,
        began=s.text("call_began"),
        ended=s.text("call_ended"),
        taker=s.text("taker"),
        caller=_caller(bool(f.value("named")), s.record("number_shown")),
        read_back=f.value("read_back") == "yes",
        subject=s.text("subject"),
        content=s.text("narrative"),
    )


def declined_basis(ground: str) -> str:
    """The article that carries a ground for declining a tip; "" where none does (words.toml,
    ``declined_…``)."""
    return printed_words()["print"].get(f"declined_{ground}", "")


@builder("acceptance_notice")
def _acceptance(s: PaperSource) -> Letter:
    f = s.facts
    moved = dict.fromkeys(("transfer_report", "report_up_tip"), intake.Answer.TRANSFERRED)
    answer = {"decline": intake.Answer.DECLINED, **moved}.get(s.step, intake.Answer.ACCEPTED)
    ground = str(s.asked.get("ground") or "")
    return intake.AcceptanceNotice(
        **s.common,
        report_number=f.number,
        received=f.opened_on,
        subject=s.record("subject", f.title),
        answer=answer,
        reason=coded_names("ground").get(ground, ""),
        ground_basis=declined_basis(ground),
        destination=s.text("destination")
        or s.text("body")
        or (f.bureau.superior if s.step == "report_up_tip" else ""),
        answer_within=f.settings.period("tip.result_notice")
        if answer is intake.Answer.ACCEPTED
        else None,
    )
