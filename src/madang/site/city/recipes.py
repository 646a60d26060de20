"""Recipes as processes copy them, and the processes of the years a recipe names."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst

from madang.site.city.rows import City, FieldSet, RecipeRow, StageRow
from madang.site.kit.stages import StageKind
from madang.site.people.models import Organisation
from madang.site.programmes.models import Process, Programme, Stage
from madang.site.programmes.planning import spans_of_recipe
from madang.site.programmes.stages import planned_stages


def content_of(recipe: RecipeRow, city: City, kinds: Mapping[str, StageKind]) -> dict[str, Any]:
    """A recipe as plain values that need nothing else of the folder.

    The settings are written out with their defaults and the sets of fields are copied in, so that a
    process which runs keeps its rules whatever becomes of the folder or of a default.
    """
    stages = [_stage_content(stage, kinds[stage.kind]) for stage in recipe.stages]
    used = {stage["settings"].get("fields") for stage in stages}
    return {
        "code": recipe.code,
        "programme": recipe.programme,
        "department": recipe.department,
        "line": recipe.budget_line,
        "title": {"ko": recipe.title.ko, "en": recipe.title.en},
        "facts": recipe.facts,
        "stages": stages,
        "field_sets": {group.code: _field_set_content(group) for group in city.field_sets if group.code in used},
    }


def _stage_content(stage: StageRow, kind: StageKind) -> dict[str, Any]:
    title = stage.title
    return {
        "kind": stage.kind,
        "title_ko": title.ko if title else kind.title_ko,
        "title_en": title.en if title else capfirst(kind.title_en),
        "opens": stage.opens,
        "closes": stage.closes,
        "settings": kind.Settings.model_validate(stage.settings).model_dump(mode="json"),
    }


def _field_set_content(group: FieldSet) -> dict[str, Any]:
    return {
        "bodies": group.bodies,
        "fields": [{"code": row.code, "ko": row.name.ko, "en": row.name.en} for row in group.fields],
    }


def process_code(recipe: str, year: int) -> str:
    """The code of a recipe's process in a year, such as "1-3/metro/2021"."""
    return f"{recipe}/{year}"


def differing_processes(city: City, contents: Mapping[str, dict[str, Any]]) -> list[tuple[dict[str, Any], int]]:
    """The pairs (recipe content, year) whose process is missing, or has not opened and has an older copy.

    A process that has opened keeps the recipe it opened with, one that was planned at the desk its plan.
    """
    present = {row.code: row for row in Process.objects.only("code", "recipe", "opened_at", "planned_at_desk")}
    pairs = []
    for recipe in city.recipes:
        content = contents[recipe.code]
        for year in recipe.years:
            process = present.get(process_code(recipe.code, year))
            if process is None or not (process.opened_at or process.planned_at_desk or process.recipe == content):
                pairs.append((content, year))
    return pairs


def write_process(content: dict[str, Any], year: int) -> Process:
    """Make the process of a recipe and a year with its stages, or make it anew if it has not opened yet."""
    process, made = Process.objects.update_or_create(
        code=process_code(content["code"], year),
        defaults={
            "programme": Programme.objects.get(code=content["programme"]),
            "department": Organisation.objects.get(code=content["department"]),
            "year": year,
            "title_ko": content["title"]["ko"],
            "title_en": content["title"]["en"],
            "line_code": content["line"],
            "recipe": content,
            "facts": content["facts"].get(str(year), {}),
        },
    )
    if not made:
        Stage.objects.filter(process=process).delete()
    Stage.objects.bulk_create(planned_stages(process, spans_of_recipe(content, year)))
    return process
