"""Random draws of units and officers.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

import casework.store.types

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

INSTANT = casework.store.types.UtcDateTime(timezone=True)


def fk(table, column, to):
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def upgrade():
    op.create_table(
        "random_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("frame", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("public_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("number_by", sa.Integer(), nullable=True),
        sa.Column("drawn_by", sa.Integer(), nullable=True),
        sa.Column("drawn_at", INSTANT, nullable=True),
        fk("random_draw", "bureau_id", "bureau"),
        fk("random_draw", "made_by", "person"),
        fk("random_draw", "number_by", "person"),
        fk("random_draw", "drawn_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_random_draw")),
    )
    op.create_index(op.f("ix_random_draw_bureau_id"), "random_draw", ["bureau_id"])
    op.create_table(
        "drawn_unit",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("officers", sa.JSON(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=True),
        fk("drawn_unit", "draw_id", "random_draw"),
        fk("drawn_unit", "docket_id", "docket"),
        sa.PrimaryKeyConstraint("draw_id", "place", name=op.f("pk_drawn_unit")),
    )


def downgrade():
    op.drop_table("drawn_unit")
    op.drop_table("random_draw")
