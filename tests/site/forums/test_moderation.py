"""Reports of comments: once for each person, decided with one button, told, and logged in public without the text."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import AT, citizen, file_matter, official, opened
from test_forums_pages import client_of, text

from madang.site.docket.models import Notice
from madang.site.forums import actions, queries
from madang.site.forums.models import Appeal, Comment, Report
from madang.site.forums.moderation import keep_comment, report_comment
from madang.site.forums.rules import RULES
from madang.site.kit.actor import VISITOR
from madang.site.kit.verdict import Refused
from madang.site.record.models import Event

pytestmark = pytest.mark.django_db
RUDE = "합성 욕설"


@pytest.fixture
def debate():
    (stage,) = opened(("discuss", {}))
    return stage


@pytest.fixture
def comment(debate):
    return actions.comment(by=citizen(), at=AT, matter=file_matter(stage=debate), text=RUDE)


def test_each_person_reports_once_and_nobody_the_own_comment(comment):
    reporter = citizen()
    for by, rule in ((VISITOR, "insult"), (citizen(), "boring")):
        with pytest.raises(Refused):
            report_comment(by=by, at=AT, comment=comment, rule=rule)
    report_comment(by=reporter, at=AT, comment=comment, rule="insult")
    with pytest.raises(Refused):
        report_comment(by=reporter, at=AT, comment=comment, rule="hate")
    assert Report.objects.count() == 1


def test_keeping_and_hiding_close_the_reports_and_tell_who_made_them(debate, comment):
    one, two, officer = citizen(), citizen(), official(debate.process)
    report_comment(by=one, at=AT, comment=comment, rule="insult")
    report_comment(by=two, at=AT, comment=comment, rule="hate")
    assert [(row.pk, row.report_count) for row in queries.reported(officer)] == [(comment.pk, 2)]
    (elsewhere,) = opened(("discuss", {}))
    assert list(queries.reported(official(elsewhere.process))) == []
    with pytest.raises(Refused):
        keep_comment(by=one, at=AT, comment=comment)
    keep_comment(by=officer, at=AT, comment=comment)
    assert list(queries.reported(officer)) == []
    kept = Notice.objects.filter(text_en="The comment you reported stays.")
    assert sorted(kept.values_list("person_id", flat=True)) == sorted([one.person_id, two.person_id])
    with pytest.raises(Refused):
        keep_comment(by=officer, at=AT, comment=comment)
    report_comment(by=citizen(), at=AT, comment=comment, rule="insult")
    actions.hide_comment(by=officer, at=AT, comment=comment, rule="insult")
    # In the city's language, whoever pressed the button.
    assert (comment.broken_rule, comment.hidden_reason) == ("insult", "누군가를 모욕하거나 위협합니다")
    assert Notice.objects.filter(text_en="The comment you reported was hidden.").count() == 1
    assert Report.objects.filter(decided_at=None).count() == 0


def test_another_rule_needs_a_reason_and_the_record_never_says_what_was_said(debate, comment):
    officer = official(debate.process)
    with pytest.raises(Refused):
        actions.hide_comment(by=officer, at=AT, comment=comment, rule="other")
    report_comment(by=citizen(), at=AT, comment=comment, rule="insult")
    actions.hide_comment(by=officer, at=AT, comment=comment, rule="other", reason="합성 사유")
    assert [event for event in Event.objects.all() if RUDE in str(event.data)] == []


def test_from_the_report_to_the_log(debate):
    matter = file_matter(stage=debate)
    author, reader = client_of(), client_of()
    moderator, colleague = client_of("moderator"), client_of("officer", debate.process.department)
    author.post(f"/forums/matters/{matter.pk}/", {"text": RUDE, "stance": "against"})
    comment = Comment.objects.get()
    there = f"/forums/comments/{comment.pk}/"
    assert "your own comment" in text(author, f"{there}report/")
    assert Client().get(f"{there}report/").status_code == 302
    assert f'href="{there}report/"' in text(reader, f"/forums/matters/{matter.pk}/")
    # No rule chosen: told beside the question and above.
    assert reader.post(f"{there}report/", {"rule": ""}).content.decode().count("This field is required.") == 2
    assert reader.post(f"{there}report/", {"rule": "insult"}).url == f"/forums/matters/{matter.pk}/"
    assert "already" in reader.post(f"{there}report/", {"rule": "hate"}).content.decode()
    queue = text(moderator, "/desk/forums/moderation/")
    assert (RUDE in queue, "1 report:" in queue, str(RULES["insult"]) in queue) == (True, True, True)
    assert RUDE in text(moderator, "/desk/?queue=forums.reports")
    assert reader.post(f"/desk/forums/comments/{comment.pk}/judge/", {"rule": "insult"}).status_code == 403
    assert moderator.post(f"/desk/forums/comments/{comment.pk}/judge/", {"rule": "insult"}).status_code == 302
    log = text(Client(headers={"Accept-Language": "en"}), "/forums/moderation/")
    assert (log.count(matter.title), RUDE in log) == (1, False)
    author.post(there, {"do": "object", "text": "합성 이의"})
    colleague.post(f"/desk/forums/appeals/{Appeal.objects.get().pk}/", {"upheld": "yes", "reason": "합성 인용"})
    log = text(Client(headers={"Accept-Language": "en"}), "/forums/moderation/")
    assert ("shown again" in log, "합성 인용" in log, RUDE in log) == (True, True, False)
    assert RUDE in text(reader, f"/forums/matters/{matter.pk}/")


@pytest.mark.parametrize("path", ["/desk/forums/moderation/", "/forums/moderation/"])
def test_the_pages_cost_the_same_queries_with_one_row_and_with_three(debate, path):
    moderator, counts = client_of("moderator"), []
    for more in (1, 2):
        for _ in range(more):
            for hides in (True, False):
                row = actions.comment(by=citizen(), at=AT, matter=file_matter(stage=debate), text=RUDE)
                report_comment(by=citizen(), at=AT, comment=row, rule="insult")
                if hides:
                    actions.hide_comment(by=official(debate.process), at=AT, comment=row, rule="insult")
        with CaptureQueriesContext(connection) as seen:
            assert moderator.get(path).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
