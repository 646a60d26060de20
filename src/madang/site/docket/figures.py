"""Figures about matters and about what stages decided on them."""

from datetime import date
from typing import Any, Literal

from django.db.models import BigIntegerField, F, OuterRef, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from madang.site.docket.models import Link, Matter, Passage, Revision
from madang.site.kit.clock import end_of
from madang.site.kit.figures import Arguments, Records, figure_query

MATTER_COLUMNS = (("number", _("Receipt number")), ("title", _("Title")), ("filed_at", _("Filed")))


class MattersOf(Arguments):
    """Matters of processes, of a kind, field or area if given; `measure` counts them or adds their won.

    The won of a matter change as it is costed and decided on. With `answer`, an answer of its form such as
    "cost", what was asked for when it was filed is added instead.
    """

    processes: list[str]
    kind: str = ""
    field: str = ""
    area: str = ""
    measure: Literal["count", "amount"] = "count"
    answer: str = ""


class PassagesOf(Arguments):
    """What stages of a kind in processes decided: by outcome, passed or not, of a field.

    `measure` counts the matters, adds the won decided on (where a stage decided on none, those asked for) or
    counts the areas they are from.
    """

    processes: list[str]
    stage: str
    outcomes: list[str] = []
    passed: bool | None = None
    field: str = ""
    measure: Literal["count", "amount", "areas"] = "count"


class LinksOf(Arguments):
    """Links of a kind from matters of some processes to matters of others.

    `measure` counts them or adds the won of the sources.
    """

    kind: Literal["derived_from", "merged_into", "answers", "funds"]
    processes: list[str] = []
    to_processes: list[str] = []
    measure: Literal["count", "amount"] = "count"


@figure_query("docket.matters", MattersOf)
def matters(arguments: MattersOf, as_of: date) -> Records:
    """Matters filed by the end of the day."""
    wanted = {"kind": arguments.kind, "field": arguments.field, "area__code": arguments.area}
    rows = Matter.objects.filter(
        process__code__in=arguments.processes,
        filed_at__lt=end_of(as_of),
        **{key: value for key, value in wanted.items() if value},
    )
    amount = arguments.measure == "amount"
    field = "amount_won"
    if amount and arguments.answer:
        field = "asked_won"
        first = Revision.objects.filter(matter=OuterRef("pk"), number=1)
        asked = first.values_list(Cast(KT(f"data__{arguments.answer}"), BigIntegerField()))
        rows = rows.annotate(asked_won=Subquery(asked))
    columns = (*MATTER_COLUMNS, (field, _("Amount (won)"))) if amount else MATTER_COLUMNS
    return Records(
        rows.order_by("filed_at", "pk"),
        f"sum:{field}" if amount else "count",
        columns,
        lambda matter: f"/matters/{matter.number}/",
    )


@figure_query("docket.passages", PassagesOf)
def passages(arguments: PassagesOf, as_of: date) -> Records:
    """What was decided by the end of the day."""
    wanted: dict[str, Any] = {
        "outcome__in": arguments.outcomes or None,
        "passed": arguments.passed,
        "matter__field": arguments.field or None,
    }
    rows = (
        Passage.objects.filter(
            stage__process__code__in=arguments.processes,
            stage__kind=arguments.stage,
            at__lt=end_of(as_of),
            **{key: value for key, value in wanted.items() if value is not None},
        )
        .annotate(won=Coalesce(F("amount_won"), F("matter__amount_won")))
        .select_related("matter__area")
        .order_by("at", "pk")
    )
    if arguments.measure == "areas":
        rows = rows.filter(matter__area__isnull=False)
    columns = (
        ("matter.number", _("Receipt number")),
        ("matter.title", _("Title")),
        ("outcome", _("Outcome")),
        ("matter.area.name", _("Area")) if arguments.measure == "areas" else ("won", _("Amount (won)")),
    )
    reduce = {"count": "count", "amount": "sum:won", "areas": "distinct:matter__area"}[arguments.measure]
    return Records(rows, reduce, columns, lambda passage: f"/matters/{passage.matter.number}/")


class RankedOf(Arguments):
    """The matter at a rank of a stage of a process: its title, or the reason that a later stage gave."""

    process: str
    stage: str
    rank: int
    reason_of: str = ""


@figure_query("docket.ranked", RankedOf)
def ranked(arguments: RankedOf, as_of: date) -> Records:
    """The matter at a rank, in words; what is hidden is not named."""
    passages = Passage.objects.filter(stage__process__code=arguments.process, at__lt=end_of(as_of))
    passages = passages.exclude(matter__ending="hidden").select_related("matter").order_by("at", "pk")
    rows = passages.filter(stage__kind=arguments.stage, rank=arguments.rank)
    if arguments.reason_of:
        rows = passages.filter(stage__kind=arguments.reason_of, matter__in=rows.values("matter"))
    columns = (
        ("matter.number", _("Receipt number")),
        ("matter.title", _("Title")),
        ("outcome", _("Outcome")),
        ("reason", _("Reason")),
    )
    reduce = "value:reason" if arguments.reason_of else "value:matter__title"
    return Records(rows, reduce, columns, lambda passage: f"/matters/{passage.matter.number}/")


@figure_query("docket.links", LinksOf)
def links(arguments: LinksOf, as_of: date) -> Records:
    """Links noted by the end of the day."""
    rows = Link.objects.filter(kind=arguments.kind, at__lt=end_of(as_of))
    if arguments.processes:
        rows = rows.filter(source__process__code__in=arguments.processes)
    if arguments.to_processes:
        rows = rows.filter(target__process__code__in=arguments.to_processes)
    columns = (("source.number", _("Receipt number")), ("source.title", _("Title")), ("target.number", _("Belongs to")))
    reduce = "sum:source__amount_won" if arguments.measure == "amount" else "count"
    return Records(
        rows.select_related("source", "target").order_by("at", "pk"),
        reduce,
        columns,
        lambda link: f"/matters/{link.source.number}/",
    )
