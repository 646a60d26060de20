"""Support with thresholds of the day, debate, forums, and moderation with one objection."""

from datetime import timedelta

import pytest
from django.utils import translation
from factories import (
    AT,
    as_actor,
    citizen,
    close_stage,
    day,
    file_matter,
    make_person,
    make_process,
    official,
    opened,
    pass_on,
)

from madang.site.docket.models import Matter, Notice, Passage
from madang.site.forums import actions, queries
from madang.site.forums.models import Appeal, Comment, Forum, Support
from madang.site.intake import actions as intake
from madang.site.kit.actor import SYSTEM, VISITOR
from madang.site.kit.clock import day_of
from madang.site.kit.figures import query_named
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused
from madang.site.record.models import Event

pytestmark = pytest.mark.django_db
FROM_MAY = [{"since": "2021-05-01", "supports": 3}, {"since": "2021-06-02", "supports": 2}]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def seeking(*, rolling=True, **extra):
    """A support stage followed by a debate, and a matter in it."""
    support, debate = opened(("support", {"thresholds": FROM_MAY, "rolling": rolling, **extra}), ("discuss", {}))
    return support, debate, file_matter(stage=support, author=make_person())


def support(matter, at=AT, times=1):
    matter.refresh_from_db()
    return [actions.support(by=citizen(), at=at, matter=matter) for _ in range(times)]


def test_it_passes_when_it_has_the_supports_of_the_day():
    stage, debate, matter = seeking()
    support(matter, times=2)
    assert matter.stage == stage
    support(matter)
    assert matter.stage == debate
    assert list(Passage.objects.values_list("outcome", "reason")) == [("supported", "필요한 공감 3건을 채웠습니다.")]


def test_a_lower_threshold_counts_from_its_day_in_the_city_on():
    _stage, debate, matter = seeking()
    support(matter)
    eve = AT.replace(hour=14, minute=59)
    assert (queries.threshold_on(matter.stage, day(1)), queries.threshold_on(matter.stage, day(2))) == (3, 2)
    support(matter, at=eve)
    assert matter.stage != debate
    Support.objects.filter(at=eve).delete()
    support(matter, at=eve + timedelta(minutes=1))
    assert matter.stage == debate


def test_there_is_no_threshold_before_the_first_rule():
    stage, _debate, _matter = seeking()
    assert queries.threshold_on(stage, day(1).replace(month=4)) is None


def test_nobody_supports_twice_or_their_own_or_without_signing_in():
    _stage, _debate, matter = seeking()
    by = citizen()
    actions.support(by=by, at=AT, matter=matter)
    for wrong in (by, as_actor(matter.author), VISITOR):
        with pytest.raises(Refused):
            actions.support(by=wrong, at=AT, matter=matter)
    assert (Support.objects.count(), Event.objects.filter(verb="matter.supported").count()) == (1, 1)


def test_support_taken_back_does_not_count_and_can_be_given_again():
    _stage, _debate, matter = seeking()
    by = citizen()
    actions.support(by=by, at=AT, matter=matter)
    actions.unsupport(by=by, at=AT + timedelta(days=1), matter=matter)
    assert queries.supports_of(matter.pk) == 0
    with pytest.raises(Refused):
        actions.unsupport(by=by, at=AT, matter=matter)
    actions.support(by=by, at=AT + timedelta(days=2), matter=matter)
    assert queries.supports_of(matter.pk) == 1
    figure = query_named("forums.supports")
    asked = figure.Arguments(process=matter.process.code)
    assert [figure.records(asked, day(number)).value() for number in (1, 2, 3)] == [1, 0, 1]


def test_supports_of_what_was_merged_count_each_person_once():
    stage, _debate, into = seeking(rolling=False)
    other = file_matter(stage=stage)
    both = citizen()
    for matter in (into, other):
        actions.support(by=both, at=AT, matter=matter)
    support(other)
    intake.merge(by=SYSTEM, at=AT, stage=stage, into=into, matters=[other], reason="합성")
    assert queries.supports_of(into.pk) == 2
    assert queries.supports_by_matter(stage) == {into.pk: 2}


def test_closing_passes_what_has_enough_and_ends_the_rest():
    stage, debate, matter = seeking(rolling=False)
    poor = file_matter(stage=stage)
    support(matter, times=3)
    support(poor, times=2)
    close_stage(stage=stage)
    assert list(Matter.objects.order_by("pk").values_list("stage_id", "ending")) == [
        (debate.pk, ""),
        (None, "not_supported"),
    ]
    assert Passage.objects.get(matter=poor).reason == "공감 3건 가운데 2건."


