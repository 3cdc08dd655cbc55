"""Openings of an original beside those of a name; sealed originals of letters that name nobody.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("identity_opening", sa.Column("what", sa.String(length=8), nullable=False, server_default="name"))
    op.add_column("identity", sa.Column("named", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade():
    op.drop_column("identity", "named")
    op.drop_column("identity_opening", "what")
