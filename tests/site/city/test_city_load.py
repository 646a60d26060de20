"""A city loads whole or not at all, twice is once, and what runs is left alone."""

from datetime import date

import pytest
from county_world import ADMINISTRATOR, AT, everything

from madang.site.city.documents import CityProblems
from madang.site.city.load import load
from madang.site.city.queries import city_code
from madang.site.docket.conductor import open_stage
from madang.site.intake.models import Form
from madang.site.kit.actor import VISITOR, Actor, Grant
from madang.site.kit.stages import kinds
from madang.site.kit.verdict import Refused
from madang.site.ledger.models import Line, Part, RevenueItem
from madang.site.people.models import Area, Organisation, Post
from madang.site.programmes.models import Process, Programme, Recipe, Stage
from madang.site.record.journal import action
from madang.site.record.models import Event

pytestmark = pytest.mark.django_db
opened = action(open_stage)


def load_county(folder):
    return load(folder=folder, by=ADMINISTRATOR, at=AT)


def test_a_county_loads(county):
    loaded = load_county(county)

    assert loaded.counts == {
        "area": 4,
        "organisation": 4,
        "post": 5,
        "strategy": 1,
        "programme": 1,
        "recipe": 1,
        "form": 1,
        "line": 1,
        "part": 1,
        "revenueitem": 3,
        "process": 1,
    }
    assert Area.objects.get(code="saedeul/muran").population == {"f/40s": 260, "m/40s": 250}
    assert Area.objects.get(code="saedeul/muran").parent.code == "saedeul"
    division = Organisation.objects.get(code="orchard_division")
    assert division.duties == [{"code": "O-1", "ko": "마을 과수원 가꾸기", "en": "Look after village orchards"}]
    assert division.established_on == date(2030, 1, 1)
    posts = division.posts.order_by("code").values_list("code", "counted_apart", "filled_from")
    assert list(posts) == [
        ("orchard_division/gardener/001", False, date(2030, 1, 1)),
        ("orchard_division/gardener/002", False, date(2030, 1, 1)),
        ("orchard_division/gardener/003", False, date(2030, 1, 1)),
        ("orchard_division/gardener/004", False, None),
        ("orchard_division/helper/001", True, date(2030, 3, 1)),
    ]
    assert Programme.objects.get().legal_basis == [{"ko": "새들군 과수원 조례", "en": "Saedeul Ordinance on Orchards"}]


def test_the_budget_goes_to_the_ledger(county):
    load_county(county)

    line = Line.objects.get()
    assert (line.code, line.fiscal_year, line.department.code, line.programme.code) == (
        "O-01",
        2031,
        "orchard_division",
        "O",
    )
    assert Part.objects.get().line == line
    items = RevenueItem.objects.order_by("code").values_list("code", "parent__code", "budget_prior_won")
    assert list(items) == [("0", None, 0), ("1", "0", 5_000_000), ("2", "0", 2_000_000)]
    assert line.appropriated_won == 0, "money is posted to the ledger, a folder only names the lines"


def test_a_recipe_becomes_a_process_with_dated_stages(county):
    load_county(county)

    process = Process.objects.get()
    assert (process.code, process.year, process.line_code, process.opened_at) == ("O/orchards/2031", 2031, "O-01", None)
    stages = list(process.stages.values_list("order", "kind", "title_ko", "opens_on", "closes_on"))
    assert stages == [
        (1, "call", kinds()["call"].title_ko, date(2031, 2, 1), date(2031, 2, 28)),
        (2, "review", kinds()["review"].title_ko, date(2031, 3, 1), date(2031, 3, 31)),
        (3, "vote", "마을 투표", date(2031, 4, 1), date(2031, 4, 10)),
        (4, "allot", kinds()["allot"].title_ko, date(2031, 4, 11), date(2031, 4, 11)),
        (5, "deliver", kinds()["deliver"].title_ko, None, None),
    ]
    assert process.stages.get(order=4).rules.ceiling_won == 60_000_000
    assert process.recipe == Recipe.objects.get().content
    assert process.facts == {"trees": 300}


def test_loading_is_recorded_with_its_counts(county):
    assert city_code() == ""
    loaded = load_county(county)

    assert city_code() == "saedeul"
    event = Event.objects.get(verb="city.loaded")
    assert (event.subject, event.actor, event.data) == ("city:saedeul", "administrator-1", loaded.counts)


def test_loading_twice_changes_nothing_and_records_nothing(county):
    load_county(county)
    before = everything()

    assert load_county(county).counts == {}
    assert everything() == before


def test_a_change_is_loaded_by_its_code_and_nothing_else_is(county, edit):
    load_county(county)
    keys = dict(Organisation.objects.values_list("code", "pk"))
    edit("organisations.csv", "Orchard Jury", "Jury of the Orchards")
    edit("lines.csv", "Village orchards", "Orchards of the villages")
    edit("parts.csv", "Saplings", "Young trees")
    edit("areas.csv", "Muran Township", "Muran")

    assert load_county(county).counts == {"area": 1, "organisation": 1, "line": 1, "part": 1}
    assert Organisation.objects.get(code="orchard_jury").name_en == "Jury of the Orchards"
    assert Line.objects.get().name_en == "Orchards of the villages"
    assert Part.objects.get().name_en == "Young trees"
    assert dict(Organisation.objects.values_list("code", "pk")) == keys


