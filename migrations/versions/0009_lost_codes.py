"""Lost receipt codes, and messages with a reason of their own and a reference that binds their seal.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

import casework.store.types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "code_renewal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("made_at", casework.store.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_code_renewal_act_id_act")),
        sa.ForeignKeyConstraint(["docket_id"], ["docket.id"], name=op.f("fk_code_renewal_docket_id_docket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_renewal")),
    )
    op.create_index(op.f("ix_code_renewal_docket_id"), "code_renewal", ["docket_id"])
    op.add_column("message", sa.Column("internal", sa.LargeBinary(), nullable=True))
    op.add_column("message", sa.Column("ref", sa.String(length=32), nullable=False, server_default=""))


def downgrade():
    op.drop_column("message", "ref")
    op.drop_column("message", "internal")
    op.drop_table("code_renewal")
