"""Words of the administration pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from msgspec.structs import replace

from casework.desk.naming import role_word, setting_value
from casework.procedure.settings import Setting


def change_word(what: str) -> str:
    """What was changed."""
    return {
        "person.new": _("New person"),
        "person.change": _("Person changed"),
        "person.close": _("Account closed"),
        "person.open": _("Account opened again"),
        "person.password": _("New one-time password"),
        "role.give": _("Role given"),
        "role.end": _("Role ended"),
        "card.new": _("Enforcement card entered"),
        "tie.declare": _("Tie declared"),
        "bureau.change": _("Data of the bureau changed"),
        "mobilise.change": _("Township to be mobilised"),
        "setting": _("Number of the procedure confirmed"),
        "calendar": _("Calendar changed"),
        "phrases": _("Standard phrases changed"),
        "units": _("Unit register brought up to date"),
        "calendar.address": _("Address of a person's calendar made"),
        "calendar.end": _("Address of a person's calendar taken back"),
        "restored": _("Copy brought back"),
        "clock": _("Day confirmed after the clock jumped"),
        "guess": _("Wrong password or code typed"),
        "docket.destroyed": _("File destroyed"),
        "heads.anew": _("Records signed anew: their signed head was gone"),
        "anchor.print": _("Anchor sheet printed"),
        "anchor.mail": _("Anchor mailed"),
        **_draw_words(),
        **_custody_words(),
        **_proposal_words(),
    }[what]


def _draw_words() -> dict[str, str]:
    return {
        "draw.commit": _("Frame of a random draw committed"),
        "draw.withdraw": _("Random draw taken back"),
        "draw.number": _("Public number of a random draw typed"),
        "draw.result": _("Units drawn"),
    }


def _proposal_words() -> dict[str, str]:
    return {
        "propose": _("Proposed, for a second person to confirm"),
        "propose.agree": _("Accepted by the first of two"),
        "propose.confirm": _("Confirmed by a second person"),
        "propose.refuse": _("Refused by a second person"),
        "propose.withdraw": _("Proposal taken back"),
        "emergency": _("Emergency: given by the owner of the machine alone"),
    }


def kind_word(kind: str) -> str:
    """What kind of change two persons make (people.two_persons)."""
    return {
        "role": _("A role"),
        "password": _("A new one-time password, without second factor"),
        "open": _("The account is opened again"),
        "person": _("Data of the account"),
        "setting": _("A setting that protects"),
        "bureau": _("Data of the bureau"),
        "key": _("A custodian's key"),
    }[kind]


def proposal_state(state: str) -> str:
    """How a proposal stands."""
    return {
        "waiting": _("waits"),
        "confirmed": _("confirmed"),
        "refused": _("refused"),
        "withdrawn": _("taken back"),
    }[state]


def _custody_words() -> dict[str, str]:
    return {
        "custody.key": _("Custodian's key in use"),
        "custody.password": _("Password of a custodian's key changed"),
        "custody.reseal": _("Identities sealed anew"),
        "identity.ask": _("Identity asked for"),
        "identity.grant": _("Identity granted"),
        "identity.refuse": _("Identity refused"),
        "identity.open": _("Identity opened"),
        "identity.original": _("Sealed original opened"),
        "receipt.renew": _("New receipt code made"),
    }


def _names() -> dict[str, str]:
    return {
        "name": _("Name"),
        "login": _("Sign-in name"),
        "qualified": _("Legal qualification"),
        "team": _("Team"),
        "role": _("Role"),
        "from_day": _("From"),
        "until_day": _("Until"),
        "lent_from": _("Lent by"),
        "number": _("Card number"),
        "valid_from": _("Valid from"),
        "valid_until": _("Valid until"),
        "credit_code": _("Credit code"),
        "reason": _("What ties you to it"),
        "prefix": _("Prefix of numbers"),
        "address": _("Address"),
        "phone": _("Telephone"),
        "email": _("E-mail"),
        "hours": _("Office hours"),
        "superior": _("Higher statistical body"),
        "government": _("Government (for reconsideration)"),
        "court": _("Court"),
        "bank": _("Bank where fines are paid"),
        "why": _("Reason"),
        "length": _("Hours"),
        "asker": _("For"),
        "papers": _("Papers in which it stands"),
        "renewed": _("In place of an earlier key"),
        "resealed": _("Sealed anew"),
        "left": _("Left"),
        "change": _("Change"),
        "proposed_by": _("Proposed by"),
        "due_at": _("Takes effect"),
        "fingerprint": _("Digits of the key"),
        "value": _("Value"),
        "first": _("First day"),
        "last": _("Last day"),
        "workday": _("Working day"),
        "secret": _("Guessed at"),
        "handler": _("Handler"),
        "due": _("Deadline"),
        "result": _("Result"),
        "done": _("Closed"),
        "last_round": _("Last time the program worked"),
        "shown": _("Shown by the clock"),
        "made": _("Copy made"),
        "at": _("Brought back"),
        "known": _("Lost up to entry"),
        "known_at": _("Signed by"),
        "place": _("Number of the record"),
        "to": _("Sent to"),
        "ended": _("told that anchors end there"),
        "batch": _("Batch"),
        "docket": _("Record in the database"),
    }


def change_details(details: Mapping[str, Any]) -> str:
    """Every changed field with its new value."""
    names = _names()
    # of a setting, whose name stands beside it; of a copy that was brought back
    left_out = ("key", "name_zh", "seal")
    said = ((k, v) for k, v in details.items() if v not in (None, "") and k not in left_out)
    return "；".join(f"{names.get(k, k)} {_value(k, v)}" for k, v in said)


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if key == "change":
        return kind_word(value)
    if key == "secret":
        return _secret_word(value)
    return role_word(value) if key == "role" else str(value)


def _secret_word(secret: str) -> str:
    """Which secret somebody typed wrongly, within a session or, for the code, at sign-in."""
    return {
        "password": _("Password for signing in"),
        "code": _("Code of the second factor, with the right password"),
        "key": _("Password of a custodian's key"),
        "opening": _("One-time code of an identity"),
    }[secret]


def stored_value(setting: Setting, value: str) -> str:
    """An earlier value of a setting in words."""
    return setting_value(replace(setting, value=value))
