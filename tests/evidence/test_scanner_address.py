"""Where files go to be scanned is the operator's word: no bureau can send those of others
elsewhere."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from casework.evidence.uploads import clamd_address
from casework.people.facts import settings_of
from casework.people.models import Bureau, BureauSetting
from casework.procedure.settings import shipped
from casework.store import writing
from casework.upkeep.walk import Team

SignIn = Callable[[str], FlaskClient]
OLD = "10.1.2.3:3310"


@pytest.fixture
def of_before(bureau: Bureau) -> None:
    """A bureau that had set the address while that was a setting."""
    with writing() as session:
        session.add(
            BureauSetting(
                bureau_id=bureau.id, key="scan.clamd", value=OLD, from_day=date(2020, 1, 1)
            )
        )


@pytest.mark.usefixtures("of_before")
def test_it_is_no_setting_any_more(team: Team, bureau: Bureau, sign_in: SignIn) -> None:
    assert "scan.clamd" not in shipped()
    assert "scan.clamd" not in settings_of(bureau.id, date(2026, 1, 1))
    assert clamd_address() == ""
    head = sign_in("head")
    assert head.get("/desk/office/settings/scan.clamd").status_code == 404
    assert (
        head.post(
            "/desk/office/settings/scan.clamd", data={"amount": OLD, "from_day": "2026-01-01"}
        ).status_code
        == 404
    )
    for path in ("/desk/office/settings", "/desk/"):
        assert head.get(path).status_code == 200
    assert sign_in("auditor").get("/desk/office/audit").status_code == 200


@pytest.mark.usefixtures("of_before")
def test_the_operator_is_told_what_to_do_about_the_old_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casework.mail import cli as mail_cli
    from casework.upkeep import nightly, tick
    from casework.web import server

    monkeypatch.setattr(server, "serve", lambda *_words: None)
    monkeypatch.setattr(tick, "run_in_background", lambda _app: None)
    monkeypatch.setattr(nightly, "run_in_background", lambda _app: None)
    monkeypatch.setattr(mail_cli, "run_in_background", lambda _app: None)
    said = app.test_cli_runner().invoke(args=["serve"]).output
    assert "CASEWORK_CLAMD" in said
    app.config["CLAMD"] = "/run/clamav/clamd.ctl"
    assert "CASEWORK_CLAMD" not in app.test_cli_runner().invoke(args=["serve"]).output


HERE = [
    "",
    "/run/clamav/clamd.ctl",
    "127.0.0.1:3310",
    "127.9.9.9:3310",
    "[::1]:3310",
    "localhost:3310",
]
ELSEWHERE = ["10.1.2.3:3310", "scanner.example.cn:3310", "127.0.0.1.example.cn:3310"]
NOWHERE = ["127.0.0.1", "3310", "localhost:x", "localhost:99999"]


@pytest.mark.parametrize("address", HERE)
def test_this_machine_is_taken(
    address: str, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_CLAMD", address)
    with create_app(str(instance)).app_context():
        assert clamd_address() == address


@pytest.mark.parametrize("address", ELSEWHERE + NOWHERE)
def test_another_machine_only_where_the_operator_says_so(
    address: str, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWORK_CLAMD", address)
    with pytest.raises(SystemExit, match="CASEWORK_CLAMD"):
        create_app(str(instance))
    monkeypatch.setenv("CASEWORK_CLAMD_ELSEWHERE", "1")
    if address in ELSEWHERE:
        with create_app(str(instance)).app_context():
            assert clamd_address() == address
