"""What the server says in the booth of an encrypted vote, and that it asks for no picks."""

import json
import re
from base64 import b64decode
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from madang import ballots
from madang.site.kit import clock
from madang.site.people.actions import Verified, verify_identity
from madang.site.people.actors import citizen
from madang.site.people.models import Account, Area, Person
from madang.site.programmes.models import Stage
from madang.site.votes.models import Ballot, Begun, RollEntry
from madang.site.votes.web.booth import FILES, booth_files

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def town(encrypted, monkeypatch, settings):
    settings.REGISTRAR = "https://registrar.invalid"
    town = encrypted()
    town.now = town.at
    town.home = Area.objects.create(code="town/east", level="district", name_ko="동구", name_en="East")
    monkeypatch.setattr(clock, "now", lambda: town.now)
    return town


@pytest.fixture
def resident(town):
    """Somebody with an account whose identity was checked, and who lives in the town."""
    account = Account.objects.create_user("kim@example.invalid")
    row = Person.objects.create(pseudonym="kim", account=account, created_at=town.at, synthetic=True)
    facts = Verified("mock:kim", "mock", 1980, "f", lives_in="town/east")
    verify_identity(by=citizen(row), at=town.at, person=row, verified=facts)
    client = Client(headers=ENGLISH)
    client.force_login(account)
    return client


def url(name, town):
    return reverse(f"votes:{name}", args=[town.stage.pk])


def page(client, town) -> str:
    answer = client.get(url("booth", town))
    assert answer.status_code == 200
    return answer.content.decode()


def told(html: str):
    return json.loads(re.search(r'<script id="booth" type="application/json">(.*?)</script>', html)[1])


def cast(client, town, voter, picks):
    raw = town.made.ballot(voter, picks)
    return client.post(url("board_cast", town), raw, content_type="application/json")


def test_a_vote_that_is_encrypted_leads_to_its_booth(town, resident):
    assert resident.get(url("vote", town))["Location"] == url("booth", town)
    found = told(page(resident, town))
    assert (found["may"], found["uuid"]) == (True, town.made.board.uuid)
    for name in ("election", "cast", "board", "drawing"):
        assert found[name].startswith(f"/votes/{town.stage.pk}/"), name
    election = resident.get(found["election"])
    assert election.content == town.made.election.raw


def test_the_booth_asks_few_questions_of_the_database(town, resident):
    page(resident, town)
    with CaptureQueriesContext(connection) as asked:
        page(resident, town)
    assert len(asked) <= 15


def test_the_way_to_the_registrar_leads_back_to_this_booth(town, resident, settings):
    (link,) = re.findall(r'href="(https://registrar\.invalid[^"]*)"', page(resident, town))
    parts = urlsplit(link)
    assert parts.path == f"/elections/{town.made.board.uuid}/"
    assert parse_qs(parts.query) == {"back": [f"http://testserver{url('booth', town)}"]}
    settings.REGISTRAR = ""
    assert "Get my credential from the registrar" not in page(resident, town)


def test_nobody_without_a_checked_identity_goes_on(town):
    html = page(Client(headers=ENGLISH), town)
    assert told(html)["may"] is False
    assert "Check my identity and vote" in html


def test_who_may_not_vote_is_told_why_and_gets_no_booth(town):
    account = Account.objects.create_user("far@example.invalid")
    row = Person.objects.create(pseudonym="far", account=account, created_at=town.at, synthetic=True)
    verify_identity(by=citizen(row), at=town.at, person=row, verified=Verified("mock:far", "mock", 1980, "f"))
    client = Client(headers=ENGLISH)
    client.force_login(account)
    html = page(client, town)
    assert [part in html for part in ('id="booth"', "data-paper", 'class="notice notice-warn"')] == [False, False, True]


def test_who_voted_may_vote_again_and_who_voted_on_paper_may_not(town, resident):
    again = "You have voted. You may vote again until the vote ends"
    assert again not in page(resident, town)
    assert cast(resident, town, 0, [1]).status_code == 201
    assert again in page(resident, town)
    RollEntry.objects.update(channel="paper")
    html = page(resident, town)
    assert ("You have voted on paper" in html, 'id="booth"' in html) == (True, False)


def test_picks_are_taken_nowhere(town, resident):
    for name in ("keep", "review", "cast"):
        answer = resident.post(url(name, town), {"choice": ["1"], "then": "stay"}, follow=True)
        assert "choose and cast in the booth, and nowhere else" in answer.content.decode(), name
    answer = resident.get(f"{url('compare', town)}?choice=1&choice=2", follow=True)
    assert "choose and cast in the booth" in answer.content.decode()
    assert (Ballot.objects.count(), Begun.objects.count(), RollEntry.objects.count()) == (0, 0, 0)
    assert "ballot_picks" not in resident.cookies
    # No field of the booth has a name, so that no form could send one.
    named = re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', page(resident, town).partition("<main")[2])
    assert named == []


def test_the_booth_closes_with_the_vote(town, resident):
    Stage.objects.filter(pk=town.stage.pk).update(closes_on=town.at.date())
    town.now = town.at + timedelta(days=2)
    assert resident.get(url("booth", town)).status_code == 302


def test_a_vote_that_is_not_encrypted_has_no_booth(make, client):
    plain = make()
    assert [client.get(url(name, plain)).status_code for name in ("booth", "test")] == [404, 404]
    assert client.post(url("drawing", plain), "x" * 43, content_type="text/plain").status_code == 404


def test_a_tracker_is_drawn_and_nothing_else(town, client):
    tracker = ballots.tracker(b"synthetic")
    drawn = client.post(url("drawing", town), tracker, content_type="text/plain")
    assert (drawn.status_code, drawn["Content-Type"]) == (200, "image/svg+xml")
    assert drawn.content.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    for wrong in ("", tracker[:-1], f"{tracker}=", "<script>" * 5, "é" * 43, tracker * 1000):
        assert client.post(url("drawing", town), wrong, content_type="text/plain").status_code == 404, wrong


def test_the_page_of_tests_names_every_option(town, client):
    html = client.get(url("test", town)).content.decode()
    found = json.loads(re.search(r'<script id="test" type="application/json">(.*?)</script>', html)[1])
    assert found["options"] == {str(order): matter.title for order, matter in enumerate(town.matters, 1)}


def test_the_list_of_files_is_what_browsers_run():
    folder = Path(finders.find("votes/booth.js")).parent
    listed = dict(booth_files())
    assert listed == {name: sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    imported = {
        name
        for file in FILES
        for name in re.findall(r'(?:from|import) ?\(?"\./([^"]+)"', (folder / file).read_text(encoding="utf-8"))
    }
    assert imported - set(FILES) == set()


def test_browsers_compare_every_program_with_the_hash_on_the_board(town, resident):
    html = page(resident, town)
    found = re.findall(r'(?:href|src)="/static/votes/([^"]+)" integrity="sha256-([^"]+)"', html)
    later = [(name, text.removeprefix("sha256-")) for name, text in told(html)["programs"].items()]
    compared = {name: b64decode(text).hex() for name, text in found + later}
    assert compared == {name: digest for name, digest in booth_files() if name != "test.js"}
