"""Money, days and people's words as pages print them."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from madang.site.kit.templatetags import madang as tags


@pytest.mark.parametrize(
    ("amount", "korean", "english"),
    [
        (0, "0원", "0 won"),
        (9_999, "9,999원", "9,999 won"),
        (10_000, "1만원", "10,000 won"),
        (15_000, "2만원", "15,000 won"),
        (350_000_000, "3억 5,000만원", "350 million won"),
        (99_999_999, "1억원", "100 million won"),
        (1_250_000_000, "12억 5,000만원", "1.3 billion won"),
        (-350_000_000, "△3억 5,000만원", "△350 million won"),
        (1_000_000_000_000, "10,000억원", "1,000 billion won"),
    ],
)
def test_amounts_as_they_are_said(amount, korean, english):
    with override("ko"):
        assert tags.short_won(amount) == korean
    with override("en"):
        assert tags.short_won(amount) == english


@given(st.integers(min_value=0, max_value=10**15))
def test_the_short_amount_is_the_amount_within_half_of_ten_thousand(amount):
    with override("ko"):
        words = tags.short_won(amount)
    said = 0
    for word in words.removesuffix("원").split():
        unit = {"억": 100_000_000, "만": 10_000}.get(word[-1])
        said += int(word[:-1].replace(",", "")) * unit if unit else int(word.replace(",", ""))
    assert abs(said - amount) <= (5_000 if amount >= 10_000 else 0)


def test_minus_is_printed_as_budgets_do():
    assert [tags.printed(number) for number in (-1234, 0, 1234567, None)] == ["△1,234", "0", "1,234,567", "-"]


def test_days_and_moments_are_the_citys():
    late = datetime(2021, 3, 4, 16, 5, tzinfo=UTC)
    with override("ko"):
        assert (tags.day(late), tags.moment(late)) == ("2021. 3. 5.(금)", "2021. 3. 5.(금) 01:05")
        assert tags.day(date(2021, 3, 5)) == "2021. 3. 5.(금)"
    with override("en"):
        assert tags.moment(late) == "Fri 5 Mar 2021 01:05"
    assert tags.machine_time(late) == "2021-03-05T01:05+09:00"


@pytest.mark.parametrize(("day", "words"), [(8, "D-3"), (5, "D-Day"), (3, "D+2")])
def test_days_to_go(day, words):
    assert tags.dday(date(2021, 3, day), date(2021, 3, 5)) == words


def test_shares_are_rounded_half_up():
    assert [tags.percent(*pair) for pair in ((1, 3), (1, 8), (1, 2000), (0, 0))] == ["33.3%", "12.5%", "0.1%", "-"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**굵게**", "<p><strong>굵게</strong></p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("![x](https://example.invalid/a.png)", "<p></p>\n"),
        (
            "[x](https://example.invalid)",
            '<p><a href="https://example.invalid" rel="nofollow noopener ugc">x</a></p>\n',
        ),
    ],
)
def test_what_people_write_is_safe(text, html):
    assert tags.markdown(text).strip() == html.strip()


class Tags(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found |= {tag} | {f"@{name}" for name, _value in attrs}


FRAGMENTS = [
    "<script>",
    "<img src=x onerror=y>",
    "[a](javascript:b)",
    "<b style='c'>",
    "**",
    "\n\n",
    "|",
    "`",
    "<!--",
    "한글",
]


@given(st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=8)), max_size=12).map("".join))
def test_no_text_brings_a_tag_that_acts(text):
    assert Tags(tags.markdown(text)).found - tags._ALLOWED == Tags(tags.markdown(text)).found & {"@href", "@rel"}


def test_bars_are_drawn_to_scale():
    drawn = tags.bars([("가", 50), ("나", 100), ("다", 0), ("라", 1)], width=100)
    assert ([bar["length"] for bar in drawn["bars"]], drawn["height"]) == ([50, 100, 0, 1], 192)
