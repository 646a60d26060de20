"""Figures about programmes and their processes."""

from datetime import date
from typing import Literal

from django.db.models import BigIntegerField, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from madang.site.kit.clock import end_of
from madang.site.kit.figures import Arguments, Records, figure_query
from madang.site.programmes.models import Process, Stage, Strategy


class FactOf(Arguments):
    """A fact of processes: `processes` by code; `fact` a key of their facts, a whole number."""

    processes: list[str]
    fact: str


class ProcessesOf(Arguments):
    """Processes by codes, or by a year and the beginning of their recipe's code."""

    processes: list[str] = []
    year: int | None = None
    recipe: str = ""


class StageOf(Arguments):
    """The first stage of a kind in a process, and one of its dates: opened, closed, or its last planned day."""

    process: str
    kind: str
    moment: Literal["opened", "closed", "last"] = "opened"


class SettingOf(Arguments):
    """A whole number among the settings of the first stage of a kind, such as "choose.max"."""

    process: str
    kind: str
    setting: str


class Nothing(Arguments):
    """No arguments."""


COLUMNS = (("code", "Code"), ("title", "Title"), ("year", "Year"))


@figure_query("programmes.fact", FactOf)
def fact(arguments: FactOf, as_of: date) -> Records:
    """The sum of a fact over processes, such as their target or ceiling in won."""
    value = Cast(KT(f"facts__{arguments.fact}"), BigIntegerField())
    rows = Process.objects.filter(
        code__in=arguments.processes, draft=False, **{f"facts__{arguments.fact}__isnull": False}
    )
    return Records(rows.annotate(value=value), "sum:value", (*COLUMNS, ("value", arguments.fact)), _process_page)


@figure_query("programmes.processes", ProcessesOf)
def processes(arguments: ProcessesOf, as_of: date) -> Records:
    """How many processes there are."""
    chosen = Q(draft=False)
    if arguments.processes:
        chosen &= Q(code__in=arguments.processes)
    if arguments.year is not None:
        chosen &= Q(year=arguments.year)
    if arguments.recipe:
        chosen &= Q(recipe__code__startswith=arguments.recipe)
    return Records(Process.objects.filter(chosen), "count", COLUMNS, _process_page)


@figure_query("programmes.stage_day", StageOf)
def stage_day(arguments: StageOf, as_of: date) -> Records:
    """The day on which a stage of a process opened or closed, as the record has it."""
    moment = "closed_at" if arguments.moment == "closed" else "opened_at"
    field = "closes_on" if arguments.moment == "last" else moment
    rows = Stage.objects.filter(
        process__code=arguments.process, kind=arguments.kind, **{f"{moment}__lt": end_of(as_of)}
    ).order_by("order", "pk")
    return Records(rows, f"value:{field}", (("title", "Stage"), (field, "Day")))


@figure_query("programmes.setting", SettingOf)
def setting(arguments: SettingOf, as_of: date) -> Records:
    """A rule of a stage, as its recipe fixed it before it opened."""
    value = Cast(KT(f"settings__{arguments.setting.replace('.', '__')}"), BigIntegerField())
    rows = Stage.objects.filter(
        process__code=arguments.process, kind=arguments.kind, opened_at__lt=end_of(as_of)
    ).annotate(value=value)
    return Records(rows.order_by("order", "pk"), "value:value", (("title", "Stage"), ("value", arguments.setting)))


@figure_query("programmes.strategies", Nothing)
def strategies(arguments: Nothing, as_of: date) -> Records:
    """How many strategies the city has."""
    return Records(Strategy.objects.all(), "count", (("number", "No."), ("name", "Name")))


def _process_page(process: Process) -> str:
    return f"/processes/{process.code}/"
