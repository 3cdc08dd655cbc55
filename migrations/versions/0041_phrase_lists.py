"""A bureau's own standard phrases, a list for each text of a step's form.

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "phrase_list",
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bureau_id"], ["bureau.id"], name=op.f("fk_phrase_list_bureau_id_bureau")
        ),
        sa.PrimaryKeyConstraint("bureau_id", "step", "field", name=op.f("pk_phrase_list")),
    )


def downgrade():
    op.drop_table("phrase_list")
