"""A short reply with the number, where the bureau has switched it on; never to a list, a bounce or
a machine (RFC 3834)."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from flask import render_template
from flask_babel import gettext as _

from casework.mail.account import Account
from casework.mail.mail_content import Mail
from casework.mail.reply_loops import answers_by_itself, own_id
from casework.vault.receipt import grouped

PATIENCE = 30  # seconds
_CLOSED = 421  # as servers say it that are about to close the connection
_BULK = ("bulk", "list", "junk", "auto_reply")
_LISTS = (
    "list-id",
    "list-unsubscribe",
    "list-post",
    "list-help",
    "mailing-list",
    "x-mailing-list",
    "x-loop",
)
_MACHINES = (
    "mailer-daemon",
    "postmaster",
    "noreply",
    "no-reply",
    "donotreply",
    "do-not-reply",
    "owner-",
    "listserv",
)


class NotSent(Exception):
    """A reply did not go out. ``why``: away · login · sender · recipient · letter; ``code``: the
    server's, 0 for none; ``passing``: another time it may go."""

    def __init__(self, why: str, code: int, passing: bool) -> None:
        super().__init__(f"{why} {code}")
        self.why, self.code, self.passing = why, code, passing


def recipient(mail: Mail, own: str) -> str:
    """The address to which a reply to a mail may go; "" where none may (lists, bounces, programs,
    several senders: RFC 3834). ``own``: the bureau's own address."""
    names = [a for _n, a in mail.senders]
    sender = _single(mail.header("from"), names)
    silent = (
        not sender
        or sender.lower() == own.lower()
        or mail.reports
        or _is_machine(sender)
        or answers_by_itself(mail)
        or _sent_by_program(mail)
        or not _comes_from(mail, sender)
        or not _names_us(mail, own)
    )
    return "" if silent else sender


def _sent_by_program(mail: Mail) -> bool:
    """Whether the mail says of itself that a program or a list sent it, or that it wants no
    answer."""
    submitted = mail.header("auto-submitted").split(";")[0].strip().lower()
    if submitted not in ("", "no") or mail.header("precedence").lower() in _BULK:
        return True
    unanswered = (*_LISTS, "x-auto-response-suppress", "x-autoreply", "x-autorespond")
    return any(mail.header(name) for name in unanswered)


def _single(value: str, known: list[str]) -> str:
    """The one address of From; "" for none or several."""
    found = {a for a in known if a in value}
    return found.pop() if len(found) == 1 else ""


def _is_machine(sender: str) -> bool:
    box = sender.lower().split("@")[0]
    return box.startswith(_MACHINES) or box.endswith(("-request", "-bounces", "-owner"))


def _comes_from(mail: Mail, sender: str) -> bool:
    """Where the server noted the envelope, it must name the same person: an empty one is a bounce,
    another a list."""
    if not any(k == "return-path" for k, _v in mail.headers):
        return True
    return mail.header("return-path").strip("<> ").lower() == sender.lower()


def _names_us(mail: Mail, own: str) -> bool:
    """The mail was written to the bureau, not to somebody who passed it on."""
    addressed = " ".join(v for k, v in mail.headers if k in ("to", "cc")).lower()
    return bool(own) and own.lower() in addressed


def letter(
    mail: Mail, docket_id: int, number: str, code: str, account: Account, to: str
) -> EmailMessage:
    """The reply to a tip with its number and receipt code, and nothing of what was written."""
    reply = EmailMessage()
    reply["Subject"] = _("Your letter has arrived")
    reply["From"] = Address(addr_spec=account.address)
    reply["To"] = Address(addr_spec=to)
    reply["Date"] = formatdate(localtime=True)
    reply["Message-ID"] = own_id(docket_id, account.address.split("@")[-1])
    reply["Auto-Submitted"] = "auto-replied"
    reply["X-Auto-Response-Suppress"] = "All"
    answered = mail.header("message-id")
    if answered.isascii() and answered.startswith("<") and " " not in answered:
        reply["In-Reply-To"] = reply["References"] = answered
    reply.set_content(render_template("mail/reply.txt", number=number, code=grouped(code)))
    return reply


def deliver(reply: EmailMessage, account: Account, to: str) -> None:
    """Send a reply. Error: NotSent where it did not go out.

    An empty envelope sender first, so that nothing ever comes back (RFC 3834). 163, QQ and others
    take nothing but the address that signed in: then that one. ``Auto-Submitted`` keeps other
    programs from answering, and what a server sends back is known by its Message-ID.
    """
    senders = [account.address, *([account.user] if "@" in account.user else [])]
    refused = NotSent("sender", 0, passing=False)
    for sender in dict.fromkeys(["", *senders]):
        try:
            _deliver(reply, account, sender, to)
            return
        except NotSent as error:
            refused = error
            if error.why in ("away", "login") and error.code != _CLOSED:
                break
    raise refused


def _deliver(reply: EmailMessage, account: Account, sender: str, to: str) -> None:
    try:
        server = connected(account)
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent("login", error.smtp_code, passing=True) from None
    except OSError:  # smtplib's errors are OSErrors; what they say may name the sender
        raise NotSent("away", 0, passing=True) from None
    try:
        server.send_message(reply, from_addr=sender, to_addrs=[to])
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused("recipient", error.recipients[to][0]) from None
    except smtplib.SMTPResponseException as error:
        raise _refused(
            "sender" if isinstance(error, smtplib.SMTPSenderRefused) else "letter", error.smtp_code
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise NotSent("recipient", 0, passing=False) from None
    except smtplib.SMTPServerDisconnected:  # some servers answer a sender they do not like so
        raise NotSent("away", _CLOSED, passing=True) from None
    except OSError:
        raise NotSent("away", 0, passing=True) from None
    finally:
        with suppress(OSError):
            server.quit()


def _refused(why: str, code: int) -> NotSent:
    return NotSent(why, code, passing=code < 500)


def connected(account: Account) -> smtplib.SMTP:
    """A context with the signed-in connection to the bureau's SMTP server; in clear on this machine
    only (``account_of`` sees to that). Errors: OSError and smtplib's."""
    host, port = account.smtp_host or account.host, account.smtp_port
    if account.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=PATIENCE, context=account.context()
        )
    else:
        server = smtplib.SMTP(host, port, timeout=PATIENCE)
        if account.security == "starttls":
            server.starttls(context=account.context())
    server.ehlo_or_helo_if_needed()
    if account.user and server.has_extn("auth"):
        server.login(account.user, account.password)
    return server
