"""What a server must not accept: every ballot that is not a new, valid one of this election by one of its voters."""

import json
from typing import Any

import pytest
from ballots_elections import BLANK, COUNTED, SLOTS, Opened, finished, opened

from madang.ballots import (
    Reader,
    Refusal,
    Running,
    Writer,
    check_ballot,
    group,
    largest,
    make_ballot,
    mend,
    read_election,
    tracker,
    verify,
)
from madang.ballots.printing import base64_hash, printed
from madang.ballots.proofs import prove_knowledge

CHOICES = [[1, 0, 1], [0, 1, 0], [7, 9]]


@pytest.fixture(scope="module", params=["Ed25519", "RFC-3526-2048"])
def begun(request, tmp_path_factory) -> Opened:
    """An open election with all kinds of questions."""
    return opened(tmp_path_factory.mktemp("election"), [COUNTED, BLANK, SLOTS], name=request.param)


@pytest.fixture(scope="module")
def raw(begun) -> bytes:
    """A valid ballot of the first voter."""
    return make_ballot(begun.election, begun.secrets[0], CHOICES)


def refused(begun: Opened, raw: bytes, cast: tuple[str, ...] = ()) -> str:
    """The rule under which a ballot is refused; empty if it is accepted."""
    try:
        check_ballot(begun.election, raw, credentials=set(begun.publics), cast=cast)
    except Refusal as refusal:
        assert refusal.sentence.endswith(".")
        return refusal.rule
    return ""


def signed(begun: Opened, value: dict[str, Any], voter: int = 0) -> bytes:
    """A changed ballot, signed anew by a voter, so that only what was changed is wrong."""
    own = begun.election.group
    value = {name: value[name] for name in value if name != "signature"}
    digest = base64_hash(printed(value).encode())
    proof = prove_knowledge(own, f"sig|{digest}|", begun.secrets[voter], lambda below: 3)
    return printed(value | {"signature": {"hash": digest, "proof": proof.plain()}}).encode()


def test_a_valid_ballot_is_accepted(begun, raw):
    assert refused(begun, raw) == ""
    assert refused(begun, signed(begun, json.loads(raw))) == ""
    assert len(raw) <= largest(begun.election) < 1.5 * len(raw)


def test_replayed(begun, raw):
    assert refused(begun, raw, cast=(tracker(raw),)) == "ballot-replayed"


def test_of_a_stranger(begun, tmp_path):
    other = opened(tmp_path, [COUNTED], voters=1, name=begun.election.group.name)
    assert refused(begun, make_ballot(begun.election, other.secrets[0], CHOICES)) == "ballot-credential"


def test_of_another_election(begun, tmp_path):
    other = opened(tmp_path, [COUNTED, BLANK, SLOTS], voters=1, name=begun.election.group.name)
    assert refused(begun, make_ballot(other.election, begun.secrets[0], CHOICES)) == "ballot-election"


@pytest.mark.parametrize("voter", [0, 1])
def test_copied_answers_of_another_voter(begun, raw, voter):
    value = json.loads(raw)
    value["credential"] = begun.publics[voter]
    assert refused(begun, signed(begun, value, voter)) == ("" if voter == 0 else "individual-proof")


def test_signed_by_another(begun, raw):
    assert refused(begun, signed(begun, json.loads(raw), 1)) == "signature"


@pytest.mark.parametrize(
    "bad",
    [
        b"", b"null", b"[]", b"{", b"\xff", b'"' + b"[" * 100, b"[" * 5000, b'{"election_uuid":1e999}', b"NaN",
        b'"\\ud800"', b"1" * 5000,
    ],
)  # fmt: skip
def test_malformed(begun, bad):
    assert refused(begun, bad) == "canonical"


