"""Filing: eligibility told with its reason, exact sentences for answers, the vault, revisions, withdrawal, merging."""

from datetime import timedelta

import pytest
from django.utils import translation
from factories import (
    AT,
    IDEA_DATA,
    OPEN_CALL,
    as_actor,
    citizen,
    close_stage,
    field,
    file_matter,
    make_area,
    make_form,
    make_person,
    official,
    opened,
)

from madang.site.docket.models import Follow, Link, Matter, Notice, Passage, Revision
from madang.site.intake import actions, policy
from madang.site.intake.answers import WrongAnswers, check_answers
from madang.site.intake.models import Draft, Form, PersonalAnswer
from madang.site.intake.queries import draft_of
from madang.site.kit.actor import SYSTEM, VISITOR
from madang.site.kit.verdict import Refused
from madang.site.record.models import Event

pytestmark = pytest.mark.django_db
TOWN = ["lives_in:town|works_in:town"]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def call():
    (stage,) = opened(("call", OPEN_CALL))
    return stage


def submit(stage, by=None, **extra):
    data = {**IDEA_DATA, **extra.pop("data", {})}
    return actions.submit(by=by or citizen(), at=AT, stage=stage, data=data, **extra)


def test_what_is_filed_has_a_number_a_text_an_author_and_an_event(call):
    by = citizen()
    matter = submit(call, by, data={"cost": "1,500,000"})
    assert (matter.stage, matter.author_id, matter.amount_won, matter.kind) == (
        call,
        by.person_id,
        1_500_000,
        "proposal",
    )
    assert Revision.objects.get(matter=matter).data == {**IDEA_DATA, "cost": 1_500_000}
    assert list(Follow.objects.values_list("person_id", "matter_id")) == [(by.person_id, matter.pk)]
    assert Event.objects.get(verb="matter.filed").data["number"] == matter.number


def test_a_rolling_call_passes_it_on_at_once():
    call, second = opened(("call", {**OPEN_CALL, "rolling": True}), ("discuss", {}))
    matter = submit(call)
    assert matter.stage == second
    assert list(Passage.objects.values_list("outcome", "passed")) == [("received", True)]


def test_a_call_that_closes_passes_everything_as_received(call):
    matters = [submit(call), submit(call)]
    actions.withdraw(by=as_actor(matters[1].author), at=AT, matter=matters[1])
    close_stage(stage=call)
    assert list(Passage.objects.order_by("matter_id").values_list("outcome", flat=True)) == ["received", "withdrawn"]


def test_people_are_told_why_they_may_not_write_before_they_do():
    make_area("town")
    (stage,) = opened(("call", {**OPEN_CALL, "who": TOWN}))
    told = policy.may_write(citizen("lives_in:elsewhere"), stage, AT)
    assert not told.ok
    assert told.reason == (
        "Open only to somebody who lives in Town or works or studies in Town. "
        "You can show this on My page, under identity check."
    )
    assert policy.may_write(citizen("works_in:town/north"), stage, AT).ok
    assert not policy.may_write(VISITOR, stage, AT).ok
    with pytest.raises(Refused, match="Open only to"):
        submit(stage, citizen("lives_in:elsewhere"))
    assert Matter.objects.count() == 0


def test_nothing_is_taken_in_after_the_last_day(call):
    call.closes_on = AT.date()
    assert policy.may_write(citizen(), call, AT).ok
    assert not policy.may_write(citizen(), call, AT + timedelta(days=1)).ok


def test_one_person_files_up_to_the_limit_and_withdrawn_ones_do_not_count():
    (stage,) = opened(("call", {**OPEN_CALL, "limit_per_person": 1}))
    by = citizen()
    first = submit(stage, by)
    with pytest.raises(Refused, match="the most for one person"):
        submit(stage, by)
    actions.withdraw(by=by, at=AT, matter=first)
    assert submit(stage, by).author_id == by.person_id


def test_nobody_files_in_the_name_of_another_but_the_desk_enters_papers(call):
    other = make_person()
    with pytest.raises(Refused, match="your own name"):
        submit(call, author_id=other.pk)
    paper = submit(call, official(call.process), author_id=None, channel="paper")
    assert (paper.author_id, paper.channel) == (None, "paper")


WRONG = [
    ({"title": " "}, "title", "The title: please fill this in."),
    ({"title": "가" * 41}, "title", "The title: at most 40 characters, these are 41."),
    ({"content": ["x"]}, "content", "The content: please write text."),
    ({"cost": "many"}, "cost", "The cost: please write a whole number, 0 or more."),
    ({"cost": -1}, "cost", "The cost: please write a whole number, 0 or more."),
    ({"cost": True}, "cost", "The cost: please write a whole number, 0 or more."),
    ({"other": "x"}, "other", "This form has no field other."),
    ({"content": "합성 800101-1234567"}, "content", "The content: please take the resident registration number out."),
]


@pytest.mark.parametrize(("answers", "where", "sentence"), WRONG)
def test_each_wrong_answer_is_one_sentence_and_changes_nothing(call, answers, where, sentence):
    with pytest.raises(WrongAnswers) as told:
        submit(call, data=answers)
    assert told.value.errors == {where: sentence}
    assert (Matter.objects.count(), Event.objects.filter(verb="matter.filed").count()) == (0, 0)


def test_all_wrong_answers_are_told_together(call):
    with pytest.raises(WrongAnswers) as told:
        actions.submit(by=citizen(), at=AT, stage=call, data={"cost": "x"})
    assert sorted(told.value.errors) == ["content", "cost", "title"]


