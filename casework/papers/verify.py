"""Whether a PDF is a paper of ours: unchanged, changed since, withdrawn, destroyed or unknown.
Nothing is said of the case."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import date
from typing import IO

import pikepdf
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.papers.models import Paper
from casework.text import folded_number

UNCHANGED, WITHDRAWN, CHANGED, UNKNOWN = "unchanged", "withdrawn", "changed", "unknown"
DESTROYED = "destroyed"  # its number is ours, but nothing is left that it could be compared with


@dataclass(frozen=True)
class Verdict:
    """``result`` is one of the words above; kind, number and day only of a paper that is ours."""

    result: str
    kind: str = ""
    number: str = ""
    on: date | None = None
    stored: str = ""  # name of our own copy


def check_by_code(session: Session, number: str, code: str) -> Verdict:
    """What is known of a paper in somebody's hand, by the number and the short code printed on it,
    however they are typed.

    ``number``: the paper's own, or that of the case, which forms without a number of their own
    bear. One query by the code, whose eight characters nobody guesses; a wrong number is answered
    like a wrong code.
    """
    wanted = folded_number(number)
    papers = session.scalars(select(Paper).where(Paper.short_code == folded_number(code))).all()
    found = (
        p
        for p in papers
        if wanted and wanted in (folded_number(p.number), folded_number(p.case_number))
    )
    return _told(next(found, None))


def by_bytes(session: Session, stream: IO[bytes]) -> Verdict:
    """What is known of a file, by the digest of its bytes alone: it is read piece by piece and
    never opened."""
    digest = hashlib.sha256()
    while piece := stream.read(1 << 20):
        digest.update(piece)
    return _told(
        session.scalars(
            select(Paper).where(Paper.sha256 == digest.hexdigest()).order_by(Paper.id)
        ).first()
    )


def judge(session: Session, data: bytes) -> Verdict:
    """As ``by_bytes``, for staff: a file that bears the number of a paper of ours and has other
    bytes is told as changed, of a destroyed paper as destroyed."""
    found = by_bytes(session, io.BytesIO(data))
    number = _number(data) if found.result == UNKNOWN else ""
    alike = session.scalars(select(Paper).where(Paper.number == number)).first() if number else None
    if alike is None:
        return found
    return Verdict(CHANGED if alike.stored else DESTROYED, alike.kind, alike.number, alike.on)


def _told(paper: Paper | None) -> Verdict:
    if paper is None:
        return Verdict(UNKNOWN)
    result = WITHDRAWN if paper.state == "withdrawn" else (UNCHANGED if paper.stored else DESTROYED)
    return Verdict(result, paper.kind, paper.number or paper.case_number, paper.on, paper.stored)


def _number(data: bytes) -> str:
    """The number that the file's own properties give; empty for what is no PDF."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return str(pdf.docinfo.get("/Subject", ""))
    except (pikepdf.PdfError, ValueError):
        return ""
