"""Every document of the catalogue: what the law asks of it, a sound file, text that reads back, and
its look.

The scenes are played on fixed days, so that the same documents come out every time. ``GOLDEN=new``
in the environment makes the page images in ``golden/`` anew: look at each before they are
committed. Collected by tests/upkeep/test_scenes.py, which plays scenes too: that takes a while.
"""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from sqlalchemy import select

from casework.acts import draw
from casework.people.models import Bureau, EnforcementCard, PersonRole
from casework.procedure.load import procedure
from casework.store import db, writing
from casework.upkeep import samples
from casework.upkeep.demo import people
from casework.upkeep.scenes import Ground, after, filing, hearing, interference, tips
from casework.upkeep.tick import tick
from tests.conftest import Mould, need, program
from tests.letters.conformance import breaches

GOLDEN = Path(__file__).with_name("golden")
ELEMENTS = tomllib.loads(Path(__file__).with_name("elements.toml").read_text("utf-8"))
CASE = re.compile(r"丰统案〔[0-9]{4}〕[0-9]+号")
FIRST = date(2025, 4, 7)  # under the law of 2024, in years whose calendar is published
FIRM = {
    "name": "重庆渝丰机械制造有限公司",
    "kind": "enterprise",
    "credit_code": "91350100M000100Y43",
    "address": "重庆市丰都县高家镇工业园区2号",
    "representative": "谢䶮",
    "township": "500230109",
    "phone": "",
}
PLAYED = (
    tips.accepted,
    tips.declined,
    tips.handed_to_the_survey_team,
    tips.sent_up_and_back,
    tips.answered,
    filing.found_by_ourselves,
    filing.reported_up,
    filing.not_filed,
    filing.filing_just_withdrawn,
    filing.everything_an_investigation_can_do,
    filing.on_the_spot,
    hearing.no_penalty,
    hearing.hearing_panel_public_notice,
    after.instalments,
    after.agreed,
    after.executed,
    after.shown,
    after.discipline,
    after.prosecution,
    after.dishonesty_listed,
    after.repaired,
    tips.instructed_and_reported_back,
    interference.a_township_dealt_with,
    interference.a_leader_dealt_with,
    hearing.told_anew,
    after.revoked_by_the_bureau,
    filing.filing_withdrawn,
)


@pytest.fixture(scope="module")
def documents(
    migrated: Mould, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Path]]:
    """Name of each sample → its PDF."""
    need("pdftoppm", Path("/usr/bin/pdftoppm").exists())
    need("qpdf", Path("/usr/bin/qpdf").exists())
    made = migrated.copy(tmp_path_factory.mktemp("documents") / "instance")
    samples_in = made.folder / "samples"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draw, "short_code", lambda: "SAMPLE23")
        patch.setattr(draw, "check_url", lambda code: f"/check?code={code}")
        patch.setattr(samples, "today", lambda: date(2026, 6, 1))
        with program(made, DEMO=True) as app:
            _played()
            done = app.test_cli_runner().invoke(args=["papers", "samples", str(samples_in)])
            found = {file.stem: file for file in samples_in.glob("*.pdf")}
            assert done.output.startswith(f"{len(found)} documents"), done.output
            yield found


def _played() -> None:
    made, team = people()
    with writing() as session:
        for card in session.scalars(select(EnforcementCard)).all():
            card.valid_from = date(2020, 1, 1)
        for role in session.scalars(select(PersonRole)).all():
            role.from_day = date(2020, 1, 1)
    bureau = db.session.get_one(Bureau, made.id)
    for number, play in enumerate(PLAYED):
        # one firm: each fine is for conduct of its own
        end = FIRST - timedelta(150 - 10 * max(0, number - 10))
        play(Ground(bureau, team, dict(FIRM), FIRST, conduct_end=end))
    tick(datetime(2026, 6, 1, 6, tzinfo=UTC))


