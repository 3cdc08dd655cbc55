"""A bound file keeps its numbered pages and what it held when it was bound; a signed copy, whether pages are missing.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("binding") as binding:
        binding.add_column(sa.Column("stamped", sa.Integer(), nullable=False, server_default="0"))
        binding.add_column(sa.Column("holds", sa.String(80), nullable=False, server_default=""))
    with op.batch_alter_table("signed_copy") as copy:  # of those of before nobody has counted: they stay as they were taken
        copy.add_column(sa.Column("whole", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("signed_copy") as copy:
        copy.alter_column("whole", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("binding") as binding:  # files bound before are bound anew before they are put away
        binding.alter_column("stamped", existing_type=sa.Integer(), server_default=None)
        binding.alter_column("holds", existing_type=sa.String(80), server_default=None)


def downgrade():
    with op.batch_alter_table("signed_copy") as copy:
        copy.drop_column("whole")
    with op.batch_alter_table("binding") as binding:
        binding.drop_column("holds")
        binding.drop_column("stamped")