def test_oversized(begun, raw):
    assert refused(begun, raw + b" " * largest(begun.election)) == "ballot-size"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + "\n",
        lambda text: " " + text,
        lambda text: text.replace(":", ": ", 1),
        lambda text: text.replace('"answers"', '"extra":0,"answers"', 1),
        lambda text: text.replace('"credential"', '"credential":"0","credential"', 1),
        lambda text: text.replace('"response":"', '"response":"0', 1),
        lambda text: text.replace('"response":"', '"response":"+', 1),
        lambda text: text.replace('"alpha"', '"\\u0061lpha"', 1),
    ],
)
def test_not_canonical(begun, raw, change):
    assert refused(begun, change(raw.decode()).encode()) in {"canonical", "signature"}
    value = json.loads(change(raw.decode()))
    if printed(value) != raw.decode():
        assert refused(begun, signed(begun, value)) == "canonical"


def test_number_with_a_leading_zero_signed_anew(begun, raw):
    value = json.loads(raw)
    alpha = value["answers"][0]["choices"][0]["alpha"]
    value["answers"][0]["choices"][0]["alpha"] = (
        alpha.upper() if begun.election.group.name == "Ed25519" else f"0{alpha}"
    )
    assert refused(begun, signed(begun, value)) == "canonical"


def test_number_that_is_not_reduced(begun, raw):
    value = json.loads(raw)
    proof = value["answers"][2]["proof"]
    proof["challenge"] = str(int(proof["challenge"]) + begun.election.group.q)
    assert refused(begun, signed(begun, value)) == "number-range"


OUTSIDE = {
    "Ed25519": [
        "0000000000000000000000000000000000000000000000000000000000000000",  # of order 4
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",  # of order 2
        "0000000000000000000000000000000000000000000000000000000000000002",  # not on the curve
        "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffee",  # the identity, not reduced
        "8000000000000000000000000000000000000000000000000000000000000001",  # the identity with a sign
    ],
    "RFC-3526-2048": ["0", "-1"],
}


def test_elements_outside_the_group(begun, raw):
    own = begun.election.group
    value = json.loads(raw)
    for text in OUTSIDE[own.name]:
        value["answers"][0]["choices"][0]["beta"] = str(own.p - 1) if text == "-1" else text
        assert refused(begun, signed(begun, value)) == "membership", text


@pytest.mark.parametrize("exponents", [[0], [1], [5, 0], [2**252, 3]])
@pytest.mark.parametrize("torsion", OUTSIDE["Ed25519"][:2])
def test_a_member_with_a_part_of_small_order_is_no_member(torsion, exponents):
    own = group("Ed25519")
    mixed = own.multiply(own.power(own.g, 7), own.parsed(torsion))
    assert not own.is_member(mixed)
    for run in (own.checked_powers, lambda element, many: own.checked_product([element] * len(many), many)):
        with pytest.raises(Refusal) as refusal:
            run(mixed, exponents)
        assert refusal.value.rule == "membership"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda answers: answers.pop(), "ballot-shape"),
        (lambda answers: answers.append({}), "ballot-shape"),
        (lambda answers: answers.reverse(), "ballot-shape"),
        (lambda answers: answers[0]["choices"].pop(), "ballot-shape"),
        (lambda answers: answers[0]["individual_proofs"][0].pop(), "ballot-shape"),
        (lambda answers: answers[0]["overall_proof"].append(answers[0]["overall_proof"][0]), "ballot-shape"),
        (lambda answers: answers[1].pop("blank_proof"), "ballot-shape"),
        (lambda answers: answers[0]["individual_proofs"][0].reverse(), "individual-proof"),
        (lambda answers: answers[0]["overall_proof"].reverse(), "overall-proof"),
        (lambda answers: answers[1]["blank_proof"].reverse(), "blank-proof"),
        (lambda answers: answers[1]["overall_proof"].reverse(), "overall-proof"),
        (lambda answers: answers[2]["choices"].update(alpha=answers[2]["choices"]["beta"]), "encryption-proof"),
    ],
)
def test_answers_that_do_not_fit_or_are_not_proved(begun, raw, change, rule):
    value = json.loads(raw)
    change(value["answers"])
    assert refused(begun, signed(begun, value)) == rule


