"""Names and codes are compared in one form. Ties and dockets keep it beside what was typed; entries have their code in it.

The codes of dockets lie in their sealed journals: the first ticks read them, and look at what is on the public list again.

Revision ID: 0021
Revises: 0020
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TOGETHER = 1000
# The program's foldings as they were on the day of this migration: it must not change with them.
DOTS = re.compile("[·•・‧∙⋅●⸱ㆍ᛫]")
DOT_IN_NAME = re.compile(r"(?<=[\u3400-\u9fff])\.(?=[\u3400-\u9fff])")
BRACKETS = str.maketrans("[{<〔【﹝〈《「『｢〖]}>〕】﹞〉》」』｣〗", "(" * 12 + ")" * 12)
DASHES = re.compile(r"[\-‐‑‒–—―−﹣－ー_]")
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
NO_CODE = ("", "/", "\\", "无", "没有", "暂无", "NONE", "N/A")

ASK_FOR_CODES = (
    "INSERT INTO outbox (docket_id, act_id, topic, data) "
    "SELECT a.docket_id, max(a.id), 'unit_code', '{}' FROM act a JOIN docket d ON d.id = a.docket_id "
    "WHERE d.stage <> 'destroyed' GROUP BY a.docket_id"
)
ASK_FOR_ENTRIES = (
    "INSERT INTO outbox (docket_id, act_id, topic, data) "
    "SELECT a.docket_id, max(a.id), 'code_confirmed', '{}' FROM act a "
    "WHERE a.docket_id IN (SELECT docket_id FROM entry) GROUP BY a.docket_id"
)


def seen(text):
    def hidden(c):
        if c in "\n\r\t":
            return False
        odd = c in FILLERS or "\ufe00" <= c <= "\ufe0f" or "\U000e0100" <= c <= "\U000e01ef"
        return odd or unicodedata.category(c) in ("Cc", "Cf")

    return "".join(c for c in unicodedata.normalize("NFKC", text) if not hidden(c))


def folded_name(text):
    clear = "".join(seen(text).casefold().split()).translate(BRACKETS)
    return DOT_IN_NAME.sub("·", DOTS.sub("·", clear))[:200]


def folded_code(text):
    code = DASHES.sub("", "".join(seen(text).split())).upper()
    return "" if code in NO_CODE or len(code) > 18 else code


def fill(connection, table, columns, folded):
    """Each row's folded columns, a thousand rows at a time."""
    ask = sa.text(f"SELECT id, {', '.join(columns)} FROM {table} WHERE id > :after ORDER BY id LIMIT {TOGETHER}")
    after = 0
    while rows := connection.execute(ask, {"after": after}).all():
        after = rows[-1].id
        values = [{"id": row.id, **folded(row)} for row in rows]
        names = [name for name in values[0] if name != "id"]
        put = sa.text(f"UPDATE {table} SET {', '.join(f'{name} = :{name}' for name in names)} WHERE id = :id")
        connection.execute(put, values)


def upgrade():
    order = "C" if op.get_bind().dialect.name == "postgresql" else None
    sorted_text, sorted_code = sa.String(200, collation=order), sa.String(18, collation=order)
    with op.batch_alter_table("interest") as interest:
        interest.drop_index("ix_interest_credit_code")
        interest.alter_column("credit_code", existing_type=sa.String(18), type_=sa.String(40), existing_nullable=False)
        interest.add_column(sa.Column("folded_name", sorted_text, nullable=False, server_default=""))
        interest.add_column(sa.Column("folded_code", sorted_code, nullable=False, server_default=""))
    op.create_index("ix_interest_folded_name", "interest", ["folded_name"])
    op.create_index("ix_interest_folded_code", "interest", ["folded_code"])
    op.add_column("docket", sa.Column("folded_title", sorted_text, nullable=False, server_default=""))
    op.add_column("docket", sa.Column("unit_code", sorted_code, nullable=False, server_default=""))
    op.add_column("entry", sa.Column("code_confirmed", sa.Boolean(), nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    fill(connection, "interest", ["name", "credit_code"],
         lambda row: {"folded_name": folded_name(row.name), "folded_code": folded_code(row.credit_code)})  # fmt: skip
    fill(connection, "docket", ["title"], lambda row: {"folded_title": folded_name(row.title)})
    fill(connection, "entry", ["credit_code"], lambda row: {"credit_code": folded_code(row.credit_code)})
    op.create_index("ix_docket_unit_code", "docket", ["unit_code", "bureau_id"])
    op.create_index("ix_docket_folded_title", "docket", ["folded_title", "bureau_id"])
    op.execute(ASK_FOR_ENTRIES)
    op.execute(ASK_FOR_CODES)


def downgrade():
    op.execute("DELETE FROM outbox WHERE topic IN ('unit_code', 'code_confirmed')")
    op.drop_index("ix_docket_folded_title", "docket")
    op.drop_index("ix_docket_unit_code", "docket")
    op.drop_column("entry", "code_confirmed")
    op.drop_column("docket", "unit_code")
    op.drop_column("docket", "folded_title")
    op.drop_index("ix_interest_folded_code", "interest")
    op.drop_index("ix_interest_folded_name", "interest")
    with op.batch_alter_table("interest") as interest:
        interest.drop_column("folded_code")
        interest.drop_column("folded_name")
        interest.alter_column("credit_code", existing_type=sa.String(40), type_=sa.String(18), existing_nullable=False)
        interest.create_index("ix_interest_credit_code", ["credit_code"])
