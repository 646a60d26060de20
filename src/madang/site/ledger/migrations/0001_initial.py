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
            name="Line",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("name_ko", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=240)),
                ("seq", models.PositiveSmallIntegerField(default=0)),
                ("appropriated_won", madang.site.kit.money.WonField(default=0)),
                ("obligated_won", madang.site.kit.money.WonField(default=0)),
                ("spent_won", madang.site.kit.money.WonField(default=0)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="people.organisation"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "ordering": ["fiscal_year", "department__order", "seq", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("fiscal_year", "code"), name="line_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("appropriated_won__gte", models.F("obligated_won")),
                            ("obligated_won__gte", models.F("spent_won")),
                            ("spent_won__gte", 0),
                        ),
                        name="line_spent_obligated_appropriated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("name_ko", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=240)),
                ("seq", models.PositiveSmallIntegerField(default=0)),
                ("appropriated_won", madang.site.kit.money.WonField(default=0)),
                ("obligated_won", madang.site.kit.money.WonField(default=0)),
                ("spent_won", madang.site.kit.money.WonField(default=0)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="ledger.line"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "ordering": ["line", "seq", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("line", "code"), name="part_once_in_line"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("appropriated_won__gte", models.F("obligated_won")),
                            ("obligated_won__gte", models.F("spent_won")),
                            ("spent_won__gte", 0),
                        ),
                        name="part_spent_obligated_appropriated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Forecast",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField()),
                ("year_end_won", madang.site.kit.money.WonField()),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forecasts", to="ledger.line"
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forecasts",
                        to="ledger.part",
                    ),
                ),
            ],
            options={
                "ordering": ["-as_of", "-pk"],
                "indexes": [models.Index(fields=["line", "part", "as_of"], name="ledger_fore_line_id_553940_idx")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("year_end_won__gte", 0)), name="forecast_not_negative")
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("original", "original budget"),
                            ("supplementary", "supplementary budget"),
                            ("carry_over", "carry-over"),
                            ("transfer", "transfer"),
                            ("obligation", "obligation"),
                            ("de_obligation", "release of an obligation"),
                            ("payment", "payment"),
                            ("refund", "refund"),
                        ],
                        max_length=20,
                    ),
                ),
                ("amount_won", madang.site.kit.money.WonField()),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("requested_by", models.CharField(max_length=60)),
                ("approved_by", models.JSONField(default=list)),
                ("payee", models.CharField(blank=True, max_length=200)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("reference", models.CharField(blank=True, max_length=60)),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="ledger.entry",
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="docket.matter",
                    ),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="ledger.entry",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="ledger.line"
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="ledger.part"
                    ),
                ),
            ],
            options={
                "ordering": ["on", "pk"],
                "indexes": [
                    models.Index(fields=["line", "on"], name="ledger_entr_line_id_fbc864_idx"),
                    models.Index(fields=["on"], name="ledger_entr_on_a97e1d_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_won", 0), _negated=True), name="entry_moves_money"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "original",
                                    "supplementary",
                                    "carry_over",
                                    "transfer",
                                    "obligation",
                                    "de_obligation",
                                    "payment",
                                    "refund",
                                ],
                            )
                        ),
                        name="entry_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["de_obligation", "payment", "refund"]), _negated=True),
                            ("obligation__isnull", False),
                            _connector="OR",
                        ),
                        name="entry_names_its_obligation",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("corrects__isnull", False)),
                        fields=("corrects",),
                        name="entry_corrected_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=("reference",),
                        name="entry_reference_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("obligation", "obligation"), ("payment", "payment")], max_length=20),
                ),
                ("amount_won", madang.site.kit.money.WonField()),
                ("payee", models.CharField(blank=True, max_length=200)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("on", models.DateField()),
                ("requested_by", models.CharField(max_length=60)),
                ("requested_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting for approval"),
                            ("posted", "posted"),
                            ("refused", "refused"),
                            ("withdrawn", "taken back"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("head_by", models.CharField(blank=True, max_length=60)),
                ("head_at", models.DateTimeField(null=True)),
                ("finance_by", models.CharField(blank=True, max_length=60)),
                ("finance_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=60)),
                ("ended_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="request",
                        to="ledger.entry",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="ledger.line"
                    ),
                ),
                (
                    "matter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="money_requests",
                        to="docket.matter",
                    ),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="ledger.entry",
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="ledger.part",
                    ),
                ),
            ],
            options={
                "ordering": ["requested_at", "pk"],
                "indexes": [models.Index(fields=["state", "requested_at"], name="ledger_requ_state_ac0638_idx")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_won__gt", 0)), name="request_asks_for_money"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("head_by", models.F("requested_by")), _negated=True),
                            models.Q(("finance_by", models.F("requested_by")), _negated=True),
                        ),
                        name="request_not_approved_by_requester",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finance_by", ""),
                            models.Q(("finance_by", models.F("head_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="request_approved_by_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "posted"), _negated=True),
                            models.Q(
                                models.Q(("head_by", ""), _negated=True),
                                models.Q(("finance_by", ""), _negated=True),
                                ("entry__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="request_posted_with_both_approvals",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RevenueItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("level", models.PositiveSmallIntegerField()),
                ("seq", models.PositiveSmallIntegerField(default=0)),
                ("name_ko", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=160)),
                ("budget_prior_won", madang.site.kit.money.WonField(default=0)),
                ("budget_current_won", madang.site.kit.money.WonField(default=0)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="ledger.revenueitem",
                    ),
                ),
            ],
            options={
                "ordering": ["fiscal_year", "seq"],
                "constraints": [
                    models.UniqueConstraint(fields=("fiscal_year", "code"), name="revenue_item_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(("budget_current_won__gte", 0), ("budget_prior_won__gte", 0)),
                        name="revenue_budget_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("assessed", "assessed"), ("collected", "collected")],
                        default="collected",
                        max_length=10,
                    ),
                ),
                ("amount_won", madang.site.kit.money.WonField()),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="collections", to="ledger.revenueitem"
                    ),
                ),
            ],
            options={
                "ordering": ["on", "pk"],
                "indexes": [models.Index(fields=["item", "on"], name="ledger_coll_item_id_e3d0fb_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_won", 0), _negated=True), name="collection_moves_money"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=120)),
                ("sha256", models.CharField(max_length=64)),
                ("rows", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[("read", "waiting for a second person"), ("posted", "written")],
                        default="read",
                        max_length=10,
                    ),
                ),
                ("read_by", models.CharField(max_length=60)),
                ("read_at", models.DateTimeField()),
                ("posted_by", models.CharField(blank=True, max_length=60)),
                ("posted_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-read_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "posted")), fields=("sha256",), name="file_posted_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("posted_by", models.F("read_by")), _negated=True),
                        name="file_posted_by_a_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Balance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("obligated_won", madang.site.kit.money.WonField()),
                ("spent_won", madang.site.kit.money.WonField(default=0)),
                (
                    "obligation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="balance", to="ledger.entry"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("obligated_won__gte", models.F("spent_won")), ("spent_won__gte", 0)),
                        name="obligation_not_overpaid",
                    )
                ],
            },
        ),
    ]
