"""Sessions that go on, and how often secrets were guessed at; what was counted beside each person goes.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

import casework.store.types

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "sign_in",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", casework.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"])
    op.create_table(
        "guess",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("until", casework.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_guess")),
    )
    op.drop_column("person", "failed")
    op.drop_column("person", "locked_until")


def downgrade():
    op.add_column("person", sa.Column("failed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("person", sa.Column("locked_until", casework.store.types.UtcDateTime(timezone=True), nullable=True))
    op.drop_table("guess")
    op.drop_table("sign_in")
