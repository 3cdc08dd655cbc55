"""Custodians' keys: making one, its password, its loss, and sealing everything anew when custodians
change.

A key is in use only after its printed recovery key was typed back and others have accepted it: a
custodian who has one, or, for the first, an administrator and then a leader (decision 0042). Until
then nothing is sealed to it. Nothing here can open an identity without a word that a custodian
types.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from nacl.public import PrivateKey
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from casework.docket.models import Docket
from casework.informants.models import CustodianKey, Identity, SpareKey
from casework.people import guessing, passwords, two_persons
from casework.people.facts import settings_of
from casework.people.may import today
from casework.people.models import OfficeProposal, Person
from casework.people.office import NotPossible
from casework.people.office_journal import enter
from casework.people.reference_cache import reference
from casework.people.row_journal import note_where
from casework.procedure.roles import who_may
from casework.store import db, table, writing
from casework.vault import halves
from casework.vault import identity as seals
from casework.vault.sealing import Vault

BATCH = 50  # identities sealed anew in one transaction


def present_keys(bureau_id: int) -> list[CustodianKey]:
    """Keys of those who are custodians today, to which identities are sealed. A key that others did
    not accept is not among them."""
    known, day = reference(bureau_id), today()
    query = select(CustodianKey, Person).join(Person, Person.id == CustodianKey.person_id)
    rows = db.session.execute(query.where(CustodianKey.bureau_id == bureau_id))
    keepers = who_may("identity.grant")
    mine = [key for key, person in rows if person.active and known.roles(person.id, day) & keepers]
    return [key for key in mine if key.record == known.custodian_key(key.person_id)]


def may_name(bureau_id: int) -> bool:
    """Whether an informant's name could be kept today: the bureau has enough custodians. Forms ask
    for none otherwise. Kept in memory for a short time."""
    day = today()
    return reference(bureau_id).keep(
        ("custodians", day), lambda: len(present_keys(bureau_id)) >= min(2, needed(bureau_id))
    )


def needed(bureau_id: int) -> int:
    """Number of custodians who must agree to an opening; from two on no single one can open what is
    sealed."""
    return max(1, int(settings_of(bureau_id, today()).number("identity.custodians")))


def others(person: Person) -> list[Person]:
    """The other custodians of today who have a key in use."""
    keys = [k.person_id for k in present_keys(person.bureau_id) if k.person_id != person.id]
    return list(db.session.scalars(select(Person).where(Person.id.in_(keys)).order_by(Person.name)))


def _public_keys(bureau_id: int) -> list[bytes]:
    return [seals.public_key(k.record) for k in present_keys(bureau_id)]


def _digest(keys: Iterable[bytes], two: bool) -> str:
    return hashlib.sha256((b"two" if two else b"") + b"".join(sorted(keys))).hexdigest()


def _sealed(bureau_id: int, keys: list[bytes], who: bytes) -> bytes:
    return (
        halves.seal_halves(keys, who) if needed(bureau_id) > 1 else seals.seal_identity(keys, who)
    )


@dataclass(frozen=True)
class Sealed:
    """An identity sealed to custodians, and the digest of their keys."""

    data: bytes
    to: str
    named: bool = True  # False: it holds only an original that may tell who the informant is

    def row(self, docket_id: int) -> Identity:
        """The identity's row for a report. What is sealed is bound to the report's id, so that two
        exchanged rows do not open."""
        sealed = _vault().seal("identity", _row(docket_id), self.data)
        return Identity(docket_id=docket_id, sealed=sealed, sealed_to=self.to, named=self.named)


def seal_identity(bureau_id: int, who: bytes, named: bool = True) -> Sealed:
    """Seal an identity (JSON) to every present custodian, or to each pair of them where two must
    agree. ``named``: whether it holds a name. Error: LookupError when there are too few
    custodians."""
    keys = _public_keys(bureau_id)
    if not may_name(bureau_id):
        raise LookupError("the bureau has too few custodians")
    return Sealed(_sealed(bureau_id, keys, who), _digest(keys, needed(bureau_id) > 1), named)


def unwrapped(identity: Identity) -> bytes:
    """What is sealed to the custodians, without the server's own layer. Error: Tampered when the
    row is not its own."""
    return _vault().open("identity", _row(identity.docket_id), identity.sealed)


def _row(docket_id: int) -> str:
    return f"docket:{docket_id}"


def _vault() -> Vault:
    vault: Vault = current_app.extensions["vault"]
    return vault


def note_for_auditor(
    session: Session, person: Person, what: str, about: str, **details: Any
) -> None:
    """Write an entry of the office's journal about an identity, in the caller's transaction."""
    enter(session, person.bureau_id, person.id, what, about, details)


# -- a custodian's own key
def key_of(person: Person) -> CustodianKey | None:
    """The person's key in use; None without one."""
    return db.session.get(CustodianKey, person.id)


