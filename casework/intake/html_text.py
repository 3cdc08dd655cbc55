"""The text of an HTML mail: nothing in it is run, fetched or kept but words, line breaks and where links lead."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_LINES = {"p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr", "pre"}
_SILENT = {"script", "style", "head", "title", "noscript", "template", "svg", "object"}
_VOID = {"br", "hr", "img", "meta", "link", "input", "base", "col", "wbr"}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag in _LINES:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")
        elif tag == "a":
            self._link = (dict(attrs).get("href") or "").strip()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:  # whatever was left open inside ends with it
            del self._silent[self._silent.index(tag) :]
        elif tag == "body":
            self._silent.clear()
        elif tag == "a" and self._link.startswith(("http://", "https://")):
            if self._link not in "".join(self.parts[-3:]):
                self.parts.append(f" <{self._link}>")
            self._link = ""
        elif tag in _LINES and tag not in _VOID:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"[\s\u00a0]+", " ", data))


def text_of(html: str) -> str:
    """Plain text; of HTML that is broken, what can be read."""
    words = _Words()
    words.feed(html)
    words.close()
    lines = [re.sub(r" +", " ", line).strip(" ") for line in "".join(words.parts).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
