"""Scanned stacks are kept, and pages that look empty wait for a person too.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

import casework.store.types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STAMP = casework.store.types.UtcDateTime(timezone=True)


def upgrade():
    op.create_table(
        "scan_stack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("stored", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", STAMP, nullable=False),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_scan_stack_bureau_id_bureau")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_scan_stack_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_stack")),
    )
    op.create_index(op.f("ix_scan_stack_bureau_id"), "scan_stack", ["bureau_id"])
    with op.batch_alter_table("stray_page") as table:
        table.add_column(sa.Column("stack_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("blank", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_foreign_key(op.f("fk_stray_page_stack_id_scan_stack"), "scan_stack", ["stack_id"], ["id"])
        table.create_index(op.f("ix_stray_page_stack_id"), ["stack_id"])
    with op.batch_alter_table("stray_page") as table:
        table.alter_column("place", server_default=None)
        table.alter_column("blank", server_default=None)


def downgrade():
    with op.batch_alter_table("stray_page") as table:
        table.drop_constraint(op.f("fk_stray_page_stack_id_scan_stack"), type_="foreignkey")
        table.drop_index(op.f("ix_stray_page_stack_id"))
        for column in ("blank", "place", "stack_id"):
            table.drop_column(column)
    op.drop_table("scan_stack")
