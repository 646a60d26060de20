"""Each page of the desk answers as it should for visitors, citizens and officials, in both languages."""

import json
import re
from datetime import timedelta

import pytest
from desk_world import AT, file, person
from django.test import Client

from madang import chain
from madang.site.docket import actions
from madang.site.docket.models import Follow, Matter, Notice
from madang.site.forums.models import Comment, Support
from madang.site.intake.models import Draft, PersonalAnswer
from madang.site.kit import clock
from madang.site.kit.actor import SYSTEM
from madang.site.ledger.models import Line
from madang.site.people.actors import actor_for
from madang.site.people.models import Identity, Person
from madang.site.programmes.models import Process, Stage
from madang.site.record.actions import seal_books

PUBLIC = [
    "/",
    "/programmes/",
    "/programmes/1-1/",
    "/processes/1-1/ideas/2021/",
    "/record/",
    "/record/books/1-1/ideas/2021/",
    "/record/chain/",
    "/healthz",
    "/readyz",
]
OWN = ["/my/", "/my/data.json", "/my/erase/"]
OFFICE = ["/desk/processes/", "/desk/processes/1-1/ideas/2021/"]


@pytest.fixture
def begun(world):
    """The world with its first stage open."""
    actions.start(by=SYSTEM, at=AT, stage=world.call)
    return world


def answers(client: Client, paths: list[str]) -> dict[str, int]:
    return {path: client.get(path).status_code for path in paths}


def test_a_visitor_sees_public_pages_and_is_sent_to_sign_in_elsewhere(begun, enter):
    client = enter()
    stage = f"/desk/stages/{begun.call.pk}/close/"
    assert answers(client, PUBLIC) == dict.fromkeys(PUBLIC, 200)
    paths = [*OWN, *OFFICE, "/desk/", stage]
    assert answers(client, paths) == dict.fromkeys(paths, 302)
    assert client.get("/my/")["Location"] == "/accounts/login/?next=/my/"


def test_a_citizen_sees_the_own_pages_and_no_desk(begun, enter):
    client = enter(person("citizen"))
    assert answers(client, [*PUBLIC, *OWN]) == dict.fromkeys([*PUBLIC, *OWN], 200)
    assert answers(client, [*OFFICE, "/desk/"]) == dict.fromkeys([*OFFICE, "/desk/"], 403)


def test_an_officer_runs_the_processes_of_the_own_department_only(begun, enter):
    own = enter(person("officer", "officer", organisation=begun.department))
    other = enter(person("stranger", "officer", organisation=begun.other))
    stage = f"/desk/stages/{begun.call.pk}/close/"
    paths = [*OFFICE, "/desk/", stage]
    assert answers(own, paths) == dict.fromkeys(paths, 200)
    assert answers(other, paths) == {"/desk/processes/": 200, OFFICE[1]: 403, "/desk/": 200, stage: 403}


def test_an_auditor_may_not_run_stages(begun, enter):
    client = enter(person("auditor", "auditor"))
    assert answers(client, ["/desk/", *OFFICE]) == {"/desk/": 200, OFFICE[0]: 403, OFFICE[1]: 403}


def test_pages_that_do_not_exist_are_404_in_both_languages(world, enter):
    english, korean = enter().get("/programmes/9-9/"), enter(language="ko").get("/programmes/9-9/")
    assert (english.status_code, korean.status_code) == (404, 404)
    assert re.findall("<h1>(.*)</h1>", english.text) == ["There is no such page"]
    assert re.findall("<h1>(.*)</h1>", korean.text) == ["없는 페이지입니다"]


@pytest.mark.parametrize(("language", "home"), [("ko", "지금 참여할 수 있어요"), ("en", "Open now")])
def test_the_home_page_says_what_is_open_and_until_when(begun, enter, language, home):
    page = enter(language=language).get("/").text
    assert re.findall(r'<h2 id="open-now">(.*?)</h2>', page) == [home]
    assert re.findall(r'<html lang="(\w+)">', page) == [language]
    assert re.findall(r'<time datetime="(.*?)">', page) == ["2021-06-30"]


def test_a_book_tells_each_event_in_words_and_with_its_verb(begun, enter):
    page = enter(language="ko").get("/record/books/1-1/ideas/2021/").text
    assert re.findall(r'<th scope="row">(.*?) <span class="meta">(.*?)</span>', page) == [
        ("단계가 열렸습니다", "stage.opened")
    ]


def test_planned_stages_are_shown_as_planned(begun, enter):
    page = enter().get("/programmes/1-1/").text
    assert re.findall(r'class="step step-(\w+)"', page) == ["open", "waiting", "planned"]


