"""Holds: a release that is stopped, goes on, or is withdrawn by its ministry before it is out."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, which only grows like the others."""
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("submission", sa.Integer(), sa.ForeignKey("submission.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("held_by", sa.Text(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("held_at", sa.Text(), nullable=False),
        sa.UniqueConstraint("submission", "number"),
        sa.CheckConstraint("kind IN ('stopped', 'resumed', 'withdrawn')"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f'CREATE TRIGGER hold_no_{action.lower()} BEFORE {action} ON "hold" '
                "BEGIN SELECT RAISE(ABORT, 'hold only grows'); END"
            )
    else:
        for name, event, each in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT")):
            op.execute(
                f'CREATE TRIGGER hold_no_{name} BEFORE {event} ON "hold" FOR EACH {each} EXECUTE FUNCTION only_grows()'
            )
