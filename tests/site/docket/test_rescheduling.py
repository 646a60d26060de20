"""Days that are public change with a reason that everybody reads; those concerned are told."""

from datetime import date, timedelta

import pytest
from factories import AT, citizen, close_stage, file_matter, make_form, make_person, make_process, official, open_stage

from madang.site.docket.actions import reschedule, start
from madang.site.docket.models import Follow, Notice
from madang.site.kit.verdict import Refused
from madang.site.people.models import Claim
from madang.site.programmes.checks import spans_of
from madang.site.programmes.models import DateChange, Process, Stage
from madang.site.programmes.planning import Span
from madang.site.record.models import Event

REASON = "합성 사유: 비가 많이 왔습니다."
DAYS = [
    Span(date(2021, 6, 1), date(2021, 6, 10)),
    Span(date(2021, 6, 14), date(2021, 6, 18)),
    Span(date(2021, 6, 21), None),
]


@pytest.fixture
def process(db: None) -> Process:
    """A public process of three stages with days; the first one is open."""
    make_form()
    made = make_process(
        ("call", {"form": "idea@1", "matter": "proposal"}), ("decide", {"body": "jury"}), ("object", {"days": 5})
    )
    for stage, span in zip(made.stages.all(), DAYS, strict=True):
        Stage.objects.filter(pk=stage.pk).update(opens_on=span.opens, closes_on=span.closes)
    open_stage(stage=made.stages.get(order=1))
    return Process.objects.select_related("department").get(pk=made.pk)


def later(*places: int, days: int = 3) -> list[Span]:
    return [span.later(timedelta(days=days)) if place in places else span for place, span in enumerate(DAYS)]


def change(process: Process, after: list[Span], reason: str = REASON, **other):
    by = other.pop("by", None) or official(process)
    return reschedule(by=by, at=AT, process=process, before=other.pop("before", DAYS), after=after, reason=reason)


def test_changed_days_are_kept_with_what_they_were_and_why(process):
    by = official(process)
    change(process, later(1, 2), by=by)
    assert spans_of(process.stages.all()) == later(1, 2)
    rows = DateChange.objects.order_by("stage__order").values_list(
        "stage__order", "opens_before", "closes_before", "opens_on", "closes_on", "reason", "by"
    )
    assert list(rows) == [
        (2, date(2021, 6, 14), date(2021, 6, 18), date(2021, 6, 17), date(2021, 6, 21), REASON, by.pseudonym),
        (3, date(2021, 6, 21), None, date(2021, 6, 24), None, REASON, by.pseudonym),
    ]
    told = Event.objects.get(verb="process.rescheduled")
    assert (told.book.code, told.data) == (
        process.code,
        {"days": [[2, "2021-06-17", "2021-06-21"], [3, "2021-06-24", ""]], "told": 0},
    )
    process.refresh_from_db()
    assert process.planned_at_desk


def test_followers_authors_and_members_of_the_body_are_told_once(process):
    author, follower, member, other = (make_person() for _number in range(4))
    call = process.stages.get(order=1)
    one, two = file_matter(stage=call, author=author), file_matter(stage=call, author=author)
    Follow.objects.create(person=follower, matter=one, at=AT)
    Follow.objects.create(person=member, matter=two, at=AT)
    for person, body in ((member, "jury"), (other, "jury/other")):
        Claim.objects.create(person=person, kind="member_of", value=body, valid_from=AT)
    Notice.objects.all().delete()
    change(process, later(1))
    assert set(Notice.objects.values_list("person", flat=True)) == {author.pk, follower.pk, member.pk}
    notice = Notice.objects.filter(person=author).get()
    assert notice.text_ko == (
        "합성 회차: 기간이 바뀌었습니다. 2단계: 2021. 6. 14.(월) – 2021. 6. 18.(금) → "
        f"2021. 6. 17.(목) – 2021. 6. 21.(월). 사유: {REASON}"
    )
    assert notice.text_en == (
        "Synthetic process: days have changed. Stage 2: Mon 14 Jun 2021 – Fri 18 Jun 2021 → "
        f"Thu 17 Jun 2021 – Mon 21 Jun 2021. Reason: {REASON}"
    )
    assert notice.url == f"/processes/{process.code}/"


