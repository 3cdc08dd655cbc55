"""The money of a penalty, kept for sums of many. Rows of dockets already decided are made by the first tick.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ASK_FOR_ROWS = (
    "INSERT INTO outbox (docket_id, act_id, topic, data) "
    "SELECT p.docket_id, max(p.act_id), 'fine', '{}' FROM paper p JOIN docket d ON d.id = p.docket_id "
    "WHERE p.kind = 'decision' AND d.stage <> 'destroyed' GROUP BY p.docket_id"
)


def upgrade():
    op.create_table(
        "fine",
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("decided", sa.Date(), nullable=False),
        sa.Column("levied", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.Column("late_days", sa.Integer(), nullable=False),
        sa.Column("runs_from", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["docket_id"], ["docket.id"], name=op.f("fk_fine_docket_id_docket")),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_fine_bureau_id_bureau")),
        sa.PrimaryKeyConstraint("docket_id", name=op.f("pk_fine")),
    )
    op.create_index("ix_fine_decided", "fine", ["bureau_id", "decided"])
    op.execute(ASK_FOR_ROWS)


def downgrade():
    op.execute("DELETE FROM outbox WHERE topic = 'fine'")
    op.drop_table("fine")
