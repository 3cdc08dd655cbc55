"""What was paid under a decision that fell is owed back. The rows of cases whose decision met a remedy are made anew.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ASK_FOR_ROWS = (
    "INSERT INTO outbox (docket_id, act_id, topic, data) "
    "SELECT a.docket_id, max(a.id), 'fine', '{}' FROM act a JOIN docket d ON d.id = a.docket_id "
    "WHERE a.step = 'remedy_end' AND d.stage <> 'destroyed' GROUP BY a.docket_id"
)


def upgrade():
    op.add_column("fine", sa.Column("apart", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute(ASK_FOR_ROWS)


def downgrade():
    op.execute("DELETE FROM outbox WHERE topic = 'fine'")
    op.drop_column("fine", "apart")