def draft_of(person: Person) -> SpareKey | None:
    """The person's new key whose recovery key was not typed back yet; None without one."""
    return db.session.scalars(
        select(SpareKey).where(SpareKey.person_id == person.id, SpareKey.state == "draft")
    ).one_or_none()


def make_key(person: Person, password: str, again: str) -> str:
    """Make a key, not in use yet, and answer its recovery key, which is kept nowhere. Error:
    NotPossible for a password that is too weak, or typed in two ways."""
    _check_password(person, password, again)
    record, recovery = seals.new_custodian(password)
    with writing() as session:
        drafts = (SpareKey.person_id == person.id, SpareKey.state == "draft")
        note_where(session, table(SpareKey), *drafts)
        session.execute(delete(SpareKey).where(*drafts))
        session.add(SpareKey(person_id=person.id, state="draft", record=record))
    return recovery


def _check_password(person: Person, password: str, again: str) -> None:
    if passwords.too_weak(password, person):
        raise NotPossible(
            "The new password needs twelve characters or more that "
            "nobody guesses: no names, common wor"
            "ds, years or rows of keys alone."
        )
    if password != again:
        raise NotPossible("The two new passwords differ.")
    guessing.count_guess(person, "password")  # the answer to the next question tells whether it is
    if passwords.matches(person, password):
        raise NotPossible("Choose another password than the one you sign in with.")


def waiting_of(person: Person) -> SpareKey | None:
    """The person's new key that others have still to accept; None without one, and once they
    refused it."""
    asked = select(OfficeProposal.id).where(
        OfficeProposal.kind == "key",
        OfficeProposal.person_id == person.id,
        OfficeProposal.state == two_persons.WAITING,
    )
    found: SpareKey | None = db.session.scalars(
        _waiting(person).where(asked.exists())
    ).one_or_none()
    return found


def _waiting(person: Person) -> Any:
    return select(SpareKey).where(SpareKey.person_id == person.id, SpareKey.state == "waiting")


def key_fingerprint(record: bytes) -> str:
    """Twenty digits of a public key, which two people compare."""
    digits = f"{int.from_bytes(hashlib.sha256(seals.public_key(record)).digest()) % 10**20:020d}"
    return " ".join(digits[i : i + 5] for i in range(0, 20, 5))


def confirm_key(person: Person, typed: str) -> None:
    """Take the recovery key that was typed back: the new key then waits for others to accept it, in
    place of one that waited before. Error: NotPossible without a new key, or for another recovery
    key."""
    draft = draft_of(person)
    if draft is None:
        raise NotPossible("There is no new key that waits for this.")
    if not seals.opens_with_recovery(draft.record, typed):
        raise NotPossible(
            "This is not the recovery key. Compare it with the paper, group by group."
        )
    with writing() as session:
        draft = session.get_one(SpareKey, draft.id)
        two_persons.give_up(session, person, "key")
        for before in session.scalars(_waiting(person)).all():
            session.delete(before)
        draft.state = "waiting"
        details = {"fingerprint": key_fingerprint(draft.record)}
        two_persons.propose(session, person, two_persons.Wanted("key", person, details, ""))


