"""统计: how many dockets there are of each kind. Every number is the length of a list and links to
it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from casework.desk import counts
from casework.desk.context import me, my_scope, today
from casework.desk.filters import day, kept_word
from casework.desk.list_conditions import KEPT
from casework.desk.yearly import MONTHS, courses
from casework.docket.lists import Filter
from casework.docket.models import Docket
from casework.people.may import require
from casework.people.models import Bureau, Township
from casework.procedure.kinds import DocketKind, kinds
from casework.procedure.load import procedure
from casework.store import db
from casework.web.downloads import answer_file
from casework.web.language import current
from casework.web.workbook import workbook
from letters.labels import coded_names
from letters.statistics import Printed, statistics_pdf

bp = Blueprint("statistics", __name__, url_prefix="/desk/statistics")
DUE = ("overdue", "today", "week")


@dataclass(frozen=True)
class LinkedCount:
    """A count and the list that it counts."""

    count: int
    which: str
    args: dict[str, str]


@dataclass(frozen=True)
class CountTable:
    """Rows of a name and one number a column; ``bars`` are drawn from the first column."""

    name: str
    first: str  # head of the names' column
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[LinkedCount, ...]], ...]
    total: LinkedCount | None = None  # of rows that leave nothing out and count nothing twice

    @property
    def printed(self) -> list[tuple[str, *tuple[int, ...]]]:
        """The rows with the total below, as files and paper have them."""
        below = [(_("Total"), (self.total,))] if self.total else []
        return [(name, *(n.count for n in numbers)) for name, numbers in (*self.rows, *below)]

    @property
    def most(self) -> int:
        """The largest number of the first column: the whole length of a bar."""
        return max((numbers[0].count for _name, numbers in self.rows), default=0)


@dataclass(frozen=True)
class Span:
    """The period that is counted, first and last day."""

    since: date
    until: date

    @property
    def opened(self) -> dict[str, str]:
        """The period as the address of a list has it, by the day of opening."""
        return {"opened_from": self.since.isoformat(), "opened_until": self.until.isoformat()}

    @property
    def made(self) -> dict[str, str]:
        """The period as the address of a list has it, by the day a paper was made."""
        return {"made_from": self.since.isoformat(), "made_until": self.until.isoformat()}


@bp.get("/")
@require("statistics.see")
def page() -> str:
    """Tables with bars, for a period."""
    span = span_asked()
    return render_template(
        "desk/statistics.html",
        four=courses(span.since, span.until),
        tables=tables(span),
        span=span,
        periods=periods(today()),
        bureau_name=_bureau().name,
    )


@bp.get("/statistics.xlsx")
@require("statistics.see")
def xlsx() -> Response:
    """The same tables, a sheet each."""
    span = span_asked()
    sheets = [
        (t.name, [(t.first, *t.columns), *t.printed]) for t in (by_month(span), *tables(span))
    ]
    data = workbook(f"{_bureau().name} {_words(span)}", sheets)
    return _file(
        data, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", span, "xlsx"
    )


@bp.get("/statistics.pdf")
@require("statistics.see")
def pdf() -> Response:
    """The same tables on paper."""
    span = span_asked()
    printed = [
        Printed(
            t.name,
            (t.first, *t.columns),
            tuple((name, *map(str, numbers)) for name, *numbers in t.printed),
        )
        for t in (by_month(span), *tables(span))
    ]
    data = statistics_pdf(
        _bureau().name, _("Statistics of enforcement"), _words(span), printed, today()
    )
    return _file(data, "application/pdf", span, "pdf")


def _file(data: bytes, media_type: str, span: Span, ending: str) -> Response:
    return answer_file(
        data, f"statistics-{span.since.isoformat()}-{span.until.isoformat()}.{ending}", media_type
    )


def _bureau() -> Bureau:
    return db.session.get_one(Bureau, me().bureau_id)


def _words(span: Span) -> str:
    return _("%(first)s to %(last)s", first=span.since.isoformat(), last=span.until.isoformat())


# -- the period
def span_asked() -> Span:
    """The period of the address; this year where it names none. First and last day are exchanged
    where the period ends before it begins."""
    since = day(request.args, "since") or date(today().year, 1, 1)
    until = day(request.args, "until") or today()
    return Span(min(since, until), max(since, until))


def periods(now: date) -> list[tuple[str, Span]]:
    """Periods that are asked for most."""
    month, year = now.replace(day=1), date(now.year, 1, 1)
    quarter = date(now.year, (now.month - 1) // 3 * 3 + 1, 1)
    before = month - timedelta(days=1)
    return [
        (_("this month"), Span(month, now)),
        (_("last month"), Span(before.replace(day=1), before)),
        (_("this quarter"), Span(quarter, now)),
        (_("this year"), Span(year, now)),
        (_("last year"), Span(date(now.year - 1, 1, 1), date(now.year - 1, 12, 31))),
    ]


# -- the tables
def by_month(span: Span) -> CountTable:
    """What files and paper have of the four courses: the months of the year in which the period
    ends, each beside that of the year before; sums of money in yuan, without fen. Nothing links to
    a list there."""
    four, year = courses(span.since, span.until), span.until.year
    heads = tuple(f"{c.name} {y}" for c in four for y in (year, year - 1))
    rows = tuple(
        (str(m + 1), tuple(LinkedCount(n, "", {}) for c in four for n in c.plain(m)))
        for m in range(MONTHS)
    )
    return CountTable(_("By month"), _("Month"), heads, rows)


def tables(span: Span) -> list[CountTable]:
    """All of them, one statement each."""
    return [
        *(_simple(kind, key, span) for kind in kinds().values() for key in kind.counted_by),
        _tracks(span),
        _due(span),
        _kept(span),
        _papers(span),
    ]


def _filter(kind: DocketKind, span: Span) -> Filter:
    return Filter(kind.id, opened_from=span.since, opened_until=span.until)


# what dockets are counted by (``counted_by`` of a kind): the table's name, what stands above its
# rows, the key of a list's address, the column
COUNTED: Mapping[str, tuple[Any, Any, str, counts.Column]] = {
    "channel": (_l("%(list)s by channel"), _l("Channel"), "channel", Docket.channel),
    "result": (_l("%(list)s by result"), _l("Stage"), "stage", Docket.stage),
    "stage": (_l("%(list)s by stage"), _l("Stage"), "stage", Docket.stage),
    "township": (_l("%(list)s by township"), _l("Township"), "township", Docket.township),
}


def _simple(kind: DocketKind, counted_by: str, span: Span) -> CountTable:
    name, first, key, column = COUNTED[counted_by]
    which, many = kind.list, kind.many.in_language(current())
    found = counts.by(db.session(), my_scope(), _filter(kind, span), today(), column)
    names = _names(kind, key)
    order = [*(v for v in names if v in found), *sorted(v for v in found if v not in names)]
    rows = [
        (
            names.get(v, v or _("not known")),
            (LinkedCount(found[v], which, {**span.opened, key: v or "-"}),),
        )
        for v in order
    ]
    if key == "township":
        rows.sort(key=lambda row: -row[1][0].count)
    total = LinkedCount(sum(found.values()), which, span.opened)
    heading = str(name) % {"list": many}
    return CountTable(heading, str(first), (_("Dockets"),), tuple(rows), total if rows else None)


def _names(kind: DocketKind, key: str) -> dict[str, str]:
    """The names of a column's values, in the order in which they are shown."""
    if key == "township":
        rows = db.session.execute(
            select(Township.code, Township.name).where(Township.bureau_id == me().bureau_id)
        )
        return {code: name for code, name in rows}
    if key == "channel":
        return dict(coded_names("channel", current()))
    track = procedure().tracks[kind.track]
    return {s.id: s.name.in_language(current()) for s in track.stages.values()}


