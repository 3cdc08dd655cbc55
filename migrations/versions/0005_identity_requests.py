"""Requests for an informant's identity, custodians' answers, boxes for one reader, and keys that are not in use.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

import casework.store.types
from casework.store.triggers import statements

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
_AT = casework.store.types.UtcDateTime(timezone=True)
_FROZEN = ("identity_request", "identity_verdict", "identity_opening")


def upgrade():
    op.add_column("identity", sa.Column("sealed_to", sa.String(length=64), nullable=False, server_default=""))
    op.create_index(op.f("ix_identity_sealed_to"), "identity", ["sealed_to"])
    op.add_column("identity_opening", sa.Column("request_id", sa.Integer(), nullable=True))
    op.add_column("identity_opening", sa.Column("hits", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "identity_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("docket_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("lock", sa.LargeBinary(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["docket_id"], ["docket.id"], name=op.f("fk_identity_request_docket_id_docket")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_request_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_request")),
    )
    op.create_index(op.f("ix_identity_request_docket_id"), "identity_request", ["docket_id"])
    op.create_table(
        "identity_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("custodian_id", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["identity_request.id"], name=op.f("fk_identity_verdict_request_id_identity_request")
        ),
        sa.ForeignKeyConstraint(["custodian_id"], ["person.id"], name=op.f("fk_identity_verdict_custodian_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_verdict")),
        sa.UniqueConstraint("request_id", "custodian_id", name=op.f("uq_identity_verdict_request_id")),
    )
    op.create_index(op.f("ix_identity_verdict_request_id"), "identity_verdict", ["request_id"])
    op.create_table(
        "identity_box",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("until", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["identity_request.id"], name=op.f("fk_identity_box_request_id_identity_request")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_identity_box")),
    )
    op.create_index(op.f("ix_identity_box_until"), "identity_box", ["until"])
    op.create_table(
        "spare_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_spare_key_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spare_key")),
    )
    op.create_index(op.f("ix_spare_key_person_id"), "spare_key", ["person_id"])
    for ddl in statements(op.get_bind().dialect.name, _FROZEN):
        op.execute(sa.DDL(ddl.replace("%", "%%")))


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER identity_opening_no_{verb}")
    else:
        op.execute("DROP TRIGGER identity_opening_frozen ON identity_opening")
        op.execute("DROP TRIGGER identity_opening_no_truncate ON identity_opening")
    for table in ("spare_key", "identity_box", "identity_verdict", "identity_request"):
        op.drop_table(table)
    op.drop_column("identity_opening", "hits")
    op.drop_column("identity_opening", "request_id")
    op.drop_index(op.f("ix_identity_sealed_to"), "identity")
    op.drop_column("identity", "sealed_to")
