"""Pieces of pages that are drawn once and kept for the values they were drawn from.

A piece is a template that sees its values, the language and nothing else, and these together are
the name under which it is kept: a changed value is another piece, so none can be out of date. What
differs from page to page (a token, the words of a search, the cells of a row) goes into slots,
which are filled each time. Rows of a table are kept by all that stands in them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

from flask import current_app, request
from markupsafe import Markup, escape

from casework.web.language import current

MOST = 200  # pieces kept, of some ten kilobytes
MOST_ROWS = 3000  # rows kept, some two megabytes
HELPERS = ("slot",)  # what a piece may use beside its values
_MARK = secrets.token_hex(12)  # nobody can write it into a value
Piece = tuple[list[str], list[str]]  # its texts, and the names of the slots between them
Line = tuple[str, Sequence[str]]  # the kind of a row, and its cells
R = TypeVar("R", bound=Hashable)


def drawn(template: str, slots: Mapping[str, object] | None = None, **values: Hashable) -> Markup:
    """The piece, its slots filled and escaped. KeyError for a slot that the template has and the
    page does not fill."""
    return _filled(_piece((template, *_here(), *values.items()), template, values), slots or {})


def cached_page(name: Hashable, draw: Callable[..., str], slots: Mapping[str, object]) -> Markup:
    """A whole page ``draw(**slots)`` that does nothing with its slots but print them; ``name``: all
    that it depends on beside these, the language and how addresses begin."""
    return _filled(
        _kept((name, *_here()), lambda: draw(**{key: slot(key) for key in slots})), slots
    )


def _filled(piece: Piece, slots: Mapping[str, object]) -> Markup:
    texts, names = piece
    filled = (
        part
        for text, name in zip(texts, names, strict=False)
        for part in (text, escape(slots[name]))
    )
    # drawn with autoescape
    return Markup("".join((*filled, texts[-1])))  # noqa: S704


def cached_rows(
    template: str,
    fields: Sequence[str],
    found: Sequence[R],
    lines: Callable[[Sequence[R]], list[Line]],
    **values: Hashable,
) -> Markup:
    """A table's rows. ``lines`` makes those that were not drawn before: the kind of each (a value
    of the piece, beside ``values``) and its cells, in the order of ``fields``; the piece takes each
    by its name, as a slot. What ``lines`` depends on beside a row stands in ``values``.
    """
    place = (template, *_here(), *values.items())
    all_kept: dict[Hashable, dict[Any, str]] = current_app.extensions.setdefault("drawn rows", {})
    kept = all_kept.get(place, {})
    there = [kept.get(row) for row in found]
    if None in there:
        new = [row for row, html in zip(found, there, strict=True) if html is None]
        kept = {**kept, **dict(zip(new, _rows(place, fields, lines(new), values), strict=True))}
        _keep_rows(all_kept, place, kept)
        there = [kept[row] for row in found]
    # drawn with autoescape, and none is None
    return Markup("".join(there))  # type: ignore[arg-type]  # noqa: S704


def _keep_rows(
    all_kept: dict[Hashable, dict[Any, str]], place: Hashable, kept: dict[Any, str]
) -> None:
    if sum(map(len, all_kept.values())) + len(kept) > MOST_ROWS:
        all_kept.clear()
    if not current_app.jinja_env.auto_reload:
        all_kept[place] = kept


def _rows(
    place: Sequence[Hashable],
    fields: Sequence[str],
    lines: Sequence[Line],
    values: Mapping[str, Hashable],
) -> list[str]:
    """Each line drawn; all cells are escaped together. ValueError when the piece has a slot that is
    no field, or a field has no slot."""
    template = str(place[0])
    cells = str(escape(_MARK.join(chain.from_iterable(cells for _kind, cells in lines)))).split(
        _MARK
    )
    patterns: dict[str, tuple[str, list[int]]] = {}
    found = []
    for at, (kind, _cells) in enumerate(lines):
        if kind not in patterns:
            patterns[kind] = _pattern(
                _piece((*place, kind), template, {**values, "kind": kind}), fields
            )
        text, places = patterns[kind]
        first = at * len(fields)
        found.append(text % tuple(cells[first + place] for place in places))
    return found


def _pattern(piece: Piece, fields: Sequence[str]) -> tuple[str, list[int]]:
    """A piece with %s for its slots, and where among the fields each of them stands."""
    texts, names = piece
    if set(names) != set(fields):
        raise ValueError(f"slots {names}, not {fields}")
    text = "%s".join(text.replace("%", "%%") for text in texts)
    return text, [list(fields).index(name) for name in names]


def _here() -> tuple[Hashable, ...]:
    """What a piece depends on beside its values: the language, and how addresses begin and carry
    the language on."""
    return (current(), request.args.get("lang"), request.script_root)


def _piece(name: Hashable, template: str, values: Mapping[str, Hashable]) -> Piece:
    return _kept(
        name, lambda: current_app.jinja_env.get_template(template).render(**values, slot=slot)
    )


def _kept(name: Hashable, draw: Callable[[], str]) -> Piece:
    kept: dict[Hashable, Piece] = current_app.extensions.setdefault("drawn", {})
    found = kept.get(name)
    if found is None:
        parts = draw().split(_MARK)
        found = parts[::2], parts[1::2]
        if len(kept) >= MOST:
            kept.clear()
        if not current_app.jinja_env.auto_reload:
            kept[name] = found
    return found


def slot(name: str) -> Markup:
    """A place in a piece that is filled each time."""
    # a mark and a name of ours
    return Markup(f"{_MARK}{name}{_MARK}")  # noqa: S704
