"""Encrypted ballots: what is taken, what each wrong one is refused for, and that nothing of it is stored."""

import json
from datetime import date

import boards
import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madang import ballots
from madang.ballots.groups import group
from madang.ballots.printing import printed
from madang.site.kit.verdict import Refused
from madang.site.record.models import Event
from madang.site.votes import actions
from madang.site.votes.board import casting, queries
from madang.site.votes.board.models import Board, Cast, Credential, Record
from madang.site.votes.models import RollEntry


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def cast(town, name, raw, at=None, **more):
    board = queries.board_of(town.stage)
    return casting.cast_encrypted(
        by_voter=town.voter(name, **more), at=at or town.at, election=town.election, board=board, raw=raw
    )


def stored():
    board = Board.objects.get()
    return (
        Record.objects.count(), Cast.objects.count(), RollEntry.objects.count(), board.head, board.size, board.ballots,
        board.voters,
    )  # fmt: skip


def test_a_ballot_is_on_the_board_its_voter_on_the_roll_and_nothing_says_who_cast_which(encrypted):
    town = encrypted()
    raw = town.made.ballot(0, [1, 3])
    events = Event.objects.count()
    done = cast(town, "a", raw)
    board = queries.board_of(town.stage)
    assert (done.tracker, done.height, done.event, done.replaces) == (ballots.tracker(raw), 1, board.head, False)
    assert (board.ballots, board.voters, board.last) == (1, 1, "Ballot")
    assert RollEntry.objects.values_list("voter_key", "channel").get() == ("key-a", "online")
    assert Event.objects.count() == events
    assert town.election.ballots.count() == 0
    for table in (Cast, Record, Credential):
        for field in ("voter", "voter_key", "at", "person"):
            with pytest.raises(FieldDoesNotExist):
                table._meta.get_field(field)


def test_a_later_ballot_of_the_same_credential_replaces_the_first_and_the_roll_stays(encrypted):
    town = encrypted()
    first, second = town.made.ballot(0, [1]), town.made.ballot(0, [2])
    cast(town, "a", first)
    done = cast(town, "a", second)
    assert (done.replaces, RollEntry.objects.count(), Cast.objects.count()) == (True, 1, 2)
    board = queries.board_of(town.stage)
    assert (board.ballots, board.voters) == (2, 1)
    assert queries.find(board, ballots.tracker(first)) == (1, 2)
    assert queries.find(board, f" {ballots.tracker(second)}= ") == (2, None)
    assert queries.find(board, "x" * 43) is None


def _changed(raw, change):
    value = json.loads(raw)
    change(value)
    return printed(value).encode()


def _other_proof(value):
    value["answers"][0]["proof"]["response"] = "1"


def _low_order(value):
    # A point of order 2: it is on the curve and outside the group.
    value["answers"][0]["choices"]["alpha"] = "ec" + "ff" * 30 + "7f"


def _no_point(value):
    value["answers"][0]["choices"]["beta"] = "ff" * 32


def _too_great(value):
    value["answers"][0]["proof"]["response"] = str(group("Ed25519").q)


def _leading_zero(value):
    value["answers"][0]["proof"]["response"] = "0" + value["answers"][0]["proof"]["response"]


def _two_answers(value):
    value["answers"] *= 2


def _foreign(town):
    """A ballot that is right but for its election."""
    election = town.made.election
    other = election.raw.replace(b"1 = ", b"1 == ", 1)
    secret = ballots.secret_of(election.group, election.uuid, town.made.credentials[1])
    return ballots.make_ballot(ballots.read_election(other), secret, [[1, 0]])


def _unknown(town):
    """A ballot with a credential that is not on the list."""
    election = town.made.election
    credential, _ = ballots.draw_credential(election.group, election.uuid)
    secret = ballots.secret_of(election.group, election.uuid, credential)
    return ballots.make_ballot(election, secret, [[1, 0]])


def _resigned(town, change):
    """A ballot changed before it is signed, so that only the change itself is wrong."""
    election = town.made.election
    secret = ballots.secret_of(election.group, election.uuid, town.made.credentials[1])
    return boards.signed(election, secret, town.made.ballot(1, [1]), change)


