from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="FrozenReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("report", models.CharField(max_length=40)),
                ("as_of", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("documents", models.JSONField()),
                ("figures", models.JSONField()),
                ("heads", models.JSONField(default=dict)),
                ("sha256", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("value", models.DecimalField(decimal_places=4, max_digits=24)),
                ("as_of", models.DateField()),
                ("source", models.CharField(max_length=300)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["name", "at"], name="reports_obs_name_26e9a8_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="observation_has_a_source"
                    )
                ],
            },
        ),
    ]
