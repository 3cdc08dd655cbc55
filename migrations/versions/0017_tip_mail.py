"""Up to where a bureau's people were told of new tips by mail.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "tip_mail",
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_tip_mail_bureau_id_bureau")),
        sa.PrimaryKeyConstraint("bureau_id", name=op.f("pk_tip_mail")),
    )


def downgrade():
    op.drop_table("tip_mail")
