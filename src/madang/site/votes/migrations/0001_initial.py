import django.db.models.deletion
from django.db import migrations, models

import madang.site.kit.money


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("docket", "0001_initial"),
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Election",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("counted_at", models.DateTimeField(null=True)),
                ("tally", models.JSONField(null=True)),
                ("record", models.JSONField(null=True)),
                (
                    "stage",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="election", to="programmes.stage"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Allotment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record", models.JSONField()),
                (
                    "stage",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allotment", to="programmes.stage"
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allotments", to="votes.election"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaperBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entered_by", models.CharField(max_length=60)),
                ("entered_at", models.DateTimeField()),
                ("confirmed_by", models.CharField(blank=True, max_length=60)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("rejected_at", models.DateTimeField(null=True)),
                ("size", models.PositiveIntegerField()),
                ("ballots", models.JSONField(null=True)),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="paper_batches", to="votes.election"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("electorate", models.CharField(max_length=40)),
                ("choices", models.CharField(max_length=400)),
                ("receipt", models.CharField(max_length=14)),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ballots", to="votes.election"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("election", "receipt"), name="receipt_once")],
            },
        ),
        migrations.CreateModel(
            name="Option",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveIntegerField()),
                ("amount_won", madang.site.kit.money.WonField(null=True)),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="options", to="votes.election"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="options", to="docket.matter"
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
                "constraints": [
                    models.UniqueConstraint(fields=("election", "matter"), name="option_matter_once"),
                    models.UniqueConstraint(fields=("election", "order"), name="option_number_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RollEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("electorate", models.CharField(max_length=40)),
                ("voter_key", models.CharField(max_length=64)),
                ("channel", models.CharField(default="online", max_length=20)),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="roll", to="votes.election"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("election", "voter_key"), name="one_vote_a_person")],
            },
        ),
        migrations.CreateModel(
            name="Sealing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("ballots", models.PositiveIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("receipts_root", models.CharField(max_length=64)),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sealings", to="votes.election"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("election", "number"), name="sealing_number_once")],
            },
        ),
        migrations.CreateModel(
            name="Turnout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("channel", models.CharField(max_length=20)),
                ("voters", models.PositiveIntegerField()),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="turnout", to="votes.election"
                    ),
                ),
            ],
            options={
                "ordering": ["day", "channel"],
                "constraints": [
                    models.UniqueConstraint(fields=("election", "day", "channel"), name="turnout_day_once")
                ],
            },
        ),
    ]
