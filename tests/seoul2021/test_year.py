"""The year 2021 was acted out: every count of the issue, each from the records that the actions left."""

import json
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.db.models import Sum

from madang import budgeting, chain, sortition
from madang.site.city.load import load
from madang.site.desk.inbox import inbox
from madang.site.docket.models import Link, Matter, Passage
from madang.site.forums.models import Comment, CommentLike, Forum
from madang.site.gatherings.models import Attendance, Gathering
from madang.site.kit.actor import SYSTEM
from madang.site.kit.clock import day_of
from madang.site.ledger.models import EntryKind, Line
from madang.site.ledger.queries import entries_of_matter, trail
from madang.site.panels.models import Draw
from madang.site.people.actors import actor_for
from madang.site.people.demo import demo_address
from madang.site.people.models import Claim, Person, Seat
from madang.site.record.models import Event, Seal
from madang.site.record.queries import export
from madang.site.votes.models import Allotment, Ballot, Election, RollEntry, Turnout
from madang.site.votes.results import kit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("replayed")]


# The report's sections look back from here; what the scenario lets happen later is the demonstration's work.
REPORTED = datetime(2021, 11, 1, tzinfo=UTC)


def filed(process: str) -> int:
    return Matter.objects.filter(process__code=process, filed_at__lt=REPORTED).count()


def passages(process: str, kind: str, *outcomes: str) -> int:
    found = Passage.objects.filter(stage__process__code=process, stage__kind=kind, at__lt=REPORTED)
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
    forums = Forum.objects.filter(process__code=process, opened_at__lt=REPORTED)
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
    turnout = Turnout.objects.filter(election__stage__process__code=process)
    assert (turnout.count(), sum(turnout.values_list("voters", flat=True))) == (20, 63811)
    assert passages(process, "allot") == 36
    funded = Passage.objects.filter(stage__process__code=process, stage__kind="allot", passed=True)
    assert funded.aggregate(won=Sum("amount_won"))["won"] == 29_745_000_000
    losers = Passage.objects.filter(stage__process__code=process, stage__kind="allot", passed=False)
    assert (losers.count(), losers.filter(reason="").count()) == (18, 0)
    kinds = ("metro", "democracy-seoul", "district-plan", "dong-plan")
    approved = [passages(f"1-3/{kind}/2021", "decide") for kind in kinds]
    assert (approved, sum(approved)) == ([36, 4, 203, 695], 938)


def test_a_proposal_of_the_year_travels_to_the_won_that_was_spent():
    paid = Matter.objects.filter(entries__kind=EntryKind.PAYMENT, process__code="1-2/proposals/2021").distinct()
    assert paid.count() == 10
    for matter in paid:
        kinds = list(matter.passages.order_by("stage__order").values_list("stage__kind", flat=True))
        assert kinds == ["call", "screen", "support", "discuss", "answer"]
        money = trail(entries=entries_of_matter(matter.pk)).amounts
        assert 0 < money.spent_won <= money.obligated_won


def test_a_policy_project_is_derived_from_the_proposal_of_its_title():
    links = Link.objects.filter(kind="derived_from", source__process__code="1-2/policy-projects/2021")
    pairs = [(link.source.title, link.target.title) for link in links.select_related("source", "target")]
    assert [source == target for source, target in pairs] == [True] * 4


@pytest.mark.parametrize(
    ("role", "waiting"),
    [
        ("member", {"reviews.sheets"}),
        ("officer", {"forums.appeals", "reviews.screenings", "followups.answers", "followups.milestones"}),
        ("head", {"ledger.approvals"}),
        ("finance", {"ledger.approvals"}),
    ],
)
def test_on_the_day_of_the_demonstration_work_waits_for_each_role(replayed, role, waiting):
    actor = actor_for(Person.objects.get(account__email=demo_address(role)), replayed)
    counted = {tray.queue.name: tray.count for tray in inbox(actor, replayed).trays}
    assert [name for name in sorted(waiting) if not counted[name]] == []


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


def test_members_are_appointed_and_instructed_on_one_day_as_printed():
    orientation = Gathering.objects.get(process__code="1-1/themes/2021", kind="orientation")
    seats = Seat.objects.filter(body__code="citizens_assembly", term="2021")
    appointed = set(map(day_of, seats.values_list("valid_from", flat=True)))
    assert {day_of(orientation.held_at)} | appointed == {date(2021, 5, 25)}


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
    draws = list(Draw.objects.filter(drawn_at__isnull=False))
    assert [sortition.verify(draw.record) for draw in draws] == [[]] * len(draws)
    assert (len(draws), Draw.objects.filter(drawn_at__isnull=True).count()) == (2, 1)
    (allotment,) = Allotment.objects.all()
    with ZipFile(BytesIO(kit(allotment))) as bundle:
        record, sheet = json.loads(bundle.read("result.json")), budgeting.read_bytes(bundle.read("ballots.pb"))
    assert budgeting.verify(record, sheet).faults == ()
    assert (len(record["order"]), int(record["total_cost"])) == (36, 29_745_000_000)


def test_loading_the_city_again_changes_nothing(replayed):
    before = Event.objects.count()
    assert load(folder=settings.CITY_FOLDER, by=SYSTEM, at=replayed).counts == {}
    assert Event.objects.count() == before


def test_every_matter_is_in_a_stage_or_has_ended_with_a_passage_for_each_stage_it_left():
    assert Matter.objects.filter(ended_at__isnull=False, passages__isnull=True).count() == 0
    assert Election.objects.filter(stage__process__code="1-3/metro/2021", counted_at__isnull=False).count() == 1
