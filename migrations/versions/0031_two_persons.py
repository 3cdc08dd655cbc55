"""Changes that take two persons wait in a table of their own.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "office_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_office_proposal_bureau_id_bureau")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_office_proposal_person_id_person")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_office_proposal_proposed_by_person")),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name=op.f("fk_office_proposal_agreed_by_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_office_proposal_decided_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_proposal")),
    )
    op.create_index(op.f("ix_office_proposal_bureau_id"), "office_proposal", ["bureau_id"])


def downgrade():
    op.drop_table("office_proposal")
