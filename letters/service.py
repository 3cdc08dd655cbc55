"""The receipt that proves service."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from letters.base import Letter
from letters.parts import Officer, ServedPaper


class Method(StrEnum):
    """Ways of service (民事诉讼法 2023 §§87–95)."""

    DIRECT = "direct"
    LEFT = "left"
    ELECTRONIC = "electronic"
    ENTRUSTED = "entrusted"
    FORWARDED = "forwarded"
    POST = "post"
    PUBLIC = "public"


@dataclass(frozen=True, kw_only=True)
class ServiceReceipt(Letter):
    """送达回证 — 行政处罚法 §61; 民事诉讼法 §§87–95. The date of signature is the date of service.

    Printed before service: signature, witness and reason are filled in by hand.
    """

    kind = "service_receipt"
    two = ("officers",)

    cause: str
    recipient: str
    address: str
    method: Method
    papers: tuple[ServedPaper, ...]
    officers: tuple[Officer, ...]
    remarks: str = ""
