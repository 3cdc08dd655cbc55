"""Which rooms the program has: their pages, their commands, and the start-up check of the procedure."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Open every room. Order matters only for URLs that could both match: none do."""
    from casework.people import signin

    signin.init_app(app)
