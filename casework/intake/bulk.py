"""A list of tips from another bureau: first what would become of each row, then all of it or nothing, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import Field

from casework.acts.facts import blank
from casework.intake import arrivals, custody, sheets
from casework.intake.columns import fields_of, typed
from casework.intake.receive import Asked, receive_in
from casework.procedure.facts import Facts
from casework.store import db, utcnow, writing
from forms.intake import Receive

CHANNEL = "department"
WHO = ("who_name", "who_contact")


@dataclass(frozen=True)
class Source:
    """What a handover says once for all its rows; a column of the list says it of one row."""

    name: str  # of the file
    body: str = ""
    number: str = ""
    day: str = ""


@dataclass(frozen=True)
class Row:
    """One row and its fate: good · wrong (``errors``: label and reason) · here (as ``docket_id``, or an earlier row)."""

    line: int
    subject: str
    fate: str
    errors: tuple[tuple[str, str], ...] = ()
    docket_id: int | None = None
    asked: Asked | None = None
    content: bytes = b""


@dataclass(frozen=True)
class Judged:
    """Every row of a list."""

    rows: list[Row]

    def count(self, fate: str) -> int:
        """How many share that fate."""
        return sum(r.fate == fate for r in self.rows)

    @property
    def may_go_on(self) -> bool:
        """Nothing is wrong and something is new."""
        return not self.count("wrong") and self.count("good") > 0


class NotGood(ValueError):
    """The list changed its fate since it was looked at: nothing was written."""


def judge(bureau_id: int, actor_id: int | None, data: bytes, source: Source) -> Judged:
    """What would become of each row. BadSheet or BadHeads when the file is no list of tips."""
    sheet = sheets.read(data)
    names = fields_of(sheet.heads)
    facts = blank(db.session(), bureau_id, "report", actor_id)
    may_name, seen = custody.may_name(bureau_id), dict[bytes, int]()
    rows = []
    for line, cells in sheet.rows:
        filled = {n: typed(n, c, facts.townships) for n, c in zip(names, cells, strict=True) if n and n != "skip"}
        rows.append(_judged(facts, line, filled, source, may_name, seen))
    return Judged(rows)


def _judged(
    facts: Facts, line: int, filled: dict[str, list[str]], source: Source, may_name: bool, seen: dict[bytes, int]
) -> Row:
    form = Receive(facts, _formdata(facts, filled, source, line), channel=CHANNEL, may_name=may_name)
    good, subject = form.validate(), (filled["subject"] or [""])[0]
    errors = [(str(f.label.text), _reason(f)) for f in form if f.errors]
    if not may_name and any(v for n in WHO for v in filled.get(n, [])):
        errors.append(("", "who"))
    if not good or errors:
        return Row(line, subject[:60], "wrong", tuple(errors))
    content = _content(form, filled)
    if content in seen:
        return Row(line, subject, "here", (("", str(seen[content])),))
    seen[content] = line
    if arrivals.known(facts.bureau.id, content):
        return Row(line, subject, "here", docket_id=arrivals.docket_of(facts.bureau.id, content))
    who = form.who()
    sealed = custody.seal(facts.bureau.id, who) if who else None
    actor = facts.actor.id if facts.actor else None
    asked = Asked(facts.bureau.id, form.payload(), actor, form.day(), sealed=sealed, with_code=False)
    return Row(line, subject, "good", asked=asked, content=content)


def _reason(field: Field) -> str:
    """Why a cell is not good, with its words where it is a choice. What WTForms says by itself is said in ours."""
    if field.type in ("SelectField", "ChecksField"):
        return _("«%(words)s» is not a choice here", words="、".join(field.raw_data or [])[:60])
    said = str(field.errors[0])
    return _("too long") if said.startswith("Field cannot be longer") else said


def _formdata(facts: Facts, filled: dict[str, list[str]], source: Source, line: int) -> MultiDict[str, str]:
    """What a clerk would have typed."""
    common = {"source_body": source.body, "source_number": source.number, "source_day": source.day}
    typed_in = MultiDict({"channel": CHANNEL, "survey_by": "bureau", "subject_kind": "unknown", "township": ""})
    typed_in["on"] = facts.today.isoformat()
    typed_in["original_at"] = f"{source.name[:120]} #{line}"
    for name, value in common.items():
        typed_in[name] = value
    for name, values in filled.items():
        if any(values):
            typed_in.setlist(name, values)
    return typed_in


def _content(form: Receive, filled: dict[str, list[str]]) -> bytes:
    """Fingerprint of what the row says: not of the file's name, the day of the import, or who is behind it."""
    counts: dict[str, Any] = {k: v for k, v in form.payload().items() if k not in ("original_at", "earlier")}
    counts["on"] = form.day().isoformat() if any(filled.get("on", [])) else ""
    return arrivals.fingerprint("row", json.dumps(counts, sort_keys=True, ensure_ascii=False).encode())


def take_all(
    bureau_id: int, judged: Judged, first: Callable[[Session], bool] = lambda _s: True,
    progress: Callable[[int], None] = lambda _n: None,
) -> list[str]:  # fmt: skip
    """Every good row becomes a tip, in one transaction; the numbers they got. NotGood, and nothing written, when a row
    is wrong, or came in otherwise meanwhile, or ``first`` says no."""
    if not judged.may_go_on:
        raise NotGood
    numbers, became, now = list[str](), dict[bytes, int](), utcnow()
    good = [(r.content, r.asked) for r in judged.rows if r.asked]
    with writing() as session:
        if not first(session) or arrivals.any_known(session, bureau_id, [content for content, _asked in good]):
            raise NotGood
        for content, asked in good:
            received = receive_in(session, asked, now)
            became[content] = received.docket_id
            numbers.append(received.number)
            progress(len(numbers))
        arrivals.note_all(session, bureau_id, became)
    return numbers
