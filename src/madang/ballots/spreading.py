"""Long work in pieces, on any executor of the standard library's interface: a pool of processes, or a cluster's."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

Answer = TypeVar("Answer")
PIECE = 1024
AHEAD = 32


def pieces(size: int, most: int = PIECE) -> list[tuple[int, int]]:
    """Where to cut `size` things: pairs of the first place and the place after the last."""
    length = min(most, max(16, -(-size // AHEAD)))
    return [(start, min(start + length, size)) for start in range(0, size, length)]


def spread(
    run: Callable[..., Answer], jobs: Iterable[tuple[Any, ...]], executor: Executor | None
) -> Iterator[Answer]:  # fmt: skip
    """The answers to all jobs, in their order; never more than a few jobs are made before they are worked on."""
    if executor is None:
        for job in jobs:
            yield run(*job)
        return
    waiting: deque[Future[Answer]] = deque()
    try:
        for job in jobs:
            waiting.append(executor.submit(run, *job))
            if len(waiting) >= AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def told(answers: Iterator[Answer], tell: Callable[[str], None], what: str, total: int) -> Iterator[Answer]:
    """The same answers, telling how many there were."""
    for number, answer in enumerate(answers, 1):
        tell(f"{what}: {number:,} of {total:,} parts done")
        yield answer
