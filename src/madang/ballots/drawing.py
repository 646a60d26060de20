"""Drawing many credentials at once, on all cores."""

from collections.abc import Callable
from concurrent.futures import Executor

from madang.ballots.credentials import draw_credential, new_credential
from madang.ballots.groups import group
from madang.ballots.spreading import pieces, spread
from madang.ballots.verifying import Tell, silent

Make = Callable[[], str]


def draw_credentials(
    group_name: str, uuid: str, count: int, *, make: Make = new_credential, executor: Executor | None = None,
    tell: Tell = silent,
) -> list[tuple[str, str]]:  # fmt: skip
    """New credentials of an election, each with its public side as text."""
    drawn: list[tuple[str, str]] = []
    for part in spread(_draw, ((group_name, uuid, stop - start, make) for start, stop in pieces(count)), executor):
        drawn += part
        tell(f"{len(drawn):,} of {count:,} credentials made")
    return drawn


def _draw(name: str, uuid: str, count: int, make: Make) -> list[tuple[str, str]]:
    own = group(name)
    return [draw_credential(own, uuid, make) for _ in range(count)]
