"""What the second reading of a case found, on the row of its docket: unanswered faults, and how far and when it was read.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

FAULTY = sa.text("faults <> ''")


def upgrade():  # nothing was read yet: the first night reads all of them
    op.add_column("docket", sa.Column("faults", sa.String(2000), nullable=False, server_default=""))
    op.add_column("docket", sa.Column("read_seq", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("docket", sa.Column("read_on", sa.Date(), nullable=False, server_default="0001-01-01"))
    op.create_index("ix_docket_faults", "docket", ["bureau_id", "id"], sqlite_where=FAULTY, postgresql_where=FAULTY)


def downgrade():
    op.drop_index("ix_docket_faults", table_name="docket")
    for column in ("read_on", "read_seq", "faults"):
        op.drop_column("docket", column)
