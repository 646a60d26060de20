"""Whether the map of a city can be drawn: every outline belongs to an area and is path data that a page may hold."""

from madang.site.city.documents import Problem, suggestion
from madang.site.city.rows import City
from madang.site.kit.area_map import FILE, OUTLINE

MOST_BYTES = 15_000


def check_map(city: City) -> list[Problem]:
    """All problems of map.csv; none where a city has no map."""
    known = {row.code for row in city.areas}
    problems = []
    seen: set[str] = set()
    for row in city.outlines:
        if row.area not in known:
            ending = suggestion(row.area, known) or "; add it to areas.csv or name another one"
            problems.append(Problem(FILE, row.line, f'the area "{row.area}" does not exist{ending}'))
        if row.area in seen:
            text = f'the outline of "{row.area}" is there already; put all its parts into one row'
            problems.append(Problem(FILE, row.line, text))
        seen.add(row.area)
        if not OUTLINE.fullmatch(row.outline):
            text = (
                f'the outline of "{row.area}" cannot be drawn; write path data of whole numbers from 0 to 9999 '
                'such as "M0 0L10 0 10 10Z"'
            )
            problems.append(Problem(FILE, row.line, text))
    size = sum(len(row.outline) for row in city.outlines)
    if size > MOST_BYTES:
        text = f"the outlines have {size} bytes, more than the {MOST_BYTES} that a page may hold; make them simpler"
        problems.append(Problem(FILE, 1, text))
    return problems
