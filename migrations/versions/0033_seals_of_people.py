"""Each person's row is sealed with roles, cards and custodian's key, under a key of the key file.

Sealed here, once, because a row without a seal is nobody's from now on: what is put in later without the key is never sealed by
the program itself. What was changed before this day is sealed with the rest; ``journal verify`` names it as before.

Revision ID: 0033
Revises: 0032
"""

import hashlib

import sqlalchemy as sa
from alembic import op
from flask import current_app

from casework.store.triggers import dropped, revising_by_seal
from casework.vault.digest import canonical

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

# as people.seals says it on the day of this migration
PERSON = sa.table(
    "person", sa.column("id", sa.Integer), sa.column("bureau_id", sa.Integer), sa.column("login", sa.String),
    sa.column("name", sa.String), sa.column("password_hash", sa.String), sa.column("must_change", sa.Boolean),
    sa.column("totp", sa.LargeBinary), sa.column("active", sa.Boolean), sa.column("qualified", sa.Boolean),
    sa.column("seal", sa.String),
)  # fmt: skip
PARTS = {
    "custodian_key": sa.table(
        "custodian_key", sa.column("person_id", sa.Integer), sa.column("bureau_id", sa.Integer),
        sa.column("record", sa.LargeBinary),
    ),
    "enforcement_card": sa.table(
        "enforcement_card", sa.column("id", sa.Integer), sa.column("person_id", sa.Integer), sa.column("number", sa.String),
        sa.column("valid_from", sa.Date), sa.column("valid_until", sa.Date),
    ),
    "person_role": sa.table(
        "person_role", sa.column("id", sa.Integer), sa.column("person_id", sa.Integer), sa.column("role", sa.String),
        sa.column("from_day", sa.Date), sa.column("until_day", sa.Date), sa.column("lent_from", sa.String),
    ),
}  # fmt: skip


def plain(value):
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if hasattr(value, "isoformat") else value


def said(row):
    return {name: plain(value) for name, value in row.items() if value and name != "seal"}


def upgrade():
    op.add_column("person", sa.Column("seal", sa.String(64), nullable=False, server_default=""))
    bind = op.get_bind()
    for statement in revising_by_seal(bind.dialect.name):
        op.execute(sa.DDL(statement.replace("%", "%%")))
    key = current_app.extensions["vault"].keyring.derive("seals of people")
    for row in bind.execute(sa.select(PERSON).order_by(PERSON.c.id)).mappings().all():
        parts = {
            name: sorted((said(r) for r in bind.execute(sa.select(t).where(t.c.person_id == row["id"])).mappings()), key=canonical)
            for name, t in PARTS.items()
        }
        seal = hashlib.blake2b(canonical([said(row), parts]), key=key, digest_size=32).hexdigest()
        bind.execute(sa.update(PERSON).where(PERSON.c.id == row["id"]).values(seal=seal))


def downgrade():
    for statement in dropped(op.get_bind().dialect.name, "person_revises_seal", "person"):
        op.execute(statement)
    op.drop_column("person", "seal")
