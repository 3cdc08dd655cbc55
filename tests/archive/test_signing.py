"""Papers signed with a real, self-made certificate; what verify and the public check say of the
signature."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.acts.errors import Refused
from casework.papers import signing
from casework.papers.models import Paper
from casework.people.models import Bureau, Person
from casework.store import db
from casework.upkeep.walk import Team, Walk
from tests.acts.roads import tip
from tests.support.settings import confirm_setting

WORD = "证书密码"
NAME = "丰都县统计局电子印章"


def make(folder: Path, days: int = 365, mode: int = 0o600) -> Path:
    """A certificate of the bureau's own."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    start = datetime.now(UTC) - timedelta(days=400)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(datetime.now(UTC) + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    file = signing.certificate(db.session.scalars(select(Bureau.id)).one())
    assert file.parent == folder
    locked = BestAvailableEncryption(WORD.encode())
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"casework", key, cert, None, locked))
    file.with_suffix(".password").write_text(WORD, "utf-8")
    for path in (file, file.with_suffix(".password")):
        path.chmod(mode)
    return file


@pytest.fixture
def on(team: Team, bureau: Bureau) -> None:
    """Switched on, with no certificate yet."""
    confirm_setting(db.session.get_one(Person, team.head), "papers.sign", "on", date(2020, 1, 1))
    db.session.expire_all()


def issued(walk: Walk) -> Paper:
    """The newest paper of a docket."""
    query = (
        select(Paper).where(Paper.docket_id == walk.docket_id).order_by(Paper.id.desc()).limit(1)
    )
    return db.session.scalars(query).one()


def test_off_until_switched_on(team: Team, bureau: Bureau, app: Flask, instance: Path) -> None:
    make(instance)
    walk = tip(team, bureau)
    assert signing.signature(app.extensions["sealed_store"].read(issued(walk).stored)) == ("", "")


def test_a_paper_is_signed_and_everybody_can_check_it(
    on: None,
    team: Team,
    bureau: Bureau,
    app: Flask,
    instance: Path,
    client: FlaskClient,
    tmp_path: Path,
) -> None:
    make(instance)
    walk = tip(team, bureau)
    data = app.extensions["sealed_store"].read(issued(walk).stored)
    assert signing.signature(data) == ("holds", NAME)
    page = client.post("/check", data={"file": (io.BytesIO(data), "x.pdf")}).text
    assert NAME in page
    assert "签名有效" in page
    file = tmp_path / "paper.pdf"
    file.write_bytes(data)
    answer = app.test_cli_runner().invoke(args=["papers", "verify", str(file)])
    assert answer.exit_code == 0, answer.output
    assert f"signature of {NAME} holds" in answer.output


@pytest.mark.parametrize("change", ["byte", "added"])
def test_a_changed_paper_is_found_out(
    on: None, team: Team, bureau: Bureau, app: Flask, instance: Path, tmp_path: Path, change: str
) -> None:
    make(instance)
    data = bytearray(app.extensions["sealed_store"].read(issued(tip(team, bureau)).stored))
    if change == "byte":
        at = data.index(b"stream\n") + 40
        data[at] ^= 1
    else:
        data += b"\n% added"
    assert signing.signature(bytes(data))[0] == "broken"
    file = tmp_path / "paper.pdf"
    file.write_bytes(data)
    answer = app.test_cli_runner().invoke(args=["papers", "verify", str(file)])
    assert answer.exit_code == 1
    assert "broken" in answer.output


Fault = Callable[[Path], object]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (lambda _f: None, "没有证书"),
        (lambda f: make(f, mode=0o644), "可被他人读取"),
        (lambda f: make(f, days=-1), "不在有效期内"),
        (lambda f: make(f).with_suffix(".password").write_text("falsch"), "密码不对"),
    ],
    ids=["missing", "open", "expired", "password"],
)
def test_without_a_good_certificate_nothing_is_issued(
    on: None, team: Team, bureau: Bureau, instance: Path, fault: Fault, says: str
) -> None:
    fault(instance)
    before = len(db.session.scalars(select(Paper)).all())
    with pytest.raises(Refused) as refused:
        tip(team, bureau)
    assert refused.value.refusals[0].check == "not_signed"
    assert says in refused.value.refusals[0].values["why"]
    assert len(db.session.scalars(select(Paper)).all()) == before
