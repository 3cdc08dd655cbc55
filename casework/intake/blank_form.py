"""The blank form of a tip: drawn once for each language and state of the bureau, with slots for what each person gets anew."""

from __future__ import annotations

from collections.abc import Callable, Hashable

_MOST = 16  # states kept
_KEY, _TOKEN = "slot-of-the-draft-key", "slot-of-the-form-token"


class BlankForms:
    """Drawn pages by everything they depend on; a changed bureau is another state, so nothing stale is ever shown."""

    def __init__(self) -> None:
        self._pages: dict[Hashable, str] = {}

    def page(self, state: Hashable, draw: Callable[[str, str], str], key: str, token: str) -> str:
        """The page for one person: their draft key and token stand where the slots were."""
        if state not in self._pages:
            if len(self._pages) >= _MOST:
                self._pages.clear()
            self._pages[state] = draw(_KEY, _TOKEN)
        return self._pages[state].replace(_KEY, key).replace(_TOKEN, token)
