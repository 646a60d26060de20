"""The ballot before it is cast: picks kept in the browser, money left, comparing, reminders."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from madang.site.docket.models import Notice
from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM
from madang.site.kit.verdict import Refused
from madang.site.people import vault
from madang.site.people.actions import Verified, verify_identity
from madang.site.people.actors import citizen
from madang.site.people.models import Account, Person
from madang.site.record.models import Event
from madang.site.votes import actions, beginning
from madang.site.votes.models import Ballot, Begun, Election
from madang.site.votes.voters import voter_of

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
CAPPED = {"min": 1, "max": 3, "max_won": 50}


@pytest.fixture
def town(make, monkeypatch):
    town = make(costs=(10, 20, 30, 60), closes_on=date(2021, 8, 28))
    town.now = town.at
    monkeypatch.setattr(clock, "now", lambda: town.now)
    return town


def capped(make, monkeypatch, costs=(10, 20, 30, 60)):
    town = make(costs=costs, choose=3)
    stage = town.stage
    stage.settings = {**stage.settings, "choose": CAPPED}
    stage.save(update_fields=["settings"])
    monkeypatch.setattr(clock, "now", lambda: town.at)
    return town


def sign_in(client, town, name):
    account = Account.objects.create_user(f"{name}@example.org")
    person = Person.objects.create(pseudonym=name, account=account, created_at=town.at, synthetic=True)
    facts = Verified(subject=f"CI-{name}", method="phone", birth_year=1980, sex="f", lives_in="town")
    verify_identity(by=citizen(person), at=town.at, person=person, verified=facts)
    client.force_login(account)
    return person


def url(name, town):
    return reverse(name, args=[town.stage.pk])


def checked(page):
    return sorted(re.findall(r'name="choice" value="(\d+)" checked', page))


def test_picks_are_kept_in_the_browser_and_nowhere_else(client, town):
    answer = client.post(url("votes:keep", town), {"choice": ["3", "1"], "then": "stay"})
    assert (answer.status_code, answer.content) == (204, b"")
    cookie = answer.cookies["ballot_picks"]
    assert (cookie.value, cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        "3.1", url("votes:vote", town), True, "Lax",
    )  # fmt: skip
    assert checked(client.get(url("votes:vote", town)).content.decode()) == ["1", "3"]
    assert (Begun.objects.count(), dict(client.session.items())) == (0, {})
    cleared = client.post(url("votes:keep", town), {"choice": ["3"], "then": "clear"}, follow=True, **ENGLISH)
    assert "Your picks are gone from this browser." in cleared.content.decode()
    assert checked(client.get(url("votes:vote", town)).content.decode()) == []


@pytest.mark.parametrize("value", ["", "x", "1.²", "999999999999", "7.8", "1." * 3000, "-1", '1;drop"'])
def test_what_stands_in_the_cookie_is_never_trusted(client, town, value):
    client.cookies["ballot_picks"] = value
    page = client.get(url("votes:vote", town))
    assert page.status_code == 200
    assert set(checked(page.content.decode())) <= {"1"}
    client.post(url("votes:keep", town), {"choice": [value, "99"], "then": "anything"})
    assert Ballot.objects.count() == 0


def test_a_review_can_be_come_back_to_and_a_cast_ballot_is_kept_no_more(client, town):
    sign_in(client, town, "voter")
    client.post(url("votes:review", town), {"choice": ["2"]})
    again = client.get(url("votes:review", town), **ENGLISH).content.decode()
    assert re.findall(r'name="choice" value="(\d)"', again) == ["2"]
    assert again.count("Picked: 1 of 2.") == 1 and "You may pick more before you cast." in again
    done = client.post(url("votes:cast", town), {"choice": ["2"]})
    assert (done.cookies["ballot_picks"].value, Ballot.objects.count()) == ("", 1)
    assert client.get(url("votes:review", town))["Location"] == url("votes:vote", town)


def test_a_ballot_with_a_limit_says_what_is_left_and_refuses_more(client, make, monkeypatch):
    town = capped(make, monkeypatch)
    sign_in(client, town, "voter")
    client.post(url("votes:keep", town), {"choice": ["1"], "then": "stay"})
    page = client.get(url("votes:vote", town), **ENGLISH).content.decode()
    assert re.search(r"<b data-picks-left>2</b> / 3", page) and re.search(r"<b data-won-left>40 won</b> / 50 won", page)
    assert re.findall(r'value="(\d)" disabled', page) == ["4"]
    assert page.count("It costs more than a whole ballot may (50 won), so nobody can pick it.") == 1
    refused = client.post(url("votes:review", town), {"choice": ["1", "2", "3"]}, **ENGLISH).content.decode()
    told = "What you chose costs 60 won together; a ballot may cost 50 won at most. Take something back."
    assert refused.count(told) == 1 and checked(refused) == ["1", "2", "3"]
    client.post(url("votes:cast", town), {"choice": ["1", "2", "3"]})
    assert Ballot.objects.count() == 0
    with pytest.raises(Refused):
        actions.cast(by_voter=town.voter("a"), at=town.at, election=_fresh(town), choices=[2, 4])
    assert actions.cast(by_voter=town.voter("b"), at=town.at, election=_fresh(town), choices=[2, 3])


def _fresh(town):
    return Election.objects.select_related("stage__process__department").get(stage=town.stage)


def test_two_to_four_options_stand_side_by_side(client, town):
    compare = url("votes:compare", town)
    page = client.get(compare, {"choice": ["3", "1"]}, **ENGLISH).content.decode()
    heads = re.findall(r'<th scope="col"><a[^>]*>(\d)\.', page)
    assert heads == ["3", "1"]
    for wrong in (["1"], ["1", "1"], ["9", "8"], ["x"]):
        told = client.get(compare, {"choice": wrong}, **ENGLISH).content.decode()
        assert '<th scope="col"><a' not in told
    many = client.get(compare, {"choice": ["1", "2", "3", "4", "1"]}, **ENGLISH).content.decode()
    assert "Four projects at most stand side by side; these are the first four." in many
    sent = client.post(url("votes:keep", town), {"choice": ["4", "2"], "then": "compare"})
    assert sent["Location"] == f"{compare}?choice=4&choice=2"
    assert checked(client.get(sent["Location"]).content.decode()) == ["2", "2", "4", "4"]


def test_who_began_and_has_not_cast_is_reminded_once(client, town):
    slow, quick, late = (sign_in(client, town, name) for name in ("slow", "quick", "late"))
    client.logout()
    for person in (slow, quick, late):
        client.force_login(person.account)
        town.now = town.at if person != late else town.at + timedelta(hours=11)
        client.post(url("votes:keep", town), {"choice": ["1"], "then": "stay"})
    voter = voter_of(by=citizen(quick), election=town.election, at=town.at)
    actions.cast(by_voter=voter, at=town.at, election=town.election, choices=[2])
    night = town.at + timedelta(hours=14)
    assert [one.pk for one in beginning.begun(night)] == [town.election.pk]
    assert beginning.remind_voters(by=SYSTEM, at=night, election=town.election) == 1
    assert beginning.begun(night) == []
    notice = Notice.objects.get()
    assert (notice.person_id, notice.url) == (slow.pk, url("votes:vote", town))
    assert notice.text_ko == (
        "예산: 투표를 시작하셨지만 아직 투표함에 넣지 않으셨습니다. 2021. 8. 28.(토)까지 투표할 수 있습니다."
    )
    assert set(Begun.objects.values_list("person_id", flat=True)) == {slow.pk, late.pk}
    assert Event.objects.get(verb="voters.reminded").data == {"reminded": 1}
    assert beginning.remind_voters(by=SYSTEM, at=night + timedelta(days=1), election=town.election) == 1
    assert list(Notice.objects.order_by("pk").values_list("person_id", flat=True)) == [slow.pk, late.pk]
    assert beginning.begun(night + timedelta(days=90)) == []


def test_the_night_reminds_nobody_without_reason_and_the_count_forgets(client, town):
    sign_in(client, town, "voter")
    client.post(url("votes:keep", town), {"then": "stay"})
    assert Begun.objects.count() == 0
    client.post(url("votes:review", town), {"choice": ["1"]})
    assert Begun.objects.count() == 1
    with pytest.raises(Refused):
        beginning.remind_voters(by=town.second.__class__("stranger", 1), at=town.at, election=town.election)
    town.close(stage=town.stage, at=town.at + timedelta(days=19, hours=9))
    assert Begun.objects.count() == 0


def test_erasing_oneself_erases_what_one_began(client, town):
    person = sign_in(client, town, "voter")
    client.post(url("votes:keep", town), {"choice": ["1"], "then": "stay"})
    assert client.get(reverse("desk:data")).json()["votes_begun"] == [
        {"election__stage__process__code": "1-3/2021", "at": "2021-08-09T01:00:00Z", "reminded_at": None}
    ]
    beginning.forget_voter(by=citizen(person), at=town.at, person=person)
    assert Begun.objects.count() == 0


def test_the_key_for_a_reminder_is_the_key_of_the_roll(client, town):
    person = sign_in(client, town, "voter")
    voter = voter_of(by=citizen(person), election=town.election, at=town.at)
    assert voter.key == vault.voter_key(town.election.code, person.identity.subject)
