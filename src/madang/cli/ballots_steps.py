"""Running a verifiable election from files: `madang ballots setup | credentials | trustee | cast | tally`.

Secrets are written to files that only their owner can read, and never shown. No file is ever overwritten.
"""

import argparse
import csv
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from madang import ballots
from madang.ballots import credentials, elections, thresholds, trustees
from madang.ballots.printing import is_decimal, printed
from madang.cli.ballots_files import Project, anonymous
from madang.cli.ballots_parts import cores, part
from madang.cli.progress import Telling


def add_steps(parts: Any) -> None:
    """Add the parts to `ballots`."""
    _add_setting_up(parts)
    _add_trustee(parts)
    cast = part(parts, "cast", "make a ballot, or add ballots to an archive", _cast)
    cast.add_argument("archive", type=Path, metavar="ARCHIVE.bel")
    cast.add_argument("--credential", type=Path, help="file with the voter's credential")
    cast.add_argument("--choice", help="the answers, as [[1,0,1],[0,1]]")
    cast.add_argument("--ballots", type=Path, help="file with ballots, one a line, to be added instead")
    cast.add_argument("--out", type=Path, help="only write the ballot that was made to this file")
    tally = parts.add_parser("tally", help="close the vote, add what trustees made, and the result")
    steps = tally.add_subparsers(required=True, metavar="STEP")
    for name, what, run in (
        ("close", "accept no more ballots, add the encrypted tally", _close),
        ("shuffle", "add a shuffle of a trustee", _take_shuffle),
        ("end-shuffles", "no more shuffles; trustees may decrypt", _end_shuffles),
        ("decryption", "add a partial decryption of a trustee", _take_decryption),
        ("result", "add the result", _result),
        ("mend", "cut off what a crash left unfinished at the end of the archive", _mend),
        ("open", "write the anonymous ballots of a shuffled question as a .pb file", _open),
    ):
        step = part(steps, name, what, run)
        step.add_argument("archive", type=Path, metavar="ARCHIVE.bel")
        if name in ("shuffle", "decryption"):
            step.add_argument("file", type=Path)
            step.add_argument("--number", type=int, required=True, help="of the trustee, from 1")
        if name == "open":
            step.add_argument("--projects", type=Path, required=True, help="CSV with the columns number, cost, name")
            step.add_argument("--budget", type=int, required=True, help="in whole won")
            step.add_argument("--question", type=int, default=1, help="which question, from 1")
            step.add_argument("--out", type=Path, required=True, metavar="FILE.pb")
        elif name != "mend":
            step.add_argument("--processes", type=int, help="how many to use (all cores)")


def _add_setting_up(parts: Any) -> None:
    making = part(parts, "credentials", "make credentials for voters", _credentials)
    making.add_argument("--group", choices=ballots.GROUPS, required=True)
    making.add_argument("--count", type=int, required=True)
    making.add_argument("--uuid", help="of the election; drawn and printed if it is not given")
    making.add_argument("--older", action="store_true", help="15 digits, which version 2.0 of the tool can vote with")
    making.add_argument("--out", type=Path, required=True, metavar="DIR")
    setup = part(parts, "setup", "begin the archive of an election", _setup)
    setup.add_argument("--uuid", required=True)
    setup.add_argument("--group", choices=ballots.GROUPS, required=True)
    setup.add_argument("--questions", type=Path, required=True, help="JSON with name, description and questions")
    setup.add_argument("--credentials", type=Path, required=True, help="the public ones")
    setup.add_argument("--trustees", type=Path, nargs="+", required=True, help="public keys, in order of their numbers")
    setup.add_argument("--out", type=Path, required=True, metavar="DIR")


