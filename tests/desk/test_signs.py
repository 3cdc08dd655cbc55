"""Signs that nobody sees are named where they stand, and no text turns round what stands beside
it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.intake.receive import receive
from casework.people.models import Bureau
from casework.upkeep.walk import Team
from casework.web.filters import shown_signs, signs
from tests.support.desk import SignIn


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("丰都县某某有限公司 <b>", "丰都县某某有限公司 &lt;b&gt;"),
        ("好👨\u200d👩\u200d👧❤\ufe0f", "好👨\u200d👩\u200d👧❤\ufe0f"),  # they make one picture
        ("丰都\u200b三号", '丰都<span class="unseen" title="看不见的符号。">‹U+200B›</span>三号'),
        ("عرب", "<bdi>عرب</bdi>"),
    ],
)
def test_a_text_on_a_page(app: Flask, typed: str, shown: str) -> None:
    with app.test_request_context("/"):
        assert str(signs(typed)) == shown


def test_an_override_is_named_and_kept_apart(app: Flask) -> None:
    with app.test_request_context("/"):
        shown = str(signs("甲\u202e乙\u202c"))
    assert shown.startswith("<bdi>甲<span ")
    assert "‹U+202E›" in shown
    assert "\u202e" not in shown
    assert shown_signs("甲\u202e乙\u0001") == "甲‹U+202E›乙‹U+0001›"


def test_a_tip_with_such_signs_on_the_pages_of_the_desk(
    team: Team, bureau: Bureau, sign_in: SignIn, client: FlaskClient
) -> None:
    words = {
        "channel": "web",
        "subject": "丰都\u202e三号\u200b厂",
        "subject_kind": "enterprise",
        "narrative": "少报\u202e收入",
    }
    receive(bureau, words)
    clerk = sign_in("clerk")
    for page in ("/desk/", "/desk/reports", "/desk/search?q=三号"):
        answer = clerk.get(page, follow_redirects=True)
        assert answer.status_code == 200, page
        assert "\u202e" not in answer.text, page
    assert "‹U+202E›" in clerk.get("/desk/reports").text
