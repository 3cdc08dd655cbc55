"""What a search finds by what stands in clear, and why: numbers and codes, units, names and causes,
short names, officers, kinds of papers. What is sealed is looked through in ``record_search``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from casework.desk import list_conditions
from casework.desk.columns import FOUND
from casework.desk.context import me, my_scope, today
from casework.desk.filters import has_code, search_words, tokens
from casework.desk.numbered import dockets_numbered, papers_numbered
from casework.desk.rows import table_rows
from casework.docket import lists
from casework.docket.lists import BASE, Filter
from casework.people.facts import staff_facts
from casework.people.may import may
from casework.procedure.kinds import kinds
from casework.procedure.load import procedure
from casework.procedure.roles import NUMBER, who_may
from casework.store import db
from casework.text import folded, folded_name
from casework.vault.tokens import matches, short_name_tokens
from casework.web.filters import shown_signs
from casework.web.language import current

FEW = 10  # rows of a search by officer or kind of paper: the list has them all
NAMES = [c.key for c in BASE]


class More(NamedTuple):
    """A list that goes on where a search ends: its words and its address."""

    words: str
    url: str


@dataclass
class FoundDockets:
    """Dockets of one kind that were found, in the order in which they were: by id, the row and why
    (each reason once), and the lists that go on."""

    kind: str
    rows: dict[int, Any] = field(default_factory=dict)
    why: dict[int, list[str]] = field(default_factory=dict)
    more: list[More] = field(default_factory=list)

    def add(self, row: Any, why: str) -> None:
        """One more docket, or one more reason of a docket."""
        self.rows.setdefault(row.id, row)
        reasons = self.why.setdefault(row.id, [])
        if why not in reasons:
            reasons.append(why)

    def lines(self) -> Markup:
        """The rows as rows of HTML."""
        shown = [self._line(row) for row in self.rows.values()]
        return table_rows(FOUND, shown, today(), self.kind)

    def _line(self, row: Any) -> tuple[Any, ...]:
        return (*(getattr(row, n) for n in NAMES), Markup("<br>").join(self.why[row.id]))


def reason(what: str, text: object) -> str:
    """Why something was found: which kind of thing, and what it says."""
    return _("%(what)s: %(text)s", what=what, text=shown_signs(text))


def find_dockets(query: str) -> tuple[FoundDockets, ...]:
    """Everything that bears the words, of what the person may see; cases first. Dockets seen by
    number alone are found by their number alone."""
    found = {kind: FoundDockets(kind) for kind in reversed(tuple(kinds()))}
    by_number(found, query)
    for one in found.values():
        if my_scope().level(one.kind) != NUMBER:
            by_words(one, query)
            _by_officer(one, query)
            _by_paper(one, query)
    return tuple(found.values())


def by_number(found: Mapping[str, FoundDockets], query: str) -> None:
    """Dockets and papers by their numbers and codes."""
    for row in dockets_numbered(query):
        found[row.kind].add(row, reason(_("Number"), row.number))
    if may(me(), "paper.open", today()):
        for row in papers_numbered(query):
            found[row.kind].add(row, _paper_reason(row))


def _paper_reason(row: Any) -> Markup:
    name = procedure().papers[row.paper_kind].name.in_language(current())
    return Markup('{} <a href="{}" target="_blank" rel="noopener">{} {}</a>').format(
        _("Paper number:"), url_for("desk.paper", number=row.paper), name, row.paper_number
    )


def by_words(found: FoundDockets, query: str) -> None:
    """By the code of the unit, or by words of name, cause and number; by a short name where nothing
    has the words themselves."""
    of_unit = has_code(query)
    if of_unit:
        _add(found, Filter(found.kind, also=of_unit), _always(_("Code of the unit")))
        return
    if not folded(query):
        return
    f = Filter(found.kind, tokens=tokens(query), words=query)
    if _add(found, f, lambda row: _where(row, query)):
        found.more.append(More(_("All that bear the words"), _list(found.kind, q=query)))
    if not found.rows and short_name_tokens(query):
        short = Filter(found.kind, **search_words(query, short=True))
        if _add(found, short, lambda row: reason(_("Short name of"), row.title)):
            address = _list(found.kind, q=query, short=1)
            found.more.append(More(_("All that it can be short for"), address))


def _where(row: Any, query: str) -> str:
    """Which of the things that the index covers bears the words."""
    name = _("Respondent") if kinds()[row.kind].respondent else _("About")
    places = ((name, row.title), (_("Cause"), row.cause), (_("Number"), row.number))
    what, text = next((p for p in places if matches(p[1], query)), places[0])
    return reason(what, text)


def _by_officer(found: FoundDockets, query: str) -> None:
    """Dockets in the hands of whoever has that name."""
    for person in officers_named(query):
        f = Filter(found.kind, officer=person.id)
        if _add(found, f, _always(reason(_("Officer"), person.name)), FEW):
            words = _("All in the hands of %(who)s", who=person.name)
            found.more.append(More(words, _list(found.kind, officer=person.id)))


def officers_named(query: str) -> list[Any]:
    """Officers of the bureau, those who left included, whose name bears the words."""
    name = folded_name(query)
    staff = staff_facts(me().bureau_id, today()).values() if len(name) > 1 else ()
    return [p for p in staff if name in folded_name(p.name) and p.roles & who_may("case.inspect")]


def _by_paper(found: FoundDockets, query: str) -> None:
    """Dockets for which a paper of that name was made."""
    if not may(me(), "paper.open", today()):
        return
    for kind, name in papers_called(query):
        f = Filter(found.kind, also=(list_conditions.has_paper(kind, None, None),))
        if _add(found, f, _always(reason(_("Paper"), name)), FEW):
            words = _("All with «%(paper)s»", paper=name)
            found.more.append(More(words, _list(found.kind, paper=kind)))


def papers_called(query: str) -> list[tuple[str, str]]:
    """Kinds of papers, three at most, whose name bears the words; the shortest names first."""
    wanted = folded_name(query)
    names = {k: r.name.in_language(current()) for k, r in procedure().papers.items()}
    bear = [(k, n) for k, n in names.items() if len(wanted) > 2 and wanted in folded_name(n)]
    return sorted(bear, key=lambda pair: len(pair[1]))[:3]


def _add(found: FoundDockets, f: Filter, why: Callable[[Any], str], most: int = lists.PAGE) -> bool:
    """Add the first rows of a list; whether it has more than those."""
    page = lists.dockets_page(db.session(), my_scope(), f, today())
    for row in page.rows[:most]:
        found.add(row, why(row))
    return bool(page.after) or len(page.rows) > most


def _always(why: str) -> Callable[[Any], str]:
    """The same reason for every row."""
    return lambda _row: why


def _list(kind: str, **asked: Any) -> str:
    return url_for("desk.listing", which=kinds()[kind].list, **asked)
