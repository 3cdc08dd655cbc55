"""What a person finds on a page: links to follow, and forms with their fields and buttons, as a
browser reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_SENT = ("input", "select", "textarea", "button")


@dataclass
class Field:
    """One field of a form. A group of boxes or of radio buttons is one field with several
    options."""

    name: str
    kind: str  # text · area · hidden · checkbox · radio · select · file
    options: list[str] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)  # what would be sent if nobody touched it


@dataclass
class Form:
    """A form of a page; ``buttons`` are (name, value), the nameless ones too."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def standing(self) -> dict[str, list[str]]:
        """What the form sends as it stands there."""
        return {
            f.name: list(f.standing)
            for f in self.fields.values()
            if f.standing and f.kind != "file"
        }


@dataclass
class Page:
    """Links in their order, each once, and forms."""

    links: list[str]
    forms: list[Form]

    def form_with(self, name: str) -> Form | None:
        """The first form that has a field of that name."""
        return next((f for f in self.forms if name in f.fields), None)


def read(html: str) -> Page:
    """A page from its source."""
    reader = _Reader()
    reader.feed(html)
    links = [x for x in dict.fromkeys(reader.links) if x.startswith("/") and not x.startswith("//")]
    return Page(links, reader.forms)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.inside: Form | None = None
        self.choosing: Field | None = None
        self.writing: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {k: v or "" for k, v in attrs}
        if tag == "a" and a.get("href"):
            self.links.append(a["href"].split("#")[0])
        elif tag == "form":
            self.inside = Form(a.get("action", ""), a.get("method", "get").lower())
            self.forms.append(self.inside)
            self.by_id[a.get("id", "")] = self.inside
        elif tag == "option" and self.choosing is not None:
            self._option(self.choosing, a.get("value", ""), "selected" in a)
        elif tag in _SENT:
            form = self.by_id.get(a["form"]) if "form" in a else self.inside
            if form is not None and "disabled" not in a:
                self._field(form, tag, a)

    def _field(self, form: Form, tag: str, a: dict[str, str]) -> None:
        name, value, kind = a.get("name", ""), a.get("value", ""), a.get("type", "text")
        if tag == "button" or kind in ("submit", "button", "image"):
            if kind != "button":
                form.buttons.append((name, value))
        elif not name:
            return
        elif tag == "select":
            self.choosing = form.fields.setdefault(name, Field(name, "select"))
        elif tag == "textarea":
            self.writing = form.fields.setdefault(name, Field(name, "area"))
            self.writing.standing = [""]
        else:
            self._input(form, name, value, kind, "checked" in a)

    def _input(self, form: Form, name: str, value: str, kind: str, checked: bool) -> None:
        known = kind if kind in ("hidden", "checkbox", "radio", "file") else "text"
        there = form.fields.setdefault(name, Field(name, known))
        if known in ("checkbox", "radio"):
            there.options.append(value)
            there.standing += [value] if checked else []
        elif known != "file":
            there.standing.append(value)

    def _option(self, of: Field, value: str, selected: bool) -> None:
        """The first stands there until a chosen one comes."""
        of.options.append(value)
        if selected or not of.standing:
            of.standing = [value]

    def handle_data(self, data: str) -> None:
        if self.writing is not None:
            self.writing.standing[0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.choosing = None
        elif tag == "textarea" and self.writing is not None:
            self.writing.standing[0] = (
                self.writing.standing[0].removeprefix("\r").removeprefix("\n")
            )
            self.writing = None
        elif tag == "form":
            self.inside = None
