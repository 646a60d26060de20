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
            name="Forum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("citizen_debate", "Citizen Debate"),
                            ("city_asks", "City Asks"),
                            ("online_square", "Online Square"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title_ko", models.CharField(max_length=160)),
                ("title_en", models.CharField(blank=True, max_length=200)),
                ("question_ko", models.TextField()),
                ("question_en", models.TextField(blank=True)),
                ("opens_on", models.DateField()),
                ("closes_on", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("result_ko", models.TextField(blank=True)),
                ("result_en", models.TextField(blank=True)),
                ("matters", models.ManyToManyField(related_name="forums", to="docket.matter")),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forums", to="programmes.process"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))), name="forum_closes_after_opening"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                (
                    "stance",
                    models.CharField(
                        choices=[("for", "For"), ("against", "Against"), ("neutral", "Neutral")],
                        default="neutral",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("synthetic", models.BooleanField(default=False)),
                ("hidden_at", models.DateTimeField(null=True)),
                ("hidden_by", models.CharField(blank=True, max_length=60)),
                ("hidden_reason", models.CharField(blank=True, max_length=300)),
                (
                    "matter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="docket.matter",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="forums.comment",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="comments",
                        to="people.person",
                    ),
                ),
                (
                    "forum",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="forums.forum",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["matter", "at"], name="forums_comm_matter__e57662_idx"),
                    models.Index(fields=["forum", "at"], name="forums_comm_forum_i_0113e5_idx"),
                    models.Index(fields=["at"], name="forums_comm_at_c43e3a_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("forum__isnull", True), ("matter__isnull", False)),
                            models.Q(("forum__isnull", False), ("matter__isnull", True)),
                            _connector="OR",
                        ),
                        name="comment_on_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hidden_at__isnull", True), models.Q(("hidden_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="comment_hidden_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Support",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="supports", to="docket.matter"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="supports", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("matter", "person"),
                        name="support_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True), ("withdrawn_at__gte", models.F("at")), _connector="OR"
                        ),
                        name="support_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=1000)),
                ("at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=60)),
                ("upheld", models.BooleanField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "comment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="appeal", to="forums.comment"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("upheld__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("upheld__isnull", False)),
                            _connector="OR",
                        ),
                        name="appeal_decided_one_way",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CommentLike",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="likes", to="forums.comment"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="comment_likes", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("comment", "person"), name="like_once")],
            },
        ),
    ]
