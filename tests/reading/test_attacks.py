"""What the other side's lawyer got recorded once: forced into a lawful file, each turns exactly its
own rule red."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from casework.reading.record import Card, Fined, Record
from tests.reading import good
from tests.reading.good import (
    CLERK,
    FIRST,
    HEAD,
    LEADER,
    LEGAL,
    OFFICERS,
    PARTY,
    SECOND,
    THIRD,
    VIOLATION,
    File,
    d,
    seq,
)

Attack = Callable[[File], Any]
ATTACKS: dict[str, tuple[Attack, set[str]]] = {}


def attack(*rules: str) -> Callable[[Attack], Attack]:
    def register(fn: Attack) -> Attack:
        ATTACKS[fn.__name__] = (fn, set(rules))
        return fn

    return register


def stopped_at(f: File, step: str) -> None:
    """Nothing from the first entry of that step on."""
    place = next(e.seq for e in f.entries if e.step == step)
    f.entries = [e for e in f.entries if e.seq < place]
    f.sheets = [
        replace(s, services=tuple(x for x in s.services if x.seq < place))
        for s in f.sheets
        if s.seq < place
    ]


# -- in the order of the list
@attack("corrections_fit")
def a_correction_puts_a_text_over_the_respondent(f: File) -> None:
    f.add(
        "correct_act",
        d(6, 24),
        FIRST,
        {"act": 1, "fields": {"party": "任意"}, "corrected_on": None},
        approve=[HEAD],
    )


@attack("hearing_refused_on_its_grounds", "timely_request_heard")
def a_timely_request_for_a_hearing_is_refused(f: File) -> None:
    refusal = {"ground": "late", "reason": "工作忙"}
    good.before(
        f,
        "defence_heard",
        lambda m: m.add("hearing_refuse", d(4, 9), FIRST, refusal, approve=[LEADER]),
    )
    good.without(f, "hearing_notice", "hearing_held", "hearing_report")


@attack("circular_decided")
def a_circular_that_nobody_decided(f: File) -> None:
    good.before(
        f, "close", lambda m: m.add("circulate", d(6, 4), FIRST, {"text": "通报"}, approve=[LEADER])
    )


@attack("organ_not_fined")
def a_fine_on_a_township(f: File) -> Record:
    good.change(
        f, "open_case", party={**PARTY, "name": "丰都县兴隆镇人民政府", "kind": "organisation"}
    )
    good.without(f, "approve_publication", "publish")
    return good.recorded(f)


@attack("fined_once")
def the_same_conduct_is_fined_in_another_case(f: File) -> Record:
    return good.recorded(f, fined=(Fined("丰统案〔2026〕2号", (VIOLATION,)),))


@attack("ended_not_shown", "nothing_after_the_end")
def a_terminated_case_is_published(f: File) -> None:
    good.without(f, "pay")
    terminated = {"reason": "算了"}
    good.before(
        f,
        "approve_publication",
        lambda m: m.add("terminate", d(5, 19), FIRST, terminated, approve=[LEADER]),
    )


@attack("defence_days_over")
def a_decision_before_the_end_of_the_days_stands(f: File) -> None:
    """The notice came later than was entered, and the decision was served all the same."""
    good.without(
        f,
        "hearing_request",
        "hearing_notice",
        "hearing_held",
        "hearing_report",
        "defence_heard",
        "defence_review",
    )
    service = seq(f, "serve", 1)  # of the notice: it came two days before the decision
    corrected = {"act": service, "corrected_on": "2026-05-12"}
    good.before(
        f,
        "legal_review",
        lambda m: m.add("correct_service", d(5, 12), FIRST, corrected, approve=[HEAD]),
    )
    good.before(f, "legal_review", lambda m: given_up(m, ["hearing"], d(5, 12)))
    notice = next(s for s in f.sheets if s.kind == "prior_notice")
    f.sheets[f.sheets.index(notice)] = replace(
        notice, services=tuple(replace(x, on=d(5, 12)) for x in notice.services)
    )


def given_up(f: File, rights: list[str], on: date, **other: Any) -> None:
    words = {
        "rights": rights,
        "written": "statement",
        "signer": "负责人",
        "signed_on": on.isoformat(),
        "document": "声明一页",
    }
    f.add("rights_waived", on, FIRST, {**words, **other}, approve=[HEAD])


@attack("hearing_given_up_proved")
def a_hearing_is_given_up_by_one_officer(f: File) -> None:
    good.without(f, "hearing_notice", "hearing_held", "hearing_report")
    good.before(
        f,
        "legal_review",
        lambda m: m.add("hearing_given_up", d(4, 20), FIRST, {"how": "waived", "reason": "放弃"}),
    )


@attack("panel_votes")
def one_man_is_the_panel_and_against(f: File) -> None:
    good.change(f, "panel", voices=[{"name": "周明", "vote": "disagree"}] * 3)


@attack("conduct_in_the_past")
def conduct_that_ends_in_the_future(f: File) -> None:
    good.change(f, "file", conduct_end="2027-12-31")
    good.change(f, "investigation_report", violations=[{**VIOLATION, "conduct_end": "2027-12-31"}])


@attack("decided_in_time")
def a_decision_long_after_the_limit(f: File) -> Record:
    for step in ("legal_review", "panel", "decide_penalty"):
        good.moved(f, step, d(9, 1))
    stopped_at(f, "approve_publication")
    return good.recorded(served_on(f, "decision", d(9, 2)), today=d(9, 3))


def served_on(f: File, kind: str, on: date) -> File:
    """The newest sheet of a kind arrived on another day."""
    sheet = [s for s in f.sheets if s.kind == kind][-1]
    seqs = {x.seq for x in sheet.services}
    f.sheets[f.sheets.index(sheet)] = replace(
        sheet, services=tuple(replace(x, on=on) for x in sheet.services)
    )
    f.entries = [replace(e, on=on, at=on) if e.seq in seqs else e for e in f.entries]
    f.sheets = [replace(s, on=on) if s.seq in seqs else s for s in f.sheets]
    return f


@attack("conduct_days_agree")
def another_last_day_without_a_word(f: File) -> None:
    good.change(f, "file", conduct_end="2026-01-30")


@attack("small_on_the_spot")
def public_criticism_on_the_spot(f: File) -> Record:
    return good.recorded(on_the_spot(kinds=["warning", "circular", "fine"]))


def on_the_spot(**other: Any) -> File:
    f = File()
    good.investigated(f)
    stopped_at(f, "verification_report")
    words = {
        **good.told(fine_fen=3000_00),
        "violations": [VIOLATION],
        "told": True,
        "heard": "无异议。",
        **other,
    }
    f.add("on_the_spot", d(3, 10), FIRST, words, papers=["decision"])
    f.add("filed_with_bureau", d(3, 11), FIRST, {"note": "已备案"})
    return f


@attack("paid_in_full")
def a_late_grant_wipes_out_what_was_added(f: File) -> None:
    """Ten days late, then instalments, then the bare fine."""
    stopped_at(f, "pay")
    grant = {"request": "申请", "plan": "一期", "due": "2026-06-30"}
    f.add("instal", d(6, 12), FIRST, grant, approve=[LEADER], track="execution-1")
    paid = {"paid_fen": good.FINE, "paid_on": "2026-06-22", "slip": "农行"}
    f.add(
        "pay",
        d(6, 22),
        CLERK,
        paid,
        track="execution-1",
        effects=[{"do": "end", "track": "execution-1"}],
    )


@attack("instalments_bounded")
def instalments_for_ten_years(f: File) -> None:
    grant = {"request": "申请", "plan": "一期", "due": "2036-06-30"}
    good.before(
        f,
        "pay",
        lambda m: m.add("instal", d(5, 29), FIRST, grant, approve=[LEADER], track="execution-1"),
    )


@attack("nothing_after_the_end")
def instalments_of_a_terminated_case(f: File) -> None:
    stopped_at(f, "pay")
    f.add("terminate", d(5, 28), FIRST, {"reason": "算了"}, approve=[LEADER])
    grant = {"request": "申请", "plan": "一期", "due": "2026-06-30"}
    f.add("instal", d(5, 29), FIRST, grant, approve=[LEADER], track="execution-1")


@attack("one_remedy_at_once")
def two_reconsiderations_at_once(f: File) -> None:
    for n in (1, 2):
        opened = [{"do": "open", "track": "remedy", "label": f"remedy-{n}"}]
        f.add(
            "remedy_start",
            d(6, 24),
            CLERK,
            {"kind": "reconsideration"},
            track=f"remedy-{n}",
            effects=opened,
        )


@attack("own_judgement_kept")
def a_failed_review_is_annulled_by_whom_it_displeased(f: File) -> None:
    failed = {"point_evidence": "fail", "opinion": "证据不足", "result": "return"}

    def review(m: File) -> None:
        m.add("legal_review", d(5, 8), LEGAL, failed, papers=["legal_review"])
        m.add(
            "annul_step",
            d(5, 8),
            FIRST,
            {"act": len(m.entries), "reason": "误录"},
            approve=[LEADER],
        )

    good.before(f, "legal_review", review)


@attack("hearing_on_the_day_told")
def a_hearing_on_another_day(f: File) -> None:
    good.change(f, "hearing_notice", hearing_on="2026-05-05")


@attack("minor_not_serious")
def minor_after_a_notice_of_grave_consequences(f: File) -> None:
    good.change(f, "investigation_report", serious_ground="harmful")
    good.change(f, "prior_notice", serious_ground="harmful", fine_fen=300_000_00)
    stopped_at(f, "decide_penalty")
    minor = {
        "ground": "minor",
        "corrected": True,
        "evidence": "笔录",
        "education": "已教育。",
        "officers": OFFICERS,
    }
    f.add("decide_no_penalty", d(5, 14), FIRST, minor, approve=[LEADER], papers=["decision"])
    f.serve("decision", d(5, 18))


@attack("two_officers", "cards_valid")
def one_card_on_two_accounts(f: File) -> Record:
    same = (Card("渝统执 0219", *good.LONG),)
    return good.recorded(
        f, people={**good.PEOPLE, SECOND: replace(good.PEOPLE[SECOND], cards=same)}
    )


@attack("approved_by_another", "decider_not_of_the_case", "panel_of_heads")
def one_card_proposes_and_approves(f: File) -> Record:
    same = (Card("渝统执0219", *good.LONG),)
    return good.recorded(
        f, people={**good.PEOPLE, LEADER: replace(good.PEOPLE[LEADER], cards=same)}
    )


@attack("nothing_while_suspended")
def an_inspection_while_the_case_stands_still(f: File) -> None:
    def still(m: File) -> None:
        m.add("suspend", d(3, 20), FIRST, {"reason": "等待鉴定"}, approve=[LEADER])

    good.before(f, "on_site_record", still)
    good.before(
        f,
        "interview",
        lambda m: m.add("resume", d(3, 23), FIRST, {"reason": "完成"}, approve=[LEADER]),
    )


@attack("days_possible")
def a_day_corrected_to_the_future(f: File) -> None:
    correction = {"act": seq(f, "interview"), "fields": {}, "corrected_on": "2030-01-01"}
    good.before(
        f,
        "investigation_report",
        lambda m: m.add("correct_act", d(3, 30), FIRST, correction, approve=[HEAD]),
    )


@attack("days_possible")
def a_day_corrected_to_the_last_century(f: File) -> None:
    correction = {"act": seq(f, "verification_report"), "fields": {}, "corrected_on": "1999-01-01"}
    good.before(
        f,
        "investigation_report",
        lambda m: m.add("correct_act", d(3, 30), FIRST, correction, approve=[HEAD]),
    )


@attack("days_possible", "two_officers", "cards_valid", "officers_assigned")
def an_entry_dated_before_the_rules_began(f: File) -> None:
    """Whoever writes a day of the last century into an entry takes it out of no rule."""
    good.change(f, "on_site_record", officers=[FIRST])
    f.entries = [
        replace(e, on=date(1999, 1, 1)) if e.step == "on_site_record" else e for e in f.entries
    ]


@attack("waiver_in_writing", "defence_days_over")
def a_waiver_without_a_paper(f: File) -> None:
    """Of a fine that opens no hearing, on the day of the notice, and decided at once."""
    small(f)
    given_up(f, ["defence"], d(4, 7), document="")
    decide_small(f, d(4, 8))


@attack("defence_days_over")
def a_waiver_older_than_the_arrival_as_it_was_set_right(f: File) -> None:
    """It was in writing and after the day that stood there then; that it gives up nothing is seen
    where the days of the defence are counted."""
    small(f)
    given_up(f, ["defence"], d(4, 7))
    decide_small(f, d(4, 9))
    sheet = next(s for s in f.sheets if s.kind == "prior_notice")
    right = {
        "act": sheet.services[0].seq,
        "corrected_on": d(4, 8).isoformat(),
        "proof": "收件登记簿",
        "reason": "登记时误写为前一日，以收件登记簿为准",
    }
    f.add("correct_service", d(4, 10), FIRST, right, approve=[HEAD])
    later = (*sheet.services, replace(sheet.services[0], on=d(4, 8)))
    f.sheets[f.sheets.index(sheet)] = replace(sheet, services=later)


@attack("defence_days_over")
def decided_within_the_days_that_the_notice_told(f: File) -> None:
    """Ten working days were told; the setting says three."""
    small(f)
    told = {"do": "told", "rule": "defence", "amount": 10, "unit": "workday"}
    f.entries = [
        replace(e, effects=(*e.effects, told)) if e.step == "prior_notice" else e for e in f.entries
    ]
    decide_small(f, d(4, 20))


def small(f: File) -> None:
    """The file up to a notice of 10,000 yuan that arrived."""
    stopped_at(f, "hearing_request")
    good.change(f, "prior_notice", fine_fen=10_000_00)


def decide_small(f: File, on: date) -> None:
    f.add("review_not_due", on, HEAD, {"reason": "未达标准"})
    f.add(
        "decide_penalty",
        on,
        FIRST,
        good.told(fine_fen=10_000_00),
        approve=[LEADER],
        papers=["decision"],
    )
    f.serve("decision", on)


@attack("officers_assigned")
def a_record_dated_before_the_officers_were_assigned(f: File) -> None:
    f.entries = [replace(e, on=d(3, 2)) if e.step == "on_site_record" else e for e in f.entries]
    f.sheets = [replace(s, on=d(3, 2)) if s.step == "on_site_record" else s for s in f.sheets]


@attack("public_notice_last")
def public_notice_of_a_paper_that_was_never_tried(f: File) -> None:
    paper = next(s.id for s in f.sheets if s.kind == "prior_notice")
    good.before(
        f,
        "hearing_request",
        lambda m: m.add("serve_failed", d(4, 7), FIRST, {"paper": 1, "reason": "退回"}),
    )
    notice = {"paper": paper, "where": "网站", "reason": "下落不明"}
    good.before(
        f,
        "hearing_request",
        lambda m: m.add("serve_public", d(4, 7), FIRST, notice, approve=[LEADER]),
    )


@attack("one_body_for_one_person")
def one_person_proposed_to_two_bodies(f: File) -> None:
    good.before(f, "pay", lambda m: good.propose(m, "李 某", "supervision", "丰都县监察委员会", 2))


# -- and what was not tried then
@attack("cards_valid")
def a_card_that_had_run_out(f: File) -> Record:
    over = (Card("渝统执0220", d(1, 1), d(3, 20)),)
    return good.recorded(
        f, people={**good.PEOPLE, SECOND: replace(good.PEOPLE[SECOND], cards=over)}
    )


@attack("served_after_it_was_made")
def served_before_it_was_made(f: File) -> None:
    sheet = next(s for s in f.sheets if s.kind == "inspection_notice")
    f.sheets[f.sheets.index(sheet)] = replace(sheet, on=sheet.on + timedelta(1))


@attack("preserved_disposed_in_time")
def one_of_two_preservations_is_forgotten(f: File) -> None:
    """Each has seven working days of its own: what was given back of the second says nothing of the
    first."""
    kept = {"officers": OFFICERS, "things": "账簿"}

    def twice(m: File) -> None:
        made = []
        for _ in range(2):
            made.append(
                m.add(
                    "preserve",
                    d(3, 24),
                    FIRST,
                    kept,
                    approve=[LEADER],
                    papers=["preserve", "preserve_list"],
                )
            )
            m.serve("preserve", d(3, 24))
        for named, day in ((made[1], d(3, 26)), (made[0], d(4, 8))):
            back = {"result": "退还", "preserved": named}
            m.add(
                "dispose_preserved",
                day,
                FIRST,
                back,
                approve=[LEADER],
                papers=["preserve_disposal"],
            )
            m.serve("preserve_disposal", day)

    good.before(f, "investigation_report", twice)


@attack("host_not_of_the_case")
def an_officer_hosts_the_hearing(f: File) -> None:
    good.change(f, "hearing_notice", host=FIRST)


@attack("reviewer_not_of_the_case", "reviewer_qualified")
def an_officer_reviews(f: File) -> None:
    f.entries = [replace(e, by=SECOND) if e.step == "legal_review" else e for e in f.entries]


@attack("recused_stay_out")
def somebody_recused_goes_on(f: File) -> None:
    recusal = {"person": THIRD, "result": "granted", "reason": "近亲属"}
    good.before(
        f, "verify_figures", lambda m: m.add("recuse", d(3, 4), FIRST, recusal, approve=[LEADER])
    )
    good.before(
        f,
        "inspection_notice",
        lambda m: m.add("assign", d(3, 17), HEAD, {"assigned": [*OFFICERS, THIRD]}),
    )


@attack("sheets_signed")
def closed_without_a_signed_sheet(f: File) -> None:
    f.sheets = [replace(s, signed=False) if s.kind == "interview" else s for s in f.sheets]


@attack("told_before_decision", "hearing_told_in_time", "sheets_served")
def neither_notice_arrived(f: File) -> None:
    for kind in ("prior_notice", "hearing_notice"):
        sheet = next(s for s in f.sheets if s.kind == kind)
        f.sheets[f.sheets.index(sheet)] = replace(sheet, services=(), state="issued")


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_turns_its_rule_red_and_no_other(name: str) -> None:
    f = good.built()
    forced, wanted = ATTACKS[name]
    record = forced(f)
    assert good.red(record if isinstance(record, Record) else good.recorded(f)) == wanted


def test_the_beginnings_of_attacks_are_lawful() -> None:
    """What a few attacks start from, before anything is forced into it."""
    f = good.built(*good.ROAD[:1])
    assert good.red(good.recorded(on_the_spot(), today=d(3, 12))) == set()
    f = good.built()
    small(f)
    given_up(f, ["defence"], d(4, 7))
    decide_small(f, d(4, 8))
    assert good.red(good.recorded(f, today=d(4, 9))) == set()
