"""Bound case files, printed papers, signed copies that came back, scanned pages without a code.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

import casework.store.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STAMP = casework.store.types.UtcDateTime(timezone=True)


def upgrade():
    op.create_table(
        "binding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("stored", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", STAMP, nullable=False),
        sa.Column("moved_at", STAMP, nullable=False),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_binding_bureau_id_bureau")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_binding_by_id_person")),
        sa.ForeignKeyConstraint(["docket_id"], ["docket.id"], name=op.f("fk_binding_docket_id_docket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding")),
    )
    op.create_index(op.f("ix_binding_docket_id"), "binding", ["docket_id"])
    op.create_table(
        "print_mark",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", STAMP, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_print_mark_by_id_person")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_print_mark_paper_id_paper")),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_print_mark")),
    )
    op.create_table(
        "signed_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("stored", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sm3", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", STAMP, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_signed_copy_by_id_person")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_signed_copy_paper_id_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_copy")),
    )
    op.create_index(op.f("ix_signed_copy_paper_id"), "signed_copy", ["paper_id"])
    op.create_table(
        "stray_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("stored", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", STAMP, nullable=False),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_stray_page_bureau_id_bureau")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_stray_page_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stray_page")),
    )
    op.create_index(op.f("ix_stray_page_bureau_id"), "stray_page", ["bureau_id"])


def downgrade():
    for table in ("stray_page", "signed_copy", "print_mark", "binding"):
        op.drop_table(table)
