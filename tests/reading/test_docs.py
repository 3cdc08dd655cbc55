"""docs/procedure.md says what the second reading asks: every rule, its article, in the words of the
program."""

from __future__ import annotations

from pathlib import Path

from casework.reading import rule
from tests.conftest import ROOT

DOCUMENT = Path(ROOT) / "docs" / "procedure.md"
HEAD = ["| what must be so | article | since |", "|---|---|---|"]


def lines() -> list[str]:
    """The table as the document has it, theme by theme."""
    told = []
    for theme, names in rule.themes().items():
        rows = [
            f"| {r.zh} `{r.id}` | {r.basis} | {r.since} |" for r in rule.rules() if r.theme == theme
        ]
        told += [f"### {names['zh']} {names['en']}", *HEAD, *rows, ""]
    return told


def test_the_document_names_every_rule() -> None:
    assert "\n".join(lines()).strip() in DOCUMENT.read_text("utf-8")
