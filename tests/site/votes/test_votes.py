"""Votes: one vote a person, valid ballots, secrecy, embargo, paper, exact counting."""

import inspect
import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from madang.chain import merkle_root
from madang.site.docket.models import Matter, Passage
from madang.site.kit.actor import SYSTEM, VISITOR, Actor
from madang.site.kit.figures import query_named
from madang.site.kit.verdict import Refused
from madang.site.people import vault
from madang.site.people.actions import NewPerson, Verified, register_people, verify_identity
from madang.site.people.models import Person
from madang.site.record.models import Event
from madang.site.votes import actions, counting, queries
from madang.site.votes.models import Ballot, Circumstance, PaperBatch, RollEntry, Sealing, Turnout
from madang.site.votes.voters import Voter, paper_voter, voter_of

TWO = (
    {"code": "public", "ko": "시민", "en": "Citizens", "who": ["lives_in:town|works_in:town"]},
    {"code": "members", "ko": "위원", "en": "Members", "who": ["member_of:assembly"]},
)


def enter(town, ballots):
    """Enter papers of voters; the two lists come in different orders."""
    voters, papers = [voter for voter, _ in ballots], [(voter.electorate, choices) for voter, choices in ballots]
    return actions.enter_paper(by=town.officer, at=town.at, election=town.election, voters=voters[::-1], papers=papers)


def box(town):
    return sorted(town.election.ballots.values_list("electorate", "choices"))


def cast(town, name, choices, **more):
    return actions.cast(by_voter=town.voter(name, **more), at=town.at, election=town.election, choices=choices)


def test_one_person_has_one_vote_however_it_is_cast(make):
    town = make()
    cast(town, "a", [1, 2])
    with pytest.raises(Refused):
        cast(town, "a", [3])
    with pytest.raises(Refused, match="2"):
        actions.cast_many(at=town.at, election=town.election, ballots=[(town.voter("b"), [3]), (town.voter("a"), [3])])
    with pytest.raises(Refused, match="2"):
        actions.cast_many(at=town.at, election=town.election, ballots=[(town.voter("c"), [3]), (town.voter("c"), [2])])
    assert box(town) == [("public", "1,2")]
    assert town.election.roll.count() == 1


def test_the_database_itself_refuses_a_second_vote(make):
    town = make()
    cast(town, "a", [1])
    entry = RollEntry.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        RollEntry.objects.create(id=5, election=town.election, electorate="public", voter_key=entry.voter_key)
    assert RollEntry.objects.count() == 1


@pytest.mark.parametrize("choices", [[], [1, 2, 3], [1, 1], [4], [0], [-1]])
def test_a_wrong_ballot_uses_up_no_vote(make, choices):
    town = make()
    with pytest.raises(Refused):
        cast(town, "a", choices)
    assert (town.election.roll.count(), town.election.ballots.count()) == (0, 0)
    cast(town, "a", [2])
    assert box(town) == [("public", "2")]


def test_only_the_electorate_votes(make):
    town = make()
    for claims in ((), ("lives_in:elsewhere",), ("lives_in:townish",)):
        with pytest.raises(Refused):
            cast(town, "a", [1], claims=claims)
    with pytest.raises(Refused):
        cast(town, "a", [1], electorate="nobody")
    cast(town, "a", [1], claims=("works_in:town",))
    assert box(town) == [("public", "1")]


def test_ballots_are_taken_only_while_the_vote_is_open_and_until_its_last_day(make):
    town = make(closes_on=date(2021, 8, 28))
    last = town.at.replace(day=28, hour=14, minute=59)
    actions.cast(by_voter=town.voter("a"), at=last, election=town.election, choices=[1])
    with pytest.raises(Refused):
        actions.cast(by_voter=town.voter("b"), at=last + timedelta(minutes=1), election=town.election, choices=[1])
    town.close(stage=town.stage)
    town.election.refresh_from_db()
    town.election.stage.refresh_from_db()
    with pytest.raises(Refused):
        cast(town, "c", [1])
    assert box(town) == [("public", "1")]


