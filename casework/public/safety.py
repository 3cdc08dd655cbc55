"""What pages for informants say about their own safety: where «leave quickly» leads, and whether
Tor is worth a word."""

from __future__ import annotations

import re

from flask import Flask, g

from casework.people.facts import settings_of
from casework.people.may import today
from casework.procedure.settings import Settings, shipped

_ADDRESS = re.compile(r"https://[^\s\"'<>]+")
_ONION = re.compile(r"(?:https?://)?[a-z2-7]{56}\.onion/?", re.IGNORECASE)


def init_app(app: Flask) -> None:
    """Give :func:`way_out` and :func:`onion` to all templates, error pages too."""
    app.context_processor(lambda: {"way_out": way_out, "onion": onion})


def way_out() -> str:
    """The harmless page behind «leave quickly»: the bureau's, or the one we ship where theirs is no
    https address."""
    own = _settings().text("public.exit")
    return own if _ADDRESS.fullmatch(own) else shipped().text("public.exit")


def onion() -> str:
    """This site's onion address; "" where it has none."""
    own = _settings().text("public.onion")
    return own if _ONION.fullmatch(own) else ""


def _settings() -> Settings:
    here = g.get("here") or g.get("bureau")
    return settings_of(here.id, today()) if here else shipped()
