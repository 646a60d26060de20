"""The page of a matter says what became of it, and hides what was hidden."""

import re
from datetime import timedelta

import pytest
from desk_world import AT, file, person

from madang.site.docket import actions
from madang.site.docket.models import Follow, Matter
from madang.site.forums.models import Comment, CommentLike
from madang.site.intake.models import Form
from madang.site.kit.actor import SYSTEM
from madang.site.people.models import Person


@pytest.fixture
def matter(world) -> Matter:
    """A synthetic matter in the open first stage."""
    actions.start(by=SYSTEM, at=AT, stage=world.call)
    return file(stage=world.call, title="synthetic")


def test_the_way_shows_where_it_is_and_what_was_decided(world, matter, enter):
    page = enter().get(f"/matters/{matter.number}/").text
    assert re.findall(r'class="step step-(\w+)"', page) == ["open", "waiting", "planned"]
    actions.finish(by=SYSTEM, at=AT, stage=world.call)
    page = enter().get(f"/matters/{matter.number}/").text
    assert re.findall(r'class="step step-(\w+)"', page) == ["closed", "open", "planned"]
    assert re.findall(r'<span class="badge badge-good" >(.*?)</span>', page) == ["suitable"]


@pytest.mark.parametrize(("language", "question"), [("ko", "내용을 적어 주세요"), ("en", "What is it about?")])
def test_answers_stand_under_the_questions_of_their_form(matter, enter, language, question):
    field = {"code": "title", "type": "text", "ko": "내용을 적어 주세요", "en": "What is it about?"}
    Form.objects.create(code="idea", version=1, title_ko="제안", title_en="Idea", fields=[field])
    page = enter(language=language).get(f"/matters/{matter.number}/").text
    assert re.findall("<h3>(.*?)</h3><p>(.*?)</p>", page) == [(question, "synthetic")]


def test_a_hidden_matter_is_shown_to_its_author_and_its_office_only(world, matter, enter):
    author, officer = person("author"), person("officer", "officer", organisation=world.department)
    stranger = person("stranger", "officer", organisation=world.other)
    matter.author = Person.objects.get(account=author)
    matter.stage, matter.ended_at, matter.ending = None, AT, "hidden"
    matter.save()
    path = f"/matters/{matter.number}/"
    clients = [enter(), enter(author), enter(officer), enter(stranger)]
    assert [client.get(path).status_code for client in clients] == [404, 200, 200, 404]


def test_the_best_comments_for_and_against_stand_on_top_and_hidden_ones_are_not_shown(matter, enter):
    rows = {}
    for stance, likes in (("for", 0), ("for", 2), ("for", 1), ("for", 0), ("against", 1), ("neutral", 0)):
        text = f"{stance} with {likes}, {len(rows)}"
        rows[text] = Comment.objects.create(
            matter=matter, stance=stance, text=text, at=AT + timedelta(minutes=len(rows))
        )
        for number in range(likes):
            liking = Person.objects.create(pseudonym=f"liking-{len(rows)}-{number}", created_at=AT)
            CommentLike.objects.create(comment=rows[text], person=liking, at=AT)
    Comment.objects.create(matter=matter, stance="for", text="secret", at=AT, hidden_at=AT, hidden_reason="x")
    story = enter().get(f"/matters/{matter.number}/").context["story"]
    assert {stance: [row.text for row in best] for stance, best in story.comments.items()} == {
        "for": ["for with 2, 1", "for with 1, 2", "for with 0, 3"],
        "against": ["against with 1, 4"],
        "neutral": ["neutral with 0, 5"],
    }


def test_following_is_for_people_who_are_signed_in_and_says_so(matter, enter):
    path = f"/matters/{matter.number}/"
    page = enter().get(path).text
    assert re.findall('<span class="why-not">(.*?)</span>', page) == ["Please sign in to follow a matter."]
    assert enter().post(f"{path}follow/").url == f"/accounts/login/?next={path}follow/"
    client = enter(person("citizen"))
    client.post(f"{path}follow/")
    assert Follow.objects.count() == 1
    client.post(f"{path}unfollow/")
    assert Follow.objects.count() == 0


def test_the_page_costs_the_same_queries_with_one_row_and_with_three(matter, enter):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for turn in range(3):
        with CaptureQueriesContext(connection) as caught:
            assert enter().get(f"/matters/{matter.number}/").status_code == 200
        counts.append(len(caught))
        for number in (2, 3):
            Comment.objects.create(
                matter=matter,
                stance="for",
                text=f"synthetic {number}",
                at=AT,
                person=Person.objects.create(pseudonym=f"p-{turn}-{number}", created_at=AT),
            )
            other = file(stage=matter.stage, title=f"synthetic {number}")
            actions.link(by=SYSTEM, at=AT, source=other, target=matter, kind="derived_from")
    # Comments are asked for only where there are any.
    assert counts == [counts[0], counts[0] + 1, counts[0] + 1]


def test_an_unknown_number_is_a_404(world, enter):
    assert enter().get("/matters/nothing-1/").status_code == 404
