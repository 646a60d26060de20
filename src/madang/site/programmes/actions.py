"""Making a process from a recipe of the city: a draft, its plan, and the moment it becomes public.

What is done to a draft goes into the room's own book, without titles or days: the record is public, a draft is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import Refused, require
from madang.site.people.models import Area, Organisation
from madang.site.programmes import policy
from madang.site.programmes.checks import Fault, over, spans_of, wrong
from madang.site.programmes.models import Process, Recipe, Stage
from madang.site.programmes.planning import Span, adapted, spans_of_recipe
from madang.site.programmes.stages import planned_stages, put_days
from madang.site.record.journal import action, write

BOOK = "programmes"
# A receipt number is the code of its process and six characters more, and has forty.
LONGEST_CODE = 34
FIRST_YEAR, LAST_YEAR = 1990, 2199


@dataclass(frozen=True)
class Titles:
    """What a process is called."""

    ko: str
    en: str


@action
def make(*, by: Actor, at: datetime, recipe: Recipe, year: int, area: Area | None, titles: Titles) -> Process:
    """Make a draft from a recipe for a year and, if given, an area of the city.

    Raises Refused for another department's recipe, or if there is a process of that recipe, year and area.
    """
    # Locked, so that two officials who take the same card in the same moment do not make it twice.
    recipe = Recipe.objects.select_for_update().select_related("programme").get(pk=recipe.pk)
    department = Organisation.objects.get(code=recipe.content["department"])
    require(policy.may_make(by, department, at))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(_("%(year)d is no year of a process; write it with four digits.") % {"year": year})
    there = Process.objects.filter(recipe__code=recipe.code, year=year, area=area).first()
    if there is not None:
        raise Refused(
            _("There is a process of this card for that year and area already: %(title)s (%(code)s).")
            % {"title": there.title, "code": there.code}
        )
    process = Process.objects.create(
        code=_free_code(recipe, year),
        programme=recipe.programme,
        department=department,
        area=area,
        year=year,
        title_ko=titles.ko.strip(),
        title_en=titles.en.strip() or titles.ko.strip(),
        draft=True,
        planned_at_desk=True,
        line_code=recipe.content["line"],
        recipe=adapted(recipe.content, year, area),
        facts=recipe.content["facts"].get(str(year), {}),
    )
    Stage.objects.bulk_create(planned_stages(process, spans_of_recipe(recipe.content, year)))
    write(book=BOOK, verb="process.drafted", subject=f"process:{process.pk}", by=by, at=at)
    return process


def _free_code(recipe: Recipe, year: int) -> str:
    first = f"{recipe.code}/{year}"
    taken = set(Process.objects.filter(code__startswith=first).values_list("code", flat=True))
    code = next(code for number in range(1, len(taken) + 2) if (code := _numbered(first, number)) not in taken)
    if len(code) > LONGEST_CODE:
        raise Refused(_("The code %(code)s would be too long for receipt numbers.") % {"code": code})
    return code


def _numbered(code: str, number: int) -> str:
    return code if number == 1 else f"{code}-{number}"


@action
def plan(
    *, by: Actor, at: datetime, process: Process, before: Sequence[Span], after: Sequence[Span], titles: Titles
) -> Process:
    """Change the days and titles of a draft. `before` are the days that the official saw when they decided.

    Raises Refused if they are others by now, or if the new ones cannot be.
    """
    process = locked(process)
    require(policy.may_plan(by, process, at))
    stages = list(process.stages.all())
    require_unchanged(stages, before)
    refuse_faults(wrong(stages, after, process.year))
    put_days(stages, after)
    process.title_ko, process.title_en = titles.ko.strip(), titles.en.strip() or titles.ko.strip()
    process.save(update_fields=["title_ko", "title_en"])
    write(book=BOOK, verb="process.planned", subject=f"process:{process.pk}", by=by, at=at)
    return process


@action
def publish(*, by: Actor, at: datetime, process: Process) -> Process:
    """Make a draft public: from now on everybody sees it, and its days change only with a reason.

    Raises Refused if it is public already, or if its days cannot be or are over.
    """
    process = locked(process)
    require(policy.may_plan(by, process, at))
    stages = list(process.stages.all())
    refuse_faults(not_ready(process, stages, at))
    process.draft = False
    process.save(update_fields=["draft"])
    write(
        book=process.book,
        verb="process.published",
        subject=f"process:{process.pk}",
        by=by,
        at=at,
        recipe=process.recipe["code"],
        year=process.year,
        area=process.area.code if process.area else None,
        days=[[stage.order, str(stage.opens_on or ""), str(stage.closes_on or "")] for stage in stages],
    )
    return process


@action
def discard(*, by: Actor, at: datetime, process: Process) -> None:
    """Throw a draft away; the record keeps that there was one. Raises Refused if it is public."""
    process = locked(process)
    require(policy.may_plan(by, process, at))
    write(book=BOOK, verb="process.discarded", subject=f"process:{process.pk}", by=by, at=at)
    process.stages.all().delete()
    process.delete()


def not_ready(process: Process, stages: Sequence[Stage], at: datetime) -> list[Fault]:
    """Why a draft cannot be published now."""
    spans = spans_of(stages)
    return wrong(stages, spans, process.year) + over(stages, spans, day_of(at))


def locked(process: Process) -> Process:
    """The process as it is now, kept from others until the action ends. Raises Refused if it was thrown away."""
    rows = Process.objects.select_for_update(of=("self",)).select_related("department", "area")
    found = rows.filter(pk=process.pk).first()
    if found is None:
        raise Refused(_("This draft has been thrown away."))
    return found


def require_unchanged(stages: Sequence[Stage], before: Sequence[Span]) -> None:
    """Go on only if the days are still those that the official saw. Raises Refused."""
    if spans_of(stages) != list(before):
        raise Refused(_("Somebody else has changed the days since you opened this page; open it anew and look again."))


def refuse_faults(faults: Sequence[Fault]) -> None:
    """Go on only without faults. Raises Refused with all sentences."""
    if faults:
        raise Refused(" ".join(fault.text for fault in faults))
