"""The page of a list: its filter, saved views, rows and neighbours."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from flask import request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from casework.acts import batches
from casework.desk import naming, saved_views, step_for_many
from casework.desk.columns import Table, listed
from casework.desk.context import me, my_scope, today
from casework.desk.filters import carried, handled_by, in_words, without
from casework.desk.rows import table_rows
from casework.docket.lists import Filter, Page, sorted_as
from casework.docket.orders import sort_of
from casework.people.facts import staff_facts, townships
from casework.people.may import may
from casework.procedure.channels import channels
from casework.procedure.kinds import kind_of_list, kinds
from casework.procedure.load import procedure
from casework.procedure.roles import NUMBER, who_may
from casework.web.fragment_cache import drawn
from casework.web.language import current
from letters.labels import coded_names


def main_part(which: str, f: Filter, page: Page, address: str) -> Markup:
    """Everything below the frame. ``which``: the list; ``address``: the filter as it stands
    in the address."""
    table, f = listed(my_scope(), f.kind), sorted_as(my_scope(), f)
    bulk = _bulk(f.kind)
    saved, args = saved_views.saved_views(which), request.args
    first = without(args, [])
    shown = next((v.id for v in saved if v.query == address), 0)
    listing = url_for("desk.listing", which=which, **without(args, ["sort"]))
    slots = {
        "sorted": listing + ("&" if "?" in listing else "?") + "sort=",
        "from": args.get("opened_from", ""),
        "until": args.get("opened_until", ""),
        "token": generate_csrf(),
        "query": f.words,
        "address": address,
        "lines": table_rows(table, page.rows, today(), f.kind, ticks=bulk is not None),
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
        channels=_channels(current()),
        handled_by=handled_by(args),
        officers=_officers(handled_by(args)) if kinds()[f.kind].respondent else (),
        channel=f.channel,
        whole=my_scope().level(f.kind) != NUMBER,
        orders=_orders(table, f),
        bulk=bulk,
        saved=tuple(saved),
        shown=shown,
        more=_more(which),
        some=bool(page.rows),
        first=bool(slots["first"]),
        next=bool(slots["next"]),
    )


class Bulk(NamedTuple):
    """Steps that the person can take for several dockets of a list at once, and where they are
    ordered."""

    url: str
    steps: tuple[tuple[str, str], ...]


def _bulk(kind: str) -> Bulk | None:
    """What there is of it for a list: what a role of mine takes for many; None without."""
    doors = (
        ("report.triage", "triage.bulk", batches.TIPS),
        ("case.many", "many.order", batches.CASES),
    )
    for permission, door, steps in doors:
        if procedure().kind_of(steps[0]) == kind and may(me(), permission, today()):
            mine = step_for_many.steps_of_mine(steps)
            named = tuple((s.id, s.name.in_language(current())) for s in mine)
            return Bulk(url_for(door), named) if named else None
    return None


def _orders(table: Table, f: Filter) -> tuple[tuple[str, tuple[str, str]], ...]:
    """For the head of each column by which the person can sort: the order that its link asks for,
    and how the list stands by it now (ascending · descending · "")."""
    if my_scope().level(f.kind) == NUMBER:
        return ()
    return tuple((key, _order(sort, f.sort)) for key, sort in table.orders())


def _order(sort: str, now: str) -> tuple[str, str]:
    if now not in (sort, f"-{sort}"):
        return sort, ""
    state = "descending" if sort_of(now).falls else "ascending"
    turned = f"-{sort}" if now == sort and sort_of(sort).turns else sort
    return turned, state


def _officers(chosen: str) -> tuple[tuple[str, str], ...]:
    """Who handles cases of the bureau today, and whoever is asked for."""
    staff = staff_facts(me().bureau_id, today()).values()
    found = [p for p in staff if p.roles & who_may("case.inspect") or str(p.id) == chosen]
    return tuple((str(p.id), p.name) for p in found)


@cache
def _channels(language: str) -> tuple[tuple[str, str], ...]:
    names = coded_names("channel", language)
    return tuple((c, names.get(c, c)) for c in channels())


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
