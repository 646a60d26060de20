import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("docket", "0001_initial"),
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("commitment", models.CharField(max_length=64)),
                ("list_hash", models.CharField(max_length=64)),
                ("frozen_at", models.DateTimeField()),
                ("candidates", models.PositiveIntegerField()),
                ("quotas", models.JSONField()),
                ("secret", models.CharField(blank=True, max_length=200)),
                ("public", models.CharField(blank=True, max_length=200)),
                ("record", models.JSONField(null=True)),
                ("drawn_at", models.DateTimeField(null=True)),
                (
                    "stage",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draw", to="programmes.stage"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Drawn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ticket", models.CharField(max_length=20)),
                ("strata", models.JSONField(default=dict)),
                ("stratum", models.CharField(blank=True, max_length=160)),
                ("seat_stratum", models.CharField(blank=True, max_length=160)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("candidate", "Candidate"),
                            ("selected", "Selected"),
                            ("reserve", "Reserve"),
                            ("not_drawn", "Not Drawn"),
                        ],
                        default="candidate",
                        max_length=10,
                    ),
                ),
                ("rank", models.PositiveIntegerField(null=True)),
                ("called_at", models.DateTimeField(null=True)),
                ("replied_at", models.DateTimeField(null=True)),
                ("accepted", models.BooleanField(null=True)),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="panels.draw"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="docket.matter"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["draw", "status", "stratum", "rank"], name="panels_draw_draw_id_1066a8_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "matter"), name="drawn_matter_once"),
                    models.UniqueConstraint(fields=("draw", "ticket"), name="drawn_ticket_once"),
                ],
            },
        ),
    ]
