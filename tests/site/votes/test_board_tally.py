"""From the close to the count: each step verified before it is added, in its order, and the result what was cast."""

import os
import shutil
import subprocess
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import boards
import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madang import ballots
from madang.site.kit.actor import SYSTEM, VISITOR
from madang.site.kit.nightly import night_tasks
from madang.site.kit.verdict import Refused
from madang.site.record.models import Event
from madang.site.votes import actions, policy
from madang.site.votes import queries as vote_queries
from madang.site.votes.board import appending, casting, queries, tallying
from madang.site.votes.board.models import Contribution, Trustee
from madang.site.votes.models import Sealing


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def cast(town, name, raw):
    return casting.cast_encrypted(
        by_voter=town.voter(name), at=town.at, election=town.election, board=queries.board_of(town.stage), raw=raw
    )


def box(town):
    return Counter(town.election.ballots.values_list("choices", flat=True))


VOTES = {0: [1, 3], 1: [2], 2: [1, 2]}


def voted(encrypted, **more):
    town = encrypted(**more)
    cast(town, "v0", town.made.ballot(0, [3]))
    for voter, picks in VOTES.items():
        cast(town, f"v{voter}", town.made.ballot(voter, picks))
    return town


def test_what_comes_out_is_what_went_in_and_everybody_can_verify_it(encrypted, tmp_path):
    town = voted(encrypted)
    done = boards.tally(town.made, tmp_path, town.at)
    assert done == [
        "EndBallots", "EncryptedTally", "Shuffle", "Shuffle", "PartialDecryption", "PartialDecryption", "Result",
    ]  # fmt: skip
    path = boards.copy(town.made.board, tmp_path)
    found = ballots.verify(path)
    assert (found.faults, found.counts) == ((), {"events": 13, "ballots": 4, "voters": 3})
    assert box(town) == Counter({"1,3": 1, "2": 1, "1,2": 1})
    actions.count(by=town.officer, at=town.at, election=town.election)
    town.stage.refresh_from_db()
    town.close(stage=town.stage)
    town.election.refresh_from_db()
    votes = {row["number"]: row["votes"]["public"] for row in town.election.tally["options"]}
    assert votes == {1: 2, 2: 2, 3: 1}
    lines = vote_queries.pabulib(town.election, town.later).splitlines()
    assert sorted(line.split(";")[1] for line in lines[lines.index("VOTES") + 2 :]) == ["1,2", "1,3", "2"]
    verbs = Event.objects.filter(verb__regex=r"^(board|shuffle|decryption|contribution)").order_by("pk")
    assert Counter(verbs.values_list("verb", flat=True)) == Counter(
        {"board.begun": 1, "board.set_up": 1, "board.closed": 1, "board.tallied": 1, "contribution.handed_in": 4,
         "shuffle.taken": 2, "shuffles.ended": 1, "decryption.taken": 2, "board.opened": 1}
    )  # fmt: skip


def test_the_archive_has_the_same_bytes_each_time_and_only_grows(encrypted, tmp_path):
    town = voted(encrypted)
    before = boards.copy(town.made.board, tmp_path).read_bytes()
    assert before == b"".join(appending.archive(town.made.board))
    assert len(before) == town.made.board.size
    boards.tally(town.made, tmp_path, town.at)
    after = boards.copy(town.made.board, tmp_path).read_bytes()
    assert after[: len(before)] == before
    assert len(after) == town.made.board.size


def test_nothing_of_the_result_can_be_downloaded_before_it_is_public(encrypted, tmp_path):
    town = voted(encrypted)
    boards.tally(town.made, tmp_path, town.at)
    board = queries.board_of(town.stage)
    hidden = b"".join(appending.archive(board, records=queries.public_records(board, public=False)))
    (tmp_path / "hidden.bel").write_bytes(hidden)
    assert ballots.verify(tmp_path / "hidden.bel", unfinished=True).counts == {"events": 10, "ballots": 4, "voters": 3}
    assert b"PartialDecryption" not in hidden
    assert b"decryption_factors" not in hidden
    assert queries.public_records(board, public=True) == board.records


