"""What belongs to informants, apart from everything else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from casework.store import Model, UtcDateTime, utcnow


class Receipt(Model):
    """The keyed fingerprint of a receipt code (查询码). The code itself is never stored."""

    __tablename__ = "receipt"
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)


class Message(Model):
    """One message between informant and bureau; the text is sealed."""

    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    from_informant: Mapped[bool]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Identity(Model):
    """Name and contact of a real-name informant, sealed to the custodians' keys: the server cannot open it."""

    __tablename__ = "identity"
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class IdentityOpening(Model):
    """Every opening of an identity: who, when, why. The informant sees it too."""

    __tablename__ = "identity_opening"
    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    custodian_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class CustodianKey(Model):
    """A custodian's public key, and the private one that only the custodian's password opens."""

    __tablename__ = "custodian_key"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    record: Mapped[bytes] = mapped_column(LargeBinary)  # as vault.identity writes it


class Draft(Model):
    """A half-written tip under a random key that only the person's form holds; gone after a day."""

    __tablename__ = "draft"
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
