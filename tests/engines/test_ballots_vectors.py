"""Elections made by the tool of the protocol are accepted, broken ones are refused under the right rule."""

import json
import lzma
from pathlib import Path

import pytest

from madang.ballots import RULES, Question, Reader, group, make_ballot, read_election, secret_of, tracker, verify
from madang.ballots.archives import event_bytes, first_record, header
from madang.ballots.checking import open_envelope, read_envelope
from madang.ballots.credentials import public_of
from madang.ballots.shuffling import Statement
from madang.ballots.tallying import decrypt_one, decryption_bytes
from madang.ballots.thresholds import decryption_key, member_key
from madang.ballots.trustees import public_key

DATA = Path(__file__).parent.parent / "data" / "evoting"
GOOD = sorted(DATA.glob("good/*/*.bel.xz"))
BROKEN = {
    "bad_individual_proof_resigned": "individual-proof",
    "bad_overall_proof_resigned": "overall-proof",
    "bad_partial_decryption_proof": "decryption-proof",
    "bad_signature": "signature",
    "bad_trustee_pok": "trustees",
    "ballot_dropped_and_rechained_tally_matches": "",
    "ballot_event_after_endballots": "event-order",
    "ballot_event_removed_without_rechaining": "event-chain",
    "byte_flipped_in_payload": "record-hash",
    "choice_outside_subgroup": "membership",
    "duplicate_public_credential": "public-credentials",
    "election_key_not_product_of_trustees": "election-key",
    "identical_ballot_twice": "ballot-replayed",
    "missing_partial_decryption": "decryption-missing",
    "no_endballots": "event-order",
    "noncanonical_ballot_json": "canonical",
    "ok": "",
    "one_choice_too_few": "ballot-shape",
    "order2_alpha_with_ground_proofs": "membership",
    "other_voters_ballot_copied_with_own_credential": "individual-proof",
    "overvote_forged_overall_proof": "overall-proof",
    "partial_decryption_owner_swapped": "decryption-proof",
    "result_before_partial_decryptions": "event-order",
    "result_off_by_one": "result",
    "revote_is_fine": "",
    "shuffle_proof_tampered": "shuffle-proof",
    "shuffle_replaces_a_ballot": "shuffle-proof",
    "tally_event_omits_a_ballot_decrypted_consistently": "tally",
    "trailing_bytes": "archive-format",
    "unknown_credential": "ballot-credential",
    "unreduced_challenge": "number-range",
    "value_two_in_one_choice": "individual-proof",
    "wrong_decryption_factor": "decryption-proof",
}
VECTORS = sorted(DATA.glob("broken/*/*.bel.xz"))
MICRO = json.loads(lzma.decompress((DATA / "micro.json.xz").read_bytes()))


def unpacked(vector: Path, folder: Path) -> Path:
    """The archive of a vector, unpacked."""
    path = folder / vector.name.removesuffix(".xz")
    path.write_bytes(lzma.decompress(vector.read_bytes()))
    return path


def name(vector: Path) -> str:
    return vector.name.removesuffix(".bel.xz")


@pytest.mark.parametrize("vector", GOOD, ids=lambda vector: vector.parent.name)
def test_elections_of_the_tool_are_verified(vector, tmp_path):
    found = verify(unpacked(vector, tmp_path))
    votes = [line.split()[0] for line in (vector.parent / "votes.txt").read_text().splitlines()]
    assert (found.ok, found.faults) == (True, ())
    assert (found.counts["ballots"], found.counts["voters"]) == (len(votes), len(set(votes)))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.parent.name}-{name(vector)}")
def test_broken_elections_are_refused_under_the_right_rule(vector, tmp_path):
    found = verify(unpacked(vector, tmp_path))
    assert [fault.split(": ")[0] for fault in found.faults] == ([BROKEN[name(vector)]] if BROKEN[name(vector)] else [])


def test_there_is_a_vector_for_every_case_and_every_reason_is_a_rule():
    assert {name(vector) for vector in VECTORS} == set(BROKEN)
    assert set(BROKEN.values()) - {""} - set(RULES) == set()


@pytest.mark.parametrize("vector", GOOD, ids=lambda vector: vector.parent.name)
def test_credentials_of_the_tool_give_the_keys_that_voted(vector, tmp_path):
    path, uuid = unpacked(vector, tmp_path), name(vector)
    with path.open("rb") as stream:
        reader = Reader(stream)
        events = list(reader.events())
        election = read_election(reader.content(events[0].records[0]))
        cast = [json.loads(reader.content(one.records[0])) for one in events if one.type == "Ballot"]
    credentials = [line.split()[1] for line in (vector.parent / "votes.txt").read_text().splitlines()]
    own = election.group
    derived = [own.text(public_of(own, secret_of(own, uuid, credential))) for credential in credentials]
    assert derived == [ballot["credential"] for ballot in cast]