def text(file: Path) -> str:
    """All text of a PDF without spaces."""
    read = subprocess.run(
        ["pdftotext", "-raw", file, "-"], check=True, capture_output=True, text=True
    ).stdout
    return re.sub(r"\s|—\d+—", "", read)


def test_every_document_has_what_the_law_asks_of_it(documents: dict[str, Path]) -> None:
    assert set(documents) == set(ELEMENTS)
    lacking = {}
    for name, elements in ELEMENTS.items():
        printed = text(documents[name])
        wrong = [e for e in elements if (e.lstrip("!") in printed) == e.startswith("!")]
        if wrong:
            lacking[name] = wrong
    assert not lacking, lacking


def test_nothing_is_destroyed_that_the_archive_gets(documents: dict[str, Path]) -> None:
    given, gone = (
        set(CASE.findall(text(documents[n]))) for n in ("33-handover_list", "34-destruction_list")
    )
    assert given
    assert gone
    assert not given & gone


def test_every_paper_of_the_procedure_has_a_sample() -> None:
    """But those of the case file, which has tests of its own."""
    shown = {row.paper for row in samples.sample_rows().values()}
    assert set(procedure().papers) - shown == {"file_cover"}


def test_every_document_is_a_sound_file(documents: dict[str, Path]) -> None:
    for name, file in documents.items():
        subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)
        faces = subprocess.run(
            ["pdffonts", file], check=True, capture_output=True, text=True
        ).stdout.splitlines()[2:]
        assert faces, name
        assert all(re.search(r"\byes yes yes\b", line) for line in faces), (name, faces)
        assert not any("Helvetica" in line for line in faces), name


def test_every_document_keeps_the_rules_of_pdf_a(documents: dict[str, Path]) -> None:
    assert {
        name: found for name, file in documents.items() if (found := breaches(file.read_bytes()))
    } == {}


def test_names_read_back_as_they_are_written(documents: dict[str, Path]) -> None:
    """Text round trip, with a rare character; no placeholder and no mark of a missing value is
    left."""
    for name, file in documents.items():
        printed = text(file)
        assert not re.search(r"[{}\ufffd]|None|\\n", printed), name
    for name in (
        "20-decision",
        "14-prior_notice",
        "26-listing_draft",
        "13-investigation_report",
        "23-court_application",
    ):
        assert ("谢䶮" in text(documents[name])) or name == "14-prior_notice", name


def test_every_page_looks_as_it_did_when_it_was_reviewed(
    documents: dict[str, Path], tmp_path: Path
) -> None:
    pages = {}
    for name, file in documents.items():
        subprocess.run(["pdftoppm", "-r", "50", "-gray", "-png", file, tmp_path / name], check=True)
    for page in sorted(tmp_path.glob("*.png")):
        pages[page.name] = page
    if os.environ.get("GOLDEN") == "new":
        _remake(pages)
    assert set(pages) == {p.name for p in GOLDEN.glob("*.png")}
    changed = {
        name: share
        for name, page in pages.items()
        if (share := _difference(page, GOLDEN / name)) >= 0.001
    }
    assert changed == {}


def _remake(pages: dict[str, Path]) -> None:
    """Only what changed: each image that is not made anew keeps the review that it had."""
    GOLDEN.mkdir(exist_ok=True)
    for old in {p.name for p in GOLDEN.glob("*.png")} - set(pages):
        (GOLDEN / old).unlink()
    for name, page in pages.items():
        if not (GOLDEN / name).exists() or _difference(page, GOLDEN / name) >= 0.001:
            with Image.open(page) as image:
                image.convert("L").quantize(16, kmeans=2).save(GOLDEN / name, optimize=True)


def _difference(page: Path, golden: Path) -> float:
    """Share of pixels that differ by more than the smoothing of an edge."""
    with Image.open(page) as new, Image.open(golden) as old:
        if new.size != old.size:
            return 1.0
        delta = ImageChops.difference(new.convert("L"), old.convert("L"))
        return sum(delta.histogram()[64:]) / (new.size[0] * new.size[1])
