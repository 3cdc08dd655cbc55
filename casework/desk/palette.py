"""Where somebody can go from here by a few typed signs: pages of the menu, steps of the docket they
are on, dockets and papers."""

from __future__ import annotations

from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _

from casework.desk.context import facts_for_me, me, my_scope, today
from casework.desk.finding import FoundDockets, by_number, by_words
from casework.desk.menu import menu
from casework.docket.lists import docket_by_code
from casework.people.may import may
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.procedure.offers import offers
from casework.procedure.roles import NUMBER, permissions_of
from casework.store import db
from casework.text import folded_name
from casework.web.filters import shown_signs
from casework.web.language import current

MOST = 6  # of each kind of places


class Place(NamedTuple):
    """One place: its name, what stands beside it, its address."""

    name: str
    beside: str
    url: str


class Places(NamedTuple):
    """Places of one kind, under their heading."""

    heading: str
    places: list[Place]


def pages_called(query: str) -> list[Place]:
    """Pages of the menu whose name bears the words."""
    wanted = folded_name(query)
    can = permissions_of(me().role_names(today()))
    return [Place(e.name, "", e.url) for e in menu(can) if wanted in folded_name(e.name)]


def steps_called(query: str, code: str) -> list[Place]:
    """Steps of that docket that the person can take now and whose name bears the words; none where
    they do not see it."""
    docket = docket_by_code(db.session(), my_scope(), code) if code else None
    facts = facts_for_me(docket) if docket else None
    if docket is None or facts is None or facts.actor is None:
        return []
    wanted, found = folded_name(query), offers(procedure(), facts, facts.actor)
    named = [(o, o.step.name.in_language(current())) for o in found if o.possible]
    return [
        Place(name, docket.number, _step_url(code, o.track, o.step.id))
        for o, name in named
        if wanted in folded_name(name)
    ]


def _step_url(code: str, track: str, step: str) -> str:
    return url_for("dockets.step", code=code, track=track, step=step)


def dockets_called(query: str) -> list[Place]:
    """The first dockets that a search finds by number, name or cause."""
    if not query or not may(me(), "docket.search", today()):
        return []
    found = {kind: FoundDockets(kind) for kind in reversed(tuple(kinds()))}
    by_number(found, query)
    for one in found.values():
        if my_scope().level(one.kind) != NUMBER:
            by_words(one, query)
    rows = [row for one in found.values() for row in [*one.rows.values()][:MOST]]
    return [
        Place(f"{row.number} {shown_signs(row.title)}".strip(), row.cause, _docket_url(row.code))
        for row in rows
    ]


def _docket_url(code: str) -> str:
    return url_for("dockets.docket", code=code)


def places(query: str, code: str) -> list[Places]:
    """Everything of these that bears the words, by kinds; ``code``: the docket they are on."""
    found = (
        Places(_("Tips and cases"), dockets_called(query)),
        Places(_("Steps of this docket"), steps_called(query, code)),
        Places(_("Pages"), pages_called(query)),
    )
    return [p._replace(places=p.places[: 2 * MOST]) for p in found if p.places]