def _take_into_use(session: Session, proposal: OfficeProposal, actor: Person | None) -> str:
    """An earlier key stays until nothing is sealed to it."""
    person = session.get_one(Person, proposal.person_id)
    waiting = session.scalars(_waiting(person)).one_or_none()
    if waiting is None or key_fingerprint(waiting.record) != proposal.details["fingerprint"]:
        raise NotPossible("There is no new key that waits for this.")
    present = session.get(CustodianKey, person.id)
    if present is None:
        session.add(
            CustodianKey(person_id=person.id, bureau_id=person.bureau_id, record=waiting.record)
        )
    else:
        session.add(SpareKey(person_id=person.id, state="old", record=present.record))
        present.record = waiting.record
    session.delete(waiting)
    enter(
        session,
        person.bureau_id,
        actor.id if actor else None,
        "custody.key",
        person.name,
        {"renewed": present is not None},
    )
    return ""


def _other_holders(proposal: OfficeProposal) -> set[int]:
    """Custodians of today who have a key, but the one whose key waits."""
    return {k.person_id for k in present_keys(proposal.bureau_id)} - {proposal.person_id or 0}


def _may_accept(_session: Session, proposal: OfficeProposal, person: Person) -> bool:
    """Whoever has a key already; for the first, an administrator, and after that whoever confirms
    changes of the office."""
    if holders := _other_holders(proposal):
        return person.id in holders
    wanted = "admin.people" if proposal.agreed_by is None else "office.confirm"
    return bool(person.role_names(today()) & who_may(wanted))


def _how_many_accept(_session: Session, proposal: OfficeProposal) -> int:
    return 1 if _other_holders(proposal) else 2


two_persons.KINDS["key"] = two_persons.Kind(
    _take_into_use,
    "identity.grant",
    _may_accept,
    _how_many_accept,
    for_oneself=True,
    asks_why=False,
)


def change_password(person: Person, old: str, new: str, again: str) -> None:
    """Set a new password for the key in use; ``old`` is the present one or the recovery key, which
    stays. Error: NotPossible without a key, when ``old`` is neither, or for a password that is too
    weak or typed in two ways."""
    _check_password(person, new, again)
    key = key_of(person)
    if key is None:
        raise NotPossible("You have no key yet.")
    if new == old:
        raise NotPossible("The new password is the present one. Choose another.")
    record = guessing.guarded(person, "key", lambda: _changed(key.record, old, new))
    if record is None:
        raise NotPossible("Neither the password of your key nor its recovery key.")
    with writing() as session:
        session.get_one(CustodianKey, person.id).record = record
        note_for_auditor(session, person, "custody.password", person.name)


def _changed(record: bytes, old: str, new: str) -> bytes | None:
    try:
        return seals.change_password(record, old, new)
    except seals.WrongPassword:
        return None


def unlocked(person: Person, word: str) -> list[PrivateKey]:
    """The person's keys, earlier ones among them, that a password or recovery key opens. Error:
    NotPossible when it opens none, which is counted as a guess."""
    found = guessing.guarded(person, "key", lambda: _opens(person, word))
    if not found:
        raise NotPossible("Neither the password of your key nor its recovery key.")
    return found


def _opens(person: Person, word: str) -> list[PrivateKey]:
    key = key_of(person)
    old = db.session.scalars(
        select(SpareKey.record).where(SpareKey.person_id == person.id, SpareKey.state == "old")
    )
    found = []
    for record in [*([key.record] if key else []), *old]:
        try:
            found.append(seals.unlock(record, word))
        except seals.WrongPassword:
            continue
    return found


# -- sealing anew
@dataclass(frozen=True)
class Count:
    """How many identities the bureau has, and how many are not sealed to the present custodians."""

    total: int
    left: int  # not sealed to the present custodians
    lost: int  # among those left: no key of any custodian here opens them

    @property
    def done(self) -> int:
        """Number of those that are sealed to the present custodians."""
        return self.total - self.left


def _of(bureau_id: int) -> Any:
    return (
        select(Identity)
        .join(Docket, Docket.id == Identity.docket_id)
        .where(Docket.bureau_id == bureau_id)
    )


