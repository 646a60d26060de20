"""A ballot that tested a device says what it would have voted, and nothing else can be made of it."""

import json

import pytest
from ballots_elections import COUNTED, SLOTS, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madang.ballots import Refusal, draw_secretly, make_ballot, reveal, tracker
from madang.cli.main import main

NUMBERS = st.integers(0, 255)


def revealed(begun, row, voter=0):
    """The file of a device that was tested, and the secret in it."""
    drawn = []

    def draw(below):
        drawn.append(draw_secretly(below))
        return drawn[-1]

    raw = make_ballot(begun.election, begun.secrets[voter], [row], draw)
    return {"ballot": raw.decode(), "secrets": [str(drawn[0])]}


def as_file(value) -> bytes:
    return json.dumps(value).encode()


@pytest.fixture(params=["Ed25519", "RFC-3526-2048"])
def begun(request, tmp_path):
    return opened(tmp_path, [SLOTS], name=request.param)


@given(row=st.lists(NUMBERS, min_size=2, max_size=2), offset=st.integers(1, 2**200))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_went_in_comes_out_and_no_other_secret_fits(begun, row, offset):
    file = revealed(begun, row)
    found = reveal(begun.election, as_file(file))
    assert (found.answers, found.tracker) == ([row], tracker(file["ballot"].encode()))
    wrong = file | {"secrets": [str((int(file["secrets"][0]) + offset) % begun.election.group.q)]}
    with pytest.raises(Refusal) as refused:
        reveal(begun.election, as_file(wrong))
    assert refused.value.rule == "ballot-content"


def test_files_that_are_none_are_refused_under_their_rule(begun, tmp_path):
    file, other = revealed(begun, [3, 17]), revealed(begun, [3, 18], 1)
    elsewhere = opened(tmp_path, [SLOTS], name=begun.election.group.name)
    counted = opened(tmp_path, [COUNTED])
    cases = [
        (begun, {"ballot": file["ballot"]}, "ballot-content"),
        (begun, file | {"secrets": []}, "ballot-content"),
        (begun, file | {"secrets": file["secrets"] * 2}, "ballot-content"),
        (begun, file | {"secrets": ["007"]}, "canonical"),
        (begun, file | {"secrets": [str(begun.election.group.q)]}, "number-range"),
        (begun, file | {"ballot": 7}, "ballot-content"),
        (begun, file | {"ballot": "[]"}, "canonical"),
        (begun, file | {"ballot": file["ballot"].replace('"credential":"', '"credential":"1', 1)}, "signature"),
        (begun, {"ballot": file["ballot"], "secrets": other["secrets"]}, "ballot-content"),
        (elsewhere, file, "ballot-election"),
        (counted, file, "ballot-content"),
    ]
    found = []
    for election, value, _rule in cases:
        with pytest.raises(Refusal) as refused:
            reveal(election.election, as_file(value))
        found.append(refused.value.rule)
    assert found == [rule for _election, _value, rule in cases]
    with pytest.raises(Refusal):
        reveal(begun.election, b"\xff")


def test_the_command_says_it(begun, tmp_path, capsys):
    file = revealed(begun, [3, 0])
    path, election = tmp_path / "test.json", tmp_path / "election.json"
    path.write_bytes(as_file(file))
    election.write_bytes(begun.election.raw)
    for against in (election, begun.path):
        assert main(["ballots", "audit", str(path), "--election", str(against)]) == 0
        assert capsys.readouterr().out.splitlines()[:2] == [
            "question 1: 3", f"tracker: {tracker(file['ballot'].encode())}",
        ]  # fmt: skip
    path.write_bytes(as_file(file | {"secrets": ["1"]}))
    assert main(["ballots", "audit", str(path), "--election", str(election)]) == 1
    assert capsys.readouterr().err == "ballot-content: the ballot was not made from these secrets.\n"
    assert main(["ballots", "audit", str(tmp_path / "none"), "--election", str(election)]) == 2
