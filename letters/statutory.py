"""What the law wants on a paper, looked for in its finished text: a bureau may edit the wording,
not the law.

The rows stand in ``statutory.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from casework.toml_file import Row, read_toml
from letters import words
from letters.format import Values, word
from letters.words import PLACEHOLDER, FilledWording, Wording, WordingError

FILE = Path(__file__).with_name("statutory.toml")
CLOSING = "@closing"  # the bureau's name, the day and the place of the seal


class MissingElement(WordingError):
    """The wording leaves out what the law wants; names the line where the shipped wording has it,
    and the article."""


class Element(Row, frozen=True):
    """One row: what must stand on the paper, by which article, and on which values that depends."""

    article: str
    name: str
    has: tuple[str, ...]
    when: tuple[str, ...] = ()

    def counts(self, values: Values) -> bool:
        """Whether the row counts for a paper with these values."""
        return all(
            bool(values.get(w.removeprefix("!"))) is not w.startswith("!") for w in self.when
        )


@cache
def elements() -> Mapping[str, tuple[Element, ...]]:
    """What must stand on each kind of paper, by kind (`statutory.toml`)."""
    return read_toml(FILE, dict[str, tuple[Element, ...]])


def require_statutory_parts(kind: str, text: str, source: FilledWording, closing: str) -> None:
    """Refuse the finished text of a paper that lacks what the law wants.

    `source`: its wording and values; `closing`: bureau, seal and day as it closes with. Error:
    `MissingElement`.
    """
    printed = _plain(text)
    for element in elements().get(kind, ()):
        if not element.counts(source.values):
            continue
        for wanted in element.has:
            if any(_plain(part) not in printed for part in _filled(wanted, source, closing)):
                raise _missing(kind, source.wording, element, wanted)


def _filled(wanted: str, source: FilledWording, closing: str) -> Iterator[str]:
    """What a word of `has` stands for on this paper; a value that is empty here asks for
    nothing."""
    if wanted == CLOSING:
        yield closing
        return
    found = PLACEHOLDER.fullmatch(wanted)
    if not found:
        yield wanted
        return
    name, _, part = found[1].partition(".")
    yield from (
        (item[part] for item in source.lists.get(name, ())) if part else [source.values[name]]
    )


def _missing(kind: str, wording: Wording, element: Element, wanted: str) -> MissingElement:
    """The error, with the line of the shipped wording that has what is missing."""
    number = next(
        (
            line.number
            for _, line in words.wording_of(kind).lines()
            if _stands_in(wanted, line.text)
        ),
        1,
    )
    what = word("left_out_by_wording", name=element.name, article=element.article, wanted=wanted)
    return MissingElement(wording.path, number, what)


def _stands_in(wanted: str, text: str) -> bool:
    """Whether a line of wording brings it in; a part of a list is brought in where the list is."""
    name, _, part = wanted.strip("{}").partition(".")
    return wanted in text or (bool(part) and text in (f"@each {name}", f"@{name}"))


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)
