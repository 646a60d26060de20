"""Append-only tables: triggers that refuse to change or delete rows, on both database engines."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forbid_changes(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Make a table append-only, for migrations. Its rows can then neither be updated nor deleted."""
    message = f"{table} is append-only"
    for verb in ("UPDATE", "DELETE"):
        name = f"{table}_no_{verb.lower()}"
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        else:
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
            )


def allow_changes(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Undo `forbid_changes`, for the way back of a migration."""
    for verb in ("update", "delete"):
        name = f"{table}_no_{verb}"
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {name}()")
