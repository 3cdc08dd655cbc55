"""What was added for being late stays owed when instalments are granted: the rows of cases that have some are made anew.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ASK_FOR_ROWS = (
    "INSERT INTO outbox (docket_id, act_id, topic, data) "
    "SELECT a.docket_id, max(a.id), 'fine', '{}' FROM act a JOIN docket d ON d.id = a.docket_id "
    "WHERE a.step = 'instal' AND d.stage <> 'destroyed' GROUP BY a.docket_id"
)


def upgrade():
    op.execute(ASK_FOR_ROWS)


def downgrade():
    op.execute("DELETE FROM outbox WHERE topic = 'fine'")
