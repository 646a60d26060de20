"""A whole election by command: registrar, trustees alone and with a threshold, casting, shuffles, result, `.pb`."""

import json
import stat
from pathlib import Path

import pytest

from madang.cli.main import main

SLOTS = {"type": "NonHomomorphic", "value": {"answers": ["1", "2"], "question": "칸"}}
QUESTIONS = {
    "name": "시험",
    "description": "synthetic",
    "questions": [{"answers": ["가", "나"], "blank": True, "min": 1, "max": 1, "question": "?"}, SLOTS],
}
G = ["--group", "Ed25519"]
CHOICES = ["[[0,1,0],[1,2]]", "[[1,0,0],[2,0]]", "[[0,0,1],[2,1]]"]


@pytest.fixture()
def desk(tmp_path, monkeypatch):
    """An empty folder in which everything happens."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def done(*words: str) -> None:
    assert main(["ballots", *words]) == 0, words


def joined(target: str, *files: str) -> None:
    Path(target).write_text("".join(f"{Path(file).read_text().strip()}\n" for file in files), encoding="utf-8")


def set_up(places: bool) -> str:
    """Credentials, one trustee alone and three of whom two decrypt; the UUID."""
    done("credentials", *G, "--count", "3", "--out", ".")
    uuid = next(Path().glob("*.credentials.json")).name.split(".")[0]
    done("trustee", "key", *G, "--out", "one")
    for n in "123":
        done("trustee", "certificate", *G, "--out", f"m{n}", *(["--place", f"{n}/2/3"] if places else []))
    joined("certs", "m1.cert", "m2.cert", "m3.cert")
    part = [*G, "--certs", "certs", "--threshold", "2"]
    for n in "123":
        done("trustee", "polynomial", *part, "--key", f"m{n}.key", "--out", f"p{n}")
    joined("polynomials", "p1", "p2", "p3")
    for n in "123":
        done("trustee", "deal", "--polynomials", "polynomials", "--number", n, "--out", f"d{n}")
        done("trustee", "member", *part, "--key", f"m{n}.key", "--dealt", f"d{n}", "--out", f"m{n}")
    keys = ["m1.pubkey", "m2.pubkey", "m3.pubkey"]
    done("trustee", "join", *part, "--polynomials", "polynomials", "--keys", *keys, "--out", "threshold.json")
    Path("questions.json").write_text(json.dumps(QUESTIONS), encoding="utf-8")
    done("setup", "--uuid", uuid, *G, "--questions", "questions.json", "--credentials", f"{uuid}.credentials.json",
         "--trustees", "one.pubkey", "threshold.json", "--out", ".")  # fmt: skip
    return uuid


@pytest.mark.parametrize("places", [True, False])
def test_an_election_from_credentials_to_the_count(desk, capsys, places):
    uuid = set_up(places)
    bel = f"{uuid}.bel"
    for number, line in enumerate(Path(f"{uuid}.credentials.txt").read_text().splitlines()):
        Path(f"credential{number}").write_text(line)
        done("cast", bel, "--credential", f"credential{number}", "--choice", CHOICES[number])
    done("cast", bel, "--credential", "credential0", "--choice", "[[0,0,1],[1,0]]", "--out", "ballot")
    done("cast", bel, "--ballots", "ballot")
    before = Path(bel).read_bytes()
    capsys.readouterr()
    assert main(["ballots", "cast", bel, "--ballots", "ballot"]) == 1
    assert capsys.readouterr().err == "ballot-replayed: exactly this ballot has been cast before.\n"
    assert main(["ballots", "trustee", "decrypt", bel, "--privkey", "one.privkey", "--out", "early"]) == 1
    assert Path(bel).read_bytes() == before
    done("verify", bel, "--unfinished", "--processes", "1")
    Path("copy").write_bytes(before)
    done("tally", "close", bel)
    for n in "12":
        done("trustee", "shuffle", bel, "--out", f"shuffle{n}")
        done("tally", "shuffle", bel, f"shuffle{n}", "--number", n)
    done("tally", "end-shuffles", bel)
    done("trustee", "decrypt", bel, "--privkey", "one.privkey", "--out", "decryption1")
    assert main(["ballots", "tally", "decryption", bel, "decryption1", "--number", "2"]) == 1
    done("tally", "decryption", bel, "decryption1", "--number", "1")
    assert main(["ballots", "tally", "result", bel]) == 1
    for n in "13":
        done("trustee", "decrypt", bel, "--key", f"m{n}.key", "--dkey", f"m{n}.dkey", "--out", f"of{n}")
        done("tally", "decryption", bel, f"of{n}", "--number", str(int(n) + 1))
    capsys.readouterr()
    done("tally", "result", bel)
    counted, rows = json.loads(capsys.readouterr().out)["result"]
    assert (counted, sorted(rows)) == ([1, 0, 2], [[1, 0], [2, 0], [2, 1]])
    done("verify", bel)
    assert main(["ballots", "verify", bel, "--shuffles", "3"]) == 1
    done("verify", bel, "--earlier", "copy")
    Path("copy").write_bytes(before[:-1] + b"1")
    capsys.readouterr()
    assert main(["ballots", "verify", bel, "--earlier", "copy"]) == 1
    assert capsys.readouterr().err == "earlier-copy: the archive is not a continuation of copy.\n"
    Path("projects.csv").write_text("number,cost,name\n1,100,가\n2,200,나\n", encoding="utf-8")
    done("tally", "open", bel, "--projects", "projects.csv", "--budget", "250", "--question", "2", "--out", "x.pb")
    capsys.readouterr()
    assert main(["budgeting", "count", "x.pb", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert {one["id"]: one["votes"] for one in result["projects"]} == {"1": 1, "2": 1}
    modes = {
        stat.S_IMODE(file.stat().st_mode) for file in desk.iterdir() if file.suffix in {".key", ".privkey", ".txt"}
    }
    assert modes == {0o600}


def test_wrong_use_is_told_and_writes_nothing(desk, capsys):
    Path("list").write_text("{", encoding="utf-8")
    for words in (
        ["verify", "missing.bel"],
        ["credentials", *G, "--count", "0", "--out", "new"],
        ["trustee", "certificate", *G, "--place", "1/2", "--out", "a"],
        ["trustee", "deal", "--polynomials", "list", "--number", "1", "--out", "a"],
        ["rehearse", "--voters", "0", "--out", "new"],
        ["rehearse", "--threshold", "3/2", "--out", "new"],
    ):
        capsys.readouterr()
        assert main(["ballots", *words]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert [file.name for file in desk.iterdir()] == ["list"]


def test_the_end_that_a_crash_left_is_cut_off(desk, capsys):
    uuid = set_up(places=True)
    bel = Path(f"{uuid}.bel")
    whole = bel.read_bytes()
    bel.write_bytes(whole + whole[1024:2012])
    assert main(["ballots", "tally", "close", str(bel)]) == 1
    capsys.readouterr()
    done("tally", "mend", str(bel))
    assert (capsys.readouterr().out, bel.read_bytes()) == (f"{bel}: 988 bytes cut off\n", whole)


def test_what_is_no_archive_is_refused(desk, capsys):
    Path("x.bel").write_bytes(b"PK\x03\x04")
    assert main(["ballots", "verify", "x.bel"]) == 1
    assert capsys.readouterr().err.startswith("archive-format: ")


@pytest.mark.parametrize("kind", ["homomorphic", "mixnet"])
def test_rehearsal(desk, capsys, kind):
    options = ["--voters", "21", "--answers", "5", "--max", "2", "--seed", "x", "--threshold", "2/3"]
    done("rehearse", "--kind", kind, *options, "--out", "new")
    (bel,) = Path("new").glob("*.bel")
    done("verify", str(bel), "--processes", "1")
    counted = len(list(Path("new").glob("*.pb")))
    assert counted == (kind == "mixnet")
