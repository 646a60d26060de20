"""Every mistake in a city folder is one sentence that names the file, the line and how to mend it."""

import pytest

from madang.site.city.documents import CityProblems
from madang.site.city.load import checked_city

RECIPE = "recipes/orchards.toml"
FORM = "forms/orchard@1.toml"

MISTAKES = {
    "unknown stage kind": (
        RECIPE,
        'kind = "vote"',
        'kind = "vot"',
        'line 30: the stage kind "vot" does not exist; did you mean "vote"?',
    ),
    "unknown setting": (
        RECIPE,
        "choose = { max = 2 }",
        "choose = { max = 2 }\nwinner = 3",
        'line 36: a "vote" stage has no setting "winner"; did you mean "winners"?',
    ),
    "unknown key of a recipe": (
        RECIPE,
        'line = "O-01"',
        'lime = "O-01"',
        'line 5: the key "lime" is unknown here; did you mean "line"?',
    ),
    "year that cannot be": (
        RECIPE,
        "years = [2031]",
        "years = [2031, 99999]",
        'line 7: "years" has 99999; write each year once, such as [2021, 2022]',
    ),
    "fact that is not a number": (
        RECIPE,
        "trees = 300",
        'trees = "many"',
        "line 10: \"trees\" must be a whole number, not 'many'",
    ),
    "facts of no year": (
        RECIPE,
        "[facts.2031]",
        "[facts.soon]",
        'line 1: "soon" is not a year; write the facts of a year under a heading such as [facts.2021]',
    ),
    "missing setting": (
        RECIPE,
        'form = "orchard@1"\n',
        "",
        'line 12: a "call" stage needs the setting "form"; add it',
    ),
    "setting of the wrong kind": (
        RECIPE,
        "ceiling_won = 60_000_000",
        'ceiling_won = "a lot"',
        'line 44: "ceiling_won" is \'a lot\', which a "allot" stage cannot read (Input should be a valid integer, '
        "unable to parse string as an integer); correct it",
    ),
    "ceiling below zero": (
        RECIPE,
        "ceiling_won = 60_000_000",
        "ceiling_won = -1",
        'line 44: "ceiling_won" is -1, but it must not be below zero; give a larger number',
    ),
    "number that must be above zero": (
        RECIPE,
        "choose = { max = 2 }",
        "choose = { max = 0 }",
        'line 35: "choose.max" is 0, but it must be above 0; give a larger number',
    ),
    "not one of the rules": (
        RECIPE,
        "ceiling_won = 60_000_000",
        'ceiling_won = 60_000_000\nrule = "magic"',
        'line 45: "rule" is "magic"; use "greedy", "greedy-no-skip", "greedy-per-cost", '
        '"equal-shares", "equal-shares-votes", "phragmen" or "welfare"',
    ),
    "settings that contradict each other": (
        RECIPE,
        "choose = { max = 2 }",
        "choose = { min = 3, max = 2 }",
        "line 35: choose.min is above choose.max; give a minimum that is not larger than the maximum",
    ),
    "wrong date": (
        RECIPE,
        'closes = "02-28"',
        'closes = "02-30"',
        'line 15: "closes" is "02-30", which is not a day of every year; write month and day such as "02-28"',
    ),
    "leap day": (
        RECIPE,
        'closes = "02-28"',
        'closes = "02-29"',
        'line 15: "closes" is "02-29", which is not a day of every year; write month and day such as "02-28"',
    ),
    "closes before it opens": (
        RECIPE,
        'closes = "02-28"',
        'closes = "01-28"',
        "line 15: the stage closes (01-28) before it opens (02-01); change one of the two days",
    ),
    "opens before the stage before": (
        RECIPE,
        'opens = "03-01"',
        'opens = "01-01"',
        "line 22: the stage opens (01-01) before an earlier stage does (02-01); change one of the two days",
    ),
    "missing form": (
        RECIPE,
        'form = "orchard@1"',
        'form = "orchard@2"',
        'line 16: the form "orchard@2" does not exist; did you mean "orchard@1"?',
    ),
    "missing body": (
        RECIPE,
        'bodies = "orchard_jury"',
        'bodies = "orchard_jurors"',
        'line 24: the body "orchard_jurors" does not exist; did you mean "orchard_jury"?',
    ),
    "missing set of bodies": (
        RECIPE,
        'bodies = "orchard_jury"',
        'bodies = "juries/*"',
        'line 24: the set of bodies "juries/*" does not exist; use one of: orchard_jury/*',
    ),
    "missing set of fields": (
        RECIPE,
        'matter = "proposal"',
        'matter = "proposal"\nfields = "fruits"',
        'line 18: the set of fields "fruits" does not exist; did you mean "fruit"?',
    ),
    "missing budget line": (
        RECIPE,
        'line = "O-01"',
        'line = "O-02"',
        'line 5: the budget line "O-02" does not exist; did you mean "O-01"?',
    ),
    "missing programme": (
        RECIPE,
        'programme = "O"',
        'programme = "P"',
        'line 3: the programme "P" does not exist; use one of: O',
    ),
    "missing department": (
        RECIPE,
        'department = "orchard_division"',
        'department = "orchard_office"',
        'line 4: the department "orchard_office" does not exist; did you mean "orchard_division"?',
    ),
    "rule that cannot be read": (
        RECIPE,
        'matter = "proposal"\nwho = ["lives_in:saedeul"]',
        'matter = "proposal"\nwho = ["live_in:saedeul"]',
        'line 18: the rule "live_in:saedeul" cannot be read; did you mean "lives_in"?',
    ),
    "rule about an area that is not there": (
        RECIPE,
        'matter = "proposal"\nwho = ["lives_in:saedeul"]',
        'matter = "proposal"\nwho = ["lives_in:saedul"]',
        'line 18: the area "saedul" does not exist; did you mean "saedeul"?',
    ),
    "rule about a course that is not there": (
        RECIPE,
        'matter = "proposal"\nwho = ["lives_in:saedeul"]',
        'matter = "proposal"\nwho = ["course_done:pruning"]',
        'line 18: the course "pruning" does not exist; add it to a "learn" stage or name another one',
    ),
    "nobody who files": (
        RECIPE,
        'matter = "proposal"',
        'matter = "proposal"\nfiled_by = "moderators"',
        'line 18: "moderators" cannot file anything; did you mean "moderator"?',
    ),
    "title in one language": (
        RECIPE,
        'title_en = "Village vote"\n',
        "",
        "line 31: a stage has a title in both languages or in none; write title_ko and title_en",
    ),
    "text in one language": (
        RECIPE,
        'title = { ko = "올해의 과수원", en = "Orchards of the year" }',
        'title = { ko = "올해의 과수원" }',
        'line 6: "title" must have a text in both languages: { ko = "…", en = "…" }',
    ),
    "not TOML": (
        RECIPE,
        'line = "O-01"',
        "line O-01",
        "line 5: this is not valid TOML (Expected '=' after a key in a key/value pair); mend the line",
    ),
    "form without a title": (
        FORM,
        "title = true\n",
        "",
        "line 1: 0 fields give the title; write title = true at exactly one field of type text",
    ),
    "field of an unknown type": (
        FORM,
        'type = "choice"',
        'type = "choise"',
        'line 13: "type" is "choise"; use one of: text, long_text, won, choice, area, field, file, consent, '
        "whole_number",
    ),
    "personal field without a purpose": (
        FORM,
        "keep_days = 90",
        "",
        'line 22: the personal field "phone" must say its purpose and keep_days, how long it is kept',
    ),
    "field twice": (
        FORM,
        'code = "phone"',
        'code = "fruit"',
        'line 22: the field "fruit" is there already (line 13); give it another code',
    ),
    "version and file name differ": (
        FORM,
        "version = 1",
        "version = 2",
        "line 1: the file of orchard@2 must be called forms/orchard@2.toml; rename it\n"
        'recipes/orchards.toml, line 16: the form "orchard@1" does not exist; did you mean "orchard@2"?',
    ),
    "missing parent": (
        "areas.csv",
        "saedeul/muran,district,saedeul",
        "saedeul/muran,district,saedel",
        'line 4: the parent "saedel" of the area "saedeul/muran" does not stand above it; put it before this row',
    ),
    "area twice": (
        "areas.csv",
        "saedeul/deulgil,",
        "saedeul,district,saedeul,,가,A\nsaedeul/deulgil,",
        'line 5: the area "saedeul" is there already (line 2); give it another code',
    ),
    "unknown level": (
        "areas.csv",
        "saedeul/muran,district",
        "saedeul/muran,town",
        'line 4: "level" is "town"; use one of: city, district, dong',
    ),
    "population of an area that is not there": (
        "population.csv",
        "saedeul/muran,f",
        "saedeul/murann,f",
        'line 4: the area "saedeul/murann" does not exist; did you mean "saedeul/muran"?',
    ),
    "not a number": (
        "population.csv",
        "260",
        "many",
        'line 4: "residents" must be a whole number, not "many"',
    ),
    "too few cells": (
        "duties.csv",
        "O-1,orchard_division,",
        "O-1,",
        "line 2: the row has 3 cells, but the heading has 4; mend the row",
    ),
    "wrong heading": (
        "duties.csv",
        "code,department,ko,en",
        "code,department,ko",
        "line 1: the heading must be code,department,ko,en; mend the first line",
    ),
    "wrong day": (
        "posts.csv",
        "2030-03-01",
        "2030-02-30",
        'line 3: "since" must be a day such as 2021-11-15, not "2030-02-30"',
    ),
    "more posts filled than authorised": (
        "posts.csv",
        "gardener,no,4,3",
        "gardener,no,4,5",
        "line 2: 5 posts are filled, but only 4 are authorised; correct one of them",
    ),
    "department of a budget line": (
        "lines.csv",
        "O-01,orchard_division",
        "O-01,orchard_devision",
        'line 2: the department "orchard_devision" does not exist; did you mean "orchard_division"?',
    ),
    "parts above their line": (
        "parts.csv",
        "30000000",
        "90000001",
        'line 2: the parts of "O-01" are above its appropriation; correct the amounts',
    ),
    "revenue that does not add up": (
        "revenue.csv",
        "5000000,5500000",
        "5000001,5500000",
        'line 2: "budget_prior_won" is 7000000, but its parts make 7000001; correct the amounts',
    ),
    "strategy that is not there": (
        "programmes.toml",
        "strategy = 1",
        "strategy = 2",
        'line 5: the strategy "2" does not exist; use one of: 1',
    ),
    "bodies of fields": (
        "fields.toml",
        'bodies = "orchard_jury"',
        'bodies = "orchard_judges"',
        'line 1: the body "orchard_judges" does not exist; did you mean "orchard_jury"?',
    ),
    "field without its body": (
        "fields.toml",
        'name = { ko = "과일", en = "Fruit" }\n',
        'name = { ko = "과일", en = "Fruit" }\n\n[[set.field]]\ncode = "pear"\nname = { ko = "배", en = "Pear" }\n',
        'line 6: the body "orchard_jury/pear" does not exist; did you mean "orchard_jury"?',
    ),
    "bureau that is not there": (
        "city.toml",
        'bureau = "village_office"',
        'bureau = "village"',
        'line 1: the bureau "village" does not exist; did you mean "village_office"?',
    ),
    "time zone that is not there": (
        "city.toml",
        "Asia/Seoul",
        "Asia/Saedeul",
        'line 1: the time zone "Asia/Saedeul" does not exist; write one such as "Asia/Seoul"',
    ),
    "missing key": (
        "city.toml",
        'code = "saedeul"\n',
        "",
        'line 1: "code" is missing; add it as a text in quotation marks',
    ),
    "fact below zero": (
        RECIPE,
        "trees = 300",
        "trees = -300",
        'line 10: "trees" is -300, but it must not be below zero; give a larger number',
    ),
    "name that does not fit": (
        "areas.csv",
        "saedeul/muran,district,saedeul,,",
        "saedeul/muran,district,saedeul,," + "가" * 60,
        'line 4: "name_ko" has 63 characters, but at most 60 are kept; write it shorter',
    ),
    "second city": (
        "areas.csv",
        "saedeul/muran,district,saedeul,,",
        "harbour,city,,,항구시,Harbour\nsaedeul/muran,district,saedeul,,",
        'line 4: "harbour" is a second city ("saedeul" is the first); a folder describes one',
    ),
    "posts below zero": (
        "posts.csv",
        "gardener,no,4,3",
        "gardener,no,-4,-4",
        'line 2: "authorised" is -4, but it must not be below zero; give the number of posts\n'
        'posts.csv, line 2: "filled" is -4, but it must not be below zero; give the number of filled posts',
    ),
    "posts without end": (
        "posts.csv",
        "gardener,no,4,3",
        "gardener,no,40000000,3",
        'line 2: "authorised" is 40000000, but at most 10000 is possible; correct it',
    ),
    "level of revenue": (
        "revenue.csv",
        "1,0,1,",
        "1,0,2,",
        'line 3: "level" is 2, but the parent "0" has 0; add 1 to that',
    ),
    "revenue below zero": (
        "revenue.csv",
        "7000000,8000000",
        "7000000,-8000000",
        'line 2: "budget_current_won" is -8000000, but it must not be below zero; give the amount in whole won\n'
        'revenue.csv, line 2: "budget_current_won" is -8000000, but its parts make 8000000; correct the amounts',
    ),
    "year that is none": (
        "city.toml",
        "fiscal_year = 2031",
        "fiscal_year = 20310",
        'line 1: "fiscal_year" is 20310, which is no year; write one such as 2021',
    ),
    "number in quotation marks": (
        "city.toml",
        "fiscal_year = 2031",
        'fiscal_year = "2031"',
        "line 5: \"fiscal_year\" must be a whole number, not '2031'",
    ),
}