def test_what_missed_its_days_is_ended_and_nothing_else():
    stage, _debate, old = seeking(days=10)
    young = file_matter(stage=stage, at=AT + timedelta(days=5))
    officer = official(stage.process)
    with pytest.raises(Refused, match="No matter is overdue"):
        actions.settle_support(by=officer, at=AT + timedelta(days=10), stage=stage)
    with pytest.raises(Refused):
        actions.settle_support(by=citizen(), at=AT + timedelta(days=11), stage=stage)
    actions.settle_support(by=officer, at=AT + timedelta(days=11), stage=stage)
    assert list(Matter.objects.filter(stage=stage)) == [young]
    assert Matter.objects.get(pk=old.pk).ending == "not_supported"


def test_a_debate_is_concluded_matter_by_matter_with_a_note():
    debate, after = opened(("discuss", {"rolling": True}), ("answer", {}))
    one, two = file_matter(stage=debate), file_matter(stage=debate)
    with pytest.raises(Refused):
        actions.conclude(by=citizen(), at=AT, stage=debate, matters=[one], note="합성")
    actions.conclude(by=official(debate.process), at=AT, stage=debate, matters=[one], note="합성 결론")
    assert list(Matter.objects.order_by("pk").values_list("stage_id", flat=True)) == [after.pk, debate.pk]
    assert Passage.objects.get().reason == "합성 결론"
    close_stage(stage=debate)
    assert Passage.objects.get(matter=two).outcome == "discussed"


def test_comments_stand_on_matters_under_way_and_never_in_the_chain():
    (debate,) = opened(("discuss", {}))
    matter = file_matter(stage=debate)
    comment = actions.comment(by=citizen(), at=AT, matter=matter, text=" 합성 댓글 ", stance="for")
    assert (comment.text, comment.stance) == ("합성 댓글", "for")
    assert [event for event in Event.objects.all() if "합성 댓글" in str(event.data)] == []
    pass_on(stage=debate, outcomes=[Outcome(matter.pk, "discussed", True)])
    matter.refresh_from_db()
    with pytest.raises(Refused, match="has ended"):
        actions.comment(by=citizen(), at=AT, matter=matter, text="합성")


@pytest.mark.parametrize(
    "wrong", [{"text": "  "}, {"text": "x" * 2001}, {"stance": "maybe"}, {"stance": "for"}, {"by": VISITOR}]
)
def test_a_wrong_comment_changes_nothing(wrong):
    (debate,) = opened(("discuss", {"stances": False}))
    matter = file_matter(stage=debate)
    given = {"by": citizen(), "text": "합성", **wrong}
    with pytest.raises(Refused):
        actions.comment(at=AT, matter=matter, **given)
    assert Comment.objects.count() == 0


def forum(process, **extra):
    given = {"title_ko": "합성 공론장", "question_ko": "합성 질문?", "opens_on": day(1), "closes_on": day(10)}
    return actions.open_forum(by=official(process), at=AT, process=process, kind="city_asks", **{**given, **extra})


def test_a_forum_is_open_on_its_days_and_closed_with_a_result():
    process = make_process(("discuss", {"forums": True}))
    found = forum(process)
    actions.comment(by=citizen(), at=AT + timedelta(days=9), forum=found, text="합성")
    with pytest.raises(Refused):
        actions.comment(by=citizen(), at=AT + timedelta(days=10), forum=found, text="합성")
    with pytest.raises(Refused):
        actions.close_forum(by=citizen(), at=AT, forum=found, result_ko="합성")
    with pytest.raises(Refused):
        actions.close_forum(by=official(process), at=AT, forum=found, result_ko=" ")
    actions.close_forum(by=official(process), at=AT, forum=found, result_ko="합성 결과", result_en="Result")
    assert Forum.objects.get().result == "Result"
    with pytest.raises(Refused):
        actions.close_forum(by=official(process), at=AT, forum=found, result_ko="합성")


@pytest.mark.parametrize("wrong", [{"opens_on": day(11)}, {"title_ko": ""}, {"question_ko": " "}])
def test_a_wrong_forum_is_refused(wrong):
    process = make_process(("discuss", {}))
    with pytest.raises(Refused):
        forum(process, **wrong)
    assert Forum.objects.count() == 0


def test_a_like_counts_once_and_not_for_the_own_comment():
    process = make_process(("discuss", {}))
    author = citizen()
    comment = actions.comment(by=author, at=AT, forum=forum(process), text="합성")
    fan = citizen()
    actions.like(by=fan, at=AT, comment=comment)
    for wrong in (fan, author, VISITOR):
        with pytest.raises(Refused):
            actions.like(by=wrong, at=AT, comment=comment)
    (row,) = queries.comments(forum=comment.forum, person_id=fan.person_id)
    assert (row.like_count, row.liked) == (1, True)


