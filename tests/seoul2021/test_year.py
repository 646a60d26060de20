"""The year 2021 was acted out: every count of the issue, each from the records that the actions left."""

from io import BytesIO

import pytest
from django.conf import settings
from django.db.models import Sum

from madang import budgeting, chain, sortition
from madang.site.city.load import load
from madang.site.docket.models import Link, Matter, Passage
from madang.site.forums.models import Comment, CommentLike, Forum
from madang.site.gatherings.models import Attendance, Gathering
from madang.site.kit.actor import SYSTEM
from madang.site.ledger.models import Line
from madang.site.panels.models import Draw
from madang.site.people.models import Claim, Seat
from madang.site.record.models import Event, Seal
from madang.site.record.queries import export
from madang.site.votes.models import Allotment, Ballot, Election, RollEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("replayed")]


def filed(process: str) -> int:
    return Matter.objects.filter(process__code=process).count()


def passages(process: str, kind: str, *outcomes: str) -> int:
    found = Passage.objects.filter(stage__process__code=process, stage__kind=kind)
    return found.filter(outcome__in=outcomes).count() if outcomes else found.filter(passed=True).count()


def test_the_citizens_assembly():
    assert filed("1-1/members/2021") == 3201
    assert passages("1-1/members/2021", "draw") == 1081
    assert Seat.objects.filter(body__code="citizens_assembly", term="2021").count() == 1081
    assert Gathering.objects.filter(process__code="1-1/themes/2021", kind="topic_meeting").count() == 3
    assert filed("1-1/themes/2021") == 497
    assert passages("1-1/themes/2021", "review") == 11
    assert passages("1-1/themes/2021", "vote") == 3
    roll = RollEntry.objects.filter(election__stage__process__code="1-1/themes/2021")
    assert {entry["electorate"] for entry in roll.values("electorate").distinct()} == {"members", "public"}


def test_the_best_proposals_are_those_of_the_report_in_their_order():
    ranked = Passage.objects.filter(stage__process__code="1-1/themes/2021", stage__kind="vote", passed=True)
    assert list(ranked.order_by("rank").values_list("matter__title", flat=True)) == [
        "비대면 빈병 회수기 설치",
        "물티슈 재질을 친환경 종이재질로 변경",
        "녹지숲 총량제를 통한 대체 숲 조성",
    ]


def test_proposals_travel_to_an_answer():
    process = "1-2/proposals/2021"
    assert filed(process) == 2041
    assert passages(process, "support") == 167
    assert passages(process, "answer", "accepted", "partly_accepted") == 41
    forums = Forum.objects.filter(process__code=process)
    assert (forums.filter(kind="citizen_debate").count(), forums.filter(kind="city_asks").count()) == (5, 4)
    handed = Matter.objects.filter(process__code="1-3/democracy-seoul/2021")
    assert (handed.count(), handed.aggregate(won=Sum("amount_won"))["won"]) == (4, 1_838_000_000)
    assert Link.objects.filter(source__in=handed, kind="derived_from").count() == 4


def test_members_are_drawn_from_those_who_did_the_school():
    process = "1-3/members/2021"
    assert filed(process) == 1011
    authors = Matter.objects.filter(process__code=process).values_list("author_id", flat=True)
    assert Claim.objects.filter(kind="course_done", value="budget_school", person__in=authors).count() == 1011
    seated = Seat.objects.filter(body__code="budget_members", term="2021").values("person_id")
    sexes = Claim.objects.filter(kind="sex", person__in=seated)
    assert (sexes.filter(value="m").count(), sexes.filter(value="f").count()) == (179, 165)


def test_projects_travel_to_the_budget():
    process = "1-3/metro/2021"
    assert filed(process) == 1997
    assert passages(process, "review") == 54
    assert RollEntry.objects.filter(election__stage__process__code=process).count() == 63811
    assert Ballot.objects.filter(election__stage__process__code=process).count() == 63811
    assert passages(process, "allot") == 36
    funded = Passage.objects.filter(stage__process__code=process, stage__kind="allot", passed=True)
    assert funded.aggregate(won=Sum("amount_won"))["won"] == 29_745_000_000
    losers = Passage.objects.filter(stage__process__code=process, stage__kind="allot", passed=False)
    assert (losers.count(), losers.filter(reason="").count()) == (18, 0)
    kinds = ("metro", "democracy-seoul", "district-plan", "dong-plan")
    approved = [passages(f"1-3/{kind}/2021", "decide") for kind in kinds]
    assert (approved, sum(approved)) == ([36, 4, 203, 695], 938)


def test_the_deliberative_budget():
    process = "1-3/deliberative/2021"
    assert passages(process, "decide") == 144
    modes = Gathering.objects.filter(process__code=process, kind="council_meeting")
    assert [modes.filter(mode=mode).count() for mode in ("written", "video", "face_to_face")] == [22, 53, 39]
    assert Comment.objects.filter(forum__process__code=process).count() == 9496
    assert CommentLike.objects.filter(comment__forum__process__code=process).count() == 2527
    decided = Passage.objects.filter(stage__process__code=process, stage__kind="decide")
    assert decided.aggregate(won=Sum("amount_won"))["won"] == 1_524_800_000_000


def test_attendance_of_the_assembly_is_that_of_the_report():
    attended = Attendance.objects.filter(gathering__process__code="1-1/themes/2021", part="participant")
    assert attended.aggregate(heads=Sum("heads"))["heads"] == 3894


def test_the_accounts_of_44_lines():
    totals = Line.objects.aggregate(a=Sum("appropriated_won"), o=Sum("obligated_won"), s=Sum("spent_won"))
    assert Line.objects.count() == 44
    assert totals == {"a": 78_233_299_000, "o": 69_396_687_000, "s": 67_116_494_000}


def test_the_chain_of_the_year_verifies(replayed):
    stream = BytesIO()
    export(stream=stream, city="seoul", at=replayed)
    stream.seek(0)
    found = chain.verify(stream)
    assert found.faults == ()
    assert found.counts["events"] == Event.objects.count()
    assert found.counts["seals"] == Seal.objects.count()


def test_a_changed_byte_of_the_year_is_found(replayed):
    stream = BytesIO()
    export(stream=stream, city="seoul", at=replayed, book="1-3/metro/2021")
    content = bytearray(stream.getvalue())
    content[len(content) // 2] ^= 1
    assert not chain.verify(BytesIO(bytes(content))).ok


def test_every_draw_and_allotment_verifies():
    draws = list(Draw.objects.all())
    assert [sortition.verify(draw.record) for draw in draws] == [[]] * len(draws)
    assert len(draws) == 2
    allotments = list(Allotment.objects.all())
    assert [budgeting.verify(allotment.record).faults for allotment in allotments] == [()]


def test_loading_the_city_again_changes_nothing(replayed):
    before = Event.objects.count()
    assert load(folder=settings.CITY_FOLDER, by=SYSTEM, at=replayed).counts == {}
    assert Event.objects.count() == before


def test_every_matter_is_in_a_stage_or_has_ended_with_a_passage_for_each_stage_it_left():
    assert Matter.objects.filter(ended_at__isnull=False, passages__isnull=True).count() == 0
    assert Election.objects.filter(stage__process__code="1-3/metro/2021", counted_at__isnull=False).count() == 1
