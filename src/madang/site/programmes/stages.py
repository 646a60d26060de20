"""The stages of a process as its recipe and a plan give them."""

from collections.abc import Sequence

from madang.site.programmes.models import Process, Stage
from madang.site.programmes.planning import Span


def planned_stages(process: Process, spans: Sequence[Span]) -> list[Stage]:
    """The stages of a process's recipe with their days, not saved."""
    return [
        Stage(
            process=process,
            order=order,
            kind=stage["kind"],
            title_ko=stage["title_ko"],
            title_en=stage["title_en"],
            settings=stage["settings"],
            opens_on=span.opens,
            closes_on=span.closes,
        )
        for order, (stage, span) in enumerate(zip(process.recipe["stages"], spans, strict=True), start=1)
    ]


def put_days(stages: Sequence[Stage], spans: Sequence[Span]) -> None:
    """Give stages their planned days."""
    for stage, span in zip(stages, spans, strict=True):
        stage.opens_on, stage.closes_on = span.opens, span.closes
    Stage.objects.bulk_update(stages, ["opens_on", "closes_on"])
