"""Fingerprints of receipt codes that were exchanged, so that whoever still holds one is told so.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "old_receipt",
        sa.Column("fingerprint", sa.LargeBinary(32), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["docket_id"], ["docket.id"], name=op.f("fk_old_receipt_docket_id_docket")),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_old_receipt")),
    )
    op.create_index(op.f("ix_old_receipt_docket_id"), "old_receipt", ["docket_id"])


def downgrade():
    op.drop_table("old_receipt")
