"""Pages of draws and appointments: what each role sees and does, in a fixed number of queries."""

import json

import pytest
from django.urls import reverse

from madang import sortition
from madang.site.docket.models import Matter
from madang.site.kit import clock
from madang.site.panels import actions
from madang.site.panels.models import Draw, Drawn
from madang.site.people.models import Account, Organisation, Person, RoleGrant, Seat

SECRET = "5" * 64
COMMITMENT = sortition.commitment(SECRET)
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def now(town, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: town.at)


def sign_in(client, person, role="", department="dept"):
    account = Account.objects.create_user(f"{person.pseudonym}@example.org")
    person.account = account
    person.save()
    if role:
        where = Organisation.objects.get(code=department)
        RoleGrant.objects.create(person=person, role=role, organisation=where, valid_from=person.created_at)
    client.force_login(account)
    return person


def officer(client, town, department="dept"):
    person = Person.objects.create(pseudonym=f"p-official-{department}", created_at=town.at)
    return sign_in(client, person, "officer", department)


def test_an_officer_freezes_draws_and_calls_reserves_and_citizens_can_follow(client, town, now):
    town.candidates("ffffmmmm")
    officer(client, town)
    desk = reverse("panels_desk:draw", args=[town.draw.pk])
    assert "1. Freeze the list" in client.get(desk, **ENGLISH).content.decode()
    wrong = client.post(reverse("panels_desk:freeze", args=[town.draw.pk]), {"commitment": "short"}, **ENGLISH)
    assert "64 digits" in wrong.content.decode() and 'value="short"' in wrong.content.decode()
    client.post(reverse("panels_desk:freeze", args=[town.draw.pk]), {"commitment": COMMITMENT})
    assert Draw.objects.get().candidates == 8
    client.post(reverse("panels_desk:drawing", args=[town.draw.pk]), {"secret": SECRET, "public": "1 2 3"})
    assert Draw.objects.get().drawn_at == town.at
    entry = Drawn.objects.filter(status="selected").first()
    client.post(reverse("panels_desk:reply", args=[town.draw.pk, entry.pk]), {"accepts": "no"})
    client.post(reverse("panels_desk:reserves", args=[town.draw.pk]))
    assert Drawn.objects.filter(status="selected").count() == 5
    page = client.get(desk, **ENGLISH).content.decode()
    assert "3. Replies and reserves" in page and entry.ticket in page

    client.logout()
    page = client.get(reverse("panels:draw", args=[town.draw.pk]), {"ticket": entry.ticket}, **ENGLISH).content.decode()
    assert Draw.objects.get().list_hash in page and "drawn, seat given up" in page
    assert Matter.objects.first().number not in page
    record = client.get(reverse("panels:record", args=[town.draw.pk]))
    assert sortition.verify(json.loads(record.content)) == []


def test_the_rules_and_the_planned_seats_are_shown_before_the_list_is_frozen(client, town, now):
    page = client.get(reverse("panels:draw", args=[town.draw.pk]), **ENGLISH).content.decode()
    for sentence in (
        "Groups are made by sex.",
        "Each group has the number of seats that was fixed beforehand.",
        "A number that the candidates cannot meet gives way by as few people as possible, and openly.",
        "Each group has up to 2 reserves.",
        "Those drawn have 5 days to reply; a seat without a reply goes to a reserve.",
    ):
        assert page.count(sentence) == 1
    assert page.count('<th scope="row">female</th><td class="number">2</td>') == 1


def test_quotas_that_cannot_be_are_said_before_anything_is_frozen(client, town, now):
    town.draw.settings = {**town.draw.settings, "seats": 5}
    town.draw.save(update_fields=["settings"])
    officer(client, town)
    page = client.get(reverse("panels_desk:draw", args=[town.draw.pk]), **ENGLISH).content.decode()
    assert page.count("The quotas add up to 4 seats, but 5 are to be drawn; the recipe must be mended.") == 1


def test_the_desk_names_the_groups_in_words(client, town, now):
    town.candidates("ffmm")
    actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    actions.draw(by=town.officer, at=town.at, stage=town.draw, secret=SECRET)
    officer(client, town)
    page = client.get(reverse("panels_desk:draw", args=[town.draw.pk]), **ENGLISH).content.decode()
    assert (page.count("sex=f"), page.count('data-label="Quota group"><div>female<')) == (0, 2)
    assert page.count("4 people may still reply; until then the stage cannot be closed.") == 1
    narrowed = client.get(reverse("panels_desk:draw", args=[town.draw.pk]), {"state": "accepted"}, **ENGLISH)
    assert "Nothing matches" in narrowed.content.decode()
    file = client.get(reverse("panels_desk:draw", args=[town.draw.pk]), {"file": "csv"}, **ENGLISH)
    assert len(b"".join(file.streaming_content).splitlines()) == 5


