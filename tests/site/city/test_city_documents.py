"""The line that a problem names is the line where the key stands, whatever the file looks like."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from madang.site.city.documents import key_lines, suggestion

KEYS = st.sampled_from(["code", "name", "max_length", "opens"])
TABLES = st.lists(
    st.tuples(st.lists(KEYS, unique=True), st.integers(0, 2), st.lists(st.lists(KEYS, unique=True), max_size=2)),
    max_size=4,
)


def written(tables) -> tuple[str, dict]:
    """A TOML text of repeated tables with repeated tables in them, and where each key stands in it."""
    lines: list[str] = ["# a comment", ""]
    where: dict = {}

    def put(text: str, place: tuple) -> None:
        lines.append(text)
        where[place] = len(lines)

    for number, (keys, blanks, parts) in enumerate(tables):
        put("[[set]]", ("set", number))
        for key in keys:
            put(f'{key} = "a = b"', ("set", number, key))
        lines.extend([""] * blanks)
        for part, inner in enumerate(parts):
            put("[[set.field]]", ("set", number, "field", part))
            for key in inner:
                put(f"{key} = [", ("set", number, "field", part, key))
                lines.extend(["    { code = 1, name = 2 },", "]"])
    return "\n".join(lines), where


@given(TABLES)
def test_every_table_and_key_is_found_at_its_line(tables):
    text, where = written(tables)

    tomllib.loads(text)
    assert key_lines(text) == where


def test_a_suggestion_is_the_nearest_word_or_all_of_a_few():
    assert suggestion("vot", ["call", "vote", "allot"]) == '; did you mean "vote"?'
    assert suggestion("xyz", ["b", "a"]) == "; use one of: a, b"
    assert suggestion("xyz", [f"word {number}" for number in range(13)]) == ""
    assert suggestion("xyz", []) == ""
