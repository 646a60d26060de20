"""The map of a city: optional, checked in sentences, and small enough for a page."""

import pytest
from django.conf import settings

from madang.site.city.documents import CityProblems
from madang.site.city.load import checked_city
from madang.site.kit.area_map import drawn, outlines

HEADING = "area,name_x,name_y,outline\n"


def problems(county, *rows: str) -> list[str]:
    (county / "map.csv").write_text(HEADING + "\n".join(rows), encoding="utf-8")
    with pytest.raises(CityProblems) as raised:
        checked_city(county)
    return str(raised.value).splitlines()


def test_a_city_may_have_no_map(county):
    assert checked_city(county).outlines == outlines(str(county)) == ()
    assert drawn(str(county), [("orchard_county", "Orchards", 3, "/x/")]) is None


def test_what_is_wrong_with_a_map_is_told(county):
    code = checked_city(county).areas[0].code
    assert problems(county, f"{code},5,5,M0 0L9 0 9 9Z", f"{code},5,5,M0 0L9 0 9 9Z") == [
        f'map.csv, line 3: the outline of "{code}" is there already; put all its parts into one row'
    ]
    assert problems(county, f'{code},5,5,M0 0L9 0"/><script>') == [
        f'map.csv, line 2: the outline of "{code}" cannot be drawn; write path data of whole numbers from 0 to 9999 '
        'such as "M0 0L10 0 10 10Z"'
    ]
    assert problems(county, f"{code},5,here,M0 0L9 0 9 9Z") == [
        'map.csv, line 2: "name_y" must be a whole number, not "here"'
    ]
    assert problems(county, f"{code},5,5,M0 0L{'10 20 ' * 3000}30 30Z") == [
        "map.csv, line 1: the outlines have 18011 bytes, more than the 15000 that a page may hold; make them simpler"
    ]
    assert problems(county, "nowhere-at-all,5,5,M0 0L9 0 9 9Z")[0].startswith(
        'map.csv, line 2: the area "nowhere-at-all" does not exist'
    )


def test_areas_are_shaded_by_their_count(county):
    code = checked_city(county).areas[0].code
    (county / "map.csv").write_text(f"{HEADING}{code},5,5,M0 0L9 0 9 12Z\n", encoding="utf-8")
    checked_city(county)
    drawing = drawn(str(county), [(code, "One", 4, "/one/"), ("elsewhere", "Two", 9, "/two/")])
    assert [(shape.name, shape.shade, shape.url) for shape in drawing.shapes] == [("One", 5, "/one/")]
    assert (drawing.width, drawing.height, drawing.steps) == (13, 16, [(5, 4, 4)])
    empty = drawn(str(county), [(code, "One", 0, "/one/")])
    assert [shape.shade for shape in empty.shapes] == [0]


def test_the_reference_city_has_an_outline_for_every_district():
    city = checked_city(settings.CITY_FOLDER)
    districts = [row.code for row in city.areas if row.level == "district"]
    assert [row.area for row in city.outlines] == districts
