"""Whether a PDF is one of ours: byte for byte, changed since, withdrawn, or unknown. Says nothing about the case."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import date

import pikepdf
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.papers.models import Paper

UNCHANGED, WITHDRAWN, CHANGED, UNKNOWN = "unchanged", "withdrawn", "changed", "unknown"


@dataclass(frozen=True)
class Verdict:
    """``result`` is one of the four words above; kind, number and day only of a paper that is ours."""

    result: str
    kind: str = ""
    number: str = ""
    on: date | None = None


def judge(session: Session, data: bytes) -> Verdict:
    """By the digest of the bytes; a file that merely bears the number of a paper of ours has been changed."""
    paper = session.scalars(select(Paper).where(Paper.sha256 == hashlib.sha256(data).hexdigest())).first()
    if paper is not None:
        return _of(paper, WITHDRAWN if paper.state == "withdrawn" else UNCHANGED)
    number = _number(data)
    alike = session.scalars(select(Paper).where(Paper.number == number)).first() if number else None
    return _of(alike, CHANGED) if alike is not None else Verdict(UNKNOWN)


def _of(paper: Paper, result: str) -> Verdict:
    return Verdict(result, paper.kind, paper.number, paper.on)


def _number(data: bytes) -> str:
    """The number that the file's own properties give; empty for what is no PDF."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return str(pdf.docinfo.get("/Subject", ""))
    except (pikepdf.PdfError, ValueError):
        return ""
