"""One chain over all journals of a bureau; entries of the office with salt and digest.

Revision ID: 0027
Revises: 0026
"""

import json
import secrets
from datetime import UTC

import sqlalchemy as sa
from alembic import op

from casework.store.triggers import dropped, refusing, statements
from casework.vault.digest import canonical, salted_digest, sm3  # what a chain says for good: these never change

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

GENESIS = "0" * 64


def run(ddl):
    for statement in ddl:
        op.execute(sa.DDL(statement.replace("%", "%%")))


def upgrade():
    op.add_column("office_entry", sa.Column("salt", sa.LargeBinary(), nullable=False, server_default=sa.text("''")))
    op.add_column("office_entry", sa.Column("digest", sa.String(length=64), nullable=False, server_default=""))
    op.create_table(
        "chain_link",
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("entry", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(act_id IS NULL) <> (office_id IS NULL)", name=op.f("ck_chain_link_one_entry")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_chain_link_act_id_act")),
        sa.ForeignKeyConstraint(["bureau_id"], ["bureau.id"], name=op.f("fk_chain_link_bureau_id_bureau")),
        sa.ForeignKeyConstraint(["office_id"], ["office_entry.id"], name=op.f("fk_chain_link_office_id_office_entry")),
        sa.PrimaryKeyConstraint("bureau_id", "place", name=op.f("pk_chain_link")),
        sa.UniqueConstraint("act_id", name=op.f("uq_chain_link_act_id")),
        sa.UniqueConstraint("office_id", name=op.f("uq_chain_link_office_id")),
    )
    link(op.get_bind())
    dialect = op.get_bind().dialect.name
    run(statements(dialect, ("chain_link",)))
    run(refusing(dialect, "office_entry_salted", "UPDATE OF salt, digest ON office_entry", "1 = 1"))


def link(bind):
    """What was entered until now takes its place in order: the acts, the destructions, then the office's entries."""
    ends = {}
    for bureau, act, entry in bind.execute(sa.text(
        "SELECT d.bureau_id, a.id, a.hash FROM act a JOIN docket d ON d.id = a.docket_id ORDER BY a.id"
    )).all():  # fmt: skip
        _add(bind, ends, bureau, entry, act, None)
    _destroyed(bind)
    office = sa.text("SELECT id, bureau_id, actor_id, at, what, about, details FROM office_entry ORDER BY id").columns(
        at=sa.DateTime(timezone=True)
    )
    for row in bind.execute(office).all():
        details = json.loads(row.details) if isinstance(row.details, (str, bytes)) else row.details
        salt = secrets.token_bytes(16)
        digest = salted_digest(salt, canonical(details))
        bind.execute(
            sa.text("UPDATE office_entry SET salt = :salt, digest = :digest WHERE id = :id"),
            {"salt": salt, "digest": digest, "id": row.id},
        )
        _add(bind, ends, row.bureau_id, _skeleton(row, digest), None, row.id)


def _destroyed(bind):
    """Files that were destroyed until now: from here on an entry of the office names each."""
    gone = sa.text(
        "SELECT d.bureau_id, i.docket_id, i.destruction_id, i.number, i.emptied_at AS at FROM destruction_item i "
        "JOIN docket d ON d.id = i.docket_id WHERE i.emptied_at IS NOT NULL ORDER BY i.docket_id"
    )
    for row in bind.execute(gone).all():
        bind.execute(
            sa.text("INSERT INTO office_entry (bureau_id, at, what, about, details) VALUES (:bureau, :at, :what, :about, :details)"),
            {"bureau": row.bureau_id, "at": row.at, "what": "docket.destroyed", "about": row.number,
             "details": json.dumps({"docket": row.docket_id, "batch": row.destruction_id})},
        )  # fmt: skip


def _skeleton(row, digest):
    at = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
    return sm3(canonical({
        "office": row.id, "bureau": row.bureau_id, "actor": row.actor_id, "at": int(at.timestamp()),
        "what": row.what, "about": row.about, "details": digest,
    }))  # fmt: skip


def _add(bind, ends, bureau, entry, act, office):
    place, prev = ends.get(bureau, (0, GENESIS))
    place += 1
    made = sm3(canonical({"bureau": bureau, "place": place, "entry": entry, "prev": prev}))
    bind.execute(
        sa.text("INSERT INTO chain_link (bureau_id, place, act_id, office_id, entry, hash) VALUES (:b, :p, :a, :o, :e, :h)"),
        {"b": bureau, "p": place, "a": act, "o": office, "e": entry, "h": made},
    )
    ends[bureau] = (place, made)


def downgrade():
    dialect = op.get_bind().dialect.name
    run(dropped(dialect, "office_entry_salted", "office_entry"))
    op.drop_table("chain_link")
    op.drop_column("office_entry", "digest")
    op.drop_column("office_entry", "salt")
