"""Every step form by the name that ``procedure.toml`` uses: «module.Class»."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

import forms
from forms.base import StepForm


@cache
def all_forms() -> dict[str, type[StepForm]]:
    """All subclasses of StepForm in this folder, and the bare form itself."""
    for module in pkgutil.iter_modules(forms.__path__):
        import_module(f"forms.{module.name}")
    return {f"{c.__module__.removeprefix('forms.')}.{c.__name__}": c for c in _family(StepForm)}


def _family(of: type[StepForm]) -> list[type[StepForm]]:
    return [of, *(d for c in of.__subclasses__() for d in _family(c))]


def form_class(name: str) -> type[StepForm]:
    """The form of that name. Error: KeyError where there is none (the start-up check has
    looked)."""
    return all_forms()[name]
