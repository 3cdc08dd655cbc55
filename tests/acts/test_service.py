"""Every way of service (民事诉讼法 §§87–95): its proof, its day, and the clocks that run from that
day."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from casework.acts.errors import Refused
from casework.procedure.checks.service import PROOFS
from casework.upkeep.tick import tick
from casework.upkeep.walk import Walk
from forms.service import METHODS
from tests.acts.roads import facts_of, refused
from tests.conftest import need

PROOF = {
    "signer": "收发室王某",
    "witness": "社区李某、录像03",
    "refused_reason": "拒绝签收",
    "tracking_no": "EMS123",
    "consent": "2025-1",
}
PRINTED = {
    "direct": "直接送达",
    "left": "留置送达",
    "mail": "邮寄送达",
    "electronic": "电子送达",
    "entrusted": "委托送达",
    "forwarded": "转交送达",
}


@pytest.fixture
def case(large_case_at_prior_notice: Walk) -> Walk:
    """With a prior notice that waits for service."""
    return large_case_at_prior_notice


def asked(case: Walk, kind: str, method: str, **proof: str) -> dict[str, object]:
    return {"paper": case.paper(kind).id, "method": method, "place": "当事人住所", **proof}


def test_every_method_of_the_form_has_its_proof_and_its_word() -> None:
    assert {m for m, _ in METHODS} == set(PROOFS) == set(PRINTED)


@pytest.mark.parametrize("method", PROOFS)
def test_a_method_without_its_proof_is_refused(case: Walk, method: str) -> None:
    for missing in PROOFS[method]:
        others = {p: words for p, words in PROOF.items() if p != missing}
        with pytest.raises(Refused) as error:
            case.take("serve", asked(case, "prior_notice", method, **others))
        assert refused(error) == {"method_proved"}


@pytest.mark.parametrize("method", PROOFS)
def test_the_day_of_service_starts_the_clocks_and_the_receipt_names_the_method(
    app: Flask, case: Walk, method: str, tmp_path: Path
) -> None:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    day = case.day
    case.at(day + timedelta(4))  # entered four days after it happened
    proof = {p: PROOF[p] for p in PROOFS[method]}
    case.take("serve", asked(case, "prior_notice", method, **proof), on=day + timedelta(1))
    facts = facts_of(case)
    served = facts.served("prior_notice")
    assert served is not None
    assert served.served is not None
    assert (served.served.on, served.served.method) == (day + timedelta(1), method)
    assert {
        c.rule: c.start for c in facts.clocks if c.rule in ("defence", "hearing_request")
    } == dict.fromkeys(("defence", "hearing_request"), day + timedelta(1))
    (tmp_path / "r.pdf").write_bytes(
        app.extensions["sealed_store"].read(case.paper("service_receipt").stored)
    )
    text = subprocess.run(
        ["pdftotext", tmp_path / "r.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    assert PRINTED[method] in text
    assert (PROOF["refused_reason"] in text) == (method == "left")


def test_a_served_decision_starts_payment_reconsideration_and_suit(case_at_served: Walk) -> None:
    case = case_at_served
    day = facts_of(case).served("decision").served.on  # type: ignore[union-attr]
    starts = {
        c.rule: c.start for c in facts_of(case).clocks if c.rule in ("pay", "reconsider", "suit")
    }
    assert starts == dict.fromkeys(("pay", "reconsider", "suit"), day)


def test_nothing_is_served_before_it_was_made_or_twice(case: Walk) -> None:
    with pytest.raises(Refused) as error:
        case.take(
            "serve", asked(case, "prior_notice", "direct", **PROOF), on=case.day - timedelta(1)
        )
    assert refused(error) & {"service_after_issue", "day_before_stage"}
    case.serve("prior_notice")
    with pytest.raises(Refused) as error:
        case.serve("prior_notice")
    assert refused(error) & {"paper_unserved", "something_to_serve"}


def test_public_notice_runs_thirty_days_and_only_then_the_defence(case: Walk) -> None:
    case.take(
        "serve_failed", {"paper": case.paper("prior_notice").id, "method": "mail", "reason": "退回"}
    )
    case.take(
        "serve_public",
        {"paper": case.paper("prior_notice").id, "where": "县政府网站", "reason": "下落不明"},
    )
    began: date = case.day
    clock = facts_of(case).clock("public_notice")
    assert clock is not None
    assert clock.due - began == timedelta(30)
    assert facts_of(case).clock("defence") is None
    case.at(clock.due + timedelta(5))
    tick(case.now)
    defence = facts_of(case).clock("defence")
    assert defence is not None
    assert defence.start == clock.due + timedelta(1)
