"""Refusals summed by minute and address instead of a row each; failures by address; browsers that are known."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Sum up the refusals so far; what failed in the last minutes is forgotten."""
    op.rename_table("denial", "denial_each")
    op.create_table(
        "denial",
        *(sa.Column(name, sa.Text(), primary_key=True) for name in ("minute", "actor", "action", "subject", "address")),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.Text(), nullable=False),
        sa.CheckConstraint("count > 0"),
    )
    op.execute(
        "INSERT INTO denial (minute, actor, action, subject, address, count, last_at) "
        "SELECT substr(at, 1, 16), actor, action, subject, '', count(*), max(at) FROM denial_each "
        "GROUP BY substr(at, 1, 16), actor, action, subject"
    )
    op.drop_table("denial_each")
    op.drop_table("sign_in_failure")
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
    )
    op.create_index("ix_sign_in_failure", "sign_in_failure", ["account", "at"])
    op.create_index("ix_sign_in_failure_address", "sign_in_failure", ["address", "at"])
    op.create_table(
        "known_browser",
        sa.Column("token_hash", sa.Text(), primary_key=True),
        sa.Column("account", sa.Text(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
    )
    op.create_index("ix_known_browser", "known_browser", ["account"])
