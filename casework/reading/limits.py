"""Days: the limits of the bureau itself."""

from __future__ import annotations

from datetime import date, timedelta

from casework.reading.days import after_days, after_months, after_workdays, reckoned, same_date
from casework.reading.order import suspensions
from casework.reading.record import DECISIONS, ENDS_UNDECIDED, Act, Record
from casework.reading.rule import Said, rule

# 行政处罚法 §60; the months: 统计执法监督检查办法 (read in part)
DECIDE_DAYS, DECIDE_MONTHS, EXTENSION_MONTHS = 90, 3, 3
# working days: 行政处罚法 §61, §56, §48; 行政强制法 §54, §69
SERVE, PRESERVE, WITHDRAW, DEMAND = 7, 7, 3, 10
SUIT_MONTHS, COURT_MONTHS = 6, 3  # 行政诉讼法 §46; 行政强制法 §53


def in_time(done: date | None, last: date, today: date) -> bool | None:
    """Done by the last day; None while it may still be done."""
    if done is not None:
        return done <= last
    return None if today <= last else False


@rule
def decided_in_time(r: Record) -> Said:
    """行政处罚法 §60: ninety days, or the three months of the statistics rule where they are
    longer; once three months more."""
    for filing in r.done("file"):
        decision = r.first(*DECISIONS, after=filing.seq)
        other = r.first(
            *ENDS_UNDECIDED, after=filing.seq, before=decision.seq if decision else None
        )
        ended = other or decision
        yield filing.seq, in_time(ended.on if ended else None, decide_by(r, filing, ended), r.today)
    for redo in r.done("redo", "revoke_decision"):
        if due := redo.day("due"):
            ended = r.first(*DECISIONS, *ENDS_UNDECIDED, after=redo.seq)
            yield redo.seq, in_time(ended.on if ended else None, due, r.today)


def decide_by(r: Record, filing: Act, ended: Act | None) -> date:
    """The last day for the end of a filed case: days that stood still are added, an extension that
    came in time as well."""
    until = ended.seq if ended else None
    last = max(filing.on + timedelta(days=DECIDE_DAYS), same_date(filing.on, DECIDE_MONTHS))
    for begins, goes_on in suspensions(r):
        if begins.seq > filing.seq and (until is None or begins.seq < until):
            last += (goes_on.on if goes_on else r.today) - begins.on
    for act in r.done("extend_case", after=filing.seq, before=until)[:1]:
        if act.on <= after_days(last, 0, r.workday) and act.approvers:
            last = same_date(last, EXTENSION_MONTHS)
    return after_days(last, 0, r.workday)


@rule
def served_in_time(r: Record) -> Said:
    """行政处罚法 §61: within seven working days, or the public notice begun within them."""
    for act in r.decisions:
        sheet = r.sheet(act, "decision")
        if act.step == "on_the_spot" or sheet is None:
            continue
        public = next(
            (
                a
                for a in r.done("serve_public", after=act.seq)
                if int(a.words.get("paper") or 0) == sheet.id
            ),
            None,
        )
        begun = public.on if public else (sheet.served.on if sheet.served else None)
        yield act.seq, in_time(begun, after_workdays(act.on, SERVE, r.workday), r.today)


@rule
def preserved_disposed_in_time(r: Record) -> Said:
    """行政处罚法 §56: within seven working days."""
    for act in r.done("preserve"):
        disposals = r.done("dispose_preserved", after=act.seq)
        ended = next(
            (a for a in disposals if int(a.words.get("preserved") or act.seq) == act.seq), None
        )
        yield (
            act.seq,
            in_time(
                ended.on if ended else None, after_workdays(act.on, PRESERVE, r.workday), r.today
            ),
        )


@rule
def time_for_verification(r: Record) -> Said:
    """信访工作条例 §34 by analogy (a setting, unverified): sixty days, once thirty more."""
    opened = next(iter(r.acts), None)
    if opened is None or opened.step not in ("open_case", "open_case_directly"):
        return
    last = opened.on + timedelta(days=60)
    back = r.last("case_back")
    last = max(last, back.on + timedelta(days=60)) if back else last
    if r.done("extend_verification"):
        last += timedelta(days=30)
    steps = ("verification_report", "file", "on_the_spot", *ENDS_UNDECIDED)
    ended = r.first(*steps, after=back.seq if back else 0)
    yield opened.seq, in_time(ended.on if ended else None, after_days(last, 0, r.workday), r.today)


@rule
def demanded_before_court(r: Record) -> Said:
    """行政强制法 §54, §69: the court is asked ten working days after the demand arrived."""
    for act in r.done("apply_court"):
        demand = r.last("demand", before=act.seq)
        arrived = r.arrived(demand, "demand")
        yield act.seq, arrived is not None and act.on > after_workdays(arrived, DEMAND, r.workday)


@rule
def court_in_time(r: Record) -> Said:
    """行政强制法 §53: within three months after the time for a suit is over. Read where no remedy
    was sought and nothing was granted: else that time runs otherwise."""
    for act in r.done("apply_court"):
        decision = r.last(*DECISIONS, before=act.seq)
        arrived = r.arrived(decision, "decision")
        if (
            decision is None
            or arrived is None
            or r.done("remedy_start", "instal", before=act.seq, after=decision.seq)
        ):
            continue
        suit = after_months(arrived, SUIT_MONTHS, r.workday)
        yield act.seq, suit < act.on <= after_months(suit, COURT_MONTHS, r.workday)


@rule
def days_reckoned(r: Record) -> Said:
    """民事诉讼法 §85; 行政处罚法 §85: a last day off moves to the next working day, and no other
    does."""
    for act in r.acts:
        for e in act.effects:
            if (
                e.get("do") != "clock.start"
                or not e.get("amount")
                or e.get("provisional")
                or e.get("calendar") != r.calendar
            ):
                continue
            start, due = date.fromisoformat(str(e["from"])), date.fromisoformat(str(e["due"]))
            yield act.seq, reckoned(start, int(e["amount"]), str(e["unit"]), r.workday) == due


@rule
def archived_in_time(r: Record) -> Said:
    """行政处罚法 §47 (thirty working days: ours): a closed file is put away."""
    closed = r.closed
    if closed is not None:
        amount = int(str(r.settings.get("archive.period") or "30").split()[0])
        put = r.first("archive", after=closed.seq)
        # what still had to be done
        late = max([closed.on, *(a.on for a in r.done("refund", "remedy_end", after=closed.seq))])
        yield (
            closed.seq,
            in_time(put.on if put else None, after_workdays(late, amount, r.workday), r.today),
        )


@rule
def inquiry_days_given(r: Record) -> Said:
    """统计法 §38; 重庆市统计管理条例 §39: an inquiry says how many days there are for the
    answer."""
    for act in r.done("inquire"):
        yield act.seq, int(act.words.get("days") or 0) > 0
