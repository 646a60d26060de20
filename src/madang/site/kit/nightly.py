"""What rooms do each night, brought to the kit as their stage kinds are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from madang.site.kit.actor import Actor


@dataclass(frozen=True)
class NightTask:
    """Work of a room that nobody has to ask for: `run(by, at)` gives how much there was to do.

    It may be run twice in a night, or not for a week: it looks at the state, never at a window of time.
    """

    name: str
    run: Callable[[Actor, datetime], int]


night_tasks: list[NightTask] = []


def add_night_task(task: NightTask) -> None:
    """Bring a task of the night."""
    night_tasks.append(task)
