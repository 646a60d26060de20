"""A made-up programme with one recipe, its department, another department, and officials of both."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from factories import AT, make_area, make_person

from madang.site.kit.actor import Actor, Grant
from madang.site.people.models import Area, Organisation
from madang.site.programmes.actions import Titles, make
from madang.site.programmes.models import Process, Programme, Recipe
from madang.site.programmes.planning import Span

TITLES = Titles("합성 공모", "Synthetic call")
RESIDENTS = {"code": "residents", "ko": "주민", "en": "Residents", "who": ["lives_in:town|works_in:town"]}


def stage(kind: str, title: str, opens: str = "", closes: str = "", **settings: Any) -> dict[str, Any]:
    """A stage as a recipe holds it."""
    return {"kind": kind, "title_ko": title, "title_en": "", "opens": opens, "closes": closes, "settings": settings}


STAGES = [
    stage("call", "공모", "06-01", "06-30", form="idea@1", matter="proposal", who=["lives_in:town", "sex:f"]),
    stage("vote", "투표", "07-05", "07-16", choose={"max": 1}, electorates=[RESIDENTS]),
    stage("appoint", "위촉", "08-02", "", body="jury", term="2020", role="citizen", months=12),
]
SPANS = [
    Span(date(2021, 6, 1), date(2021, 6, 30)),
    Span(date(2021, 7, 5), date(2021, 7, 16)),
    Span(date(2021, 8, 2), None),
]


@dataclass
class World:
    """What the tests speak about."""

    recipe: Recipe
    town: Area
    village: Area
    officer: Actor
    head: Actor
    stranger: Actor

    def draft(self, by: Actor | None = None, **wanted: Any) -> Process:
        """A draft of the recipe for 2021."""
        fields = {"year": 2021, "area": None, "titles": TITLES, **wanted}
        return make(by=by or self.officer, at=AT, recipe=self.recipe, **fields)


def build() -> World:
    """The made-up programme."""
    town = make_area("town")
    village = make_area("town/village", "district", town)
    offices = [
        Organisation.objects.create(code=code, kind="department", name_ko=name, name_en=code)
        for code, name in (("office", "합성과"), ("other", "다른과"))
    ]
    programme = Programme.objects.create(
        code="P", slug="p", department=offices[0], order=1, name_ko="합성 사업", name_en="Synthetic programme"
    )
    content = {
        "code": "P/call",
        "programme": "P",
        "department": "office",
        "line": "L-1",
        "title": {"ko": "합성 공모", "en": "Synthetic call"},
        "facts": {"2021": {"target_won": 5}},
        "stages": STAGES,
        "field_sets": {},
    }
    recipe = Recipe.objects.create(
        code="P/call", programme=programme, title_ko="합성 공모", title_en="Synthetic call", content=content
    )
    return World(recipe, town, village, _official("officer"), _official("head"), _official("officer", "other"))


def _official(role: str, office: str = "office") -> Actor:
    person = make_person()
    return Actor(person.pseudonym, person.pk, frozenset({Grant(role, office)}))
