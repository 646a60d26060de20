"""Ballots and sealings can neither be changed nor deleted."""

from django.db import migrations

from madang.site.record.triggers import allow_changes, forbid_changes

TABLES = ("votes_ballot", "votes_sealing")


def _forbid(apps, schema_editor):
    for table in TABLES:
        forbid_changes(schema_editor, table)


def _allow(apps, schema_editor):
    for table in TABLES:
        allow_changes(schema_editor, table)


class Migration(migrations.Migration):
    """Triggers on the ballot box."""

    dependencies = [("votes", "0001_initial")]
    operations = [migrations.RunPython(_forbid, _allow)]
