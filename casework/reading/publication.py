"""What everybody reads: only what was decided, only while it stands, and nothing of a human
being."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from casework.reading.days import after_months, after_workdays
from casework.reading.limits import WITHDRAW, in_time
from casework.reading.record import DECISIONS, PENALTIES, Act, PublicRow, Record
from casework.reading.rule import Said, data, rule
from casework.text import folded_digits, folded_name

# mobile and identity numbers
PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx]|\d{15})(?!\d)")


def _shows(r: Record, entry: PublicRow) -> Act | None:
    """The act that put an entry on the list."""
    return next(
        (a for a in reversed(r.done("publish", "list_entry")) if a.track == entry.track), None
    )


def _penalty_entries(r: Record) -> Iterator[tuple[PublicRow, Act, Act]]:
    """Entries of penalties with the act that showed them and the decision that they show."""
    for entry in r.shown:
        act = _shows(r, entry)
        made = r.last(*PENALTIES, before=act.seq) if act else None
        if entry.kind == "penalty" and act is not None and made is not None:
            yield entry, act, made


@rule
def shown_after_a_decision(r: Record) -> Said:
    """行政处罚法 §48: nothing is shown without a decision that stood and had arrived on that
    day."""
    for act in r.done("publish"):
        made = r.last(*PENALTIES, before=act.seq)
        arrived = (
            None
            if made is None
            else (made.on if made.step == "on_the_spot" else r.arrived(made, "decision"))
        )
        fell = r.fell(made) if made else None
        yield (
            act.seq,
            arrived is not None and arrived <= act.on and (fell is None or fell.seq > act.seq),
        )


@rule
def shown_with_approval(r: Record) -> Said:
    """行政处罚法 §48; 国统字〔2023〕49号: approved by another before it is shown."""
    for act in r.done("publish"):
        approved = [
            a for a in r.done("approve_publication", before=act.seq) if a.own_track == act.track
        ]
        yield act.seq, bool(approved) and bool(approved[-1].approvers)


@rule
def ended_not_shown(r: Record) -> Said:
    """行政处罚法 §48: a case that was terminated or taken back is not shown."""
    for act in r.done("publish", "list_entry"):
        ended = r.last("terminate", "withdraw_filing", before=act.seq)
        yield act.seq, ended is None or bool(r.done(*DECISIONS, after=ended.seq, before=act.seq))


@rule
def shown_as_decided(r: Record) -> Said:
    """行政处罚法 §48; 国统字〔2023〕49号 §6: name, number, day, kinds and sum are those of the
    decision."""
    for entry, act, made in _penalty_entries(r):
        yield act.seq, _says(r, entry, made)


def _says(r: Record, entry: PublicRow, made: Act) -> bool:
    sheet, said = r.sheet(made, "decision"), entry.fields
    return (
        (sheet is None or said.get("decision") == sheet.number)
        and str(said.get("decided_on")) == made.on.isoformat()
        and set(said.get("kinds") or ()) == set(made.words.get("kinds") or ())
        and int(said.get("fine_fen") or 0) in _sums(r, made)
        and folded_name(entry.name) == folded_name(str(r.party(made.seq).get("name") or ""))
    )


def _sums(r: Record, made: Act) -> set[int]:
    """The fine of a decision, and what remedies changed it to, in fen."""
    ends = r.done("remedy_end", after=made.seq)
    return {made.fine, *(a.fine for a in ends if a.words.get("result") == "changed")}


@rule
def nothing_personal_shown(r: Record) -> Said:
    """个人信息保护法 §25; 国统字〔2023〕49号 §2: no number of a human being, and no natural person
    at all."""
    for entry in r.shown:
        act = _shows(r, entry)
        if act is None:
            continue
        texts = [
            entry.name,
            *_texts(
                {k: v for k, v in entry.fields.items() if k not in ("decision", "determination")}
            ),
        ]
        clear = not any(PERSONAL.search(folded_digits(t).replace("-", "")) for t in texts)
        yield act.seq, clear and r.party(act.seq).get("kind") != "person"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


@rule
def nothing_of_a_tip_shown(r: Record) -> Said:
    """统计法实施条例 §38: nothing tells that anybody reported."""
    for entry in r.shown:
        act = _shows(r, entry)
        if act is not None:
            words = " ".join(_texts({k: v for k, v in entry.fields.items() if k != "withdrawn"}))
            yield act.seq, not any(w in words for w in data().words["of_a_tip"])


@rule
def shown_in_time(r: Record) -> Said:
    """国统字〔2023〕49号 §5 (a model for the county, a setting): within seven working days of the
    decision."""
    amount = int(str(r.settings.get("publish.period") or "7").split()[0])
    for act in r.done("publish"):
        made = r.last(*PENALTIES, before=act.seq)
        if made is not None:
            # a stay is over, or it was changed
            ended = [a.on for a in r.done("remedy_end", after=made.seq, before=act.seq)]
            yield act.seq, act.on <= after_workdays(max([made.on, *ended]), amount, r.workday)


@rule
def shown_no_longer_than(r: Record) -> Said:
    """国统字〔2023〕49号 §5 (a setting): a penalty is shown for a year from the decision."""
    months = int(str(r.settings.get("publish.months") or "12").split()[0])
    for entry, act, made in _penalty_entries(r):
        over = entry.state == "shown" and entry.until < r.today
        yield act.seq, entry.until <= after_months(made.on, months, r.workday) and not over


@rule
def fallen_withdrawn(r: Record) -> Said:
    """行政处罚法 §48第二款: what shows a decision that fell is off the list within three working
    days, with its reason."""
    for entry, act, made in _penalty_entries(r):
        fell = r.fell(made)
        if fell is None:
            continue
        off = entry.state not in ("shown", "resting")
        withdrawn = next(
            (a for a in r.done("withdraw_entry", after=fell.seq) if a.track == entry.track), None
        )
        last = after_workdays(fell.on, WITHDRAW, r.workday)
        ended = entry.state == "ended" and entry.until < fell.on
        yield (
            act.seq,
            True if ended else in_time(withdrawn.on if withdrawn and off else None, last, r.today),
        )


@rule
def dishonest_after_hearing(r: Record) -> Said:
    """国家统计局令第35号 (articles not read: unverified): told, heard and served before a firm is
    listed."""
    for act in r.done("list_entry"):
        told = _on_track(r, act, "dishonesty_notice")
        made = _on_track(r, act, "determine")
        arrived, served = (
            r.arrived(told, "dishonesty_notice"),
            r.arrived(made, "dishonesty_decision"),
        )
        in_order = (
            made is not None
            and arrived is not None
            and served is not None
            and arrived < made.on
            and served <= act.on
        )
        yield act.seq, in_order


def _on_track(r: Record, act: Act, step: str) -> Act | None:
    return next((a for a in reversed(r.done(step, before=act.seq)) if a.track == act.track), None)


@rule
def dishonest_firms_only(r: Record) -> Said:
    """国家统计局令第35号: enterprises alone."""
    for act in r.done("list_entry", "determine"):
        yield act.seq, r.party(act.seq).get("kind") == "enterprise"


@rule
def words_after_the_decision(r: Record) -> Said:
    """行政处罚法 §48; 统计法 §44: a circular comes after the decision has arrived."""
    for act in r.done("circulate"):
        made = r.last(*DECISIONS, before=act.seq)
        arrived: date | None = (
            r.arrived(made, "decision") if made and made.step != "on_the_spot" else act.on
        )
        yield act.seq, made is not None and arrived is not None and arrived <= act.on
