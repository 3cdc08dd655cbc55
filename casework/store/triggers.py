"""SQL of the triggers that keep journals append-only, for both databases. Migrations run it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Columns = Mapping[str, Sequence[str]]


def statements(dialect: str, frozen: Sequence[str], kept: Columns | None = None) -> list[str]:
    """DDL of the triggers for «sqlite» or «postgresql». Rows of ``frozen`` tables are added, never
    changed or deleted; rows of ``kept`` tables are never deleted and the named columns never
    change."""
    return _sqlite(frozen, kept or {}) if dialect == "sqlite" else _postgresql(frozen, kept or {})


def _sqlite(frozen: Sequence[str], kept: Columns) -> list[str]:
    ddl = []
    for table in frozen:
        for verb in ("UPDATE", "DELETE"):
            ddl.append(_sqlite_trigger(f"{table}_no_{verb.lower()}", f"{verb} ON {table}", table))
    for table, columns in kept.items():
        ddl.append(
            _sqlite_trigger(f"{table}_frozen", f"UPDATE OF {', '.join(columns)} ON {table}", table)
        )
        ddl.append(_sqlite_trigger(f"{table}_no_delete", f"DELETE ON {table}", table))
    return ddl


def _sqlite_trigger(name: str, event: str, table: str) -> str:
    return (
        f"CREATE TRIGGER {name} BEFORE {event} BEGIN SELECT "
        f"RAISE(ABORT, '{table} is append-only'); END"
    )


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
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH "
        f"{each} EXECUTE FUNCTION refuse_change()"
    )


# -- tables whose changes give their bureau a new revision (people.reference)
_OWN, _STAFFS = "{row}.bureau_id", "(SELECT bureau_id FROM person WHERE id = {row}.person_id)"
REVISING = {
    "bureau_setting": _OWN,
    "calendar_day": _OWN,
    "township": _OWN,
    "custodian_key": _OWN,
    "person": _OWN,
    "person_role": _STAFFS,
    "enforcement_card": _STAFFS,
}
# a sign-in changes other columns many times a day
PERSON = ("name", "active", "qualified", "bureau_id")
BUREAU = (
    "code",
    "name",
    "prefix",
    "area",
    "superior",
    "government",
    "court",
    "address",
    "phone",
    "email",
    "hours",
    "credit_code",
    "bank",
    "calendar",
)


def revising(dialect: str) -> list[str]:
    """DDL of the triggers that give a bureau a new revision when its people, settings or other
    reference rows change, so that what is cached of them is read again."""
    ddl = []
    for table, bureau in REVISING.items():
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            columns = f" OF {', '.join(PERSON)}" if (table, verb) == ("person", "UPDATE") else ""
            ddl += _revises(
                dialect,
                f"{table}_revises_{verb.lower()}",
                f"{verb}{columns} ON {table}",
                bureau.format(row=row),
            )
    return ddl + _revises(
        dialect, "bureau_revises", f"UPDATE OF {', '.join(BUREAU)} ON bureau", "NEW.id"
    )


def revising_by_seal(dialect: str) -> list[str]:
    """DDL of the same triggers for a person's new seal."""
    return _revises(
        dialect, "person_revises_seal", "UPDATE OF seal ON person", _OWN.format(row="NEW")
    )


def revising_names() -> list[tuple[str, str]]:
    """Names and tables of the triggers of ``revising``, to drop them."""
    verbs = ("insert", "update", "delete")
    return [(f"{table}_revises_{verb}", table) for table in REVISING for verb in verbs] + [
        ("bureau_revises", "bureau")
    ]


def _revises(dialect: str, name: str, event: str, bureau: str) -> list[str]:
    anew = "random()" if dialect == "sqlite" else "(random() * 9e15)::bigint"
    # names of ours
    change = f"UPDATE bureau SET revision = {anew} WHERE id = {bureau}"  # noqa: S608
    if dialect == "sqlite":
        return [f"CREATE TRIGGER {name} AFTER {event} BEGIN {change}; END"]
    body = (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {change}; RETURN NULL; END $$"
    )
    return [body, f"CREATE TRIGGER {name} AFTER {event} FOR EACH ROW EXECUTE FUNCTION {name}()"]


# -- the one path on which something of a docket may go: it stands in a confirmed batch and is not
# emptied yet
def _open_for(docket: str) -> str:
    return (
        # ours, from a migration
        "EXISTS (SELECT 1 FROM destruction_item i JOIN "  # noqa: S608
        "destruction d ON d.id = i.destruction_id "
        f"WHERE i.docket_id IN ({docket}) AND i.emptied_at IS NULL AND d.state = 'confirmed')"
    )


def unless_destroyed(dialect: str, name: str, event: str, docket: str) -> list[str]:
    """A trigger that refuses ``event`` («DELETE ON t», «UPDATE OF a, b ON t») for rows of every
    docket but one that is being destroyed. ``docket``: SQL over OLD that gives the docket's id."""
    return refusing(dialect, name, event, f"NOT {_open_for(docket)}")


def refusing(dialect: str, name: str, event: str, when: str, says: str = "") -> list[str]:
    """A trigger that refuses ``event`` where ``when`` (over OLD or NEW) holds; ``says``: why, in
    the error."""
    table = event.rsplit(" ON ", 1)[1]
    says = says or f"{table} is append-only"
    if dialect == "sqlite":
        raised = f"SELECT RAISE(ABORT, '{says}')"
        return [f"CREATE TRIGGER {name} BEFORE {event} WHEN {when} BEGIN {raised}; END"]
    back = "NEW" if event.startswith(("INSERT", "UPDATE")) else "OLD"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger "
        f"LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
        f"RAISE EXCEPTION '{says}'; END IF; RETURN {back}; END $$",
        f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def dropped(dialect: str, name: str, table: str) -> list[str]:
    """DDL that drops a trigger, and on PostgreSQL its function."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {name}"]
    return [f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION IF EXISTS {name}()"]