def test_before_the_draw_everything_but_the_seed_is_published(client, town, now):
    town.candidates("ffmm")
    assert client.get(reverse("panels:record", args=[town.draw.pk])).status_code == 404
    draw = actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    found = json.loads(client.get(reverse("panels:record", args=[town.draw.pk])).content)
    assert (set(found), found["published_hash"]) == ({"published", "published_hash"}, draw.list_hash)
    assert len(found["published"]["panels"]) == 1000
    assert client.get(reverse("panels:draw", args=[town.draw.pk + 99])).status_code == 404


def test_somebody_drawn_accepts_on_the_page(client, town, now):
    town.candidates("ffmm")
    actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    actions.draw(by=town.officer, at=town.at, stage=town.draw, secret=SECRET)
    entry = Drawn.objects.filter(status="selected").select_related("matter__author").first()
    sign_in(client, entry.matter.author)
    page = client.get(reverse("panels:draw", args=[town.draw.pk]), **ENGLISH).content.decode()
    assert entry.ticket in page and "Accept the seat" in page
    assert client.post(reverse("panels:reply", args=[town.draw.pk]), {"accepts": "perhaps"}).status_code == 404
    client.post(reverse("panels:reply", args=[town.draw.pk]), {"accepts": "yes"})
    entry.refresh_from_db()
    assert entry.accepted is True


def test_officials_of_other_departments_and_citizens_do_not_see_the_desk(client, town, now):
    town.candidates("fm")
    desk = reverse("panels_desk:draw", args=[town.draw.pk])
    assert client.get(desk).status_code == 302
    Organisation.objects.create(code="other", kind="department", name_ko="다른 과", name_en="Other")
    officer(client, town, "other")
    assert client.get(desk).status_code == 403
    client.post(reverse("panels_desk:freeze", args=[town.draw.pk]), {"commitment": COMMITMENT})
    assert Draw.objects.count() == 0


def test_appointment_pages(client, town, now):
    town.candidates("ffmm")
    actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    actions.draw(by=town.officer, at=town.at, stage=town.draw, secret=SECRET)
    town.accept()
    town.close(stage=town.draw)
    town.open(stage=town.appoint)
    officer(client, town)
    assert client.get(reverse("panels_desk:appointment", args=[town.appoint.pk])).status_code == 200
    appoint = reverse("panels_desk:appoint", args=[town.appoint.pk])
    shown = client.get(appoint, **ENGLISH).content.decode()
    assert (shown.count("Seat in Assembly as "), "It is about 4 matters." in shown, Seat.objects.count()) == (
        4,
        True,
        0,
    )
    client.post(appoint)
    assert Seat.objects.count() == 4
    page = client.get(reverse("panels:appointment", args=[town.appoint.pk]), **ENGLISH).content.decode()
    assert "by lot" in page and "Letter of appointment" not in page
    client.logout()
    seat = Seat.objects.select_related("person").first()
    sign_in(client, seat.person)
    page = client.get(reverse("panels:appointment", args=[town.appoint.pk]), **ENGLISH).content.decode()
    assert page.count(f"No. {seat.pk}: you are appointed to Assembly.") == 1


def test_pages_cost_the_same_queries_for_few_and_many(client, town, now, django_assert_max_num_queries):
    town.candidates("ffffffffmmmmmmmm")
    actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    actions.draw(by=town.officer, at=town.at, stage=town.draw, secret=SECRET)
    officer(client, town)
    for name in ("panels:draw", "panels_desk:draw"):
        with django_assert_max_num_queries(20) as made:
            client.get(reverse(name, args=[town.draw.pk]))
        few = len(made)
        Drawn.objects.filter(status="reserve").update(status="selected", seat_stratum="sex=f")
        with django_assert_max_num_queries(few):
            client.get(reverse(name, args=[town.draw.pk]))


def test_pages_are_korean_first(client, town, now):
    page = client.get(reverse("panels:draw", args=[town.draw.pk])).content.decode()
    assert "추첨 방법" in page


def test_pages_of_a_draw_never_load_its_record(client, town, now, django_assert_num_queries):
    town.candidates("ffffmmmm")
    officer(client, town)
    actions.freeze(by=town.officer, at=town.at, stage=town.draw, commitment=COMMITMENT)
    actions.draw(by=town.officer, at=town.at, stage=town.draw, secret=SECRET, public="")
    seed = Draw.objects.get().record["draw"]["mixed"]
    for address, most in ((reverse("panels:draw", args=[town.draw.pk]), 9), (None, 13)):
        with django_assert_num_queries(most) as asked:
            page = client.get(address or reverse("panels_desk:draw", args=[town.draw.pk]))
        assert [row["sql"] for row in asked.captured_queries if ', "panels_draw"."record",' in row["sql"]] == []
        assert address is None or seed in page.content.decode()