def test_a_notice_about_many_stages_names_the_first_and_never_grows_too_long(process):
    file_matter(stage=process.stages.get(order=1), author=make_person())
    Notice.objects.all().delete()
    change(process, later(1, 2), reason="가" * 300)
    notice = Notice.objects.get()
    assert notice.text_ko.startswith("합성 회차: 기간이 바뀌었습니다. 2단계 외 1개 단계: ")
    assert (len(notice.text_ko), notice.text_ko[-1]) == (300, "…")


def test_the_last_day_of_an_open_stage_may_change(process):
    change(process, [Span(DAYS[0].opens, date(2021, 6, 12)), *DAYS[1:]])
    assert process.stages.get(order=1).closes_on == date(2021, 6, 12)


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (
            [Span(date(2021, 6, 2), date(2021, 6, 10)), *DAYS[1:]],
            "1단계: 이미 열린 단계라서 마지막 날만 바꿀 수 있습니다.",
        ),
        (
            [Span(DAYS[0].opens, date(2021, 5, 31)), *DAYS[1:]],
            "1단계: 여는 날(2021. 6. 1.(화))보다 닫는 날이 빠릅니다. 둘 중 하나를 고쳐 주세요. "
            "1단계: 이미 지난 날입니다(2021. 5. 31.(월)). 오늘이나 그 뒤의 날을 골라 주세요.",
        ),
        (DAYS, "바뀐 날짜가 없습니다."),
    ],
)
def test_what_cannot_be_changed_is_refused_with_a_sentence(process, after, sentence):
    with pytest.raises(Refused) as refused:
        change(process, list(after))
    assert str(refused.value) == sentence
    assert (spans_of(process.stages.all()), DateChange.objects.count()) == (DAYS, 0)


def test_a_closed_stage_keeps_its_days(process):
    close_stage(stage=process.stages.get(order=1))
    with pytest.raises(Refused, match="1단계: 이미 끝난 단계라서 날짜를 바꿀 수 없습니다"):
        change(process, later(0, days=1))


def test_without_a_reason_nothing_changes(process):
    with pytest.raises(Refused) as refused:
        change(process, later(1), reason="  ")
    assert str(refused.value) == "사유를 적어 주세요. 누구나 읽게 됩니다."
    assert spans_of(process.stages.all()) == DAYS


def test_the_second_of_two_officials_with_the_same_days_before_them_is_refused(process):
    change(process, later(1))
    with pytest.raises(Refused, match="다른 담당자가 날짜를 바꾸었습니다"):
        change(process, later(2))
    assert spans_of(process.stages.all()) == later(1)


def test_others_do_not_change_days(process):
    for by in (citizen(), official(make_process()), official(process, "moderator"), official(process, "auditor")):
        with pytest.raises(Refused, match="합성과"):
            change(process, later(1), by=by)
    assert spans_of(process.stages.all()) == DAYS


def test_a_closed_process_keeps_its_days(process):
    Process.objects.filter(pk=process.pk).update(closed_at=AT)
    with pytest.raises(Refused, match="이 회차는 끝났으므로 날짜를 바꿀 수 없습니다"):
        change(process, later(1))


def test_a_draft_has_no_public_days_and_cannot_open(process):
    Process.objects.filter(pk=process.pk).update(draft=True)
    with pytest.raises(Refused, match="초안의 날짜는 계획에서 정합니다"):
        change(process, later(1))
    stage = Stage.objects.select_related("process__department").get(process=process, order=2)
    with pytest.raises(Refused) as refused:
        start(by=official(process), at=AT + timedelta(days=60), stage=stage)
    assert str(refused.value) == "이 회차는 초안입니다. 먼저 공개해 주세요."
