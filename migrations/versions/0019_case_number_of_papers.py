"""A paper keeps the number of its case that is printed at its foot: forms without a number of their own are checked by it.

Revision ID: 0019
Revises: 0018
"""

import json

import sqlalchemy as sa
from alembic import op

from casework.store.triggers import dropped, refusing

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NAME = "paper_no_change"
BEFORE = ("docket_id", "act_id", "kind", "series", "year", "no", "number", "short_code")
AFTER = (*BEFORE, "case_number")
MANY = 1000
# A docket's number came with an act; papers of later acts bear it.
GIVEN = (
    "SELECT docket_id, seq, effects FROM act WHERE CAST(effects AS TEXT) LIKE '%\"number\"%' "
    "AND docket_id IN (SELECT docket_id FROM paper) ORDER BY docket_id, seq"
)
PUT = sa.text("UPDATE paper SET case_number = :number WHERE docket_id = :docket AND seq > :seq")


def upgrade():
    _frozen_no_more()
    op.add_column("paper", sa.Column("case_number", sa.String(length=60), nullable=False, server_default=""))
    _fill(op.get_bind())
    _frozen(AFTER)


def downgrade():
    _frozen_no_more()
    op.drop_column("paper", "case_number")
    _frozen(BEFORE)


def _fill(connection):
    rows, given = connection.execute(sa.text(GIVEN)).all(), []
    for docket, seq, effects in rows:
        for effect in json.loads(effects) if isinstance(effects, str) else effects:
            if effect["do"] == "number":
                given.append({"docket": docket, "seq": seq, "number": effect["text"]})
    for begin in range(0, len(given), MANY):
        connection.execute(PUT, given[begin : begin + MANY])


def _frozen_no_more():
    for ddl in dropped(op.get_bind().dialect.name, NAME, "paper"):
        op.execute(ddl)


def _frozen(columns):
    named = ", ".join(f'"{c}"' for c in columns)
    for ddl in refusing(op.get_bind().dialect.name, NAME, f"UPDATE OF {named} ON paper", "1 = 1"):
        op.execute(sa.DDL(ddl.replace("%", "%%")))
