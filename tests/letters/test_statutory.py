"""A bureau may edit the wording of a paper; what the law wants on it stays."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from letters import statutory, words
from letters.base import Letter
from letters.registry import LETTERS
from letters.statutory import CLOSING, MissingElement
from tests.letters.samples import OFFICERS, decision, prior_notice
from tests.support.letters import demand

SAMPLES: dict[str, Callable[..., Letter]] = {
    "decision": partial(decision, officers=OFFICERS),
    "prior_notice": prior_notice,
    "demand": demand,
}
SHIPPED = Path("letters/wording").resolve()


def without(folder: Path, kind: str, line: str) -> int:
    """Writes the shipped wording without the first line that has these words; its number."""
    lines = (SHIPPED / f"{kind}.txt").read_text("utf-8").splitlines()
    number = next(n for n, text in enumerate(lines) if line in text)
    (folder / f"{kind}.txt").write_text("\n".join(lines[:number] + lines[number + 1 :]), "utf-8")
    return number + 1


@pytest.mark.parametrize(
    ("kind", "line", "article"),
    [
        ("decision", "如不服本决定", "§59（五）"),
        ("decision", "@closing", "§59（六）"),
        ("decision", "@each grounds", "§59（三）"),
        ("decision", "@each violations", "§59（二）"),
        ("decision", "到{bank}", "§59（四）"),
        ("decision", "地址：{respondent_address}", "§59（一）"),
        ("prior_notice", "视为放弃陈述、申辩权利", "§45"),
        ("demand", "你单位收到本催告书后有权进行陈述和申辩", "§35"),
    ],
)
def test_wording_without_what_the_law_wants_is_refused(
    tmp_path: Path, kind: str, line: str, article: str
) -> None:
    number = without(tmp_path, kind, line)
    paper = SAMPLES[kind](wording=tmp_path)
    with pytest.raises(MissingElement) as error:
        paper.check()
    assert article in str(error.value)
    assert f"{kind}.txt:{number}: " in str(error.value)


def test_other_words_for_the_same_are_printed(tmp_path: Path) -> None:
    text = (
        (SHIPPED / "decision.txt")
        .read_text("utf-8")
        .replace("如不服本决定，可以", "你单位不服本决定的，可以")
    )
    (tmp_path / "decision.txt").write_text(text, "utf-8")
    assert any("你单位不服本决定的" in s for s in SAMPLES["decision"](wording=tmp_path).strings())
    SAMPLES["decision"](wording=tmp_path).check()


def test_each_row_speaks_of_a_paper_and_of_what_its_shipped_wording_has() -> None:
    assert set(statutory.elements()) <= set(LETTERS)
    for kind, rows in statutory.elements().items():
        lines = [line.text for _, line in words.wording_of(kind).lines()]
        wanted = {w for row in rows for w in row.has if w != CLOSING}
        assert {
            w for w in wanted if not any(statutory._stands_in(w, text) for text in lines)
        } == set(), kind
