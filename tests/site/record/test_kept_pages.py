"""Whole pages are kept for visitors: never older than the record, and nothing of one reader for another."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import OPEN_CALL, file_matter, opened

from madang.site.programmes.models import Stage
from madang.site.record import kept
from madang.site.record.web import keeping

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')


@pytest.fixture
def stage(settings: Any) -> Iterator[Stage]:
    """An open call on a site that keeps pages, at a moment that stands in the middle of a minute."""
    settings.KEEP_ANSWERS = True
    settings.CLOCK_STARTS_AT = datetime.now(UTC).replace(second=20)
    keeping.pages.forget()
    yield opened(("call", OPEN_CALL))[0]
    keeping.pages.forget()


def asked(browser: Client, address: str = "/matters/") -> tuple[str, int]:
    """The page without tokens, and the queries it took."""
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(address)
    return TOKEN.sub("", answer.content.decode()), len(queries)


def test_the_next_visitor_gets_the_same_page_for_one_query(stage: Stage) -> None:
    file_matter(stage=stage, title="합성 제안: 나무")
    first, many = asked(Client())
    second, few = asked(Client())
    assert (first == second, many > 1, few) == (True, True, 1)


def test_an_event_shows_at_once(stage: Stage) -> None:
    file_matter(stage=stage, title="합성 제안: 나무")
    before, _queries = asked(Client())
    file_matter(stage=stage, title="합성 제안: 그늘")
    after, _queries = asked(Client())
    assert [("그늘" in page) for page in (before, after)] == [False, True]


def test_every_reader_has_a_token_that_works(stage: Stage) -> None:
    browsers = [Client(enforce_csrf_checks=True) for _reader in range(2)]
    tokens = [TOKEN.search(browser.get("/matters/").content.decode())[1] for browser in browsers]
    sent = {"language": "en", "next": "/matters/"}
    answers = [
        browser.post("/i18n/setlang/", {**sent, "csrfmiddlewaretoken": token}).status_code
        for browser, token in zip(browsers, [tokens[0], tokens[1]], strict=True)
    ]
    crossed = browsers[0].post("/i18n/setlang/", {**sent, "csrfmiddlewaretoken": tokens[1]}).status_code
    assert (len(set(tokens)), answers, crossed) == (2, [302, 302], 403)


def test_languages_and_sizes_of_text_are_kept_apart(stage: Stage) -> None:
    english, large = Client(), Client()
    english.cookies["django_language"] = "en"
    large.cookies["text_size"] = "large"
    pages = {asked(browser)[0] for browser in (Client(), english, large)}
    again = {asked(browser)[0] for browser in (Client(), english, large)}
    assert (len(pages), again) == (3, pages)


def test_who_holds_anything_else_of_ours_gets_a_page_of_their_own(stage: Stage) -> None:
    asked(Client())
    known = Client()
    known.cookies["sessionid"] = "synthetic"
    assert asked(known)[1] > 1
    assert asked(Client())[1] == 1


def test_the_next_minute_makes_the_page_anew(stage: Stage, settings: Any) -> None:
    asked(Client())
    settings.CLOCK_STARTS_AT += timedelta(minutes=1)
    assert [asked(Client())[1] > 1, asked(Client())[1]] == [True, 1]


def test_what_is_written_silently_is_never_kept(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "silent", {"docket_matter"})
    asked(Client())
    assert asked(Client())[1] > 1


def test_what_forbids_to_be_kept_is_not_kept(stage: Stage) -> None:
    voters = {"code": "all", "ko": "모두", "en": "Everybody", "who": ["lives_in:town"]}
    rules = {"choose": {"min": 1, "max": 1}, "electorates": [voters]}
    vote = Stage.objects.create(process=stage.process, order=9, kind="vote", title_ko="투표", settings=rules)
    asked(Client(), f"/votes/{vote.pk}/")
    assert [key for key in keeping.pages._kept if key[2].startswith("/votes/")] == []
