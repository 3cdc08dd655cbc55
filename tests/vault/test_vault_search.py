"""Search over keyed tokens against SQLite's own LIKE on the same texts."""

from __future__ import annotations

import sqlite3
import tempfile
import unicodedata
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from casework.vault.keys import KeyRing
from casework.vault.tokens import folded, keyed, matches, query_tokens, tokens

with tempfile.TemporaryDirectory() as _folder:
    RING = KeyRing.create(Path(_folder) / "keys.json")
# few characters, so that near misses are common
NARROW = st.text(st.sampled_from("统计局计 A%_\\，"), max_size=9)
WIDE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=9)
TEXTS = st.lists(NARROW | WIDE, min_size=1, max_size=8)


def by_like(texts: list[str], query: str) -> set[int]:
    """What LIKE finds among the texts, in the one form that both are brought to."""
    pattern = (
        "%" + folded(query).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    )
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE TABLE t (id INTEGER, text TEXT)")
        db.executemany("INSERT INTO t VALUES (?, ?)", enumerate(map(folded, texts)))
        return {
            i for (i,) in db.execute("SELECT id FROM t WHERE text LIKE ? ESCAPE '\\'", (pattern,))
        }


def by_tokens(texts: list[str], query: str) -> set[int]:
    """What an index that holds nothing but keyed tokens proposes."""
    with sqlite3.connect(":memory:") as db:
        db.execute("CREATE TABLE i (token BLOB, id INTEGER)")
        for i, text in enumerate(texts):
            db.executemany(
                "INSERT INTO i VALUES (?, ?)", [(t, i) for t in keyed(RING, 1, tokens(text))]
            )
        asked = keyed(RING, 1, query_tokens(query))
        found = set(range(len(texts)))
        for token in asked:
            found &= {i for (i,) in db.execute("SELECT id FROM i WHERE token = ?", (token,))}
        return found


@settings(max_examples=400, deadline=None)
@given(TEXTS, NARROW)
@example(["丰都县统计局", "统局计", "计统"], "统计")
@example(["统计统", "计统计"], "统计统计")
@example(["县", "县城", "", " "], "县")
@example(["Ａ企业", "a 企业", "Straße", "STRASSE"], "a")
@example(["大熊猫"], "熊猫")
@example(["x\u3000y", "x  y", "xy"], "x y")
def test_tokens_and_the_last_look_find_exactly_what_like_finds(
    texts: list[str], query: str
) -> None:
    proposed, wanted = by_tokens(texts, query), by_like(texts, query)
    assert wanted <= proposed
    assert {i for i in proposed if matches(texts[i], query)} == wanted


@settings(max_examples=200)
@given(WIDE | NARROW, st.data())
def test_any_part_of_a_folded_text_finds_it_one_and_two_characters_too(
    text: str, data: st.DataObject
) -> None:
    clear = folded(text)
    if not clear:
        return
    start = data.draw(st.integers(0, len(clear) - 1))
    for length in (1, 2, data.draw(st.integers(1, len(clear)))):
        part = clear[start : start + length]
        if part == folded(part):  # not cut at a space or before a combining mark
            assert query_tokens(part) <= tokens(text)
            assert matches(text, part)


def test_one_and_two_characters_need_no_last_look() -> None:
    texts = ["统计局", "计统", "局", "统 计", "统计"]
    for query in ("统", "局", "统计", "计统", "计局"):
        assert by_tokens(texts, query) == by_like(texts, query)


def test_a_proposal_that_does_not_hold_is_told_apart() -> None:
    """Pairs alone say yes here: the last look is needed, and says no."""
    assert query_tokens("统计统") <= tokens("计统计 统计")
    assert not matches("计统计 统计", "统计统")


@given(WIDE)
def test_forms_that_look_the_same_are_the_same(text: str) -> None:
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))
    assert folded(f"  {text}\n\t ") == folded(text)


def test_the_index_holds_no_word_and_no_hint_of_another_bureaus() -> None:
    words = {"统", "计", "统计"}
    one, two = keyed(RING, 1, words), keyed(RING, 2, words)
    assert {len(t) for t in one} == {8}
    assert len(set(one) | set(two)) == 6
    assert one == sorted(one)  # the order of the text does not show
    assert not any(w.encode() in t for w in words for t in one)


def test_a_rotation_keeps_the_index(tmp_path: Path) -> None:
    ring = KeyRing.create(tmp_path / "keys.json")
    before = keyed(ring, 1, {"统计"})
    ring.rotate()
    assert keyed(KeyRing.load(ring.path), 1, {"统计"}) == before
