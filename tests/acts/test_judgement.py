"""Whoever judges a proposal adds words, and nothing but words: journalled, shown and printed apart
from what was proposed."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from flask import Flask

from casework.acts.intent import Intent
from casework.acts.perform import perform
from casework.acts.preview import preview
from casework.desk.journal_kinds import JUDGED
from casework.docket import journal
from casework.docket.models import Docket
from casework.people.models import Bureau
from casework.procedure.facts import ActFacts
from casework.procedure.payload import Payload
from casework.store import db
from casework.upkeep import road
from casework.upkeep.walk import Team, Walk
from casework.vault.sealing import vault
from tests.acts.roads import END, FIRM, facts_of, tip
from tests.conftest import need

CLERK, HEAD, LEADER = "属本局管辖，建议受理。", "拟同意受理，请江局审定。", "同意受理，限期核查。"


def judge(walk: Walk, step: str, who: int, verb: str = "approve", **words: object) -> None:
    perform(Intent(walk.docket_id, step, who, walk.day, _track(walk), verb, words), walk.now)


def _track(walk: Walk) -> str:
    return facts_of(walk).proposals[0].track


def accepted(team: Team, bureau: Bureau) -> Walk:
    """A tip that the clerk proposed to accept and the head accepted, each in words of their own."""
    walk = tip(team, bureau)
    walk.propose("accept", {"respondents": [FIRM], "cause": "案由", "opinion": CLERK}, "report")
    judge(walk, "accept", team.head, opinion=HEAD)
    return walk


def entries(walk: Walk, verbs: Sequence[str] = tuple(JUDGED)) -> list[ActFacts]:
    return [a for a in facts_of(walk).acts if a.verb in verbs]


def words_of(app: Flask, walk: Walk, kind: str, folder: Path) -> str:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    (folder / "p.pdf").write_bytes(app.extensions["sealed_store"].read(walk.paper(kind).stored))
    return read(folder / "p.pdf")


def read(file: Path) -> str:
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True
    ).stdout
    return "".join(text.split())


def test_the_journal_holds_both_and_each_alone(team: Team, bureau: Bureau) -> None:
    walk = accepted(team, bureau)
    docket = db.session.get_one(Docket, walk.docket_id)
    proposed, done = [
        r.payload
        for r in journal.read_entries(db.session(), vault(), docket)
        if r.act.verb in JUDGED
    ]
    assert proposed.answers["opinion"] == CLERK
    assert done == Payload(said={"opinion": HEAD}, proposal=done.proposal, papers=done.papers)
    assert not list(journal.verify_chains(db.session(), vault()))


def test_facts_tell_them_apart(team: Team, bureau: Bureau) -> None:
    proposed, done = entries(accepted(team, bureau))
    assert (proposed.asked["opinion"], proposed.said) == (CLERK, {})
    assert (done.asked["opinion"], done.said) == (CLERK, {"opinion": HEAD})
    assert facts_of(accepted(team, bureau)).value("opinion") == CLERK


def test_the_sheet_has_a_box_for_each(
    team: Team, bureau: Bureau, app: Flask, tmp_path: Path
) -> None:
    text = words_of(app, accepted(team, bureau), "acceptance_approval", tmp_path)
    assert re.search(rf"审查意见.*{CLERK}|{CLERK}.*审查意见", text)
    assert text.count(CLERK) == text.count(HEAD) == 1
    assert text.index(CLERK) < text.index(HEAD)


def test_the_filing_sheet_has_the_leaders_words_only_once_they_were_said(
    case_at_report: Walk, team: Team, app: Flask, tmp_path: Path
) -> None:
    """What was proposed and approved earlier in the case does not stand in for the leader's opinion
    (立案审批表)."""
    case = case_at_report
    draft = preview(
        Intent(case.docket_id, "file", team.officers[0], case.day, "main", "take", road.filing(END))
    )
    assert draft
    (tmp_path / "d.pdf").write_bytes(draft)
    assert "同意。" not in read(tmp_path / "d.pdf")
    case.propose("file", road.filing(END))
    judge(case, "file", team.leader, opinion=LEADER)
    text = words_of(app, case, "filing_approval", tmp_path)
    assert LEADER in text
    assert "建议立案。" in text
    leader = facts_of(case).people[team.leader].name
    assert f"{leader}{case.day.year}年{case.day.month}月{case.day.day}日" in text


@pytest.mark.parametrize("words", [{"opinion": "请补充证据。"}, {"opinion": "否", "refused": True}])
def test_a_no_keeps_its_words_too(team: Team, bureau: Bureau, words: dict[str, object]) -> None:
    walk = tip(team, bureau)
    walk.propose("accept", {"respondents": [FIRM], "cause": "案由", "opinion": CLERK}, "report")
    judge(walk, "accept", team.head, "return", **words)
    assert entries(walk)[-1].said == words


def test_who_judges_changes_nothing_of_what_was_proposed(
    case_at_conclude: Walk, team: Team
) -> None:
    case = case_at_conclude
    notice = {
        "kinds": ["warning", "fine"],
        "fine_fen": 100_000,
        "serious_ground": "",
        "evidence": "笔录",
        "discretion": "一般",
    }
    case.propose("prior_notice", notice)
    with pytest.raises(ValueError, match="fine_fen"):
        judge(case, "prior_notice", team.leader, opinion="同意", fine_fen=9_000_000)
    judge(case, "prior_notice", team.leader, opinion="同意")
    assert facts_of(case).proposed_fine.fen == 100_000


def test_a_corrected_approval_keeps_both(case_at_file: Walk) -> None:
    """更正 lays fields over what took effect; the words of whoever approved stay."""
    case = case_at_file
    case.take("suspend", {"reason": "等待鉴定"})
    suspended = next(facts_of(case).done("suspend"))
    case.take(
        "correct_act",
        {"act": suspended.seq, "fields": {"reason": "等待检验"}, "reason": "录入有误"},
    )
    after = next(facts_of(case).done("suspend"))
    assert (after.asked["reason"], after.said) == ("等待检验", {"opinion": "同意。"})