def test_every_step_waits_for_the_one_before_it(encrypted, tmp_path):
    town = voted(encrypted, closes_on=date(2021, 8, 28))
    made, board = town.made, queries.board_of(town.stage)
    trustee = Trustee.objects.select_related("board__stage__process").get(board=board, number=1)
    with pytest.raises(Refused, match="until the end of"):
        tallying.close_board(by=SYSTEM, at=town.at, board=board)
    assert tallying.advance(by=SYSTEM, at=town.at, board=board) == []
    late = town.at.replace(day=28, hour=15)
    for step in (tallying.add_tally, tallying.open_ballots):
        with pytest.raises(Refused):
            step(by=SYSTEM, at=late, board=board)
    for kind in ("Shuffle", "PartialDecryption", "Result"):
        with pytest.raises(Refused, match="not what comes next"):
            tallying.hand_in(by=SYSTEM, at=late, trustee=trustee, kind=kind, body=b"{}")
    with pytest.raises(Refused, match="Only an officer"):
        tallying.close_board(by=VISITOR, at=late, board=board)
    assert not policy.may_count(town.officer, town.election, late).ok
    assert boards.tally(made, tmp_path, late)[-1] == "Result"
    assert policy.may_count(town.officer, town.election, late).ok


def test_a_wrong_part_is_refused_recorded_and_may_be_handed_in_again(encrypted, tmp_path):
    town = voted(encrypted)
    made, at = town.made, town.at
    tallying.advance(by=SYSTEM, at=at, board=made.board)
    right = boards.part(made, tmp_path, 1, "Shuffle")
    head = queries.board_of(town.stage).head
    trustee = Trustee.objects.select_related("board__stage__process").get(board=made.board, number=1)
    for wrong in (b"{}", b"\xff", right[:-5], right.replace(b'"alpha":"', b'"alpha":"0', 1)):
        tallying.hand_in(by=SYSTEM, at=at, trustee=trustee, kind="Shuffle", body=wrong)
        with pytest.raises(Refused, match="already"):
            tallying.hand_in(by=SYSTEM, at=at, trustee=trustee, kind="Shuffle", body=right)
        (said,) = tallying.advance(by=SYSTEM, at=at, board=queries.board_of(town.stage))
        assert said.startswith("Shuffle: ")
        assert queries.board_of(town.stage).head == head
    tallying.hand_in(by=SYSTEM, at=at, trustee=trustee, kind="Shuffle", body=right)
    assert tallying.advance(by=SYSTEM, at=at, board=queries.board_of(town.stage)) == ["Shuffle"]
    assert Event.objects.filter(verb="contribution.refused").count() == 4
    assert Contribution.objects.exclude(body=None).count() == 0


def test_two_shuffles_come_from_two_organisations(encrypted, tmp_path):
    town = voted(encrypted)
    Trustee.objects.update(owner="기관 1")
    tallying.advance(by=SYSTEM, at=town.at, board=town.made.board)
    boards.give(town.made, tmp_path, 1, "Shuffle", town.at)
    with pytest.raises(Refused, match="waits to be verified"):
        boards.give(town.made, tmp_path, 2, "Shuffle", town.at)
    tallying.advance(by=SYSTEM, at=town.at, board=queries.board_of(town.stage))
    with pytest.raises(Refused, match="another organisation must"):
        boards.give(town.made, tmp_path, 2, "Shuffle", town.at)


def test_no_ballot_is_taken_after_the_close(encrypted):
    town = voted(encrypted)
    slow = queries.board_of(town.stage)
    tallying.close_board(by=SYSTEM, at=town.at, board=queries.board_of(town.stage))
    for board in (slow, queries.board_of(town.stage)):
        with pytest.raises(casting.BallotRefused) as refused:
            casting.cast_encrypted(
                by_voter=town.voter("x"), at=town.at, election=town.election, board=board, raw=town.made.ballot(3, [1])
            )
        assert refused.value.rule == "closed"
    assert queries.board_of(town.stage).ballots == 4


def test_spoilt_ballots_and_papers_add_up_with_the_roll(encrypted, tmp_path):
    town = encrypted(voters=6, paper=True, costs=(10, 20, 30), choose=2)
    # Not ascending, twice the same, unknown, none at all: nobody sees that before the ballots are open.
    for voter, slots in enumerate(([2, 1], [1, 1], [0, 3], [4, 0], [0, 0], [1, 2])):
        cast(town, f"v{voter}", town.made.ballot(voter, slots))
    batch = actions.enter_paper(
        by=town.officer, at=town.at, election=town.election, voters=[town.voter("p"), town.voter("q")],
        papers=[("public", [3])], spoiled={"public": 1},
    )  # fmt: skip
    actions.confirm_paper(by=town.second, at=town.at, batch=batch)
    boards.tally(town.made, tmp_path, town.at)
    assert queries.board_of(town.stage).spoilt == 5
    assert box(town) == Counter({"1,2": 1, "3": 1})
    actions.count(by=town.officer, at=town.at, election=town.election)
    assert town.election.record["spoiled"] == {"public": 6}
    assert town.election.record["ballots"] == 2


