"""A bureau's revision: new at every change of what is kept in memory of it.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from casework.store.triggers import revising, revising_names

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("bureau", sa.Column("revision", sa.BigInteger(), nullable=False, server_default="0"))
    for statement in revising(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade():
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table in revising_names():
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_column("bureau", "revision")
