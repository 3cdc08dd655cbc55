"""A receipt code that is told while the person is still there: shown on the form, valid once the
tip is saved.

The code belongs to the form page and to the clerk before whom it is open
(``counter.code_of_sheet``); the browser session keeps which page that was, never the code. Until
that tip is saved every desk page says that a code was told for nothing yet, and the form opened
again for the channel gives the same code.
"""

from __future__ import annotations

from flask import session

TOLD = "told_code"


def note_told(channel: str, sheet: str) -> None:
    """Note in the session that the code of that form page was shown to be told."""
    session[TOLD] = {"channel": channel, "sheet": sheet}


def channel_waiting() -> str:
    """The channel whose form has a told code and is not saved; "" when there is none."""
    return str(session.get(TOLD, {}).get("channel", ""))


def sheet_of(channel: str) -> str:
    """The form page whose code was told and waits to be saved; "" when there is none for the
    channel."""
    told = session.get(TOLD, {})
    return str(told.get("sheet", "")) if told.get("channel") == channel else ""


def done(sheet: str = "") -> None:
    """Forget it: the form was saved or its code given up. "" means whichever waits."""
    if not sheet or session.get(TOLD, {}).get("sheet") == sheet:
        session.pop(TOLD, None)
