"""A short reply with the number, where the bureau has switched it on; never to a list, a bounce or a machine (RFC 3834)."""

from __future__ import annotations

import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from flask import render_template
from flask_babel import gettext as _

from casework.intake.mail import Mail
from casework.intake.mail_account import Account
from casework.intake.receive import Received
from casework.vault.receipt import grouped

PATIENCE = 30  # seconds
_BULK = ("bulk", "list", "junk", "auto_reply")
_LISTS = ("list-id", "list-unsubscribe", "list-post", "list-help", "mailing-list", "x-mailing-list", "x-loop")
_MACHINES = ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "owner-", "listserv")


def recipient(mail: Mail, own: str) -> str:
    """To whom a reply may go; "" where none may: then nobody is written to, and nothing is said of it."""
    names = [a for _n, a in mail.senders]
    sender = _single(mail.header("from"), names)
    silent = (
        not sender or sender.lower() == own.lower() or mail.reports or _is_machine(sender)
        or mail.header("auto-submitted").split(";")[0].strip().lower() not in ("", "no")
        or mail.header("precedence").lower() in _BULK
        or any(mail.header(h) for h in (*_LISTS, "x-auto-response-suppress", "x-autoreply", "x-autorespond"))
        or not _comes_from(mail, sender) or not _names_us(mail, own)
    )  # fmt: skip
    return "" if silent else sender


def _single(value: str, known: list[str]) -> str:
    """The one address of From; "" for none or several."""
    found = {a for a in known if a in value}
    return found.pop() if len(found) == 1 else ""


def _is_machine(sender: str) -> bool:
    box = sender.lower().split("@")[0]
    return box.startswith(_MACHINES) or box.endswith(("-request", "-bounces", "-owner"))


def _comes_from(mail: Mail, sender: str) -> bool:
    """Where the server noted the envelope, it must name the same person: an empty one is a bounce, another a list."""
    if not any(k == "return-path" for k, _v in mail.headers):
        return True
    return mail.header("return-path").strip("<> ").lower() == sender.lower()


def _names_us(mail: Mail, own: str) -> bool:
    """The mail was written to the bureau, not to somebody who passed it on."""
    addressed = " ".join(v for k, v in mail.headers if k in ("to", "cc")).lower()
    return bool(own) and own.lower() in addressed


def letter(mail: Mail, received: Received, account: Account, to: str) -> EmailMessage:
    """The reply: number and code, nothing of what was written."""
    reply = EmailMessage()
    reply["Subject"] = _("Your letter has arrived")
    reply["From"] = Address(addr_spec=account.address)
    reply["To"] = Address(addr_spec=to)
    reply["Date"] = formatdate(localtime=True)
    reply["Message-ID"] = make_msgid(domain=account.address.split("@")[-1])
    reply["Auto-Submitted"] = "auto-replied"
    reply["X-Auto-Response-Suppress"] = "All"
    number = mail.header("message-id")
    if number.isascii() and number.startswith("<") and " " not in number:
        reply["In-Reply-To"] = reply["References"] = number
    reply.set_content(render_template("mail/reply.txt", number=received.number, code=grouped(received.code)))
    return reply


def send(mail: Mail, received: Received, account: Account) -> bool:
    """Send it with an empty envelope sender, so that nothing ever comes back; False where no reply may go."""
    to = recipient(mail, account.address)
    if not to:
        return False
    with connected(account) as server:
        server.send_message(letter(mail, received, account, to), from_addr="", to_addrs=[to])
    return True


def connected(account: Account) -> smtplib.SMTP:
    """Signed in to the bureau's server; in clear on this machine only (``account_of`` sees to that)."""
    host, port = account.smtp_host or account.host, account.smtp_port
    if account.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=account.context())
    else:
        server = smtplib.SMTP(host, port, timeout=PATIENCE)
        if account.security == "starttls":
            server.starttls(context=account.context())
    server.ehlo_or_helo_if_needed()
    if account.user and server.has_extn("auth"):
        server.login(account.user, account.password)
    return server
