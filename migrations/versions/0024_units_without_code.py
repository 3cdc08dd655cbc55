"""The unit register takes units without a code, known by the name in its compared form within the township.

Revision ID: 0024
Revises: 0023
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TOGETHER = 1000
# The program's folding of names as it was on the day of this migration: it must not change with it.
DOTS = re.compile("[·•・‧∙⋅●⸱ㆍ᛫]")
DOT_IN_NAME = re.compile(r"(?<=[\u3400-\u9fff])\.(?=[\u3400-\u9fff])")
BRACKETS = str.maketrans("[{<〔【﹝〈《「『｢〖]}>〕】﹞〉》」』｣〗", "(" * 12 + ")" * 12)
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
WITHOUT = sa.text("credit_code IS NULL")


def hidden(c):
    if c in "\n\r\t":
        return False
    odd = c in FILLERS or "\ufe00" <= c <= "\ufe0f" or "\U000e0100" <= c <= "\U000e01ef"
    return odd or unicodedata.category(c) in ("Cc", "Cf")


def folded_name(text):
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if not hidden(c))
    clear = "".join(seen.casefold().split()).translate(BRACKETS)
    return DOT_IN_NAME.sub("·", DOTS.sub("·", clear))[:200]


def fill(connection):
    """Each unit's folded name, a thousand rows at a time."""
    ask = sa.text("SELECT id, name FROM unit WHERE id > :after ORDER BY id LIMIT :most")
    put = sa.text("UPDATE unit SET folded_name = :folded WHERE id = :id")
    after = 0
    while rows := connection.execute(ask, {"after": after, "most": TOGETHER}).all():
        after = rows[-1].id
        connection.execute(put, [{"id": row.id, "folded": folded_name(row.name)} for row in rows])


def code_type():
    return sa.String(18).with_variant(sa.String(18, collation="C"), "postgresql")


def upgrade():
    order = "C" if op.get_bind().dialect.name == "postgresql" else None
    with op.batch_alter_table("unit") as unit:
        unit.drop_index("ix_unit_name")
        unit.alter_column("credit_code", existing_type=code_type(), nullable=True)
        unit.add_column(sa.Column("folded_name", sa.String(200, collation=order), nullable=False, server_default=""))
    fill(op.get_bind())
    with op.batch_alter_table("unit") as unit:
        unit.alter_column("folded_name", existing_type=sa.String(200, collation=order), server_default=None)
    op.create_index("ix_unit_folded_name", "unit", ["folded_name"])
    op.create_index(
        "uq_unit_without_code", "unit", ["bureau_id", "township", "folded_name"], unique=True,
        sqlite_where=WITHOUT, postgresql_where=WITHOUT,
    )  # fmt: skip


def downgrade():
    op.execute("DELETE FROM unit WHERE credit_code IS NULL")  # the tables of before have no place for them
    op.drop_index("uq_unit_without_code", "unit")
    op.drop_index("ix_unit_folded_name", "unit")
    with op.batch_alter_table("unit") as unit:
        unit.drop_column("folded_name")
        unit.alter_column("credit_code", existing_type=code_type(), nullable=False)
        unit.create_index("ix_unit_name", ["name"])
