"""Tips: registered, judged in time by whoever may, the informant told, and handed on with reasons
to nobody who is accused."""

from __future__ import annotations

from casework.reading.days import after_days, after_workdays
from casework.reading.limits import in_time
from casework.reading.record import Act, Record
from casework.reading.rule import Said, rule
from casework.text import folded_name, is_blank

TELL_DAYS, OBJECT_DAYS = 15, 5  # 信访工作条例 §23: calendar days; working days
JUDGED = ("accept", "decline", "transfer_report", "report_up_tip")  # what becomes of a tip
# the same, sent back to whoever sent it, or put to a case
TAKEN_UP = (*JUDGED, "object_transfer", "link_report")
HEADS = ("head", "leader")
WHO_APPROVES = {
    "accept": HEADS,
    "link_report": HEADS,
    "answer_informant": HEADS,
    "decline": ("leader",),
    "transfer_report": ("leader",),
    "report_up_tip": ("leader",),
    "object_transfer": ("leader",),
    "reply_to_sender": ("leader",),
}
PAPERS = {
    "accept": ("acceptance_approval",),
    "decline": ("acceptance_approval", "acceptance_notice"),
    "transfer_report": ("acceptance_approval", "transfer", "material_list"),
    "report_up_tip": ("acceptance_approval", "transfer"),
}
NUMBERED = ("acceptance_notice", "transfer")
SENT_TO_US = ("department", "higher", "petition")  # channels by which another body hands a tip over


def _said(act: Act, *names: str) -> bool:
    """Every one of these words says something."""
    return not any(is_blank(str(act.words.get(name) or "")) for name in names)


@rule
def tip_registered(r: Record) -> Said:
    """信访工作条例 §23; 统计法实施条例 §38: registered before anything is decided about it."""
    for act in r.done(*JUDGED):
        yield act.seq, bool(r.done("register", before=act.seq))


@rule
def tip_judged_by_a_head(r: Record) -> Said:
    """统计法实施条例 §38 (who: rules of other bureaus, unverified): approved by whoever was head or
    leader on that day."""
    for act in r.done(*WHO_APPROVES):
        judge = r.people.get(act.approvers[-1]) if act.approvers else None
        yield (
            act.seq,
            judge is not None and any(judge.held(role, act.at) for role in WHO_APPROVES[act.step]),
        )


@rule
def tip_judged_in_time(r: Record) -> Said:
    """信访工作条例 §23 by analogy: fifteen days from the day on which it came."""
    came = r.first("receive")
    if came is not None:
        judged = r.first(*TAKEN_UP, after=came.seq)
        yield (
            came.seq,
            in_time(
                judged.on if judged else None, after_days(came.on, TELL_DAYS, r.workday), r.today
            ),
        )


@rule
def tip_judged_once(r: Record) -> Said:
    """信访工作条例 §23: accepted, declined or handed on; another way only after it came back.
    Several cases may have it."""
    standing, cases = "", set[int]()
    for act in r.done(*TAKEN_UP, "unlink_report", "transfer_back"):
        if act.step == "transfer_back":
            standing = ""
        elif act.step == "unlink_report":
            cases.discard(int(act.words.get("case") or 0))
            standing = "" if standing == "link_report" and not cases else standing
        elif act.step == "link_report":
            yield act.seq, standing in ("", "accept", "link_report")
            standing = standing or "link_report"
            cases.add(int(act.words.get("case") or 0))  # linked twice to one case it is linked once
        else:
            yield act.seq, not standing
            standing = act.step


@rule
def tip_ours_to_handle(r: Record) -> Said:
    """重庆市统计管理条例 §38; 统计法 §36: nothing is accepted that the city or a survey team has to
    handle."""
    others = {folded_name(n) for n in r.not_ours}
    for act in r.done("accept"):
        names = {
            folded_name(str(row.get("name") or "")) for row in act.words.get("respondents") or ()
        }
        yield (
            act.seq,
            bool(names)
            and not names & {"", *others}
            and r.value("survey_by", act.seq) != "survey_team",
        )


@rule
def informant_told(r: Record) -> Said:
    """信访工作条例 §23第二款: who left a name is told in writing within fifteen days; of a tip that
    went back to whoever sent it, they tell. Who left none cannot be told."""
    came = r.first("receive")
    if came is None or not r.value("named") or r.done("object_transfer"):
        return
    told = [s.served.on for s in r.sheets if s.kind == "acceptance_notice" and s.served]
    told += [a.on for a in r.done("answer_informant")]
    yield (
        came.seq,
        in_time(min(told, default=None), after_days(came.on, TELL_DAYS, r.workday), r.today),
    )


@rule
def tip_declined_with_reason(r: Record) -> Said:
    """信访工作条例 §23第一款: on what ground, and why."""
    for act in r.done("decline"):
        yield act.seq, _said(act, "ground", "opinion")


@rule
def tip_destination_told(r: Record) -> Said:
    """信访工作条例 §23第一款: whose matter is none of statistics is told where to turn to."""
    for act in r.done("decline"):
        if act.words.get("ground") == "not_statistics":
            yield act.seq, _said(act, "destination")


@rule
def tip_handed_on_with_reason(r: Record) -> Said:
    """信访工作条例 §23: to whom, and why."""
    for act in r.done("transfer_report", "report_up_tip", "object_transfer"):
        names = ("reason", "body") if act.step == "transfer_report" else ("reason",)
        yield act.seq, _said(act, *names)


@rule
def tip_not_to_the_accused(r: Record) -> Said:
    """信访工作条例 §30; 统计法实施条例 §46第五项: the material never goes to whom it accuses,
    however that is written."""
    for act in r.done("transfer_report"):
        body, accused = (
            folded_name(str(act.words.get("body") or "")),
            folded_name(str(r.value("subject", act.seq) or "")),
        )
        yield act.seq, not body or not accused or (body not in accused and accused not in body)


@rule
def objected_in_time(r: Record) -> Said:
    """信访工作条例 §23第三款: within five working days, and only what another body sent."""
    for act in r.done("object_transfer"):
        came = r.first("receive", before=act.seq)
        last = after_workdays(came.on, OBJECT_DAYS, r.workday) if came else act.on
        yield act.seq, r.value("channel", act.seq) in SENT_TO_US and act.on <= last


@rule
def tip_papers_made(r: Record) -> Said:
    """信访工作条例 §23: in writing, with its number where it goes out."""
    for act in r.done(*PAPERS):
        made = {s.kind: s for s in r.sheets if s.seq == act.seq}
        whole = all(
            kind in made and (made[kind].number or kind not in NUMBERED)
            for kind in PAPERS[act.step]
        )
        yield act.seq, whole
