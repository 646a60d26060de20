"""Giving and ending roles: the administrator's page, its rules, and what the record keeps."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import translation

from madang.cli.main import main
from madang.site.kit.actor import SYSTEM, Grant
from madang.site.kit.verdict import Refused
from madang.site.people.actions import end_role, give_role, open_account
from madang.site.people.actors import actor_for
from madang.site.people.models import Account, Organisation, RoleGrant
from madang.site.record.models import Event

AT = datetime(2021, 6, 1, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(settings):
    settings.CLOCK_STARTS_AT = AT
    with translation.override("en"):
        yield


def member(name, role=None):
    account = Account.objects.create_user(f"{name}@example.invalid", "synthetic-password")
    person = open_account(by=SYSTEM, at=AT, account=account)
    if role:
        give_role(by=SYSTEM, at=AT - DAY, person=person, role=role)
    return person


def browser(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person.account)
    return client


@pytest.fixture
def parks():
    return Organisation.objects.create(code="parks", kind="department", name_ko="공원과", name_en="Parks")


def asked(person, **more):
    told = {"person": person.account.email, "role": "officer", "organisation": "", "first_day": "2021-06-01"}
    return {**told, "last_day": "", **more}


def test_an_administrator_gives_a_role_with_a_first_and_a_last_day(parks):
    giver, taker = member("giver", "administrator"), member("taker")
    data = asked(taker, organisation=parks.pk, first_day="2021-06-03", last_day="2021-06-04")
    assert browser(giver).post("/desk/roles/", data)["Location"] == "/desk/roles/?role=officer"

    inside, grant = Grant("officer", "parks"), taker.role_grants.get()
    days = [actor_for(taker, datetime(2021, 6, day, 12, tzinfo=UTC)).grants for day in (2, 3, 4, 5)]
    assert days == [frozenset(), {inside}, {inside}, frozenset()]
    event = Event.objects.get(verb="role.given", subject=f"person:{taker.pseudonym}")
    assert (event.actor, event.data["role"], event.data["organisation"]) == (giver.pseudonym, "officer", "parks")
    assert (event.data["valid_from"], event.data["valid_until"]) == (
        grant.valid_from.isoformat(),
        grant.valid_until.isoformat(),
    )


def test_a_role_ends_at_once(parks):
    giver, taker = member("giver", "administrator"), member("taker", "auditor")
    grant = taker.role_grants.get()
    assert browser(taker).get("/desk/roles/").status_code == 200
    browser(giver).post(f"/desk/roles/{grant.pk}/end/")
    assert browser(taker).get("/desk/roles/").status_code == 403
    assert Event.objects.filter(verb="role.ended").values_list("actor", flat=True).get() == giver.pseudonym


def test_a_role_that_was_to_come_never_begins():
    taker = member("taker")
    grant = give_role(by=SYSTEM, at=AT, person=taker, role="head", valid_from=AT + DAY)
    end_role(by=SYSTEM, at=AT, grant=grant)
    assert [actor_for(taker, AT + 2 * DAY).grants, RoleGrant.objects.count()] == [frozenset(), 0]


def test_nobody_gives_or_ends_the_own_roles():
    giver = member("giver", "administrator")
    page = browser(giver).post("/desk/roles/", asked(giver, role="finance"))
    assert page.context["form"].non_field_errors() == ["Nobody gives or ends the own roles; ask another administrator."]
    browser(giver).post(f"/desk/roles/{giver.role_grants.get().pk}/end/")
    assert list(giver.role_grants.values_list("role", "valid_until")) == [("administrator", None)]


@pytest.mark.parametrize("role", ["officer", "head", "finance", "auditor", "moderator"])
def test_only_administrators_give_roles(role):
    holder, taker = member("holder", role), member("taker")
    assert browser(holder).post("/desk/roles/", asked(taker)).status_code == (200 if role == "auditor" else 403)
    with pytest.raises(Refused, match="Only an administrator may give roles"):
        give_role(by=actor_for(holder, AT), at=AT, person=taker, role="officer")
    assert taker.role_grants.count() == 0


def test_what_cannot_be_given_is_a_sentence(parks):
    taker = member("taker")
    give_role(by=SYSTEM, at=AT, person=taker, role="officer", organisation=parks, valid_until=AT + 9 * DAY)
    for wrong, sentence in (
        ({"role": "king"}, "king is no role"),
        ({"role": "head", "valid_until": AT}, "would end before it begins"),
        ({"role": "officer", "organisation": parks, "valid_from": AT + 8 * DAY}, "holds that role in this time"),
    ):
        with pytest.raises(Refused, match=sentence):
            give_role(by=SYSTEM, at=AT, person=taker, **wrong)
    # Right after, and elsewhere, it is another matter.
    give_role(by=SYSTEM, at=AT, person=taker, role="officer", organisation=parks, valid_from=AT + 9 * DAY)
    give_role(by=SYSTEM, at=AT, person=taker, role="officer")
    assert taker.role_grants.count() == 3


def test_a_person_nobody_knows_is_a_sentence():
    page = browser(member("giver", "administrator")).post(
        "/desk/roles/", {"person": "nobody", "role": "head", "first_day": "2021-06-01"}
    )
    assert page.context["form"].errors["person"] == [
        "Nobody is known by that, or several are. They must sign up first."
    ]


def test_the_list_shows_what_holds_and_apart_from_it_what_ended():
    giver = member("giver", "administrator")
    ended = member("ended", "head").role_grants.get()
    end_role(by=SYSTEM, at=AT, grant=ended)
    client = browser(giver)
    held = [row.role for row in client.get("/desk/roles/").context["table"].page]
    over = [row.role for row in client.get("/desk/roles/?ended=1").context["table"].page]
    assert (held, over) == (["administrator"], ["head"])
    assert len(client.get("/desk/roles/?role=finance").context["table"].page) == 0
    before = _queries(client)
    for number in range(10):
        member(f"more-{number}", "officer")
    assert _queries(client) == before


def test_a_file_of_roles_is_recorded_and_only_for_those_who_may_see_the_page():
    giver = member("giver", "administrator")
    answer = browser(giver).get("/desk/roles/?file=csv&q=giver")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1] == f"{giver},giver@example.invalid,administrator,the whole city,2021-05-31,"
    taken = Event.objects.get(verb="file.taken")
    assert (taken.actor, taken.subject, taken.data) == (
        giver.pseudonym,
        "table:roles",
        {"path": "/desk/roles/", "columns": ["who", "address", "role", "where", "from", "until"], "rows": 1},
    )
    assert browser(member("other", "officer")).get("/desk/roles/?file=xlsx").status_code == 403
    assert Event.objects.filter(verb="file.taken").count() == 1


def _queries(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as counted:
        client.get("/desk/roles/")
    return len(counted)


def test_the_command_makes_the_first_administrator(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    person = member("first")
    assert main(["administrator", "nobody@example.invalid"]) == 1
    assert main(["administrator", "First@example.invalid"]) == 0
    assert list(person.role_grants.values_list("role", "organisation")) == [("administrator", None)]
    assert main(["administrator", "first@example.invalid"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "madang: No account has the address nobody@example.invalid; sign up on the site with it first.",
        "madang: This person holds that role in this time already; end it first.",
    ]
