"""Why a step is not possible, as a sentence."""

import pytest
from flask import Flask

from casework.desk.naming import sentence
from casework.procedure.offers import Refused


@pytest.mark.parametrize(
    ("lang", "day", "said"),
    [
        ("zh", "2026-03-02", "企业申辩期限未满（至2026-03-02）。"),
        ("zh", "", "企业申辩期限未满。"),
        ("en", "", "The firm's days for a reply are not over."),
    ],
)
def test_a_day_not_yet_known_leaves_no_empty_brackets(app: Flask, lang: str, day: str, said: str) -> None:
    with app.test_request_context(f"/?lang={lang}"):
        assert sentence(Refused("dishonesty_heard", {"day": day})) == said


@pytest.mark.parametrize(
    ("lang", "values", "said"),
    [
        ("zh", {"clock": "线索核查", "clock_en": "Verification"}, "本局尚有未办结的期限：线索核查。"),
        ("en", {"clock": "线索核查", "clock_en": "Verification"}, "A deadline of the bureau is still running: Verification."),
        ("en", {"clock": "线索核查"}, "A deadline of the bureau is still running: 线索核查."),  # kept by an older release
    ],
)
def test_a_deadline_is_named_in_the_language_of_the_page(app: Flask, lang: str, values: dict[str, str], said: str) -> None:
    with app.test_request_context(f"/?lang={lang}"):
        assert sentence(Refused("no_open_own_clock", values)) == said
