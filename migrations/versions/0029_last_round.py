"""When time last did its work: a clock that jumped since is noticed.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

import casework.store.types

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "last_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", casework.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_last_round")),
    )


def downgrade():
    op.drop_table("last_round")
