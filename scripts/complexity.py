"""Names every function that decides more than ten things at once, and fails where there is one.

`python scripts/complexity.py`: radon counts branches, loops, boolean operators, comprehensions and
ternaries. ruff's own rule counts branches and loops alone, also of tests and scripts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from radon.complexity import cc_visit
from radon.visitors import Function

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("casework", "forms", "letters")
MOST = 10
# Still to be written more plainly. A line goes as soon as its function keeps to the rule.
EXCEPTIONS = frozenset(
    {
        "letters/base.py::Letter._check_fields",
        "letters/casefile.py::cover_fields",
        "letters/compose.py::_form_row",
        "letters/drawable.py::_one",
        "letters/format.py::_scalar",
        "letters/from_case.py::_acceptance",
        "letters/from_facts.py::_decision",
        "letters/from_facts.py::_transfer",
        "letters/from_outcome.py::_closing",
        "letters/from_reports.py::_registration",
        "letters/layout.py::_ending",
        "letters/layout.py::_held_back",
        "letters/pages.py::Pages._code",
    }
)


def complex_functions(root: Path = ROOT) -> Iterator[tuple[str, int]]:
    """Each function over the limit as «file::function» or «file::Class.method», with its count."""
    for path in sorted(p for package in PACKAGES for p in (root / package).rglob("*.py")):
        for block in cc_visit(path.read_text("utf-8")):
            if isinstance(block, Function) and block.complexity > MOST:
                yield f"{path.relative_to(root)}::{block.fullname}", block.complexity


def main() -> int:
    """Print what is wrong; 1 where something is."""
    found = dict(complex_functions())
    for name in sorted(found.keys() - EXCEPTIONS):
        print(f"{name} decides {found[name]} things at once, more than {MOST}")
    for name in sorted(EXCEPTIONS - found.keys()):
        print(f"{name} keeps to the rule: take it out of EXCEPTIONS in scripts/complexity.py")
    return int(bool(found.keys() ^ EXCEPTIONS))


if __name__ == "__main__":
    sys.exit(main())
