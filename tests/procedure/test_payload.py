"""The sealed part of an entry is hashed: its stored form is as ever, and what the program adds can
neither be typed nor corrected."""

from datetime import date
from typing import Any

import pytest

from casework.procedure.overlay import correction_applies
from casework.procedure.payload import Payload

DIGESTS = {"sha256": "0" * 64, "sm3": "1" * 64}
FORMS: list[tuple[Payload, dict[str, Any]]] = [
    (Payload(), {}),
    (Payload({"reason": "误报", "act": 3}), {"reason": "误报", "act": 3}),
    (
        Payload({"text": "a"}, files=({"title": "a.png", **DIGESTS, "unbound": True},)),
        {"text": "a", "_files": ({"title": "a.png", **DIGESTS, "unbound": True},)},
    ),
    (Payload(proposal=7), {"_proposal": 7}),
    (
        Payload(
            said={"opinion": "同意"}, proposal=7, papers={"0f": DIGESTS}, otherwise={"㐀": "〇"}
        ),
        {
            "_said": {"opinion": "同意"},
            "_proposal": 7,
            "_papers": {"0f": DIGESTS},
            "_otherwise": {"㐀": "〇"},
        },
    ),
    (
        Payload({"clock": 4}, counts_from=date(2026, 3, 2)),
        {"clock": 4, "_from": "2026-03-02"},
    ),
]


@pytest.mark.parametrize(("payload", "form"), FORMS)
def test_a_payload_has_one_stored_form(payload: Payload, form: dict[str, Any]) -> None:
    assert payload.stored() == form
    assert Payload.read(form) == payload


def test_a_judgement_brings_into_effect_what_was_proposed() -> None:
    proposed = Payload({"fine_fen": 100, "opinion": "拟同意"}, files=({"title": "a"},))
    taken = Payload(said={"opinion": "同意"}, proposal=3).judging(proposed)
    assert taken.answers == proposed.answers
    assert (taken.files, taken.said, taken.proposal) == (proposed.files, {"opinion": "同意"}, 3)


def test_an_older_judgement_that_had_words_of_its_own_keeps_them() -> None:
    """Before the judge's words stood apart they lay over what was proposed."""
    old = Payload.read({"opinion": "同意", "_proposal": 3})
    assert old.judging(Payload({"opinion": "拟同意", "n": 1})).answers == {
        "opinion": "同意",
        "n": 1,
    }


def test_what_the_program_added_is_no_answer_to_correct() -> None:
    written = Payload.read({"reason": "误报", "_proposal": 3})
    assert not correction_applies(written.answers, {"_proposal": "1"})
