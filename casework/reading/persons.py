"""Who may do what: two officers with cards, and nobody who judges what was done before by the same
human being."""

from __future__ import annotations

from collections.abc import Iterable

from casework.reading.record import DECISIONS, Act, Record, assigned
from casework.reading.rule import Said, rule
from casework.text import folded_name

WITH_THE_PARTY = (
    "on_site_record",
    "interview",
    "verify_figures",
    "preserve",
    "obstruction",
    "on_the_spot",
)
BY_TWO = (*WITH_THE_PARTY, "file", "investigation_report", "defence_heard", "check_correction")
RECORDS = ("on_site_record", "interview", "verify_figures")


def humans(record: Record, people: Iterable[int]) -> int:
    """How many human beings some accounts are."""
    return len({min(record.human(i)) for i in people})


@rule
def two_officers(r: Record) -> Said:
    """行政处罚法 §42."""
    for act in r.done(*BY_TWO):
        yield act.seq, humans(r, act.officers) >= 2


@rule
def cards_valid(r: Record) -> Said:
    """统计法 §38; 统计法实施条例 §36: on that very day."""
    for act in r.done(*WITH_THE_PARTY):
        with_card = [i for i in act.officers if i in r.people and r.people[i].card_on(act.on)]
        yield act.seq, len(with_card) == len(act.officers) and humans(r, with_card) >= 2


@rule
def cards_shown(r: Record) -> Said:
    """行政处罚法 §55: shown, and noted in the record."""
    for act in r.done(*RECORDS):
        yield act.seq, bool(act.words.get("cards_shown"))


@rule
def officers_assigned(r: Record) -> Said:
    """行政处罚法 §42: nobody investigates before it is his case."""
    for act in r.done(*BY_TWO):
        named = {i for a in r.done("assign", before=act.seq) if a.on <= act.on for i in assigned(a)}
        yield act.seq, set(act.officers) <= named


@rule
def approved_by_another(r: Record) -> Said:
    """行政处罚法 §57: nobody judges an own proposal, under another account neither."""
    for act in r.acts:
        if act.approvers:
            accounts = [act.proposer, *act.approvers]
            apart = humans(r, [i for i in accounts if i is not None]) == len(accounts)
            yield act.seq, apart


@rule
def decided_by_the_head(r: Record) -> Said:
    """行政处罚法 §57: the head of the body decides."""
    for act in r.done("decide_penalty", "decide_no_penalty"):
        last = r.people.get(act.approvers[-1]) if act.approvers else None
        yield act.seq, last is not None and last.held("leader", act.at)


@rule
def decider_not_of_the_case(r: Record) -> Said:
    """行政处罚法 §42, §57: who investigated does not decide."""
    for act in r.done("decide_penalty", "decide_no_penalty"):
        yield act.seq, not set(act.approvers[-1:]) & r.investigators(act.seq)


@rule
def reviewer_not_of_the_case(r: Record) -> Said:
    """行政处罚法 §58: legal review by somebody who did not investigate."""
    for act in r.done("legal_review"):
        yield act.seq, act.by is not None and act.by not in r.investigators(act.seq)


@rule
def reviewer_qualified(r: Record) -> Said:
    """行政处罚法 §58第二款."""
    for act in r.done("legal_review"):
        person = r.people.get(act.by or 0)
        yield act.seq, person is not None and person.qualified


@rule
def decider_not_reviewer(r: Record) -> Said:
    """行政处罚法 §57–58: two looks by two people."""
    for act in r.decisions:
        for review in r.done("legal_review", before=act.seq, after=r.begin(act)):
            yield act.seq, not set(act.approvers[-1:]) & r.human(review.by or 0)


@rule
def host_not_of_the_case(r: Record) -> Said:
    """行政处罚法 §64第四项."""
    for act in r.done("hearing_notice", "hearing_held"):
        host = int(act.words["host"]) if act.words.get("host") else act.by
        yield act.seq, host is not None and host not in r.investigators(act.seq)


@rule
def recused_stay_out(r: Record) -> Said:
    """行政处罚法 §43."""
    for recusal in r.done("recuse"):
        if recusal.words.get("result") != "granted" or not recusal.words.get("person"):
            continue
        out = r.human(int(recusal.words["person"]))
        yield recusal.seq, True
        for act in r.acts:
            if act.seq > recusal.seq and out & _took_part(act):
                yield act.seq, False


def _took_part(act: Act) -> set[int]:
    host = [int(act.words["host"])] if str(act.words.get("host") or "").isdigit() else []
    return {
        i
        for i in (act.by, act.proposer, *act.approvers, *act.officers, *assigned(act), *host)
        if i is not None
    }


@rule
def panel_of_heads(r: Record) -> Said:
    """行政处罚法 §57第二款: heads discuss, not who investigated or reviewed."""
    for act in r.done("panel"):
        judged = r.investigators(act.seq) | {
            a.by for a in r.done("legal_review", before=act.seq) if a.by is not None
        }
        names = {folded_name(r.people[i].name) for i in judged if i in r.people}
        voices = {folded_name(str(v.get("name") or "")) for v in act.words.get("voices") or ()}
        yield act.seq, not names & voices


@rule
def own_judgement_kept(r: Record) -> Said:
    """行政处罚法 §57–58: a judgement is taken back by whoever judged, never by those whom it
    displeased."""
    for act in r.done("annul_step"):
        undone = next((a for a in r.taken_back if a.seq == int(act.words.get("act") or 0)), None)
        if undone is not None and undone.step in ("legal_review", "panel", "send_back", *DECISIONS):
            yield act.seq, act.proposer is not None and act.proposer in r.human(undone.by or 0)
