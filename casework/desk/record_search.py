"""Words of records: what people typed into steps and tips, and what evidence is called.

It is sealed, so that no index has it: the newest dockets that the person sees are opened, then the
next (decision 0064). A docket counts as found only where its own page shows the words to the person
who looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flask import current_app
from flask_babel import gettext as _

from casework.desk.context import facts_for_me, me, my_scope, today
from casework.desk.finding import FoundDockets, reason
from casework.desk.form_answers import tip_rows
from casework.desk.journal_rows import act_row
from casework.docket.models import Docket
from casework.docket.sealed_words import bare, bearing, next_dockets
from casework.people.may import may
from casework.procedure.checks.signed import files, title_of
from casework.procedure.facts import Facts
from casework.procedure.kinds import kinds
from casework.store import db
from casework.text import folded
from casework.vault.tokens import matches

LOOK = 200  # dockets opened in one go
SHOWN = 20  # found in one go
ASKED = 40  # dockets whose page is asked, in one go, whether it shows the words
REASONS = 3  # of one docket
AROUND = 14  # characters shown beside the words


class Looked(NamedTuple):
    """What a look found by kinds of dockets, how many dockets it opened, and the id before which
    the next look goes on (0: there is none)."""

    found: tuple[FoundDockets, ...]
    opened: int
    before: int


def look(query: str, before: int = 0) -> Looked:
    """Look through the dockets before that id (0: from the newest) for the words."""
    found = {kind: FoundDockets(kind) for kind in reversed(tuple(kinds()))}
    session, vault = db.session(), current_app.extensions["vault"]
    rows = next_dockets(session, my_scope(), before, LOOK) if bare(query) else []
    asked, shown, opened, last = 0, 0, 0, 0
    for number, bears in bearing(session, vault, rows, query) if rows else ():
        opened, last = opened + 1, number
        if bears:
            asked, shown = asked + 1, shown + _shows(found, number, query)
        if asked == ASKED or shown == SHOWN:
            break
    ended = opened == len(rows) < LOOK
    return Looked(tuple(found.values()), opened, 0 if ended else last)


def _shows(found: dict[str, FoundDockets], number: int, query: str) -> bool:
    """Add the docket if its page shows the words to the person."""
    docket = db.session.get_one(Docket, number)
    whys = _reasons(docket, query)
    for why in whys:
        found[docket.kind].add(docket, why)
    return bool(whys)


def _reasons(docket: Docket, query: str) -> list[str]:
    """Where its page shows the words, the first few; none where it shows no page."""
    facts = facts_for_me(docket)
    if facts is None:
        return []
    bear = {_excerpt(text, query): what for what, text in reversed(list(_texts(facts, query)))}
    return [reason(what, text) for text, what in reversed(bear.items())][:REASONS]


def _texts(facts: Facts, query: str) -> Iterator[tuple[str, str]]:
    """What the page shows that bears the words, with what it is called there."""
    return ((what, text) for what, text in _shown(facts) if matches(text, query))


def _shown(facts: Facts) -> Iterator[tuple[str, str]]:
    if may(me(), "file.open", today()):
        yield from ((_("Evidence"), title_of(a, f)) for a, f in files(facts))
        yield from (
            (_("Evidence"), str(a.asked.get("title", ""))) for a in facts.done("add_evidence")
        )
    if kinds()[facts.kind].informant:
        yield from tip_rows(facts, facts.acts)
    for act in facts.acts:
        row = act_row(facts, act)
        yield from ((f"{row['name']} · {label}", text) for label, text in row["asked"])
        yield row["name"], row["says"]


def _excerpt(text: str, query: str) -> str:
    """The words with what stands beside them, in one line."""
    line = " ".join(text.split())
    at = line.find(query)
    if at < 0:
        line, query = folded(line), folded(query)
        at = line.find(query)
    start, end = max(0, at - AROUND), at + len(query) + AROUND
    return ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")
