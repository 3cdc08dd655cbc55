"""Pages that differ only in what each person gets anew: drawn once for each language and state of the bureau, with slots."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from flask import current_app, request
from flask_login import current_user
from markupsafe import escape

from casework.people.may import today
from casework.people.models import Bureau
from casework.web.language import current

_MOST = 32  # pages kept
_LANGUAGES = ("", "zh", "en")


def filled(name: str, here: Bureau, draw: Callable[..., str], **values: str) -> str:
    """The page ``draw(**values)``, where ``draw`` does nothing with a value but print it. Kept by everything it depends on: a
    changed bureau is another state, so nothing stale is ever shown; nothing is kept of a page that staff see."""
    asked = request.args.get("lang", "")
    if current_user.is_authenticated or request.args.keys() - {"lang", "bureau"} or asked not in _LANGUAGES:
        return draw(**values)
    pages: dict[Hashable, str] = current_app.extensions.setdefault("drawn pages", {})
    state = (name, here.id, here.revision, request.args.get("bureau"), current(), asked, today())
    page = pages.get(state)
    if page is None:
        if len(pages) >= _MOST:
            pages.clear()
        page = pages[state] = draw(**{key: _slot(key) for key in values})
    for key, value in values.items():
        page = page.replace(_slot(key), escape(value))
    return page


def _slot(key: str) -> str:
    return f"slot-of-the-{key}"
