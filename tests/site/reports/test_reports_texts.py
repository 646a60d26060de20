"""Texts of a report in officials' words: figures are inserted, never typed, and the city's folder stays as it is."""

from datetime import date, datetime, timedelta

import pytest
from reports_world import AT, AUDITOR, DAY, OFFICER, World
from test_reports_pages import signed_in

from madang.site.city.rows import Both
from madang.site.kit import clock
from madang.site.kit.verdict import Refused
from madang.site.record.models import Event
from madang.site.reports import actions, queries, rewording
from madang.site.reports.models import Rewording

NEW = Both("방문자는 {visitors}명입니다.", "There were {visitors} visitors.")


def place() -> str:
    (block,) = [block for block in queries.sections("yearly")["one"] if block.kind == "bullet"]
    return block.place


def reword(text: Both, *, since: date = DAY, by=OFFICER, reason: str = "합성 사유") -> Rewording:
    return actions.reword(
        by=by, at=AT, report="yearly", section="one", place=place(), text=text, since=since, reason=reason
    )


def points(as_of: date = DAY, language: str = "ko", at: datetime = AT) -> list[str]:
    document = queries.report("yearly", as_of=as_of, at=at).compose(language).document
    (bullets,) = [block for block in document.blocks if type(block).__name__ == "Bullets"]
    return ["".join(part if isinstance(part, str) else part.text for part in item.inlines) for item in bullets.items]


def test_a_text_says_what_an_official_wrote_with_the_figures_of_the_records(world: World) -> None:
    before = points()
    reword(NEW)
    assert (before, points(), points(language="en")) == (
        ["협의회 방문자 1,234명, 지원금 2.5백만원"],
        ["방문자는 1,234명입니다."],
        ["There were 1,234 visitors."],
    )
    said = Event.objects.get(verb="report.reworded").data
    assert {key: said[key] for key in ("section", "ko", "since")} == {
        "section": "one",
        "ko": NEW.ko,
        "since": "2021-10-01",
    }


def test_each_line_is_a_text_and_none_leaves_it_out(world: World) -> None:
    reword(Both("방문자 {visitors}명\n전략 {strategies}개", "{visitors} visitors\n{strategies} strategies"))
    assert points() == ["방문자 1,234명", "전략 1개"]
    reword(Both("", ""))
    document = queries.report("yearly", as_of=DAY, at=AT).compose("ko").document
    assert "Bullets" not in [type(block).__name__ for block in document.blocks]


def test_reports_as_of_an_earlier_day_keep_their_words(world: World) -> None:
    reword(NEW, since=DAY + timedelta(days=1))
    assert points() == ["협의회 방문자 1,234명, 지원금 2.5백만원"]
    assert points(DAY + timedelta(days=1)) == ["방문자는 1,234명입니다."]


@pytest.mark.parametrize(
    ("ko", "en", "fault"),
    [
        (
            "방문자 1,234명",
            "{visitors} visitors",
            "1,234을(를) 직접 적었습니다. {visitors} 처럼 수치를 넣어 주세요.",
        ),
        (
            "방문자 77명",
            "visitors",
            "77을(를) 직접 적었는데, 그런 수치가 없습니다. 수치를 넣거나, 먼저 출처와 함께 수치를 등록해 주세요.",
        ),
        ("{visiters}명", "x", "이런 이름의 수치가 없습니다: visiters. 수치 목록에서 찾아 주세요."),
        ("{visitors명", "x", "중괄호의 짝이 맞지 않습니다. 수치는 {이름} 또는 {이름|형식}으로 넣습니다."),
        ("{visitors|md}", "x", "수치에 맞지 않는 형식입니다. 형식을 빼 주세요."),
        ("하나\n둘", "one", "한국어와 영어의 줄 수가 같아야 합니다. 한 줄이 문안 하나입니다."),
        (
            "{visitors}명",
            "{strategies}",
            "두 언어에 같은 수치를 넣어야 합니다. 한쪽에만 있는 수치: strategies, visitors.",
        ),
    ],
)
def test_what_could_contradict_the_records_is_refused(world: World, ko: str, en: str, fault: str) -> None:
    with pytest.raises(Refused) as refused:
        reword(Both(ko, en))
    assert str(refused.value) == fault
    assert Rewording.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("2021년 9월 30일, '21.1.~9., 제3조, 3분기", []),
        ("30 September 2021, Article 3, the 2nd round", []),
        ("2021명이 2041건을 냈고 2,021건은 남았다", ["2021", "2041", "2,021"]),
        ("{visitors}명 가운데 12명", ["12"]),
        ("12시간", ["12"]),
    ],
)
def test_days_and_articles_are_no_figures(text: str, typed: list[str]) -> None:
    assert rewording.typed_numbers(text, "") == typed


def test_only_officers_and_heads_word_texts_and_say_why(world: World) -> None:
    for by, reason, fault in (
        (AUDITOR, "합성 사유", "보고서 문안은 담당 공무원과 부서장만 고칠 수 있습니다."),
        (OFFICER, "  ", "문안을 고치는 까닭을 적어 주세요."),
    ):
        with pytest.raises(Refused) as refused:
            reword(NEW, by=by, reason=reason)
        assert str(refused.value) == fault


def test_at_the_desk_a_text_is_previewed_saved_and_taken_back(world: World) -> None:
    client, address = signed_in("officer"), f"/desk/reports/yearly/texts/one/{place()}/"
    listed = client.get("/desk/reports/yearly/texts/?as_of=2021-10-01")
    assert [(line.reads, line.reworded) for line in listed.context["lines"]] == [
        ("협의회 방문자 1,234명, 지원금 2.5백만원", False)
    ]
    sent = {"ko": NEW.ko, "en": NEW.en, "since": "2021-10-01", "reason": "합성 사유"}
    shown = client.post(f"{address}?as_of=2021-10-01", {**sent, "then": "preview"})
    assert ["1,234</a>" in body for body in shown.context["preview"].values()] == [True, True]
    assert Rewording.objects.count() == 0
    wrong = client.post(f"{address}?as_of=2021-10-01", {**sent, "ko": "방문자 1,234명", "then": "save"})
    assert wrong.context["form"].errors == {"ko": ["1,234을(를) 직접 적었습니다. {visitors} 처럼 수치를 넣어 주세요."]}
    assert wrong.context["form"]["ko"].value() == "방문자 1,234명"
    client.post(f"{address}?as_of=2021-10-01", {**sent, "then": "save"})
    assert points(at=clock.now()) == ["방문자는 1,234명입니다."]
    listed = client.get("/desk/reports/yearly/texts/?as_of=2021-10-01")
    assert [line.reworded for line in listed.context["lines"]] == [True]
    client.post(f"{address}?as_of=2021-10-01", {**sent, "then": "restore"})
    assert points(at=clock.now()) == ["협의회 방문자 1,234명, 지원금 2.5백만원"]


def test_a_worded_text_whose_place_is_gone_is_told(world: World, client) -> None:
    reword(NEW)
    Rewording.objects.update(place="000000000000")
    page = signed_in("officer").get("/desk/reports/yearly/texts/?as_of=2021-10-01")
    assert ([row.ko for row in page.context["gone"]], points()) == (
        [NEW.ko],
        ["협의회 방문자 1,234명, 지원금 2.5백만원"],
    )
