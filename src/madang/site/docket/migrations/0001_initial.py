import django.db.models.deletion
from django.db import migrations, models

import madang.site.kit.money


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True)),
                ("kind", models.CharField(max_length=30)),
                ("title", models.CharField(max_length=200)),
                ("field", models.CharField(blank=True, max_length=40)),
                ("amount_won", madang.site.kit.money.WonField(null=True)),
                ("filed_at", models.DateTimeField()),
                ("channel", models.CharField(default="online", max_length=20)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ending", models.CharField(blank=True, max_length=30)),
                ("synthetic", models.BooleanField(default=False)),
                (
                    "area",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="matters", to="people.area"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="matters",
                        to="people.person",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matters",
                        to="people.organisation",
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="matters", to="programmes.process"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matters",
                        to="programmes.stage",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["process", "filed_at"], name="docket_matt_process_aadcf2_idx"),
                    models.Index(fields=["process", "stage"], name="docket_matt_process_874e9a_idx"),
                    models.Index(fields=["process", "field"], name="docket_matt_process_bb48c3_idx"),
                    models.Index(fields=["process", "area"], name="docket_matt_process_9c782b_idx"),
                    models.Index(fields=["filed_at"], name="docket_matt_filed_a_605306_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("stage__isnull", False)),
                            models.Q(("ended_at__isnull", False), ("stage__isnull", True)),
                            _connector="OR",
                        ),
                        name="matter_in_a_stage_or_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_won__isnull", True), ("amount_won__gte", 0), _connector="OR"),
                        name="amount_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("derived_from", "Derived From"),
                            ("merged_into", "Merged Into"),
                            ("answers", "Answers"),
                            ("funds", "Funds"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links_out", to="docket.matter"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links_in", to="docket.matter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "target", "kind"), name="link_once"),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True), name="link_to_another"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follows", to="people.person"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follows", to="docket.matter"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "matter"), name="follow_once")],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=80)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("file", models.FileField(upload_to="attachments/%Y/%m")),
                ("at", models.DateTimeField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="docket.matter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text_ko", models.CharField(max_length=300)),
                ("text_en", models.CharField(max_length=300)),
                ("url", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="docket.matter",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="people.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-at"], name="docket_noti_person__caf594_idx")],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField(max_length=30)),
                ("passed", models.BooleanField()),
                ("rank", models.PositiveIntegerField(null=True)),
                ("amount_won", madang.site.kit.money.WonField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("by", models.CharField(max_length=60)),
                ("entered_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passages", to="docket.matter"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passages", to="programmes.stage"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["stage", "outcome"], name="docket_pass_stage_i_374105_idx")],
                "constraints": [models.UniqueConstraint(fields=("matter", "stage"), name="one_passage_a_stage")],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("form", models.CharField(max_length=60)),
                ("data", models.JSONField()),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="docket.matter"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("matter", "number"), name="revision_number_once")],
            },
        ),
    ]
