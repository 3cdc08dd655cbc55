"""A list's address as a filter, and the filter in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import abort, current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement

from casework.desk import list_conditions
from casework.desk.context import me
from casework.desk.numbered import has_number
from casework.docket.lists import Filter
from casework.docket.models import Docket
from casework.docket.orders import sort_of
from casework.procedure.codes import CodeState, unit_code
from casework.procedure.kinds import kind_of_list
from casework.procedure.load import procedure
from casework.vault.tokens import keyed, query_tokens, short_name_tokens
from casework.web.language import current
from casework.web.numbers import whole_number

DAYS = ("opened_from", "opened_until")
COUNTED = (
    *DAYS,
    "clock",
    "kept",
    "paper",
    "made_from",
    "made_until",
    "track",
)
KEYS = (
    *("q", "short", "stage", "township", "channel", "officer", "mine", "due", "sort"),
    *COUNTED,
)
ME, NOBODY = "me", "none"  # in whose hands, beside ids of people


def filter_of(which: str, args: Mapping[str, str], today: date) -> Filter:
    """What an address narrows a list to. 400 for a day, clock, paper, track or order that there is
    not."""
    return Filter(
        kind_of_list(which).id,
        stage=args.get("stage", ""),
        township=args.get("township", ""),
        channel=args.get("channel", ""),
        mine=handled_by(args) == ME,
        officer=whole_number(handled_by(args)) or 0,
        unassigned=handled_by(args) == NOBODY,
        due=args.get("due", ""),
        sort=_sort(args),
        opened_from=day(args, "opened_from"),
        opened_until=day(args, "opened_until"),
        also=(*_also(args, today), *names_one(args.get("q", ""))),
        **search_words(args.get("q", ""), short=bool(args.get("short"))),
    )


def handled_by(args: Mapping[str, str]) -> str:
    """In whose hands a list is asked for: ``ME``, ``NOBODY``, the id of a person, or "" for
    anybody's."""
    return ME if args.get("mine") else args.get("officer", "")


def _sort(args: Mapping[str, str]) -> str:
    sort = args.get("sort") or "updated"
    try:
        sort_of(sort)
    except KeyError:
        abort(400)
    return sort


def search_words(query: str, short: bool = False) -> dict[str, Any]:
    """A search as a filter has it: by its words, or by what a short name can stand for, unless it
    is a number or code."""
    query = query.strip()
    if names_one(query):
        return {}
    if short and short_name_tokens(query):
        return {"tokens": _keyed(short_name_tokens(query)), "words": query, "short": True}
    return {"tokens": tokens(query), "words": query}


def names_one(query: str) -> tuple[ColumnElement[bool], ...]:
    """The condition that what was typed is the number or code of a docket, of its paper or of its
    unit; none for any other words."""
    return has_code(query) or has_number(query)


def has_code(query: str) -> tuple[ColumnElement[bool], ...]:
    """The condition that a docket is about the unit of that code, however it was typed; none for
    any other words."""
    code = unit_code(query)
    searched = code.state in (CodeState.GOOD, CodeState.DOUBTFUL)
    return (Docket.unit_code == code.text,) if searched else ()


def tokens(query: str) -> tuple[bytes, ...]:
    """The keyed tokens of a search."""
    return _keyed(query_tokens(query)) if query else ()


def _keyed(words: set[str]) -> tuple[bytes, ...]:
    return tuple(keyed(current_app.extensions["vault"].keyring, me().bureau_id, words))


def day(args: Mapping[str, str], key: str) -> date | None:
    """A day of an address, or None; 400 for what is no day."""
    try:
        return date.fromisoformat(args[key]) if args.get(key) else None
    except ValueError:
        abort(400)


def _also(args: Mapping[str, str], today: date) -> tuple[ColumnElement[bool], ...]:
    p, found = procedure(), []
    if clock := args.get("clock"):
        kept = args.get("kept", "")
        _known(clock in p.clocks and kept in ("", *list_conditions.KEPT))
        found.append(list_conditions.has_clock(clock, kept, today))
    if paper := args.get("paper"):
        _known(paper in p.papers)
        found.append(
            list_conditions.has_paper(paper, day(args, "made_from"), day(args, "made_until"))
        )
    if track := args.get("track"):
        _known(track in p.tracks)
        found.append(list_conditions.open_track(track))
    return tuple(found)


def _known(there: bool) -> None:
    if not there:
        abort(400)


def carried(args: Mapping[str, str]) -> dict[str, str]:
    """The part of a filter that stands in no field of the form: it travels in hidden ones."""
    return {k: args[k] for k in ("lang", *COUNTED) if k not in DAYS and args.get(k)}


def in_words(args: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Each condition that the form does not show, with the keys that make it."""
    return [(say(args), list(keys)) for keys, say in _SAYINGS if args.get(keys[0])]


def _clock(args: Mapping[str, str]) -> str:
    name = procedure().clocks[args["clock"]].name.in_language(current())
    return f"{name}：{kept_word(args['kept'])}" if args.get("kept") else name


def _paper(args: Mapping[str, str]) -> str:
    name = procedure().papers[args["paper"]].name.in_language(current())
    return _("«%(paper)s» made", paper=name) + _span(args, "made_from", "made_until")


def _track(args: Mapping[str, str]) -> str:
    return _("open: %(track)s", track=procedure().tracks[args["track"]].name.in_language(current()))


def _span(args: Mapping[str, str], first: str, last: str) -> str:
    return f" {args.get(first, '')} — {args.get(last, '')}"


def kept_word(kept: str) -> str:
    """How a deadline was kept."""
    return {"met": _("in time"), "late": _("late"), "running": _("still running")}[kept]


_SAYINGS: list[tuple[tuple[str, ...], Callable[[Mapping[str, str]], str]]] = [
    (("clock", "kept"), _clock),
    (("paper", "made_from", "made_until"), _paper),
    (("track",), _track),
    (("short",), lambda _args: _("by short name")),
]


def without(args: Mapping[str, Any], keys: list[str]) -> dict[str, Any]:
    """The same filter without some of its conditions, from its first page on."""
    return {k: v for k, v in args.items() if k in KEYS and k not in keys and v}
