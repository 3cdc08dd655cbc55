"""Wording and values into blocks: which paragraph is printed, which row of a form, which table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypedDict

from letters.blocks import (
    ROOMY,
    Block,
    Cell,
    Closing,
    Code,
    Gap,
    Grid,
    GridRow,
    Imprint,
    Para,
    Title,
)
from letters.fonts import Face
from letters.format import Values, word
from letters.pages import BODY, FORM_BODY
from letters.text import Style
from letters.words import FilledWording, WordingError, WordingLine, fill


class ChangesOfStyle(TypedDict, total=False):
    """What a mark changes of the style of running text."""

    indent: float
    align: str
    face: Face


LABEL_SHARE = 0.16
LEADS_ON = (5, 80)  # characters
ANSWERS = "@answers"
QR_SIDE = 140.0  # points: large enough to be read from two metres
MARKS: dict[str, ChangesOfStyle] = {  # at a line's beginning: how its paragraph stands
    ">>": {"indent": 0.0, "align": "right"},
    ">": {"indent": 0.0, "align": "left"},
    "=": {"indent": 0.0, "align": "centre"},
    "^": {"indent": 0.0, "align": "left", "face": Face.HEI},
}
MOST_LINES = 30  # of a form's cell, less than a page holds
FIRST_LEVEL = re.compile(r"[一二三四五六七八九十]+、")
SECOND_LEVEL = re.compile(r"（[一二三四五六七八九十]+）")
ROW = re.compile(r"\|(\d*)\|?\s*")
FOOT_SLOTS = {"page": "{page}", "pages": "{pages}"}  # filled when the page is closed
ALIGN = {"l": "left", "c": "centre", "r": "right"}


def check_placeholders(source: FilledWording) -> None:
    """Error: WordingError (file, line) where the wording asks for a value or list that the letter
    does not have, in a line that is printed or not."""
    for name, line in source.wording.lines():
        known = {**source.values, **FOOT_SLOTS} if name == "foot" else source.values
        kind, _, list_name = name.partition(" ")
        if not list_name:
            line.check(known.keys())
            continue
        if list_name not in source.lists:
            raise WordingError(
                line.path, line.number, f"no list {list_name} for a section «{kind}»"
            )
        if source.lists[list_name]:
            line.check(known.keys() | source.lists[list_name][0].keys())


def compose(source: FilledWording, title: Title, closing: Closing) -> list[Block]:
    """All blocks of a paper, in order; rows for the answers that it prints stand at @answers, else
    at the end. Error: WordingError for a row or directive that is none."""
    blocks: list[Block] = [title]
    rows: list[GridRow] = []
    lines = list(_printed(source, "body", source.values))
    for line in lines:
        if line.text == ANSWERS:
            rows += _answer_rows(source)
        elif line.text.startswith("|"):
            rows.append(_form_row(line, source.values))
        else:
            blocks += [*_grid(rows), *_block(source, line, closing)]
            rows = []
    if not any(line.text == ANSWERS for line in lines):
        rows += _answer_rows(source)
    return [*blocks, *_grid(rows)]


def _block(source: FilledWording, line: WordingLine, closing: Closing) -> list[Block]:
    """What a line that is no row of a form stands for."""
    if line.text.startswith("@"):
        return _directive(source, line, closing)
    return _text(line, source.values, _body_style(source))


def _answer_rows(source: FilledWording) -> list[GridRow]:
    """A row for each answer that the field which asked for it has printed here."""
    return [
        GridRow((Cell(a["words"], True), Cell(a["text"])), (LABEL_SHARE, 1 - LABEL_SHARE))
        for a in source.lists.get("answers", ())
    ]


def foot_lines(source: FilledWording) -> tuple[str, ...]:
    """Signature lines for the foot of every page of a record, with {page} and {pages} still open
    (行政处罚法 §55)."""
    slots = {**source.values, **FOOT_SLOTS}
    return tuple(fill(line.text, slots) for line in _printed(source, "foot", source.values))


def _body_style(source: FilledWording) -> Style:
    return BODY if source.layout in ("letter", "poster") else FORM_BODY


def _printed(source: FilledWording, section: str, values: Values) -> Iterator[WordingLine]:
    return (line for line in source.wording.section(section) if line.holds(values))


def _grid(rows: list[GridRow]) -> list[Block]:
    return [Grid(tuple(rows))] if rows else []


def _text(line: WordingLine, values: Values, body: Style) -> list[Block]:
    """Paragraphs of one line of wording; a value with several lines gives as many paragraphs."""
    text, style = line.text, body
    for mark, changes in MARKS.items():
        if text.startswith(mark):
            text, style = text[len(mark) :].lstrip(" "), replace(body, **changes)
            break
    blocks: list[Block] = []
    for part in fill(text, values).split("\n"):
        face, keep = _heading(part, style)
        blocks.append(Para(part, face, keep or _leads_on(part, style)))
    return blocks


def _heading(text: str, style: Style) -> tuple[Style, bool]:
    """Style of a paragraph by its number, and whether it stays with what follows: 一、 in 黑体, a
    short （一） in 楷体 (GB/T 9704-2012, 7.3.3); else the style as it was."""
    if FIRST_LEVEL.match(text):
        return replace(style, face=Face.HEI), True
    if SECOND_LEVEL.match(text) and len(text) <= 30 and not text.endswith(("；", "。")):
        return replace(style, face=Face.KAI), True
    return style, False


def _leads_on(text: str, style: Style) -> bool:
    """A sentence that ends in a colon, of three lines at most, stays on the page of what follows. A
    salutation, which begins at the edge, is none."""
    return bool(style.indent) and text.endswith("：") and LEADS_ON[0] <= len(text) <= LEADS_ON[1]


def _form_row(line: WordingLine, values: Values) -> GridRow:
    """A row of a form: labels and values in turn; one cell alone fills the width."""
    found = ROW.match(line.text)
    # the caller saw the bar
    assert found  # noqa: S101
    parts = [p.strip(" ") for p in line.text[found.end() :].rstrip(" |").split(" | ")]
    lines = min(int(found[1] or 1), MOST_LINES)
    if len(parts) == 1:
        return GridRow((_cell(parts[0], values, label=parts[0].startswith("=")),), (1.0,), lines)
    pairs, odd = divmod(len(parts), 2)
    if odd:
        raise WordingError(
            line.path, line.number, "a row has labels and values in turn, or one cell"
        )
    cells = tuple(_cell(p, values, label=i % 2 == 0) for i, p in enumerate(parts))
    roomy = lines >= ROOMY and any(c.foot for c in cells)
    return GridRow(cells, (LABEL_SHARE, (1 - LABEL_SHARE * pairs) / pairs) * pairs, lines, roomy)


def _cell(part: str, values: Values, *, label: bool) -> Cell:
    text, _, foot = (p.strip(" ") for p in part.lstrip("=").replace("\\n", "\n").partition("//"))
    return Cell(fill(text, values), label, "left", fill(foot, values))


def _directive(source: FilledWording, line: WordingLine, closing: Closing) -> list[Block]:
    """The block that a line with @ stands for."""
    name, _, argument = line.text[1:].partition(" ")
    if f"table {name}" in source.wording.sections:
        return [_table(source, name)]
    known: dict[str, Callable[[], list[Block]]] = {
        "each": lambda: _each(source, argument.strip(), line),
        "closing": lambda: [closing],
        "gap": lambda: [Gap(float(argument or 1))],
        "imprint": lambda: [_imprint(source)],
        "qr": lambda: [Code(fill(argument.strip(), source.values), QR_SIDE)],
    }
    if name not in known:
        raise WordingError(line.path, line.number, f"unknown directive @{name}")
    return known[name]()


def _each(source: FilledWording, name: str, line: WordingLine) -> list[Block]:
    if name not in source.lists:
        raise WordingError(line.path, line.number, f"no list {name}")
    blocks: list[Block] = []
    for item in source.lists[name]:
        values = {**source.values, **item}
        for part in _printed(source, f"each {name}", values):
            blocks += _text(part, values, _body_style(source))
    return blocks


def _table(source: FilledWording, name: str) -> Grid:
    """A table from its section: ``head``, ``row`` (one item), ``widths``, ``align``, ``size``,
    ``lines`` (least height)."""
    lines = _printed(source, f"table {name}", source.values)
    spec = {line.text.split("|")[0].strip(): line for line in lines}
    shares = tuple(float(part) for part in _parts(spec["widths"]))
    aligns = [ALIGN[part] for part in _parts(spec["align"])]
    head = GridRow(tuple(_cell(p, source.values, label=True) for p in _parts(spec["head"])), shares)
    pattern = _parts(spec["row"])
    least = int(_parts(spec["lines"])[0]) if "lines" in spec else 1
    rows = []
    for item in source.lists[name]:
        values = {**source.values, **item}
        cells = (Cell(fill(p, values), align=a) for p, a in zip(pattern, aligns, strict=True))
        rows.append(GridRow(tuple(cells), shares, least))
    size = float(_parts(spec["size"])[0]) if "size" in spec else 10.5
    return Grid(tuple(rows), head, size)


def _parts(line: WordingLine) -> list[str]:
    return [part.strip(" ") for part in line.text.split("|")[1:]]


def _imprint(source: FilledWording) -> Imprint:
    copies = source.values.get("copies", "")
    issued = word("issued", date=source.values["on"])
    return Imprint(
        word("copies", to=copies) if copies else "", source.values["bureau_head_name"], issued
    )
