"""Small synthetic elections for the tests of the engine of ballots."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from madang.ballots import Election, Question, Running, draw_credential, group, new_token, secret_of, set_up
from madang.ballots.rehearsing import Trusted, trustees

COUNTED = Question("둘까지", ("가", "나", "다"), 0, 2)
BLANK = Question("찬반", ("찬성", "반대"), 1, 1, blank=True)
SLOTS = Question("칸", ("1", "2"), shuffled=True)


class Opened(NamedTuple):
    """An election that has begun: its archive, its trustees' secrets and its voters' secret exponents."""

    path: Path
    election: Election
    trusted: Trusted
    secrets: list[int]
    publics: list[str]


def opened(
    folder: Path, questions: Sequence[Question], voters: int = 3, *, name: str = "Ed25519",
    threshold: tuple[int, int] | None = None,
) -> Opened:  # fmt: skip
    """Set up an election with new keys."""
    own, uuid = group(name), new_token()
    trusted = trustees(own, threshold)
    drawn = [draw_credential(own, uuid) for _ in range(voters)]
    path = folder / f"{uuid}.bel"
    election = set_up(
        path, group_name=name, uuid=uuid, name="시험", description="synthetic", questions=questions,
        trustees=trusted.items, credentials=[public for _, public in drawn], timestamp=1_700_000_000, sync=False,
    )  # fmt: skip
    secrets = [secret_of(own, uuid, credential) for credential, _ in drawn]
    return Opened(path, election, trusted, secrets, [public for _, public in drawn])


def finished(begun: Opened, *, shuffles: int = 2) -> list[list[Any]]:
    """Close, shuffle, decrypt; the result."""
    with Running(begun.path, shuffles=shuffles, sync=False) as running:
        running.close()
        if running.election.shuffled:
            for number in range(1, shuffles + 1):
                running.take("Shuffle", number, running.shuffle())
            running.end_shuffles()
        for secret in begun.trusted.secrets:
            running.take("PartialDecryption", *running.decrypt(secret))
        return running.finish()
