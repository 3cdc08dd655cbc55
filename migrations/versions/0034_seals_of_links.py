"""Each link of a bureau's chain bears a seal under a key of the key file: nobody else makes the chain longer.

What stands there on this day is sealed once. A link that is put in later without the key has no seal, and is named.

Revision ID: 0034
Revises: 0033
"""

import hashlib

import sqlalchemy as sa
from alembic import op
from flask import current_app

from casework.store.triggers import statements

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TOGETHER = 1000
SET = sa.text("UPDATE chain_link SET seal = :seal WHERE bureau_id = :bureau AND place = :place")
NEXT = sa.text(
    "SELECT bureau_id, place, hash FROM chain_link WHERE bureau_id = :bureau AND place > :after ORDER BY place LIMIT :most"
)


def upgrade():
    op.add_column("chain_link", sa.Column("seal", sa.String(32), nullable=False, server_default=""))
    bind = op.get_bind()
    sqlite = bind.dialect.name == "sqlite"
    name = "chain_link_no_update" if sqlite else "chain_link_frozen"  # refuses every change of a link
    op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else " ON chain_link"))
    for bureau in bind.scalars(sa.text("SELECT DISTINCT bureau_id FROM chain_link")).all():
        seal_all(bind, bureau)
    (refused,) = [ddl for ddl in statements(bind.dialect.name, ("chain_link",)) if f"TRIGGER {name} " in ddl]
    op.execute(refused)


def seal_all(bind, bureau):
    key, after = current_app.extensions["vault"].keyring.derive("links of the chain"), 0
    while rows := bind.execute(NEXT, {"bureau": bureau, "after": after, "most": TOGETHER}).all():
        after = rows[-1].place
        bind.execute(SET, [{"bureau": bureau, "place": r.place, "seal": sealed(key, r.hash)} for r in rows])


def sealed(key, hashed):
    return hashlib.blake2b(hashed.encode(), key=key, digest_size=16).hexdigest()


def downgrade():
    op.drop_column("chain_link", "seal")
