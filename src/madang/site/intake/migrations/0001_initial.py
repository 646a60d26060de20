import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("docket", "0001_initial"),
        ("people", "0001_initial"),
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Form",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("version", models.PositiveSmallIntegerField()),
                ("title_ko", models.CharField(max_length=160)),
                ("title_en", models.CharField(max_length=200)),
                ("fields", models.JSONField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code", "version"), name="form_version_once")],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("data", models.JSONField(default=dict)),
                ("sealed", models.BinaryField(null=True)),
                ("updated_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="people.person"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="programmes.stage"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "stage"), name="one_draft_a_call")],
            },
        ),
        migrations.CreateModel(
            name="PersonalAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=60)),
                ("sealed", models.BinaryField()),
                ("purpose_ko", models.CharField(blank=True, max_length=200)),
                ("purpose_en", models.CharField(blank=True, max_length=200)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="personal_answers", to="docket.matter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matter", "field"), name="personal_answer_once"),
                    models.CheckConstraint(
                        condition=models.Q(("field", ""), _negated=True), name="personal_answer_names_its_field"
                    ),
                ],
            },
        ),
    ]
