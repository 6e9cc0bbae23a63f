"""Has the database itself refuse to change or delete rows of tables that only grow."""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op


def guard(tables: Sequence[str]) -> None:
    """Make the triggers; once for all tables of a database."""
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite(tables)
    else:
        _guard_postgresql(tables)


def _guard_sqlite(tables: Sequence[str]) -> None:
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
            )


def _guard_postgresql(tables: Sequence[str]) -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append only', TG_TABLE_NAME; END $$"
    )
    for table in tables:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
