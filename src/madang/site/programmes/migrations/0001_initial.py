import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Strategy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(unique=True)),
                ("name_ko", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=160)),
            ],
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True)),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("order", models.PositiveSmallIntegerField()),
                ("name_ko", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=240)),
                ("purpose_ko", models.TextField(blank=True)),
                ("purpose_en", models.TextField(blank=True)),
                ("legal_basis", models.JSONField(default=list)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="programmes", to="people.organisation"
                    ),
                ),
                (
                    "strategy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="programmes.strategy",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="Process",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=80, unique=True)),
                ("year", models.PositiveSmallIntegerField()),
                ("title_ko", models.CharField(max_length=160)),
                ("title_en", models.CharField(max_length=200)),
                ("line_code", models.CharField(blank=True, max_length=40)),
                ("recipe", models.JSONField()),
                ("facts", models.JSONField(default=dict)),
                ("matters_filed", models.PositiveIntegerField(default=0)),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="processes", to="people.organisation"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="processes", to="programmes.programme"
                    ),
                ),
            ],
            options={
                "ordering": ["programme__order", "code"],
            },
        ),
        migrations.CreateModel(
            name="Recipe",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, unique=True)),
                ("title_ko", models.CharField(max_length=160)),
                ("title_en", models.CharField(max_length=200)),
                ("content", models.JSONField()),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recipes", to="programmes.programme"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("title_ko", models.CharField(max_length=120)),
                ("title_en", models.CharField(max_length=160)),
                ("settings", models.JSONField(default=dict)),
                ("opens_on", models.DateField(null=True)),
                ("closes_on", models.DateField(null=True)),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stages", to="programmes.process"
                    ),
                ),
            ],
            options={
                "ordering": ["process", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("process", "order"), name="stage_order_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            models.Q(("closed_at__gte", models.F("opened_at")), ("opened_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="stage_closes_after_opening",
                    ),
                ],
            },
        ),
    ]
