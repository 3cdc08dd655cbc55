"""A TOML file is read into typed records; what they do not declare is refused by file and table."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from casework.toml_file import Row, TomlError, read_toml, toml_tables, typed, with_ids


class Name(Row, frozen=True):
    zh: str


class Thing(Row, frozen=True):
    name: Name
    size: int = 0
    of: tuple[str, ...] = ()
    until: int = msgspec.field(default=0, name="to")
    id: str = ""


class Tables(Row, frozen=True):
    thing: dict[str, Thing]


def test_a_row_knows_its_name() -> None:
    raw = toml_tables('[thing.a]\nname = { zh = "甲" }\nof = ["x"]\nto = 3\n')
    rows = with_ids(typed(raw, Tables).thing)
    assert rows == {"a": Thing(name=Name("甲"), of=("x",), until=3, id="a")}


def test_every_table_that_is_wrong_is_named(tmp_path: Path) -> None:
    file = tmp_path / "things.toml"
    file.write_text(
        '[thing.a]\nname = { zh = 3 }\n[thing.b]\nname = { zh = "x" }\ncolour = 1\n[thing.c]\n'
        '[thing.d]\nname = { zh = "x" }\nto = "x"\n',
        "utf-8",
    )
    with pytest.raises(TomlError) as error:
        read_toml(file, Tables)
    assert error.value.faults == [
        "things.toml: thing a name zh: Expected `str`, got `int`",
        "things.toml: thing b: Object contains unknown field `colour`",
        "things.toml: thing c: Object missing required field `name`",
        "things.toml: thing d to: Expected `int`, got `str`",
    ]


def test_what_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "things.toml"
    file.write_text("[thing]\n\nthis is none", "utf-8")
    with pytest.raises(TomlError, match=r"things\.toml: not TOML: .*line 3"):
        read_toml(file, Tables)
