"""The text of an HTML mail: nothing in it is run, fetched or kept but words, line breaks, cells and
where links lead.

It is read in one go from beginning to end, whatever it is: Python's own parser takes hours for a
page of half-open tags, and one such letter would hold up all that come after it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

_LINES = {
    "p",
    "div",
    "br",
    "tr",
    "li",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "hr",
    "pre",
}
_RAW = {"script", "style"}  # up to their own end tag, tags or not
_SILENT = {"head", "title", "noscript", "template", "svg", "object"}
_VOID = {"br", "hr", "img", "meta", "link", "input", "base", "col", "wbr"}
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})")
_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_CELL = "\t"  # begins a cell; the words themselves have none
_LONGEST_TAG = 4000  # characters in which a link is looked for
# text · start · end; the words or the tag's name; what stands in the tag
Token = tuple[str, str, str]


def _tokens(html: str) -> Iterator[Token]:
    """Each character is looked at a fixed number of times."""
    at = 0
    while (start := html.find("<", at)) >= 0:
        yield "text", html[at:start], ""
        tag, declared = _TAG.match(html, start), html.startswith(("<!", "<?"), start)
        if not tag and not declared:
            yield "text", "<", ""
            at = start + 1
            continue
        end, at = _closed(html, start)
        if end < 0:  # never closed: what is left of it may be words
            yield "text", "" if html.startswith("<!", start) else html[start:], ""
            return
        if tag:
            name = tag[2].lower()
            yield "end" if tag[1] else "start", name, html[tag.end() : end][:_LONGEST_TAG]
            at = _after_raw(html, name, at) if name in _RAW and not tag[1] else at
    yield "text", html[at:], ""


def _closed(html: str, start: int) -> tuple[int, int]:
    """Where the comment, declaration or tag that begins there closes (-1: never), and where what
    comes after it begins."""
    if html.startswith("<!--", start):
        end = html.find("-->", start + 4)
        return end, end + 3
    end = html.find(">", start)
    return end, end + 1


def _after_raw(html: str, name: str, at: int) -> int:
    found = re.compile(f"</{name}", re.IGNORECASE).search(html, at)
    return found.start() if found else len(html)


class _Words:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self._silent: list[str] = []
        self._inside = Counter[str]()
        self._link = ""

    def start(self, tag: str, inside: str) -> None:
        """Note what an opening tag does to the words behind it."""
        if tag in _SILENT:
            self._silent.append(tag)
            self._inside[tag] += 1
        elif tag in _LINES:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(_CELL)
        elif tag == "a":
            found = _HREF.search(inside)
            self._link = (
                _clear(next(g for g in found.groups() if g is not None)).strip() if found else ""
            )

    def end(self, tag: str, _inside: str) -> None:
        """Note what a closing tag does to the words behind it."""
        if self._inside[tag]:  # whatever was left open inside ends with it
            while self._left() != tag:
                pass
        elif tag == "body":
            self._silent.clear()
            self._inside.clear()
        elif tag == "a" and self._link.startswith(("http://", "https://")):
            if self._link not in "".join(self.parts[-3:]):
                self.parts.append(f" <{self._link}>")
            self._link = ""
        elif tag in _LINES and tag not in _VOID:
            self.parts.append("\n")

    def _left(self) -> str:
        tag = self._silent.pop()
        self._inside[tag] -= 1
        return tag

    def text(self, words: str, _inside: str) -> None:
        """Take the words between two tags."""
        if words and not self._silent:
            self.parts.append(re.sub(r"[\s\u00a0]+", " ", _clear(words)))


def _clear(words: str) -> str:
    try:
        return unescape(words)
    except ValueError:  # a character whose number has thousands of digits
        return words


def _row(line: str) -> str:
    """Cells of a table with a bar between them: a tab would be lost on paper. One that is empty in
    the middle stays."""
    cells = [re.sub(r" +", " ", cell).strip(" ") for cell in line.split(_CELL)]
    filled = [n for n, cell in enumerate(cells) if cell]
    return " | ".join(cells[filled[0] : filled[-1] + 1]) if filled else ""


def text_of(html: str) -> str:
    """The plain text of an HTML page; of HTML that is broken, what can be read."""
    words = _Words()
    take = {"text": words.text, "start": words.start, "end": words.end}
    for kind, what, inside in _tokens(html):
        take[kind](what, inside)
    lines = [_row(line) for line in "".join(words.parts).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
