"""Proposals of discipline and referrals: to the body that has the power, one body for one person,
and sent."""

from __future__ import annotations

from collections.abc import Iterator

from casework.reading.days import same_date
from casework.reading.record import DECISIONS, Act, Record
from casework.reading.rule import Said, data, rule
from casework.text import folded_name

REPLY_MONTHS, LAST_MONTHS = 6, 12  # 统计违纪违法责任人处分处理建议办法 (read in part)


def _standing(r: Record) -> Iterator[Act]:
    """Proposals that were not taken back before they were sent."""
    withdrawn = {a.track for a in r.done("withdraw_discipline")}
    return (a for a in r.done("propose_discipline") if a.own_track not in withdrawn)


@rule
def body_has_the_power(r: Record) -> Said:
    """统计法 §46; 公职人员政务处分法 §16: the body is one that can impose what is proposed. The
    unit of its own people is."""
    named = data().bodies
    for act in r.done("propose_discipline"):
        body, post = folded_name(act.text("body")), folded_name(act.text("person_post"))
        known = named.get(act.text("body_kind"))
        if not body or known is None:
            yield act.seq, False
            continue
        has_it = not known.own or any(w in body for w in known.own)
        barred = any(w in body for w in known.never) and body not in post
        yield act.seq, has_it and not barred


@rule
def public_employees_only(r: Record) -> Said:
    """统计法 §46; 公职人员政务处分法 §2: discipline is for public employees."""
    for act in r.done("propose_discipline"):
        yield act.seq, act.words.get("public_employee") == "yes"


@rule
def one_body_for_one_person(r: Record) -> Said:
    """公职人员政务处分法 §16: not twice for the same, however the name is written."""
    seen: dict[str, str] = {}
    for act in _standing(r):
        person, body = (
            folded_name(str(act.words.get("person_name") or "")),
            str(act.words.get("body_kind") or ""),
        )
        if body == "party":
            continue  # discipline of the Party stands beside that of the office
        yield act.seq, person not in seen
        seen[person] = body


@rule
def proposed_after_the_facts(r: Record) -> Said:
    """统计法 §46: when the facts are settled: by the report of the investigation, or a decision."""
    for act in r.done("propose_discipline", "send_discipline"):
        yield act.seq, bool(r.done("investigation_report", *DECISIONS, before=act.seq))


@rule
def proposals_sent(r: Record) -> Said:
    """统计法 §46: what was proposed and approved is sent before the file is put away; it may go on
    beside a closed case."""
    sent = {a.track for a in r.done("send_discipline")}
    for act in _standing(r):
        late = bool(r.done("archive", after=act.seq))
        yield act.seq, True if act.own_track in sent else (False if late else None)


@rule
def proposals_served(r: Record) -> Said:
    """统计法 §46; 行政处罚法 §61 by analogy: what was sent has arrived when the case is closed.
    What is sent afterwards arrives when it does: nobody opens the case again for it."""
    for act in r.done("send_discipline"):
        sheet = r.sheet(act, "discipline_cover")
        late = bool(r.done("close", after=act.seq))
        if sheet is not None:
            yield act.seq, True if sheet.served else (False if late else None)


@rule
def replies_awaited(r: Record) -> Said:
    """统计违纪违法责任人处分处理建议办法 (unverified): a reply within six months, at most a year;
    late ones are chased."""
    for act in r.done("send_discipline"):
        answered = [
            a
            for a in r.done("discipline_reply", "end_discipline", after=act.seq)
            if a.track == act.track
        ]
        if answered:
            yield act.seq, True
            continue
        later = r.done("chase_discipline", "extend_reply", "report_no_reply", after=act.seq)
        chased = [a for a in later if a.track == act.track]
        over, last = (
            r.today > same_date(act.on, REPLY_MONTHS),
            r.today > same_date(act.on, LAST_MONTHS),
        )
        yield act.seq, False if last or (over and not chased) else None


@rule
def crime_referred_with_letter(r: Record) -> Said:
    """行政处罚法 §27: a suspected crime goes to the body that prosecutes."""
    for act in r.done("send_prosecution"):
        body, target = (
            folded_name(str(act.words.get("body") or "")),
            str(act.words.get("target") or ""),
        )
        wanted = data().prosecution.get(target, ())
        yield act.seq, any(w in body for w in wanted)


@rule
def ours_to_handle(r: Record) -> Said:
    """重庆市统计管理条例 §38: the county's own government and its leaders are the city's to
    handle."""
    for act in r.done("file", "decide_penalty", "propose_discipline"):
        yield (
            act.seq,
            folded_name(str(r.party(act.seq).get("name") or ""))
            not in {folded_name(n) for n in r.not_ours},
        )
