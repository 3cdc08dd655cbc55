"""Entries of the office, and the calendar version under which a bureau's clocks stand.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

import casework.store.types
from casework.store.triggers import statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "office_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", casework.store.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_office_entry_actor_id_person")),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_office_entry_bureau_id_bureau")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_entry")),
    )
    op.create_index(op.f("ix_office_entry_bureau_id"), "office_entry", ["bureau_id"])
    op.add_column("bureau", sa.Column("calendar", sa.String(length=10), nullable=False, server_default=""))
    for ddl in statements(op.get_bind().dialect.name, ("office_entry", "bureau_setting")):
        op.execute(sa.DDL(ddl.replace("%", "%%")))


def downgrade():
    op.drop_column("bureau", "calendar")
    op.drop_table("office_entry")
    for verb in ("update", "delete") if op.get_bind().dialect.name == "sqlite" else ():
        op.execute(f"DROP TRIGGER bureau_setting_no_{verb}")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP TRIGGER bureau_setting_frozen ON bureau_setting")
        op.execute("DROP TRIGGER bureau_setting_no_truncate ON bureau_setting")
