"""Mails and rows of lists that became tips, so that nothing comes in twice.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

import casework.store.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.Column("message", sa.LargeBinary(length=32), nullable=True),
        sa.Column("docket_id", sa.Integer(), nullable=True),
        sa.Column("at", casework.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_arrival_bureau_id_bureau")),
        sa.ForeignKeyConstraint(["docket_id"], ["docket.id"], name=op.f("fk_arrival_docket_id_docket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("bureau_id", "content", name=op.f("uq_arrival_bureau_id")),
    )
    op.create_index(op.f("ix_arrival_message"), "arrival", ["message"])
    op.create_index(op.f("ix_arrival_docket_id"), "arrival", ["docket_id"])


def downgrade():
    op.drop_table("arrival")
