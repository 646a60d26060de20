"""Ballots made by a browser: byte for byte the engine's, taken by it and by the tool that we did not write."""

import json
import lzma
import random
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from ballots_elections import BLANK, COUNTED, SLOTS, Opened, finished, opened
from sealer import STATIC, Sealer

from madang.ballots import Question, Running, check_ballot, draw_credential, group, read_election, verify

pytestmark = pytest.mark.browser

MICRO = json.loads(lzma.decompress((Path(__file__).parents[1] / "data/evoting/micro.json.xz").read_bytes()))["groups"]
GROUPS = ["Ed25519", "RFC-3526-2048"]
LIBRARY = ("noble-ed25519-3.2.0.js", "a4f631d1876b5d9e43a86cd71194ca27b5e1451edf4ba4db9a418f40a475569a")
TOOL = shutil.which("belenios-tool")


@pytest.fixture
def sealer(browser) -> Sealer:
    return Sealer(browser)


@pytest.fixture(params=GROUPS)
def steps(request):
    """The single steps of a group."""
    return MICRO[request.param]


def test_the_library_is_what_its_makers_published():
    name, fingerprint = LIBRARY
    assert sha256((STATIC / name).read_bytes()).hexdigest() == fingerprint
    notice = (Path(__file__).parents[2] / "NOTICE").read_text()
    assert [fingerprint in notice, name in notice] == [True, True]


def test_credentials_and_numbers_in_elements(sealer, steps):
    found = sealer.run(
        """async ([name, uuid, credentials, integers]) => {
            const group = await sealing.groupNamed(name);
            const secrets = await Promise.all(credentials.map(one => sealing.secretOf(group, uuid, one)));
            const elements = integers.map(one => group.ofIntegers(one));
            return {
                secrets: secrets.map(String), publics: secrets.map(one => group.text(group.power(group.g, one))),
                elements: elements.map(one => group.text(one)),
                integers: elements.map((one, place) => group.toIntegers(integers[place].length, one)),
            };
        }""",
        [
            json.loads(steps["election"]["raw"])["group"], steps["uuid"],
            [one["credential"] for one in steps["credentials"]], [one["ints"] for one in steps["of_ints"]],
        ],
    )  # fmt: skip
    assert found == {
        "secrets": [one["secret_exponent"] for one in steps["credentials"]],
        "publics": [one["public"] for one in steps["credentials"]],
        "elements": [one["element"] for one in steps["of_ints"]],
        "integers": [one["ints"] for one in steps["of_ints"]],
    }


@pytest.mark.parametrize("which", ["ballot_1", "ballot_2_blank"])
def test_ballots_byte_by_byte(sealer, steps, which):
    one = steps[which]
    made = sealer.seal(
        read_election(steps["election"]["raw"].encode()), steps["credentials"][0]["credential"], one["choice"],
        one["random"],
    )  # fmt: skip
    assert (made["raw"], made["tracker"], made["waiting"]) == (one["raw"], one["tracker"], 0)


def begin(folder: Path, name: str, questions: list[Question]) -> tuple[Opened, list[str]]:
    """An election of three voters, and their credentials as they hold them."""
    credentials: list[str] = []

    def remembered(own, uuid):
        credential, public = draw_credential(own, uuid)
        credentials.append(credential)
        return credential, public

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ballots_elections.draw_credential", remembered)
        return opened(folder, questions, name=name), credentials


@pytest.mark.parametrize("name", GROUPS)
def test_random_ballots_are_taken_and_say_what_was_picked(sealer, tmp_path, name):
    most = 5
    begun, credentials = begin(tmp_path, name, [Question("칸", tuple(map(str, range(most))), shuffled=True)])
    chance, trackers = random.Random(20211102), set()  # noqa: S311 - picks of a test
    for turn in range(12):
        picks = sorted(chance.sample(range(1, 256), chance.randint(0, most)))
        row = picks + [0] * (most - len(picks))
        made = sealer.seal(begun.election, credentials[turn % 3], [row])
        ballot = check_ballot(begun.election, made["raw"].encode(), credentials=begun.publics, cast=trackers)
        trackers.add(ballot.tracker)
        assert ballot.tracker == made["tracker"]
        assert sealer.reveal(begun.election, made["raw"], made["secrets"]) == {
            "answers": [row], "tracker": made["tracker"],
        }  # fmt: skip
        wrong = str((int(made["secrets"][0]) + 1) % group(name).q)
        assert sealer.reveal(begun.election, made["raw"], [wrong]) == "ballot-content"
    assert len(trackers) == 12


