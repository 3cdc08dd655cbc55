"""The panel's result is what its members voted, each of them once (行政处罚法 §57第二款)."""

import subprocess
from pathlib import Path

import pytest
from flask import Flask

from casework.acts.errors import Refused
from casework.upkeep.walk import Walk
from tests.acts.roads import facts_of, refused
from tests.conftest import need


@pytest.fixture
def panel(case_at_reviewed: Walk) -> Walk:
    """A case in which a panel may meet."""
    return case_at_reviewed


def record(votes: dict[str, str], result: str) -> dict[str, object]:
    voices = [
        {"name": n, "post": "局领导", "vote": v, "opinion": "已发表意见"} for n, v in votes.items()
    ]
    return {"place": "会议室", "voices": voices, "conclusion": "按多数意见", "result": result}


FOR, AGAINST = "agree", "disagree"


@pytest.mark.parametrize(
    ("votes", "result"),
    [
        ({"周明": AGAINST, "江涛": AGAINST, "傅敏": AGAINST}, "agreed"),
        ({"周明": FOR, "江涛": AGAINST, "傅敏": AGAINST}, "agreed"),
        # half is no majority
        ({"周明": FOR, "江涛": FOR, "傅敏": AGAINST, "余波": AGAINST}, "agreed"),
        ({"周明": FOR, "江涛": FOR, "傅敏": FOR}, "return"),
    ],
)
def test_the_result_follows_the_votes(panel: Walk, votes: dict[str, str], result: str) -> None:
    with pytest.raises(Refused) as error:
        panel.take("panel", record(votes, result))
    assert refused(error) == {"panel_follows_votes"}


@pytest.mark.parametrize(
    "names",
    [("周明", "周明", "周明"), ("周明", "周 明", "江涛"), ("周明", "江涛"), ("周明", "江涛", "")],
)
def test_three_persons_vote_once_each(panel: Walk, names: tuple[str, ...]) -> None:
    asked = record({}, "agreed")
    asked["voices"] = [{"name": n, "post": "局领导", "vote": FOR, "opinion": "x"} for n in names]
    with pytest.raises(Refused) as error:
        panel.take("panel", asked)
    assert refused(error) == {"three_voices"}


def test_whoever_says_neither_has_not_voted(panel: Walk) -> None:
    with pytest.raises(Refused) as error:
        panel.take("panel", record({"周明": FOR, "江涛": FOR, "傅敏": ""}, "agreed"))
    assert refused(error) == {"three_voices"}


def test_a_majority_carries_it_and_the_record_names_who_dissents(
    app: Flask, panel: Walk, tmp_path: Path
) -> None:
    need("pdftotext", Path("/usr/bin/pdftotext").exists())
    panel.take("panel", record({"周明": FOR, "江涛": AGAINST, "傅敏": FOR}, "agreed"))
    assert facts_of(panel).did("panel")
    (tmp_path / "r.pdf").write_bytes(
        app.extensions["sealed_store"].read(panel.paper("panel_record").stored)
    )
    text = subprocess.run(
        ["pdftotext", tmp_path / "r.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "3人参加表决，2人同意，1人不同意（江涛）。" in "".join(text.split())


def test_a_panel_that_voted_against_sends_it_back(panel: Walk) -> None:
    panel.take("panel", record({"周明": AGAINST, "江涛": AGAINST, "傅敏": FOR}, "return"))
    assert facts_of(panel).stage == "investigate"
