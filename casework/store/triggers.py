"""Triggers that keep journals append-only, on both databases. Migrations run them; tests try to break them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Columns = Mapping[str, Sequence[str]]


def statements(dialect: str, frozen: Sequence[str], kept: Columns | None = None) -> list[str]:
    """DDL of the triggers for «sqlite» or «postgresql». Rows of ``frozen`` tables are added, never changed or deleted;
    rows of ``kept`` tables are never deleted and the named columns never change."""
    return _sqlite(frozen, kept or {}) if dialect == "sqlite" else _postgresql(frozen, kept or {})


def _sqlite(frozen: Sequence[str], kept: Columns) -> list[str]:
    ddl = []
    for table in frozen:
        for verb in ("UPDATE", "DELETE"):
            ddl.append(_sqlite_trigger(f"{table}_no_{verb.lower()}", f"{verb} ON {table}", table))
    for table, columns in kept.items():
        ddl.append(_sqlite_trigger(f"{table}_frozen", f"UPDATE OF {', '.join(columns)} ON {table}", table))
        ddl.append(_sqlite_trigger(f"{table}_no_delete", f"DELETE ON {table}", table))
    return ddl


def _sqlite_trigger(name: str, event: str, table: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"


def _postgresql(frozen: Sequence[str], kept: Columns) -> list[str]:
    ddl = [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    ]
    for table in frozen:
        ddl.append(_pg_trigger(f"{table}_frozen", "UPDATE OR DELETE", table, "ROW"))
        ddl.append(_pg_trigger(f"{table}_no_truncate", "TRUNCATE", table, "STATEMENT"))
    for table, columns in kept.items():
        quoted = ", ".join(f'"{c}"' for c in columns)
        ddl.append(_pg_trigger(f"{table}_frozen", f"UPDATE OF {quoted}", table, "ROW"))
        ddl.append(_pg_trigger(f"{table}_no_delete", "DELETE", table, "ROW"))
        ddl.append(_pg_trigger(f"{table}_no_truncate", "TRUNCATE", table, "STATEMENT"))
    return ddl


def _pg_trigger(name: str, event: str, table: str, each: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_change()"
