"""The pages of the process maker: from the card to the public page, and what nobody else may see or do."""

from collections.abc import Callable
from datetime import date

import pytest
from desk_world import AT, World, file, person
from django.test import Client
from django.urls import reverse

from madang.site.docket.actions import start
from madang.site.docket.models import Notice
from madang.site.kit.actor import SYSTEM
from madang.site.people.models import Person
from madang.site.programmes.models import Process, Recipe, Stage

CARD, PLAN = "/desk/cards/1-1/ideas/", "/desk/plans/1-1/ideas/2022/"
PUBLIC = "/processes/1-1/ideas/2022/"
FIRST, SECOND = ("2022-06-01", "2022-06-30"), ("2022-07-04", "2022-07-15")


@pytest.fixture(autouse=True)
def june(settings):
    settings.CLOCK_STARTS_AT = AT


@pytest.fixture
def card(world: World) -> Recipe:
    """The card of the made-up programme."""
    stages = [
        {"kind": "synthetic_call", "title_ko": ko, "title_en": en, "opens": opens, "closes": closes, "settings": {}}
        for ko, en, opens, closes in (
            ("접수", "Call", "06-01", "06-30"),
            ("투표", "Vote", "07-04", "07-15"),
        )
    ]
    content = {
        "code": "1-1/ideas",
        "programme": "1-1",
        "department": "office",
        "line": "",
        "title": {"ko": "제안", "en": "Ideas"},
        "facts": {},
        "stages": stages,
        "field_sets": {},
    }
    return Recipe.objects.create(
        code="1-1/ideas", programme=world.programme, title_ko="제안", title_en="Ideas", content=content
    )


@pytest.fixture
def officer(world: World, card: Recipe, enter: Callable[..., Client]) -> Client:
    """An officer of the card's department."""
    return enter(person("officer", "officer", organisation=world.department))


@pytest.fixture
def draft(officer: Client) -> Process:
    """A draft for 2022."""
    officer.post(CARD, {"year": 2022, "title_ko": "새 제안", "title_en": "New ideas"})
    return Process.objects.get(code="1-1/ideas/2022")


def written(*days: tuple[str, str]) -> str:
    return ",".join("/".join(pair) for pair in days)


def answers(one=FIRST, two=SECOND, *, saved=(FIRST, SECOND), shown=None, **more: str) -> dict[str, str]:
    """What the form of the plan sends."""
    days = {"opens_1": one[0], "closes_1": one[1], "opens_2": two[0], "closes_2": two[1]}
    hidden = {"saved": written(*saved), "shown": written(*(shown or saved))}
    return {**days, **hidden, "title_ko": "새 제안", "title_en": "New ideas", "step": "save", **more}


def days() -> list[tuple[str, str]]:
    rows = Stage.objects.filter(process__code="1-1/ideas/2022").order_by("order")
    return [(f"{row.opens_on}", f"{row.closes_on}") for row in rows]


def test_a_card_becomes_a_public_process(officer, card, draft):
    assert card.title in officer.get("/desk/cards/").content.decode()
    assert officer.get("/desk/processes/1-1/ideas/2022/").url == PLAN
    assert (draft.draft, days()) == (True, [FIRST, SECOND])
    assert officer.post(PLAN, answers(("2022-06-01", "2022-06-24"))).url == PLAN
    assert days() == [("2022-06-01", "2022-06-24"), SECOND]
    shown = officer.get(f"{PLAN}preview/").content.decode()
    assert (shown.count("Preview"), shown.count("Fri 24 Jun 2022")) == (1, 1)
    assert [Client().get(path).status_code for path in (PUBLIC, f"/api{PUBLIC[:-1]}")] == [404, 404]
    assert officer.post(f"{PLAN}publish/").url == "/desk/processes/1-1/ideas/2022/"
    assert Client(headers={"accept-language": "en"}).get(PUBLIC).content.decode().count("Fri 24 Jun 2022") == 1
    assert Client().get(f"/api{PUBLIC[:-1]}").json()["title_en"] == "New ideas"
    assert "1-1/ideas/2022" in Client().get("/programmes/1-1/").content.decode()


