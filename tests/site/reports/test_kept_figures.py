"""Kept figures: never older than the record, and one query when nothing has happened since."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from reports_world import AT, DAY, OFFICER, World

from madang.site.kit.actor import SYSTEM
from madang.site.people.actions import open_account
from madang.site.people.models import Account
from madang.site.reports import actions, kept, queries


@pytest.fixture
def keeping(world: World, settings: object) -> Iterator[World]:
    """The synthetic bureau on a site that keeps figures."""
    settings.KEEP_ANSWERS = True  # type: ignore[attr-defined]
    kept.forget()
    yield world
    kept.forget()


def body(address: str) -> str:
    """What somebody reads for whom no page is kept as a whole."""
    browser = Client()
    browser.cookies["own"] = "synthetic"
    return browser.get(address).context["body"]


def observe(value: str) -> None:
    """Enter an observed figure by the action, which writes an event."""
    actions.observe(by=OFFICER, at=AT, name="grant", value=value, as_of=DAY, source="합성 문서")


def test_kept_figures_are_those_of_the_record(keeping: World) -> None:
    for _time in range(2):
        found = kept.values(as_of=DAY, at=AT)
        fresh = queries.values(as_of=DAY, at=AT)
        assert {name: found[name].exact for name in found} == {name: fresh[name].exact for name in fresh}


def test_an_event_ends_what_was_kept(keeping: World) -> None:
    before = kept.values(as_of=DAY, at=AT)["grant"].exact
    observe("7.5")
    assert (before, kept.values(as_of=DAY, at=AT)["grant"].exact) == (2_500_000, 7_500_000)


def test_an_event_that_writes_elsewhere_leaves_what_was_kept(keeping: World) -> None:
    first = kept.values(as_of=DAY, at=AT)
    account = Account.objects.create_user("synthetic@example.invalid")
    open_account(by=SYSTEM, at=AT, account=account)
    assert kept.values(as_of=DAY, at=AT) is first


def test_a_list_made_of_kept_figures_ends_with_them(keeping: World) -> None:
    kept.values(as_of=DAY, at=AT)
    before = kept.listed(as_of=DAY, at=AT)
    observe("7.5")
    assert kept.listed(as_of=DAY, at=AT) != before


def test_a_second_reader_costs_one_query(keeping: World) -> None:
    kept.report_page("yearly", as_of=DAY, at=AT, language="ko")
    with CaptureQueriesContext(connection) as asked:
        kept.report_page("yearly", as_of=DAY, at=AT, language="ko")
    assert len(asked) == 1


def test_days_and_languages_are_kept_apart(keeping: World) -> None:
    korean = kept.report_page("yearly", as_of=DAY, at=AT, language="ko")
    english = kept.report_page("yearly", as_of=DAY, at=AT, language="en")
    earlier = kept.report_page("yearly", as_of=DAY - timedelta(days=1), at=AT, language="ko")
    assert len({korean.body, english.body, earlier.body}) == 3


def test_the_page_is_the_same_kept_or_not(keeping: World, settings: object) -> None:
    first, second = (body("/reports/yearly/?as_of=2021-10-01") for _time in range(2))
    settings.KEEP_ANSWERS = False  # type: ignore[attr-defined]
    plain = body("/reports/yearly/?as_of=2021-10-01")
    assert first == second == plain


def test_a_report_that_was_handed_in_is_read_once(keeping: World) -> None:
    frozen = actions.freeze(by=OFFICER, at=AT, report="yearly", as_of=DAY)
    address = f"/reports/frozen/{frozen.pk}/"
    first = body(address)
    with CaptureQueriesContext(connection) as asked:
        second = body(address)
    # The report, whether the record noted this fingerprint, and whether a book has grown.
    assert (first, len(asked)) == (second, 3)