def test_an_officer_opens_and_closes_a_stage(world, enter):
    client = enter(person("officer", "officer", organisation=world.department))
    assert client.post(f"/desk/stages/{world.call.pk}/open/")["Location"] == "/desk/processes/1-1/ideas/2021/"
    world.call.refresh_from_db()
    assert world.call.state == "open"
    for number in range(3):
        file(stage=world.call, title=f"synthetic {number}")
    client.post(f"/desk/stages/{world.call.pk}/close/")
    world.call.refresh_from_db()
    assert (world.call.state, world.second.matters.count()) == ("closed", 3)


def test_a_citizen_cannot_open_a_stage(world, enter):
    assert enter(person("citizen")).post(f"/desk/stages/{world.call.pk}/open/").status_code == 403
    assert Stage.objects.get(pk=world.call.pk).state == "waiting"


def test_a_planned_stage_cannot_be_opened_and_the_reason_is_told(world, enter):
    client = enter(person("officer", "officer"))
    path = f"/desk/stages/{world.planned.pk}/open/"
    page = client.post(path, headers={"referer": f"http://testserver{path}"}, follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "This step is not built yet, so it cannot be opened."
    ]
    assert re.findall('<span class="why-not">(.*?)</span>', page.text) == [
        "This step is not built yet, so it cannot be opened."
    ]


def test_the_search_finds_every_word_and_the_receipt_number_and_hides_what_was_hidden(begun, enter):
    one = file(stage=begun.call, title="골목길 가로등 (synthetic)")
    file(stage=begun.call, title="골목길 벤치 (synthetic)")
    hidden = file(stage=begun.call, title="골목길 가로등 숨김 (synthetic)")
    hidden.stage, hidden.ended_at, hidden.ending = None, AT, "hidden"
    hidden.save()
    found = [
        [matter.number for matter in enter().get("/matters/", {"words": words}).context["page"]]
        for words in ("가로등 골목길", one.number, "없는말")
    ]
    assert found == [[one.number], [one.number], []]


def test_lists_page_by_25_and_keep_their_filters(begun, enter):
    for number in range(27):
        file(stage=begun.call, title=f"synthetic {number}")
    page = enter().get("/matters/", {"words": "synthetic", "page": "2"}).context["page"]
    assert (len(page), page.total, page.last) == (2, 27, 2)
    assert (page.previous, page.following) == ("?words=synthetic&page=1", "")


@pytest.mark.parametrize("path", ["/", "/programmes/", "/programmes/1-1/", "/processes/1-1/ideas/2021/", "/matters/"])
def test_public_pages_cost_the_same_queries_with_one_row_and_with_three(begun, enter, django_assert_num_queries, path):
    file(stage=begun.call, title="synthetic 1")
    count = _queries(enter(), path)
    for number in (2, 3):
        file(stage=begun.call, title=f"synthetic {number}")
        Line.objects.create(code=f"L{number}", fiscal_year=2021, department=begun.department, name_ko="줄", name_en="l")
        begun.programme.pk, begun.programme.code, begun.programme.slug = None, f"1-{number}", f"slug-{number}"
        begun.programme._state.adding = True
        begun.programme.save()
    assert _queries(enter(), path) == count


@pytest.mark.parametrize("path", ["/my/", "/desk/", "/desk/processes/", "/desk/processes/1-1/ideas/2021/"])
def test_pages_behind_sign_in_cost_the_same_queries_with_one_row_and_with_three(begun, enter, path):
    client = enter(person("officer", "officer", organisation=begun.department))
    me = Person.objects.get()
    file(stage=begun.call, title="synthetic 1", author=me)
    client.get(path)
    count = _queries(client, path)
    for number in (2, 3):
        matter = file(stage=begun.call, title=f"synthetic {number}", author=me)
        Notice.objects.create(person=me, matter=matter, text_ko="알림", text_en="notice", at=AT)
        Process.objects.create(
            code=f"1-1/ideas/{number}", programme=begun.programme, department=begun.department, year=2022, recipe={}
        )
    assert _queries(client, path) == count


