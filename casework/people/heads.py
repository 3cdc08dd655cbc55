"""The newest link of each bureau's chain, signed and kept outside the database.

Who can write the database but does not hold the key file can rewrite no chain unseen: no head of
his would be signed. Who holds both is caught by an anchor that lies where he cannot reach
(:mod:`casework.people.anchors`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.people import chain
from casework.people.lost_span import losses
from casework.people.models import Bureau, OfficeEntry
from casework.people.office_journal import enter
from casework.people.row_journal import BEGUN
from casework.store import db, writing
from casework.vault.digest import canonical
from casework.vault.keys import KeyRing
from casework.vault.placed import put_in_place
from casework.web.filters import local

ANEW = "heads.anew"  # the office's entry


class Unreadable(Exception):
    """The file of heads exists and cannot be used."""


@dataclass(frozen=True)
class Signed:
    """A head as it was at a moment (seconds since 1970), signed with Ed25519."""

    bureau: str  # its code
    place: int
    hash: str
    at: int
    signature: str

    @property
    def line(self) -> str:
        """One line of text that can be printed, mailed, photographed and typed in again."""
        return f"CASEWORK {self.bureau} {self.place} {self.hash} {self.at} {self.signature}"

    def genuine(self, key: VerifyKey) -> bool:
        """Whether this instance's key signed it."""
        try:
            key.verify(
                _said(self.bureau, self.place, self.hash, self.at), bytes.fromhex(self.signature)
            )
        except (BadSignatureError, ValueError):
            return False
        return True


def _said(bureau: str, place: int, hash_: str, at: int) -> bytes:
    return canonical({"bureau": bureau, "place": place, "hash": hash_, "at": at})


def signing_key(keys: KeyRing) -> SigningKey:
    """The Ed25519 key that signs heads; rotations of the key file do not change it."""
    return SigningKey(keys.derive("heads of the journals"))


def sign(keys: KeyRing, bureau: str, head: chain.Head, now: datetime) -> Signed:
    """The head of a bureau at ``now``."""
    at = int(now.timestamp())
    signature = signing_key(keys).sign(_said(bureau, head.place, head.hash, at)).signature.hex()
    return Signed(bureau, head.place, head.hash, at, signature)


def sign_newest(session: Session, bureau: Bureau, now: datetime) -> Signed:
    """The newest head of a bureau, signed under this instance's keys."""
    keys = current_app.extensions["vault"].keyring
    return sign(keys, bureau.code, chain.head(session, bureau.id), now)


# -- the file beside the database
def read_file(path: Path) -> dict[str, Signed]:
    """Heads by the bureau's code; none when there is no file. Unreadable when it is damaged."""
    try:
        raw = json.loads(path.read_text("utf-8"))["heads"]
        return {code: Signed(**head) for code, head in raw.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise Unreadable(path.name) from error


def heads_path() -> Path:
    """Path of the file of heads of this instance."""
    return Path(current_app.instance_path) / "heads.json"


def sign_heads(session: Session, now: datetime, anew: Collection[str] = ()) -> int:
    """Sign what is new since the file was written and replace it; answers how many bureaus moved
    on. OSError where the file cannot be written.

    A head is never taken back, and none is signed over a chain in which the one that was kept does
    not stand any more: what was cut off or rewritten stays for ``journal verify`` to name, however
    much is written after it. Where the one that was kept is gone nothing is signed either, but for
    bureaus (codes) that a person wants signed ``anew``."""
    path, keys = heads_path(), current_app.extensions["vault"].keyring
    try:
        kept = read_file(path)
    except Unreadable:
        os.replace(path, path.with_suffix(".damaged"))  # kept for whoever looks into it
        kept = {}
    bureaus = session.execute(select(Bureau.code, Bureau.id).order_by(Bureau.id)).all()
    on = {
        code: _further(session, keys, number, kept.get(code), code in anew)
        for code, number in bureaus
    }
    moved = {code: sign(keys, code, head, now) for code, head in on.items() if head}
    if moved:
        put_in_place(
            path,
            json.dumps(
                {"heads": {code: asdict(head) for code, head in {**kept, **moved}.items()}},
                indent=1,
            ),
        )
    return len(moved)


def _further(
    session: Session, keys: KeyRing, bureau_id: int, kept: Signed | None, anew: bool
) -> chain.Head | None:
    """The newest head where it may be signed after the one that was kept; None where nothing is
    new, or something is wrong."""
    head = chain.head(session, bureau_id)
    if kept is None:
        return head if _may_begin(session, bureau_id, anew) else None
    if (head.place, head.hash) == (kept.place, kept.hash):
        return None
    if any(loss.explains(kept.place, kept.at) for loss in losses(session, bureau_id)):
        # the one that was kept went with a copy that was brought back, and an entry says so
        return head
    if head.place <= kept.place or not stands(session, keys, bureau_id, kept):
        return None
    return head if _whole_after(session, bureau_id, chain.Head(kept.place, kept.hash)) else None


def _may_begin(session: Session, bureau_id: int, anew: bool) -> bool:
    """Whether heads may be signed where none was kept: no entry says that one was, or somebody
    said to begin anew."""
    first = anew or not was_signed(session, bureau_id)
    return first and _whole_after(session, bureau_id, chain.BEGINNING)


def _whole_after(session: Session, bureau_id: int, after: chain.Head) -> bool:
    """Whether each entry after a head, or each at all, hangs on the one before it."""
    return not any(chain.link_faults(session, bureau_id, {}, after=after))


def was_signed(session: Session, bureau_id: int) -> bool:
    """Whether a head of the bureau must lie beside the database: the first is signed before its
    rows are entered."""
    entered = (
        select(OfficeEntry.id)
        .where(OfficeEntry.bureau_id == bureau_id, OfficeEntry.what == BEGUN)
        .limit(1)
    )
    return session.scalar(entered) is not None


def sign_anew(why: str, now: datetime) -> tuple[list[str], list[str]]:
    """A person wants those bureaus signed again whose heads are gone, and says why; entered in the
    journal of each. Answers the codes of those that were signed, and of those whose chain does not
    hold."""
    kept = read_file(heads_path())
    with writing() as session:
        bureaus = session.scalars(select(Bureau).order_by(Bureau.id)).all()
        gone = [b for b in bureaus if b.code not in kept and was_signed(session, b.id)]
        holds = [b for b in gone if not any(chain.link_faults(session, b.id, {}))]
        for bureau in holds:
            said = {"why": why, "entries": chain.head(session, bureau.id).place}
            enter(session, bureau.id, None, ANEW, local(now), said)
        codes, broken = [b.code for b in holds], [b.code for b in gone if b not in holds]
    sign_heads(db.session(), now, codes)
    return codes, broken


def stands(session: Session, keys: KeyRing, bureau_id: int, kept: Signed) -> bool:
    """Whether this instance signed that head and its link is still where it was."""
    return (
        kept.genuine(signing_key(keys).verify_key)
        and chain.hash_at(session, bureau_id, kept.place) == kept.hash
    )


def newest_heads(session: Session) -> dict[str, chain.Head]:
    """The head of every bureau, by its code."""
    bureaus = session.execute(select(Bureau.code, Bureau.id).order_by(Bureau.id)).all()
    return {code: chain.head(session, number) for code, number in bureaus}
