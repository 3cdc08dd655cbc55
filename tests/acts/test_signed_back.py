"""A case is closed on sheets that were signed and came back, or on a reason why one of them did
not; and put away bound."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from casework.acts.errors import NotAllowed, Refused
from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.archive import scans
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau, Person
from casework.procedure.checks.signed import unsigned
from casework.procedure.load import procedure
from casework.procedure.retention import pages_of
from casework.store import db, writing
from casework.upkeep import road
from casework.upkeep.scenes import Ground
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import FIRM, case_of, drive, facts_of, refused
from tests.support.acts import SPOT

CLOSE = {"result": "撤销立案。", "execution": "无。", "publication": ""}
PUT_AWAY = {"term": "30", "shelf": "2026-1-9"}
MUST = {
    "on_site_record",
    "interview",
    "obstruction",
    "preserve_list",
    "defence_record",
    "hearing_record",
    "panel_record",
    "service_receipt",
    "agreement",
}


@pytest.fixture
def ended(team: Team, bureau: Bureau) -> Walk:
    """An inspection with its records, then nothing came of it: to be closed."""
    case = Ground(bureau, team, dict(FIRM), road.later(today() - timedelta(90), 0)).case(
        "interview"
    )
    case.take("withdraw_filing", {"reason": "未发现违法事实。"})
    return case


def test_records_receipts_hearings_and_panels_are_signed_on_paper_and_approvals_are_not() -> None:
    asked = {p.id for p in procedure().papers.values() if p.signed}
    assert asked == MUST
    assert not any(p.signed for p in procedure().papers.values() if p.id.endswith("_approval"))


def test_a_decision_on_the_spot_comes_back_signed_and_one_by_the_long_road_does_not(
    team: Team, bureau: Bureau
) -> None:
    """行政处罚法 §52: the officers sign it, and the party for its receipt, or its refusal is
    noted."""
    short = drive(case_of(team, bureau), "figures")
    short.take("on_the_spot", SPOT)
    assert [p.kind for p in unsigned(facts_of(short))] == ["decision"]
    short.scan_of(unsigned(facts_of(short))[0].id)
    assert unsigned(facts_of(short)) == []
    decided = drive(case_of(team, bureau, {**FIRM, "name": "重庆渝丰粮油有限公司"}), "decide")
    assert "decision" not in {p.kind for p in unsigned(facts_of(decided))}


def test_a_case_is_not_closed_on_sheets_that_nobody_signed(ended: Walk) -> None:
    with pytest.raises(Refused) as error:
        ended.take("close", CLOSE)
    assert refused(error) == {"signed_papers_back"}
    named = error.value.refusals[0].values["paper"]
    assert all(name in named for name in ("现场检查笔录", "询问笔录", "送达回证"))
    assert "审批表" not in named
    ended.scanned().take("close", CLOSE)
    assert facts_of(ended).stage == "closed"


def test_a_scan_that_lacks_a_page_is_no_signed_sheet(ended: Walk, app: Flask) -> None:
    """Every page is signed: one of two is not enough, and the newest scan counts."""
    ended.scanned(but=("interview",))
    paper, clerk = ended.paper("interview"), db.session.get_one(Person, ended.team.clerk)
    store, paper_id, clerk_id = app.extensions["sealed_store"], paper.id, clerk.id
    assert scans.length(store, paper) == 2
    with writing() as session:
        held = session.get_one(Paper, paper_id)
        scans.attach(
            session, store, held, store.read(held.stored), 1, session.get_one(Person, clerk_id)
        )
    with pytest.raises(Refused) as error:
        ended.take("close", CLOSE)
    assert error.value.refusals[0].values["paper"] == "询问笔录"
    ended.scan_of(paper_id)
    ended.take("close", CLOSE)


def test_one_sheet_is_enough_to_refuse_and_a_withdrawn_one_is_not_asked_for(ended: Walk) -> None:
    ended.scanned(but=("interview",))
    with pytest.raises(Refused) as error:
        ended.take("close", CLOSE)
    assert error.value.refusals[0].values["paper"] == "询问笔录"
    db.session.execute(
        Paper.__table__.update().where(Paper.kind == "interview").values(state="withdrawn")
    )
    db.session.commit()
    ended.take("close", CLOSE)


def without_copy(walk: Walk, kind: str, why: str, **more: str) -> dict[str, object]:
    return {
        "paper": walk.paper(kind).id,
        "why_unsigned": why,
        "witness": "",
        "reason": "现场送检时遗失，查找未果。",
        **more,
    }


def test_a_refusal_to_sign_is_lawful_with_its_witness_and_is_judged_by_nobody_of_the_case(
    ended: Walk,
) -> None:
    ended.scanned(but=("interview",))
    told = without_copy(ended, "interview", "refused")
    with pytest.raises(Refused) as error:
        ended.take("no_signed_copy", told)
    assert refused(error) == {"absence_proved"}
    whole = {**told, "witness": "社区干部吴某，执法记录仪02号"}
    officer = Intent(
        ended.docket_id, "no_signed_copy", ended.team.officers[0], ended.day, "main", "take", whole
    )
    with pytest.raises(NotAllowed):
        perform(officer, ended.now)
    ended.take("no_signed_copy", whole)
    ended.take("close", CLOSE)
    assert facts_of(ended).stage == "closed"


def test_a_lost_sheet_is_explained_and_only_a_sheet_that_is_missing(ended: Walk) -> None:
    ended.scanned(but=("on_site_record",))
    with pytest.raises(Refused) as error:
        ended.take("no_signed_copy", without_copy(ended, "interview", "lost"))
    assert refused(error) == {"paper_lacks_copy"}
    ended.take("no_signed_copy", without_copy(ended, "on_site_record", "lost"))
    with pytest.raises(Refused) as error:
        ended.take("no_signed_copy", without_copy(ended, "on_site_record", "lost"))
    assert refused(error) == {"signed_copy_missing"}  # nothing is missing any more
    ended.take("close", CLOSE)


def test_who_explains_does_not_approve_and_one_word_is_no_reason(ended: Walk) -> None:
    """Head or reviewer says why, the leader approves: nobody alone closes a case on no signed sheet
    at all."""
    assert procedure().steps["no_signed_copy"].approvals == ("leader",)
    lost = without_copy(ended, "interview", "lost")
    by_head = Intent(
        ended.docket_id, "no_signed_copy", ended.team.head, ended.day, "main", "take", lost
    )
    perform(by_head, ended.now)
    # it waits for the leader
    assert ended.paper("interview").id in {p.id for p in unsigned(facts_of(ended))}
    perform(
        replace(by_head, actor_id=ended.team.leader, verb="approve", answers={"opinion": "同意。"}),
        ended.now,
    )
    assert ended.paper("interview").id not in {p.id for p in unsigned(facts_of(ended))}
    for word in ("x", "无", "略", "同上", "test", "无无无无", "……"):
        with pytest.raises(Refused) as error:
            ended.propose(
                "no_signed_copy", {**without_copy(ended, "on_site_record", "lost"), "reason": word}
            )
        assert refused(error) == {"says_something"}


def receipt(walk: Walk) -> int:
    return walk.paper("service_receipt").id


def test_nobody_refused_to_sign_for_a_paper_that_somebody_took(ended: Walk) -> None:
    """The service names who signed; a paper that was left behind is another matter (民诉法 §89)."""
    told = {**without_copy(ended, "service_receipt", "refused"), "witness": "社区干部吴某"}
    with pytest.raises(Refused) as error:
        ended.propose("no_signed_copy", told)
    assert refused(error) == {"absence_proved"}
    ended.take("no_signed_copy", {**told, "why_unsigned": "lost"})


def served_by(team: Team, bureau: Bureau, method: str, **more: str) -> Walk:
    """A notice of inspection that came by another way."""
    case = Ground(bureau, team, dict(FIRM), road.later(today() - timedelta(90), 0)).case(
        "prior_notice"
    )
    asked = {
        "paper": case.paper("prior_notice").id,
        "method": method,
        "place": "当事人住所",
        **more,
    }
    case.take("serve", asked)
    return case


def test_a_paper_left_behind_may_lack_the_receivers_signature(team: Team, bureau: Bureau) -> None:
    case = served_by(team, bureau, "left", refused_reason="拒收", witness="社区干部吴某")
    case.take(
        "no_signed_copy",
        {**without_copy(case, "service_receipt", "refused"), "witness": "社区干部吴某，执法记录仪"},
    )
    assert receipt(case) not in {p.id for p in unsigned(facts_of(case))}


@pytest.mark.parametrize(
    ("method", "more"), [("mail", {"tracking_no": "EMS1"}), ("electronic", {"consent": "确认书"})]
)
def test_a_service_that_nobody_signs_for_is_proved_by_its_slip(
    team: Team, bureau: Bureau, method: str, more: Any
) -> None:
    """民诉法 §§90–91: the slip or the record of arrival, not a receipt that the receiver never
    saw."""
    case = served_by(team, bureau, method, **more)
    asked = {"paper": receipt(case), "note": "邮件回执载明收件日期。"}
    assert receipt(case) in {p.id for p in unsigned(facts_of(case))}
    with pytest.raises(Refused) as error:
        case.take("service_proof", asked)
    assert refused(error) == {"service_proof_given"}
    case.brings("回执.pdf", one_page()).take("service_proof", asked)
    assert receipt(case) not in {p.id for p in unsigned(facts_of(case))}


def test_the_slip_may_come_with_the_service_itself(team: Team, bureau: Bureau) -> None:
    case = Ground(bureau, team, dict(FIRM), road.later(today() - timedelta(90), 0)).case(
        "prior_notice"
    )
    asked = {
        "paper": case.paper("prior_notice").id,
        "method": "mail",
        "tracking_no": "EMS1",
        "place": "当事人住所",
    }
    case.brings("回执.pdf", one_page()).take("serve", asked)
    assert receipt(case) not in {p.id for p in unsigned(facts_of(case))}
    with pytest.raises(Refused) as error:
        case.take("service_proof", {"paper": receipt(case), "note": "x"})
    assert "service_proof_wanting" in refused(error)


def test_the_proof_stays_when_the_day_of_the_service_is_set_right(
    team: Team, bureau: Bureau
) -> None:
    case = served_by(team, bureau, "mail", tracking_no="EMS1")
    served = facts_of(case).last("serve")
    case.brings("回执.pdf", one_page()).take(
        "service_proof", {"paper": receipt(case), "note": "邮件回执。"}
    )
    day = road.later(case.day, 1)
    wrong = {"act": served.seq, "corrected_on": day.isoformat(), "was_on": case.day.isoformat()}  # type: ignore[union-attr]
    case.at(road.later(day, 1)).take(
        "correct_service", {**wrong, "proof": "邮件回执", "reason": "登记为交邮日期。"}
    )
    assert receipt(case) not in {p.id for p in unsigned(facts_of(case))}


def test_a_direct_service_is_proved_by_the_signature_alone(ended: Walk) -> None:
    with pytest.raises(Refused) as error:
        ended.brings("回执.pdf", one_page()).take(
            "service_proof", {"paper": receipt(ended), "note": "x"}
        )
    assert "service_proof_wanting" in refused(error)


def one_page() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(out)
    return out.getvalue()


def test_who_explains_is_no_officer_of_the_case(ended: Walk) -> None:
    facts = facts_of(ended)
    assert not facts.investigators & {ended.team.head, ended.team.legal}
    assert "reviewer_not_of_the_case" in procedure().steps["no_signed_copy"].needs


def test_a_case_is_put_away_bound_and_its_pages_are_counted(ended: Walk) -> None:
    ended.scanned().take("close", CLOSE)
    ended.at(road.later(ended.day, 5))
    with pytest.raises(Refused) as error:
        ended.take("archive", PUT_AWAY)
    assert refused(error) == {"file_bound"}
    ended.bound()
    counted = facts_of(ended).bound
    assert counted is not None
    assert counted.pages > 10
    ended.take("archive", {**PUT_AWAY, "pages": 999})  # whatever anybody types
    assert pages_of(facts_of(ended)) == counted.pages


def test_what_came_after_the_binding_is_bound_before_it_is_put_away(ended: Walk) -> None:
    ended.scanned().take("close", CLOSE)
    ended.bound()
    paper = db.session.scalars(
        select(Paper).where(Paper.docket_id == ended.docket_id, Paper.kind == "interview")
    ).one()
    ended.scan_of(paper.id)  # a better scan came back
    with pytest.raises(Refused) as error:
        ended.take("archive", PUT_AWAY)
    assert refused(error) == {"file_bound"}
    ended.bound().take("archive", PUT_AWAY)
    assert facts_of(ended).stage == "archived"
