"""Files of quotas and people, the command, and what it says about bad input."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from sortition_instances import DATA, expected, folder

from madang import sortition
from madang.cli.main import main

QUOTAS = "category,feature,min,max\nsex,F,1,2\nsex,M,1,2\n"
PEOPLE = "id,sex,name\na,F,Kim\nb,M,Lee\nc,F,Park\nd,M,Choi\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A sound pair of files; people and names are synthetic."""
    categories, respondents = tmp_path / "categories.csv", tmp_path / "respondents.csv"
    categories.write_text(QUOTAS, encoding="utf-8")
    respondents.write_text(PEOPLE, encoding="utf-8")
    return categories, respondents


def read(files: tuple[Path, Path]) -> tuple[list[sortition.Quota], list[sortition.Person]]:
    quotas = sortition.read_quotas(files[0])
    return quotas, sortition.read_people(files[1], quotas)


SOUND = [sortition.Quota("sex", "F", 1, 2), sortition.Quota("sex", "M", 1, 2)]


@pytest.mark.parametrize("header", ["category,feature,min,max", "Category, Name ,MIN,max", "feature,value,min,max"])
def test_the_headers_of_all_common_tools_are_read(header: str, files: tuple[Path, Path]) -> None:
    files[0].write_text(QUOTAS.replace("category,feature,min,max", header), encoding="utf-8-sig")
    files[1].write_text(PEOPLE.replace("F,", "f ,").replace("id,sex", "nationbuilder_id,SEX"), encoding="utf-8")
    quotas, people = read(files)
    assert quotas == SOUND
    assert [(person.id, person.values) for person in people][:2] == [("a", {"sex": "F"}), ("b", {"sex": "M"})]


def test_flex_columns_limit_a_relaxation() -> None:
    found = sortition.read_quotas(DATA / "sortition_foundation_fixture_22" / "features.csv")
    assert (found[0].low_flex, found[0].high_flex) == (0, 12)


def test_cp949_and_semicolons_and_spreadsheets_say_the_same(files: tuple[Path, Path], tmp_path: Path) -> None:
    korean = "번호;성별\n가;여성\n나;남성\n"
    files[0].write_text("category,feature,min,max\n성별,여성,1,1\n성별,남성,1,1\n", encoding="cp949")
    files[1].write_bytes(korean.replace("번호", "id").encode("cp949"))
    _quotas, people = read(files)
    book = xlsxwriter.Workbook(tmp_path / "people.xlsx")
    sheet = book.add_worksheet()
    for place, row in enumerate([("id", "성별"), ("가", "여성"), ("나", "남성")]):
        sheet.write_row(place, 0, row)
    book.close()
    assert people == read((files[0], tmp_path / "people.xlsx"))[1]
    assert [person.values for person in people] == [{"성별": "여성"}, {"성별": "남성"}]


def test_crossed_features_are_made_of_two_columns(files: tuple[Path, Path]) -> None:
    files[0].write_text("category,feature,min,max\nsex*age,F*20,1,1\nsex*age,M*60,1,1\n", encoding="utf-8")
    files[1].write_text("id,sex,age\na,F,20\nb,M,60\nc,M,60\n", encoding="utf-8")
    quotas, people = read(files)
    types = sortition.types_of(people, quotas, 2)
    assert sorted(types.labels) == [("sex×age=F×20",), ("sex×age=M×60",)]


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("no people", {"people": "id,sex\n"}, "respondents.csv: the pool is empty; there is no person below the header."),
    ("nothing", {"people": ""}, "respondents.csv is empty; the first row must name the columns."),
    ("unknown value", {"people": PEOPLE + "e,X,Jung\n"}, "respondents.csv, row 6, column sex: 'X' has no quota; "),
    ("no value", {"people": PEOPLE + "e,,Jung\n"}, "respondents.csv, row 6, column sex: the value is empty."),
    ("twice", {"people": PEOPLE + "a,F,Jung\n"}, "respondents.csv, row 6: the person a stands in row 2 already."),
    ("no id", {"people": PEOPLE + ",F,Jung\n"}, "respondents.csv, row 6, column id: the id is empty."),
    ("no column", {"people": "id,gender\na,F\n"}, "respondents.csv, row 1: the column sex is not in the header"),
    ("too wide", {"people": PEOPLE + "e,F,Jung,7\n"}, "respondents.csv, row 6 has 4 cells; the header has 3."),
    ("no header", {"quotas": "sex,F,1,2\n"}, "categories.csv, row 1: the header must be category,feature,min,max"),
    ("no quota", {"quotas": "category,feature,min,max\n"}, "categories.csv holds no quota below its header."),
    ("not a number", {"quotas": QUOTAS + "sex,X,one,2\n"}, "categories.csv, row 4, column min: 'one' is not a whole"),
    (
        "upside down",
        {"quotas": QUOTAS + "sex,X,3,2\n"},
        "categories.csv, row 4: min 3 is greater than max 2 for sex=X.",
    ),
    ("quota twice", {"quotas": QUOTAS + "sex,F,1,2\n"}, "categories.csv, row 4: the quota sex=F is given twice; "),
    ("empty bound", {"quotas": QUOTAS + "sex,X,,2\n"}, "categories.csv, row 4: min is empty."),
    ("too many seats", {"seats": "5"}, "5 seats cannot be drawn from a pool of 4 people."),
    ("no seats", {"seats": "0"}, "0 seats cannot be drawn; give a whole number from 1 up."),
    ("impossible", {"quotas": QUOTAS.replace("F,1,2", "F,4,4")}, "No panel meets all quotas"),
    ("no seed", {"seed": " "}, "The seed is empty; give the public text that nobody knew when the pool was frozen."),
    ("no lottery", {"lottery": "0"}, "A lottery of 0 panels cannot be made; give a whole number from 1 up."),
]


