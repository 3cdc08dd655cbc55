"""What was found, told and decided: the same facts, the same grounds, the same kinds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from casework.reading.days import same_date
from casework.reading.record import DECISIONS, PENALTIES, Act, Record, Words
from casework.reading.rule import Said, data, rule

TIME_BAR_MONTHS = 24  # 行政处罚法 §36
FIRST_LAW = date(1984, 1, 1)  # the Statistics Law of 1983 came into force


def _found(r: Record, decision: Act) -> list[Words]:
    return list(decision.words.get("violations") or r.violations(decision.seq))


def _codes(rows: list[Words]) -> set[str]:
    return {str(v.get("code") or "") for v in rows}


def _day(row: Words, name: str) -> date | None:
    try:
        return date.fromisoformat(str(row.get(name) or ""))
    except ValueError:
        return None


def _penalties(r: Record) -> Iterator[Act]:
    return (d for d in r.decisions if d.step in PENALTIES)


@rule
def facts_as_told(r: Record) -> Said:
    """行政处罚法 §44, §62: no report of the investigation comes between what was told and what was
    decided."""
    for act in r.penalties:
        notice = r.notice(act)
        if notice is not None:
            yield act.seq, not r.done("investigation_report", after=notice.seq, before=act.seq)


@rule
def kinds_as_told(r: Record) -> Said:
    """行政处罚法 §44, §62: no kind of penalty that was not told."""
    for act in r.penalties:
        notice = r.notice(act)
        told = set(notice.words.get("kinds") or ()) if notice else set()
        yield act.seq, set(act.words.get("kinds") or ()) <= told


@rule
def grounds_as_told(r: Record) -> Said:
    """行政处罚法 §44; 统计法实施条例 §50: the ground of the upper tier was told."""
    for act in r.penalties:
        notice, ground = r.notice(act), str(act.words.get("serious_ground") or "")
        if ground:
            yield act.seq, notice is not None and notice.words.get("serious_ground") == ground


@rule
def violations_named(r: Record) -> Said:
    """行政处罚法 §4, §59第二项: each violation is one that the law knows, with words and days; one
    at least is fined by."""
    beside = data().interference.codes
    known = beside.union(*data().fines.norms.values())
    for act in _penalties(r):
        rows = _found(r, act)
        whole = [bool(v.get("what")) and _day(v, "conduct_end") is not None for v in rows]
        punished = _codes(rows) - beside
        yield act.seq, bool(punished) and all(whole) and _codes(rows) <= known


@rule
def conduct_in_the_past(r: Record) -> Said:
    """行政处罚法 §4, §40: nobody is punished for what has not happened yet."""
    for act in r.done("file", "investigation_report", "on_the_spot"):
        rows: list[Words] = list(act.words.get("violations") or [act.words])
        days = [d for v in rows for d in (_day(v, "conduct_start"), _day(v, "conduct_end")) if d]
        if days:
            yield (
                act.seq,
                all(FIRST_LAW <= d <= act.on for d in days) and all(_in_order(v) for v in rows),
            )


def _in_order(row: Words) -> bool:
    first, last = _day(row, "conduct_start"), _day(row, "conduct_end")
    return first is None or last is None or first <= last


@rule
def conduct_days_agree(r: Record) -> Said:
    """行政处罚法 §36–37, §40: the report says the same last day as the filing, or why not."""
    for act in r.done("investigation_report"):
        filing = r.last("file", before=act.seq)
        filed = filing.day("conduct_end") if filing else None
        found = [_day(v, "conduct_end") for v in act.words.get("violations") or ()]
        known = [day for day in found if day]
        if filed is not None and known:
            yield act.seq, max(known) == filed or bool(act.text("days_reason").strip())


@rule
def within_two_years(r: Record) -> Said:
    """行政处罚法 §36: found within two years of the end of the conduct (found: the day of the tip,
    a reading of ours)."""
    for act in _penalties(r):
        said = r.value("found_on")
        found = min(r.opened, date.fromisoformat(said)) if said else r.opened
        ends = [d for d in (_day(v, "conduct_end") for v in _found(r, act)) if d]
        yield act.seq, all(found <= same_date(d, TIME_BAR_MONTHS) for d in ends)


@rule
def evidence_named(r: Record) -> Said:
    """行政处罚法 §59第二项: the decision names its evidence."""
    for act in r.decisions:
        yield act.seq, bool(str(act.words.get("evidence") or "").strip())


@rule
def minor_not_serious(r: Record) -> Said:
    """行政处罚法 §33; 统计法实施条例 §50: what was told as serious does not end as minor, unless a
    new report says so."""
    for act in r.decisions:
        if act.step != "decide_no_penalty" or act.words.get("ground") not in ("minor", "first"):
            continue
        told = r.last(
            "prior_notice",
            "prior_notice_again",
            "investigation_report",
            before=act.seq,
            after=r.begin(act),
        )
        yield act.seq, not (told and told.words.get("serious_ground"))


@rule
def minor_was_corrected(r: Record) -> Said:
    """行政处罚法 §33第一款: minor, and corrected in time."""
    for act in r.decisions:
        if act.step == "decide_no_penalty" and act.words.get("ground") in ("minor", "first"):
            yield act.seq, bool(act.words.get("corrected"))


@rule
def taught_where_not_punished(r: Record) -> Said:
    """行政处罚法 §33第三款."""
    for act in r.decisions:
        if act.step == "decide_no_penalty":
            yield act.seq, bool(str(act.words.get("education") or "").strip())


@rule
def circular_decided(r: Record) -> Said:
    """统计法 §44–45; 行政处罚法 §9: public criticism is a penalty: told, decided, and not by the
    way."""
    for act in r.done("circulate"):
        made = r.last(*DECISIONS, before=act.seq)
        yield (
            act.seq,
            made is not None
            and "circular" in (made.words.get("kinds") or ())
            and r.fell(made) is None,
        )


@rule
def circular_allowed(r: Record) -> Said:
    """统计法 2009 §42: late filing before 13 September 2024 knows no public criticism."""
    late = data().fines.norms["late"] | data().fines.norms["records"]
    for act in _penalties(r):
        if "circular" in (act.words.get("kinds") or ()):
            rows = _found(r, act)
            old = [
                v.get("code") in late and str(v.get("conduct_end") or "") < "2024-09-13"
                for v in rows
            ]
            yield act.seq, not (rows and all(old))


@rule
def fined_once(r: Record) -> Said:
    """行政处罚法 §29: the same act is fined once; the legal review says why it is another one."""
    for act in _penalties(r):
        if not act.fine:
            continue
        review = r.last("legal_review", before=act.seq, after=r.begin(act))
        explained = bool(review and str(review.words.get("other_act") or "").strip())
        same = any(
            _same_conduct(mine, theirs)
            for f in r.fined
            for mine in _found(r, act)
            for theirs in f.violations
        )
        yield act.seq, not same or explained


def _same_conduct(mine: Words, theirs: Words) -> bool:
    """The same violation on days that meet."""
    if mine.get("code") != theirs.get("code"):
        return False
    a, b = _day(mine, "conduct_start") or _day(mine, "conduct_end"), _day(mine, "conduct_end")
    c, d = _day(theirs, "conduct_start") or _day(theirs, "conduct_end"), _day(theirs, "conduct_end")
    return bool(a and b and c and d and a <= d and c <= b)


@rule
def reminded_before_refusal(r: Record) -> Said:
    """统计法 §44第一款第一项: not filed after a reminder needs a reminder that arrived."""
    for act in _penalties(r):
        if "V2" in _codes(_found(r, act)):
            reminders = [r.arrived(a, "reminder") for a in r.done("remind_filing", before=act.seq)]
            yield act.seq, any(d is not None and d <= act.on for d in reminders)


@rule
def asked_before_unanswered(r: Record) -> Said:
    """统计法 §44第一款第三项: an inquiry that was not answered is one that arrived."""
    for act in _penalties(r):
        if _codes(_found(r, act)) & {"V5", "V6"}:
            asked = [r.arrived(a, "inquiry") for a in r.done("inquire", before=act.seq)]
            yield act.seq, any(d is not None and d <= act.on for d in asked)