def test_a_ballot_never_slips_in_beside_the_count(make):
    """The election object of a slow request still says "open"; the database does not."""
    town = make()
    cast(town, "a", [1])
    slow = type(town.election).objects.select_related("stage__process__department").get(pk=town.election.pk)
    actions.count(by=town.officer, at=town.at, election=town.election)
    with pytest.raises(Refused):
        actions.cast(by_voter=town.voter("b"), at=town.at, election=slow, choices=[1])
    with pytest.raises(Refused):
        actions.cast_many(at=town.at, election=slow, ballots=[(town.voter("b"), [1])])
    assert slow.roll.count() == slow.ballots.count() == 1


def test_casting_writes_a_roll_entry_and_a_ballot_and_nothing_else(make, django_assert_num_queries):
    town = make()
    before = Event.objects.count()
    assert town.election.numbers == {1, 2, 3}
    with django_assert_num_queries(5) as queries_made:
        cast(town, "a", [1])
    writes = [query["sql"].split()[2] for query in queries_made if query["sql"].startswith("INSERT")]
    assert writes == ['"votes_rollentry"', '"votes_ballot"']
    assert Event.objects.count() == before


def fields(model):
    return {field.name for field in model._meta.get_fields()}


def test_roll_and_box_share_nothing_but_election_and_electorate(make):
    assert fields(RollEntry) & fields(Ballot) == {"id", "election", "electorate"}
    for model in (RollEntry, Ballot):
        kinds = {field.get_internal_type() for field in model._meta.get_fields()}
        assert kinds == {"BigAutoField", "ForeignKey", "CharField"}
        with pytest.raises(FieldDoesNotExist):
            model._meta.get_field("at")


def test_stored_order_tells_nothing_about_the_order_of_voting(make):
    """In the order of storage, votes of early and late voters are mixed, and roll and box differ."""
    town = make(costs=[1] * 40, choose=1)
    for number in range(40):
        cast(town, f"{number:02}", [number + 1])
    with connection.cursor() as cursor:
        key = "rowid" if connection.vendor == "sqlite" else "id"
        cursor.execute(f"SELECT choices FROM votes_ballot ORDER BY {key}")  # noqa: S608
        stored = [int(choices) for (choices,) in cursor.fetchall()]
        cursor.execute(f"SELECT voter_key FROM votes_rollentry ORDER BY {key}")  # noqa: S608
        roll = [int(name[4:]) + 1 for (name,) in cursor.fetchall()]
    cast_order = list(range(1, 41))
    assert sorted(stored) == sorted(roll) == cast_order
    # Two equal orders of 40 would occur once in 8e47 cases.
    assert stored != cast_order and roll != cast_order and stored != roll


def test_a_receipt_shows_that_the_ballot_is_in_and_nothing_more(make):
    town = make()
    receipt = cast(town, "a", [1, 3])
    assert queries.has_receipt(town.election, f" {receipt.code.lower()} ")
    assert not queries.has_receipt(town.election, "0000-0000-0000")
    assert list(queries.receipts(town.election)) == [receipt.code]
    town.close(stage=town.stage)
    election = queries.election_of(town.stage)
    assert receipt.code not in json.dumps(queries.board(election, town.later))
    assert receipt.code not in queries.pabulib(election, town.later)


def derived(election, at):
    """Every public reading of the room that could tell a result."""
    return [
        lambda: queries.tally(election, at),
        lambda: queries.record(election, at),
        lambda: queries.board(election, at),
        lambda: queries.results(election, at),
        lambda: queries.pabulib(election, at),
    ]


@pytest.mark.parametrize("counted", [False, True])
def test_before_closing_nobody_gets_any_result(make, counted):
    """Data that could leak: a vote with a clear winner, sealed, and even counted while still open."""
    town = make()
    for name in "abcde":
        cast(town, name, [2])
    actions.seal_ballots(by=town.officer, at=town.at, election=town.election)
    if counted:
        actions.count(by=SYSTEM, at=town.at, election=town.election)
        assert town.election.tally["options"][0]["number"] == 2
    for read in derived(queries.election_of(town.stage), town.later):
        with pytest.raises(Refused):
            read()
    for name in ("votes.winners", "votes.allotted"):
        query = query_named(name)
        assert query.records(query.Arguments(processes=["1-3/2021"]), date(2021, 12, 31)).value() == 0
    told = json.dumps([list(row) for row in Event.objects.values_list("verb", "data")])
    assert "total" not in told and '"votes"' not in told and "rank" not in told
    assert queries.voters(town.election) == 5
    town.close(stage=town.stage)
    election = queries.election_of(town.stage)
    with pytest.raises(Refused):
        queries.tally(election, town.at)
    assert queries.results(election, town.later)[0].option.order == 2


