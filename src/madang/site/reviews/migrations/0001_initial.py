import django.db.models.deletion
from django.db import migrations, models

import madang.site.kit.money


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("docket", "0001_initial"),
        ("people", "0001_initial"),
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recused", models.BooleanField(default=False)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="docket.matter"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assignments", to="people.person"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="programmes.stage"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "stage"], name="reviews_ass_person__78b828_idx")],
                "constraints": [models.UniqueConstraint(fields=("stage", "matter", "person"), name="assignment_once")],
            },
        ),
        migrations.CreateModel(
            name="Costing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_won", madang.site.kit.money.WonField()),
                ("note", models.CharField(blank=True, max_length=300)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="costings", to="docket.matter"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["matter", "-at"], name="reviews_cos_matter__8898dc_idx")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_won__gte", 0)), name="costing_not_negative")
                ],
            },
        ),
        migrations.CreateModel(
            name="Motion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("in_favour", models.PositiveIntegerField()),
                ("against", models.PositiveIntegerField()),
                ("abstained", models.PositiveIntegerField()),
                ("carried", models.BooleanField()),
                ("minutes", models.TextField()),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="motions", to="people.organisation"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="motions", to="programmes.stage"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("approves", models.BooleanField()),
                ("amount_won", madang.site.kit.money.WonField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="docket.matter"
                    ),
                ),
                (
                    "motion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="reviews.motion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("motion", "matter"), name="decision_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_won__isnull", True), ("amount_won__gte", 0), _connector="OR"),
                        name="decided_amount_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("upheld", models.BooleanField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("decided_by", models.CharField(blank=True, max_length=60)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="objections", to="docket.matter"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="objections",
                        to="people.person",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="programmes.stage"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["stage", "decided_at"], name="reviews_obj_stage_i_f32cc6_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("stage", "matter", "by"), name="objection_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("upheld__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("upheld__isnull", False)),
                            _connector="OR",
                        ),
                        name="objection_decision_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recusals", to="docket.matter"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recusals", to="people.person"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recusals", to="programmes.stage"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("stage", "matter", "person"), name="recusal_once")],
            },
        ),
        migrations.CreateModel(
            name="Screening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(null=True)),
                ("referred_at", models.DateTimeField(null=True)),
                ("passes", models.BooleanField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=30)),
                ("reason", models.TextField(blank=True)),
                ("ruled_by", models.CharField(blank=True, max_length=60)),
                ("ruled_at", models.DateTimeField(null=True)),
                (
                    "department",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="screenings",
                        to="people.organisation",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="screenings", to="docket.matter"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="screenings", to="programmes.stage"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["department", "ruled_at"], name="reviews_scr_departm_2003ae_idx"),
                    models.Index(fields=["stage", "ruled_at"], name="reviews_scr_stage_i_7344c0_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("stage", "matter"), name="screening_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("department__isnull", True), ("due_on__isnull", True), ("referred_at__isnull", True)
                            ),
                            models.Q(
                                ("department__isnull", False), ("due_on__isnull", False), ("referred_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="referral_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("passes__isnull", True), ("ruled_at__isnull", True)),
                            models.Q(
                                ("passes__isnull", False),
                                ("ruled_at__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="ruling_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300)),
                ("by", models.CharField(max_length=60)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "screening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pauses", to="reviews.screening"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("screening",), name="one_running_pause"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points", models.JSONField()),
                ("total", models.PositiveIntegerField()),
                ("submitted_at", models.DateTimeField()),
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sheet", to="reviews.assignment"
                    ),
                ),
            ],
        ),
    ]