def test_hiding_tells_the_author_who_objects_once_and_a_colleague_decides():
    process = make_process(("discuss", {}))
    author, moderator = citizen(), as_actor(make_person(), "moderator")
    comment = actions.comment(by=author, at=AT, forum=forum(process), text="합성")
    with pytest.raises(Refused):
        actions.hide_comment(by=citizen(), at=AT, comment=comment, reason="합성")
    with pytest.raises(Refused):
        actions.hide_comment(by=moderator, at=AT, comment=comment, reason=" ")
    actions.hide_comment(by=moderator, at=AT, comment=comment, reason="합성 사유")
    assert Notice.objects.get(person_id=author.person_id).text_en == "Your comment was hidden: 합성 사유"
    with pytest.raises(Refused):
        actions.appeal(by=citizen(), at=AT, comment=comment, text="합성")
    appeal = actions.appeal(by=author, at=AT, comment=comment, text="합성 이의")
    with pytest.raises(Refused, match="already"):
        actions.appeal(by=author, at=AT, comment=comment, text="합성 이의")
    with pytest.raises(Refused, match="yourself"):
        actions.decide_appeal(by=moderator, at=AT, appeal=appeal, upheld=True, reason="합성")
    actions.decide_appeal(by=official(process), at=AT, appeal=appeal, upheld=True, reason="합성")
    assert (Comment.objects.get().hidden_at, Appeal.objects.get().upheld) == (None, True)


def test_figures_count_as_of_the_end_of_the_day():
    process = make_process(("discuss", {}))
    found = forum(process)
    comment = actions.comment(by=citizen(), at=AT, forum=found, text="합성")
    actions.like(by=citizen(), at=AT + timedelta(days=1), comment=comment)
    actions.hide_comment(by=SYSTEM, at=AT + timedelta(days=2), comment=comment, reason="합성")

    def value(name, number, **extra):
        figure = query_named(name)
        return figure.records(figure.Arguments(process=process.code, **extra), day(number)).value()

    assert [value("forums.forums", 1, kind=kind) for kind in ("city_asks", "citizen_debate")] == [1, 0]
    days = [value("forums.forums", 1, title=found.title_ko, day=one) for one in ("opens_on", "closes_on")]
    assert days == [found.opens_on, found.closes_on]
    assert value("forums.forums", 1, title="합성: 다른 것", day="opens_on") is None
    assert [value("forums.comments", number) for number in (1, 2, 3)] == [1, 1, 0]
    assert [value("forums.likes", number) for number in (1, 2, 3)] == [0, 1, 0]
    assert value("forums.comments", 1, on="matters") == 0


def test_settling_passes_on_what_a_lower_threshold_or_a_merger_lets_through():
    stage, debate, lowered = seeking(days=30)
    into, merged, poor = [file_matter(stage=stage, title=f"합성 {number}") for number in range(3)]
    support(lowered, times=2)
    both = citizen()
    for matter in (into, merged):
        actions.support(by=both, at=AT, matter=matter)
    support(merged)
    intake.merge(by=SYSTEM, at=AT, stage=stage, into=into, matters=[merged], reason="합성")
    assert queries.reached(stage, AT) == []
    tomorrow = AT + timedelta(days=1)
    assert queries.reached(stage, tomorrow) == [lowered.pk, into.pk]
    assert queries.support_to_settle(tomorrow) == [stage]
    actions.settle_support(by=official(stage.process), at=tomorrow, stage=stage)
    for matter in (lowered, into, poor):
        matter.refresh_from_db()
    assert [lowered.stage, into.stage, poor.stage] == [debate, debate, stage]
    assert queries.support_to_settle(tomorrow) == []
    assert queries.support_to_settle(AT + timedelta(days=31)) == [stage]


def test_lists_count_the_supports_of_merged_matters_once_for_each_person():
    stage, _debate, into = seeking()
    merged, both = file_matter(stage=stage), citizen()
    for matter in (into, merged):
        actions.support(by=both, at=AT, matter=matter)
    support(merged)
    intake.merge(by=SYSTEM, at=AT, stage=stage, into=into, matters=[merged], reason="합성")
    counted = queries.with_counts(Matter.objects.filter(pk=into.pk)).get().support_count
    assert (counted, queries.supports_of(into.pk)) == (2, 2)


def test_a_like_is_taken_back_once():
    _support, debate = opened(("support", {"thresholds": FROM_MAY}), ("discuss", {}))
    matter, by = file_matter(stage=debate), citizen()
    said = actions.comment(by=citizen(), at=AT, matter=matter, text="합성")
    actions.like(by=by, at=AT, comment=said)
    actions.unlike(by=by, at=AT, comment=said)
    assert said.likes.count() == 0
    with pytest.raises(Refused, match="You do not like this"):
        actions.unlike(by=by, at=AT, comment=said)
    assert Event.objects.filter(verb="like.withdrawn").count() == 1


