"""The second reading on the desk: what it says of a case, read afresh, and which cases have
something to answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import literal_column, select

from casework.archive import second_reading
from casework.archive.reading_data import Around
from casework.desk.context import Here, my_scope, on_docket, today
from casework.docket.models import Docket
from casework.docket.visible import visible_to
from casework.people.may import require
from casework.procedure.facts import Facts
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.reading.rule import (
    ANSWERED,
    GREEN,
    PENDING,
    RED,
    Point,
    Rule,
    Verdict,
    kept_faults,
    rules,
    themes,
)
from casework.store import db, writing
from casework.web.downloads import answer_file
from casework.web.language import current
from letters.file_review import RuleRow, file_review_pdf

bp = Blueprint("reading", __name__, url_prefix="/desk/reading")
FEW, MOST = 8, 500  # cases on the first page, and on the page of all
# the sheet is in Chinese
RESULTS = {RED: "未做到", ANSWERED: "未做到，已答复", PENDING: "尚不能评", GREEN: "合格"}
_FAULTY = Docket.faults != literal_column("''")  # written out: an index holds these alone


@dataclass(frozen=True)
class Said:
    """A verdict of a rule about one or several entries."""

    rule: Rule
    state: str
    entries: str  # «3、5、12»
    point: Point | None = None  # a fault stands alone, with its answer
    answered_by: str = ""

    @property
    def fault(self) -> str:
        """The fault as the step that answers it names it."""
        return f"{self.rule.id}:{self.point.seq}" if self.point else ""


def table(here: Here) -> list[tuple[str, list[Said]]]:
    """By theme: every rule that applies, each fault in a row of its own."""
    docket = here.docket
    verdicts = second_reading.reading_of(
        db.session(), current_app.extensions["vault"], docket, today()
    )
    return verdicts_by_theme(here.facts, verdicts)


def verdicts_by_theme(
    facts: Facts, verdicts: list[Verdict], language: str = ""
) -> list[tuple[str, list[Said]]]:
    """The verdicts of a case as its page shows them; «language» of the themes and steps, that of
    the page unless named."""
    language = language or current()
    names = themes()
    found: dict[str, list[Said]] = {theme: [] for theme in names}
    for verdict in verdicts:
        found[verdict.rule.theme] += _rows(facts, verdict, language)
    return [(names[theme][language[:2]], rows) for theme, rows in found.items() if rows]


def _rows(facts: Facts, verdict: Verdict, language: str) -> list[Said]:
    steps, people = {a.seq: procedure().steps.get(a.step) for a in facts.acts}, facts.people
    rows = []
    for point in verdict.faults:
        answered_by = people.get(point.answered_by or 0)
        step = steps.get(point.seq)
        where = f"{point.seq}. {step.name.in_language(language)}" if step else str(point.seq)
        rows.append(
            Said(verdict.rule, point.state, where, point, answered_by.name if answered_by else "")
        )
    for state in (PENDING, GREEN):
        seqs = [str(p.seq) for p in verdict.points if p.state == state]
        if seqs:
            rows.append(Said(verdict.rule, state, "、".join(seqs)))
    return rows


def faults_alone(
    groups: list[tuple[str, list[Said]]], wanted: bool
) -> list[tuple[str, list[Said]]]:
    """Only what is at fault, or only the rest."""
    parted = [(name, [r for r in rows if (r.point is not None) is wanted]) for name, rows in groups]
    return [(name, rows) for name, rows in parted if rows]


def counted(groups: list[tuple[str, list[Said]]]) -> dict[str, int]:
    """How many rows there are of each state."""
    states = [row.state for _name, rows in groups for row in rows]
    return {state: states.count(state) for state in (RED, ANSWERED, PENDING, GREEN)}


@bp.post("/<code>")
@require("quality.sample")
@on_docket
def again(here: Here) -> Any:
    """Keep what the reading finds now, so that it can be answered before the night."""
    with writing() as session:
        docket = session.get_one(Docket, here.docket.id)
        second_reading.read_and_store(
            session,
            current_app.extensions["vault"],
            docket,
            Around.of(session, docket.bureau_id),
            today(),
        )
    return redirect(url_for("casefile.review_page", code=here.docket.code) + "#reading")


@bp.get("/<code>.pdf")
@require("quality.sample")
@on_docket
def sheet(here: Here) -> Response:
    """案卷评查表, to be put before whoever reviews files."""
    verdicts = second_reading.reading_of(
        db.session(), current_app.extensions["vault"], here.docket, today()
    )
    groups = verdicts_by_theme(here.facts, verdicts, "zh")
    n = counted(groups)
    words = f"问题{n[RED]}项，已答复{n[ANSWERED]}项，尚不能评{n[PENDING]}项。"
    lines = [_line(theme, row) for theme, rows in groups for row in rows]
    title = f"{here.docket.number} {here.docket.title}"
    data = file_review_pdf(here.facts.bureau.name, title, lines, words, today())
    return answer_file(data, f"{here.docket.code}-review.pdf", "application/pdf", shown=True)


def _line(theme: str, row: Said) -> RuleRow:
    """A row of the page as the sheet has it."""
    point = row.point
    answer = (
        f"{point.answer}（{row.answered_by}，{point.answered_on}）"
        if point and point.answer
        else ""
    )
    return RuleRow(theme, row.rule.zh, row.rule.basis, row.entries, RESULTS[row.state], answer)


@bp.get("/")
@require("quality.sample")
def all_faults() -> str:
    """Every case with a fault that nobody has answered."""
    return render_template("casefile/faults.html", rows=faulty(MOST, kinds()), most=MOST)


def faulty(most: int, of: Iterable[str]) -> list[dict[str, Any]]:
    """Dockets of some kinds that the person sees, newest first, with the first fault of each and
    how many there are."""
    wanted = select(Docket.code, Docket.number, Docket.title, Docket.faults, Docket.read_on)
    wanted = (
        wanted.where(_FAULTY, visible_to(my_scope()), Docket.kind.in_(list(of)))
        .order_by(Docket.id.desc())
        .limit(most)
    )
    known = {r.id: r for r in rules()}
    rows = [(row, kept_faults(row.faults)) for row in db.session.execute(wanted)]
    return [_case(row, found, known) for row, found in rows if found]


def _case(row: Any, faults: tuple[str, ...], known: dict[str, Rule]) -> dict[str, Any]:
    """A case with its first fault, and how many more there are."""
    first = known[faults[0].rpartition(":")[0]]
    more = _("and %(n)s more", n=len(faults) - 1) if len(faults) > 1 else ""
    return {
        "code": row.code,
        "number": row.number,
        "title": row.title,
        "read_on": row.read_on,
        "rule": first,
        "more": more,
    }