WRONG = {
    "replayed": ("ballot-replayed", lambda town, first: first),
    "foreign credential": ("ballot-credential", lambda town, first: _unknown(town)),
    "wrong election": ("ballot-election", lambda town, first: _foreign(town)),
    "no JSON": ("canonical", lambda town, first: b"{"),
    "not UTF-8": ("canonical", lambda town, first: b"\xff" * 40),
    "deep": ("canonical", lambda town, first: b"[" * 800),
    "empty": ("canonical", lambda town, first: b""),
    "blanks": ("canonical", lambda town, first: town.made.ballot(1, [1]).replace(b":", b": ")),
    "a line more": ("canonical", lambda town, first: town.made.ballot(1, [1]) + b"\n"),
    "oversized": ("ballot-size", lambda town, first: town.made.ballot(1, [1]) + b" " * 9000),
    "leading zero": ("canonical", lambda town, first: _resigned(town, _leading_zero)),
    "two answers": ("ballot-shape", lambda town, first: _resigned(town, _two_answers)),
    "proof": ("encryption-proof", lambda town, first: _resigned(town, _other_proof)),
    "low order": ("membership", lambda town, first: _resigned(town, _low_order)),
    "no point": ("membership", lambda town, first: _resigned(town, _no_point)),
    "too great": ("number-range", lambda town, first: _resigned(town, _too_great)),
    "signature": ("signature", lambda town, first: _changed(town.made.ballot(1, [1]), _other_proof)),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_ballot_that_breaks_a_rule_is_refused_under_it_and_nothing_is_stored(encrypted, wrong):
    town = encrypted()
    first = town.made.ballot(0, [1])
    cast(town, "a", first)
    rule, make = WRONG[wrong]
    before = stored()
    with pytest.raises(casting.BallotRefused) as refused:
        cast(town, "b", make(town, first))
    assert (refused.value.rule, str(refused.value)) == (rule, str(casting.SENTENCES[rule]))
    assert stored() == before
    cast(town, "b", town.made.ballot(1, [2]))
    assert stored()[1:3] == (2, 2)


def test_whoever_is_late_or_may_not_vote_or_has_voted_is_refused_and_nothing_is_stored(encrypted):
    town = encrypted(closes_on=date(2021, 8, 28))
    raw = [town.made.ballot(voter, [1]) for voter in range(4)]
    cast(town, "a", raw[0], at=town.at.replace(day=28, hour=14, minute=59))
    cast(town, "b", raw[1])
    before = stored()
    for rule, name, ballot, more in (
        ("closed", "c", raw[2], {"at": town.at.replace(day=28, hour=15)}),
        ("eligible", "c", raw[2], {"claims": ()}),
        ("eligible", "c", raw[2], {"electorate": "nobody"}),
        ("roll", "a", raw[2], {}),  # a second credential
        ("roll", "c", town.made.ballot(0, [2]), {}),  # somebody else's credential, by one who has not voted
    ):
        with pytest.raises(casting.BallotRefused) as refused:
            cast(town, name, ballot, **more)
        assert (refused.value.rule, stored()) == (rule, before)


def test_paper_and_booth_share_one_roll(encrypted):
    town = encrypted(paper=True)
    cast(town, "a", town.made.ballot(0, [1]))
    for name, taken in (("a", False), ("b", True)):
        papers = {"voters": [town.voter(name)], "papers": [("public", [2])]}
        if not taken:
            with pytest.raises(Refused):
                actions.enter_paper(by=town.officer, at=town.at, election=town.election, **papers)
            continue
        batch = actions.enter_paper(by=town.officer, at=town.at, election=town.election, **papers)
        actions.confirm_paper(by=town.second, at=town.at, batch=batch)
    before = stored()
    with pytest.raises(casting.BallotRefused, match="on paper"):
        cast(town, "b", town.made.ballot(1, [1]))
    with pytest.raises(casting.BallotRefused, match="not you"):
        cast(town, "b", town.made.ballot(0, [2]))
    assert stored() == before


def test_an_encrypted_vote_takes_no_plain_ballot(encrypted):
    town = encrypted()
    with pytest.raises(Refused, match="in its booth"):
        actions.cast(by_voter=town.voter("a"), at=town.at, election=town.election, choices=[1])
    with pytest.raises(Refused, match="in its booth"):
        actions.cast_many(at=town.at, election=town.election, ballots=[(town.voter("a"), [1])])
    assert (RollEntry.objects.count(), town.election.ballots.count()) == (0, 0)


def test_a_database_that_does_not_answer_is_told_apart_from_a_refusal(encrypted):
    town = encrypted()
    before = stored()

    def full(execute, sql, *rest):
        if sql.startswith("INSERT") and "votes_cast" in sql:
            raise OperationalError("database or disk is full")
        return execute(sql, *rest)

    with connection.execute_wrapper(full), pytest.raises(casting.Busy):
        cast(town, "a", town.made.ballot(0, [1]))
    assert stored() == before


def test_casting_costs_the_same_few_queries_however_many_have_cast(encrypted):
    town = encrypted(voters=6)
    counts = []
    for voter in range(6):
        with CaptureQueriesContext(connection) as seen:
            cast(town, f"v{voter}", town.made.ballot(voter, [1]))
        counts.append(len(seen))
        assert not [query["sql"] for query in seen if "body" in query["sql"] and query["sql"].startswith("SELECT")]
    assert set(counts) == {counts[0]}


def post(client, town, raw):
    return client.post(
        reverse("votes:board_cast", args=[town.stage.pk]), raw, content_type="application/json"
    )  # fmt: skip


def test_the_door_tells_the_rule_and_a_sentence_in_the_language_of_the_reader(encrypted, client):
    town = encrypted()
    answer = post(client, town, town.made.ballot(0, [1]))
    assert (answer.status_code, answer.json()["rule"], answer.json()["identity"]) == (403, "eligible", True)
    answer = post(client, town, b" " * 9000)
    assert (answer.status_code, answer.json()["rule"]) == (413, "ballot-size")
    assert stored()[1:3] == (0, 0)


@given(raw=st.binary(max_size=300))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_bytes_are_a_ballot_by_chance(encrypted_once, raw):
    before = stored()
    with pytest.raises(casting.BallotRefused):
        cast(encrypted_once, "a", raw)
    assert stored() == before


@pytest.fixture
def encrypted_once(encrypted):
    return encrypted()
