"""What an entry of the journal holds in its sealed part: what somebody typed, and what the program
added to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

Asked = Mapping[str, Any]  # the answers of a step's form by the names of its fields: JSON values
# what an entry that is nonsense raises when it is read
UNREADABLE = (TypeError, ValueError, AttributeError, ArithmeticError, LookupError)
# the stored form writes what the program added under «_» and the name here
_ADDED = {"counts_from": "_from"} | {
    name: f"_{name}" for name in ("said", "files", "papers", "otherwise", "proposal")
}


@dataclass(frozen=True)
class Payload:
    """``answers`` are those of the form; of a judgement they are empty, and ``said`` holds the
    judge's words («opinion», «refused») and ``proposal`` the number of the entry that is judged."""

    answers: Asked = field(default_factory=dict)
    said: Asked = field(default_factory=dict)
    proposal: int = 0
    # each file that came with the act: title, digests, and «unbound» when it cannot be read
    files: tuple[Mapping[str, Any], ...] = ()
    # digests of the papers that were made, by their names in the store
    papers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # signs that the papers draw otherwise → as drawn
    otherwise: Mapping[str, str] = field(default_factory=dict)
    # of an act of time: the last day of the clock that it ends, from which the next one counts
    counts_from: date | None = None

    def stored(self) -> dict[str, Any]:
        """The journal's form: the answers, and beside them what was added."""
        added = {key: value for name, key in _ADDED.items() if (value := getattr(self, name))}
        if self.counts_from:
            added["_from"] = self.counts_from.isoformat()
        return {**self.answers, **added}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Payload:
        """The record of a stored form. ValueError for a day that is none."""
        added = {name: kept[key] for name, key in _ADDED.items() if kept.get(key)}
        if "counts_from" in added:
            added["counts_from"] = date.fromisoformat(added["counts_from"])
        added["files"] = tuple(added.get("files", ()))
        return cls({k: v for k, v in kept.items() if k not in _ADDED.values()}, **added)

    def judging(self, proposed: Payload) -> Payload:
        """What a judgement brings into effect: what was proposed, with its files."""
        answers = {**proposed.answers, **self.answers}
        return replace(self, answers=answers, files=self.files or proposed.files)
