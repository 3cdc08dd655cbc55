"""The page of a draft that was sent already: it says that the report is in."""

from __future__ import annotations

from flask import render_template

from casework.public import dialogue, form_token, resubmission


def sent_before(draft: str, once: str) -> str | None:
    """The page for whoever goes back to what was sent a moment ago, with the way to the receipt;
    None where it is not known that it was sent: the ticket of the preview tells it, for as long as
    a lost receipt is shown again."""
    code = resubmission.code_for_ticket(draft, once)
    if not code or dialogue.docket_of(code) is None:
        return None
    return render_template(
        "public/sent_already.html", draft=draft, once=once, token=form_token.token()
    )
