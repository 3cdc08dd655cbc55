"""What roles are called, in the person's language."""

from __future__ import annotations

from casework.procedure.roles import roles
from casework.web.language import current


def role_word(role: str) -> str:
    """The name of a role; of one that an earlier release had, what its rows say of it."""
    known = roles().get(role)
    return known.name.in_language(current()) if known else f"«{role}»"