def _tracks(span: Span) -> CountTable:
    rows = []
    for kind in kinds().values():
        tracks = [t for t in procedure().tracks.values() if t.docket == kind.id]
        names: dict[str, str] = {
            t.id: t.name.in_language(current()) for t in tracks if t.id != kind.track
        }
        found = counts.by_track(db.session(), my_scope(), _filter(kind, span), today(), list(names))
        rows += [
            (names[t], (LinkedCount(n, kind.list, {**span.opened, "track": t}),))
            for t, n in found.items()
        ]
    return CountTable(_("Open side tracks"), _("Track"), (_("Dockets"),), tuple(rows))


def _due(span: Span) -> CountTable:
    names = {"overdue": _("overdue"), "today": _("today"), "week": _("within seven days")}
    found = {
        kind.list: counts.by_due(db.session(), my_scope(), _filter(kind, span), today(), DUE)
        for kind in _columns()
    }
    rows = (
        (
            name,
            tuple(
                LinkedCount(n[d], which, {**span.opened, "due": d}) for which, n in found.items()
            ),
        )
        for d, name in names.items()
    )
    return CountTable(_("Next deadline"), _("Deadline"), _column_names(), tuple(rows))


def _columns() -> list[DocketKind]:
    """The kinds as columns of a table: what is decided before what comes in."""
    return list(kinds().values())[::-1]


def _column_names() -> tuple[str, ...]:
    return tuple(kind.many.in_language(current()) for kind in _columns())


def _kept(span: Span) -> CountTable:
    """The bureau's own deadlines: kept, missed, running. Windows and others' deadlines are nobody's
    fault here."""
    rows = []
    for kind in kinds().values():
        found = counts.by_clock(db.session(), my_scope(), _filter(kind, span), today())
        rows += [
            (
                f"{rule.name.in_language(current())}（{kind.many.in_language(current())}）",
                tuple(
                    LinkedCount(found[r][k], kind.list, {**span.opened, "clock": r, "kept": k})
                    for k in KEPT
                ),
            )
            for r, rule in procedure().clocks.items()
            if rule.owner == "bureau" and r in found
        ]
    return CountTable(
        _("The bureau's deadlines"), _("Deadline"), tuple(kept_word(k) for k in KEPT), tuple(rows)
    )


def _papers(span: Span) -> CountTable:
    found = {
        kind.list: counts.by_paper(
            db.session(), my_scope(), Filter(kind.id), today(), span.since, span.until
        )
        for kind in _columns()
    }
    rows = [
        (
            rule.name.in_language(current()),
            tuple(
                LinkedCount(made.get(k, 0), which, {**span.made, "paper": k})
                for which, made in found.items()
            ),
        )
        for k, rule in procedure().papers.items()
        if any(k in made for made in found.values())
    ]
    return CountTable(
        _("Dockets with papers made in the period"), _("Paper"), _column_names(), tuple(rows)
    )


def address(n: LinkedCount) -> str:
    """Where the list of a number is."""
    args: dict[str, Any] = {**n.args}
    return url_for("desk.listing", which=n.which, **args)


@bp.app_context_processor
def _addresses() -> dict[str, Any]:
    return {"list_of": address}
