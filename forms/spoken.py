"""Forms whose built-in messages («Not a valid choice.») speak the person's language, as ours do."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import has_app_context
from flask_babel import get_locale
from flask_babel import get_translations as our_words
from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.i18n import get_translations as their_words


def _n(one: str, many: str) -> tuple[str, str]:
    """A message with a plural, named so that its words are collected."""
    return one, many


# messages of WTForms for which we have words of our own; the others have its own translation
OURS = (
    _l("Not a valid choice."),
    _l("Invalid Choice: could not coerce."),
    _l("Invalid choice(s): one or more data inputs could not be coerced."),
    _n(
        "'%(value)s' is not a valid choice for this field.",
        "'%(value)s' are not valid choices for this field.",
    ),
    _n(
        "Field cannot be longer than %(max)d character.",
        "Field cannot be longer than %(max)d characters.",
    ),
)


@lru_cache(maxsize=8)
def _theirs(language: str) -> Any:
    return their_words([language, language.partition("_")[0]])


class _Words:
    """Our words where there are some, else WTForms'; placeholders are WTForms' to fill."""

    def __init__(self, language: str) -> None:
        self.ours, self.theirs = our_words(), _theirs(language)

    def gettext(self, text: str) -> str:
        """One message."""
        own = str(self.ours.ugettext(text))
        return own if own != text else str(self.theirs.gettext(text))

    def ngettext(self, one: str, many: str, n: int) -> str:
        """One with a plural."""
        own = str(self.ours.ungettext(one, many, n))
        return own if own not in (one, many) else str(self.theirs.ngettext(one, many, n))


class Spoken(Form):
    """Base of every form of ours."""

    class Meta:
        """What WTForms asks for translations."""

        def get_translations(self, form: Form) -> Any:
            """Those of this request; WTForms' English outside of the program."""
            return _Words(str(get_locale() or "en")) if has_app_context() else None
