"""The house as its imports make it: modules, what each imports when it is loaded, and a picture.

`python scripts/house.py` writes docs/pictures/house.svg. Tests ask the same functions whether the
imports run in a circle and how deep they go.
"""

from __future__ import annotations

import ast
import sys
import textwrap
from collections.abc import Iterator
from configparser import ConfigParser
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs/pictures/house.svg"
PACKAGES = ("casework", "forms", "letters")
# One request followed: room → number and what happens there (docs/engineers.md has the functions).
ROAD = {
    "desk": "① the form is read",
    "acts": "② perform(): one door",
    "procedure": "③ rules, checks, effects",
    "letters": "④ the paper is drawn",
    "papers": "⑤ its number",
    "vault": "⑥ sealed on disk",
    "docket": "⑦ journal, clocks, lists",
    "store": "⑧ one transaction",
}
_WIDTH, _HEIGHT, _GAP, _LEFT = 214, 104, 14, 20


def modules() -> dict[str, Path]:
    """Dotted name → file of each module of the program."""
    found = {}
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = file
    return found


def imports(known: dict[str, Path]) -> dict[str, set[str]]:
    """Module → modules of ours that it imports while it is loaded."""
    graph = {}
    for name, file in known.items():
        statements = _at_load(ast.parse(file.read_text("utf-8")).body)
        graph[name] = {m for s in statements for m in _named(s, known)} - {name}
    return graph


def _at_load(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield statement
        elif isinstance(statement, ast.If) and "TYPE_CHECKING" not in ast.unparse(statement.test):
            yield from _at_load([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.Try):
            yield from _at_load(statement.body)


def _named(statement: ast.Import | ast.ImportFrom, known: dict[str, Path]) -> Iterator[str]:
    if isinstance(statement, ast.Import):
        names = [alias.name for alias in statement.names]
    else:
        inside = [f"{statement.module}.{alias.name}" for alias in statement.names]
        names = [n if n in known else str(statement.module) for n in inside]
    yield from (n for n in names if n in known)


def longest(graph: dict[str, set[str]]) -> list[str]:
    """The longest chain of imports, from the top down. RecursionError names a circle by itself:
    ValueError with its modules."""
    chains: dict[str, list[str]] = {}

    def chain(name: str, above: tuple[str, ...]) -> list[str]:
        if name in above:
            raise ValueError(" → ".join((*above[above.index(name) :], name)))
        if name not in chains:
            below = [chain(n, (*above, name)) for n in sorted(graph[name])]
            chains[name] = [name, *max(below, key=len, default=[])]
        return chains[name]

    return max((chain(name, ()) for name in sorted(graph)), key=len)


def floors() -> list[list[str]]:
    """Rooms from the top floor down, as `.importlinter` orders them; forms and letters last."""
    walls = ConfigParser()
    walls.read(ROOT / ".importlinter", "utf-8")
    lines = walls["importlinter:contract:floors"]["layers"].split("\n")
    rooms = [[room.strip() for room in line.split("|")] for line in lines if line.strip()]
    return [*rooms, ["forms", "letters"]]


def draw() -> str:
    """The picture as SVG: the same source, the same text."""
    parts, y, width = [], 20, 0
    for floor in floors():
        for column, room in enumerate(floor):
            parts.append(_box(room, _LEFT + column * (_WIDTH + _GAP), y))
        width = max(width, _LEFT * 2 + len(floor) * (_WIDTH + _GAP))
        y += _HEIGHT + _GAP
    size = f'width="{width}" height="{y + 30}" viewBox="0 0 {width} {y + 30}"'
    note = "Imports go down, never up, never sideways. ①–⑧: one act, from click to paper."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">\n'
        f'<rect width="100%" height="100%" fill="#fff"/>\n{"".join(parts)}'
        f'<text x="{_LEFT}" y="{y + 14}" font-size="14" fill="#333">{note}</text>\n</svg>\n'
    )


def _box(room: str, x: int, y: int) -> str:
    here = ROOT / room if room in PACKAGES else ROOT / "casework" / room
    single = here.with_suffix(".py")
    file = here / "__init__.py" if here.is_dir() else single
    words = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    lines = textwrap.wrap(words.split("\n\n")[0].replace("\n", " "), 32)[:4]
    stop = ROAD.get(room, "")
    fill = "#fff3d6" if stop else "#eef3f8"
    parts = [
        f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="4" fill="{fill}"'
        ' stroke="#8aa"/>\n',
        _text(x + 10, y + 20, 15, room, bold=True),
        *(_text(x + 10, y + 38 + 14 * n, 11, line) for n, line in enumerate(lines)),
        _text(x + 10, y + _HEIGHT - 8, 11, stop, bold=True) if stop else "",
    ]
    return "".join(parts)


def _text(x: int, y: int, size: int, words: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="{size}"{weight}>{escape(words)}</text>\n'


if __name__ == "__main__":
    PICTURE.write_text(draw(), "utf-8")
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)}\n")
