"""The launcher and the command on machines where something is wrong: a sentence, and nothing is lost."""

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COUNTY = ROOT / "tests" / "data" / "county"
OLD = (
    "import runpy, sys; sys.version_info = (3, 9, 2); sys.argv = ['madang', 'demo']; "
    "runpy.run_path('madang', run_name='__main__')"
)


@pytest.fixture
def madang(tmp_path):
    """Runs the command in an empty folder with a home of its own; returns status, output and complaint."""

    def run(*words: str, **variables: str) -> tuple[int, str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MADANG_", "DATABASE_"))}
        env = {**kept, "PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "madang.site.settings"}
        env |= {"MADANG_HOME": str(tmp_path / "home"), "MADANG_CITY": str(COUNTY), **variables}
        done = subprocess.run(
            [sys.executable, "-m", "madang.cli", *words],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run


def test_an_old_python_is_told_so_and_can_read_the_launcher():
    source = (ROOT / "madang").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    assert "from __future__ import annotations" in source.splitlines()
    told = subprocess.run([sys.executable, "-c", OLD], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stderr.startswith("Madang needs Python 3.11 or newer; this is ")


def test_an_unknown_verb_is_status_2(madang):
    status, _out, told = madang("fly")
    assert (status, "invalid choice: 'fly'" in told) == (2, True)


def test_a_home_that_cannot_be_a_folder(madang, tmp_path):
    (tmp_path / "file").write_text("synthetic")
    status, _out, told = madang("load", MADANG_HOME=str(tmp_path / "file"))
    assert status == 1
    assert told == (
        f"madang: MADANG_HOME is {tmp_path / 'file'}, which cannot be made a folder (File exists); name another one.\n"
    )


@pytest.mark.parametrize("words", [("load",), ("demo", "--no-serve"), ("chain", "seal"), ("nightly",), ("mail",)])
def test_a_database_that_is_none(madang, tmp_path, words):
    file = tmp_path / "home" / "madang.sqlite3"
    file.parent.mkdir()
    file.write_bytes(b"synthetic rubbish" * 1000)
    status, _out, told = madang(*words)
    assert (status, told) == (
        2,
        f"madang: The database cannot be used (file is not a database). Put {file} back from your backup; "
        "or, if it may be lost, delete it and load again.\n",
    )
    assert file.read_bytes() == b"synthetic rubbish" * 1000


def test_a_database_without_tables(madang):
    assert madang("chain", "seal") == (
        2,
        "",
        "madang: The database cannot be used (no such table: record_seal). Make its tables: madang load "
        "(or, for the demonstration: madang demo --no-serve)\n",
    )


def test_a_city_folder_that_is_not_there(madang, tmp_path):
    told = f"madang: There is no folder {tmp_path / 'nowhere'}; name the city's folder, or set MADANG_CITY to it.\n"
    assert madang("load", MADANG_CITY=str(tmp_path / "nowhere")) == (1, "", told)
    assert madang("demo", "--no-serve", MADANG_CITY=str(tmp_path / "nowhere")) == (1, "", told)


def test_a_port_in_use(madang):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, out, told = madang("demo", "--port", str(port))
    assert (status, out) == (1, "")
    assert told == f"madang: The port {port} is in use or not open to this user; choose another one with --port.\n"


def test_an_interrupted_loading_begins_anew(madang, tmp_path):
    home = tmp_path / "home"
    assert madang("demo", "--no-serve")[0] == 0
    assert sorted(file.name for file in home.iterdir()) == ["loaded", "madang.sqlite3", "secret.key", "vault.key"]
    key = (home / "vault.key").read_text()
    # As a killed process leaves it: the mark of the beginning, half a database, no mark of the end.
    (home / "loaded").rename(home / "loading")
    (home / "madang.sqlite3").write_bytes((home / "madang.sqlite3").read_bytes()[:9000])

    status, out, _told = madang("demo", "--no-serve")

    assert (status, out.splitlines()[0]) == (0, "The last loading was interrupted; it begins anew.")
    assert sorted(file.name for file in home.iterdir()) == ["loaded", "madang.sqlite3", "secret.key", "vault.key"]
    assert (home / "vault.key").read_text() == key


def test_a_demo_of_another_version_begins_anew_and_one_of_this_version_stays(madang, tmp_path):
    home = tmp_path / "home"
    assert madang("demo", "--no-serve")[0] == 0
    assert madang("demo", "--no-serve") == (0, "", "")
    (home / "loaded").write_text("the digest of another version")

    status, out, _told = madang("demo", "--no-serve")

    assert (status, out.splitlines()[0]) == (
        0,
        "The demo was loaded by another version of Madang or of the city's folder; it begins anew.",
    )
    assert (home / "loaded").read_text() != "the digest of another version"


def test_a_mistake_in_the_folder_leaves_no_interrupted_loading_behind(madang, tmp_path):
    city = tmp_path / "city"
    city.mkdir()
    assert [madang("demo", "--no-serve", MADANG_CITY=str(city))[0] for _twice in range(2)] == [1, 1]
    assert not (tmp_path / "home" / "loading").exists()


def test_fresh_deletes_no_site_that_is_no_demonstration(madang, tmp_path):
    home = tmp_path / "home"
    assert madang("load")[0] == 0
    before = (home / "madang.sqlite3").read_bytes()
    status, _out, told = madang("demo", "--fresh", "--no-serve")
    assert (status, told) == (
        1,
        f"madang: {home} holds a site that is no demonstration; nothing was deleted. Name another MADANG_HOME.\n",
    )
    assert (home / "madang.sqlite3").read_bytes() == before


def test_a_book_that_is_not_there(madang, tmp_path):
    assert madang("load")[0] == 0
    told = madang("chain", "export", "out.jsonl", "--book", "nothing")
    assert (told[0], told[2].partition(";")[0]) == (1, "madang: There is no book nothing")
    assert not (tmp_path / "out.jsonl").exists()


def test_verifying_knows_neither_django_nor_the_site():
    code = (
        "import sys, madang.cli.main; print(sorted(m for m in sys.modules if m.startswith(('django', 'madang.site'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
