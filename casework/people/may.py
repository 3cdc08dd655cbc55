"""The one place that says who may do what. Everything else asks here; the steps of a docket stand
in the procedure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

from flask import abort
from flask_login import current_user, login_required

from casework.people.models import Person
from casework.store import utcnow
from casework.web.errors import refuse
from casework.web.filters import SHANGHAI

EVERYBODY = frozenset(
    {"clerk", "officer", "head", "legal", "leader", "publisher", "custodian", "auditor", "admin"}
)
READERS = frozenset({"clerk", "officer", "head", "legal", "leader", "publisher", "auditor"})

ACTIONS: dict[str, frozenset[str]] = {
    "desk.home": EVERYBODY,
    "docket.see": READERS | {"custodian"},
    "docket.search": READERS,
    "paper.open": READERS,
    "file.open": frozenset({"clerk", "officer", "head", "legal", "leader"}),
    "message.see": frozenset({"clerk", "officer", "head", "leader"}),
    "paper.print": frozenset({"clerk", "officer", "head", "leader"}),
    "quality.sample": frozenset({"head", "legal", "leader", "auditor"}),
    "file.bind": frozenset({"clerk", "officer", "head", "legal", "leader"}),
    "step.take": READERS - {"auditor"},
    "report.receive": frozenset({"clerk"}),
    "report.triage": frozenset({"clerk"}),
    "case.many": frozenset({"head", "publisher"}),
    "batch.see": frozenset({"clerk", "head", "publisher"}),
    "mobilise": frozenset({"head", "leader"}),
    "case.open": frozenset({"head"}),
    "archive.see": frozenset({"clerk", "head", "leader", "auditor"}),
    "archive.propose": frozenset({"clerk", "head"}),
    "archive.confirm": frozenset({"head", "leader"}),
    "archive.hand_over": frozenset({"clerk", "head"}),
    "identity.open": frozenset({"officer", "head", "leader"}),
    "identity.grant": frozenset({"custodian"}),
    "statistics.see": READERS,
    "procedure.see": EVERYBODY,
    "audit.see": frozenset({"auditor"}),
    "clock.confirm": frozenset({"admin", "head", "leader"}),
    "anchor.see": frozenset({"auditor"}),
    "verified.see": frozenset({"auditor", "admin"}),
    "admin.people": frozenset({"admin"}),
    "office.proposals": frozenset({"admin", "head", "legal", "leader", "custodian", "auditor"}),
    "office.confirm": frozenset({"head", "legal", "leader"}),
    "self.see": EVERYBODY,
    "admin.settings": frozenset({"admin", "head"}),
    "settings.see": EVERYBODY,
}

# Roles that open identities, approve, audit, administer or confirm: given by two persons, and so is
# the password of whoever bears one. A test holds them against ACTIONS and the procedure's
# approvals.
GUARDED = frozenset({"admin", "auditor", "custodian", "head", "leader", "legal", "officer"})

REPORTS = {
    "clerk": "all",
    "head": "all",
    "leader": "all",
    "auditor": "all",
    "custodian": "all",
    "officer": "linked",
}
CASES = {
    "clerk": "all",
    "head": "all",
    "leader": "all",
    "legal": "all",
    "auditor": "all",
    "officer": "all",
    "publisher": "decided",
}
_WIDEST = ("all", "assigned", "linked", "decided", "none")


@dataclass(frozen=True)
class Scope:
    """What a person sees, as plain data; ``docket.visible`` turns it into SQL."""

    bureau_id: int
    person_id: int
    reports: str  # all · linked (to a case of theirs) · none
    cases: str  # all · assigned · decided · none


def today() -> date:
    """Today in Shanghai."""
    return utcnow().astimezone(SHANGHAI).date()


def scope(person: Person, day: date) -> Scope:
    """The widest of what the person's roles on that day see."""
    return scope_of(person.bureau_id, person.id, person.role_names(day))


def scope_of(bureau_id: int, person_id: int, roles: frozenset[str]) -> Scope:
    """The same for whoever holds those roles in a bureau."""
    return Scope(bureau_id, person_id, _widest(roles, REPORTS), _widest(roles, CASES))


def _widest(roles: frozenset[str], table: dict[str, str]) -> str:
    return min((table.get(r, "none") for r in roles), key=_WIDEST.index, default="none")


def may(person: Person, action: str, day: date) -> bool:
    """Whether one of the person's roles on that day allows the action. KeyError for an unknown
    action: fail closed."""
    return person.active and bool(person.role_names(day) & ACTIONS[action])


def require(action: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Signed out → sign-in; may not → 403 with the reason."""
    if action not in ACTIONS:
        raise KeyError(action)

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        @login_required
        def wrapped(*args: Any, **kw: Any) -> Any:
            if not may(current_user, action, today()):
                refuse(403, "Your role does not allow this.")
            return view(*args, **kw)

        wrapped.action = action  # type: ignore[attr-defined]
        return wrapped

    return wrap


def abort_unless(allowed: bool) -> None:
    """404 for what a person may not know of."""
    if not allowed:
        abort(404)