def test_a_reply_tells_the_author_and_none_answers_what_is_hidden():
    (debate,) = opened(("discuss", {}))
    matter, author = file_matter(stage=debate), make_person()
    said = actions.comment(by=as_actor(author), at=AT, matter=matter, text="합성")
    actions.comment(by=as_actor(author), at=AT, matter=matter, text="합성 덧붙임", parent=said)
    answer = actions.comment(by=citizen(), at=AT, matter=matter, text="합성 답글", parent=said)
    assert [notice.person_id for notice in Notice.objects.filter(url=f"/forums/comments/{said.pk}/")] == [author.pk]
    assert list(queries.replies(said))[-1] == answer
    actions.hide_comment(by=official(debate.process), at=AT, comment=said, reason="합성")
    with pytest.raises(Refused, match="hidden"):
        actions.comment(by=citizen(), at=AT, matter=matter, text="합성 답글", parent=said)


QUESTION = {"title_ko": "합성 질문", "question_ko": "합성?", "opens_on": day(1), "closes_on": day(30)}


@pytest.mark.parametrize(
    ("forums", "kind", "asks"),
    [(True, "city_asks", True), (False, "city_asks", False), (True, "citizen_debate", False)],
)
def test_another_department_asks_the_city_only_where_a_debate_allows_it(forums, kind, asks):
    (debate,) = opened(("discuss", {"forums": forums, "rolling": True}))
    stranger = make_process(("discuss", {}))
    by = official(stranger)
    assert set(queries.processes_for_forums(by)) == ({stranger, debate.process} if forums else {stranger})
    if not asks:
        with pytest.raises(Refused):
            actions.open_forum(by=by, at=AT, process=debate.process, kind=kind, **QUESTION)
        assert Forum.objects.count() == 0
        return
    forum = actions.open_forum(by=by, at=AT, process=debate.process, kind=kind, **QUESTION)
    assert forum.department == stranger.department
    with pytest.raises(Refused):
        actions.close_forum(by=official(make_process()), at=AT, forum=forum, result_ko="합성")
    assert actions.close_forum(by=by, at=AT, forum=forum, result_ko="합성").closed_at == AT


def test_the_followers_of_what_a_forum_grew_from_hear_of_its_result():
    _support, debate = opened(("support", {"thresholds": FROM_MAY}), ("discuss", {}))
    author = make_person()
    matter, by = file_matter(stage=debate, author=author), official(debate.process)
    forum = actions.open_forum(
        by=by, at=AT, process=debate.process, kind="citizen_debate", matters=[matter], **QUESTION
    )
    actions.close_forum(by=by, at=AT, forum=forum, result_ko="합성 결과")
    told = Notice.objects.filter(person=author).order_by("pk").values_list("text_ko", "url")
    assert list(told) == [
        ("공론장이 열렸습니다: 합성 질문", f"/forums/{forum.pk}/"),
        ("공론장 결과가 나왔습니다: 합성 질문", f"/forums/{forum.pk}/"),
    ]


def test_a_stage_without_a_limit_never_waits_for_the_desk():
    stage, _debate, _matter = seeking(days=None)
    late = AT + timedelta(days=400)
    assert list(queries.waiting_for_desk(official(stage.process), late)) == []
    assert queries.support_to_settle(late) == []


def test_what_waits_for_the_desk():
    stage, _debate, matter = seeking(days=10)
    mine, other = official(stage.process), official(make_process())
    forum = actions.open_forum(by=mine, at=AT, process=stage.process, kind="city_asks", **QUESTION)
    soon, late = AT + timedelta(days=9), AT + timedelta(days=31)
    assert (list(queries.waiting_for_desk(mine, soon)), list(queries.unfinished_forums(mine, soon))) == ([], [])
    (waiting,) = queries.waiting_for_desk(mine, late)
    over = matter.filed_at + timedelta(days=10)
    assert (waiting, waiting.until, waiting.last_day) == (stage, over, day_of(over))
    assert list(queries.unfinished_forums(mine, late)) == [forum]
    assert (list(queries.waiting_for_desk(other, late)), list(queries.unfinished_forums(other, late))) == ([], [])


def test_nobody_supports_after_the_days_of_a_matter_are_over():
    _stage, _debate, matter = seeking(days=10)
    support(matter, at=AT + timedelta(days=10))
    late = AT + timedelta(days=11)
    with pytest.raises(Refused, match="The days for support ended on Fri 11 Jun 2021"):
        actions.support(by=citizen(), at=late, matter=matter)
    assert Support.objects.count() == 1