def _add_trustee(parts: Any) -> None:
    trustee = parts.add_parser("trustee", help="keys, shuffles and decryptions of a trustee")
    steps = trustee.add_subparsers(required=True, metavar="STEP")
    options: dict[str, dict[str, Any]] = {
        "--group": {"choices": ballots.GROUPS, "required": True},
        "--key": {"type": Path, "required": True, "help": "the member's secret"},
        "--certs": {"type": Path, "required": True, "help": "certificates of all members, one a line, in order"},
        "--threshold": {"type": int, "required": True, "help": "how many must decrypt"},
        "--polynomials": {"type": Path, "required": True, "help": "of all members, one a line, in order"},
        "--dealt": {"type": Path, "required": True, "help": "what `deal` made for this member"},
        "--number": {"type": int, "required": True, "help": "place of the member, from 1"},
        "--keys": {"type": Path, "nargs": "+", "required": True, "help": "public keys of all members, in order"},
        "--out": {"type": Path, "required": True, "metavar": "FILE"},
    }
    polynomial = "--group --key --certs --threshold --out"
    for name, what, run, given in (
        ("key", "make the key of a single trustee: FILE.privkey and FILE.pubkey", _key, "--group --out"),
        ("certificate", "threshold 1: FILE.key and FILE.cert", _certificate, "--group --out"),
        ("polynomial", "threshold 2", _polynomial, polynomial),
        ("deal", "threshold 3, by whoever carries the messages", _deal, "--polynomials --number --out"),
        ("member", "threshold 4: FILE.dkey and FILE.pubkey", _member, f"{polynomial} --dealt"),
        ("join", "threshold 5", _join, "--group --certs --polynomials --keys --threshold --out"),
    ):
        step = part(steps, name, what, run)
        for option in given.split():
            step.add_argument(option, **options[option])
        if name == "certificate":
            step.add_argument("--place", metavar="I/T/M", help="member I of M, of whom T decrypt; not for version 2.0")
    shuffle = part(steps, "shuffle", "verify an archive, then shuffle it", _shuffle)
    decrypt = part(steps, "decrypt", "verify an archive, then decrypt it partially", _decrypt)
    for step in (shuffle, decrypt):
        step.add_argument("archive", type=Path, metavar="ARCHIVE.bel")
        step.add_argument("--out", **options["--out"])
        step.add_argument("--processes", type=int, help="how many to use (all cores)")
    decrypt.add_argument("--privkey", type=Path, help="of a single trustee")
    decrypt.add_argument("--key", type=Path, help="of a member of a threshold")
    decrypt.add_argument("--dkey", type=Path, help="of a member of a threshold")


# --- files -------------------------------------------------------------------------------------------


def _write(path: Path, content: bytes, *, secret: bool = False) -> None:
    """Write a new file, whole or not at all."""
    found = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o644)
    try:
        with os.fdopen(found, "wb") as stream:
            stream.write(content)
    except OSError:
        path.unlink()
        raise
    print(f"{path}{' (secret: keep it, and give it to nobody)' if secret else ''}")


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise ValueError(f"{path} is no JSON.") from None


def _lines(path: Path) -> list[Any]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise ValueError(f"{path} does not have one JSON object a line.") from None


def _exponent(path: Path) -> int:
    value = _json(path)
    if not isinstance(value, str) or not is_decimal(value):
        raise ValueError(f"{path} does not hold a secret key.")
    return int(value)


def _seed(path: Path) -> str:
    return path.read_text(encoding="ascii").strip()


# --- setting up --------------------------------------------------------------------------------------


def _credentials(options: argparse.Namespace) -> int:
    uuid = options.uuid or ballots.new_token()
    if options.count < 1:
        raise ValueError("--count must be at least 1.")
    make = credentials.new_old_credential if options.older else credentials.new_credential
    with cores(None) as executor:
        made = ballots.draw_credentials(
            options.group, uuid, options.count, make=make, executor=executor, tell=Telling()
        )
    options.out.mkdir(parents=True, exist_ok=True)
    listing = printed(sorted(public for _, public in made)).encode()
    lines = "".join(f"{number} {credential}\n" for number, (credential, _) in enumerate(made, 1))
    _write(options.out / f"{uuid}.credentials.txt", lines.encode(), secret=True)
    _write(options.out / f"{uuid}.credentials.json", listing)
    print(f"election {uuid}; list of public credentials {sha256(listing).hexdigest()}")
    return 0


