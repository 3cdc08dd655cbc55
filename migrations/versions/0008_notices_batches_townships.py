"""Notices, batches, refusals by township and townships to be mobilised.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

import casework.store.types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = casework.store.types.UtcDateTime(timezone=True)


def fk(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade():
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=True),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=True),
        fk("notice", "person_id", "person"),
        fk("notice", "docket_id", "docket"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_person", "notice", ["person_id", "seen_at"])
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
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
        "refusal_mark",
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("township", sa.String(length=12), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        fk("refusal_mark", "docket_id", "docket"),
        fk("refusal_mark", "bureau_id", "bureau"),
        sa.PrimaryKeyConstraint("docket_id", name=op.f("pk_refusal_mark")),
    )
    op.create_index("ix_refusal_mark_place", "refusal_mark", ["bureau_id", "township", "on"])
    op.create_table(
        "mobilisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("township", sa.String(length=12), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(length=2000), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        fk("mobilisation", "bureau_id", "bureau"),
        fk("mobilisation", "handler_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mobilisation")),
    )
    op.create_index(op.f("ix_mobilisation_bureau_id"), "mobilisation", ["bureau_id"])


def downgrade():
    for table in ("mobilisation", "refusal_mark", "batch", "notice"):
        op.drop_table(table)
