"""The pages of support and debate, forums, and moderation."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import citizen, file_matter, make_process, opened, stages_of

from madang.site.forums import actions
from madang.site.forums.models import Appeal, Comment, Forum, Support
from madang.site.kit import clock
from madang.site.people.models import Account, Person, RoleGrant

pytestmark = pytest.mark.django_db
RULES = {"thresholds": [{"since": "2021-01-01", "supports": 2}], "rolling": True, "days": 10}


def client_of(role: str = "", office=None) -> Client:
    """A signed-in browser of a synthetic person who reads English."""
    account = Account.objects.create_user(f"{Account.objects.count()}@example.invalid", "synthetic-password")
    person = Person.objects.create(
        pseudonym=f"page-{account.pk}", account=account, synthetic=True, created_at=clock.now()
    )
    if role:
        RoleGrant.objects.create(person=person, role=role, organisation=office, valid_from=clock.now())
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(account)
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_supporting_shows_its_count_and_the_second_one_lets_it_pass():
    stage, debate = opened(("support", RULES), ("discuss", {}))
    matter = file_matter(stage=stage, at=clock.now())
    there = f"/forums/matters/{matter.pk}/"
    assert "Please sign in to support this." in text(Client(headers={"Accept-Language": "en"}), there)
    client = client_of()
    client.post(f"{there}support/")
    assert "Take my support back" in text(client, there)
    client.post(f"{there}unsupport/")
    assert Support.objects.filter(withdrawn_at__isnull=True).count() == 0
    for _ in range(2):
        client_of().post(f"{there}support/")
    matter.refresh_from_db()
    assert matter.stage == debate
    assert matter.title in text(client, f"/forums/discussions/{debate.pk}/")
    assert matter.title not in text(client, f"/forums/support/{stage.pk}/")


def test_after_supporting_one_is_back_where_the_button_was():
    stage, _debate = opened(("support", RULES), ("discuss", {}))
    matter = file_matter(stage=stage, at=clock.now())
    there, client = f"/forums/matters/{matter.pk}/", client_of()
    page = f"/matters/{matter.number}/"
    back = [
        client.post(f"{there}support/", {"pressed_on": "matter"})["Location"],
        client.post(f"{there}unsupport/", {"pressed_on": "matter"})["Location"],
        client.post(f"{there}support/", {"pressed_on": "https://elsewhere.invalid/"})["Location"],
    ]
    assert back == [page, page, there]


def test_a_visitor_is_not_asked_to_sign_in_for_support_that_is_over():
    stage, _debate = opened(("support", RULES), ("discuss", {}))
    past = file_matter(stage=stage)
    page = text(Client(headers={"Accept-Language": "en"}), f"/forums/matters/{past.pk}/")
    assert ("The days for support ended on" in page, "Please sign in to support this." in page) == (True, False)


def test_a_comment_is_published_liked_and_hidden_and_the_author_objects():
    (debate,) = opened(("discuss", {}))
    matter = file_matter(stage=debate)
    there, author, reader = f"/forums/matters/{matter.pk}/", client_of(), client_of()
    author.post(there, {"text": "합성 **의견** <script>", "stance": "for"})
    comment = Comment.objects.get()
    page = text(reader, there)
    assert "<strong>의견</strong>" in page
    assert "<script>" not in page.split("<main")[1]
    reader.post(f"/forums/comments/{comment.pk}/like/")
    assert comment.likes.count() == 1
    moderator, colleague = client_of("moderator"), client_of("officer", debate.process.department)
    moderator.post(f"/desk/forums/comments/{comment.pk}/hide/", {"rule": "other", "reason": "합성 사유"})
    page = text(reader, there)
    assert "합성 사유" in page
    assert "의견</strong>" not in page
    assert "Object once" in text(author, f"/forums/comments/{comment.pk}/")
    assert (
        "object_text" in author.post(f"/forums/comments/{comment.pk}/", {"do": "object", "text": ""}).content.decode()
    )
    author.post(f"/forums/comments/{comment.pk}/", {"do": "object", "text": "합성 이의"})
    appeal = Appeal.objects.get()
    assert "합성 이의" in text(colleague, "/desk/forums/moderation/")
    assert "yourself" in text(moderator, f"/desk/forums/appeals/{appeal.pk}/")
    colleague.post(f"/desk/forums/appeals/{appeal.pk}/", {"upheld": "yes", "reason": "합성"})
    assert "의견</strong>" in text(reader, there)


def test_a_comment_without_text_is_asked_for_again():
    (debate,) = opened(("discuss", {}))
    matter = file_matter(stage=debate)
    answer = client_of().post(f"/forums/matters/{matter.pk}/", {"text": "", "stance": "for"})
    assert (answer.status_code, Comment.objects.count()) == (200, 0)


def test_whoever_says_too_much_in_a_short_time_waits():
    (debate,) = opened(("discuss", {}))
    matter, client = file_matter(stage=debate), client_of()
    for number in range(21):
        answer = client.post(f"/forums/matters/{matter.pk}/", {"text": f"합성 {number}", "stance": "neutral"})
    assert "too often" in answer.content.decode()
    assert Comment.objects.count() == 20


def test_the_office_opens_a_forum_and_closes_it_with_a_result():
    process = make_process(("discuss", {"forums": True}))
    officer, day = client_of("officer", process.department), clock.day_of(clock.now())
    officer.post(
        "/desk/forums/new/",
        {
            "process": process.pk,
            "kind": "city_asks",
            "title_ko": "합성 공론장",
            "title_en": "Synthetic forum",
            "question_ko": "합성?",
            "opens_on": day.isoformat(),
            "closes_on": day.isoformat(),
        },
    )
    forum = Forum.objects.get()
    citizen_client = client_of()
    citizen_client.post(f"/forums/{forum.pk}/", {"text": "합성 의견", "stance": "neutral"})
    assert "합성 의견" in text(citizen_client, f"/forums/{forum.pk}/")
    assert "Synthetic forum" in text(citizen_client, "/forums/")
    assert citizen_client.get(f"/desk/forums/{forum.pk}/close/").status_code == 403
    officer.post(f"/desk/forums/{forum.pk}/close/", {"result_ko": "합성 결과", "result_en": "Synthetic result"})
    assert "Synthetic result" in text(citizen_client, f"/forums/{forum.pk}/")


def test_the_desk_concludes_debates_and_ends_what_missed_its_days():
    support, debate, after = opened(("support", RULES), ("discuss", {"rolling": True}), ("answer", {}))
    old, spoken = file_matter(stage=support), file_matter(stage=debate)
    officer = client_of("officer", support.process.department)
    assert old.title in text(officer, f"/desk/forums/support/{support.pk}/")
    settle, conclude = f"/desk/forums/support/{support.pk}/settle/", f"/desk/forums/discussions/{debate.pk}/"
    said = {"matters": [spoken.pk, old.pk], "note": "합성 결론"}
    shown = text(officer, settle), officer.post(conclude, said).content.decode()
    assert ["its journey ends here" in page for page in shown] == [True, False]
    assert "discussed; it goes on to “Stage 3” and the author is told now." in shown[1]
    assert f"{old.number} is not in this stage." in shown[1]
    for row in (old, spoken):
        row.refresh_from_db()
    assert (old.ending, spoken.stage) == ("", debate)
    assert officer.post(settle).status_code == 302
    assert officer.post(conclude, {**said, "matters": [spoken.pk], "confirm": "yes"}).status_code == 302
    for row in (old, spoken):
        row.refresh_from_db()
    assert (old.ending, spoken.stage) == ("not_supported", after)


PATHS = ["/forums/support/{support}/", "/desk/forums/support/{support}/", "/forums/matters/{matter}/"]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_costs_the_same_queries_with_one_row_and_with_three(path):
    (support,) = opened(("support", {**RULES, "days": None}))
    matter = file_matter(stage=support)
    officer = client_of("officer", stages_of(support.process)[0].process.department)
    address, counts = path.format(support=support.pk, matter=matter.pk), []
    for more in (1, 2):
        for _ in range(more):
            file_matter(stage=support)
            actions.comment(by=citizen(), at=clock.now(), matter=matter, text="합성")
        with CaptureQueriesContext(connection) as seen:
            text(officer, address)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_debate_without_sides_does_not_ask_for_one():
    (debate,) = opened(("discuss", {"stances": False}))
    there = f"/forums/matters/{file_matter(stage=debate).pk}/"
    client = client_of()
    assert 'name="stance"' not in text(client, there)
    assert client.post(there, {"text": "합성"}).status_code == 302
    assert Comment.objects.get().stance == "neutral"


def test_a_like_is_given_and_taken_back_and_a_reply_stands_under_its_comment():
    (debate,) = opened(("discuss", {}))
    matter, author, reader = file_matter(stage=debate), client_of(), client_of()
    author.post(f"/forums/matters/{matter.pk}/", {"text": "합성 의견", "stance": "for"})
    comment = Comment.objects.get()
    there, address = f"/forums/matters/{matter.pk}/", f"/forums/comments/{comment.pk}/"
    assert 'value="unlike"' not in text(reader, there)
    assert 'value="like"' not in text(author, there)
    reader.post(f"{address}like/", {"do": "like"})
    assert 'value="unlike"' in text(reader, there)
    visitor = Client(headers={"Accept-Language": "en"})
    assert "likes 1" in text(visitor, there)
    assert visitor.post(f"{address}like/", {"do": "like"}).status_code == 302
    reader.post(f"{address}like/", {"do": "unlike"})
    assert comment.likes.count() == 0
    assert reader.post(address, {"text": "합성 답글"}).url == address
    assert "합성 답글" in text(visitor, address)
    assert visitor.post(address, {"text": "합성"}).url == f"/accounts/login/?next={address}"
    assert Comment.objects.count() == 2
    assert "Reply to" in text(visitor, there)


def test_a_forum_grows_from_proposals_named_by_their_numbers():
    (debate,) = opened(("discuss", {"forums": True}))
    matter, officer = file_matter(stage=debate), client_of("officer", debate.process.department)
    day = clock.day_of(clock.now()).isoformat()
    data = {"process": debate.process.pk, "kind": "citizen_debate", "title_ko": "합성", "question_ko": "합성?"}
    data |= {"opens_on": day, "closes_on": day}
    page = officer.post("/desk/forums/new/", {**data, "numbers": f"{matter.number} X-1"}).content.decode()
    assert "There is no proposal with the number X-1." in page
    assert Forum.objects.count() == 0
    answer = officer.post("/desk/forums/new/", {**data, "numbers": matter.number})
    forum = Forum.objects.get()
    assert (answer.url, list(forum.matters.all())) == (f"/forums/{forum.pk}/", [matter])
