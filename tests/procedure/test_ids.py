"""A step, stage or clock that Python names is one of the procedure also where mypy looks no closer:
in SQL, and among several names."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.docket.models import DESTROYED
from casework.procedure.load import procedure

ROOT = Path(__file__).parents[2]
P = procedure()
KNOWN = {
    "step": {*P.steps},
    "stage": {DESTROYED, *(s for t in P.tracks.values() for s in t.stages)},
    "rule": {*P.clocks},
}


def compared(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each text that an attribute of those names is compared with: ``a.step == "serve"``,
    ``Track.stage.in_(("serve", "closed"))``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            left, right = node.left, node.comparators
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            left, right = node.func.value, node.args if node.func.attr.endswith("in_") else []
        else:
            continue
        if isinstance(left, ast.Attribute) and left.attr in KNOWN:
            texts = [n for one in right for n in getattr(one, "elts", [one])]
            found = (n.value for n in texts if isinstance(n, ast.Constant) and n.value)
            yield from ((left.attr, text) for text in found if isinstance(text, str))


def test_names_that_are_compared_are_names_of_the_procedure() -> None:
    files = [f for room in ("casework", "forms", "letters") for f in (ROOT / room).rglob("*.py")]
    found = {(f.name, pair) for f in files for pair in compared(ast.parse(f.read_text("utf-8")))}
    assert len(found) > 100
    assert {(f, pair) for f, pair in found if pair[1] not in KNOWN[pair[0]]} == set()


@pytest.mark.parametrize(
    "line", ['a.step == "servd"', 'a.step in ("serve", "servd")', 'Act.step.in_(("servd",))']
)
def test_a_misspelt_one_is_seen(line: str) -> None:
    assert ("step", "servd") in compared(ast.parse(line))
