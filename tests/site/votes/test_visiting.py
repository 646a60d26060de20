"""Voting without an account: checked, then straight back to the ballot; one human, one vote."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from madang.site.kit import clock
from madang.site.people import vault
from madang.site.people.actions import Verified, verify_identity
from madang.site.people.actors import citizen
from madang.site.people.models import Account, Area, Identity, Person
from madang.site.record.models import Event
from madang.site.votes.models import Ballot, RollEntry

ENGLISH = {"accept-language": "en"}
TOLD = {"name": "Synthetic Kim", "born_on": "1980-02-03", "sex": "f"}
LIKENESS = vault.likeness_hash(name=TOLD["name"], born_on=date(1980, 2, 3), sex="f")


@pytest.fixture
def town(make, monkeypatch, settings):
    settings.IDENTITY_VERIFIERS = ["madang.site.people.web.identity.MockVerifier"]
    town = make()
    town.now = town.at
    town.home = Area.objects.create(code="town/east", level="district", name_ko="동구", name_en="East")
    monkeypatch.setattr(clock, "now", lambda: town.now)
    return town


def url(name, town):
    return reverse(name, args=[town.stage.pk])


def visitor() -> Client:
    return Client(headers=ENGLISH)


def check(client, town, **more) -> str:
    """Check the identity for the vote; gives where that leads."""
    assert client.post(url("votes:verify", town))["Location"] == "/identity/check/"
    assert client.get("/identity/check/").status_code == 200
    state = client.post("/identity/check/", {"way": "mock"})["Location"].partition("state=")[2]
    return client.post("/identity/back/", {**TOLD, "lives_in": town.home.pk, "state": state, **more})["Location"]


def cast(client, town):
    return client.post(url("votes:cast", town), {"choice": ["1"]}).content.decode()


def with_account(town, method="mock", subject="mock:Synthetic Kim:1980-02-03:f") -> Client:
    """The same human with an account and a check of its own."""
    account = Account.objects.create_user("kim@example.invalid")
    row = Person.objects.create(pseudonym="kim", account=account, created_at=town.at, synthetic=True)
    facts = Verified(subject, method, 1980, "f", lives_in="town/east", likeness=LIKENESS)
    verify_identity(by=citizen(row), at=town.at, person=row, verified=facts)
    client = visitor()
    client.force_login(account)
    return client


def test_a_visitor_is_checked_comes_back_votes_and_the_session_is_over(town):
    client = visitor()
    assert check(client, town) == url("votes:vote", town)
    page = client.get(url("votes:vote", town)).content.decode()
    assert "You vote without an account. Cast your ballot here; then this session ends." in page
    review = client.post(url("votes:review", town), {"choice": ["1"]}).content.decode()
    assert re.findall(r'name="choice" value="(\d)"', review) == ["1"]
    done = cast(client, town)
    ballot = Ballot.objects.get()
    assert (ballot.receipt in done, ballot.choices) == (True, "1")
    assert list(client.session.items()) == []
    entry = RollEntry.objects.get()
    assert (entry.electorate, entry.channel, len(entry.voter_key)) == ("public", "online", 64)
    assert (Person.objects.count(), Account.objects.count()) == (0, 0)


def test_the_session_holds_only_what_the_vote_asks_for(town):
    client = visitor()
    check(client, town)
    kept = client.session["voter"]
    assert sorted(kept) == ["claims", "election", "electorate", "key", "until"]
    assert (kept["claims"], kept["electorate"]) == (["lives_in:town/east"], "public")
    assert sorted(key for key, _value in client.session.items() if not key.startswith("_")) == ["voter"]
    assert "Kim" not in str(list(client.session.items())) + str(list(Identity.objects.values()))


def test_nobody_votes_twice_without_an_account(town):
    for _turn in range(2):
        client = visitor()
        check(client, town)
        page = cast(client, town)
    assert "You have already voted; every person has one vote." in page
    assert (Ballot.objects.count(), RollEntry.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("method", "subject"), [("mock", "mock:Synthetic Kim:1980-02-03:f"), ("phone", "synthetic CI of the same human")]
)
@pytest.mark.parametrize("first", ["account", "visit"])
def test_nobody_votes_by_account_and_by_check(town, method, subject, first):
    if first == "visit":
        client = visitor()
        check(client, town)
        cast(client, town)
    member = with_account(town, method, subject)
    own = cast(member, town)
    if first == "account":
        client = visitor()
        check(client, town)
        own = cast(client, town)
    assert "You have already voted; every person has one vote." in own
    assert (Ballot.objects.count(), RollEntry.objects.count()) == (1, 1)


def test_a_checked_visitor_is_nobody_on_other_pages(town):
    with_account(town)
    client = visitor()
    check(client, town)
    for path in ("/my/", "/my/identity/", "/my/data.json", "/desk/"):
        answer = client.get(path)
        assert (path, answer.status_code in (302, 404)) == (path, True)
    assert client.get("/my/")["Location"].startswith("/accounts/login/")
    assert client.get("/").wsgi_request.actor.known is False


def test_the_embargo_holds_for_a_visitor(town):
    client = visitor()
    check(client, town)
    cast(client, town)
    for name in ("votes:board", "votes:record", "votes:pabulib"):
        assert client.get(url(name, town)).status_code == 403


def test_who_does_not_live_here_is_told_so_and_holds_nothing(town):
    client = visitor()
    assert check(client, town, lives_in="") == url("votes:vote", town)
    page = client.get(url("votes:vote", town)).content.decode()
    assert "Open only to somebody who lives in Town" in page
    assert "voter" not in client.session
    cast(client, town)
    assert Ballot.objects.count() == 0


def test_a_check_for_one_vote_is_none_for_another_and_ends_in_half_an_hour(town):
    client = visitor()
    check(client, town)
    session = client.session
    session["voter"] = {**session["voter"], "election": town.election.pk + 1}
    session.save()
    cast(client, town)
    assert Ballot.objects.count() == 0
    check(client, town)
    town.now += timedelta(minutes=30)
    assert "Please check your identity first" in cast(client, town)
    assert Ballot.objects.count() == 0


def test_a_visitor_may_leave_without_voting(town):
    client = visitor()
    check(client, town)
    assert client.post(url("votes:leave", town))["Location"] == url("votes:vote", town)
    assert list(client.session.items()) == []
    cast(client, town)
    assert Ballot.objects.count() == 0


def test_somebody_signed_in_is_led_to_the_check_of_the_account(town):
    member = with_account(town)
    assert member.post(url("votes:verify", town))["Location"] == "/my/identity/"


def test_no_check_begins_for_a_vote_that_is_over(town):
    town.close(stage=town.stage)
    assert visitor().post(url("votes:verify", town)).status_code == 403


def test_the_record_names_no_voter(town):
    client = visitor()
    check(client, town)
    cast(client, town)
    told = [(event.subject, event.actor, event.data) for event in Event.objects.filter(verb="visitor.checked")]
    assert told == [("visitor", "visitor", {"method": "mock"})]
