"""The pages of the desk's menu, as data: drawn by the frame, found by the palette."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _

from casework.desk import naming
from casework.procedure.kinds import kinds


@dataclass(frozen=True)
class _Page:
    """One page: its endpoint, its name, and the permission that it takes (\"\": whoever is signed
    in). ``place``: how the addresses of the pages begin that belong to it; \"\" for none."""

    endpoint: str
    name: Callable[[], str]
    permission: str
    place: str
    values: dict[str, Any] = field(default_factory=dict)


class Entry(NamedTuple):
    """A page of the menu for somebody: address, name, how the addresses begin that belong to it,
    and the list that it is, if it is one."""

    url: str
    name: str
    place: str
    which: str


def _lists() -> list[_Page]:
    return [
        _Page(
            "desk.listing",
            lambda kind=kind: naming.list_name(kind.id),  # type: ignore[misc]
            "docket.see",
            f"/desk/{kind.list}",
            {"which": kind.list},
        )
        for kind in kinds().values()
    ]


_FIRST = [_Page("desk.home", lambda: _("Desk"), "", "/desk/")]
_REST = [
    _Page("desk.papers", lambda: _("Papers"), "paper.open", "/desk/papers"),
    _Page("statistics.page", lambda: _("Statistics"), "statistics.see", "/desk/statistics"),
    _Page("printing.queue", lambda: _("Print and scan back"), "paper.print", "/desk/print"),
    _Page(
        "reading.all_faults", lambda: _("Faults of the review"), "quality.sample", "/desk/reading/"
    ),
    _Page(
        "casefile.sample_page",
        lambda: _("Quality sample"),
        "quality.sample",
        "/desk/casefile/sample",
    ),
    _Page("archive.due", lambda: _("Archive room"), "archive.see", "/desk/archive"),
    _Page("draws.listing", lambda: _("Random draws"), "draw.see", "/desk/draws"),
    _Page("disclosure.public_list", lambda: _("Public list"), "", ""),
    _Page("desk.procedure_page", lambda: _("Procedure"), "", "/desk/procedure"),
    _Page("office.settings", lambda: _("Settings"), "", "/desk/office/settings"),
    _Page("office.calendar", lambda: _("Calendar"), "admin.settings", "/desk/office/calendar"),
    _Page("office.bureau", lambda: _("Bureau"), "admin.settings", "/desk/office/bureau"),
    _Page("office.people", lambda: _("People"), "admin.people", "/desk/office/people"),
    _Page(
        "register_import.upload", lambda: _("Unit register"), "unit.import", "/desk/office/units"
    ),
    _Page(
        "phrases.listing",
        lambda: _("Standard phrases"),
        "admin.settings",
        "/desk/office/phrases",
    ),
    _Page("custody.home", lambda: _("Identities"), "identity.grant", "/desk/custody"),
    _Page("office.audit_page", lambda: _("Audit"), "audit.see", "/desk/office/audit"),
    _Page("anchors.page", lambda: _("Anchors"), "anchor.see", "/desk/anchor"),
]


def menu(can: Collection[str]) -> tuple[Entry, ...]:
    """The pages that somebody with these permissions may open, in the order of the menu."""
    return tuple(
        Entry(url_for(p.endpoint, **p.values), p.name(), p.place, p.values.get("which", ""))
        for p in (*_FIRST, *_lists(), *_REST)
        if not p.permission or p.permission in can
    )


def place(path: str) -> str:
    """The place of the menu that a page belongs to, or nothing."""
    if path == "/desk/":
        return path
    places = [p.place for p in (*_lists(), *_REST) if p.place]
    return next((p for p in places if path.startswith(p)), "")
