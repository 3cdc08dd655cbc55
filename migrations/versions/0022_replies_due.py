"""Replies to mail that are still to be sent, and how often a sender was replied to today.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "reply_due",
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.Column("number", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["docket_id"], ["docket.id"], name=op.f("fk_reply_due_docket_id_docket")),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_reply_due_bureau_id_bureau")),
        sa.PrimaryKeyConstraint("docket_id", name=op.f("pk_reply_due")),
        sa.UniqueConstraint("bureau_id", "content", name=op.f("uq_reply_due_bureau_id")),
    )
    op.create_table(
        "replied_to",
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("sender", sa.LargeBinary(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_replied_to_bureau_id_bureau")),
        sa.PrimaryKeyConstraint("bureau_id", "sender", name=op.f("pk_replied_to")),
    )


def downgrade():
    op.drop_table("replied_to")
    op.drop_table("reply_due")
