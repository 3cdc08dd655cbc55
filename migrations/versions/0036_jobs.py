"""One table of jobs: bindings, orders for several dockets, confirmed destructions.

Orders keep their numbers, to which their bodies are sealed; bindings get new ones, in their order.

Revision ID: 0036
Revises: 0035
"""

import json

import sqlalchemy as sa
from alembic import op

import casework.store.types

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

INSTANT = casework.store.types.UtcDateTime(timezone=True)
RESULT = ("notes", "size", "pages", "stamped", "holds")  # of a binding


def fk(table, column, to):
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade():
    job = op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(32), nullable=False),
        sa.Column("lease_until", INSTANT, nullable=False),
        sa.Column("error", sa.String(20), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("stored", sa.String(80), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        fk("job", "bureau_id", "bureau"),
        fk("job", "docket_id", "docket"),
        fk("job", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_kind", "job", ["kind", "state"])
    op.create_index(op.f("ix_job_docket_id"), "job", ["docket_id"])
    bind = op.get_bind()
    for row in orders(bind):
        bind.execute(sa.insert(job).values({**empty(), **row}))
    if bind.dialect.name == "postgresql":  # orders came with their numbers
        bind.execute(sa.text("SELECT setval('job_id_seq', (SELECT max(id) FROM job))"))
    for row in (*bindings(bind), *destructions(bind)):
        bind.execute(sa.insert(job).values({**empty(), **row}))
    op.drop_table("batch")
    op.drop_table("binding")


def empty():
    now = casework.store.types.utcnow()
    return {
        "what": "", "state": "waiting", "done": 0, "total": 0, "lease": "", "lease_until": now, "error": "",
        "body": b"", "result": {}, "stored": "", "at": now,
    }  # fmt: skip


def orders(bind):
    for r in bind.execute(sa.select(old_batch()).order_by(sa.text("id"))).all():
        yield {
            "id": r.id, "kind": "many", "what": r.step, "bureau_id": r.bureau_id, "by_id": r.person_id,
            "state": "waiting" if r.done_at is None else "done", "done": len(r.results), "total": len(r.items),
            "body": r.body, "result": {"dockets": r.items, "results": r.results}, "at": r.at,
        }  # fmt: skip


def bindings(bind):
    for r in bind.execute(sa.select(old_binding()).order_by(sa.text("id"))).all():
        yield {
            "kind": "bind", "what": r.kind, "bureau_id": r.bureau_id, "docket_id": r.docket_id, "by_id": r.by_id,
            "state": "done" if r.state == "gone" else r.state, "done": r.done, "total": r.total,
            "lease_until": r.moved_at, "result": {name: getattr(r, name) for name in RESULT},
            "stored": r.stored, "at": r.at,
        }  # fmt: skip


def destructions(bind):
    of_item = "(SELECT count(*) FROM destruction_item i WHERE i.destruction_id = d.id)"
    confirmed = f"SELECT d.id, d.bureau_id, d.confirmer_id, {of_item} AS total FROM destruction d"
    for r in bind.execute(sa.text(confirmed + " WHERE d.state = 'confirmed' ORDER BY d.id")).all():
        yield {
            "kind": "destroy", "batch_id": r.id, "bureau_id": r.bureau_id, "by_id": r.confirmer_id, "total": r.total,
        }  # fmt: skip


def old_batch():
    return sa.table(
        "batch",
        sa.column("id"), sa.column("bureau_id"), sa.column("person_id"), sa.column("step"), sa.column("on", sa.Date()),
        sa.column("body", sa.LargeBinary()), sa.column("items", sa.JSON()), sa.column("results", sa.JSON()),
        sa.column("at", INSTANT), sa.column("done_at", INSTANT),
    )  # fmt: skip


def old_binding():
    words = ("id", "bureau_id", "docket_id", "kind", "state", "done", "total", "stored", "size", "pages", "stamped",
             "holds", "by_id")  # fmt: skip
    return sa.table(
        "binding", *map(sa.column, words), sa.column("notes", sa.JSON()), sa.column("at", INSTANT),
        sa.column("moved_at", INSTANT),
    )  # fmt: skip


def downgrade():
    """The tables come back empty: files are bound anew, and orders that wait are given again. A destruction that was
    confirmed goes on by its own table."""
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT, nullable=True),
        fk("batch", "bureau_id", "bureau"),
        fk("batch", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index(op.f("ix_batch_bureau_id"), "batch", ["bureau_id"])
    op.create_index(op.f("ix_batch_done_at"), "batch", ["done_at"])
    op.create_table(
        "binding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("stored", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("stamped", sa.Integer(), nullable=False),
        sa.Column("holds", sa.String(80), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("moved_at", INSTANT, nullable=False),
        fk("binding", "bureau_id", "bureau"),
        fk("binding", "docket_id", "docket"),
        fk("binding", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding")),
    )
    op.create_index(op.f("ix_binding_docket_id"), "binding", ["docket_id"])
    op.drop_table("job")
