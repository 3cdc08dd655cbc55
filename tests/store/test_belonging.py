"""Every row belongs to a bureau: it names one, or leads to a row that does."""

from __future__ import annotations

from sqlalchemy import Table

from casework.store.tables import metadata

NOBODYS = {
    "bureau": "it is one",
    "draft": "a half-written tip under a key that only the person has; which "
    "bureau it is for is decided when it is sent",
    "guess": "a digest of a name that somebody typed, whether "
    "anybody has it or not; nobody reads it",
    "key_check": "all bureaus share the keys",
    "last_round": "all bureaus share the machine's clock",
}


def leads_to_a_bureau(table: Table, on_the_way: frozenset[str] = frozenset()) -> bool:
    if "bureau_id" in table.c:
        return True
    others = [
        key.column.table for column in table.c if not column.nullable for key in column.foreign_keys
    ]
    return any(
        other.name != table.name
        and other.name not in on_the_way
        and leads_to_a_bureau(other, on_the_way | {table.name})
        for other in others
    )


def test_every_table_names_a_bureau_or_leads_to_one() -> None:
    stray = {t.name for t in metadata().sorted_tables if not leads_to_a_bureau(t)}
    assert stray == set(NOBODYS)


def test_where_a_bureau_is_named_it_must_be_there() -> None:
    named = [t for t in metadata().sorted_tables if "bureau_id" in t.c]
    assert [t.name for t in named if t.c.bureau_id.nullable or not t.c.bureau_id.foreign_keys] == []
