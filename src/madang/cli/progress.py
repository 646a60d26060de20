"""A progress bar for people who wait, plain lines for logs."""

import shutil
import sys
import time


class Progress:
    """Shows one step after another, with how far the whole is and how long each step took."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.done = 0
        self.started = time.monotonic()
        self.step_started = self.started
        self.name = ""
        self.live = sys.stdout.isatty()

    def step(self, name: str) -> None:
        """Begin a step; the one before is finished."""
        self._finish()
        self.name, self.step_started = name, time.monotonic()
        if self.live:
            print(f"\r{self._bar()} {name} …", end="", flush=True)

    def end(self) -> float:
        """Finish the last step; seconds since the beginning."""
        self._finish()
        self.name = ""
        return time.monotonic() - self.started

    def _finish(self) -> None:
        if not self.name:
            return
        self.done += 1
        seconds = time.monotonic() - self.step_started
        line = f"{self._bar()} {self.name} ({seconds:.1f} s)"
        width = shutil.get_terminal_size().columns - 1
        print(f"\r{line:<{width}}" if self.live else line, flush=True)

    def _bar(self) -> str:
        filled = round(20 * self.done / max(self.steps, 1))
        return f"[{'█' * filled}{'·' * (20 - filled)}] {100 * self.done // max(self.steps, 1):3d} %"


class Telling:
    """Says every second on stderr how far long work is; short work stays silent."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def __call__(self, sentence: str) -> None:
        now = time.monotonic()
        if now - self.last > 1:
            self.last = now
            print(sentence, file=sys.stderr, flush=True)