def test_what_the_folder_no_longer_names_stays(county, edit):
    load_county(county)
    edit("posts.csv", "orchard_division,helper,yes,1,1,2030-03-01\n", "")

    assert load_county(county).counts == {}
    assert Post.objects.count() == 5


def test_a_folder_with_a_mistake_changes_nothing(county, edit):
    load_county(county)
    before = everything()
    edit("organisations.csv", "Orchard Jury", "Jury of the Orchards")
    edit("recipes/orchards.toml", 'kind = "vote"', 'kind = "vot"')

    with pytest.raises(CityProblems):
        load_county(county)
    assert everything() == before


def test_a_failure_half_way_leaves_nothing(county):
    """A caller's mistake that is found only when the event is written, after the rows."""
    before = everything()

    with pytest.raises(AttributeError):
        load(folder=county, by=ADMINISTRATOR, at="this morning")
    assert everything() == before


def test_a_slug_of_another_programme_is_refused_with_a_sentence(county, edit):
    load_county(county)
    edit("programmes.toml", 'code = "O"', 'code = "P"')
    edit("recipes/orchards.toml", 'programme = "O"', 'programme = "P"')
    edit("lines.csv", "1,O,", "1,P,")
    edit("parts.csv", "O-01,O,", "O-01,P,")

    with pytest.raises(CityProblems) as raised:
        load_county(county)
    assert str(raised.value) == (
        'programmes.toml, line 5: the slug "orchards" belongs to the programme "O", which is loaded already; '
        "give it another slug"
    )


def test_a_process_that_has_opened_keeps_its_recipe(county, edit):
    load_county(county)
    opened(stage=Stage.objects.get(order=1), by=ADMINISTRATOR, at=AT)
    before = Process.objects.values().get(), list(Stage.objects.order_by("pk").values())
    edit("recipes/orchards.toml", "ceiling_won = 60_000_000", "ceiling_won = 70_000_000")

    assert load_county(county).counts == {"recipe": 1}
    assert (Process.objects.values().get(), list(Stage.objects.order_by("pk").values())) == before
    assert Recipe.objects.get().content["stages"][3]["settings"]["ceiling_won"] == 70_000_000


def test_a_process_that_has_not_opened_follows_its_recipe(county, edit):
    load_county(county)
    edit("recipes/orchards.toml", "ceiling_won = 60_000_000", "ceiling_won = 70_000_000")

    assert load_county(county).counts == {"recipe": 1, "process": 1}
    assert Stage.objects.get(order=4).settings["ceiling_won"] == 70_000_000
    assert Stage.objects.count() == 5


def test_a_process_that_was_planned_at_the_desk_keeps_its_plan(county, edit):
    load_county(county)
    Process.objects.update(planned_at_desk=True)
    edit("recipes/orchards.toml", "ceiling_won = 60_000_000", "ceiling_won = 70_000_000")

    assert load_county(county).counts == {"recipe": 1}
    assert Stage.objects.get(order=4).settings["ceiling_won"] == 60_000_000


def test_a_new_year_makes_a_new_process(county, edit):
    load_county(county)
    edit("recipes/orchards.toml", "years = [2031]", "years = [2031, 2032]")

    assert load_county(county).counts == {"process": 1}
    assert list(Process.objects.order_by("code").values_list("code", flat=True)) == [
        "O/orchards/2031",
        "O/orchards/2032",
    ]


@pytest.mark.parametrize("by", [VISITOR, Actor("officer-1", 1, frozenset({Grant("officer")}))])
def test_only_administrators_load_a_city(county, by):
    before = everything()

    with pytest.raises(Refused):
        load(folder=county, by=by, at=AT)
    assert everything() == before


def test_forms_are_loaded_with_their_fields(county):
    load_county(county)

    form = Form.objects.get()
    assert (form.code, form.version, form.title_ko, form.title_en) == (
        "orchard",
        1,
        "과수원 제안",
        "Proposal of an orchard",
    )
    assert [(row["code"], row["type"], row["title"], row["keep_days"]) for row in form.fields] == [
        ("title", "text", True, None),
        ("fruit", "choice", False, None),
        ("phone", "text", False, 90),
    ]


def test_a_loaded_version_of_a_form_never_changes(county, edit):
    load_county(county)
    before = everything()
    edit("forms/orchard@1.toml", "max_length = 80", "max_length = 90")

    with pytest.raises(CityProblems) as raised:
        load_county(county)
    assert str(raised.value) == (
        "forms/orchard@1.toml, line 1: version 1 of this form is loaded already and says something else; "
        "write the change as forms/orchard@2.toml"
    )
    assert everything() == before
