"""统计: how many dockets there are of each kind. Every number is the length of a list and links to
it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from casework.desk import counts, naming
from casework.desk.context import me, my_scope, today
from casework.desk.filters import day, kept_word
from casework.desk.list_conditions import KEPT
from casework.docket.lists import Filter
from casework.docket.models import Docket
from casework.people.may import require
from casework.people.models import Bureau, Township
from casework.procedure.kinds import first_tracks, kind_of_list
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
        """As a list's address has it."""
        return {"opened_from": self.since.isoformat(), "opened_until": self.until.isoformat()}

    @property
    def made(self) -> dict[str, str]:
        """The same, of papers."""
        return {"made_from": self.since.isoformat(), "made_until": self.until.isoformat()}


@bp.get("/")
@require("statistics.see")
def page() -> str:
    """Tables with bars, for a period."""
    span = span_asked()
    return render_template(
        "desk/statistics.html",
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
    sheets = [(t.name, [(t.first, *t.columns), *t.printed]) for t in tables(span)]
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
        for t in tables(span)
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
    """What the address asks for; without a word, this year. A period that ends before it begins is
    turned round."""
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
def tables(span: Span) -> list[CountTable]:
    """All of them, one statement each."""
    return [
        _simple(_("Reports by channel"), _("Channel"), "reports", "channel", Docket.channel, span),
        _simple(_("Reports by result"), _("Stage"), "reports", "stage", Docket.stage, span),
        _simple(_("Cases by stage"), _("Stage"), "cases", "stage", Docket.stage, span),
        _simple(_("Cases by township"), _("Township"), "cases", "township", Docket.township, span),
        _tracks(span),
        _due(span),
        _kept(span),
        _papers(span),
    ]


def _filter(which: str, span: Span) -> Filter:
    return Filter(kind_of_list(which).id, opened_from=span.since, opened_until=span.until)


def _simple(
    name: str, first: str, which: str, key: str, column: counts.Column, span: Span
) -> CountTable:
    found = counts.by(db.session(), my_scope(), _filter(which, span), today(), column)
    names = _names(which, key)
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
    return CountTable(name, first, (_("Dockets"),), tuple(rows), total if rows else None)


def _names(which: str, key: str) -> dict[str, str]:
    """The names of a column's values, in the order in which they are shown."""
    if key == "township":
        rows = db.session.execute(
            select(Township.code, Township.name).where(Township.bureau_id == me().bureau_id)
        )
        return {code: name for code, name in rows}
    if key == "channel":
        return dict(coded_names("channel", current()))
    track = procedure().tracks[kind_of_list(which).track]
    return {s.id: s.name.in_language(current()) for s in track.stages.values()}


def _tracks(span: Span) -> CountTable:
    kinds = {
        t.id: t.name.in_language(current())
        for t in procedure().tracks.values()
        if t.id not in first_tracks()
    }
    found = counts.by_track(db.session(), my_scope(), _filter("cases", span), today(), list(kinds))
    rows = (
        (name, (LinkedCount(found[k], "cases", {**span.opened, "track": k}),))
        for k, name in kinds.items()
    )
    return CountTable(_("Open side tracks"), _("Track"), (_("Cases"),), tuple(rows))


def _due(span: Span) -> CountTable:
    names = {"overdue": _("overdue"), "today": _("today"), "week": _("within seven days")}
    found = {
        w: counts.by_due(db.session(), my_scope(), _filter(w, span), today(), DUE)
        for w in ("reports", "cases")
    }
    rows = (
        (
            name,
            tuple(
                LinkedCount(found[w][d], w, {**span.opened, "due": d}) for w in ("cases", "reports")
            ),
        )
        for d, name in names.items()
    )
    return CountTable(_("Next deadline"), _("Deadline"), (_("Cases"), _("Reports")), tuple(rows))


def _kept(span: Span) -> CountTable:
    """The bureau's own deadlines: kept, missed, running. Windows and others' deadlines are nobody's
    fault here."""
    p = procedure()
    found = {
        w: counts.by_clock(db.session(), my_scope(), _filter(w, span), today())
        for w in ("reports", "cases")
    }
    rows = [
        (
            f"{rule.name.in_language(current())}（{_which(w)}）",
            tuple(
                LinkedCount(found[w][r][k], w, {**span.opened, "clock": r, "kept": k}) for k in KEPT
            ),
        )
        for w in ("reports", "cases")
        for r, rule in p.clocks.items()
        if rule.owner == "bureau" and r in found[w]
    ]
    return CountTable(
        _("The bureau's deadlines"), _("Deadline"), tuple(kept_word(k) for k in KEPT), tuple(rows)
    )


def _which(which: str) -> str:
    return naming.list_name(kind_of_list(which).id)


def _papers(span: Span) -> CountTable:
    found = {
        w: counts.by_paper(
            db.session(), my_scope(), Filter(kind_of_list(w).id), today(), span.since, span.until
        )
        for w in ("cases", "reports")
    }
    rows = [
        (
            rule.name.in_language(current()),
            tuple(
                LinkedCount(found[w].get(k, 0), w, {**span.made, "paper": k})
                for w in ("cases", "reports")
            ),
        )
        for k, rule in procedure().papers.items()
        if k in found["cases"] or k in found["reports"]
    ]
    return CountTable(
        _("Dockets with papers made in the period"),
        _("Paper"),
        (_("Cases"), _("Reports")),
        tuple(rows),
    )


def address(n: LinkedCount) -> str:
    """Where the list of a number is."""
    args: dict[str, Any] = {**n.args}
    return url_for("desk.listing", which=n.which, **args)


@bp.app_context_processor
def _addresses() -> dict[str, Any]:
    return {"list_of": address}