def test_choices_areas_policy_fields_and_consent_are_checked():
    north = make_area("town/north", level="district")
    choice = field("kind", "choice", required=True, choices=[{"code": "a", "ko": "가", "en": "A"}])
    form = make_form(
        "all@1",
        [
            field("title", title=True, required=True),
            choice,
            field("place", "area", required=True),
            field("topic", "field", required=True),
            field("agree", "consent", required=True),
        ],
    )
    topics = [{"code": "parks", "ko": "공원", "en": "Parks"}]
    good = {"title": "합성", "kind": "a", "place": "town/north", "topic": "parks", "agree": "on"}
    answers = check_answers(form=form, data=good, fields=topics)
    assert (answers.area, answers.field, answers.public["agree"]) == (north, "parks", True)
    with pytest.raises(WrongAnswers) as told:
        check_answers(form=form, data={"title": "합성", "kind": "b", "place": "moon", "topic": "x"}, fields=topics)
    assert sorted(told.value.errors) == ["agree", "kind", "place", "topic"]
    assert "topic" not in check_answers(form=form, data={k: v for k, v in good.items() if k != "topic"}).public


def test_personal_answers_are_sealed_and_their_reading_is_recorded(call):
    matter = submit(call, data={"phone": "010-0000-0000"})
    row = PersonalAnswer.objects.get()
    assert b"010-0000" not in bytes(row.sealed)
    assert row.expires_at == AT + timedelta(days=30)
    assert "phone" not in Revision.objects.get().data
    assert [event for event in Event.objects.all() if "010-0000" in str(event.data)] == []
    with pytest.raises(Refused):
        actions.read_personal(by=citizen(), at=AT, matter=matter)
    assert actions.read_personal(by=official(call.process), at=AT, matter=matter) == {"phone": "010-0000-0000"}
    assert Event.objects.get(verb="personal.read").data == {"fields": ["phone"]}
    assert actions.forget_personal(by=SYSTEM, at=AT + timedelta(days=29)) == 0
    assert actions.forget_personal(by=SYSTEM, at=AT + timedelta(days=30)) == 1


def test_a_draft_is_kept_unchecked_and_goes_when_it_is_filed(call):
    by = citizen()
    actions.save_draft(by=by, at=AT, stage=call, data={"title": "합성", "phone": "010", "unknown": "x"})
    actions.save_draft(by=by, at=AT, stage=call, data={"title": "합성 둘", "phone": "010"})
    draft = Draft.objects.get()
    assert draft.data == {"title": "합성 둘"}
    assert draft_of(by.person_id, call) == {"title": "합성 둘", "phone": "010"}
    submit(call, by)
    assert Draft.objects.count() == 0


def test_a_revision_stands_beside_the_old_one_and_keeps_personal_answers(call):
    by = citizen()
    matter = submit(call, by, data={"phone": "010"})
    actions.revise(by=by, at=AT, matter=matter, data={**IDEA_DATA, "title": "합성 새 제목"}, note="제목")
    matter.refresh_from_db()
    assert matter.title == "합성 새 제목"
    assert list(matter.revisions.order_by("number").values_list("number", "data__title")) == [
        (1, IDEA_DATA["title"]),
        (2, "합성 새 제목"),
    ]
    assert PersonalAnswer.objects.count() == 1
    with pytest.raises(Refused, match="Only the author"):
        actions.revise(by=citizen(), at=AT, matter=matter, data=IDEA_DATA)


def test_a_loaded_version_of_a_form_never_changes(call):
    with pytest.raises(Refused, match="new version"):
        actions.load_forms(
            by=SYSTEM, at=AT, forms=[Form(code="idea", version=1, title_ko="다른", title_en="x", fields=[])]
        )
    assert actions.load_forms(by=SYSTEM, at=AT, forms=[Form.objects.get()]) == [Form.objects.get()]
    with pytest.raises(Refused):
        actions.load_forms(by=citizen(), at=AT, forms=[])


def test_merging_links_ends_tells_and_keeps_followers(call):
    into, first, second = (file_matter(stage=call, author=make_person()) for _ in range(3))
    officer = official(call.process)
    actions.merge(by=officer, at=AT, stage=call, into=first, matters=[second], reason="합성 중복")
    actions.merge(by=officer, at=AT, stage=call, into=into, matters=[first], reason="합성 중복")
    merged = Link.objects.filter(kind="merged_into", target=into).values_list("source_id", flat=True)
    assert sorted(merged) == [first.pk, second.pk]
    authors = sorted(row.author_id for row in (into, first, second))
    assert sorted(into.follows.values_list("person_id", flat=True)) == authors
    assert Matter.objects.get(pk=first.pk).ending == "merged"
    assert Passage.objects.get(matter=first).reason == f"{into.number}: 합성 중복"
    assert Notice.objects.filter(person=first.author, text_en="Stage 1: merged into another").count() == 1


@pytest.mark.parametrize("wrong", ["nobody", "itself", "no reason", "citizen"])
def test_a_wrong_merge_changes_nothing(call, wrong):
    into, other = file_matter(stage=call), file_matter(stage=call)
    matters = {"nobody": [], "itself": [into]}.get(wrong, [other])
    by = citizen() if wrong == "citizen" else official(call.process)
    reason = " " if wrong == "no reason" else "합성"
    with pytest.raises(Refused):
        actions.merge(by=by, at=AT, stage=call, into=into, matters=matters, reason=reason)
    assert (Link.objects.count(), Passage.objects.count()) == (0, 0)


def test_it_is_too_late_to_withdraw_once_others_decide():
    call, answer = opened(("call", {**OPEN_CALL, "rolling": True}), ("answer", {}))
    by = citizen()
    matter = submit(call, by)
    assert matter.stage == answer
    with pytest.raises(Refused, match="too late"):
        actions.withdraw(by=by, at=AT, matter=matter)
