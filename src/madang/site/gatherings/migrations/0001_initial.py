import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Course",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("title_ko", models.CharField(max_length=160)),
                ("title_en", models.CharField(blank=True, max_length=200)),
                ("audience", models.CharField(max_length=40)),
                ("hours", models.PositiveSmallIntegerField()),
                ("lectures", models.PositiveSmallIntegerField(null=True)),
                ("group_size", models.PositiveSmallIntegerField(null=True)),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="courses", to="programmes.process"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("process", "code"), name="course_once_in_process")],
            },
        ),
        migrations.CreateModel(
            name="Cohort",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title_ko", models.CharField(max_length=160)),
                ("title_en", models.CharField(blank=True, max_length=200)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("written", "Written"),
                            ("video", "Video"),
                            ("face_to_face", "Face To Face"),
                            ("combined", "Combined"),
                        ],
                        max_length=12,
                    ),
                ),
                ("institution", models.CharField(blank=True, max_length=120)),
                ("starts_on", models.DateField()),
                ("headcount", models.PositiveIntegerField(null=True)),
                ("headcount_source", models.CharField(blank=True, max_length=200)),
                ("headcount_at", models.DateTimeField(null=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cohorts", to="gatherings.course"
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("enrolled_at", models.DateTimeField()),
                ("hours", models.PositiveSmallIntegerField(default=0)),
                ("completed_at", models.DateTimeField(null=True)),
                (
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="gatherings.cohort"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="enrolments", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("cohort", "person"), name="enrolled_once")],
            },
        ),
        migrations.CreateModel(
            name="Gathering",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(default="meeting", max_length=30)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("written", "Written"),
                            ("video", "Video"),
                            ("face_to_face", "Face To Face"),
                            ("combined", "Combined"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title_ko", models.CharField(max_length=160)),
                ("title_en", models.CharField(blank=True, max_length=200)),
                ("agenda", models.TextField(blank=True)),
                ("held_at", models.DateTimeField()),
                ("minutes", models.TextField(blank=True)),
                ("minutes_at", models.DateTimeField(null=True)),
                (
                    "body",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gatherings",
                        to="people.organisation",
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gatherings", to="programmes.process"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gatherings",
                        to="programmes.stage",
                    ),
                ),
            ],
            options={
                "ordering": ["held_at", "pk"],
                "indexes": [models.Index(fields=["process", "kind", "mode"], name="gatherings__process_9b1ac9_idx")],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(default="participant", max_length=20)),
                ("heads", models.PositiveIntegerField(default=1)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="attendance",
                        to="people.person",
                    ),
                ),
                (
                    "gathering",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendance",
                        to="gatherings.gathering",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("person__isnull", False)),
                        fields=("gathering", "person", "part"),
                        name="attended_once",
                    )
                ],
            },
        ),
    ]
