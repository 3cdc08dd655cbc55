"""Whoever reviewed a case neither proposes nor approves its decision (行政处罚法 §§57–58): the database refuses it too.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

from casework.store.triggers import dropped, refusing

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
NAME = "approval_not_by_reviewer"
REVIEWED = (
    "EXISTS (SELECT 1 FROM proposal p JOIN act a ON a.docket_id = p.docket_id WHERE p.act_id = NEW.proposal_id "
    "AND p.step IN ('decide_penalty', 'decide_no_penalty') AND a.step = 'legal_review' AND a.verb = 'take' "
    "AND a.actor_id IN (NEW.approver_id, NEW.proposer_id))"
)


def upgrade():
    dialect = op.get_bind().dialect.name
    for ddl in refusing(dialect, NAME, "INSERT ON approval", REVIEWED, "who reviewed a case does not decide it"):
        op.execute(ddl)


def downgrade():
    for ddl in dropped(op.get_bind().dialect.name, NAME, "approval"):
        op.execute(ddl)
