"""What a mail server answered, in its own words, for the operator: without the password, the user
or anything of a mail."""

from __future__ import annotations

import base64
import re
from smtplib import SMTPResponseException

from imap_tools.errors import UnexpectedCommandStatusError

from casework.intake.charsets import decoded
from casework.mail.account import Account
from casework.text import without_invisible

LONGEST = 200  # characters of an answer that are shown
_ADDRESS = re.compile(r"[^\s<>\"'(),:;]+@[^\s<>\"'(),:;]+")


def server_words(error: BaseException, account: Account) -> str:
    """The server's own words in an error; "" where it holds none that may be shown.

    Only answers to a whole command are shown. What Python says of a broken line may hold a piece of
    a mail.
    """
    if isinstance(error, UnexpectedCommandStatusError):
        parts = [p for p in error.command_result[1] or () if isinstance(p, bytes)]
        return _clear(b" ".join(parts), account)
    if isinstance(error, SMTPResponseException):
        said = (
            error.smtp_error
            if isinstance(error.smtp_error, bytes)
            else str(error.smtp_error).encode()
        )
        # it may name the person who was written to
        words = _ADDRESS.sub("…", _clear(said, account))
        return f"{error.smtp_code} {words}".strip()
    return ""


def error_in_words(error: BaseException, account: Account) -> str:
    """The kind of an error, and the server's words (``server_words``) where there are any."""
    words = server_words(error, account)
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _clear(said: bytes, account: Account) -> str:
    text = " ".join(without_invisible(decoded(said)).split())
    for secret in _secrets(account):
        text = re.sub(re.escape(secret), "…", text, flags=re.IGNORECASE)
    return text[:LONGEST]


def _secrets(account: Account) -> list[str]:
    """Password and user, plain and as a sign-in sends them; the longest first."""
    pair = f"\0{account.user}\0{account.password}"
    encoded = [base64.b64encode(w.encode()).decode() for w in (account.password, pair) if w]
    return sorted(
        {s for s in (account.password, account.user, *encoded) if s}, key=len, reverse=True
    )
