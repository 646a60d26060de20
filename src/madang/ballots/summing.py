"""Checking many ballots and adding up those that count, in pieces that can run in other processes."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor

from madang.ballots.checking import open_envelope, read_envelope
from madang.ballots.elections import Election, read_election
from madang.ballots.refusals import Refusal
from madang.ballots.spreading import spread
from madang.ballots.tallying import Tally, add, empty_tally, sort_shuffled

JOB = 1 << 18
Numbered = tuple[int, int, bytes]
"""The number of a ballot, what it weighs (0 if a later one of the same voter counts), and its bytes."""
Fault = tuple[int, str, str]
"""The number of a ballot, the rule it breaks, and a sentence."""


def sum_ballots(
    election: Election, ballots: Iterable[Numbered], *, total: int, executor: Executor | None = None,
    tell: Callable[[str], None] = lambda _sentence: None,
) -> tuple[Tally, list[Fault]]:  # fmt: skip
    """The encrypted tally of the ballots that weigh something, and what is wrong with any of them all."""
    tally, faults, done = empty_tally(election), [], 0
    for wrong, part, many in spread(_checked, _jobs(election, ballots), executor):
        faults += wrong
        add(election, tally, part)
        done += many
        tell(f"{done:,} of {total:,} ballots checked")
    sort_shuffled(election, tally)
    return tally, faults


def _jobs(election: Election, ballots: Iterable[Numbered]) -> Iterator[tuple[bytes, list[Numbered]]]:
    waiting: list[Numbered] = []
    size = 0
    for ballot in ballots:
        waiting.append(ballot)
        size += len(ballot[2])
        if size >= JOB:
            yield election.raw, waiting
            waiting, size = [], 0
    if waiting:
        yield election.raw, waiting


def _checked(raw: bytes, items: list[Numbered]) -> tuple[list[Fault], Tally, int]:
    election = read_election(raw)
    faults, tally = [], empty_tally(election)
    for number, weight, content in items:
        try:
            ballot = open_envelope(election, read_envelope(election, content))
        except Refusal as refusal:
            faults.append((number, refusal.rule, refusal.sentence))
            continue
        if weight:
            add(election, tally, [answer.choices for answer in ballot.answers], weight)
    return faults, tally, len(items)