def test_every_reading_of_results_asks_the_embargo():
    """A new query that reads tallies, records or choices must ask `is_public` or build on one that does."""
    readers = {name: inspect.getsource(function) for name, function in inspect.getmembers(queries, inspect.isfunction)}
    reading = {
        name
        for name, text in readers.items()
        if function_is_public(name) and any(word in text for word in (".tally", ".record or", '"choices"', "tally("))
    }
    assert reading == {"tally", "record", "board", "results", "pabulib"}
    for name in reading:
        assert "is_public" in readers[name] or "tally(election, at)" in readers[name]


def function_is_public(name):
    return not name.startswith("_") and getattr(queries, name).__module__ == queries.__name__


def test_sealing_commits_to_all_ballots_and_notes_the_day(make):
    town = make()
    cast(town, "a", [1])
    first = actions.seal_ballots(by=SYSTEM, at=town.at, election=town.election)
    with pytest.raises(Refused):
        actions.seal_ballots(by=SYSTEM, at=town.at, election=town.election)
    cast(town, "b", [1])
    cast(town, "c", [2])
    day_later = town.at + timedelta(days=1)
    second = actions.seal_ballots(by=SYSTEM, at=day_later, election=town.election)
    assert [first.ballots, second.ballots] == [1, 3]
    events = [event.data["new"] for event in Event.objects.filter(verb="ballots.sealed").order_by("number")]
    assert events == [1, 2]
    assert list(Turnout.objects.values_list("day", "channel", "voters")) == [
        (date(2021, 8, 9), "online", 1),
        (date(2021, 8, 10), "online", 2),
    ]
    town.close(stage=town.stage)
    board = queries.board(queries.election_of(town.stage), town.later)
    leaves = [f"{b['key']} {b['electorate']} {','.join(map(str, b['choices']))}" for b in board["ballots"]]
    assert merkle_root(leaves) == second.root == board["record"]["root"]
    assert merkle_root(list(queries.receipts(town.election))) == second.receipts_root


