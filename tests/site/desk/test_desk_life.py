"""The life of a matter at a glance, what support still misses, its costs, versions, and the page to share."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import (
    AT,
    IDEA_DATA,
    citizen,
    file_matter,
    make_form,
    make_person,
    make_process,
    open_stage,
    opened,
    pass_on,
    stages_of,
)
from hypothesis import given
from hypothesis import strategies as st

from madang.site.desk.changes import GONE, NEW, pieces
from madang.site.desk.life import life_of, seeking
from madang.site.desk.matter import find, story_of, way_of
from madang.site.docket.models import Matter, Revision
from madang.site.followups.models import Visit
from madang.site.forums.models import Support
from madang.site.kit.actor import VISITOR
from madang.site.kit.stages import Outcome
from madang.site.ledger.models import Entry, EntryKind
from madang.site.ledger.queries import Amounts, Trail
from madang.site.reviews.models import Costing

pytestmark = pytest.mark.django_db
CALL = ("call", {"form": "idea@1", "matter": "proposal"})
SEEKING = ("support", {"thresholds": [{"since": "2021-01-01", "supports": 3}], "days": 30, "rolling": True})
LONG = (
    CALL,
    ("screen", {"costing": True}),
    ("discuss", {}),
    ("deliver", {"monitors": "assembly"}),
)


def states(matter: Matter, money: Trail | None = None) -> list[tuple[str, str]]:
    found = find(matter.number, VISITOR)
    costings = list(found.costings.order_by("-at", "-pk"))
    money = money or Trail(None, Amounts(0, 0, 0), [])
    return [(step.name, step.state) for step in life_of(found, way_of(found), costings, money)]


@pytest.fixture
def english(settings):
    settings.LANGUAGE_CODE = "en"


def test_the_bar_follows_the_process_and_the_money(english):
    stages = opened(*LONG, code="life")
    stages[0].process.line_code = "O-01"
    stages[0].process.save()
    matter = file_matter(stage=stages[0])
    ahead = ["screening", "cost", "discussion", "obligation", "payment", "delivery", "inspection"]
    assert states(matter) == [("filing", "here"), *((name, "ahead") for name in ahead)]
    pass_on(stage=stages[0], outcomes=[Outcome(matter.pk, "received", True)])
    Costing.objects.create(matter=matter, amount_won=5_000_000, by="s-1", at=AT)
    assert states(matter)[:4] == [("filing", "done"), ("screening", "here"), ("cost", "done"), ("discussion", "ahead")]
    for stage, outcome in zip(stages[1:3], ("suitable", "discussed"), strict=True):
        pass_on(stage=stage, outcomes=[Outcome(matter.pk, outcome, True)])
    paid = [Entry(kind=kind, amount_won=4, on=date(2021, 6, 2)) for kind in (EntryKind.OBLIGATION, EntryKind.PAYMENT)]
    assert states(matter, Trail(5, Amounts(0, 4, 0), paid[:1]))[4:] == [
        ("obligation", "done"), ("payment", "ahead"), ("delivery", "here"), ("inspection", "ahead"),
    ]  # fmt: skip
    Visit.objects.create(matter=matter, at=AT)
    assert states(matter, Trail(5, Amounts(0, 4, 4), paid))[4:] == [
        ("obligation", "done"), ("payment", "done"), ("delivery", "here"), ("inspection", "done"),
    ]  # fmt: skip


def test_a_journey_that_ended_shows_where_and_promises_nothing_more(english):
    stages = opened(*LONG, code="life")
    matter = file_matter(stage=stages[0])
    pass_on(stage=stages[0], outcomes=[Outcome(matter.pk, "received", True)])
    pass_on(stage=stages[1], outcomes=[Outcome(matter.pk, "unsuitable", False, "synthetic")])
    assert states(matter) == [
        ("filing", "done"), ("screening", "ended"), ("cost", "never"), ("discussion", "never"),
        ("delivery", "never"), ("inspection", "never"),
    ]  # fmt: skip


def test_a_process_of_another_kind_has_another_life(english):
    (stage,) = opened(("discuss", {}))
    assert states(file_matter(stage=stage)) == [("filing", "done"), ("discussion", "here")]


@pytest.mark.parametrize(
    ("later", "sentence"),
    [
        (
            [("discuss", {}), ("answer", {})],
            "2명이 더 모이면 ‘3단계’ 단계로 넘어가고, 이어서 합성과에서 근무일 30일 안에 답해야 합니다.",
        ),
        ([("answer", {})], "2명이 더 모이면 합성과에서 답해야 합니다. 오늘 모이면 답변 기한은 2021. 7. 13.(화)입니다."),
        ([("vote", {})], "2명이 더 모이면 ‘3단계’ 단계로 넘어갑니다."),
        ([], "2명이 더 필요합니다."),
    ],
)
def test_support_says_how_many_are_missing_what_follows_and_until_when(settings, later, sentence):
    settings.LANGUAGE_CODE = "ko"
    make_form()
    stages = stages_of(make_process(CALL, SEEKING, *later))
    for stage in stages[:2]:
        open_stage(stage=stage)
    matter = file_matter(stage=stages[1])
    Support.objects.create(person=make_person(), matter=matter, at=AT)
    found = find(matter.number, VISITOR)
    sought = seeking(found, way_of(found), AT)
    assert (sought.count, sought.missing, sought.until, sought.over) == (1, 2, date(2021, 7, 1), False)
    assert sought.sentence == sentence
    assert seeking(found, way_of(found), AT + timedelta(days=31)).over is True


def test_enough_support_asks_for_no_more(english):
    stage = opened(SEEKING, code="life")[0]
    matter = file_matter(stage=stage)
    for _number in range(4):
        Support.objects.create(person=make_person(), matter=matter, at=AT)
    found = find(matter.number, VISITOR)
    sought = seeking(found, way_of(found), AT)
    assert (sought.missing, sought.sentence) == (0, "It has enough support for the next step.")


def test_elsewhere_nothing_is_sought():
    matter = find(file_matter(stage=opened(("discuss", {}))[0]).number, VISITOR)
    assert seeking(matter, way_of(matter), AT) is None


def test_the_page_gives_costs_and_tells_the_record_in_words():
    stages = opened(*LONG, code="life")
    matter = file_matter(stage=stages[0])
    for number in (1, 2):
        Costing.objects.create(matter=matter, amount_won=number * 1_000_000, by="s-1", at=AT + timedelta(days=number))
    page = Client(headers={"accept-language": "ko"}).get(f"/matters/{matter.number}/").content.decode()
    (section,) = re.findall(r'<section aria-labelledby="costs">(.*?)</section>', page, re.DOTALL)
    assert re.findall(r'class="exact">(.*?)<', section) == ["2,000,000원", "1,000,000원"]
    (record,) = re.findall(r'<section aria-labelledby="record">(.*?)</section>', page, re.DOTALL)
    assert re.findall(r'<th scope="row">(.*?)</th>', record) == ["안건이 접수되었습니다"]
    assert re.findall(r"<details><summary>(.*?)</summary>", record) == ["기록 1건"]


def test_every_step_of_the_bar_leads_to_something_on_the_page():
    stages = opened(*LONG, code="life")
    matter = file_matter(stage=stages[0])
    pass_on(stage=stages[0], outcomes=[Outcome(matter.pk, "received", True)])
    page = Client().get(f"/matters/{matter.number}/").content.decode()
    (bar,) = re.findall(r'<ol class="life".*?</ol>', page, re.DOTALL)
    anchors = re.findall(r'href="#([\w-]+)"', bar)
    assert anchors == ["text", "way-2", "way-2", "way-3", "way-4"]
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page] == []


def test_versions_show_what_changed_word_by_word():
    matter = file_matter(stage=opened(*LONG, code="life")[0])
    data = {**IDEA_DATA, "title": "합성 제안", "content": "합성 내용 더하기"}
    Revision.objects.create(matter=matter, number=2, form="idea@1", data=data, by="s-1", at=AT, note="더 자세히")
    newest, first = story_of(find(matter.number, VISITOR), AT).versions
    assert [[(piece.kind, piece.text) for piece in change.pieces] for change in newest.changes] == [
        [("same", "합성 내용"), ("new", " 더하기")]
    ]
    assert list(first.changes) == []
    page = Client(headers={"accept-language": "en"}).get(f"/matters/{matter.number}/").content.decode()
    assert re.findall("<ins>(.*?)</ins>", page) == [" 더하기"]


@given(st.text(alphabet="가나 \n", max_size=30), st.text(alphabet="가나 \n", max_size=30))
def test_pieces_give_both_texts_back(old, new):
    found = pieces(old, new)
    assert "".join(piece.text for piece in found if piece.kind != NEW) == old
    assert "".join(piece.text for piece in found if piece.kind != GONE) == new


def test_the_page_to_share_has_the_address_and_its_code_and_no_page_for_what_is_hidden():
    stage = opened(("discuss", {}))[0]
    matter = file_matter(stage=stage)
    page = Client(headers={"accept-language": "en"}).get(f"/matters/{matter.number}/share/").content.decode()
    assert re.findall(r'readonly value="(.*?)"', page) == [f"http://testserver/matters/{matter.number}/"]
    assert re.findall(r'<svg [^>]*class="qr"><title>(.*?)</title>', page) == [
        f"http://testserver/matters/{matter.number}/"
    ]
    assert re.findall(r"style=", page) == []
    pass_on(stage=stage, outcomes=[Outcome(matter.pk, "hidden", False, "합성")])
    assert Client().get(f"/matters/{matter.number}/share/").status_code == 404


def test_the_page_costs_the_same_queries_however_much_there_is():
    stage = opened(SEEKING, code="life")[0]
    matter = file_matter(stage=stage)
    counts = []
    for turn in range(3):
        with CaptureQueriesContext(connection) as caught:
            page = Client().get(f"/matters/{matter.number}/")
        counts.append(len(caught))
        assert (page.status_code, len(page.content) < 100_000) == (200, True)
        for number in (1, 2, 3):
            Support.objects.create(person=make_person(), matter=matter, at=AT)
            Costing.objects.create(matter=matter, amount_won=number, by="s-1", at=AT)
            again = turn * 3 + number + 1
            Revision.objects.create(matter=matter, number=again, form="idea@1", data=IDEA_DATA, by="s-1", at=AT)
    # Costs are asked for only where there are any.
    assert counts == [counts[0], counts[0] + 1, counts[0] + 1]


def test_the_own_support_is_known():
    matter, me = file_matter(stage=opened(SEEKING, code="life")[0]), citizen()
    way = way_of(find(matter.number, me))
    assert seeking(find(matter.number, me), way, AT).own is False
    Support.objects.create(person_id=me.person_id, matter=matter, at=AT)
    assert seeking(find(matter.number, me), way, AT).own is True
