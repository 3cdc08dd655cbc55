"""The party's rights before a decision: to be told, to speak, to be heard; given up in writing or
run out."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from casework.reading.days import after_workdays, whole_workdays_between
from casework.reading.record import NOTICES, Act, Record
from casework.reading.rule import Said, data, rule
from casework.reading.sums import yuan

HEARING_REQUEST, HEARING_NOTICE = 5, 7  # working days: 行政处罚法 §64, §85


def defence_ends(r: Record, decision: Act) -> date | None:
    """The last day of the defence."""
    return _last_word(r, r.notice(decision))


def _last_word(r: Record, notice: Act | None) -> date | None:
    """The last day of the defence after a notice. The law gives no number of days (行政处罚法 §45):
    the notice told one, else the bureau's setting does."""
    arrived = r.arrived(notice, "prior_notice")
    told = [
        e
        for e in (notice.effects if notice else ())
        if e.get("do") == "told" and e.get("rule") == "defence"
    ]
    amount = (
        int(told[-1]["amount"])
        if told
        else int(str(r.settings.get("defence.period") or "3").split()[0])
    )
    return after_workdays(arrived, amount, r.workday) if arrived else None


def entitled(r: Record, notice: Act | None, before: int) -> bool:
    """Whether what was told opens a hearing (行政处罚法 §63): the lower of the sums of the
    statistics rule and of Chongqing."""
    least = data().hearing.get(str(r.party(before).get("kind") or ""))
    return notice is not None and least is not None and notice.fine >= yuan(least)


def _waived(r: Record, decision: Act, right: str) -> bool:
    """Given up in the party's own signed words, after the notice."""
    notice = r.notice(decision)
    for act in r.done("rights_waived", before=decision.seq, after=notice.seq if notice else 0):
        if right in (act.words.get("rights") or ()) and _in_writing(r, act, notice):
            return True
    return False


def _in_writing(r: Record, act: Act, notice: Act | None, arrived: date | None = None) -> bool:
    """Signed, by somebody, on a paper, on a day after the notice arrived (on the day given, else as
    it stands today)."""
    signed, arrived = act.day("signed_on"), arrived or r.arrived(notice, "prior_notice")
    named = all(str(act.words.get(k) or "").strip() for k in ("signer", "document"))
    return named and signed is not None and arrived is not None and arrived <= signed <= act.at


@rule
def waiver_in_writing(r: Record) -> Said:
    """行政处罚法 §62: a right is given up expressly, after it was told: who signed, when, on which
    paper. By the arrival as it was entered then: where its day was set right later, the waiver
    gives up nothing, and the days of defence and hearing are asked for."""
    for act in r.done("rights_waived"):
        notice = r.last(*NOTICES, before=act.seq)
        yield act.seq, _in_writing(r, act, notice, _arrival_known(r, notice, act.seq))


def _arrival_known(r: Record, notice: Act | None, at: int) -> date | None:
    """The day on which a notice had arrived as it stood before the entry of number ``at``. A day
    set right is a row beside the first, under the number of the same service."""
    sheet = r.sheet(notice, "prior_notice")
    rows = [s for s in (sheet.services if sheet else ()) if s.seq < at and not s.failed]
    if not rows:
        return None
    service = rows[-1].seq
    days = [s.on for s in rows if s.seq == service]
    corrections = r.done("correct_service", before=at)
    before = sum(a.words.get("act") in (service, str(service)) for a in corrections)
    return days[min(before, len(days) - 1)]


@rule
def silence_after_the_days(r: Record) -> Said:
    """行政处罚法 §45: that nobody spoke is noted when the days are over, not before."""
    for act in r.done("defence_waived"):
        ends = _last_word(r, r.last(*NOTICES, before=act.seq))
        yield act.seq, True if ends is not None and act.on > ends else _overtaken(r, act)


def _overtaken(r: Record, silence: Act) -> bool | None:
    """What was noted too early does no harm where the end of the days was noted later; None while
    nothing was decided."""
    decision = r.first("decide_penalty", after=silence.seq)
    until = decision.seq if decision else None
    later = r.first(
        "defence_waived",
        "defence_heard",
        "rights_waived",
        "window_over",
        after=silence.seq,
        before=until,
    )
    return True if later else (False if decision else None)


@rule
def defence_days_over(r: Record) -> Said:
    """行政处罚法 §44–45, §62: decided when the days had run out, or the party had said all or given
    it up in writing."""
    for act in r.penalties:
        ends = defence_ends(r, act)
        if ends is not None:
            yield act.seq, act.on > ends or _waived(r, act, "defence") or _spoke_whole(r, act)


def _spoke_whole(r: Record, decision: Act) -> bool:
    notice = r.notice(decision)
    heard = r.done("defence_heard", before=decision.seq, after=notice.seq if notice else 0)
    return any(a.words.get("whole") and str(a.words.get("document") or "").strip() for a in heard)


def _spoke_in_time(r: Record, decision: Act) -> list[Act]:
    """What the party said within its days; a word that comes later holds nothing up."""
    notice, ends = r.notice(decision), defence_ends(r, decision)
    heard = r.done("defence_heard", before=decision.seq, after=notice.seq if notice else 0)
    return [a for a in heard if ends is None or a.on <= ends]


@rule
def defence_reviewed(r: Record) -> Said:
    """行政处罚法 §45: what the party said in its days is reviewed before the decision."""
    for act in r.penalties:
        for heard in _spoke_in_time(r, act):
            yield heard.seq, r.first("defence_review", after=heard.seq, before=act.seq) is not None