def test_a_changed_day_moves_its_neighbours_before_anything_is_saved(officer, draft):
    page = officer.post(PLAN, answers(("2022-06-01", "2022-07-02"), move="on"))
    assert page.status_code == 200
    assert page.context["form"]["opens_2"].value() == date(2022, 7, 6)
    assert page.context["worked_out"] == (
        "1 stage has moved along. Nothing is saved yet; look at the days, then save them."
    )
    assert days() == [FIRST, SECOND]
    told = answers(
        ("2022-06-01", "2022-07-02"),
        ("2022-07-06", "2022-07-17"),
        shown=(("2022-06-01", "2022-07-02"), ("2022-07-06", "2022-07-17")),
        move="on",
    )
    assert officer.post(PLAN, told).status_code == 302
    assert days() == [("2022-06-01", "2022-07-02"), ("2022-07-06", "2022-07-17")]


def test_the_preview_draws_the_days_before_and_says_by_how_much_they_move(officer, draft):
    page = officer.post(PLAN, answers(("2022-05-31", "2022-07-02"), step="look", move="on"))
    # From 31 May to 17 July are 47 days on a line of 1,000; the bars of before lie on the same line.
    rows = page.context["timeline"].rows
    assert [(row.moved, row.bar.start, row.before_bar.start) for row in rows] == [(-1, 0, 21), (2, 765, 723)]
    shown = page.content.decode()
    assert (shown.count('class="before"'), shown.count("1 day earlier"), shown.count("2 days later")) == (2, 1, 1)
    saved = officer.get(PLAN).context["timeline"].rows
    assert [(row.moved, row.before, row.before_bar.length) for row in saved] == [(0, None, 0)] * 2


def test_working_out_saves_nothing(officer, draft):
    page = officer.post(PLAN, answers(("2022-06-01", "2022-06-03"), step="look"))
    assert page.context["worked_out"] == "This is how the days would be. Nothing is saved yet."
    assert days() == [FIRST, SECOND]


def test_bad_days_are_told_beside_the_field_and_what_was_typed_stays(officer, draft):
    page = officer.post(PLAN, answers(("2022-06-10", "2022-06-09"), title_ko="고친 제목"))
    assert page.context["form"].errors == {
        "opens_1": ["Call closes before it opens (Fri 10 Jun 2022); change one of the two days."]
    }
    shown = page.content.decode()
    assert (shown.count('value="2022-06-09"'), shown.count('value="고친 제목"')) == (1, 1)
    page = officer.post(PLAN, answers(("soon", "")))
    assert list(page.context["form"].errors) == ["opens_1"]
    assert days() == [FIRST, SECOND]


def test_a_slip_in_the_year_is_told_and_moves_nothing(officer, draft):
    page = officer.post(PLAN, answers(("2022-06-01", "9999-12-31"), move="on"))
    assert page.context["form"].errors == {
        "opens_1": ["Call: Fri 31 Dec 9999 is far from the year 2022 of this process; check the year."]
    }
    assert days() == [FIRST, SECOND]


@pytest.mark.parametrize("saved", ["", "x", "2022-06-01/2022-06-30", "a/b,c/d", "2022-13-01/,/"])
def test_hidden_days_that_are_not_those_of_the_process_are_refused(officer, draft, saved):
    page = officer.post(PLAN, {**answers(("2022-06-02", "2022-06-30")), "saved": saved})
    assert (page.status_code, days()) == (200, [FIRST, SECOND])
    assert page.context["form"].errors


def test_days_that_somebody_else_changed_meanwhile_are_told_and_stay(officer, draft):
    page = officer.post(PLAN, answers(saved=(("2022-05-02", "2022-06-30"), SECOND)))
    assert page.context["form"].non_field_errors() == [
        "Somebody else has changed the days since you opened this page; open it anew and look again."
    ]
    assert days() == [FIRST, SECOND]


def test_the_same_card_and_year_again_is_told_on_the_form(officer, draft):
    page = officer.post(CARD, {"year": 2022, "title_ko": "다시"})
    assert page.context["form"].non_field_errors() == [
        "There is a process of this card for that year and area already: New ideas (1-1/ideas/2022)."
    ]
    assert Process.objects.filter(year=2022).count() == 1


