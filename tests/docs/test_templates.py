"""Templates are laid out one element a line, and that layout is no part of a page."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from casework.web.line_breaks import LinesJoined

TEMPLATES = Path(__file__).parents[2] / "templates"


def shown(source: str, name: str = "a.html", **values: object) -> str:
    """What a template of that source gives."""
    env = Environment(loader=DictLoader({name: source}), extensions=[LinesJoined], autoescape=True)
    return env.get_template(name).render(**values)


def test_no_line_is_too_long() -> None:
    long = [
        f"{path.relative_to(TEMPLATES)}:{at}"
        for path in TEMPLATES.rglob("*.html")
        for at, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert long == []


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("<p>\n  第 7\n  {% if x %}\n    ，可于\n  {% endif %}\n</p>", "<p>第 7，可于</p>"),
        ("<b>一</b>{{ ' ' }}\n<b>二</b>", "<b>一</b> <b>二</b>"),
        ("<b>一</b> <i>二</i>", "<b>一</b> <i>二</i>"),
        ('<a href="/"\n   class="x">一</a>', '<a href="/" class="x">一</a>'),
        ('<a\n  {% if x %}aria-current="page"{% endif %}>一</a>', '<a aria-current="page">一</a>'),
        ('<p title="a >\nb">\n一</p>', '<p title="a >\nb">一</p>'),
        ("<div>\n<pre>\na\n  b</pre>\n</div>", "<div><pre>\na\n  b</pre></div>"),
        ("<textarea>\n{{ x }}\n</textarea>\n<p>", "<textarea>\n1\n</textarea><p>"),
    ],
)
def test_a_line_break_is_no_part_of_a_page(source: str, page: str) -> None:
    assert shown(source, x=1) == page


def test_letters_keep_their_lines() -> None:
    assert shown("一\n\n二", "mail/a.txt") == "一\n\n二"


def test_values_are_left_alone() -> None:
    assert shown("<p>\n{{ x }}</p>", x="a\nb") == "<p>a\nb</p>"