@pytest.mark.parametrize(("name", "old", "new", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_sentence(county, edit, name, old, new, sentence):
    edit(name, old, new)

    with pytest.raises(CityProblems) as raised:
        checked_city(county)
    assert str(raised.value) == f"{name}, {sentence}"


def test_the_county_itself_has_no_problem(county):
    assert checked_city(county).code == "saedeul"


def test_all_problems_are_told_together_in_the_order_of_files_and_lines(county, edit):
    edit("posts.csv", "gardener,no,4,3", "gardener,no,4,5")
    edit(RECIPE, 'kind = "vote"', 'kind = "vot"')
    edit(RECIPE, "ceiling_won = 60_000_000", "ceiling_won = -1")

    with pytest.raises(CityProblems) as raised:
        checked_city(county)
    assert [(problem.file, problem.line) for problem in raised.value.problems] == [
        ("posts.csv", 2),
        (RECIPE, 30),
        (RECIPE, 44),
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_files_saved_by_a_spreadsheet_are_read(county, ending):
    for name in ("areas.csv", "city.toml", RECIPE):
        text = (county / name).read_text(encoding="utf-8")
        (county / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", ending).encode())
    assert checked_city(county).areas[0].code == "saedeul"


def test_an_empty_file_is_one_problem_of_that_file(county):
    (county / "areas.csv").write_bytes(b"")
    (county / "fields.toml").write_bytes(b"")
    with pytest.raises(CityProblems) as raised:
        checked_city(county)
    assert str(raised.value) == (
        "areas.csv, line 1: the heading must be code,level,parent,legal_code,name_ko,name_en; mend the first line"
    )
    (county / "city.toml").write_bytes(b"")
    with pytest.raises(CityProblems) as raised:
        checked_city(county)
    assert [problem.text for problem in raised.value.problems if problem.file == "city.toml"] == [
        '"bureau" is missing; add it as a text in quotation marks',
        '"code" is missing; add it as a text in quotation marks',
        '"council" is missing; add it as a text in quotation marks',
        '"fiscal_year" is missing; add it as a whole number',
        '"name" is missing; add it as a pair such as { ko = "…", en = "…" }',
        '"zone" is missing; add it as a text in quotation marks',
    ]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("O 01", "write it with letters of English, digits, and - _ . / between them"),
        ("과수-1", "write it with letters of English, digits, and - _ . / between them"),
        ("O/01", 'write it without "/"'),
    ],
)
def test_a_code_that_no_address_can_hold_is_told(county, edit, code, text):
    edit("lines.csv", "O-01,", f"{code},")
    with pytest.raises(CityProblems) as raised:
        checked_city(county)
    assert f'lines.csv, line 2: "code" is "{code}"; {text}' in str(raised.value).splitlines()


def test_what_is_no_text_and_what_is_no_file_is_told(county):
    (county / "duties.csv").write_bytes(b"code,department,ko,en\nO-1,orchard_division,\0,x\n")
    (county / "recipes" / "folder.toml").mkdir()
    with pytest.raises(CityProblems) as raised:
        checked_city(county)
    assert str(raised.value).splitlines() == [
        "duties.csv, line 2: the line has a character that is no text; write it anew",
        "recipes/folder.toml, line 1: the file cannot be read (Is a directory); mend that",
    ]


def test_a_missing_file_is_told(county):
    (county / "revenue.csv").unlink()

    with pytest.raises(CityProblems) as raised:
        checked_city(county)
    assert str(raised.value) == "revenue.csv, line 1: the file is missing; add it"


def test_a_file_that_is_not_utf_8_is_told(county):
    (county / "duties.csv").write_bytes("code,department,ko,en\n가".encode("euc-kr"))

    with pytest.raises(CityProblems) as raised:
        checked_city(county)
    assert str(raised.value) == "duties.csv, line 1: the file is not written in UTF-8; save it in UTF-8"


def test_a_second_recipe_of_the_same_code_is_told(county):
    text = (county / RECIPE).read_text(encoding="utf-8")
    (county / "recipes" / "second.toml").write_text(text, encoding="utf-8")

    with pytest.raises(CityProblems) as raised:
        checked_city(county)
    assert str(raised.value) == (
        'recipes/second.toml, line 2: the recipe "O/orchards" is there already (recipes/orchards.toml, line 2); '
        "give it another code"
    )
