"""Pieces of pages that are drawn once and kept for the values they were drawn from.

A piece is a template that sees its values, the language and nothing else, and these together are
the name under which it is kept: a changed value is another piece, so none can be out of date. What
differs from page to page (a token, the words of a search, the rows of a list) goes into slots,
which are filled each time.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Mapping

from flask import current_app, request
from markupsafe import Markup, escape

from casework.web.language import current

MOST = 200  # pieces kept, of some ten kilobytes
HELPERS = ("slot",)  # what a piece may use beside its values
_MARK = secrets.token_hex(12)  # nobody can write it into a value
Piece = tuple[list[str], list[str]]  # its texts, and the names of the slots between them


def drawn(template: str, slots: Mapping[str, object] | None = None, **values: Hashable) -> Markup:
    """The piece of a page that a template draws from its values, kept for them, with its slots
    filled and escaped. Error: KeyError for a slot that the template has and the page does not
    fill."""
    return _filled(_piece((template, *_here(), *values.items()), template, values), slots or {})


def cached_page(name: Hashable, draw: Callable[..., str], slots: Mapping[str, object]) -> Markup:
    """A whole page ``draw(**slots)``, kept under ``name``. ``draw`` only prints its slots; ``name``
    is all that it depends on beside these, the language and how addresses begin."""
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
    """A place in a kept piece that is filled at each request."""
    # a mark and a name of ours
    return Markup(f"{_MARK}{name}{_MARK}")  # noqa: S704
