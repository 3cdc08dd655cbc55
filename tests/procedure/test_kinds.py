"""Kinds of dockets are declared once; what does not fit the procedure is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from casework.docket import visible
from casework.procedure import kinds as declared
from casework.procedure.kinds import (
    FILE,
    first_tracks,
    kind_faults,
    kind_of_list,
    list_names,
    parse_kinds,
)
from casework.procedure.load import procedure
from casework.procedure.roles import LEVELS
from casework.toml_file import TomlError

TEXT = FILE.read_text("utf-8")
MATTER = """
[matter]
name = { zh = "事项", en = "Matter" }
many = { zh = "事项", en = "Matters" }
list = "matters"
letter = "M"
track = "matter"
"""


def test_each_kind_begins_with_a_track_of_its_own() -> None:
    assert list(kind_faults(procedure())) == []
    assert set(visible.SQL) == set(LEVELS)
    assert first_tracks() == {"report", "main"}
    assert kind_of_list("reports").id == "report"
    assert list_names() == "any(reports, cases)"
    with pytest.raises(KeyError):
        kind_of_list("matters")


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('letter = "R"', 'letter = "C"', ValueError),
        ('list = "reports"', 'list = "cases"', ValueError),
        ('track = "report"', 'track = "main"', ValueError),
        ('letter = "R"\n', "", TomlError),
        ("informant = true", "informer = true", TomlError),
    ],
)
def test_a_kind_that_is_not_whole_is_refused(old: str, new: str, error: type[Exception]) -> None:
    assert old in TEXT
    with pytest.raises(error):
        parse_kinds(TEXT.replace(old, new, 1))


def test_a_third_kind_says_what_it_still_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    three = parse_kinds(TEXT + MATTER)
    monkeypatch.setattr(declared, "kinds", lambda: three)
    assert list(kind_faults(procedure())) == ["kind matter: «matter» is no track of its own"]
    track = structs.replace(procedure().tracks["report"], id="matter", docket="matter")
    with_track = replace(procedure(), tracks={**procedure().tracks, "matter": track})
    assert list(kind_faults(with_track)) == []