def test_counted_answers_are_taken_too(sealer, tmp_path):
    begun, credentials = begin(tmp_path, "Ed25519", [COUNTED, BLANK])
    for answers in ([[1, 0, 1], [0, 1, 0]], [[0, 0, 0], [1, 0, 0]], [[0, 1, 0], [0, 0, 1]]):
        made = sealer.seal(begun.election, credentials[0], answers)
        check_ballot(begun.election, made["raw"].encode(), credentials=begun.publics)


@pytest.mark.parametrize("name", GROUPS)
def test_an_election_of_such_ballots_ends_with_what_was_picked(sealer, tmp_path, name):
    begun, credentials = begin(tmp_path, name, [SLOTS])
    rows = [[3, 54], [54, 0], [0, 0]]
    with Running(begun.path, sync=False) as running:
        for credential, row in zip(credentials, [[1, 2], *rows[1:]], strict=True):
            running.cast(sealer.seal(begun.election, credential, [row])["raw"].encode())
        running.cast(sealer.seal(begun.election, credentials[0], [rows[0]])["raw"].encode())
    assert sorted(finished(begun)[0]) == sorted(rows)
    assert verify(begun.path).faults == ()
    if name == "RFC-3526-2048":
        if TOOL is None:
            pytest.skip("belenios-tool is missing: NO independent program has verified these ballots.")
        ran = subprocess.run([TOOL, "election", "verify", "--dir", tmp_path], capture_output=True, text=True)
        assert (ran.returncode, "all checks passed" in ran.stdout + ran.stderr) == (0, True)


def test_wrong_answers_and_elections_make_no_ballot(sealer, tmp_path):
    begun, credentials = begin(tmp_path, "Ed25519", [SLOTS])
    other, _ = begin(tmp_path, "Ed25519", [SLOTS])
    for row in ([1], [1, 256], [-1, 0], [1.5, 0]):
        with pytest.raises(Exception, match="do not fit"):
            sealer.seal(begun.election, credentials[0], [row])
    made = sealer.seal(begun.election, credentials[0], [[7, 0]])
    assert sealer.reveal(other.election, made["raw"], made["secrets"]) == "ballot-election"
    weak = json.loads(begun.election.raw)
    for key in ("0" * 63 + "1", "0" * 64, "f" * 64, "2"):
        weak["public_key"] = key
        found = sealer.run(
            "raw => sealing.readElection(new TextEncoder().encode(raw)).catch(refused => refused.rule)",
            json.dumps(weak),
        )
        assert (key, found) == (key, "election-key")


def test_credentials_are_read_as_people_type_them(sealer):
    typed = ["S54Nd-3evtjA-ZPn8f-frEqXZ", " s54Nd 3evtjA ZPn8f frEqXZ ", "S54Nd3evtjAZPn8ffrEqXZ"]
    typed += ["PTA-DzZ-CB1-TnJ-9gN", "PTA-DzZ-CB1-TnJ-9gM", "S54Nd-3evtjA-ZPn8f-frEqX", "S54Nd-3evtjA-ZPn8f-frEqX0", ""]
    known = "S54Nd-3evtjA-ZPn8f-frEqXZ"
    assert sealer.run("async typed => typed.map((await import('/credentials.js')).credentialIn)", typed) == [
        known, "s54Nd-3evtjA-ZPn8f-frEqXZ", known, "PTA-DzZ-CB1-TnJ-9gN", None, None, None, None,
    ]  # fmt: skip


def test_numbers_are_drawn_evenly_below_their_bound(sealer):
    drawn = sealer.run("() => Array.from({length: 3000}, () => Number(sealing.drawSecretly(257n)))")
    assert (min(drawn) >= 0, max(drawn) <= 256, len(set(drawn)) > 250) == (True, True, True)
    large = sealer.run("() => String(sealing.drawSecretly(2n ** 252n + 27n))")
    assert 2**200 < int(large) < 2**252 + 27