def test_a_ballot_above_the_limit_of_money_is_spoilt(encrypted, tmp_path):
    rules = {"min": 1, "max": 2, "max_won": 40}
    town = encrypted(costs=(10, 20, 30), choose=rules)
    for voter, picks in enumerate(([1, 3], [2, 3])):
        cast(town, f"v{voter}", town.made.ballot(voter, picks))
    boards.tally(town.made, tmp_path, town.at)
    assert (box(town), queries.board_of(town.stage).spoilt) == (Counter({"1,3": 1}), 1)


def test_the_count_refuses_a_roll_that_does_not_fit_the_board(encrypted, tmp_path):
    town = voted(encrypted)
    boards.tally(town.made, tmp_path, town.at)
    town.election.roll.filter(voter_key="key-v0").update(channel="paper")
    with pytest.raises(Refused, match="Roll and ballot box differ"):
        actions.count(by=town.officer, at=town.at, election=town.election)


def test_the_night_commits_to_the_end_of_the_archive_and_does_what_waits(encrypted):
    town = voted(encrypted, closes_on=date(2021, 8, 28))
    for _turn in range(2):
        for task in night_tasks:
            if "ote" in task.name:
                task.run(SYSTEM, town.at)
    sealing = Sealing.objects.get()
    board = queries.board_of(town.stage)
    assert (sealing.events, sealing.head, sealing.ballots) == (5, board.head, 0)
    assert Event.objects.get(verb="ballots.sealed").data["archive_head"] == board.head
    night = next(task for task in night_tasks if "encrypted" in task.name)
    assert night.run(SYSTEM, town.at + timedelta(days=30)) == 2
    assert queries.board_of(town.stage).last == "EncryptedTally"


picks = st.lists(st.integers(1, 3), max_size=2, unique=True).map(sorted)


@given(cast_by=st.lists(st.tuples(st.integers(0, 4), picks), min_size=1, max_size=8))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_last_ballot_of_every_voter_comes_out_of_any_election(encrypted, tmp_path, cast_by):
    with transaction.atomic():
        town, last = encrypted(voters=5), {}
        for voter, chosen in cast_by:
            cast(town, f"v{voter}", town.made.ballot(voter, chosen))
            last[voter] = chosen
        boards.tally(town.made, tmp_path, town.at)
        assert ballots.verify(boards.copy(town.made.board, tmp_path)).faults == ()
        assert box(town) == Counter(",".join(map(str, chosen)) for chosen in last.values() if chosen)
        assert queries.board_of(town.stage).spoilt == sum(not chosen for chosen in last.values())
        actions.count(by=town.officer, at=town.at, election=town.election)
        transaction.set_rollback(True)


TOOL = shutil.which("belenios-tool")


@pytest.mark.skipif(TOOL is None, reason="belenios-tool is not installed")
def test_the_tool_we_did_not_write_verifies_the_site_s_archive_and_refuses_a_changed_one(encrypted, tmp_path):
    town = voted(encrypted, group="RFC-3526-2048")
    boards.tally(town.made, tmp_path, town.at)
    path = boards.copy(town.made.board, tmp_path)
    assert ballots.verify(path).faults == ()
    assert _tool(path) == 0
    bad = tmp_path / "bad"
    bad.mkdir()
    raw = path.read_bytes()
    place = raw.index(b'"response":"', raw.index(b'"credential"')) + len(b'"response":"')
    digit = b"1" if raw[place : place + 1] != b"1" else b"2"
    changed = bad / path.name
    changed.write_bytes(raw[:place] + digit + raw[place + 1 :])
    assert _tool(changed) != 0
    assert not ballots.verify(changed).ok


def _tool(path: Path) -> int:
    command = [TOOL, "election", "verify", "--dir", str(path.parent)]
    env = {**os.environ, "BELENIOS_USE_URANDOM": "1", "LWT_ASYNC_METHOD": "none"}
    return subprocess.run(command, env=env, capture_output=True, check=False).returncode
