"""What roles are called, in the person's language."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

_ROLES: dict[str, Callable[[], str]] = {
    "clerk": lambda: _("clerk"),
    "officer": lambda: _("officer"),
    "head": lambda: _("head of enforcement"),
    "legal": lambda: _("legal reviewer"),
    "leader": lambda: _("bureau leader"),
    "publisher": lambda: _("publisher"),
    "custodian": lambda: _("identity custodian"),
    "auditor": lambda: _("auditor"),
    "admin": lambda: _("administrator"),
    "system": lambda: _("the system"),
}


def role_word(role: str) -> str:
    """The name of a role."""
    return _ROLES[role]()
