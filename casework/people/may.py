"""Whether somebody may do something, and which dockets they see. What each role may is data
(``procedure/roles.toml``); the steps of a docket stand in the procedure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

from flask_login import current_user, login_required

from casework.people.models import Person
from casework.procedure.kinds import kinds
from casework.procedure.roles import level, who_may
from casework.store import utcnow
from casework.web.errors import refuse
from casework.web.filters import SHANGHAI


@dataclass(frozen=True)
class Scope:
    """What a person sees, as plain data; ``docket.visible`` turns it into SQL."""

    bureau_id: int
    person_id: int
    sees: tuple[tuple[str, str], ...]  # each kind of docket, and the level: roles.toml

    def level(self, kind: str) -> str:
        """At which level they see a kind of docket. KeyError for an unknown one."""
        return dict(self.sees)[kind]


def today() -> date:
    """Today in Shanghai."""
    return utcnow().astimezone(SHANGHAI).date()


def scope(person: Person, day: date) -> Scope:
    """The widest of what the person's roles on that day see."""
    return scope_of(person.bureau_id, person.id, person.role_names(day))


def scope_of(bureau_id: int, person_id: int, roles: frozenset[str]) -> Scope:
    """The same for whoever holds those roles in a bureau."""
    return Scope(bureau_id, person_id, tuple((kind, level(roles, kind)) for kind in kinds()))


def may(person: Person, action: str, day: date) -> bool:
    """Whether one of the person's roles on that day allows the action. KeyError for an unknown
    action: fail closed."""
    return person.active and bool(person.role_names(day) & who_may(action))


def require(action: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Signed out → sign-in; may not → 403 with the reason. KeyError for an unknown permission, when
    the program starts."""
    who_may(action)

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
