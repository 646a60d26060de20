"""Hooks of gunicorn for the demonstration: the registrar's site begins and ends with the city's."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_beside: list[subprocess.Popen] = []


def when_ready(server: Any) -> None:
    """Serve the registrar on the next port, from the home inside the demonstration's."""
    port = int(server.address[0][1]) + 1
    home = Path(os.environ["MADANG_HOME"]) / "registrar"
    home.mkdir(exist_ok=True)
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "madang.cli", "registrar", "serve", "--port", str(port)]
    _beside.append(subprocess.Popen(command, env={**env, "MADANG_HOME": str(home)}))


def on_exit(server: Any) -> None:
    """End it."""
    for process in _beside:
        process.terminate()
