"""The page of a list: its filter, saved views, rows and neighbours."""

from __future__ import annotations

from functools import cache

from flask import request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from casework.desk import naming, saved_views
from casework.desk.columns import listed
from casework.desk.context import me, my_scope, today
from casework.desk.filters import carried, in_words, without
from casework.desk.rows import table_rows
from casework.docket.lists import Filter, Page, sorted_as
from casework.people.facts import townships
from casework.procedure.kinds import kind_of_list
from casework.procedure.load import procedure
from casework.web.fragment_cache import drawn
from casework.web.language import current


def main_part(which: str, f: Filter, page: Page, address: str) -> Markup:
    """Everything below the frame. ``which``: the list; ``address``: the filter as it stands
    in the address."""
    table, f = listed(my_scope(), f.kind), sorted_as(my_scope(), f)
    saved, args = saved_views.saved_views(which), request.args
    first = without(args, [])
    shown = next((v.id for v in saved if v.query == address), 0)
    slots = {
        "token": generate_csrf(),
        "query": f.words,
        "address": address,
        "lines": table_rows(table, page.rows, today(), f.kind),
        "first": url_for("desk.listing", which=which, **first) if args.get("after") else "",
        "next": url_for("desk.listing", which=which, **first, after=page.after)
        if page.after
        else "",
    }
    return drawn(
        "desk/list_main.html",
        slots,
        which=which,
        name=naming.list_name(f.kind),
        narrowed=bool(address),
        stage=f.stage,
        township=f.township,
        due=f.due,
        sort=f.sort,
        sorts=table.sorts(),
        columns=table.heads(f.kind),
        carried=tuple(carried(args).items()),
        stages=_stages(which, current()),
        townships=tuple(townships(me().bureau_id).items()),
        saved=tuple(saved),
        shown=shown,
        more=_more(which),
        some=bool(page.rows),
        first=bool(slots["first"]),
        next=bool(slots["next"]),
    )


@cache
def _stages(which: str, language: str) -> tuple[tuple[str, str], ...]:
    track = procedure().tracks[kind_of_list(which).track]
    return tuple((s.id, s.name.in_language(language)) for s in track.stages.values())


def _more(which: str) -> tuple[tuple[str, str], ...]:
    """Conditions that stand in no field, in words, with the address of the list without them."""
    args = request.args
    return tuple(
        (text, url_for("desk.listing", which=which, **without(args, keys)))
        for text, keys in in_words(args)
    )
