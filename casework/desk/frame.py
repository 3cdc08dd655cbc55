"""The frame of every desk page: the bar on top and the menu, for the person who looks."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import g, get_flashed_messages, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from casework.desk import clock, custody, naming, told_code
from casework.desk.context import me, today
from casework.desk.menu import menu, place
from casework.desk.saved_views import last_query
from casework.people.signin import session_left
from casework.procedure.roles import permissions_of
from casework.web.fragment_cache import drawn, slot
from casework.web.language import current


def links() -> Markup:
    """Style, icon and script."""
    return drawn("layout/desk_links.html")


def top() -> Markup:
    """Everything above the page's own part."""
    person, reading = me(), request.method == "GET"
    roles = person.role_names(today())
    can = permissions_of(roles) if person.active else frozenset()
    slots = {
        "query": request.args.get("q", ""),
        "at": (request.view_args or {}).get("code", request.args.get("at", "")),
        "token": generate_csrf(),
        "left": session_left(),
        "other": _other_language(),
        "waiting": custody.waiting_requests() if "identity.grant" in can else "",
    }
    return drawn(
        "layout/desk_top.html",
        slots,
        bureau=g.bureau.name,
        person=person.name,
        roles=tuple(sorted(roles)),
        can=can,
        role_word=naming.role_word,
        place=place(request.path),
        menu=tuple((e, last_query(e.which) if e.which else "") for e in menu(can)),
        lang=request.args.get("lang", ""),
        reading=reading,
        english=current() == "en",
    )


def _other_language() -> str:
    """This page in the other language, as an address that begins where the page's own question
    begins."""
    return "?" + urlencode({**request.args.to_dict(), "lang": "zh" if current() == "en" else "en"})


def flashes() -> Markup:
    """The newest message; whether the clock is doubted; and, elsewhere than on the form itself,
    that a code was told for a tip that is not saved."""
    found, channel = get_flashed_messages(with_categories=True), told_code.channel_waiting()
    warned = Markup()
    on_form = request.endpoint == "counter.new_report" and request.values.get("channel") == channel
    if channel and not on_form:
        warned = drawn("layout/desk_told.html", {"token": generate_csrf()}, channel=channel)
    warned = clock.warning() + warned
    if not found:
        return warned
    newest: Any = found[-1]
    return drawn("layout/desk_flashes.html", {"message": newest[1]}, category=newest[0]) + warned


CONTEXT = {"desk_links": links, "desk_top": top, "desk_flashes": flashes}  # for the layout


# -- pages whose own part is drawn already
class Named(NamedTuple):
    """What the layout asks of a bureau."""

    name: str


def framed_page(title: str, main: Markup) -> str:
    """The frame around a page's own part, without a template's work each time."""
    slots = {"top": top(), "flashes": flashes(), "main": main}
    return drawn(
        "layout/desk_page.html",
        slots,
        title=title,
        bureau=Named(g.bureau.name),
        language=current(),
        desk_links=links,
        desk_top=_top_slot,
        desk_flashes=_flashes_slot,
    )


def _top_slot() -> Markup:
    return slot("top")


def _flashes_slot() -> Markup:
    return slot("flashes")
