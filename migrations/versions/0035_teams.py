"""Who is of which team: for roles that see the dockets of theirs. Nobody is of one yet; an empty word changes no seal.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("person", sa.Column("team", sa.String(40), nullable=False, server_default=""))


def downgrade():
    op.drop_column("person", "team")