@pytest.mark.parametrize("kind", ["v20-belenios2048-threshold", "v30-ed25519-threshold"])
def test_messages_between_trustees_of_the_tool_are_opened(kind):
    folder = DATA / "good" / kind
    own = group("Ed25519" if "ed25519" in kind else "BELENIOS-2048")
    certs = [json.loads(line) for line in (folder / "certs.jsons").read_text().splitlines()]
    for number in (1, 2, 3):
        seed = (folder / f"trustee{number}.key").read_text().strip()
        made = member_key(own, seed, certs, json.loads((folder / f"trustee{number}.vinput").read_text()), 2)
        theirs = decryption_key(own, seed, (folder / f"trustee{number}.dkey").read_text().strip())
        assert decryption_key(own, seed, made["private_key"]) == theirs
        assert made["public_key"]["public_key"] == own.text(own.secret_power(own.g, theirs))


# --- single steps ------------------------------------------------------------------------------------


@pytest.fixture(params=sorted(MICRO["groups"]))
def micro(request):
    """A group with its single steps."""
    return group(request.param), MICRO["groups"][request.param]


def drawn(values: list[str]):
    """A source that gives these numbers in this order, and must be asked for every one."""
    waiting = list(map(int, values))

    def draw(_below: int) -> int:
        return waiting.pop(0)

    return draw, waiting


def test_elements(micro):
    own, steps = micro
    assert (str(own.q), own.text(own.g), own.text(own.one)) == (steps["q"], steps["g"], steps["one"])
    assert own.text(own.power(own.g, 2)) == own.text(own.secret_power(own.g, 2)) == steps["g^2"]
    assert own.text(own.power(own.g, own.q - 1)) == own.text(own.inverse(own.g)) == steps["g^(q-1)"]
    assert {number: own.text(own.generator(int(number))) for number in steps["generator(i)"]} == steps["generator(i)"]


def test_numbers_in_elements(micro):
    own, steps = micro
    for one in steps.get("of_ints", []):
        element = own.of_integers(one["ints"])
        assert own.text(element) == one["element"]
        assert own.to_integers(len(one["ints"]), element) == one["ints"]


def test_credentials(micro):
    own, steps = micro
    for one in steps["credentials"]:
        secret = secret_of(own, steps["uuid"], one["credential"])
        assert (str(secret), own.text(public_of(own, secret))) == (one["secret_exponent"], one["public"])


def test_keys_and_decryptions(micro):
    own, steps = micro
    election = read_election(steps["election"]["raw"].encode())
    assert election.fingerprint == steps["election"]["fingerprint"]
    secret = int(steps["election"]["private_key"])
    draw, waiting = drawn(steps["trustee_public_key"]["random"])
    assert (public_key(own, secret, draw), waiting) == (steps["trustee_public_key"]["value"], [])
    one = steps["partial_decryption"]
    draw, waiting = drawn(one["random"])
    ciphertexts = [(own.parsed(c["alpha"]), own.parsed(c["beta"])) for c in one["ciphertexts"][0]]
    public = own.text(own.secret_power(own.g, secret))
    found = decrypt_one(own, election.fingerprint, secret, public, ciphertexts, draw)
    assert (json.loads(decryption_bytes(own, [found])), waiting) == (one["value"], [])


@pytest.mark.parametrize("which", ["ballot_1", "ballot_2_blank"])
def test_ballots_byte_by_byte(micro, which):
    own, steps = micro
    election = read_election(steps["election"]["raw"].encode())
    secret = secret_of(own, steps["uuid"], steps["credentials"][1]["credential"])
    one = steps[which]
    draw, waiting = drawn(one["random"])
    if own.text(public_of(own, secret)) not in one["raw"]:
        secret = secret_of(own, steps["uuid"], steps["credentials"][0]["credential"])
    raw = make_ballot(election, secret, one["choice"], draw)
    assert (raw.decode(), waiting) == (one["raw"], [])
    assert tracker(raw) == one["tracker"]
    assert open_envelope(election, read_envelope(election, raw)).tracker == one["tracker"]


def test_challenges_of_a_shuffle(micro):
    own, steps = micro

    class Spoken(Statement):
        def _common(self):
            yield b"abc"

    (stated,) = [steps[key] for key in steps if key.startswith("nizkp_challenges")]
    found = Spoken(own, "", own.g, [()] * len(stated), [], []).challenges()
    assert len(found) == len(stated) == 3


def test_records_of_an_archive():
    archive = MICRO["archive"]
    event = json.loads(archive["event"])
    made = event_bytes(event["type"], event["height"], event.get("parent"), event.get("payload"))
    body = first_record(1700000000)
    assert (made.decode(), body.decode()) == (archive["event"], archive["header"])
    stated = bytes.fromhex(archive["header_block_hex"])
    assert header("BELENIOS", len(body), 1700000000) == stated.ljust(512, b"\0")


def test_questions_are_printed_as_the_tool_prints_them(micro):
    _own, steps = micro
    election = read_election(steps["election"]["raw"].encode())
    assert all(isinstance(question, Question) for question in election.questions)
    stated = json.loads(election.raw)["questions"]
    assert [question.plain() for question in election.questions] == stated