@rule
def hearing_days_over(r: Record) -> Said:
    """行政处罚法 §63–64: where a hearing may be asked for, not decided while it still may."""
    for act in r.penalties:
        notice = r.notice(act)
        arrived = r.arrived(notice, "prior_notice")
        if arrived is None or not entitled(r, notice, act.seq):
            continue
        over = act.on > after_workdays(arrived, HEARING_REQUEST, r.workday)
        asked = r.done("hearing_request", before=act.seq, after=notice.seq if notice else 0)
        yield act.seq, over or _waived(r, act, "hearing") or bool(asked)


@rule
def timely_request_heard(r: Record) -> Said:
    """行政处罚法 §63: asked for in time, a hearing is held; nobody may refuse it."""
    for act in r.done("hearing_request"):
        notice = r.last(*NOTICES, before=act.seq)
        arrived = r.arrived(notice, "prior_notice")
        late = arrived is not None and act.on > after_workdays(arrived, HEARING_REQUEST, r.workday)
        decision = r.first("decide_penalty", after=act.seq)
        told_last = r.last(*NOTICES, before=decision.seq) if decision else r.last(*NOTICES)
        # told anew with less, none is due
        if not late and entitled(r, notice, act.seq) and entitled(r, told_last, act.seq):
            yield act.seq, _heard(r, act)


def _heard(r: Record, request: Act) -> bool | None:
    """Held to its end, or given up; None while nothing has been decided."""
    decision = r.first("decide_penalty", after=request.seq)
    refused = r.first("hearing_refuse", after=request.seq)
    ended = _hearing_ends(r, request)
    if ended and (decision is None or min(ended) < decision.seq):
        return True
    return False if decision or refused else None


def _hearing_ends(r: Record, request: Act) -> list[int]:
    """The entries by which the hearing that was asked for was held to its end, or given up."""
    held = r.done("hearing_held", after=request.seq)
    waived = r.done("rights_waived", after=request.seq)
    return [
        *(a.seq for a in held if a.words.get("session") != "adjourned"),
        *(a.seq for a in waived if "hearing" in (a.words.get("rights") or ())),
        *(a.seq for a in r.done("hearing_given_up", after=request.seq)),
    ]


@rule
def hearing_refused_on_its_grounds(r: Record) -> Said:
    """行政处罚法 §63–64: refused only where it came late or the law opens none."""
    for act in r.done("hearing_refuse"):
        request = r.last("hearing_request", before=act.seq)
        notice = r.last(*NOTICES, before=act.seq)
        arrived = r.arrived(notice, "prior_notice")
        day = request.on if request else act.on
        late = arrived is not None and day > after_workdays(arrived, HEARING_REQUEST, r.workday)
        yield act.seq, late or not entitled(r, notice, act.seq)


@rule
def hearing_told_in_time(r: Record) -> Said:
    """行政处罚法 §64第二项, §85: seven working days lie between the notice's arrival and the
    hearing."""
    for act in r.done("hearing_held"):
        notice = _hearing_notice(r, act)
        arrived = r.arrived(notice, "hearing_notice")
        yield (
            act.seq,
            arrived is not None
            and whole_workdays_between(arrived, act.on, r.workday) >= HEARING_NOTICE,
        )


@rule
def hearing_on_the_day_told(r: Record) -> Said:
    """行政处罚法 §64第二项: held on the day that was told; another day is told anew."""
    for act in r.done("hearing_held"):
        notice = _hearing_notice(r, act)
        yield act.seq, notice is not None and notice.day("hearing_on") == act.on


def _hearing_notice(r: Record, held: Act) -> Act | None:
    return r.last("hearing_notice", before=held.seq)


@rule
def hearing_given_up_proved(r: Record) -> Said:
    """行政处罚法 §62, §64第六项: in writing, or by staying away from a hearing of which the party
    was told."""
    for act in r.done("hearing_given_up"):
        waived = act.words.get("how") == "waived"
        proved = _waiver_signed(act) if waived else _called_in_time(r, act)
        yield act.seq, proved and bool(act.approvers)


def _waiver_signed(act: Act) -> bool:
    """Who signed the waiver, when, and the document are named."""
    named = all(act.text(key).strip() for key in ("signer", "document"))
    return named and act.day("signed_on") is not None


def _called_in_time(r: Record, act: Act) -> bool:
    """The party was told, before it, of a day of the hearing that has come."""
    notice = r.last("hearing_notice", before=act.seq)
    arrived = r.arrived(notice, "hearing_notice")
    day = notice.day("hearing_on") if notice else None
    return arrived is not None and day is not None and arrived < day <= act.on


@rule
def hearing_report_made(r: Record) -> Said:
    """行政处罚法 §65: decided by the record of the hearing."""
    for act in r.penalties:
        for held in r.done("hearing_held", before=act.seq, after=r.begin(act)):
            if held.words.get("session") != "adjourned":
                made = r.first(
                    "hearing_report", "hearing_report_instead", after=held.seq, before=act.seq
                )
                yield held.seq, made is not None


@rule
def not_heavier_for_defending(r: Record) -> Said:
    """行政处罚法 §45第二款: told anew after the party spoke, not more, unless a new report came
    between."""
    told = r.done(*NOTICES)
    for before, act in pairwise(told):
        spoke = r.done(
            "defence_heard", "hearing_request", "hearing_held", after=before.seq, before=act.seq
        )
        anew = r.done("investigation_report", after=before.seq, before=act.seq)
        if spoke and not anew:
            yield act.seq, act.fine <= before.fine


@rule
def defence_said_as_heard(r: Record) -> Said:
    """行政处罚法 §45, §59: a decision does not say that nothing was said where something was."""
    for act in r.penalties:
        said = str(act.words.get("defence") or "")
        if _spoke_in_time(r, act):
            yield (
                act.seq,
                bool(said.strip()) and not any(w in said for w in data().words["silent"]),
            )
