"""Entries and collections can be added, never changed or deleted."""

from django.db import migrations

from madang.site.record.triggers import allow_changes, forbid_changes

TABLES = ("ledger_entry", "ledger_collection")


def forbid(apps, schema_editor):
    for table in TABLES:
        forbid_changes(schema_editor, table)


def allow(apps, schema_editor):
    for table in TABLES:
        allow_changes(schema_editor, table)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