def _setup(options: argparse.Namespace) -> int:
    template = _json(options.questions)
    if not isinstance(template, dict) or not isinstance(template.get("questions"), list):
        raise ValueError(f"{options.questions} must be an object with name, description and questions.")
    own = ballots.group(options.group)
    items = []
    for file in options.trustees:
        value = _json(file)
        items.append(["Pedersen" if isinstance(value, dict) and "threshold" in value else "Single", value])
    publics = [one.public for one in ballots.read_credentials(options.credentials.read_bytes().strip())]
    credentials.check_credentials(own, publics)
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / f"{options.uuid}.bel"
    election = ballots.set_up(
        path, group_name=options.group, uuid=options.uuid, name=str(template.get("name", "")),
        description=str(template.get("description", "")), trustees=items, credentials=publics,
        questions=[elections.read_question(one, own) for one in template["questions"]], timestamp=int(time.time()),
    )  # fmt: skip
    print(f"{path}: {len(election.questions)} questions, {len(publics):,} credentials, {len(items)} trustees")
    print(f"fingerprint of the election: {election.fingerprint}")
    return 0


# --- trustees ----------------------------------------------------------------------------------------


def _key(options: argparse.Namespace) -> int:
    own = ballots.group(options.group)
    secret = ballots.draw_secretly(own.q)
    public = ballots.public_key(own, secret)
    _write(options.out.with_suffix(".privkey"), printed(str(secret)).encode(), secret=True)
    _write(options.out.with_suffix(".pubkey"), printed(public).encode())
    print(f"checksum: {trustees.checksum(public['public_key'])}")
    return 0


def _certificate(options: argparse.Namespace) -> int:
    own, seed, place = ballots.group(options.group), thresholds.new_seed(), None
    if options.place:
        words = options.place.split("/")
        if len(words) != 3 or not all(word.isdecimal() for word in words):
            raise ValueError(f"--place {options.place}: write member, threshold and members, as 1/2/3.")
        place = (int(words[0]), int(words[1]), int(words[2]))
    cert = thresholds.certificate(own, seed, place)
    _write(options.out.with_suffix(".key"), seed.encode(), secret=True)
    _write(options.out.with_suffix(".cert"), printed(cert).encode())
    print(f"checksum: {sha256(cert['message'].encode()).hexdigest()}")
    return 0


def _polynomial(options: argparse.Namespace) -> int:
    own = ballots.group(options.group)
    made = thresholds.polynomial(own, _seed(options.key), _lines(options.certs), options.threshold)
    _write(options.out, printed(made).encode() + b"\n")
    return 0


def _deal(options: argparse.Namespace) -> int:
    polynomials = _lines(options.polynomials)
    if not 1 <= options.number <= len(polynomials):
        raise ValueError(f"there are {len(polynomials)} members; --number {options.number} is none of them.")
    _write(options.out, printed(thresholds.deal(polynomials, options.number)).encode())
    return 0


def _member(options: argparse.Namespace) -> int:
    own, dealt = ballots.group(options.group), _json(options.dealt)
    made = thresholds.member_key(own, _seed(options.key), _lines(options.certs), dealt, options.threshold)
    _write(options.out.with_suffix(".dkey"), made["private_key"].encode(), secret=True)
    _write(options.out.with_suffix(".pubkey"), printed(made["public_key"]).encode())
    print(f"checksum: {trustees.checksum(made['public_key']['public_key'])}")
    return 0


def _join(options: argparse.Namespace) -> int:
    own, keys = ballots.group(options.group), [{"public_key": _json(file)} for file in options.keys]
    certs, polynomials = _lines(options.certs), _lines(options.polynomials)
    made = thresholds.threshold_trustees(own, certs, polynomials, keys, options.threshold)
    _write(options.out, printed(made).encode())
    return 0


