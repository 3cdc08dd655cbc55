"""Search: any number and any word that I may see, and why each docket was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from casework.desk import naming
from casework.desk.columns import FOUND
from casework.desk.finding import FoundDockets, find_dockets
from casework.desk.numbered import dockets_numbered, papers_numbered
from casework.desk.record_search import look
from casework.people.may import require
from casework.web.numbers import whole_number

bp = Blueprint("search", __name__, url_prefix="/desk")


@bp.get("/search")
@require("docket.search")
def page() -> Any:
    """The number or code of one docket leads straight to it; else what bears the words. Sealed
    records are looked through where nothing else does, or when the person asks for it."""
    query, before = request.args.get("q", "").strip(), _before()
    asked = bool(request.args.get("records"))
    if not asked and (row := _the_docket(query)):
        return redirect(url_for("dockets.docket", code=row.code))
    found = find_dockets(query) if query and not asked else ()
    some = any(f.rows for f in found)
    looked = look(query, before) if query and not some else None
    return render_template(
        "desk/search.html",
        query=query,
        found=_groups(found) if some else [],
        looked=looked,
        records=_groups(looked.found) if looked else [],
    )


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
