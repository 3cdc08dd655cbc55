"""Dockets by their number: whoever searches for a whole number is led straight to it, without looking at every row.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_docket_number", "docket", ["bureau_id", "number"])


def downgrade():
    op.drop_index("ix_docket_number", "docket")
