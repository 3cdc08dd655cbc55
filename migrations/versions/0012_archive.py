"""How long files are kept, transfer lists, batches of files to be destroyed, and the one path on which rows may go.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

import casework.store.types
from casework.store.triggers import dropped, refusing, statements, unless_destroyed

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = casework.store.types.UtcDateTime(timezone=True)
OF_ACT = "SELECT docket_id FROM act WHERE id = OLD.act_id"
OF_REQUEST = "SELECT docket_id FROM identity_request WHERE id = OLD.request_id"
# table → the docket of its rows: these may be deleted in the course of a confirmed destruction
DELETABLE = {
    "act_body": OF_ACT,
    "identity_opening": "OLD.docket_id",
    "identity_verdict": OF_REQUEST,
    "identity_request": "OLD.docket_id",
}
# What an entry of the office says of one docket (why an identity was asked for) may be emptied with it; the entry stays.
OF_NUMBER = "SELECT id FROM docket WHERE number = OLD.about AND bureau_id = OLD.bureau_id"
OFFICE = ("id", "bureau_id", "actor_id", "at", "what", "about")
PAPER = ("docket_id", "act_id", "kind", "series", "year", "no", "number", "short_code")
BYTES = ("sha256", "sm3", "stored")  # of a paper; emptied when it is destroyed


def fk(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def run(ddl: list[str]) -> None:
    for statement in ddl:
        op.execute(sa.DDL(statement.replace("%", "%%")))


def upgrade():
    _tables()
    dialect = op.get_bind().dialect.name
    for table, docket in DELETABLE.items():
        _drop_frozen(dialect, table)
        run(refusing(dialect, f"{table}_no_change", f"UPDATE ON {table}", "1 = 1"))
        run(unless_destroyed(dialect, f"{table}_kept", f"DELETE ON {table}", docket))
    run(dropped(dialect, "paper_frozen", "paper"))
    run(refusing(dialect, "paper_no_change", f"UPDATE OF {_columns(PAPER)} ON paper", "1 = 1"))
    run(unless_destroyed(dialect, "paper_bytes_kept", f"UPDATE OF {_columns(BYTES)} ON paper", "OLD.docket_id"))
    _office(dialect)
    _guard(dialect)


def _office(dialect: str) -> None:
    if dialect == "sqlite":
        run(["DROP TRIGGER office_entry_no_update"])
    else:
        run(["DROP TRIGGER office_entry_frozen ON office_entry"])
        run(refusing(dialect, "office_entry_no_delete", "DELETE ON office_entry", "1 = 1"))
    run(refusing(dialect, "office_entry_no_change", f"UPDATE OF {_columns(OFFICE)} ON office_entry", "1 = 1"))
    run(unless_destroyed(dialect, "office_entry_details_kept", "UPDATE OF details ON office_entry", OF_NUMBER))


def _office_back(dialect: str) -> None:
    for name in ("office_entry_no_change", "office_entry_details_kept"):
        run(dropped(dialect, name, "office_entry"))
    if dialect == "sqlite":
        run(refusing(dialect, "office_entry_no_update", "UPDATE ON office_entry", "1 = 1"))
    else:
        run(dropped(dialect, "office_entry_no_delete", "office_entry"))
        run(["CREATE TRIGGER office_entry_frozen BEFORE UPDATE OR DELETE ON office_entry FOR EACH ROW "
             "EXECUTE FUNCTION refuse_change()"])  # fmt: skip


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{n}"' for n in names)


def _guard(dialect: str) -> None:
    """Batches and their lists: nothing goes; a batch is confirmed once, a list grows only before that."""
    kept = {
        "destruction": ("bureau_id", "number", "report", "proposer_id", "proposed_at"),
        "destruction_item": ("destruction_id", "docket_id", "kind", "code", "number", "term", "since", "due"),
    }
    run(statements(dialect, (), kept))
    run(refusing(dialect, "destruction_decided", "UPDATE OF confirmer_id, confirmed_at ON destruction",
                 "OLD.confirmer_id IS NOT NULL"))  # fmt: skip
    run(refusing(dialect, "destruction_over", "UPDATE OF state ON destruction", "OLD.state IN ('done', 'withdrawn')"))
    run(refusing(dialect, "destruction_item_closed", "INSERT ON destruction_item",
                 "(SELECT state FROM destruction WHERE id = NEW.destruction_id) <> 'proposed'"))  # fmt: skip
    run(refusing(dialect, "destruction_item_once", "UPDATE OF emptied_at ON destruction_item", "OLD.emptied_at IS NOT NULL"))


def _drop_frozen(dialect: str, table: str) -> None:
    if dialect == "sqlite":
        run([f"DROP TRIGGER {table}_no_update", f"DROP TRIGGER {table}_no_delete"])
    else:
        run([f"DROP TRIGGER {table}_frozen ON {table}"])


def _tables() -> None:
    op.create_table(
        "keeping",
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        fk("keeping", "docket_id", "docket"),
        fk("keeping", "bureau_id", "bureau"),
        sa.PrimaryKeyConstraint("docket_id", name=op.f("pk_keeping")),
    )
    op.create_index("ix_keeping_due", "keeping", ["bureau_id", "due", "docket_id"])
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("body", sa.String(length=100), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("received_by", sa.String(length=60), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        fk("handover", "bureau_id", "bureau"),
        fk("handover", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_bureau_id"), "handover", ["bureau_id"])
    op.create_table(
        "handover_item",
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        fk("handover_item", "docket_id", "docket"),
        fk("handover_item", "handover_id", "handover"),
        sa.PrimaryKeyConstraint("docket_id", name=op.f("pk_handover_item")),
    )
    op.create_index(op.f("ix_handover_item_handover_id"), "handover_item", ["handover_id"])
    _destruction()


def _destruction() -> None:
    op.create_table(
        "destruction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("report", sa.String(length=60), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("confirmer_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("stored", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sm3", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "confirmer_id IS NULL OR confirmer_id <> proposer_id", name=op.f("ck_destruction_two_persons")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'withdrawn') OR confirmer_id IS NOT NULL", name=op.f("ck_destruction_confirmed")
        ),
        fk("destruction", "bureau_id", "bureau"),
        fk("destruction", "proposer_id", "person"),
        fk("destruction", "confirmer_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction")),
    )
    op.create_index(op.f("ix_destruction_bureau_id"), "destruction", ["bureau_id"])
    op.create_table(
        "destruction_item",
        sa.Column("destruction_id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("term", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("emptied_at", INSTANT, nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("left_out", sa.String(length=20), nullable=False),
        fk("destruction_item", "destruction_id", "destruction"),
        fk("destruction_item", "docket_id", "docket"),
        sa.PrimaryKeyConstraint("destruction_id", "docket_id", name=op.f("pk_destruction_item")),
    )
    op.create_index(op.f("ix_destruction_item_docket_id"), "destruction_item", ["docket_id"])
    op.create_index(op.f("ix_destruction_item_number"), "destruction_item", ["number"])


def downgrade():
    """The strict triggers again, then the tables go."""
    dialect = op.get_bind().dialect.name
    for table in DELETABLE:
        run(dropped(dialect, f"{table}_no_change", table))
        run(dropped(dialect, f"{table}_kept", table))
        if dialect == "sqlite":
            run(statements(dialect, (table,)))
        else:
            run([f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
                 "EXECUTE FUNCTION refuse_change()"])  # fmt: skip
    _office_back(dialect)
    for name in ("paper_no_change", "paper_bytes_kept"):
        run(dropped(dialect, name, "paper"))
    all_columns = _columns((*PAPER[:7], *BYTES, PAPER[7]))
    run(refusing(dialect, "paper_frozen", f"UPDATE OF {all_columns} ON paper", "1 = 1"))
    for table in ("destruction_item", "destruction", "handover_item", "handover", "keeping"):
        op.drop_table(table)
    if dialect != "sqlite":
        for name in ("destruction_decided", "destruction_over", "destruction_item_closed", "destruction_item_once"):
            run([f"DROP FUNCTION IF EXISTS {name}()"])
