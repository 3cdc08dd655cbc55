"""A name on a page that nobody gave it: an error while people work on the program, left out and
logged in service."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, render_template_string
from jinja2 import UndefinedError

from app import create_app


def test_tests_are_strict(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(UndefinedError, match="nobody_gave_it"):
        render_template_string("{% if nobody_gave_it %}x{% endif %}")


def test_in_service_the_page_stands_and_the_log_has_the_name_alone(
    instance: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("CASEWORK_STRICT")
    served = create_app(str(instance))
    with served.test_request_context():
        page = render_template_string("a{{ told.nobody_gave_it }}b", told={"secret": "13800000000"})
    assert page == "ab"
    assert "nobody_gave_it" in caplog.text
    assert "13800000000" not in caplog.text
