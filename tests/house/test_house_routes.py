"""Every route × every role: no page without an access rule, no page that breaks, no desk page for citizens."""

import logging
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from house_html import faults_of
from house_routes import Route, addresses, routes
from house_world import ROLES, build

from madang.site.kit.web.access import anyone
from madang.site.record.web.keeping import pages
from madang.site.reports import kept

pytestmark = pytest.mark.django_db

# Routes that no synthetic row answers, each with its reason.
UNANSWERED = {
    "people:mock_identity": "only in a demonstration",
    "people:demo": "only in a demonstration",
    "people:letter_code": "only where letters with codes are sent",
    "ledger_desk:request": "a request has constraints that no plain row meets",
    "ledger_desk:obligation": "an obligation is an entry with a balance of its own",
    "forums:comment": "a comment hangs on a matter or on a forum, never on both",
    "forums_desk:hide": "a comment hangs on a matter or on a forum, never on both",
    "forums:report": "a comment hangs on a matter or on a forum, never on both",
    "forums_desk:judge": "a comment hangs on a matter or on a forum, never on both",
    "forums_desk:appeal": "an appeal belongs to a hidden comment",
    "reviews:score": "only the reviewer whose sheet it is",
    "reviews:object_to": "only for a matter that the stage before decided on",
    "reviews:sheets": "only for a matter of the very stage, once that has closed",
    "gatherings:change_booking": "only of the own booking",
    "gatherings:own_feed": "the address is signed, and no plain row has a signature",
    "votes:trustee": "the address is a personal secret, of which rows have only a hash",
    "votes:trustee_file": "the address is a personal secret, of which rows have only a hash",
    "votes:allotment_record": "only after an allotment",
    "votes:recount_kit": "only after an allotment",
    "votes:allotment_table": "only after an allotment",
    "votes_desk:rehearsal_archive": "only of a rehearsal of an encrypted vote",
    "followups_desk:milestone": "only for a matter that is being delivered",
    "reports:frozen_file": "only for a report that was handed in",
    "reports:report": "codes of reports are files of the city, not rows",
    "reports:figure": "names of figures are files of the city, not rows",
    "reports_desk:texts": "codes of reports are files of the city, not rows",
    "reports_desk:text": "codes of reports are files of the city, not rows",
    "reports_desk:file": "codes of reports are files of the city, not rows",
}
WITH_ANSWER = (200, 302, 403, 405, 400)
# Held for the page with one row in every table: what a page asks must not grow with what it shows (tests of rooms).
MOST_QUERIES = 15


def test_every_view_of_a_room_says_who_may_open_it():
    assert [route.path for route in routes() if not hasattr(route.view, "allow")] == []


def test_desk_pages_are_open_to_nobody_without_a_role():
    open_desks = [route.path for route in routes() if route.path.startswith("desk/") and route.view.allow is anyone]
    assert open_desks == []


@pytest.fixture
def clients(caplog: pytest.LogCaptureFixture, settings) -> dict[str, Client]:
    """A client for each role, and one for a visitor; thousands of pages that are not there are not told."""
    caplog.set_level(logging.CRITICAL, logger="django.request")
    # As on a site: what is worked out for one reader is there for the next.
    settings.KEEP_ANSWERS = True
    kept.forget()
    pages.forget()
    accounts = build()
    made = {"visitor": Client(raise_request_exception=False)}
    for role in ROLES:
        made[role] = Client(raise_request_exception=False)
        made[role].force_login(accounts[role])
    return made


class TestPublicPages:
    """Beside the desk's, so that both cores walk."""

    def test_no_page_breaks_for_any_role_opens_to_the_wrong_one_or_asks_too_much(self, clients):
        walk(clients, desk=False)


class TestDeskPages:
    """The officials' pages."""

    def test_no_page_breaks_for_any_role_opens_to_the_wrong_one_or_asks_too_much(self, clients):
        walk(clients, desk=True)


def walk(clients: dict[str, Client], *, desk: bool) -> None:
    """Open every page as every role, and hold what it answers, how it is written and how often it asks."""
    broken, opened, silent, invalid, asked = [], [], [], set(), {}
    # How a page is written does not depend on the database, and which rows addresses meet depends on the numbers that
    # it gives: SQLite begins with 1 in every test.
    judged = connection.vendor == "sqlite"
    for route in (route for route in routes() if route.path.startswith("desk/") is desk):
        answering = _answering(route, clients, broken)
        if judged and not answering and route.name not in UNANSWERED:
            silent.append(route.name)
        for address, (role, client) in product(answering, clients.items()):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
            status = answer.status_code
            # Pages only: a file holds everything.
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                asked[route.name] = max(asked.get(route.name, (0, "")), (len(queries), f"{role} {address}"))
            # Pages differ by role in few ways: those who see least and most stand for the others.
            if judged and role in ("visitor", "citizen", "head"):
                invalid |= {f"{route.name}: {fault}" for fault in faults_of(answer)}
            if status >= 500 and status != 503:
                broken.append(f"{role} {address}: {status}")
            closed = role == "visitor" and route.view.allow is not anyone
            closed |= role in ("visitor", "citizen") and route.path.startswith("desk/")
            if closed and status not in (302, 403):
                opened.append(f"{role} {address}: {status}")
    assert sorted(set(broken)) == []
    assert opened == []
    assert silent == []
    assert "\n".join(sorted(invalid)) == ""
    many = [f"{name} asks {count} times: {page}" for name, (count, page) in asked.items() if count > MOST_QUERIES]
    assert "\n".join(many) == ""


def _answering(route: Route, clients: dict[str, Client], broken: list[str]) -> list[str]:
    """Up to three addresses of a route that answer an official, the pages first; breakages are noted."""
    found: dict[str, int] = {}
    for address in addresses(route):
        if list(found.values()).count(200) == 3:
            break
        for role in ("head", "finance"):
            status = clients[role].get(address).status_code
            if status >= 500:
                broken.append(f"{role} {address}: {status}")
            if status == 404:
                break
            if status in WITH_ANSWER:
                found[address] = min(status, found.get(address, status))
    return sorted(found, key=lambda address: found[address])[:3]
