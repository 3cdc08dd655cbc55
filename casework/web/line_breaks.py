"""A line break in a template, with the indentation around it, is no part of the page.

HTML shows a line break between two words as a blank, and Chinese is written without blanks: a
template could not be laid out, one element a line, without changing what people read. Here its
lines are put together as they stand, as in JSX; inside a tag, between two attributes, one blank is
left. A blank that is meant where a line ends is written ``{{ ' ' }}``. What lies in ``pre``,
``textarea``, ``script`` and ``style``, in an attribute's value, and in templates of mail stays as
it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Flask
from jinja2 import lexer
from jinja2.ext import Extension

_TEXT = re.compile(
    r"(?P<verbatim><(?P<name>pre|textarea|script|style)\b)"
    r"|(?P<opens><(?=[a-zA-Z/!]))"
    r"|(?P<breaks>\s*\n\s*)",
    re.IGNORECASE,
)
_TAG = re.compile(r"(?P<quote>[\"'])|(?P<closes>>)|(?P<breaks>\s*\n\s*)")


class LinesJoined(Extension):
    """A Jinja extension that leaves line breaks out when a template is compiled; its lines keep
    their numbers."""

    def filter_stream(self, stream: lexer.TokenStream) -> Iterator[lexer.Token]:
        """The tokens of a template, those of text without line breaks."""
        pages = stream.name is None or stream.name.endswith(".html")
        joined = _Joined()
        for token in stream:
            if pages and token.type == lexer.TOKEN_DATA:
                yield lexer.Token(token.lineno, token.type, joined.text(str(token.value)))
            else:
                yield token


class _Joined:
    """Goes through the text of one template and knows whether it is inside a tag."""

    def __init__(self) -> None:
        self._in_tag = False
        self._quote = ""  # inside the value of an attribute
        self._verbatim = ""  # the element whose text stays as it is

    def text(self, text: str) -> str:
        """The next text of the template, without its line breaks."""
        parts: list[str] = []
        at = 0
        while at < len(text):
            step = self._tag if self._in_tag else self._plain
            if self._verbatim and not self._in_tag:
                step = self._kept
            part, at = step(text, at)
            parts.append(part)
        return "".join(parts)

    def _plain(self, text: str, at: int) -> tuple[str, int]:
        found = _TEXT.search(text, at)
        if found is None:
            return text[at:], len(text)
        if found["breaks"]:
            return text[at : found.start()], found.end()
        self._in_tag = True
        self._verbatim = (found["name"] or "").lower()
        return text[at : found.end()], found.end()

    def _tag(self, text: str, at: int) -> tuple[str, int]:
        if self._quote:
            end = text.find(self._quote, at)
            if end < 0:
                return text[at:], len(text)
            self._quote = ""
            return text[at : end + 1], end + 1
        found = _TAG.search(text, at)
        if found is None:
            return text[at:], len(text)
        if found["breaks"]:
            return text[at : found.start()] + " ", found.end()
        self._quote = found["quote"] or ""
        self._in_tag = not found["closes"]
        return text[at : found.end()], found.end()

    def _kept(self, text: str, at: int) -> tuple[str, int]:
        end = text.lower().find(f"</{self._verbatim}", at)
        if end < 0:
            return text[at:], len(text)
        self._verbatim = ""
        return text[at:end], end


def init_app(app: Flask) -> None:
    """Add the extension; to be called before any template is compiled."""
    app.jinja_env.add_extension(LinesJoined)
