"""The modules of the rules, one for each theme."""

from __future__ import annotations

from importlib import import_module

THEMES = (
    "persons",
    "order",
    "rights",
    "limits",
    "sums",
    "words",
    "sheets",
    "publication",
    "discipline",
    "tips",
)


def load_rules() -> None:
    """Import them all: a rule registers itself."""
    for theme in THEMES:
        import_module(f"casework.reading.{theme}")
