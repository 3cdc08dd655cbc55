"""Public pages that differ only in what each person gets anew: drawn once for each language and
state of the bureau."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from flask_login import current_user

from casework.people.may import today
from casework.people.models import Bureau
from casework.web import fragment_cache

_LANGUAGES = ("", "zh", "en")


def filled(name: str, here: Bureau, draw: Callable[..., str], **values: str) -> str:
    """The page ``draw(**values)``, where ``draw`` does nothing with a value but print it. A changed
    bureau is another state, so nothing stale is ever shown; nothing is kept of a page that staff
    see, or of an address that anybody made up."""
    asked = request.args.get("lang", "")
    if (
        current_user.is_authenticated
        or request.args.keys() - {"lang", "bureau"}
        or asked not in _LANGUAGES
    ):
        return draw(**values)
    return fragment_cache.cached_page(
        (name, here.id, here.revision, request.args.get("bureau"), today()), draw, values
    )
