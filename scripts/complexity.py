"""Names every function that decides more than ten things at once or runs on for more than sixty
lines, and fails where there is one.

`python scripts/complexity.py`: radon counts branches, loops, boolean operators, comprehensions and
ternaries (ruff's own rule counts branches and loops alone, also of tests and scripts). Lines are
those after formatting, without the docstring; half the functions have ten at most, nine of ten have
thirty at most.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from radon.complexity import cc_visit
from radon.visitors import Function

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("casework", "forms", "letters")
MOST = 10  # decisions
LONGEST = 60  # lines
SHARES = {0.5: 10, 0.9: 30}  # share of the functions → lines that these have at most


def _sources(root: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(p for package in PACKAGES for p in (root / package).rglob("*.py")):
        yield path.relative_to(root), path.read_text("utf-8")


def complex_functions(root: Path = ROOT) -> Iterator[str]:
    """A sentence for each function that decides more than `MOST` things."""
    for path, source in _sources(root):
        for block in cc_visit(source):
            if isinstance(block, Function) and block.complexity > MOST:
                name = f"{path}::{block.fullname}"
                yield f"{name} decides {block.complexity} things at once, more than {MOST}"


def lengths(root: Path = ROOT) -> dict[str, int]:
    """«file:line name» of each function → its lines without the docstring."""
    found = {}
    for path, source in _sources(root):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[f"{path}:{node.lineno} {node.name}"] = _lines(node)
    return found


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    documented = ast.get_docstring(node) is not None
    docstring = first.end_lineno - first.lineno + 1 if documented else 0
    return node.end_lineno - node.lineno + 1 - docstring


def long_functions(lines: dict[str, int]) -> Iterator[str]:
    """A sentence for each function over `LONGEST`, and for each share that is longer than said."""
    for name, count in lines.items():
        if count > LONGEST:
            yield f"{name} has {count} lines, more than {LONGEST}"
    ordered = sorted(lines.values())
    for share, most in SHARES.items():
        longest = ordered[int((len(ordered) - 1) * share)] if ordered else 0
        if longest > most:
            yield f"{share:.0%} of the functions have up to {longest} lines, more than {most}"


def main() -> int:
    """Print what is wrong; 1 where something is."""
    wrong = [*complex_functions(), *long_functions(lengths())]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
