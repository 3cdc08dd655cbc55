"""What the virus scanner said of each file; receipt codes that staff have seen must be changed at their first own use.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("attachment", sa.Column("scan", sa.String(length=80), nullable=False, server_default="off"))
    op.add_column("receipt", sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():
    op.drop_column("receipt", "must_change")
    op.drop_column("attachment", "scan")