def _queries(client: Client, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_my_data_is_complete_and_only_mine(begun, enter):
    account = person("citizen")
    me = Person.objects.get(account=account)
    matter = file(stage=begun.call, title="synthetic, mine", author=me)
    file(stage=begun.call, title="synthetic, of another")
    Support.objects.create(person=me, matter=matter, at=AT)
    Comment.objects.create(person=me, matter=matter, stance="for", text="synthetic comment", at=AT)
    told = json.loads(enter(account).get("/my/data.json").content)
    assert told["email"] == "citizen@example.invalid"
    assert [(row["number"], row["revisions"][0]["data"]) for row in told["matters"]] == [
        (matter.number, {"title": "synthetic, mine"})
    ]
    assert told["following"] == [matter.number]
    assert (told["supports"], [row["text"] for row in told["comments"]]) == ([matter.number], ["synthetic comment"])


def test_erasing_an_account_needs_the_check_box_and_then_forgets(begun, enter):
    account = person("citizen")
    me = Person.objects.get(account=account)
    client = enter(account)
    assert client.post("/my/erase/").status_code == 200
    assert Person.objects.get(pk=me.pk).account == account
    assert client.post("/my/erase/", {"sure": "on"}).status_code == 302
    me.refresh_from_db()
    assert (me.account, me.nickname, Identity.objects.filter(person=me).count()) == (None, "", 0)
    assert client.get("/my/").status_code == 302


def test_erasing_deletes_drafts_personal_answers_notices_and_ends_roles(begun, enter):
    account = person("officer", "officer")
    me, at = Person.objects.get(account=account), AT
    other = Person.objects.get(account=person("citizen"))
    for whose in (me, other):
        matter = file(stage=begun.call, title=f"synthetic of {whose.pk}", author=whose)
        Draft.objects.create(person=whose, stage=begun.call, data={}, updated_at=at)
        PersonalAnswer.objects.create(matter=matter, field="phone", sealed=b"synthetic", expires_at=at)
        Notice.objects.create(person=whose, text_ko="알림", text_en="notice", at=at)
        Follow.objects.get_or_create(person=whose, matter=matter, defaults={"at": at})
    enter(account).post("/my/erase/", {"sure": "on"})
    assert [set(rows.objects.values_list("person", flat=True)) for rows in (Draft, Notice, Follow)] == [{other.pk}] * 3
    assert set(PersonalAnswer.objects.values_list("matter__author", flat=True)) == {other.pk}
    assert [actor_for(me, clock.now()).grants, Matter.objects.filter(author=me).count()] == [frozenset(), 1]


def test_notices_are_read_once(begun, enter):
    account = person("citizen")
    me = Person.objects.get(account=account)
    Notice.objects.create(person=me, text_ko="알림", text_en="notice", at=AT)
    client = enter(account)
    assert client.get("/my/").context["unread"] == 1
    client.post("/my/notices/")
    assert client.get("/my/").context["unread"] == 0


def test_my_page_tells_the_unread_first_by_matter_and_keeps_the_read_below(begun, enter):
    account = person("citizen")
    me = Person.objects.get(account=account)
    one, two = (file(stage=begun.call, title=f"synthetic {name}", author=me) for name in ("one", "two"))
    for number, (matter, read) in enumerate([(one, None), (two, None), (one, None), (two, AT)]):
        moment = AT + timedelta(hours=number)
        Notice.objects.create(
            person=me, matter=matter, text_ko="알림", text_en=f"notice {number}", at=moment, read_at=read
        )
    page = enter(account).get("/my/")
    told = [(news.matter, [notice.text_en for notice in news.notices]) for news in page.context["news"]]
    assert told == [(one, ["notice 2", "notice 0"]), (two, ["notice 1"])]
    assert [notice.text_en for notice in page.context["read"]] == ["notice 3"]
    assert (page.context["unread"], page.context["unshown"], page.context["changed"]) == (3, 0, {one.pk, two.pk})
    assert re.findall(r'<li class="unread"><a href="/matters/(.*?)/">', page.text) == [one.number, two.number]


def test_my_page_counts_what_it_does_not_show(begun, enter):
    account = person("citizen")
    me = Person.objects.get(account=account)
    Notice.objects.bulk_create(Notice(person=me, text_ko="알림", text_en="notice", at=AT) for _number in range(27))
    page = enter(account).get("/my/")
    assert (page.context["unread"], page.context["unshown"]) == (27, 2)


def test_a_nickname_in_use_is_refused_with_a_sentence(begun, enter):
    Person.objects.filter(account=person("first")).update(nickname="마당쇠")
    client = enter(person("second"))
    page = client.post("/my/name/", {"nickname": "마당쇠"})
    assert page.context["form"].errors == {"nickname": ["Somebody else uses the name 마당쇠; please choose another."]}


def test_the_downloaded_chain_is_what_a_stranger_verifies(begun, enter, tmp_path):
    file(stage=begun.call, title="synthetic")
    seal_books(at=AT)
    target = tmp_path / "chain.jsonl"
    target.write_bytes(b"".join(enter().get("/record/chain/").streaming_content))
    with target.open("rb") as stream:
        assert chain.verify(stream).ok is True
    target.write_bytes(target.read_bytes().replace(b"matter.filed", b"matter.faked"))
    with target.open("rb") as stream:
        assert chain.verify(stream).ok is False


def test_followers_go_along(begun, enter):
    me = Person.objects.get(account=person("citizen"))
    matter = file(stage=begun.call, title="synthetic")
    from madang.site.people.actors import citizen

    actions.follow(by=citizen(me), at=AT, matter=matter)
    actions.follow(by=citizen(me), at=AT, matter=matter)
    assert list(Follow.objects.values_list("person_id", "matter_id")) == [(me.pk, matter.pk)]
    actions.unfollow(by=citizen(me), at=AT, matter=matter)
    assert Follow.objects.count() == 0
