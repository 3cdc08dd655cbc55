"""Triggers that keep journals append-only, on both databases. Migrations run them; tests try to break them."""

from __future__ import annotations

FROZEN_TABLES = ("act", "act_body", "approval")  # rows are added, never changed or deleted
FROZEN_COLUMNS = {  # only the columns left out may change
    "paper": (
        "docket_id",
        "act_id",
        "kind",
        "series",
        "year",
        "no",
        "number",
        "sha256",
        "sm3",
        "stored",
        "short_code",
    ),
}
KEPT_TABLES = ("paper",)  # rows may change state but are never deleted


def statements(dialect: str) -> list[str]:
    """DDL that creates every trigger for «sqlite» or «postgresql»."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> list[str]:
    ddl = []
    for table in FROZEN_TABLES:
        for verb in ("UPDATE", "DELETE"):
            ddl.append(_sqlite_trigger(f"{table}_no_{verb.lower()}", f"{verb} ON {table}", table))
    for table, columns in FROZEN_COLUMNS.items():
        ddl.append(_sqlite_trigger(f"{table}_frozen", f"UPDATE OF {', '.join(columns)} ON {table}", table))
    ddl += [_sqlite_trigger(f"{t}_no_delete", f"DELETE ON {t}", t) for t in KEPT_TABLES]
    return ddl


def _sqlite_trigger(name: str, event: str, table: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"


def _postgresql() -> list[str]:
    ddl = [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    ]
    for table in FROZEN_TABLES:
        ddl.append(_pg_trigger(f"{table}_frozen", "UPDATE OR DELETE", table, "ROW"))
        ddl.append(_pg_trigger(f"{table}_no_truncate", "TRUNCATE", table, "STATEMENT"))
    for table, columns in FROZEN_COLUMNS.items():
        quoted = ", ".join(f'"{c}"' for c in columns)
        ddl.append(_pg_trigger(f"{table}_frozen", f"UPDATE OF {quoted}", table, "ROW"))
    for table in KEPT_TABLES:
        ddl.append(_pg_trigger(f"{table}_no_delete", "DELETE", table, "ROW"))
        ddl.append(_pg_trigger(f"{table}_no_truncate", "TRUNCATE", table, "STATEMENT"))
    return ddl


def _pg_trigger(name: str, event: str, table: str, each: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_change()"
