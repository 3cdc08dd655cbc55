"""Tables of informants: receipts, messages, sealed identities and their openings, drafts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.store import Model, UtcDateTime, utcnow


class Receipt(Model):
    """The keyed fingerprint of a receipt code (查询码). The code itself is never stored."""

    __tablename__ = "receipt"
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    # staff have seen this code: it opens nothing but its change
    must_change: Mapped[bool] = mapped_column(default=False)


class OldReceipt(Model):
    """The keyed fingerprint of a receipt code that was exchanged: whoever still holds it is told
    that it ended, and when."""

    __tablename__ = "old_receipt"
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    on: Mapped[date]


class CodeRenewal(Model):
    """Two officers agreed to replace a lost receipt code; made once."""

    __tablename__ = "code_renewal"
    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Message(Model):
    """One message between informant and bureau; the text is sealed."""

    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    from_informant: Mapped[bool]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # why the bureau wrote it; sealed, for staff alone
    internal: Mapped[bytes | None] = mapped_column(LargeBinary)
    # binds the seal: two messages of one second do not exchange
    ref: Mapped[str] = mapped_column(String(32), default="")


class Identity(Model):
    """Name and contact of a real-name informant, sealed to the custodians' keys: the server cannot
    open it."""

    __tablename__ = "identity"
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), primary_key=True)
    # and once more by the vault, bound to this row
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    # digest of the custodians' public keys
    sealed_to: Mapped[str] = mapped_column(String(64), default="", index=True)
    # False: nobody left a name, only an original that may tell one
    named: Mapped[bool] = mapped_column(default=True)


class IdentityRequest(Model):
    """Somebody asks to know an informant: for whom, why, for how long. Rows are added, never
    changed."""

    __tablename__ = "identity_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    # the only one who can ever read it
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300))
    hours: Mapped[int]
    # public half of the key that the person's one-time code gives
    lock: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class IdentityVerdict(Model):
    """One custodian's answer to a request. Rows are added, never changed."""

    __tablename__ = "identity_verdict"
    __table_args__ = (UniqueConstraint("request_id", "custodian_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("identity_request.id"), index=True)
    custodian_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    granted: Mapped[bool]
    note: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class IdentityBox(Model):
    """The identity sealed to one request's key; deleted when its time is over."""

    __tablename__ = "identity_box"
    request_id: Mapped[int] = mapped_column(ForeignKey("identity_request.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class IdentityHalf(Model):
    """A custodian's consent while another's is still wanted: where two are needed to open it, half
    of the key, sealed to the one who asked; else nothing. Deleted with the last consent."""

    __tablename__ = "identity_half"
    request_id: Mapped[int] = mapped_column(ForeignKey("identity_request.id"), primary_key=True)
    custodian_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class IdentityOpening(Model):
    """Every opening of an identity: who, when, why. The informant sees it too. Rows are added,
    never changed."""

    __tablename__ = "identity_opening"
    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(ForeignKey("docket.id"), index=True)
    custodian_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # who granted it last
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    # whose person read it; no foreign key: SQLite adds none to a table that is there
    request_id: Mapped[int | None]
    # issued papers in which the name or a contact stood
    hits: Mapped[int] = mapped_column(default=0)
    what: Mapped[str] = mapped_column(String(8), default="name")  # name · original


class CustodianKey(Model):
    """A custodian's public key, and the private one that only the custodian's password opens."""

    __tablename__ = "custodian_key"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("bureau.id"), index=True)
    record: Mapped[bytes] = mapped_column(LargeBinary)  # as vault.identity writes it


class SpareKey(Model):
    """A custodian's key that is not in use: one whose recovery key is still to be typed back
    (draft), one that others have not accepted yet (waiting), or an earlier one (old) until no
    identity is sealed to it any more."""

    __tablename__ = "spare_key"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(8))  # draft · waiting · old
    record: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)


class Draft(Model):
    """A half-written tip under a random key that only the person's form holds; gone after a day."""

    __tablename__ = "draft"
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
