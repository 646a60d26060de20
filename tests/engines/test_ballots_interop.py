"""The tool that we did not write verifies our elections, and we verify its; each time a bad copy must be refused."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from ballots_elections import BLANK, COUNTED, SLOTS, finished, opened

from madang.ballots import Running, draw_secretly, group, make_ballot, new_token, public_key, rehearse, set_up, verify
from madang.ballots.archives import Reader, Writer

TOOL = shutil.which("belenios-tool")
pytestmark = pytest.mark.skipif(TOOL is None, reason="belenios-tool is missing, so NO independent program has "
                                "verified our elections: apt-get install belenios-tool")  # fmt: skip
NEWER = os.environ.get("MADANG_BELENIOS", "")
QUESTIONS = {
    "BELENIOS-2048": [COUNTED.plain(), BLANK.plain()],
    "RFC-3526-2048": [COUNTED.plain(), SLOTS.plain()],
}
VOTES = {
    "BELENIOS-2048": ["[[1,0,1],[0,1,0]]", "[[0,0,0],[1,0,0]]", "[[0,1,0],[0,0,1]]"],
    "RFC-3526-2048": ["[[1,0,1],[3,17]]", "[[0,0,0],[0,0]]", "[[0,1,0],[54,0]]"],
}


class Tool:
    """The tool in one folder, which holds one archive."""

    def __init__(self, folder: Path, program: str = "") -> None:
        self.folder, self.program = folder, program or str(TOOL)

    def __call__(self, *words: str, given: str = "") -> str:
        # Versions from 3.0 on lose errors of ballots unless they read one after another.
        env = {**os.environ, "BELENIOS_USE_URANDOM": "1", "LWT_ASYNC_METHOD": "none"}
        ran = subprocess.run(
            [self.program, *words], cwd=self.folder, input=given, capture_output=True, text=True, env=env
        )
        if ran.returncode:
            raise AssertionError(f"{' '.join(words)}: {ran.stdout}{ran.stderr}")
        return ran.stdout

    def verifies(self) -> bool:
        """Whether the tool verifies the archive."""
        try:
            self("election", "verify")
        except AssertionError:
            return False
        return True


def spoil(path: Path) -> None:
    """Change the signature of the last ballot, and make all hashes right again."""
    with path.open("rb") as stream:
        reader = Reader(stream)
        events = [(one.type, [reader.content(record) for record in one.records]) for one in reader.events()]
    place = max(place for place, (type, _) in enumerate(events) if type == "Ballot")
    ballot = json.loads(events[place][1][0])
    proof = ballot["signature"]["proof"]
    proof["response"] = str((int(proof["response"]) + 1) % 2**250)
    events[place] = ("Ballot", [json.dumps(ballot, separators=(",", ":")).encode()])
    path.unlink()
    writer = Writer.create(path, reader.timestamp, sync=False)
    for type, records in events:
        writer.add(type, records)


@pytest.mark.parametrize(
    ("name", "kind", "threshold"),
    [
        ("BELENIOS-2048", "homomorphic", None),
        ("BELENIOS-2048", "homomorphic", (2, 3)),
        ("RFC-3526-2048", "mixnet", None),
        ("RFC-3526-2048", "mixnet", (2, 3)),
    ],
)
def test_the_tool_verifies_our_elections(tmp_path, name, kind, threshold):
    made = rehearse(
        tmp_path, group_name=name, kind=kind, voters=5, answers=4, most=2, at=1_700_000_000, threshold=threshold,
        newer=False,
    )  # fmt: skip
    tool = Tool(tmp_path)
    assert (tool.verifies(), verify(made.path).faults) == (True, ())
    spoil(made.path)
    assert (tool.verifies(), verify(made.path).ok) == (False, False)


@pytest.mark.skipif(not NEWER, reason="MADANG_BELENIOS does not name a belenios-tool 3.x, which knows Ed25519")
@pytest.mark.parametrize("threshold", [None, (2, 3)])
@pytest.mark.parametrize("kind", ["homomorphic", "mixnet"])
def test_a_newer_tool_verifies_our_elections_on_the_curve(tmp_path, kind, threshold):
    made = rehearse(
        tmp_path, group_name="Ed25519", kind=kind, voters=5, answers=4, most=2, at=1_700_000_000, threshold=threshold
    )
    tool = Tool(tmp_path, NEWER)
    assert tool.verifies()
    spoil(made.path)
    assert not tool.verifies()


@pytest.mark.parametrize("name", ["BELENIOS-2048", "RFC-3526-2048"])
def test_the_tool_verifies_all_kinds_of_questions(tmp_path, name):
    shuffled = [SLOTS] if name == "RFC-3526-2048" else []
    begun = opened(tmp_path, [COUNTED, BLANK, *shuffled], name=name)
    with Running(begun.path, sync=False) as running:
        for voter, choice in enumerate([[[1, 0, 1], [0, 1, 0], [7, 9]], [[0, 0, 0], [1, 0, 0], [0, 0]]]):
            running.cast(make_ballot(begun.election, begun.secrets[voter], choice[: 2 + len(shuffled)]))
    finished(begun)
    tool = Tool(tmp_path)
    assert tool.verifies()
    trackers = [line["hash"] for line in json.loads(tool("election", "compute-ballot-summary"))]
    assert len(trackers) == 2
    spoil(begun.path)
    assert not tool.verifies()


@pytest.mark.parametrize("name", ["BELENIOS-2048", "RFC-3526-2048"])
def test_elections_of_the_tool_are_verified(tmp_path, name):
    tool = Tool(tmp_path)
    uuid = tool("setup", "generate-token").strip()
    about = ["--uuid", uuid, "--group", name]
    tool("setup", "generate-credentials", *about, "--count", "3")
    credentials = next(tmp_path.glob("*.privcreds")).read_text().split()[1::2]
    next(tmp_path.glob("*.pubcreds")).rename(tmp_path / "public_creds.json")
    for _ in range(2):
        tool("setup", "generate-trustee-key", "--group", name)
    keys = [(file.read_text(), file.with_suffix(".privkey").name) for file in sorted(tmp_path.glob("*.pubkey"))]
    (tmp_path / "public_keys.jsons").write_text("".join(public for public, _ in keys))
    tool("setup", "make-trustees")
    (tmp_path / "t.json").write_text(json.dumps({"description": "합성", "name": "시험", "questions": QUESTIONS[name]}))
    tool("setup", "make-election", *about, "--template", "t.json")
    tool("archive", "init")
    for credential, vote in [*zip(credentials, VOTES[name], strict=True), (credentials[0], VOTES[name][2])]:
        (tmp_path / "credential").write_text(credential)
        (tmp_path / "vote").write_text(vote)
        ballot = tool("election", "generate-ballot", "--privcred", "credential", "--ballot", "vote")
        tool("archive", "add-event", "--type=Ballot", given=ballot)
    path = tmp_path / f"{uuid}.bel"
    assert verify(path, unfinished=True).ok
    tool("archive", "add-event", "--type=EndBallots")
    tool("archive", "add-event", "--type=EncryptedTally", given=tool("election", "compute-encrypted-tally"))
    if name == "RFC-3526-2048":
        for owner in "12":
            tool("archive", "add-event", "--type=Shuffle", given=tool("election", "shuffle", "--trustee-id", owner))
        tool("archive", "add-event", "--type=EndShuffles")
    for owner, (_, secret) in enumerate(keys, 1):
        part = tool("election", "decrypt", "--privkey", secret, "--trustee-id", str(owner))
        tool("archive", "add-event", "--type=PartialDecryption", given=part)
    result = tool("election", "compute-result")
    tool("archive", "add-event", "--type=Result", given=result)
    found = verify(path)
    assert (found.faults, found.counts["ballots"], found.counts["voters"]) == ((), 4, 3)
    assert json.loads(result)["result"][0] == [0, 2, 0]
    spoil(path)
    assert [fault.split(":")[0] for fault in verify(path).faults] == ["signature"]


def test_a_trustee_with_the_tool_takes_part_in_our_election(tmp_path):
    own, uuid = group("RFC-3526-2048"), new_token()
    begun = opened(tmp_path, [SLOTS], name=own.name)
    theirs, ours = draw_secretly(own.q), begun.trusted.secrets[0]
    begun.path.unlink()
    path = tmp_path / f"{uuid}.bel"
    election = set_up(
        path, group_name=own.name, uuid=uuid, name="시험", description="", questions=[SLOTS], timestamp=1_700_000_000,
        trustees=[["Single", public_key(own, one)] for one in (ours, theirs)], credentials=begun.publics,
    )  # fmt: skip
    tool = Tool(tmp_path)
    (tmp_path / "key.privkey").write_text(json.dumps(str(theirs)))
    with Running(path) as running:
        for secret in begun.secrets:
            running.cast(make_ballot(election, secret, [[3, 4]]))
        running.close()
        running.take("Shuffle", 1, running.shuffle())
        shuffled, _stated = tool("election", "shuffle", "--trustee-id", "2").splitlines()
        running.take("Shuffle", 2, shuffled.encode())
        running.end_shuffles()
        running.take("PartialDecryption", *running.decrypt(ours))
        part, _stated = tool("election", "decrypt", "--privkey", "key.privkey", "--trustee-id", "2").splitlines()
        running.take("PartialDecryption", 2, part.encode())
        assert running.finish() == [[[3, 4]] * 3]
    assert (tool.verifies(), verify(path).ok) == (True, True)
