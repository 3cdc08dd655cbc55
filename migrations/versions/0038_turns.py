"""Whose turn it is: what each docket waits for, as rows.

The rows of dockets that are there already are written by the rounds that follow, some hundreds at a
time.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def fk(column, to):
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_turn_{column}_{to}"))


def upgrade():
    op.create_table(
        "turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("track", sa.String(30), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(40), nullable=False),
        fk("bureau_id", "bureau"),
        fk("docket_id", "docket"),
        fk("person_id", "person"),
        fk("by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
    )
    of_role = sa.text("person_id IS NULL")
    op.create_index(
        "ix_turn_role",
        "turn",
        ["bureau_id", "role", "due", "docket_id", "place"],
        sqlite_where=of_role,
        postgresql_where=of_role,
    )
    op.create_index("ix_turn_person", "turn", ["person_id", "due", "docket_id", "place"])
    op.create_index("ix_turn_by", "turn", ["by_id", "since"])
    op.create_index("ix_turn_step", "turn", ["bureau_id", "step", "due", "docket_id", "place"])
    op.create_index(op.f("ix_turn_docket_id"), "turn", ["docket_id"])
    op.add_column(
        "docket", sa.Column("turns_until", sa.Date(), nullable=False, server_default="0001-01-01")
    )
    op.execute("UPDATE docket SET turns_until = '9999-12-31' WHERE stage = 'destroyed'")
    op.create_index("ix_docket_turns_until", "docket", ["turns_until"])


def downgrade():
    op.drop_index("ix_docket_turns_until", "docket")
    op.drop_column("docket", "turns_until")
    op.drop_table("turn")