@pytest.mark.parametrize(("name", "wrong", "sentence"), BAD, ids=[name for name, _wrong, _sentence in BAD])
def test_bad_input_is_answered_with_a_sentence_and_nothing_is_written(
    name: str, wrong: dict[str, Any], sentence: str, files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    categories, respondents = files
    categories.write_text(wrong.get("quotas", QUOTAS), encoding="utf-8")
    respondents.write_text(wrong.get("people", PEOPLE), encoding="utf-8")
    record = categories.parent / "record.json"
    arguments = ["sortition", "draw", str(categories), str(respondents), "--seats", wrong.get("seats", "2")]
    arguments += ["--seed", wrong.get("seed", "synthetic"), "--lottery", wrong.get("lottery", "10")]
    assert main([*arguments, "--record", str(record)]) == 1
    said = capsys.readouterr()
    assert (said.err[: len(sentence)], said.out) == (sentence, "")
    assert sorted(file.name for file in categories.parent.iterdir()) == ["categories.csv", "respondents.csv"]


def test_mixed_encodings_are_told_by_their_rows(files: tuple[Path, Path]) -> None:
    mixed = b"id,sex\n" + "가,F\n".encode() + "나,M\n".encode("cp949")
    for content, sentence in (
        (mixed, "respondents.csv mixes encodings: row 2 is UTF-8, row 3 is CP949; save it as UTF-8."),
        (b"id,sex\n\xff\xff,F\n", "respondents.csv, row 2 is neither UTF-8 nor CP949; save the file anew."),
    ):
        files[1].write_bytes(content)
        with pytest.raises(sortition.Refusal) as refused:
            read(files)
        assert str(refused.value) == sentence


def test_a_list_longer_than_a_million_is_refused(files: tuple[Path, Path]) -> None:
    files[1].write_bytes(b"id,sex\n" + b"".join(b"%d,F\n" % number for number in range(1_000_001)))
    with pytest.raises(sortition.Refusal, match="is longer than 1,000,000 people"):
        read(files)


def run(*arguments: object) -> int:
    return main(["sortition", *map(str, arguments)])


def test_the_command_from_files_to_the_verified_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = folder("small_b_20", tmp_path)
    capsys.readouterr()
    pool = (where / "categories.csv", where / "respondents.csv", "--seats", 20)
    assert run("probabilities", *pool, "--json") == 0
    stated = json.loads(capsys.readouterr().out)
    assert [(Fraction(chance), people) for chance, people in stated["levels"]] == expected()["small_b_20"]
    assert (stated["exact"], stated["gap"]) == (True, 0)
    assert run("check", *pool, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"feasible": True, "relaxation": []}
    record = tmp_path / "record.json"
    assert run("draw", *pool, "--seed", "6 12 19", "--lottery", 100, "--record", record, "--salt", "s") == 0
    assert run("verify", record) == 0
    drawn = json.loads(record.read_bytes())["draw"]["panel"]
    capsys.readouterr()
    assert run("explain", drawn[0], "--record", record, "--json") == 0
    assert json.loads(capsys.readouterr().out)["on_panel"] is True
    assert run("explain", "p000", "--record", record, "--salt", "s", "--json") == 0
    assert json.loads(capsys.readouterr().out)["pseudonym"] == sortition.pseudonym("p000", "s")
    assert run("explain", "p000", "--record", record) == 1
    assert run("replace", record, drawn[0]) == 0
    assert run("verify", record) == 0
    assert run("replace", record, drawn[0]) == 1


def test_the_command_names_the_smallest_relaxation(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files[0].write_text(QUOTAS.replace("F,1,2", "F,3,3"), encoding="utf-8")
    assert run("check", *files, "--seats", 4, "--json") == 1
    change = {"quota": "sex=F", "min": 3, "max": 3, "new_min": 2, "new_max": 3}
    assert json.loads(capsys.readouterr().out) == {"feasible": False, "relaxation": [change]}
    assert run("probabilities", *files, "--seats", 4) == 1
    assert "- sex=F: at least 2 instead of 3" in capsys.readouterr().err.splitlines()


def test_wrong_use_is_2_and_what_is_no_record_is_1(files: tuple[Path, Path], tmp_path: Path) -> None:
    assert run("verify", tmp_path / "missing.json") == 2
    with pytest.raises(SystemExit) as left:
        run("probabilities", *files)
    assert left.value.code == 2
    for text in ("", "{", "[]", '{"format": "madang-sortition/1"}', "7", "\x00"):
        (tmp_path / "bad.json").write_text(text)
        assert run("verify", tmp_path / "bad.json") == 1
        assert run("explain", "p", "--record", tmp_path / "bad.json") == 1
