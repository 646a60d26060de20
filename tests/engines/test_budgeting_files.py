"""`.pb` files: byte-stable in and out, and every mistake a sentence with line and column. All files are synthetic."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from madang import budgeting
from madang.budgeting import FileFault, ballots, read, read_bytes, write, write_tables, written
from madang.cli.main import main

GOOD = '''META
key;value
description;made up
num_projects;2
num_votes;3
budget;100
vote_type;approval
rule;greedy
my own key;kept
PROJECTS
project_id;cost;votes;name;my_column
a;60.5;2;"One; with ""marks""";x
b;40;2;Two;y
VOTES
voter_id;vote;age
1;a,b;30
2;a;
3;b;40
'''


def election(text: str | bytes, **more: Any) -> budgeting.Election:
    content = text.encode() if isinstance(text, str) else text
    return ballots.election(read_bytes(content, **more))


def test_a_file_is_read_exactly_and_written_with_the_same_bytes(tmp_path: Path) -> None:
    sheet = read_bytes(GOOD.encode())
    found = ballots.election(sheet)
    assert (found.costs, found.budget, found.unit, found.votes) == ((121, 80), 200, 2, (2, 2))
    assert found.names == ('One; with "marks"', "Two")
    content = written(sheet)
    assert b"my own key;kept\n" in content and b";my_column\n" in content
    assert written(read_bytes(content)) == content
    for name in ("one.pb", "two.pb.gz", "three.pb.gz"):
        write(sheet, tmp_path / name)
        assert written(read(tmp_path / name)) == content
    assert (tmp_path / "two.pb.gz").read_bytes() == (tmp_path / "three.pb.gz").read_bytes()


def test_tables_as_csv_give_the_same_election(tmp_path: Path) -> None:
    sheet = read_bytes(GOOD.encode())
    write_tables(sheet, tmp_path)
    again = read(tmp_path)
    assert (again.meta, again.projects, again.votes) == (sheet.meta, sheet.projects, sheet.votes)


@pytest.mark.parametrize("change", ["bom", "crlf", "gz", "lower", "blank line"])
def test_other_forms_of_the_same_file_are_read(change: str) -> None:
    forms = {
        "bom": b"\xef\xbb\xbf" + GOOD.encode(),
        "crlf": GOOD.replace("\n", "\r\n").encode(),
        "gz": gzip.compress(GOOD.encode()),
        "lower": GOOD.replace("VOTES\n", "votes;;\n").replace("PROJECTS", "projects").encode(),
        "blank line": (GOOD + "\n").encode(),
    }
    assert election(forms[change]).votes == (2, 2)


BAD = [
    (GOOD[: GOOD.index("VOTES")], (14, 1), "the file has no section VOTES; it may have been cut off."),
    (GOOD[: GOOD.index("PROJECTS")] + "VOTES\nvoter_id;vote\n", (10, 1), "there is no section PROJECTS before VOTES."),
    (GOOD.replace("META", "METER"), (1, 1), "the file does not begin with the section META."),
    (GOOD.replace("budget;100\n", ""), (8, 1), "META has no budget"),
    (GOOD.replace("budget;100", "budget;-5"), (6, 8), "the budget is -5; it cannot be negative."),
    (GOOD.replace("budget;100", "budget;much"), (6, 8), "the budget is 'much', which is not a number."),
    (GOOD.replace("b;40;", "b;-40;"), (13, 3), "the cost of project b is -40; it must be above 0."),
    (GOOD.replace("b;40;", "b;0;"), (13, 3), "the cost of project b is 0; it must be above 0."),
    (GOOD.replace("b;40;", "b;1e9;"), (13, 3), "the cost of project b is '1e9', which is not a number."),
    (GOOD.replace("b;40;", "a;40;"), (13, 1), "the project 'a' stands on line 12 already."),
    (GOOD.replace("b;40;2;Two;y", "b;40"), (13, 5), "this project has 2 fields, the header names 5."),
    (GOOD.replace("num_votes;3", "num_votes;4"), (5, 11), "META says num_votes 4, but the file holds 3 ballots"),
    (GOOD.replace("num_projects;2", "num_projects;3"), (4, 14), "META says num_projects 3, but the file holds 2"),
    (GOOD.replace("1;a,b;30", "1;a,zzz;30"), (16, 5), "there is no project 'zzz' in PROJECTS"),
    (GOOD.replace("3;b;40\n", "3;b"), (18, 4), "this ballot has 2 fields, the header names 3"),
    (GOOD.replace("1;a,b;30", "1;a,b;30;more"), (16, 10), "this ballot has 4 fields, the header names 3"),
    (GOOD.replace("1;a,b", "1;" + "a," * 600_000 + "b"), (16, 1_000_001), "the line is 1,200,006 characters long"),
    (GOOD.replace("Two", "T" * 10_000_000), (13, 1_000_001), "the line is 10,000,009 characters long"),
    (GOOD.replace("voter_id;vote;age", "voter;vote;age"), (15, 1), "VOTES has no column voter_id."),
    (GOOD.replace("project_id;", "project;"), (11, 1), "PROJECTS has no column project_id."),
    (GOOD.replace("Two", "둘").encode("cp949"), (13, 8), "the file is not UTF-8; it was read as CP949"),
    (GOOD.encode().replace(b"Two", b"\xff\xff\xff"), (13, 8), "the file is not text in UTF-8."),
    (gzip.compress(GOOD.encode(), mtime=0)[:-30], None, "the compressed file ends here in the middle"),
    (b"\x1f\x8bnonsense", (1, 1), "the compressed file is damaged"),
    (b"", (1, 1), "the file has no section VOTES"),
]


@pytest.mark.parametrize("number", range(len(BAD)))
def test_each_mistake_is_told_with_its_place(number: int) -> None:
    text, place, sentence = BAD[number]
    with pytest.raises(FileFault) as told:
        election(text)  # type: ignore[arg-type]
    assert told.value.sentence.startswith(sentence)
    if place is not None:
        assert (told.value.line, told.value.column) == place


@pytest.mark.parametrize(
    ("text", "votes", "place"),
    [
        (GOOD.replace("num_votes;3", "num_votes;4"), (2, 2), (5, 11)),
        (GOOD.replace("1;a,b;30", "1;a,zzz;30"), (2, 1), (16, 5)),
        (GOOD.replace("3;b;40\n", "3;b"), (2, 2), (18, 4)),
        (GOOD.replace("1;a,b;30", "1;a,a,b;30"), (2, 2), (16, 5)),
        (GOOD.replace("1;a,b;30", "1;a, b;30"), (2, 2), (16, 5)),
        (GOOD.replace("60.5", "60,5"), (2, 2), (12, 3)),
        (GOOD.replace("Two", "둘").encode("cp949"), (2, 2), (13, 8)),
    ],
)
def test_a_lenient_reader_tells_every_repair(text: str | bytes, votes: Any, place: tuple[int, int]) -> None:
    sheet = read_bytes(text if isinstance(text, bytes) else text.encode(), lenient=True)
    assert ballots.election(sheet).votes == votes
    assert [(repair.line, repair.column) for repair in sheet.repairs] == [place]


def test_fast_and_careful_reading_give_the_same_ballots() -> None:
    """Blocks of regular rows are read by arrays of bytes; the same rows with a quoted cell are read one by one."""
    chance = random.Random(3)  # noqa: S311
    ids = ["a", "ab", "abc", "10", "1", "x/y-z", "12345678"]
    for trial in range(60):
        rows = [
            f"{number};{','.join(chance.sample(ids, chance.randint(1, 5)))};{chance.choice(['', 'q,r', 'F'])}"
            for number in range(chance.randint(1, 30))
        ]
        if trial % 3 == 0:
            rows[0] = "0;;F"
        head = f"META\nkey;value\nnum_projects;7\nnum_votes;{len(rows)}\nbudget;9\nvote_type;approval\n"
        head += "PROJECTS\nproject_id;cost\n" + "".join(f"{name};5\n" for name in ids) + "VOTES\nvoter_id;vote;note\n"
        plain = election(head + "\n".join(rows) + "\n")
        quoted = election(head + "\n".join([*rows[:-1], rows[-1].rsplit(";", 1)[0] + ';"quoted"']) + "\n")
        assert (plain.starts == quoted.starts).all() and (plain.picks == quoted.picks).all()


# ------------------------------------------------------------------ districts
def test_each_district_is_counted_by_itself_and_what_is_left_goes_on(tmp_path: Path) -> None:
    rows = ["a;10;north", "b;10;north", "c;15;south", "d;9;south"]
    text = "META\nkey;value\nnum_projects;4\nnum_votes;4\nbudget;30\nvote_type;cumulative\nPROJECTS\n"
    text += "project_id;cost;district\n" + "\n".join(rows) + "\nVOTES\nvoter_id;vote;points\n"
    text += "1;a,c;1,2\n2;a;3\n3;c,d;1,1\n4;b,d,c;1,1,1\n"
    sheet = read_bytes(text.encode())
    for pass_on, south in ((False, ["d"]), (True, ["c"])):
        found = budgeting.count_districts(sheet, budgeting.Rule(), {"north": "15", "south": "12"}, pass_on=pass_on)
        assert [result["order"] for _, result in found] == [["a"], south]
        assert [result["voters"] for _, result in found] == [3, 3]
        for part, result in found:
            file = tmp_path / result["source"]["name"]
            write(part, file)
            assert budgeting.verify(result, read(file)).faults == ()
    assert budgeting.part_of(sheet, "south", "1").votes == b"1;c;2\n3;c,d;1,1\n4;d,c;1,1\n"
    with pytest.raises(ValueError, match="no project is of the district 'east'"):
        budgeting.part_of(sheet, "east", "1")


# ------------------------------------------------------------------ the command
def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["budgeting", *arguments])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_the_command_counts_verifies_explains_and_compares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, result = tmp_path / "good.pb", tmp_path / "result.json"
    file.write_text(GOOD)
    status, out, _ = ran(capsys, "count", str(file), "--rule", "mes", "--completion", "utilitarian", "--json")
    found = json.loads(out)
    assert (status, found["order"], found["committee"], found["total_cost"]) == (0, ["a"], ["a"], "60.5")
    result.write_text(out)
    assert ran(capsys, "verify", str(result))[:2] == (0, f"{result}: verified (3 voters, 2 projects, 1 winners)\n")
    status, out, _ = ran(capsys, "explain", str(result), "--project", "b", "--language", "en")
    assert (status, out.startswith("b: Not funded. It was equal to project a,")) == (0, True)
    assert ran(capsys, "explain", str(result), "--voter", "2", "--language", "en") == (
        0, "Your share was KRW 33.33. You paid KRW 30.25 for a; KRW 3.08 is left.\n", "",
    )  # fmt: skip
    status, out, _ = ran(capsys, "compare", str(file), "--rule", "mes")
    assert (status, out.splitlines()[1].split()) == (0, ["projects", *["1"] * 9])
    result.write_text(result.read_text().replace('"order": [\n    "a"', '"order": [\n    "b"'))
    assert ran(capsys, "verify", str(result))[0] == 1


def test_the_command_knows_caps_and_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "good.pb"
    file.write_text(GOOD)
    free = json.loads(ran(capsys, "count", str(file), "--json")[1])
    grouped = json.loads(ran(capsys, "count", str(file), "--group", "a, b", "--json")[1])
    assert (free["rule"]["groups"], grouped["rule"]["groups"]) == ([], [["a", "b"]])
    capped = json.loads(ran(capsys, "count", str(file), "--cap", "district:north=7", "--json")[1])
    assert capped["rule"]["caps"] == {"district:north": 7}
    assert len({free["rule_sha256"], grouped["rule_sha256"], capped["rule_sha256"]}) == 3
    for wrong in ("north=7", "category:sports", "category:sports=-1", "="):
        assert ran(capsys, "count", str(file), "--cap", wrong)[0] == 2


def test_the_command_refuses_with_1_and_tells_wrong_use_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.pb"
    file.write_text(GOOD.replace("b;40;", "b;-40;"))
    sentence = f"{file}: line 13, column 3: the cost of project b is -40; it must be above 0.\n"
    assert ran(capsys, "count", str(file)) == (1, "", sentence)
    assert ran(capsys, "count", str(tmp_path / "none.pb"))[0] == 2
    file.write_text(GOOD)
    assert ran(capsys, "count", str(file), "--ties", "whim")[0] == 2
    assert ran(capsys, "count", str(file), "--rule", "mes", "--utility", "points")[0] == 1
    with pytest.raises(SystemExit) as stopped:
        main(["budgeting", "count", str(file), "--rule", "whim"])
    assert stopped.value.code == 2


def test_what_is_no_result_is_not_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.pb"
    file.write_text(GOOD)
    told = (
        f"{file}: NOT verified: this is not a result of a count: it is no JSON. Make one with: madang budgeting count\n"
    )
    assert ran(capsys, "verify", str(file)) == (1, "", told)


def test_who_may_have_a_file_mended_is_told_how(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "old.pb"
    file.write_bytes(GOOD.replace("my_column", "가나").encode("cp949"))
    status, out, told = ran(capsys, "count", str(file))
    assert (status, out, told.splitlines()[1:]) == (
        1,
        "",
        ["Nothing was counted. With --lenient this is mended, and every repair is told."],
    )
    assert ran(capsys, "count", str(file), "--lenient")[0] == 0


def test_replay_names_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marked = GOOD.replace("my_column", "selected")
    (tmp_path / "ok.pb").write_text(marked.replace(";x\n", ";1\n").replace(";y\n", ";0\n"))
    (tmp_path / "other.pb").write_text(marked.replace(";x\n", ";0\n").replace(";y\n", ";1\n"))
    status, out, _ = ran(capsys, "replay", str(tmp_path))
    assert status == 1
    assert out == "other.pb (greedy): the city funded b, the rule a.\n1 outcomes the same, 1 not\n"