@pytest.mark.parametrize(
    ("choice", "rule"),
    [
        ([[1, 1, 1], [0, 1, 0], [0, 0]], "overall-proof"),
        ([[2, 0, 0], [0, 1, 0], [0, 0]], "ballot-shape"),
        ([[1, 0, 1], [1, 1, 0], [0, 0]], "blank-proof"),
        ([[1, 0, 1], [0, 0, 0], [0, 0]], "overall-proof"),
        ([[1, 0, 1], [0, 1, 0], [256, 0]], "ballot-shape"),
        ([[1, 0, 1], [0, 1, 0]], "ballot-shape"),
    ],
)
def test_a_wrong_choice_is_not_even_encrypted(begun, choice, rule):
    with pytest.raises(Refusal) as refusal:
        make_ballot(begun.election, begun.secrets[0], choice)
    assert refusal.value.rule == rule


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b'"version":1', b'"version":2'),
        lambda raw: raw.replace(b'"name":', b'"name":"other","name":'),
        lambda raw: raw.replace(b"Ed25519", b"Ed448"),
        lambda raw: raw.decode().encode("utf-16"),
        lambda raw: raw.replace(b'"min":0', b'"min":3'),
        lambda raw: raw.replace(b'"min":0', b'"min":true'),
    ],
)
def test_elections_that_two_programs_might_read_differently_are_refused(tmp_path, change):
    raw = opened(tmp_path, [COUNTED], voters=1).election.raw
    with pytest.raises(Refusal) as refusal:
        read_election(change(raw))
    assert (read_election(raw).raw, refusal.value.rule) == (raw, "election")


# --- the archive -------------------------------------------------------------------------------------


def test_refused_ballots_leave_the_archive_as_it_was(tmp_path):
    begun = opened(tmp_path, [COUNTED])
    raw = make_ballot(begun.election, begun.secrets[0], [[1, 0, 1]])
    with Running(begun.path) as running:
        running.cast(raw)
    before = begun.path.read_bytes()
    for bad in (raw, raw.replace(b'"', b"'", 1), raw[:-1]):
        with Running(begun.path) as running, pytest.raises(Refusal):
            running.cast(bad)
    assert begun.path.read_bytes() == before
    with Running(begun.path) as running:
        running.close()
    late = begun.path.read_bytes()
    with Running(begun.path) as running, pytest.raises(Refusal) as refusal:
        running.cast(make_ballot(begun.election, begun.secrets[1], [[1, 0, 1]]))
    assert (refusal.value.rule, begun.path.read_bytes()) == ("event-order", late)


def test_what_a_crash_left_is_cut_off_and_nothing_else(tmp_path):
    begun = opened(tmp_path, [COUNTED])
    whole = begun.path.read_bytes()
    with Running(begun.path) as running:
        running.cast(make_ballot(begun.election, begun.secrets[0], [[1, 0, 1]]))
    longer = begun.path.read_bytes()
    for end in range(len(whole), len(longer), 97):
        begun.path.write_bytes(longer[:end])
        assert mend(begun.path) == end - len(whole)
        assert begun.path.read_bytes() == whole
    begun.path.write_bytes(longer)
    assert mend(begun.path) == 0
    spoilt = bytearray(longer)
    spoilt[len(whole) + 600] ^= 1
    begun.path.write_bytes(spoilt)
    with pytest.raises(Refusal):
        mend(begun.path)
    assert begun.path.read_bytes() == spoilt


def test_a_closing_that_was_interrupted_goes_on(tmp_path):
    begun = opened(tmp_path, [COUNTED])
    with begun.path.open("rb") as stream:
        reader = Reader(stream)
        list(reader.events())
        Writer(begun.path, reader).add("EndBallots")
    assert finished(begun) == [[0, 0, 0]]
    assert verify(begun.path).ok
    with Running(begun.path) as running, pytest.raises(Refusal) as refusal:
        running.close()
    assert refusal.value.rule == "event-order"


def test_an_archive_in_the_middle_of_the_vote(tmp_path):
    begun = opened(tmp_path, [COUNTED])
    with Running(begun.path) as running:
        running.cast(make_ballot(begun.election, begun.secrets[0], [[1, 0, 1]]))
    assert [fault.split(":")[0] for fault in verify(begun.path).faults] == ["event-order"]
    assert verify(begun.path, unfinished=True).ok
