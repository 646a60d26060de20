"""The way of a citizen to a credential and back to the booth, and of an official to a slip."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from madang.site.kit.actor import SYSTEM
from madang.site.kit.clock import end_of
from madang.site.people.models import Account, Area, Person, RoleGrant
from madang.site.registrar import actions
from madang.site.registrar.models import Holder

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
CREDENTIAL = re.compile(
    r"[1-9A-HJ-NP-Za-km-z]{5}-[1-9A-HJ-NP-Za-km-z]{6}-[1-9A-HJ-NP-Za-km-z]{5}-[1-9A-HJ-NP-Za-km-z]{6}"
)
CITY = "https://city.example"
PAPER = {"name": "Synthetic Kim", "born_on": "1990-05-05", "sex": "f"}


@pytest.fixture(autouse=True)
def at_the_city(settings):
    settings.CONFIG = replace(settings.CONFIG, city_address=CITY)
    settings.IDENTITY_VERIFIERS = ["madang.site.people.web.identity.MockVerifier"]


def check(client, made, back="", **told):
    """Go through the mock agency; the page at its end."""
    address = reverse("registrar:election", args=[made.election.uuid]) + (f"?back={back}" if back else "")
    page = client.get(address, **ENGLISH)
    assert page.status_code == 200
    begun = client.post(address, {"way": "mock"}, **ENGLISH)
    state = begun["Location"].partition("state=")[2]
    facts = {"name": "Synthetic Lee", "born_on": "1990-05-05", "sex": "f", "lives_in": area(), **told}
    return client.post(reverse("people:identity_back"), {"state": state, **facts}, **ENGLISH)


def area():
    return Area.objects.get(code="town/north").pk


def shown(page):
    """The credential on a page."""
    return CREDENTIAL.search(page.content.decode())[0]


def test_a_citizen_gets_a_credential_and_the_same_one_again_elsewhere(client, office):
    made = office()
    page = check(client, made, back=f"{CITY}/votes/7/booth/")
    credential = shown(page)
    assert credential in made.public
    assert f'href="{CITY}/votes/7/booth/#credential={credential}"' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    client.cookies.clear()
    assert shown(check(client, made)) == credential
    assert shown(check(client, made, name="Synthetic Park")) != credential


def test_the_credential_is_in_no_session_and_no_message(client, office):
    made = office()
    credential = shown(check(client, made))
    kept = json.dumps([one.get_decoded() for one in Session.objects.all()])
    assert credential not in kept and "Synthetic" not in kept
    assert credential not in client.get(reverse("registrar:elections"), **ENGLISH).content.decode()


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/votes/7/booth/", "http://city.example/", "//evil.example", "https://city.example.evil.test/",
     "javascript:alert(1)", ""],
)  # fmt: skip
def test_the_way_back_leads_to_the_city_alone(client, office, back):
    page = check(client, office(), back=back).content.decode()
    assert re.findall(r'href="([^"#]+)#credential=', page) == [f"{CITY}/votes/7/booth/"]


@pytest.mark.parametrize(("demo", "leads_to"), [(True, "http://localhost:8000"), (False, "http://127.0.0.1:8000")])
def test_the_other_name_of_one_s_own_machine_counts_in_a_demonstration_only(client, office, settings, demo, leads_to):
    settings.CONFIG = replace(settings.CONFIG, city_address="http://127.0.0.1:8000")
    settings.DEMO = demo
    page = check(client, office(), back="http://localhost:8000/votes/7/booth/").content.decode()
    assert re.findall(r'href="([^"#]+)#credential=', page) == [f"{leads_to}/votes/7/booth/"]


def test_a_fragment_in_the_way_back_is_dropped(client, office):
    page = check(client, office(), back=f"{CITY}/votes/7/booth/%23credential=other").content.decode()
    assert re.findall(r'href="([^"#]+)#credential=([^"]+)"', page) == [(f"{CITY}/votes/7/booth/", shown_in(page))]


def shown_in(page):
    return CREDENTIAL.search(page)[0]


def test_without_the_city_s_address_there_is_no_link_but_the_digits(client, office, settings):
    settings.CONFIG = replace(settings.CONFIG, city_address="")
    page = check(client, office(), back=f"{CITY}/votes/7/booth/").content.decode()
    assert "#credential=" not in page and shown_in(page)


def test_who_may_not_vote_is_sent_away_with_a_reason(client, office):
    page = check(client, office(), born_on="2029-01-01")
    assert page.status_code == 403
    assert "Open only to somebody who is at least 15 years old." in page.content.decode()
    assert Holder.objects.count() == 0


def test_after_the_close_the_page_and_the_file_say_how_many(client, office):
    made = office(4)
    check(client, made)
    made.at = end_of(made.election.told.last_day)
    actions.close_election(by=SYSTEM, at=made.at, election=made.election)
    page = client.get(reverse("registrar:election", args=[made.election.uuid]), **ENGLISH).content.decode()
    assert "Of 4 credentials 1 were handed out; the other 3 were destroyed." in page
    told = client.get(reverse("registrar:numbers", args=[made.election.uuid])).json()
    assert (told["credentials"], told["handed_out"], told["destroyed"]) == (4, 1, 3)
    assert (told["list_sha256"], told["closed_at"]) == (made.election.listing, "2031-05-20T15:00:00.000000Z")


def test_an_election_that_does_not_exist(client, office):
    office()
    assert client.get("/elections/nothing/").status_code == 404


# --- the counter ------------------------------------------------------------------------------------


def sign_in(client, made, role=""):
    account = Account.objects.create_user("synthetic@example.org")
    person = Person.objects.create(pseudonym="synthetic-official", account=account, created_at=made.at)
    if role:
        RoleGrant.objects.create(person=person, role=role, valid_from=made.at - timedelta(days=1))
    client.force_login(account)


def test_an_official_prints_a_slip_for_somebody_at_the_counter(client, office):
    made = office()
    sign_in(client, made, "officer")
    address = reverse("registrar:slip", args=[made.election.uuid])
    assert "Synthetic vote" in client.get(reverse("registrar:slips"), **ENGLISH).content.decode()
    told = {**PAPER, "paper": "passport", "lives_in": area()}
    page = client.post(address, told, **ENGLISH)
    credential = shown(page)
    assert page.content.decode().count('class="qr"') == 1
    assert shown(client.post(address, told, **ENGLISH)) == credential
    # The same human at home, checked by the agency, is the same human.
    client.logout()
    assert shown(check(client, made, name="Synthetic Kim")) == credential


def test_a_refused_slip_keeps_what_was_typed(client, office):
    made = office()
    sign_in(client, made, "officer")
    address = reverse("registrar:slip", args=[made.election.uuid])
    page = client.post(address, {**PAPER, "paper": "passport", "lives_in": ""}, **ENGLISH).content.decode()
    assert "Open only to somebody who lives in Synthetic Town." in page and 'value="Synthetic Kim"' in page


def test_the_counter_is_closed_to_others(client, office):
    made = office()
    address = reverse("registrar:slip", args=[made.election.uuid])
    assert client.get(address)["Location"].startswith("/accounts/login/")
    sign_in(client, made)
    assert client.get(address).status_code == 403