def test_a_draft_is_nowhere_for_others(world, draft, enter, officer):
    stage = draft.stages.get(order=1)
    stranger = enter(person("stranger", "officer", "head", organisation=world.other))
    citizen = enter(person("citizen"))
    for client in (Client(), citizen, stranger):
        assert client.get(PUBLIC).status_code == 404
        assert "1-1/ideas/2022" not in client.get("/programmes/1-1/").content.decode()
        assert client.get("/api/processes/1-1/ideas/2022").status_code == 404
        assert "1-1/ideas/2022" not in client.get("/api/processes").content.decode()
        assert "1-1/ideas/2022" not in client.get("/record/").content.decode()
    assert officer.get(PUBLIC).status_code == 404
    assert list(Stage.public.filter(pk=stage.pk)) == []


@pytest.mark.parametrize("path", [PLAN, f"{PLAN}preview/", f"{PLAN}publish/", f"{PLAN}discard/"])
def test_others_do_not_reach_a_draft(world, draft, enter, path):
    method = "post" if path.endswith(("publish/", "discard/")) else "get"
    wanted = {
        person("stranger", "officer", "head", organisation=world.other): 404,
        person("citizen"): 403,
        person("auditor", "auditor"): 403,
    }
    for account, status in wanted.items():
        client = enter(account)
        assert getattr(client, method)(path).status_code == status
        assert client.post(PLAN, answers(("2022-06-02", "2022-06-30"))).status_code == status
    assert (Process.objects.get(pk=draft.pk).draft, days()) == (True, [FIRST, SECOND])


def test_another_department_cannot_take_the_card(world, card, enter):
    client = enter(person("stranger", "officer", organisation=world.other))
    assert "1-1/ideas" not in client.get("/desk/cards/").content.decode()
    client.post(CARD, {"year": 2022, "title_ko": "남의 것"})
    assert not Process.objects.filter(year=2022).exists()


def test_a_draft_cannot_be_opened_and_can_be_thrown_away(officer, draft):
    stage = draft.stages.get(order=1)
    officer.post(reverse("desk_desk:start", args=[stage.pk]))
    stage.refresh_from_db()
    assert stage.opened_at is None
    assert officer.post(f"{PLAN}discard/").url == "/desk/processes/"
    assert not Process.objects.filter(pk=draft.pk).exists()


def test_publishing_twice_is_told_and_done_once(officer, draft):
    officer.post(f"{PLAN}publish/")
    again = officer.post(f"{PLAN}publish/", follow=True)
    assert "published already" in again.content.decode()


def test_changed_public_days_are_on_the_page_with_the_reason(world, officer, draft):
    officer.post(f"{PLAN}publish/")
    no_reason = officer.post(PLAN, answers(FIRST, ("2022-07-06", "2022-07-15")))
    assert no_reason.context["form"].non_field_errors() == ["Give the reason; everybody reads it."]
    told = answers(FIRST, ("2022-07-06", "2022-07-15"), reason="합성 사유")
    assert officer.post(PLAN, told).url == "/desk/processes/1-1/ideas/2022/"
    shown = " ".join(Client(headers={"accept-language": "ko"}).get(PUBLIC).content.decode().split())
    assert (shown.count("기간이 바뀌었습니다"), shown.count("사유: 합성 사유")) == (1, 1)
    assert shown.count("<del>2022. 7. 4.(월) – 2022. 7. 15.(금)</del>") == 1


def test_those_who_filed_are_told_when_an_open_process_changes(world, officer):
    start(by=SYSTEM, at=AT, stage=world.call)
    author = Person.objects.get(account=person("author"))
    file(stage=world.call, title="합성", author=author)
    Notice.objects.all().delete()
    plan = "/desk/plans/1-1/ideas/2021/"
    page = officer.get(plan).context["form"]
    told = {name: page[name].value() or "" for name in page.fields if name != "move"}
    told |= {"closes_1": "2021-06-24", "reason": "합성 사유"}
    assert officer.post(plan, told).status_code == 302
    assert [(row.person_id, row.url) for row in Notice.objects.all()] == [(author.pk, "/processes/1-1/ideas/2021/")]


def test_the_plan_costs_a_fixed_number_of_queries(officer, draft, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        officer.get(PLAN)
