"""Search: any number and any word that I may see, and why each docket was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from casework.desk import naming
from casework.desk.columns import FOUND
from casework.desk.finding import FoundDockets, find_dockets
from casework.desk.numbered import dockets_numbered, papers_numbered
from casework.desk.palette import Place, pages_called, places, steps_called
from casework.desk.record_search import Looked, look
from casework.people.may import require
from casework.web.numbers import whole_number

bp = Blueprint("search", __name__, url_prefix="/desk")


@bp.get("/search")
@require("docket.search")
def page() -> Any:
    """The number or code of one docket leads straight to it; else what bears the words. Sealed
    records are looked through where nothing else does, or when the person asks for it."""
    query = request.args.get("q", "").strip()
    if not query:
        return _page(query, (), None, [])
    if request.args.get("records"):
        return _page(query, (), look(query, _before()), [])
    if row := _the_docket(query):
        return redirect(url_for("dockets.docket", code=row.code))
    found = [f for f in find_dockets(query) if f.rows]
    return _page(query, found, None if found else look(query), _beside(query))


def _page(query: str, found: Iterable[FoundDockets], looked: Looked | None, beside: Any) -> str:
    return render_template(
        "desk/search.html",
        query=query,
        found=_groups(found),
        looked=looked,
        records=_groups(looked.found) if looked else [],
        beside=beside,
    )


def _beside(query: str) -> list[Place]:
    """Steps of the docket that the person came from, and pages, whose name bears the words."""
    return [*steps_called(query, request.args.get("at", "")), *pages_called(query)]


@bp.get("/go")
@require("desk.home")
def go() -> str:
    """前往: pages, steps of the docket one is on, dockets; as a part of a page for the script that
    asks while somebody types."""
    query, code = request.args.get("q", "").strip(), request.args.get("at", "")
    page = "parts/palette.html" if request.headers.get("X-Part") else "desk/go.html"
    return render_template(page, query=query, at=code, found=places(query, code))


@bp.get("/keys")
@require("desk.home")
def keys() -> str:
    """快捷键: the sheet of keys."""
    return render_template("desk/keys.html")


def _before() -> int:
    return max(whole_number(request.args.get("before", "")) or 0, 0)


def _groups(found: Iterable[FoundDockets]) -> list[tuple[str, Any, FoundDockets]]:
    """Each kind of which something was found: its name, its columns and its dockets."""
    return [(naming.list_name(f.kind), FOUND.heads(f.kind), f) for f in found if f.rows]


def _the_docket(query: str) -> Any:
    """The one docket that has this number or code; None where there are several, or papers that
    have it too."""
    rows = dockets_numbered(query) if query else []
    return rows[0] if len(rows) == 1 and not papers_numbered(query) else None
