"""Consent half by half, where two custodians are needed to open an identity.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "identity_half",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("custodian_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["identity_request.id"], name=op.f("fk_identity_half_request_id_identity_request")),
        sa.ForeignKeyConstraint(["custodian_id"], ["person.id"], name=op.f("fk_identity_half_custodian_id_person")),
        sa.PrimaryKeyConstraint("request_id", "custodian_id", name=op.f("pk_identity_half")),
    )


def downgrade():
    op.drop_table("identity_half")
