"""The scenes of the demonstration bureau: together they leave nothing of the procedure out, and
every paper is sound."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.acts.facts import gather
from casework.docket import cache
from casework.docket.models import FAR, Act, Clock, Docket, Fine, Track
from casework.papers.models import Paper
from casework.people.may import today
from casework.people.models import Bureau
from casework.procedure.facts import CORRECTIONS
from casework.procedure.fines import account
from casework.procedure.load import procedure
from casework.store import db
from casework.upkeep import road
from casework.upkeep.scenes import SCENES, Ground, judged_late_and_answered, named_informant
from casework.upkeep.tick import tick
from casework.upkeep.walk import Team
from casework.vault.sealing import vault
from forms.registry import form_class
from tests.acts.roads import FIRM
from tests.acts.whole import all_hold
from tests.conftest import need
from tests.desk.test_summary import LABELS, summary_of

# collected here: the documents that the scenes print
from tests.letters.documents import (
    documents,  # noqa: F401
    test_every_document_has_what_the_law_asks_of_it,  # noqa: F401
    test_every_document_is_a_sound_file,  # noqa: F401
    test_every_document_keeps_the_rules_of_pdf_a,  # noqa: F401
    test_every_page_looks_as_it_did_when_it_was_reviewed,  # noqa: F401
    test_every_paper_of_the_procedure_has_a_sample,  # noqa: F401
    test_names_read_back_as_they_are_written,  # noqa: F401
)
from tests.reading.over_scenes import only_what_was_let_pass
from tests.support import words
from tests.support.desk import SignIn
from tests.support.told import missing
from tests.upkeep.journal_words import no_name_and_no_free_text
from tests.upkeep.on_pages import OnPages

pytestmark = pytest.mark.long


@pytest.fixture
def played(team: Team, bureau: Bureau, app: Flask) -> OnPages:
    """All scenes, each about a firm of its own; the first of each step on its page."""
    hands = OnPages(app)
    with pytest.MonkeyPatch.context() as patch:
        hands.into(patch)
        _play(team, bureau)
    tick()
    return hands


def _play(team: Team, bureau: Bureau) -> None:
    for number, (days, play) in enumerate(
        [*SCENES, (150, named_informant), (60, judged_late_and_answered)]
    ):
        party = {**FIRM, "name": f"重庆第{number}号测试有限公司"}
        play(Ground(bureau, team, party, road.later(today() - timedelta(days), 0)))


def test_nothing_of_the_procedure_is_left_out(
    played: OnPages, app: Flask, sign_in: SignIn, tmp_path: Path
) -> None:
    """One fixture, several looks at it: playing everything takes a while."""
    p, session = procedure(), db.session
    assert not played.faults, "\n".join(played.faults)
    assert _without_bag(played) == NO_WORDS
    # pages of their own: desk/test_counter.py, test_open_case.py
    assert played.left_out() == {"receive", "open_case_directly"}
    # somebody without the role tried each, and was refused
    assert played.taken - played.refused == set()
    one_sided = {name for name, said in played.said.items() if len(said) == 1}
    # tests/acts
    held = {"court_window_open", "reviewer_not_of_the_case", "reviewer_qualified", "told_in_time"}
    # the assessment refuses before: tests/disclosure/test_as_decided.py
    held |= {"ground_found", "ground_found_serious"}
    # as a need of the penalty on the spot: tests/acts/test_ours_to_investigate.py
    held |= {"bureau_competent"}
    # the newest judgement is taken back by who judged: tests/acts/test_legal_review_annulled.py
    held |= {"own_judgement"}
    held |= {"host_is_actor"}  # the host holds the hearing: tests/acts/test_host_left.py
    # the host reports on it: tests/acts/test_host_reports.py
    held |= {"host_reports", "stands_in_for_host"}
    # the hearing refuses before: tests/acts/test_the_right_one.py
    held |= {"heard_after_due_notice"}
    held |= {"demand_of_the_sum"}  # a sum changed after the demand: tests/acts/test_execution.py
    held |= {"code_of_a_unit"}  # no form takes such a code any more: tests/disclosure
    assert one_sided == held
    assert played.approved >= {(s.id, role) for s in p.steps.values() for role in s.approvals}
    acts = set(session.scalars(select(Act.step).distinct()))
    assert set(p.steps) - acts == {"calendar_changed"}  # tests/desk/test_office.py
    stages = {(k, s) for k, s in session.execute(select(Track.kind, Track.stage).distinct())}
    assert {(t.id, s) for t in p.tracks.values() for s in t.stages} - stages == set()
    assert set(p.clocks) - set(session.scalars(select(Clock.rule).distinct())) == set()
    assert set(p.papers) - set(session.scalars(select(Paper.kind).distinct())) == set()
    assert set(session.scalars(select(Clock.state).distinct())) == {
        "open",
        "paused",
        "met",
        "stopped",
    }
    newest = session.scalars(
        select(Act.on).where(Act.step != "window_over").order_by(Act.on.desc()).limit(1)
    ).one()
    assert newest <= today()
    assert all_hold()
    no_name_and_no_free_text()
    _caches_hold()
    only_what_was_let_pass()
    _numbers_have_no_gaps()
    _papers_are_sound(app, tmp_path)
    _what_was_asked_is_on_the_page(sign_in("head"))


def _what_was_asked_is_on_the_page(client: FlaskClient) -> None:
    """Of every docket, in every entry; for the head, who sees them all."""
    lost = {}
    for docket in db.session.scalars(select(Docket).where(Docket.stage != "destroyed")).all():
        page = client.get(f"/desk/dockets/{docket.code}")
        assert page.status_code == 200
        _five_lines_stand(docket.code, page.text)
        for act in gather(db.session(), vault(), docket).acts:
            step = procedure().steps.get(act.step)
            if step and step.asks and act.verb in ("take", "done") and act.step not in CORRECTIONS:
                form = form_class(step.asks).that_asked(act.asked)
                lost[docket.code, act.seq, act.step] = missing(page.text, form, act.asked)
    assert {where: gone for where, gone in lost.items() if gone} == {}
    assert len({step for _code, _seq, step in lost}) > 80


def _five_lines_stand(code: str, page: str) -> None:
    """Each line of the summary says something, and nothing of who told it."""
    found = summary_of(page)
    assert list(found) == LABELS, code
    assert all(found.values()), (code, found)
    told = "".join(found.values())
    assert "None" not in told, (code, found)
    assert NAMED not in told, (code, found)


NAMED = "某举报人"  # of the scene with a named informant
NO_WORDS: set[str] = set()


def _without_bag(played: OnPages) -> set[str]:
    """Steps whose form takes words, and into which the bag never went."""
    return {step for step in played.taken if not played.bags.get(step)}


def _caches_hold() -> None:
    for docket in db.session.scalars(select(Docket)).all():
        before = {
            c: getattr(docket, c)
            for c in ("stage", "tracks", "title", "next_due", "next_clock", "waits_for", "handlers")
        }
        facts = gather(db.session(), vault(), docket)
        assert before["stage"] == facts.stage, docket.code
        fine, made = db.session.get(Fine, docket.id), account(facts)
        assert (fine is None) == (made is None), docket.code
        if fine and made:
            assert (
                fine.decided,
                fine.levied,
                fine.paid,
                fine.over,
                fine.late_days,
                fine.runs_from,
            ) == (
                made.decided,
                made.levied,
                made.paid,
                made.over,
                made.late_days,
                (made.runs_from or FAR).toordinal(),
            ), docket.code
        cache.refresh(db.session(), docket, today(), facts.now)
        assert {c: getattr(docket, c) for c in before} == before, docket.code
        db.session.rollback()


def _numbers_have_no_gaps() -> None:
    series: dict[tuple[str, int], list[int]] = {}
    for name, year, no in db.session.execute(
        select(Paper.series, Paper.year, Paper.no).where(Paper.series.is_not(None))
    ):
        series.setdefault((name, year), []).append(no)
    assert len(series) > 15
    for key, numbers in series.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), key


def _papers_are_sound(app: Flask, folder: Path) -> None:
    """Of each kind and step one: valid, fonts embedded, no font that the page lacks, text that can
    be read back."""
    need("qpdf", Path("/usr/bin/qpdf").exists())
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    nasty: set[str] = set()
    one = {(p.kind, p.step): p for p in db.session.scalars(select(Paper).order_by(Paper.id))}
    for (kind, step), paper in one.items():
        file = folder / f"{kind}-{step}.pdf"
        file.write_bytes(app.extensions["sealed_store"].read(paper.stored))
        subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)
        fonts = subprocess.run(
            ["pdffonts", file], check=True, capture_output=True, text=True
        ).stdout.splitlines()[2:]
        assert fonts, kind
        for line in fonts:
            assert re.search(r"\byes yes yes\b", line), (kind, line)
            assert "Helvetica" not in line
        text = subprocess.run(
            ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True
        ).stdout
        plain = "".join(text.split())
        if paper.number:
            assert paper.number in plain, kind
        assert "None" not in plain, kind
        assert not re.search(r"\{[a-z_]+\}", plain), kind
        assert "\ufffd" not in plain, kind
        assert words.EMOJI not in plain, kind
        nasty |= {kind} if "长方䶮" in plain else set()
    assert len(nasty) > 25, nasty  # the bag of nasty words, on the papers of every road
