"""Tokens of one purpose are none of another; a digest needs the instance's keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from itsdangerous import BadSignature, SignatureExpired

from casework.web.signed_token import dated_signer, is_same, keyed_digest, signer

SOURCE = Path(__file__).parents[1] / "casework"


def test_a_token_is_good_for_its_purpose_alone(app: Flask) -> None:
    with app.test_request_context():
        for make in (signer, dated_signer):
            token = make("one").dumps(["a", 1])
            assert make("one").loads(token) == ["a", 1]
            for bad in (token[:-2] + "xx", "", make("other").dumps(["a", 1])):
                with pytest.raises(BadSignature):
                    make("one").loads(bad)


def test_a_dated_token_grows_old(app: Flask) -> None:
    with app.test_request_context():
        token = dated_signer("one").dumps("a")
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61)):
            assert dated_signer("one").loads(token, max_age=90) == "a"
            with pytest.raises(SignatureExpired):
                dated_signer("one").loads(token, max_age=60)


def test_a_digest_differs_by_purpose_and_length(app: Flask) -> None:
    with app.test_request_context():
        one = keyed_digest("one", "a")
        assert is_same(one, keyed_digest("one", "a"))
        assert len(one) == 64
        assert len(keyed_digest("one", "a", 16)) == 32
        assert not is_same(one, keyed_digest("other", "a"))
        assert not is_same(one, keyed_digest("one", "b"))


def test_tokens_are_signed_in_one_place() -> None:
    signs = [
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if "Serializer(" in path.read_text("utf-8")
    ]
    assert signs == ["web/signed_token.py"]