def test_a_cast_ballot_cannot_be_changed_or_deleted(make):
    town = make()
    cast(town, "a", [1])
    for change in (
        lambda: Ballot.objects.update(choices="2"),
        lambda: Ballot.objects.all().delete(),
        lambda: Sealing.objects.create(
            election=town.election, number=1, at=town.at, ballots=1, root="x", receipts_root="x"
        ).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert box(town) == [("public", "1")]


def test_turnout_of_sealings_adds_up_to_the_roll_and_is_the_figure(make):
    town = make(paper=True)
    cast(town, "a", [1])
    actions.seal_ballots(by=SYSTEM, at=town.at, election=town.election)
    batch = enter(town, [(town.voter("p"), [1]), (town.voter("q"), [2])])
    actions.confirm_paper(by=town.second, at=town.at, batch=batch)
    town.close(stage=town.stage)
    query = query_named("votes.voters")

    def figure(day, **more):
        return query.records(query.Arguments(processes=["1-3/2021"], **more), day).value()

    assert sum(Turnout.objects.values_list("voters", flat=True)) == RollEntry.objects.count() == 3
    assert figure(date(2021, 8, 9)) == 1
    assert figure(date(2021, 12, 31)) == 3
    assert figure(date(2021, 12, 31), channel="paper") == 2


def test_turnout_of_an_earlier_system_is_taken_over_only_without_a_roll(make):
    town = make()
    rows = [(date(2020, 8, 1), "online", 101_000), (date(2020, 8, 1), "on_site", 232)]
    assert actions.hand_over_turnout(by=SYSTEM, at=town.at, election=town.election, rows=rows) == 101_232
    assert queries.voters(town.election) == 101_232
    Turnout.objects.all().delete()
    cast(town, "a", [1])
    with pytest.raises(Refused):
        actions.hand_over_turnout(by=SYSTEM, at=town.at, election=town.election, rows=rows)
    assert Turnout.objects.count() == 0


def test_paper_needs_two_officials_and_the_same_roll(make):
    town = make(paper=True)
    papers = [(town.voter("p"), [3, 1]), (town.voter("q"), [2])]
    batch = enter(town, papers)
    assert box(town) == []
    with pytest.raises(Refused):
        actions.confirm_paper(by=town.officer, at=town.at, batch=batch)
    with pytest.raises(Refused):
        actions.confirm_paper(by=VISITOR, at=town.at, batch=batch)
    with pytest.raises(Refused):
        actions.count(by=town.officer, at=town.at, election=town.election)
    actions.confirm_paper(by=town.second, at=town.at, batch=batch)
    assert box(town) == [("public", "1,3"), ("public", "2")]
    assert PaperBatch.objects.get().ballots is None
    with pytest.raises(Refused):
        actions.confirm_paper(by=town.second, at=town.at, batch=batch)
    with pytest.raises(Refused):
        cast(town, "p", [1])
    with pytest.raises(Refused):
        enter(town, papers)


def test_somebody_who_votes_online_before_confirmation_stops_the_batch(make):
    town = make(paper=True)
    batch = enter(town, [(town.voter("p"), [1]), (town.voter("q"), [2])])
    cast(town, "q", [3])
    with pytest.raises(Refused):
        actions.confirm_paper(by=town.second, at=town.at, batch=batch)
    assert box(town) == [("public", "3")]
    actions.reject_paper(by=town.second, at=town.at, batch=batch, reason="q voted online")
    assert PaperBatch.objects.get().rejected_at == town.at
    actions.count(by=town.officer, at=town.at, election=town.election)


def test_spoiled_papers_are_voters_and_no_ballots_once_two_officials_say_so(make):
    town = make(paper=True)
    people = [town.voter(name) for name in "pqrs"]
    box = [("public", [1]), ("public", [2, 3])]
    told = {"by": town.officer, "at": town.at, "election": town.election, "voters": people, "papers": box}
    for wrong in ({}, {"public": 1}, {"public": 3}):
        with pytest.raises(Refused):
            actions.enter_paper(**told, spoiled=wrong)
    batch = actions.enter_paper(**told, spoiled={"public": 2})
    assert (batch.size, batch.spoiled_papers, queries.spoiled(town.election).total()) == (2, 2, 0)
    actions.confirm_paper(by=town.second, at=town.at, batch=batch)
    assert (town.election.roll.count(), town.election.ballots.count()) == (4, 2)
    assert queries.spoiled(town.election) == {"public": 2}
    with pytest.raises(Refused) as twice:
        actions.enter_paper(**{**told, "voters": people[:1], "papers": []}, spoiled={"public": 1})
    assert str(twice.value)
    rejected = actions.enter_paper(**{**told, "voters": [town.voter("t")], "papers": []}, spoiled={"public": 1})
    actions.reject_paper(by=town.second, at=town.at, batch=rejected, reason="합성")
    counted = actions.count(by=town.officer, at=town.at, election=town.election)
    assert (counted.record["ballots"], counted.record["spoiled"]) == (2, {"public": 2})


def test_waiting_papers_do_not_tell_who_filled_in_which(make):
    town = make(paper=True)
    names = "zyxw"
    ballots = [(town.voter(name), [number]) for name, number in zip(names, (1, 2, 3, 1), strict=True)]
    stored = enter(town, ballots).ballots
    assert stored["voters"] == sorted(stored["voters"]) and stored["papers"] == sorted(stored["papers"])
    assert set(stored) == {"voters", "papers"}
    assert [len(row) for row in stored["papers"]] == [2] * 4


@pytest.mark.parametrize(
    ("voters", "papers"),
    [
        (["public"], [("public", [1]), ("public", [2])]),
        (["public", "members"], [("public", [1]), ("public", [2])]),
        (["public", "public"], [("public", [1]), ("public", [1, 2, 3])]),
        (["public", "public"], [("public", [1]), ("public", [9])]),
        (["public", "nobody"], [("public", [1]), ("nobody", [1])]),
    ],
)
def test_papers_are_refused_unless_they_are_as_many_as_voters_and_valid(make, voters, papers):
    town = make(paper=True, electorates=TWO)
    people = [
        town.member(str(place)) if code == "members" else town.voter(str(place), code)
        for place, code in enumerate(voters)
    ]
    with pytest.raises(Refused):
        actions.enter_paper(by=town.officer, at=town.at, election=town.election, voters=people, papers=papers)
    assert PaperBatch.objects.count() == 0


def test_papers_of_two_electorates_stay_in_their_own(make):
    town = make(paper=True, electorates=TWO)
    batch = enter(town, [(town.voter("p"), [1]), (town.member("m"), [2]), (town.voter("q"), [3])])
    actions.confirm_paper(by=town.second, at=town.at, batch=batch)
    assert box(town) == [("members", "2"), ("public", "1"), ("public", "3")]
    roll = sorted(town.election.roll.values_list("electorate", "voter_key"))
    assert roll == [("members", "key-m"), ("public", "key-p"), ("public", "key-q")]


def test_paper_is_refused_where_the_recipe_has_none(make):
    town = make()
    with pytest.raises(Refused):
        enter(town, [(town.voter("p"), [1])])
    assert PaperBatch.objects.count() == 0


def test_members_and_public_are_added_with_exact_weights(make):
    town = make(electorates=({**make_weight("members", 1), "who": ["member_of:assembly"]}, make_weight("public", 1)))
    for name in "abc":
        actions.cast(by_voter=town.member(name), at=town.at, election=town.election, choices=[1])
    for name, choices in (("d", [2]), ("e", [2]), ("f", [2]), ("g", [2]), ("h", [2, 3]), ("i", [2]), ("j", [1])):
        cast(town, name, choices)
    town.close(stage=town.stage)
    rows = queries.results(queries.election_of(town.stage), town.later)
    assert [(row.option.order, row.total) for row in rows] == [
        (1, Fraction(3, 3) + Fraction(1, 7)),
        (2, Fraction(6, 7)),
        (3, Fraction(1, 7)),
    ]
    assert [row.share for row in rows] == ["57.14%", "42.86%", "7.14%"]
    assert [row.votes for row in rows] == [[3, 1], [0, 6], [0, 1]]


def make_weight(code, weight):
    return {"code": code, "ko": code, "en": code, "who": ["lives_in:town"], "weight": weight}


def test_ties_go_to_the_earlier_number_and_are_stated(make):
    town = make(winners=2)
    for name, choices in (("a", [3]), ("b", [2]), ("c", [1]), ("d", [3])):
        cast(town, name, choices)
    town.close(stage=town.stage)
    tally = queries.tally(queries.election_of(town.stage), town.later)
    assert [(row["number"], row["rank"], row["tied"]) for row in tally["options"]] == [
        (3, 1, False),
        (1, 2, True),
        (2, 3, True),
    ]
    assert tally["ties"] == [[1, 2]]
    passages = Passage.objects.filter(stage=town.stage).order_by("rank")
    assert [(p.matter_id, p.outcome, p.passed) for p in passages] == [
        (town.matters[2].pk, "counted", True),
        (town.matters[0].pk, "counted", True),
        (town.matters[1].pk, "counted", False),
    ]
    assert Matter.objects.filter(stage=town.money).count() == 2
    assert passages[0].reason == "2표로 1위입니다."


def test_a_vote_in_which_nobody_voted_can_be_closed(make):
    town = make()
    town.close(stage=town.stage)
    rows = queries.results(queries.election_of(town.stage), town.later)
    assert [row.total for row in rows] == [0, 0, 0]


def test_a_recount_finds_the_published_result_and_the_roll_can_be_destroyed(make):
    town = make()
    cast(town, "a", [1])
    with pytest.raises(Refused):
        actions.recount(by=town.officer, at=town.at, election=town.election)
    town.close(stage=town.stage)
    election = queries.election_of(town.stage)
    assert actions.recount(by=town.officer, at=town.later, election=election)
    # Closed on 29 August; the fourteen days for complaints end with 12 September in the city.
    last = datetime(2021, 9, 12, 14, 59, tzinfo=UTC)
    with pytest.raises(Refused, match="2021-09-12"):
        actions.destroy_roll(by=town.officer, at=last, election=election)
    actions.destroy_roll(by=town.officer, at=last + timedelta(minutes=1), election=election)
    assert (election.roll.count(), election.ballots.count(), queries.voters(election)) == (0, 1, 1)
    with pytest.raises(Refused):
        actions.destroy_roll(by=town.officer, at=last + timedelta(minutes=1), election=election)


def test_a_vote_is_not_counted_before_its_announced_last_day(make):
    town = make(closes_on=date(2021, 8, 28))
    cast(town, "a", [1])
    before = datetime(2021, 8, 27, 14, 59, tzinfo=UTC)
    for attempt in (
        lambda: actions.count(by=town.officer, at=before, election=town.election),
        lambda: town.close(stage=town.stage, at=before),
    ):
        with pytest.raises(Refused, match="2021-08-28"):
            attempt()
    town.election.refresh_from_db()
    town.stage.refresh_from_db()
    assert (town.election.counted_at, town.stage.closed_at) == (None, None)
    last = before + timedelta(minutes=1)
    actions.count(by=town.officer, at=last, election=town.election)
    assert town.election.__class__.objects.get().counted_at == last


def test_the_night_seals_only_boxes_with_new_ballots(make):
    town = make()
    assert queries.unsealed(town.at) == []
    cast(town, "a", [1])
    assert queries.unsealed(town.at - timedelta(days=1)) == []
    assert queries.unsealed(town.at) == [town.election]
    actions.seal_ballots(by=SYSTEM, at=town.at, election=town.election)
    assert queries.unsealed(town.at) == []
    cast(town, "b", [2])
    assert queries.unsealed(town.at) == [town.election]
    town.close(stage=town.stage)
    assert queries.unsealed(town.later) == []


def test_a_roll_that_differs_from_the_box_stops_the_count(make):
    town = make()
    cast(town, "a", [1])
    RollEntry.objects.create(id=7, election=town.election, electorate="public", voter_key="ghost")
    with pytest.raises(Refused):
        town.close(stage=town.stage)
    town.election.refresh_from_db()
    assert town.election.counted_at is None


def test_a_board_can_be_counted_again_by_anybody(make):
    town = make()
    for name, choices in (("a", [1, 2]), ("b", [2]), ("c", [3])):
        cast(town, name, choices)
    town.close(stage=town.stage)
    board = json.loads(json.dumps(queries.board(queries.election_of(town.stage), town.later)))
    ballots = [(row["electorate"], ",".join(map(str, row["choices"]))) for row in board["ballots"]]
    numbers = [option["number"] for option in board["record"]["options"]]
    results, valid = counting.counted(ballots=ballots, weights={"public": 1}, numbers=numbers)
    assert counting.written(results, valid, {"public": 1}) == board["record"]["tally"]


def test_pabulib_export(make):
    town = make()
    for name, choices in (("a", [1, 2]), ("b", [2])):
        cast(town, name, choices)
    town.close(stage=town.stage)
    lines = queries.pabulib(queries.election_of(town.stage), town.later).splitlines()
    assert lines[:2] == ["META", "key;value"]
    assert "num_votes;2" in lines and "vote_type;approval" in lines and "date_begin;09.08.2021" in lines
    start = lines.index("PROJECTS")
    assert lines[start : start + 5] == [
        "PROJECTS",
        "project_id;cost;votes;name",
        "1;10;1;사업, 1",
        "2;20;2;사업, 2",
        "3;30;0;사업, 3",
    ]
    votes = lines[lines.index("VOTES") :]
    assert votes[:2] == ["VOTES", "voter_id;vote"]
    assert sorted(row.split(";")[1] for row in votes[2:]) == ["1,2", "2"]


def test_the_voter_key_comes_from_the_identity_check_and_only_for_this_vote(make):
    town = make()
    person = register_people(by=SYSTEM, at=town.at, people=[NewPerson("p-1", synthetic=True)])[0]
    actor = Actor("p-1", person.pk)
    with pytest.raises(Refused):
        voter_of(by=actor, election=town.election, at=town.at)
    with pytest.raises(Refused):
        voter_of(by=VISITOR, election=town.election, at=town.at)
    verified = Verified(subject="CI-1", method="phone", birth_year=1980, sex="f", lives_in="town")
    identity = verify_identity(by=actor, at=town.at, person=Person.objects.get(), verified=verified)
    voter = voter_of(by=actor, election=town.election, at=town.at)
    assert voter.key == vault.voter_key(town.election.code, identity.subject)
    assert voter.key != vault.voter_key("election:0", identity.subject)
    on_paper = paper_voter(election=town.election, roll_number=" CI-1 ", electorate="public", at=town.at)
    assert on_paper.key == voter.key
    with pytest.raises(Refused):
        voter_of(by=actor, election=town.election, at=identity.expires_at)


def test_many_ballots_at_once_are_all_in_the_box(make):
    town = make(costs=[1] * 54, choose=5)
    chance = random.Random(1)  # noqa: S311
    claims = [frozenset({f"lives_in:town/{n}"}) for n in range(25)]
    ballots = [(Voter(f"{n:064x}", claims[n % 25], "public"), chance.sample(range(1, 55), 5)) for n in range(6_400)]
    receipts = actions.cast_many(at=town.at, election=town.election, ballots=ballots)
    assert len({receipt.code for receipt in receipts}) == 6_400
    assert list(queries.receipts(town.election)) == sorted(receipt.code for receipt in receipts)


WEIGHTS = st.dictionaries(st.sampled_from("ABC"), st.integers(1, 9), min_size=1)


@given(WEIGHTS, st.lists(st.tuples(st.integers(0, 2), st.sets(st.integers(1, 4), min_size=1)), max_size=40))
def test_counting_is_exact_and_independent_of_the_order_of_ballots(weights, cast_ballots):
    codes = sorted(weights)
    ballots = [(codes[who % len(codes)], ",".join(map(str, sorted(chosen)))) for who, chosen in cast_ballots]
    results, valid = counting.counted(ballots=ballots, weights=weights, numbers=[1, 2, 3, 4])
    again, _valid = counting.counted(ballots=reversed(ballots), weights=weights, numbers=[4, 3, 2, 1])
    assert results == again
    assert sum(valid.values()) == len(ballots)
    for row in results:
        naive = {
            code: sum(c == code and str(row.number) in chosen.split(",") for c, chosen in ballots) for code in codes
        }
        assert row.votes == naive
        share = sum((Fraction(weights[c] * naive[c], valid[c]) for c in codes if valid[c]), Fraction(0))
        assert row.total == (naive[codes[0]] if len(codes) == 1 else share)
    order = [(-row.total, row.number) for row in results]
    assert order == sorted(order)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no transaction with a row")
def test_after_the_count_postgresql_keeps_no_transaction_that_joins_roll_and_box(make):
    town = make()
    for name in "abcdefgh":
        cast(town, name, [1])
    town.close(stage=town.stage)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM votes_rollentry ORDER BY ctid")
        stored = [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM votes_rollentry")
        transactions = cursor.fetchone()[0]
    assert stored == sorted(stored)
    assert transactions == 1


def test_what_a_vote_was_held_under_is_noted_with_its_source(make):
    town = make()
    noted = {"election": town.election, "code": "distancing_level", "names": ("합성 단계", "Synthetic level")}
    day = town.at.date()
    for value in ("2.5", "4"):
        actions.note_circumstance(by=town.officer, at=town.at, value=Decimal(value), source="합성 고시 7쪽", **noted)
    assert [(row.name, row.value, row.source) for row in queries.circumstances(town.election)] == [
        ("합성 단계", Decimal("4"), "합성 고시 7쪽")
    ]
    assert [str(row.number) for row in Circumstance.objects.all()] == ["4", "2.5"]
    query = query_named("votes.circumstance")
    arguments = query.Arguments(process="1-3/2021", code="distancing_level")
    assert query.records(arguments, day).value() == Decimal("4")
    assert query.records(arguments, day - timedelta(days=1)).value() is None
    for by, source in ((town.officer, " "), (Actor("synthetic-citizen"), "합성 고시 7쪽")):
        with pytest.raises(Refused):
            actions.note_circumstance(by=by, at=town.at, value=Decimal(1), source=source, **noted)
    assert Circumstance.objects.count() == 2