@contextmanager
def _running(options: argparse.Namespace) -> Iterator[ballots.Running]:
    with cores(options.processes) as executor, ballots.Running(
        options.archive, executor=executor, tell=Telling()
    ) as running:  # fmt: skip
        yield running


def _shuffle(options: argparse.Namespace) -> int:
    with _running(options) as running:
        _write(options.out, running.shuffle())
    return 0


def _decrypt(options: argparse.Namespace) -> int:
    if options.privkey:
        secret = _exponent(options.privkey)
    elif options.key and options.dkey:
        with options.archive.open("rb") as stream:
            own = ballots.first_election(stream).group
        secret = thresholds.decryption_key(own, _seed(options.key), options.dkey.read_text(encoding="utf-8").strip())
    else:
        raise ValueError("a secret is needed: --privkey FILE, or --key FILE and --dkey FILE.")
    with _running(options) as running:
        number, content = running.decrypt(secret)
        _write(options.out, content)
        print(f"trustee {number}")
    return 0


# --- casting and counting ----------------------------------------------------------------------------


def _cast(options: argparse.Namespace) -> int:
    with ballots.Running(options.archive, tell=Telling()) as running:
        if options.ballots:
            cast = [line for line in options.ballots.read_bytes().splitlines() if line]
        elif options.credential and options.choice:
            credential = options.credential.read_text(encoding="utf-8").split()[-1]
            secret = ballots.secret_of(running.election.group, running.election.uuid, credential)
            try:
                cast = [ballots.make_ballot(running.election, secret, json.loads(options.choice))]
            except (TypeError, json.JSONDecodeError):
                raise ValueError("--choice must be a list of lists of numbers, as [[1,0,1],[0,1]].") from None
        else:
            raise ValueError("--credential and --choice make a ballot; --ballots adds ballots that were made.")
        if options.out:
            _write(options.out, cast[0] + b"\n")
            return 0
        for raw in cast:
            print(running.cast(raw).tracker)
    return 0


def _close(options: argparse.Namespace) -> int:
    with _running(options) as running:
        running.close()
        print(f"{len(running.verifier.last):,} voters, {len(running.verifier.ballots):,} ballots")
    return 0


def _take_shuffle(options: argparse.Namespace) -> int:
    with _running(options) as running:
        running.take("Shuffle", options.number, options.file.read_bytes())
    return 0


def _end_shuffles(options: argparse.Namespace) -> int:
    with _running(options) as running:
        running.end_shuffles()
    return 0


def _take_decryption(options: argparse.Namespace) -> int:
    with _running(options) as running:
        running.take("PartialDecryption", options.number, options.file.read_bytes())
    return 0


def _result(options: argparse.Namespace) -> int:
    with _running(options) as running:
        print(printed({"result": running.finish()}))
    return 0


def _mend(options: argparse.Namespace) -> int:
    print(f"{options.archive}: {ballots.mend(options.archive):,} bytes cut off")
    return 0


def _open(options: argparse.Namespace) -> int:
    election, result = ballots.stated_result(options.archive)
    if options.question - 1 not in election.shuffled:
        raise ValueError(f"question {options.question} is not one that was shuffled.")
    projects = _projects(options.projects)
    opened = ballots.open_rows(result[options.question - 1], {one.number for one in projects})
    _write(options.out, anonymous(opened, projects, options.budget, election.uuid))
    print(f"{len(opened.picks):,} ballots, {len(opened.spoilt):,} spoilt. Verify the archive as well.")
    return 0


def _projects(path: Path) -> list[Project]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    try:
        projects = [Project(int(row["number"]), int(row["cost"]), row["name"]) for row in rows]
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"{path} must have the columns number, cost and name, with whole numbers.") from None
    if not projects or len({one.number for one in projects}) < len(projects):
        raise ValueError(f"{path} has no project, or two with one number.")
    return projects
