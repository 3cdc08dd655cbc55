"""A list of tips from another bureau: first what would become of each row, then all of it or
nothing, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import Field

from casework.acts.facts import blank_facts
from casework.identity import custody
from casework.intake import arrivals, bulk_reasons, sheets
from casework.intake.bulk_row import NO_CODE_GIVEN, ReadRow, read_row
from casework.intake.receive import Asked, receive_in
from casework.intake.sheets import BadSheet, SheetRow
from casework.intake.tables import CHOICES, KINDS, Part, Table, tables_of
from casework.procedure.codes import UnitCode
from casework.procedure.facts import Facts
from casework.procedure.load import procedure
from casework.store import db, utcnow, writing
from forms.codes import DOUBTED
from forms.intake import Receive

CHANNEL = "department"
WHO = ("who_name", "who_contact")
NOTHING_CHOSEN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class HandoverSource:
    """What a handover says once for all its rows; a column of the list says it of one row."""

    name: str  # of the file
    body: str = ""
    number: str = ""
    day: str = ""


@dataclass(frozen=True)
class Row:
    """One row and its fate.

    good · wrong (`errors`: where and why) · here (as `docket_id`, or as the row `same_as`) ·
    hidden (a person has to
    say whether it counts) · left (somebody said that it does not).
    """

    line: int
    subject: str
    fate: str
    sheet: str = ""
    code: UnitCode = NO_CODE_GIVEN
    noughts: bool = False  # the code ends as a spreadsheet ends a number that it has cut
    errors: tuple[tuple[str, str], ...] = ()
    same_as: str = ""
    docket_id: int | None = None
    asked: Asked | None = None
    content: bytes = b""


@dataclass(frozen=True)
class Judged:
    """Every row of a list, and the parts of the file that would go unseen, with what was decided
    about them."""

    rows: list[Row]
    parts: list[Part] = field(default_factory=list)
    choice: Mapping[str, str] = field(default_factory=dict)

    def count(self, fate: str) -> int:
        """How many share that fate."""
        return sum(r.fate == fate for r in self.rows)

    @property
    def sheets(self) -> list[str]:
        """The sheets that were read."""
        return list(dict.fromkeys(r.sheet for r in self.rows))

    @property
    def open(self) -> list[str]:
        """The kinds of parts about which a person has not decided yet."""
        there = {p.kind for p in self.parts}
        return [kind for kind in KINDS if kind in there and self.choice.get(kind) not in CHOICES]

    @property
    def may_go_on(self) -> bool:
        """Whether the list can be taken in: no row is wrong, nothing is left to decide, and at
        least one row is new."""
        return not self.count("wrong") and not self.open and self.count("good") > 0


class NotGood(ValueError):
    """The list would be taken in otherwise than it was shown. Nothing was written."""


@dataclass(frozen=True)
class _Judge:
    """What the rows of one list are judged with."""

    facts: Facts
    source: HandoverSource
    may_name: bool
    several: bool  # sheets
    seen: dict[bytes, str] = field(default_factory=dict)


def judge(
    bureau_id: int,
    actor_id: int | None,
    data: bytes,
    source: HandoverSource,
    choice: Mapping[str, str] = NOTHING_CHOSEN,
) -> Judged:
    """What would become of each row. BadSheet or BadHeads when the file is no list of tips.

    `choice`: by kind of part (`tables.KINDS`), whether what is hidden is taken or left.
    """
    found = tables_of(sheets.read_sheets(data), choice)
    facts = blank_facts(db.session(), bureau_id, procedure().kind_of("receive"), actor_id)
    judges = _Judge(facts, source, custody.may_name(bureau_id), len(found.tables) > 1)
    rows = [row for table in found.tables for row in _rows_of(judges, table, choice)]
    judged = Judged(rows, found.parts, choice)
    if not rows and not judged.open:
        raise BadSheet("empty")
    if len(rows) > sheets.MOST_ROWS:
        raise BadSheet("rows")
    return judged


def _rows_of(judges: _Judge, table: Table, choice: Mapping[str, str]) -> list[Row]:
    """The rows of one sheet in its order."""
    subject = table.fields.index("subject")
    fate = "left" if choice.get("rows") == "leave" else "hidden"
    rows = [Row(line.number, _subject(line, subject), fate, table.name) for line in table.left]
    rows += [_judged(judges, table, line) for line in table.rows]
    return sorted(rows, key=lambda row: row.line)


def _subject(line: SheetRow, column: int) -> str:
    """Whom a row is about, as far as a page needs it."""
    return line.cells[column].text[:60] if column < len(line.cells) else ""


def _judged(judges: _Judge, table: Table, line: SheetRow) -> Row:
    facts = judges.facts
    read = read_row(table, line, facts.townships)
    sheet = table.name if judges.several else ""
    form = Receive(
        facts,
        _formdata(facts, read.filled, judges.source, sheet, line.number),
        channel=CHANNEL,
        may_name=judges.may_name,
    )
    form.validate()
    errors = _errors(judges, read, form)
    row = Row(
        line.number,
        (read.filled["subject"] or [""])[0],
        "wrong",
        table.name,
        read.code,
        read.noughts,
    )
    if errors:
        return replace(row, subject=row.subject[:60], errors=tuple(errors))
    return _fate(judges, row, form, read.filled)


def _errors(judges: _Judge, read: ReadRow, form: Receive) -> list[tuple[str, str]]:
    """What is wrong with a row: what could not be read, what the form refuses, and a name that
    nobody could keep."""
    errors = list(read.errors)
    for name, asked in form._fields.items():
        if asked.errors and name not in read.faulty:
            errors.append((read.labels.get(name) or str(asked.label.text), _reason(asked)))
    if not judges.may_name and any(v for n in WHO for v in read.filled.get(n, [])):
        errors.append(("", bulk_reasons.no_custodian()))
    return errors


def _fate(judges: _Judge, row: Row, form: Receive, filled: dict[str, list[str]]) -> Row:
    """Of a row in which nothing is wrong: new, or here already."""
    bureau_id, content = judges.facts.bureau.id, _content(form, filled)
    if content in judges.seen:
        return replace(row, fate="here", same_as=judges.seen[content])
    judges.seen[content] = f"{row.sheet} {row.line}" if judges.several else str(row.line)
    if arrivals.is_known_arrival(bureau_id, content):
        return replace(row, fate="here", docket_id=arrivals.docket_of(bureau_id, content))
    who = form.who()
    sealed = custody.seal_identity(bureau_id, who) if who else None
    actor = judges.facts.actor.id if judges.facts.actor else None
    asked = Asked(bureau_id, form.payload(), actor, form.day(), sealed=sealed, with_code=False)
    return replace(row, fate="good", asked=asked, content=content)


def _reason(field: Field) -> str:
    """Why a cell is not good, with its words where it is a choice. What WTForms says by itself is
    said in ours."""
    if field.type in ("SelectField", "ChecksField"):
        return _("«%(words)s» is not a choice here", words="、".join(field.raw_data or [])[:60])
    said = str(field.errors[0])
    return _("too long") if said.startswith("Field cannot be longer") else said


def _formdata(
    facts: Facts, filled: dict[str, list[str]], source: HandoverSource, sheet: str, line: int
) -> MultiDict[str, str]:
    """What a clerk would have typed."""
    common = {"source_body": source.body, "source_number": source.number, "source_day": source.day}
    typed_in = MultiDict(
        {"channel": CHANNEL, "survey_by": "bureau", "subject_kind": "unknown", "township": ""}
    )
    typed_in["on"] = facts.today.isoformat()
    typed_in["original_at"] = " ".join(filter(None, (source.name[:120], sheet, f"#{line}")))
    for name, value in common.items():
        typed_in[name] = value
    for name, values in filled.items():
        if any(values):
            typed_in.setlist(name, values)
    # nobody can send a row once more: a doubtful code passes and is marked «to be confirmed»
    typed_in[f"credit_code{DOUBTED}"] = typed_in.get("credit_code", "")
    return typed_in


def _content(form: Receive, filled: dict[str, list[str]]) -> bytes:
    """Fingerprint of what the row says: not of the file's name, the day of the import, or who is
    behind it."""
    counts: dict[str, Any] = {
        k: v for k, v in form.payload().items() if k not in ("original_at", "earlier")
    }
    counts["on"] = form.day().isoformat() if any(filled.get("on", [])) else ""
    return arrivals.arrival_fingerprint(
        "row", json.dumps(counts, sort_keys=True, ensure_ascii=False).encode()
    )


def take_all(
    bureau_id: int,
    judged: Judged,
    first: Callable[[Session], bool] = lambda _s: True,
    progress: Callable[[int], None] = lambda _n: None,
    last: Callable[[Session, list[str]], None] = lambda _s, _n: None,
) -> list[str]:
    """Every good row becomes a tip, in one transaction; the numbers they got. NotGood, and nothing
    written, when a row
    is wrong, or came in otherwise meanwhile, or ``first`` says no. ``last`` is done in the same
    transaction, with the numbers."""
    if not judged.may_go_on:
        raise NotGood
    numbers, became, now = list[str](), dict[bytes, int](), utcnow()
    good = [(r.content, r.asked) for r in judged.rows if r.asked]
    with writing() as session:
        if not first(session) or arrivals.any_known(
            session, bureau_id, [content for content, _asked in good]
        ):
            raise NotGood
        for content, asked in good:
            received = receive_in(session, asked, now)
            became[content] = received.docket_id
            numbers.append(received.number)
            progress(len(numbers))
        arrivals.note_all(session, bureau_id, became)
        last(session, numbers)
    return numbers
