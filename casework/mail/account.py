"""The mailbox of a bureau. Server, user and password are set by the operator, in a file or the
environment; how mails are dealt with stands in the bureau's settings."""

from __future__ import annotations

import ipaddress
import os
import ssl
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app
from msgspec.structs import asdict
from sqlalchemy import select

from casework.people.facts import settings_of
from casework.people.may import today
from casework.people.models import Bureau, BureauSetting
from casework.procedure.settings import SettingError, checked, shipped
from casework.store import db
from casework.toml_file import Row, read_toml

SECURITY = ("tls", "starttls", "none")


class MailServer(Row, frozen=True):
    """The keys of mail-<code of the bureau>.toml, with the values they have when nothing is
    said."""

    host: str = ""
    port: str | int = 993
    security: str = "tls"
    user: str = ""
    smtp_host: str = ""
    smtp_port: str | int = 465


class MailNotSetUp(Exception):
    """The mailbox cannot be read as it is set up; the message says what to do and holds no
    secret."""


@dataclass(frozen=True)
class Account:
    """One mailbox, and the server through which replies go."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    folder: str
    done: str
    max_bytes: int  # a larger mail is left where it is, and said
    reply: bool
    smtp_host: str
    smtp_port: int
    address: str
    # a file with the certificate of the only authority that is trusted; "" for those of this
    # machine
    authority: str = ""

    def context(self) -> ssl.SSLContext:
        """The TLS settings with which the server has to prove itself. Error: MailNotSetUp where the
        authority's file cannot be read."""
        try:
            return ssl.create_default_context(cafile=self.authority or None)
        except (OSError, ssl.SSLError):
            raise MailNotSetUp(f"{Path(self.authority).name} holds no certificate in PEM") from None


def account_of(bureau: Bureau) -> Account | None:
    """The bureau's mailbox; None where no server is named. Error: MailNotSetUp where something is
    missing or unsafe."""
    named = _in_file(bureau) | _settings(bureau)
    found = {k: _in_environment(bureau, k) or v for k, v in named.items()}
    reply = _switched_on("reply", found["reply"])
    if not found["host"]:
        return None
    _check_security(found)
    try:
        numbers = {k: int(float(found[k])) for k in ("port", "smtp_port", "max_mb")}
    except ValueError:
        raise MailNotSetUp("ports and sizes of the mailbox are numbers") from None
    return Account(
        found["host"],
        numbers["port"],
        found["security"],
        found["user"],
        _password(bureau),
        found["folder"],
        found["done"],
        numbers["max_mb"] * 1024 * 1024,
        reply,
        found["smtp_host"],
        numbers["smtp_port"],
        found["address"],
        _authority(bureau),
    )


def _check_security(found: Mapping[str, str]) -> None:
    """MailNotSetUp where the security is unknown, or a mailbox elsewhere would be read in clear."""
    if found["security"] not in SECURITY:
        raise MailNotSetUp("the security of a mailbox is one of: " + ", ".join(SECURITY))
    for name in ("host", "smtp_host"):
        if found["security"] == "none" and found[name] and not _is_here(found[name]):
            raise MailNotSetUp(
                "without encryption the mailbox must be on this machine: set its security to tls"
            )


def _switched_on(name: str, said: str) -> bool:
    """A switch as the setting or the environment says it; MailNotSetUp for what is neither on nor
    off."""
    try:
        return checked(shipped().setting(f"mail.{name}"), said) == "on"
    except SettingError:
        raise MailNotSetUp(f"mail.{name} is on or off") from None


def minutes_of(bureau: Bureau) -> float:
    """Minutes between two readings of the mailbox by the server (setting ``mail.minutes``); 0:
    never."""
    return settings_of(bureau.id, today()).number("mail.minutes")


def set_before() -> list[str]:
    """Codes of bureaus that named a server in a release in which that was a setting, and for which
    the operator names none."""
    set_once = select(Bureau).join(BureauSetting, BureauSetting.bureau_id == Bureau.id)
    set_once = (
        set_once.where(BureauSetting.key == "mail.host", BureauSetting.value != "")
        .distinct()
        .order_by(Bureau.id)
    )
    return [
        b.code
        for b in db.session.scalars(set_once)
        if not (_in_environment(b, "host") or _file(b).exists())
    ]


def _settings(bureau: Bureau) -> dict[str, str]:
    settings = settings_of(bureau.id, today())
    found = {name: settings.text(f"mail.{name}") for name in ("folder", "done", "address")}
    return found | {
        "reply": settings.setting("mail.reply").value,
        "max_mb": str(settings.number("mail.max_mb")),
    }


def _file(bureau: Bureau) -> Path:
    return Path(current_app.instance_path) / f"mail-{bureau.code}.toml"


def _in_file(bureau: Bureau) -> dict[str, str]:
    """What the operator's file in the instance folder says; MailNotSetUp where it cannot be read,
    or names something else."""
    file = _file(bureau)
    try:
        found = read_toml(file, MailServer) if file.exists() else MailServer()
    except (ValueError, OSError) as error:
        raise MailNotSetUp(f"{file.name} cannot be used: {error}") from None
    return {key: str(value) for key, value in asdict(found).items()}


def _in_environment(bureau: Bureau, name: str) -> str:
    """What the environment says instead: of one bureau only, the first or the one it names. Another
    must not read its mail."""
    first = db.session.scalar(select(Bureau.code).order_by(Bureau.id).limit(1))
    if bureau.code != (os.environ.get("CASEWORK_MAIL_BUREAU") or first):
        return ""
    return os.environ.get(f"CASEWORK_MAIL_{name.upper()}", "")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _authority(bureau: Bureau) -> str:
    """The bureau's own certificate authority, where its mail server has a certificate that no
    machine knows."""
    if named := _in_environment(bureau, "authority"):
        return named
    file = Path(current_app.instance_path) / f"mail-{bureau.code}.authority.pem"
    return str(file) if file.exists() else ""


def _password(bureau: Bureau) -> str:
    """From the environment, else from a file that its owner alone can read."""
    if word := _in_environment(bureau, "password"):
        return word
    file = Path(current_app.instance_path) / f"mail-{bureau.code}.password"
    if not file.exists():
        raise MailNotSetUp(
            "no password: set CASEWORK_MAIL_PASSWORD or write it into "
            f"{file.name} (mode 600) in the instance"
        )
    with file.open(encoding="utf-8") as handle:
        if os.fstat(handle.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise MailNotSetUp(f"{file.name} can be read by others: chmod 600 {file.name}")
        return handle.readline().rstrip("\r\n")
