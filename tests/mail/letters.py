"""Mails as they come: made by hand, so that they can be as broken as in life."""

from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

SENDER, NAME = "13896541207@139.com", "冉小梅"
OWN = "jubao@example.cn"


def plain(
    subject: str = "反映某公司虚报产值",
    body: str = "该公司三季度多报产值。",
    number: str = "<1@139.com>",
) -> bytes:
    """An ordinary mail in UTF-8."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{NAME} <{SENDER}>", OWN, subject
    mail["Message-ID"], mail["Date"] = number, "Wed, 25 Nov 2026 09:00:00 +0800"
    mail.set_content(body)
    return mail.as_bytes()


def raw(body: bytes, content_type: str, subject: bytes = b"x", extra: bytes = b"") -> bytes:
    """A mail whose bytes are given."""
    head = (
        b"From: "
        + SENDER.encode()
        + b"\r\nTo: "
        + OWN.encode()
        + b"\r\nSubject: "
        + subject
        + b"\r\n"
        + extra
    )
    return (
        head + b"MIME-Version: 1.0\r\nContent-Type: " + content_type.encode() + b"\r\n\r\n" + body
    )


def with_files(count: int, size: int = 100) -> bytes:
    """Attachments of plain text."""
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = SENDER, "附件", f"<{count}-{size}@x>"
    mail.set_content("见附件")
    for n in range(count):
        mail.add_attachment(
            f"第{n}号 ".encode() + b"x" * size,
            maintype="text",
            subtype="plain",
            filename=f"证据{n}.txt",
        )
    return mail.as_bytes()


def nested(depth: int = 1) -> bytes:
    """A mail that holds a mail that holds a mail."""
    inner = MIMEMultipart("mixed")
    inner["From"], inner["Subject"] = "张主任 <zhang.zhuren@town.cn>", "按这个数报"
    inner.attach(MIMEText("请各企业按附表数字上报。", "plain", "utf-8"))
    table = MIMEText("a,b\n1,2\n", "csv", "utf-8")
    table.add_header("Content-Disposition", "attachment", filename=("utf-8", "", "附表.csv"))
    inner.attach(table)
    part = inner
    for n in range(depth):
        outer = MIMEMultipart("mixed")
        outer["From"], outer["Subject"], outer["Message-ID"] = SENDER, f"转发{n}", f"<n{depth}@x>"
        outer.attach(MIMEMessage(part))
        part = outer
    return part.as_bytes()
