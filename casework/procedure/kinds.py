"""Kinds of dockets as data (``kinds.toml``): what each is called, listed and begun as."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from casework.procedure.model import Label, Procedure
from casework.toml_file import Row, toml_tables, typed, with_ids

FILE = Path(__file__).with_name("kinds.toml")


class DocketKind(Row, frozen=True):
    """One kind of docket (the keys: see the file)."""

    name: Label
    many: Label
    list: str
    letter: str
    track: str
    put_away: tuple[str, ...] = ()
    kept_for: str = ""
    counted_by: tuple[str, ...] = ()
    informant: bool = False
    feeds: str = ""
    respondent: bool = False
    case_file: bool = False
    opened_by: str = ""
    id: str = ""


@cache
def kinds() -> Mapping[str, DocketKind]:
    """Every kind by its id, in the order of the file. TomlError for a key that lacks or is
    unknown, ValueError for two kinds of one list, letter or track."""
    return parse_kinds(FILE.read_text("utf-8"))


def parse_kinds(text: str) -> Mapping[str, DocketKind]:
    """The file's text as kinds; errors as of ``kinds``."""
    made = with_ids(typed(toml_tables(text), dict[str, DocketKind]))
    for what in ("list", "letter", "track"):
        values = [getattr(kind, what) for kind in made.values()]
        if len(set(values)) < len(values):
            raise ValueError(f"two kinds of one {what}: {values}")
    return made


@cache
def kinds_with(key: str) -> tuple[str, ...]:
    """Ids of the kinds for which the file says something under a key («informant», «feeds» …)."""
    return tuple(kind.id for kind in kinds().values() if getattr(kind, key))


@cache
def fed_kinds() -> tuple[str, ...]:
    """Ids of the kinds that others feed."""
    return tuple({kind.feeds: None for kind in kinds().values() if kind.feeds})


def kind_of_list(name: str) -> DocketKind:
    """The kind whose list has that address. KeyError for an unknown one."""
    return {kind.list: kind for kind in kinds().values()}[name]


@cache
def list_names() -> str:
    """The addresses of all lists, for a route: «any(reports, cases)»."""
    return f"any({', '.join(kind.list for kind in kinds().values())})"


@cache
def first_tracks() -> frozenset[str]:
    """The track with which each kind begins; a docket has one instance of it, of the same label."""
    return frozenset(kind.track for kind in kinds().values())


def kind_faults(p: Procedure) -> Iterator[str]:
    """What does not fit between the kinds and the tracks of a procedure."""
    for track in p.tracks.values():
        if track.docket not in kinds():
            yield f"track {track.id}: unknown kind of docket «{track.docket}»"
    for kind in kinds().values():
        if kind.track not in p.tracks or p.tracks[kind.track].docket != kind.id:
            yield f"kind {kind.id}: «{kind.track}» is no track of its own"
            continue
        if strange := set(kind.put_away) - set(p.tracks[kind.track].stages):
            yield f"kind {kind.id}: unknown stages {sorted(strange)}"
        if kind.feeds not in ("", *kinds()):
            yield f"kind {kind.id}: feeds an unknown kind «{kind.feeds}»"
        if kind.opened_by and p.steps[kind.opened_by].track != kind.track:
            yield f"kind {kind.id}: «{kind.opened_by}» opens none"
