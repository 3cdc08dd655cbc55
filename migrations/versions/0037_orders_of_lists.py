"""Lists of dockets can be sorted by number and by name: a number in a form in which 9 comes before 10, and two indexes.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

# «丰统案〔2026〕9号» → «丰统案〔2026〕000000009», in the words of each database
PADDED = {
    "sqlite": (
        "substr(number, 1, instr(number, '〕')) || "
        "substr('000000000' || rtrim(substr(number, instr(number, '〕') + 1), '号'), -9)"
    ),
    "postgresql": (
        "left(number, strpos(number, '〕')) || lpad(rtrim(substr(number, strpos(number, '〕') + 1), '号'), 9, '0')"
    ),
}


def upgrade():
    dialect = op.get_bind().dialect.name
    order = "C" if dialect == "postgresql" else None
    column = sa.Column("sorted_number", sa.String(80, collation=order), nullable=False, server_default="")
    op.add_column("docket", column)
    op.execute(
        f"UPDATE docket SET sorted_number = CASE WHEN number LIKE '%〕%号' THEN {PADDED[dialect]} ELSE number END"
    )
    op.create_index("ix_docket_by_number", "docket", ["bureau_id", "kind", "sorted_number", "id"])
    op.create_index("ix_docket_by_title", "docket", ["bureau_id", "kind", "title", "id"])


def downgrade():
    op.drop_index("ix_docket_by_title", "docket")
    op.drop_index("ix_docket_by_number", "docket")
    op.drop_column("docket", "sorted_number")
