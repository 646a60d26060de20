"""Lists of matters: filters as links whose counts keep each other, orders, the map, empty states."""

import re
from datetime import date, timedelta
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import AT, file_matter, make_area, make_person, make_process, open_stage, pass_on, stages_of

from madang.site.docket.models import Matter
from madang.site.docket.orders import arranged
from madang.site.forums.models import Support
from madang.site.kit.area_map import outlines
from madang.site.kit.stages import Outcome

pytestmark = pytest.mark.django_db
PARKS = {"policy": {"fields": [{"code": "parks", "ko": "공원", "en": "Parks"}]}}


@pytest.fixture
def stage():
    return open_stage(stage=stages_of(make_process(("discuss", {"rolling": True}), code="yard", field_sets=PARKS))[0])


@pytest.fixture
def town(stage):
    """Two districts; three matters in the north of which one ended, one in the south."""
    city = make_area("town")
    north, south = (make_area(f"town/{side}", level="district", parent=city) for side in ("north", "south"))
    rows = [file_matter(stage=stage, title=f"합성 {n}", area=north, field="parks") for n in range(3)]
    rows.append(file_matter(stage=stage, title="합성 벤치", area=south))
    pass_on(stage=stage, outcomes=[Outcome(rows[0].pk, "discussed", True)])
    return rows


def facets(path: str, **query) -> dict[str, list[tuple[str, int, bool]]]:
    page = Client(headers={"accept-language": "en"}).get(path, query)
    return {
        facet.name: [(choice.code, choice.count, choice.here) for choice in facet.choices]
        for facet in page.context["facets"]
    }


def test_the_counts_of_a_filter_are_of_what_the_others_leave(town):
    assert facets("/matters/") == {
        "state": [("under_way", 3, False), ("discussed", 1, False)],
        "area": [("town/north", 3, False), ("town/south", 1, False)],
    }
    assert facets("/matters/", area="town/south") == {"area": [("town/north", 3, False), ("town/south", 1, True)]}
    assert facets("/matters/", area="town/north", state="under_way") == {
        "state": [("under_way", 2, True), ("discussed", 1, False)],
        "area": [("town/north", 2, True), ("town/south", 1, False)],
    }


def test_a_filter_link_keeps_the_others_and_begins_at_the_first_page(town):
    page = Client().get("/matters/", {"state": "under_way", "sort": "supported", "page": "2"})
    (areas,) = [facet for facet in page.context["facets"] if facet.name == "area"]
    kept = {"state": ["under_way"], "sort": ["supported"]}
    assert parse_qs(areas.choices[0].url.lstrip("?")) == {**kept, "area": ["town/north"]}
    assert parse_qs(areas.all_url.lstrip("?")) == kept


def test_the_page_of_a_process_filters_its_matters_alone_and_by_policy_field(town, stage):
    other = open_stage(stage=stages_of(make_process(("discuss", {}), code="other"))[0])
    file_matter(stage=other)
    page = Client(headers={"accept-language": "en"}).get("/processes/yard/", {"field": "parks"})
    assert page.context["page"].total == 3
    (fields,) = [facet for facet in page.context["facets"] if facet.name == "field"]
    assert [(choice.name, choice.count, choice.here) for choice in fields.choices] == [("Parks", 3, True)]
    assert re.findall(r'href="/matters\.csv\?(.*?)"', page.content.decode()) == ["field=parks&amp;process=yard"]


def test_orders_are_newest_most_supported_and_by_chance(town):
    rows = Matter.objects.all()
    Matter.objects.filter(pk=town[3].pk).update(filed_at=AT + timedelta(hours=1))
    for _number in range(2):
        Support.objects.create(person=make_person(), matter=town[1], at=AT)
    assert arranged(rows, "", date(2021, 6, 1)).first() == town[3]
    assert [row.pk for row in arranged(rows, "supported", date(2021, 6, 1))][:2] == [town[1].pk, town[3].pk]
    page = Client(headers={"accept-language": "en"}).get("/matters/", {"sort": "supported"})
    assert [(sort.code, sort.here) for sort in page.context["sorts"]] == [
        ("newest", False), ("shuffled", False), ("supported", True),
    ]  # fmt: skip
    assert re.findall(r"· (\d+) supports", page.content.decode()) == ["2"]


def test_the_order_by_chance_holds_for_a_day_and_changes_the_next(stage):
    keys = {file_matter(stage=stage).pk for _number in range(30)}
    days = [date(2021, 6, 1) + timedelta(days=number) for number in range(3)]
    orders = [[row.pk for row in arranged(Matter.objects.all(), "shuffled", day)] for day in days]
    again = [row.pk for row in arranged(Matter.objects.all(), "shuffled", days[0])]
    assert again == orders[0]
    assert [set(order) for order in orders] == [keys] * 3
    assert len({tuple(order) for order in [*orders, sorted(keys), sorted(keys, reverse=True)]}) == 5


def test_an_unknown_order_is_the_usual_one(town):
    assert list(arranged(Matter.objects.all(), "magic", AT.date())) == list(
        arranged(Matter.objects.all(), "newest", AT.date())
    )


def test_the_map_is_drawn_when_asked_with_a_table_beside_it(town, settings, tmp_path):
    settings.CITY_FOLDER = tmp_path
    text = "area,name_x,name_y,outline\ntown/north,5,5,M0 0L9 0 9 9Z\n"
    (tmp_path / "map.csv").write_text(text, encoding="utf-8")
    outlines.cache_clear()
    client = Client(headers={"accept-language": "en"})
    assert "area-map" not in client.get("/matters/").content.decode()
    page = client.get("/matters/", {"view": "map"}).content.decode()
    assert re.findall(r'<a href="\?area=(\S+?)" aria-label="(.*?)"><path class="shade-(\d)"', page) == [
        ("town%2Fnorth", "Town/North: 3", "5")
    ]
    (table,) = re.findall(r"<summary>As a table</summary>(.*?)</details>", page, re.DOTALL)
    assert re.findall(r'>([^<]*)</a></th><td class="number">(\d+)', table) == [("Town/North", "3"), ("Town/South", "1")]


def test_nothing_found_says_what_to_do(town):
    client = Client(headers={"accept-language": "en"})

    def told(**query):
        return re.findall(r'<div class="empty">.*?<p>(.*?)</p>', client.get("/matters/", query).content.decode())

    assert told(words="없는말") == ["No title has all these words. Try fewer of them, or part of a word."]
    assert told(state="approved") == ["Take a filter off to see more."]
    Matter.objects.all().delete()
    assert told() == ["As soon as something is filed, it is here."]


@pytest.mark.parametrize("path", ["/matters/", "/matters/?view=map&sort=supported", "/processes/yard/"])
def test_a_list_costs_the_same_queries_with_few_rows_and_with_more(town, stage, path):
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as caught:
            page = Client().get(path)
        counts.append(len(caught))
        assert (page.status_code, len(page.content) < 100_000) == (200, True)
        for number in range(3):
            file_matter(stage=stage, area=town[number].area, field="parks")
    assert counts[0] == counts[1]
    assert counts[0] <= 15
