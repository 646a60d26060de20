"""A whole synthetic election in one call, from keys to result. Only for rehearsals: all secrets are in one place."""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, NamedTuple

from madang.ballots.casting import make_ballot
from madang.ballots.credentials import new_credential, new_old_credential, new_token, secret_of
from madang.ballots.drawing import draw_credentials
from madang.ballots.elections import Question, read_election
from madang.ballots.groups import Group, draw_secretly, group
from madang.ballots.refusals import Refusal
from madang.ballots.running import Running, set_up
from madang.ballots.spreading import pieces, spread
from madang.ballots.thresholds import (
    certificate,
    deal,
    decryption_key,
    member_key,
    new_seed,
    polynomial,
    threshold_trustees,
)
from madang.ballots.trustees import public_key
from madang.ballots.verifying import Tell, silent

REVOTES = 20
NOBODY = "A rehearsal with synthetic voters. No person voted."


class Rehearsed(NamedTuple):
    """What a rehearsal made: the archive, its result, and what was voted."""

    path: Path
    result: list[list[Any]]
    cast: list[list[list[int]]]
    """The last answers of every voter; only a rehearsal knows them."""


class Trusted(NamedTuple):
    """Trustees with their secrets: the items as printed, and the exponents of those who decrypt."""

    items: list[Any]
    secrets: list[int]


def rehearse(
    folder: Path, *, group_name: str, kind: str, voters: int, answers: int, most: int, at: int, seed: str = "",
    threshold: tuple[int, int] | None = None, newer: bool = True, executor: Executor | None = None,
    tell: Tell = silent, name: str = "예행연습 (합성)", description: str = "",
) -> Rehearsed:  # fmt: skip
    """Run a whole election with synthetic voters into `folder`/UUID.bel, at the second `at`; `seed` fixes the votes.

    Every 20th voter votes twice. Two trustees; with `threshold` (T, N) one, and N of whom T decrypt.
    """
    own, uuid = group(group_name), new_token()
    question = rehearsed_question(own, kind, answers, most)
    path = folder / f"{uuid}.bel"
    trusted = trustees(own, threshold, newer=newer)
    make = new_old_credential if group_name != "Ed25519" else new_credential
    credentials = draw_credentials(group_name, uuid, voters, make=make, executor=executor, tell=tell)
    election = set_up(
        path, group_name=group_name, uuid=uuid, name=name, timestamp=at, sync=False,
        description=f"{NOBODY}\n{description}".strip(), questions=[question],
        trustees=trusted.items, credentials=[public for _, public in credentials],
    )  # fmt: skip
    votes = list(_votes(question, voters, answers, most, seed))
    with Running(path, executor=executor, tell=tell, sync=False) as running:
        done = 0
        for ballots in spread(_ballots, _casting(election.raw, credentials, votes), executor):
            for raw in ballots:
                running.put(raw)
            done += len(ballots)
            tell(f"{done:,} of {len(votes):,} ballots cast")
        tell("closing and counting")
        result = _opened(running, trusted)
    last = dict(votes)
    return Rehearsed(path, result, [last[voter] for voter in sorted(last)])


def rehearsed_question(own: Group, kind: str, answers: int, most: int) -> Question:
    """The one question of a rehearsal: choose up to `most` of so many answers."""
    if not 1 <= most <= answers:
        raise Refusal("election", f"up to {most} of {answers} answers cannot be chosen.")
    if kind == "homomorphic":
        return Question(f"최대 {most}개", tuple(f"사업 {n}" for n in range(1, answers + 1)), 0, most)
    if most > own.most_integers or answers > 255:
        raise Refusal("election", f"{own.name} holds up to {own.most_integers} numbers from 0 to 255 in one answer.")
    slots = tuple(f"선택 {n}" for n in range(1, most + 1))
    return Question("사업 번호 오름차순, 빈칸은 0", slots, shuffled=True)


def trustees(own: Group, threshold: tuple[int, int] | None, *, newer: bool = True) -> Trusted:
    """New trustees: two, or one and a group of whom some are needed."""
    singles = [draw_secretly(own.q) for _ in range(1 if threshold else 2)]
    items: list[Any] = [["Single", public_key(own, secret)] for secret in singles]
    if not threshold:
        return Trusted(items, singles)
    needed, members = threshold
    seeds = [new_seed() for _ in range(members)]
    places = range(1, members + 1)
    certs = [
        certificate(own, seed, (place, needed, members) if newer else None)
        for place, seed in zip(places, seeds, strict=True)
    ]
    polynomials = [polynomial(own, seed, certs, needed) for seed in seeds]
    keys = [
        member_key(own, seed, certs, deal(polynomials, place), needed)
        for place, seed in zip(places, seeds, strict=True)
    ]  # fmt: skip
    items.append(["Pedersen", threshold_trustees(own, certs, polynomials, keys, needed)])
    # The last members decrypt, so that a rehearsal does not only show the simplest weights.
    chosen = list(zip(seeds, keys, strict=True))[-needed:]
    return Trusted(items, singles + [decryption_key(own, seed, key["private_key"]) for seed, key in chosen])


def _votes(
    question: Question, voters: int, answers: int, most: int, seed: str
) -> Iterator[tuple[int, list[list[int]]]]:  # fmt: skip
    """Who votes what, in the order of casting: everybody, and every 20th once more."""
    chance = random.Random(f"rehearsal {seed}")  # noqa: S311 - synthetic choices
    for voter in [*range(voters), *range(0, voters, REVOTES)]:
        chosen = sorted(chance.sample(range(1, answers + 1), chance.randint(0, most)))
        if question.shuffled:
            yield voter, [chosen + [0] * (most - len(chosen))]
        else:
            yield voter, [[int(number in chosen) for number in range(1, answers + 1)]]


def _casting(
    raw: bytes, credentials: Sequence[tuple[str, str]], votes: Sequence[tuple[int, list[list[int]]]]
) -> Iterator[tuple[bytes, list[tuple[str, list[list[int]]]]]]:  # fmt: skip
    for start, stop in pieces(len(votes), 64):
        yield raw, [(credentials[voter][0], answers) for voter, answers in votes[start:stop]]


def _ballots(raw: bytes, items: Sequence[tuple[str, list[list[int]]]]) -> list[bytes]:
    election = read_election(raw)
    return [
        make_ballot(election, secret_of(election.group, election.uuid, credential), answers)
        for credential, answers in items
    ]  # fmt: skip


def _opened(running: Running, trusted: Trusted) -> list[list[Any]]:
    running.close()
    if running.election.shuffled:
        for number in range(1, running.verifier.shuffles + 1):
            running.take("Shuffle", number, running.shuffle())
        running.end_shuffles()
    for secret in trusted.secrets:
        number, content = running.decrypt(secret)
        running.take("PartialDecryption", number, content)
    return running.finish()