def count(bureau_id: int) -> Count:
    """The bureau's :class:`Count`, for the custodians' page."""
    to = _digest(_public_keys(bureau_id), needed(bureau_id) > 1)
    query = select(func.count()).select_from(_of(bureau_id).subquery())
    left = db.session.scalars(_of(bureau_id).where(Identity.sealed_to != to)).all()
    known = _known_keys(bureau_id) if left else frozenset()
    lost = sum(1 for i in left if not halves.openable(unwrapped(i), known))
    return Count(db.session.scalar(query) or 0, len(left), lost)


def _known_keys(bureau_id: int) -> frozenset[bytes]:
    """Public keys whose private halves lie here under somebody's password."""
    used = db.session.scalars(
        select(CustodianKey.record).where(CustodianKey.bureau_id == bureau_id)
    ).all()
    old = db.session.scalars(
        select(SpareKey.record)
        .join(Person, Person.id == SpareKey.person_id)
        .where(Person.bureau_id == bureau_id, SpareKey.state == "old")
    ).all()
    return frozenset(seals.public_key(r) for r in (*used, *old))


def reseal(
    person: Person, word: str, limit: int = 2000, beside: tuple[Person, str] | None = None
) -> int:
    """Seal up to ``limit`` identities to the present custodians, and answer how many were.
    ``word``: the person's password or recovery key; ``beside``: another custodian who types their
    own, where two are needed. What these keys do not open stays for others. Earlier keys are
    deleted when no identity is left that is sealed to them. Error: NotPossible without a key, for a
    wrong word, or where two must agree and one is there."""
    keys, privates = _public_keys(person.bureau_id), unlocked(person, word)
    privates += unlocked(*beside) if beside else []
    two = needed(person.bureau_id) > 1
    if not keys:
        raise NotPossible("You have no key yet.")
    if two and len(keys) < 2:
        raise NotPossible("Two custodians must have their keys first.")
    to, done = _digest(keys, two), 0

    def again(who: bytes) -> Sealed:
        return Sealed(_sealed(person.bureau_id, keys, who), to)

    wanted = (
        _of(person.bureau_id).with_only_columns(Identity.docket_id).where(Identity.sealed_to != to)
    )
    numbers = list(db.session.scalars(wanted.order_by(Identity.docket_id)))
    for start in range(0, len(numbers), BATCH):
        if done >= limit:
            break
        with writing() as session:
            batch = numbers[start : start + BATCH]
            done += sum(_reseal(session, n, privates, again) for n in batch)
    _retire(person, to, done)
    return done


def _reseal(
    session: Session, docket_id: int, privates: list[PrivateKey], again: Callable[[bytes], Sealed]
) -> bool:
    row = session.get_one(Identity, docket_id)
    who = _opened(unwrapped(row), privates)
    if who is None:
        return False
    fresh = again(who).row(docket_id)
    row.sealed, row.sealed_to = fresh.sealed, fresh.sealed_to
    return True


def _opened(sealed: bytes, privates: list[PrivateKey]) -> bytes | None:
    """With whatever keys are at hand; None when they do not open it."""
    if halves.takes_two(sealed):
        return halves.open_together(privates, sealed)
    mine = next((p for p in privates if bytes(p.public_key) in seals.sealed_to(sealed)), None)
    return seals.open_with(mine, sealed) if mine else None


def _retire(person: Person, to: str, done: int) -> None:
    """Earlier keys are deleted once no identity is sealed to any of them."""
    left = db.session.scalar(
        _of(person.bureau_id).with_only_columns(func.count()).where(Identity.sealed_to != to)
    )
    with writing() as session:
        staff = select(Person.id).where(Person.bureau_id == person.bureau_id)
        if not left:
            old = (SpareKey.state == "old", SpareKey.person_id.in_(staff))
            note_where(session, table(SpareKey), *old)
            session.execute(delete(SpareKey).where(*old))
        note_for_auditor(
            session, person, "custody.reseal", person.name, resealed=done, left=left or 0
        )
