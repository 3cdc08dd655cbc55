"""Words of the administration pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from casework.desk.naming import role_word, setting_value
from casework.procedure.settings import Setting


def change_word(what: str) -> str:
    """What was changed."""
    return {
        "person.new": _("New person"), "person.change": _("Person changed"), "person.close": _("Account closed"),
        "person.open": _("Account opened again"), "person.password": _("New one-time password"),
        "role.give": _("Role given"), "role.end": _("Role ended"), "card.new": _("Enforcement card entered"),
        "tie.declare": _("Tie declared"), "bureau.change": _("Data of the bureau changed"),
        "mobilise.change": _("Township to be mobilised"),
        "setting": _("Number of the procedure confirmed"), "calendar": _("Calendar changed"),
        **_custody_words(),
    }[what]  # fmt: skip


def _custody_words() -> dict[str, str]:
    return {
        "custody.key": _("Custodian's key in use"), "custody.password": _("Password of a custodian's key changed"),
        "custody.reseal": _("Identities sealed anew"), "identity.ask": _("Identity asked for"),
        "identity.grant": _("Identity granted"), "identity.refuse": _("Identity refused"),
        "identity.open": _("Identity opened"), "identity.original": _("Sealed original opened"),
        "receipt.renew": _("New receipt code made"),
    }  # fmt: skip


def _names() -> dict[str, str]:
    return {
        "name": _("Name"), "login": _("Sign-in name"), "qualified": _("Legal qualification"), "role": _("Role"),
        "from_day": _("From"), "until_day": _("Until"), "lent_from": _("Lent by"), "number": _("Card number"),
        "valid_from": _("Valid from"), "valid_until": _("Valid until"), "credit_code": _("Credit code"),
        "reason": _("What ties you to it"), "prefix": _("Prefix of numbers"), "address": _("Address"), "phone": _("Telephone"),
        "email": _("E-mail"), "hours": _("Office hours"), "superior": _("Higher statistical body"),
        "government": _("Government (for reconsideration)"), "court": _("Court"), "bank": _("Bank where fines are paid"),
        "why": _("Reason"), "length": _("Hours"), "asker": _("For"), "papers": _("Papers in which it stands"),
        "renewed": _("In place of an earlier key"), "resealed": _("Sealed anew"), "left": _("Left"),
        "value": _("Value"), "first": _("First day"), "last": _("Last day"), "workday": _("Working day"),
        "handler": _("Handler"), "due": _("Deadline"), "result": _("Result"), "done": _("Closed"),
    }  # fmt: skip


def change_details(details: Mapping[str, Any]) -> str:
    """Every changed field with its new value."""
    names = _names()
    return "；".join(f"{names.get(k, k)} {_value(k, v)}" for k, v in details.items() if v not in (None, ""))


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return role_word(value) if key == "role" else str(value)


def stored_value(setting: Setting, value: str) -> str:
    """An earlier value of a setting in words."""
    return setting_value(replace(setting, value=value))
