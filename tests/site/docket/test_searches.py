"""Saved lists tell of every new matter in them, and only of those; pages save and forget them."""

from datetime import timedelta

import pytest
from django.test import Client
from factories import AT, OPEN_CALL, as_actor, citizen, file_matter, make_area, make_person, opened
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from madang.site.docket.models import Matter, Notice, Search
from madang.site.docket.queries import listed
from madang.site.docket.searches import MOST, forget_search, meets, save_search
from madang.site.kit.actor import VISITOR
from madang.site.kit.verdict import Refused
from madang.site.people.models import Account, Person

pytestmark = pytest.mark.django_db


def told():
    return list(Notice.objects.order_by("pk").values_list("person_id", "matter__title", "text_en", "url"))


def test_a_new_matter_is_told_once_to_everybody_who_watches_its_list_but_not_to_its_author():
    (stage,) = opened(("call", OPEN_CALL), code="parks")
    town = make_area()
    gu, other = make_area("town/north", "district", town), make_area("town/south", "district", town)
    watcher, author = citizen(), make_person()
    file_matter(stage=stage, title="합성 벤치 앞서", area_id=gu.pk)
    for wanted in ({"area": "town"}, {"words": "벤치"}, {"words": "벤치", "area": "town/north", "process": "parks"}):
        save_search(by=watcher, at=AT, wanted=wanted, name="합성 목록")
    save_search(by=as_actor(author), at=AT, wanted={"words": "벤치"}, name="합성")
    save_search(by=citizen(), at=AT, wanted={"words": "벤치 등불"}, name="합성")
    save_search(by=citizen(), at=AT, wanted={"area": "town/south"}, name="합성")
    bench = file_matter(stage=stage, title="공원 벤치", area_id=gu.pk, author=author)
    assert told() == [
        (watcher.person_id, "공원 벤치", "A new matter in your saved list: 합성 목록", f"/matters/{bench.number}/")
    ]
    Notice.objects.all().delete()
    file_matter(stage=stage, title="등불", area_id=other.pk)
    assert [row[1] for row in told()] == ["등불", "등불"]


def test_saving_twice_changes_nothing_and_there_is_a_limit():
    by = citizen()
    for _ in range(2):
        save_search(by=by, at=AT, wanted={"words": "합성", "state": "funded", "sort": "newest"}, name="합성")
    assert Search.objects.get().wanted == {"words": "합성"}
    for wanted in ({}, {"state": "funded"}, {"words": ""}):
        with pytest.raises(Refused):
            save_search(by=by, at=AT, wanted=wanted, name="합성")
    for number in range(1, MOST):
        save_search(by=by, at=AT, wanted={"words": f"합성 {number}"}, name="합성")
    with pytest.raises(Refused):
        save_search(by=by, at=AT, wanted={"words": "zuviel"}, name="합성")
    with pytest.raises(Refused):
        save_search(by=VISITOR, at=AT, wanted={"words": "합성"}, name="합성")
    with pytest.raises(Refused):
        forget_search(by=citizen(), at=AT, search=Search.objects.earliest("pk"))
    assert Search.objects.count() == MOST
    forget_search(by=by, at=AT + timedelta(days=1), search=Search.objects.earliest("pk"))
    assert Search.objects.count() == MOST - 1


class Law(TestCase):
    @settings(max_examples=40)
    @given(
        wanted=st.fixed_dictionaries(
            {},
            optional={
                "words": st.sampled_from(["벤치", "벤치 공원", "BENCH", "a b c", "law-00001"]),
                "process": st.sampled_from(["law", "other"]),
                "area": st.sampled_from(["law-town", "law-town/north", "law-t"]),
                "year": st.sampled_from([2021, 2022]),
                "field": st.sampled_from(["park", "road"]),
            },
        ),
        title=st.sampled_from(["공원 벤치", "Bench a b c", "등불"]),
        field=st.sampled_from(["park", ""]),
        placed=st.booleans(),
    )
    def test_a_matter_meets_a_saved_list_exactly_if_the_list_shows_it(self, wanted, title, field, placed):
        north = make_area("law-town/north", "district", make_area("law-town"))
        (stage,) = opened(("call", OPEN_CALL), code="law")
        area = north if placed else None
        matter = file_matter(stage=stage, title=title, field=field, area_id=area.pk if area else None)
        shown = listed(**wanted).filter(pk=matter.pk).exists()
        assert meets(wanted, matter, stage.process, area.code if area else "") == shown


def browser() -> Client:
    account = Account.objects.create_user(f"{Account.objects.count()}@example.invalid", "synthetic-password")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(account)
    client.person = Person.objects.create(pseudonym=f"watcher-{account.pk}", account=account, created_at=AT)
    return client


def test_a_filtered_list_is_saved_with_one_button_and_forgotten_on_my_page():
    (stage,) = opened(("call", OPEN_CALL))
    make_area()
    file_matter(stage=stage, title="합성 벤치")
    client = browser()
    assert "Tell me of new ones" not in client.get("/matters/").content.decode()
    page = client.get("/matters/?words=벤치&area=town&state=under_way").content.decode()
    assert ("Tell me of new ones" in page, 'name="words" value="벤치"' in page) == (True, True)
    answer = client.post("/searches/", {"words": "벤치", "area": "town"})
    assert answer.url == "/matters/?words=%EB%B2%A4%EC%B9%98&area=town"
    search = Search.objects.get()
    assert (search.wanted, search.name) == ({"words": "벤치", "area": "town"}, "벤치 · Town")
    mine = client.get("/my/").content.decode()
    assert "벤치 · Town" in mine
    browser().post(f"/searches/{search.pk}/forget/")
    assert Search.objects.count() == 1
    assert client.post(f"/searches/{search.pk}/forget/").url == "/my/"
    assert Search.objects.count() == 0
    assert Client().post("/searches/", {"words": "벤치"}).url == "/accounts/login/?next=/searches/"
    assert Matter.objects.count() == 1
