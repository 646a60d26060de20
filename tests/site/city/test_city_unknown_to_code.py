"""No code and no template knows the reference city: a city is a folder."""

import re
from pathlib import Path

SOURCE = Path(__file__).parents[3] / "src"
CITY = re.compile(r"seoul|서울", re.IGNORECASE)
# The name of the time zone of the whole country, and the folder that a deployment may replace.
ALLOWED = ("Asia/Seoul", '_city_folder("seoul")')


def lines_about_the_city(name: str, text: str) -> list[str]:
    for words in ALLOWED:
        text = text.replace(words, "")
    return [f"{name}:{number}" for number, line in enumerate(text.splitlines(), start=1) if CITY.search(line)]


def test_the_search_finds_a_city():
    assert lines_about_the_city("a.py", 'zone = "Asia/Seoul"\nname = "Seoul"\nname = "서울"') == ["a.py:2", "a.py:3"]


def test_nothing_in_src_knows_the_reference_city():
    files = sorted(path for ending in ("*.py", "*.html") for path in SOURCE.rglob(ending))
    assert len(files) > 50
    found = [
        where
        for path in files
        for where in lines_about_the_city(str(path.relative_to(SOURCE)), path.read_text(encoding="utf-8"))
    ]
    assert found == []
