"""Every rule has a way to turn red: what the attacks do not reach is forced here, each into a file
that was good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casework.reading import rule
from casework.reading.record import Office, Record
from tests.reading import good
from tests.reading.good import (
    CLERK,
    FIRST,
    HEAD,
    LEADER,
    LEGAL,
    OFFICERS,
    PARTY,
    PUBLISHER,
    VIOLATION,
    File,
    d,
    seq,
)
from tests.reading.test_attacks import ATTACKS, on_the_spot, small, stopped_at

Spoil = Callable[[File], Any]


def said(step: str, **words: Any) -> Spoil:
    return lambda f: good.change(f, step, **words)


def left_out(*steps: str) -> Spoil:
    return lambda f: good.without(f, *steps)


def with_people(**offices: Any) -> Spoil:
    """Somebody of the file has another office or no qualification."""
    return lambda f: good.recorded(
        f, people={**good.PEOPLE, LEADER: replace(good.PEOPLE[LEADER], **offices)}
    )


def more(step: str, on: date, by: int, words: dict[str, Any], before: str = "", **kw: Any) -> Spoil:
    """One more entry, at the end or before a step."""

    def spoil(f: File) -> None:
        add = lambda m: m.add(step, on, by, words, **kw)  # noqa: E731
        good.before(f, before, add) if before else add(f)

    return spoil


def on_day(day: date, *before: Spoil) -> Spoil:
    """The same, looked at on another day."""

    def spoil(f: File) -> Record:
        for one in before:
            one(f)
        return good.recorded(f, today=day)

    return spoil


def shown(**other: Any) -> Spoil:
    """Another row of the public list."""

    def spoil(f: File) -> Record:
        row = good.recorded(f).shown[0]
        fields = {**row.fields, **other.pop("fields", {})}
        return good.recorded(f, shown=(replace(row, fields=fields, **other),))

    return spoil


def spot(**words: Any) -> Spoil:
    return lambda _f: good.recorded(on_the_spot(**words), today=d(3, 12))


def both(*spoils: Spoil) -> Spoil:
    """One after the other."""

    def spoil(f: File) -> None:
        for one in spoils:
            one(f)

    return spoil


def no_sheet(kind: str) -> Spoil:
    """The first sheet of a kind was never made."""
    return lambda f: f.sheets.remove(next(s for s in f.sheets if s.kind == kind))


def reviewed_by_the_leader(f: File) -> None:
    f.entries = [replace(e, by=LEADER) if e.step == "legal_review" else e for e in f.entries]


def notice_withdrawn(f: File) -> None:
    f.sheets = [replace(s, state="withdrawn") if s.kind == "prior_notice" else s for s in f.sheets]


def until(step: str, *then: Spoil) -> Spoil:
    """The file up to a step, and what came instead."""

    def spoil(f: File) -> None:
        stopped_at(f, step)
        for one in then:
            one(f)

    return spoil


def unpaid_to_court(f: File) -> None:
    stopped_at(f, "pay")
    f.add(
        "demand",
        d(6, 8),
        FIRST,
        {"way": "银行"},
        approve=[LEADER],
        track="execution-1",
        papers=["demand"],
    )
    f.serve("demand", d(6, 8))
    application = ["court_application"]
    f.add(
        "apply_court",
        d(6, 12),
        FIRST,
        {"court": "法院"},
        approve=[LEADER],
        track="execution-1",
        papers=application,
    )


def agreed_and_demanded(f: File) -> Record:
    stopped_at(f, "pay")
    terms = {"terms": "分三期。", "remedied": "已更正。"}
    f.add(
        "agree", d(12, 2), FIRST, terms, approve=[LEADER], track="execution-1", papers=["agreement"]
    )
    f.add(
        "demand",
        d(12, 3),
        FIRST,
        {"way": "银行"},
        approve=[LEADER],
        track="execution-1",
        papers=["demand"],
    )
    f.serve("demand", d(12, 3))
    return good.recorded(f, today=d(12, 4))


def unsaid_by_a_word(f: File) -> Record:
    opened = [{"do": "open", "track": "remedy", "label": "remedy-1"}]
    f.add("remedy_start", d(12, 2), CLERK, {"kind": "suit"}, track="remedy-1", effects=opened)
    ended = f.add(
        "remedy_end", d(12, 3), FIRST, {"result": "set_aside"}, approve=[LEADER], track="remedy-1"
    )
    slip = {
        "act": ended,
        "fields": {"result": "upheld"},
        "corrected_on": None,
        "proof": "",
        "reason": "误录",
    }
    f.add("correct_act", d(12, 4), CLERK, slip, approve=[HEAD])
    return good.recorded(f, today=d(12, 4))


def late_to_court(f: File) -> Record:
    unpaid_to_court(f)
    good.moved(f, "apply_court", date(2027, 6, 1))
    return good.recorded(f, today=date(2027, 6, 2))


def revoked(f: File) -> None:
    f.add(
        "revoke_decision",
        d(6, 24),
        HEAD,
        {"result": "dropped", "reason": "证据不足"},
        approve=[LEADER],
    )


def told_anew_and_more(f: File) -> None:
    stopped_at(f, "hearing_notice")
    f.add(
        "prior_notice_again",
        d(4, 20),
        FIRST,
        good.told(fine_fen=70_000_00),
        approve=[LEADER],
        papers=["prior_notice"],
    )


def no_penalty(**words: Any) -> Spoil:
    asked = {
        "ground": "minor",
        "corrected": True,
        "evidence": "笔录",
        "education": "已教育。",
        "officers": OFFICERS,
        **words,
    }

    def spoil(f: File) -> None:
        stopped_at(f, "decide_penalty")
        f.add("decide_no_penalty", d(5, 14), FIRST, asked, approve=[LEADER], papers=["decision"])

    return spoil


def hearing_cut_short(f: File) -> None:
    """60,000 told, decided before the five working days for a hearing are over."""
    stopped_at(f, "hearing_request")
    f.add(
        "legal_review",
        d(4, 13),
        LEGAL,
        {"point_facts": "pass", "result": "pass"},
        papers=["legal_review"],
    )
    f.add("decide_penalty", d(4, 13), FIRST, good.told(), approve=[LEADER], papers=["decision"])


def silence_at_once(f: File) -> None:
    small(f)
    f.add("defence_waived", d(4, 8), FIRST, {"note": ""})
    f.add(
        "decide_penalty",
        d(4, 20),
        FIRST,
        good.told(fine_fen=10_000_00),
        approve=[LEADER],
        papers=["decision"],
    )


def other_decision(f: File) -> None:
    stopped_at(f, "approve_publication")
    f.add(
        "decide_penalty",
        d(5, 20),
        FIRST,
        good.told(defence="已听取。"),
        approve=[LEADER],
        papers=["decision"],
    )


def circular_for_late_filing(f: File) -> None:
    late = {**VIOLATION, "code": "V10", "conduct_start": "2024-08-01", "conduct_end": "2024-08-10"}
    good.change(f, "investigation_report", violations=[late])
    good.change(f, "file", conduct_end="2024-08-10")
    for step in ("prior_notice", "decide_penalty"):
        good.change(f, step, kinds=["warning", "circular"], fine_fen=None)


def benchmark(f: File) -> Record:
    """The bureau has confirmed its benchmark: 87 % is the gravest tier, whose fine begins at
    75,000."""
    numbers = {"rate_ordinary": 5, "rate_heavier": 10, "rate_serious": 20, "rate_gravest": 30}
    numbers |= {"share_ordinary": 25, "share_heavier": 50, "share_serious": 75}
    settings = {f"benchmark.{k}": str(v) for k, v in numbers.items()} | {
        "benchmark.confirmed": "yes"
    }
    return good.recorded(f, settings=settings)


def wrongly_reckoned(f: File) -> Record:
    start = {
        "do": "clock.start",
        "rule": "serve",
        "from": "2026-05-14",
        "due": "2026-05-24",
        "amount": 7,
        "unit": "workday",
    }
    n = next(n for n, e in enumerate(f.entries) if e.seq == seq(f, "decide_penalty"))
    f.entries[n] = replace(
        f.entries[n], effects=({**start, "calendar": "c1", "provisional": False},)
    )
    return good.recorded(f, calendar="c1")


def listed(f: File) -> None:
    opened = [{"do": "open", "track": "dishonesty", "label": "dishonesty-1"}]
    f.add(
        "assess_dishonesty",
        d(6, 23),
        FIRST,
        {"ground": "fabricated"},
        track="dishonesty-1",
        effects=opened,
    )
    f.add(
        "list_entry", d(6, 24), PUBLISHER, {"summary": "…"}, approve=[LEADER], track="dishonesty-1"
    )


def preserved(f: File) -> None:
    f.add(
        "preserve",
        d(3, 23),
        FIRST,
        {"officers": OFFICERS, "things": "账簿"},
        papers=["preserve", "preserve_list"],
    )


def serve_late(f: File) -> None:
    sheet = next(s for s in f.sheets if s.kind == "decision")
    services = tuple(replace(x, on=d(5, 26)) for x in sheet.services)  # the eighth working day
    f.sheets[f.sheets.index(sheet)] = replace(sheet, services=services)


def unserve(f: File, kind: str) -> None:
    sheet = next(s for s in f.sheets if s.kind == kind)
    f.sheets[f.sheets.index(sheet)] = replace(sheet, services=(), state="issued")


def spot_closed(signed: bool = True) -> File:
    """A penalty on the spot, paid and closed; its filing was forgotten."""
    f = on_the_spot()
    good.without(f, "filed_with_bureau")
    f.add(
        "pay",
        d(3, 16),
        CLERK,
        {"paid_fen": 3000_00, "slip": "农行"},
        track="execution-1",
        effects=[{"do": "end"}],
    )
    f.add("close", d(3, 18), FIRST, {"result": "已处罚。"}, approve=[LEADER])
    f.sheets = [replace(s, signed=signed) if s.kind == "decision" else s for s in f.sheets]
    return f


def revoked_before_the_archive(f: File) -> None:
    stopped_at(f, "archive")
    revoked(f)
    f.add("archive", d(6, 26), CLERK, {"term": "30"}, approve=[HEAD])


def long_ago(f: File) -> None:
    old = {**VIOLATION, "conduct_start": "2024-02-01", "conduct_end": "2024-03-01"}
    good.change(f, "investigation_report", violations=[old])
    good.change(f, "file", conduct_end="2024-03-01")


def a_gap(f: File) -> None:
    f.entries = [e for e in f.entries if e.step != "archive" or e.verb != "propose"]


SPOILS: dict[str, Spoil] = {
    "can_be_read": a_gap,
    "cards_shown": said("interview", cards_shown=False),
    "decided_by_the_head": with_people(offices=(Office("leader", good.LONG[0], d(5, 1)),)),
    "decider_not_reviewer": reviewed_by_the_leader,
    "filed_before_decision": left_out("file"),
    "judgments_corrected_on_paper": unsaid_by_a_word,
    "agreement_broken_first": agreed_and_demanded,
    "investigated_before_notice": left_out("investigation_report"),
    "evidence_before_report": left_out("on_site_record", "interview", "verify_figures"),
    "reviewed_before_decision": left_out("legal_review"),
    "failed_point_not_passed": said("legal_review", point_facts="fail"),
    "discussed_before_decision": both(
        left_out("panel"), said("investigation_report", complex=True)
    ),
    "served_before_effect": on_day(d(5, 30), lambda f: good.moved(f, "publish", d(5, 15))),
    "preserving_approved": until("investigation_report", preserved),
    "spot_filed": lambda _f: good.recorded(spot_closed(), today=d(3, 20)),
    "rights_told_on_the_spot": spot(told=False),
    "one_decision_at_a_time": other_decision,
    "silence_after_the_days": silence_at_once,
    "defence_reviewed": left_out("defence_review"),
    "hearing_days_over": hearing_cut_short,
    "hearing_report_made": left_out("hearing_report"),
    "not_heavier_for_defending": told_anew_and_more,
    "defence_said_as_heard": said("decide_penalty", defence="当事人未提出陈述申辩。"),
    "served_in_time": serve_late,
    "preserved_disposed_in_time": until("investigation_report", preserved),
    "time_for_verification": until("verification_report"),
    "demanded_before_court": unpaid_to_court,
    "court_in_time": late_to_court,
    "days_reckoned": wrongly_reckoned,
    "archived_in_time": on_day(d(8, 30), left_out("archive")),
    "inquiry_days_given": more(
        "inquire", d(3, 24), FIRST, {"days": None}, before="investigation_report"
    ),
    "within_the_ceiling": both(
        said("prior_notice", fine_fen=100_000_01), said("decide_penalty", fine_fen=100_000_01)
    ),
    "person_not_fined": said("open_case", party={**PARTY, "kind": "person"}),
    "not_more_than_told": said("prior_notice", fine_fen=59_999_99),
    "fine_named_as_penalty": said("decide_penalty", kinds=["warning"]),
    "discretion_reasoned": said("decide_penalty", discretion=" "),
    "benchmark_kept": benchmark,
    "paid_at_the_bank": said("pay", slip=""),
    "overpaid_goes_back": revoked_before_the_archive,
    "facts_as_told": more(
        "investigation_report",
        d(5, 8),
        FIRST,
        {"violations": [VIOLATION], "officers": OFFICERS},
        before="legal_review",
        approve=[HEAD],
        papers=["investigation_report"],
    ),
    "kinds_as_told": said("prior_notice", kinds=["fine"]),
    "grounds_as_told": said("decide_penalty", serious_ground="harmful"),
    "violations_named": said("investigation_report", violations=[{**VIOLATION, "what": ""}]),
    "within_two_years": long_ago,
    "evidence_named": said("decide_penalty", evidence=""),
    "minor_was_corrected": no_penalty(corrected=False),
    "taught_where_not_punished": no_penalty(education=""),
    "circular_allowed": circular_for_late_filing,
    "reminded_before_refusal": said(
        "investigation_report", violations=[{**VIOLATION, "code": "V2"}]
    ),
    "asked_before_unanswered": said(
        "investigation_report", violations=[{**VIOLATION, "code": "V5"}]
    ),
    "papers_made": no_sheet("legal_review"),
    "service_proved": said("serve", signer=""),
    "service_seen_by_receipt": no_sheet("service_receipt"),
    "spot_decision_signed": lambda _f: good.recorded(spot_closed(signed=False), today=d(3, 20)),
    "withdrawn_not_used": notice_withdrawn,
    "closed_with_reason": left_out("pay"),
    "shown_after_a_decision": left_out("decide_penalty"),
    "shown_with_approval": left_out("approve_publication"),
    "shown_as_decided": shown(fields={"fine_fen": 70_000_00}),
    "nothing_personal_shown": shown(fields={"facts": "联系人电话１３８ １２３４ ５６７８。"}),
    "nothing_of_a_tip_shown": shown(fields={"facts": "经群众举报查明。"}),
    "shown_in_time": on_day(d(6, 30), lambda f: good.moved(f, "publish", d(6, 2))),
    "shown_no_longer_than": shown(until=date(2028, 5, 14)),
    "fallen_withdrawn": on_day(d(7, 10), revoked),
    "dishonest_after_hearing": listed,
    "dishonest_firms_only": both(said("open_case", party={**PARTY, "kind": "institution"}), listed),
    "words_after_the_decision": more(
        "circulate", d(5, 15), FIRST, {"text": "…"}, before="publish", approve=[LEADER]
    ),
    "body_has_the_power": said("propose_discipline", body="丰都县监察委员会"),
    "public_employees_only": said("propose_discipline", public_employee="no"),
    "proposed_after_the_facts": until(
        "investigation_report", lambda f: good.propose(f, "李某", "appointing", "某镇政府", 1)
    ),
    "proposals_sent": left_out("send_discipline", "discipline_reply"),
    "proposals_served": lambda f: unserve(f, "discipline_cover"),
    "replies_awaited": on_day(date(2027, 1, 4), left_out("discipline_reply")),
    "crime_referred_with_letter": more(
        "send_prosecution", d(6, 1), FIRST, {"target": "police", "body": "文化局"}, "close"
    ),
    "ours_to_handle": lambda f: good.recorded(f, not_ours=(PARTY["name"],)),
}


def test_every_rule_has_a_way_to_be_broken() -> None:
    attacked: set[str] = set().union(*(wanted for _attack, wanted in ATTACKS.values()))
    assert attacked | set(SPOILS) == {r.id for r in rule.rules() if "case" in r.of}


@pytest.mark.parametrize("name", SPOILS)
def test_a_rule_turns_red_when_it_is_broken(name: str) -> None:
    f = good.built()
    record = SPOILS[name](f)
    assert name in good.red(record if isinstance(record, Record) else good.recorded(f))


@pytest.mark.parametrize(
    "name",
    ["丰都县教育局", "丰都县发展和改革委员会（本级）", "三合街道办事处", "丰都县兴隆镇人民政府"],
)
def test_an_organ_is_told_by_its_name(name: str) -> None:
    f = good.built()
    good.change(f, "open_case", party={**PARTY, "name": name, "kind": "organisation"})
    assert "organ_not_fined" in good.red(good.recorded(f))
    answer = {"name": name, "organ": "no", "reason": "社会团体法人登记证书。"}
    good.before(f, "prior_notice", lambda m: m.add("confirm_body", d(4, 2), FIRST, answer))
    assert "organ_not_fined" not in good.red(good.recorded(f))


@pytest.mark.parametrize("name", ["丰都县某某村村民委员会", "重庆邮政局酒店有限公司"])
def test_who_is_no_organ_may_be_fined(name: str) -> None:
    f = good.built()
    good.change(f, "open_case", party={**PARTY, "name": name, "kind": "organisation"})
    assert "organ_not_fined" not in good.red(good.recorded(f))


def test_what_no_rule_can_make_sense_of_is_a_fault() -> None:
    """A table of figures that is none, officers that are no numbers."""
    f = good.built()
    good.change(f, "interview", officers=["甲"])
    assert {"two_officers", "cards_valid", "officers_assigned"} <= good.red(good.recorded(f))


# -- what looks like a fault and is none
def test_a_proposal_sent_after_the_case_was_closed_may_arrive_after_it_was_archived() -> None:
    f = good.built()
    good.before(f, "archive", sent_late)
    assert "proposals_served" not in good.red(good.recorded(f))


def sent_late(f: File) -> None:
    words = {"contact": "向东平"}
    f.add(
        "send_discipline",
        d(6, 15),
        FIRST,
        words,
        approve=[LEADER],
        track="discipline-9",
        papers=["discipline_cover"],
    )


def late_word(f: File) -> None:
    """The party speaks a week after its days; nobody has to review it."""
    small(f)
    f.add("defence_waived", d(4, 13), FIRST, {"note": ""})
    f.add(
        "defence_heard",
        d(4, 20),
        FIRST,
        {"officers": OFFICERS, "opinion": "不服。"},
        papers=["defence_record"],
    )
    words = good.told(fine_fen=10_000_00, defence="当事人未提出陈述申辩。")
    f.add("decide_penalty", d(4, 21), FIRST, words, approve=[LEADER], papers=["decision"])
    f.serve("decision", d(4, 21))


def told_anew_with_less(f: File) -> None:
    """Asked for a hearing; told anew below the sum that opens one."""
    stopped_at(f, "defence_heard")
    f.add(
        "prior_notice_again",
        d(4, 13),
        FIRST,
        good.told(fine_fen=40_000_00),
        approve=[LEADER],
        papers=["prior_notice"],
    )
    f.serve("prior_notice", d(4, 13))
    f.add(
        "hearing_refuse",
        d(4, 20),
        FIRST,
        {"ground": "not_entitled", "reason": "未达标准。"},
        approve=[LEADER],
    )
    f.add(
        "decide_penalty",
        d(4, 21),
        FIRST,
        good.told(fine_fen=40_000_00),
        approve=[LEADER],
        papers=["decision"],
    )
    f.serve("decision", d(4, 21))


def fell_after_the_archive(f: File) -> None:
    """A court sets the decision aside years later: the money is owed back, and the file was right
    when it was put away."""
    opened = [{"do": "open", "track": "remedy", "label": "remedy-1"}]
    f.add("remedy_start", d(6, 23), CLERK, {"kind": "suit"}, track="remedy-1", effects=opened)
    f.add(
        "remedy_end", d(6, 24), FIRST, {"result": "set_aside"}, approve=[LEADER], track="remedy-1"
    )


def interference_beside_it(f: File) -> None:
    """What the party refused, and what somebody ordered: one is punished, the other ends
    otherwise."""
    ordered = {**VIOLATION, "code": "L3", "what": "授意少报"}
    good.change(f, "investigation_report", violations=[VIOLATION, ordered])


def shown_again_after_a_change(f: File) -> None:
    """The sum was changed on reconsideration: shown within seven working days of that."""
    opened = [{"do": "open", "track": "remedy", "label": "remedy-1"}]
    good.without(f, "publish", "pay", "close", "archive")
    f.add(
        "remedy_start",
        d(6, 1),
        CLERK,
        {"kind": "reconsideration"},
        track="remedy-1",
        effects=opened,
    )
    changed = {"result": "changed", "fine_fen": good.FINE}
    f.add("remedy_end", d(6, 22), FIRST, changed, approve=[LEADER], track="remedy-1")
    f.add("publish", d(6, 25), PUBLISHER, {"note": ""}, track="publication-1")


def paid_late_after_suit_and_appeal(f: File) -> None:
    """Eight days late, then a suit and an appeal: nothing is added from the suit to the end of the
    appeal, nor between them, while the judgment is not in force (行政处罚法 §73; 行政诉讼法
    §85)."""
    opened = [[{"do": "open", "track": "remedy", "label": f"remedy-{n}"}] for n in (1, 2)]
    stopped_at(f, "pay")
    f.add("remedy_start", d(6, 11), CLERK, {"kind": "suit"}, track="remedy-1", effects=opened[0])
    f.add(
        "remedy_end",
        d(6, 15),
        FIRST,
        {"kind": "suit", "result": "upheld"},
        approve=[LEADER],
        track="remedy-1",
    )
    f.add("remedy_start", d(6, 22), CLERK, {"kind": "appeal"}, track="remedy-2", effects=opened[1])
    f.add(
        "remedy_end",
        d(6, 24),
        FIRST,
        {"kind": "appeal", "result": "dismissed"},
        approve=[LEADER],
        track="remedy-2",
    )
    paid = {"paid_fen": good.FINE * 124 // 100, "paid_on": "2026-06-24", "slip": "1"}
    f.add(
        "pay",
        d(6, 24),
        CLERK,
        paid,
        track="execution-1",
        effects=[{"do": "end", "track": "execution-1"}],
    )


def two_sheets_in_one_envelope(f: File) -> None:
    """The envelope came back: what failed for one sheet failed for the other that lay in it (民事诉
    讼法 §95)."""
    small(f)
    notice, other = (
        next(s.id for s in f.sheets if s.kind == kind)
        for kind in ("prior_notice", "inspection_notice")
    )
    f.add("serve_failed", d(4, 8), FIRST, {"paper": other, "reason": "退回"})
    f.add(
        "serve_public",
        d(4, 9),
        FIRST,
        {"paper": notice, "where": "网站", "reason": "下落不明"},
        approve=[LEADER],
    )


ALLOWED = (
    late_word,
    told_anew_with_less,
    fell_after_the_archive,
    interference_beside_it,
    shown_again_after_a_change,
    paid_late_after_suit_and_appeal,
    two_sheets_in_one_envelope,
)


@pytest.mark.parametrize("lawful", ALLOWED)
def test_what_the_law_allows_is_no_fault(lawful: Spoil) -> None:
    f = good.built()
    lawful(f)
    early = (late_word, told_anew_with_less, two_sheets_in_one_envelope)
    today = d(4, 22) if lawful in early else d(6, 25)
    assert good.red(good.recorded(f, today=today)) == set()


@pytest.mark.parametrize(
    ("kind", "body", "post"),
    [
        ("supervision", "丰都县监委", "镇长"),  # how people write it
        ("party", "丰都县纪委监委", "镇长"),
        ("appointing", "丰都县公安局", "丰都县公安局统计工作负责人"),  # the unit of its own people
    ],
)
def test_a_body_that_can_impose_it_is_no_fault(kind: str, body: str, post: str) -> None:
    f = good.built()
    good.change(f, "propose_discipline", body_kind=kind, body=body, person_post=post)
    assert "body_has_the_power" not in good.red(good.recorded(f))


# -- a receipt that nobody signs is proved by what the post or the record says (民事诉讼法 §§90–91)
SLIP: dict[str, Any] = {"title": "妥投查询单.png", "sha256": "0" * 64, "sm3": "0" * 64}


def by_mail(f: File, *files: dict[str, Any], **words: Any) -> None:
    """The decision went by mail; its receipt never came back signed."""
    served = seq(f, "serve", 3)
    mailed = {"method": "mail", "tracking_no": "EMS1", **words}
    f.entries = [
        replace(e, words={**e.words, **mailed}, files=files) if e.seq == served else e
        for e in f.entries
    ]
    f.sheets = [replace(s, signed=False) if s.seq == served else s for s in f.sheets]


def receipt(f: File) -> int:
    return next(s.id for s in f.sheets if s.kind == "service_receipt" and not s.signed)


def test_a_slip_that_came_with_the_service_proves_it() -> None:
    f = good.built()
    by_mail(f, SLIP)
    assert "sheets_signed" not in good.red(good.recorded(f))


def test_so_does_one_that_came_later() -> None:
    f = good.built()
    by_mail(f)
    proof = {"paper": receipt(f)}
    good.before(f, "close", lambda m: m.add("service_proof", d(6, 5), CLERK, proof, files=[SLIP]))
    assert "sheets_signed" not in good.red(good.recorded(f))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], {}),  # no slip
        ([{**SLIP, "unbound": True}], {}),  # one that nobody can read
        ([SLIP], {"method": "direct"}),  # signed for by hand: the signature is the proof
    ],
)
def test_without_its_proof_a_receipt_is_a_fault(
    files: list[dict[str, Any]], words: dict[str, Any]
) -> None:
    f = good.built()
    by_mail(f, *files, **words)
    assert "sheets_signed" in good.red(good.recorded(f))


def corrected_opening(day: str) -> File:
    """The case began on another day than was entered; its head approved that."""
    f = good.built()
    f.add(
        "correct_act",
        d(6, 24),
        FIRST,
        {"act": 1, "fields": {}, "corrected_on": day},
        approve=[HEAD],
    )
    return f


def test_a_case_may_have_begun_before_the_day_that_was_entered() -> None:
    assert "days_possible" not in good.red(good.recorded(corrected_opening("2026-02-25")))


def test_nothing_lies_before_the_day_on_which_it_really_began() -> None:
    f = corrected_opening("2026-02-25")
    f.add(
        "correct_act",
        d(6, 25),
        FIRST,
        {"act": 2, "fields": {}, "corrected_on": "2026-02-24"},
        approve=[HEAD],
    )
    assert "days_possible" in good.red(good.recorded(f))
