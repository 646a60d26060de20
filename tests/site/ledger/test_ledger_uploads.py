"""Files of rows: errors name row and column exactly; nothing is written before a second person confirms."""

import io
from datetime import date

import openpyxl
import pytest
from django.utils import translation
from ledger_world import AT, DAY, FINANCE, FINANCE_TOO, World, official

from madang.site.kit.actor import SYSTEM
from madang.site.kit.verdict import Refused
from madang.site.ledger import actions, queries
from madang.site.ledger.models import Collection, Entry, Line, Upload
from madang.site.ledger.queries import Amounts
from madang.site.ledger.uploads import check_file
from madang.site.people.models import Organisation

GOOD = """line,kind,amount_won,on,reference,obligation,payee,part
P-01,supplementary,-100000,2021-03-01,,,,
P-01,obligation,"400,000",2021-04-01,A-1,,합성 상회,
P-01,payment,250000,2021-05-01,A-2,A-1,합성 상회,
P-01,de_obligation,50000,2021-06-01,,A-1,,
P-02,obligation,1000,2021-06-02,,,,P-02.1
"""


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def errors(kind: str, text: str) -> list[str]:
    return check_file(kind=kind, content=text.encode(), today=DAY).errors


def test_a_good_file_is_written_whole_by_a_second_person(world: World):
    upload = actions.read_upload(by=FINANCE, at=AT, kind="entries", name="synthetic.csv", content=GOOD.encode())
    before = Entry.objects.count()
    with pytest.raises(Refused) as refusal:
        actions.post_upload(by=FINANCE, at=AT, upload=upload)
    assert str(refusal.value) == "You read this file in; somebody else of finance must confirm it."
    assert Entry.objects.count() == before
    assert actions.post_upload(by=FINANCE_TOO, at=AT, upload=upload) == 5
    found = queries.balances(as_of=DAY)
    assert found[world.line.pk] == Amounts(900_000, 350_000, 250_000)
    assert queries.by_part(as_of=DAY, parts=[world.part])[world.part.pk] == Amounts(200_000, 1_000, 0)
    paid = Entry.objects.get(reference="A-2")
    assert (paid.requested_by, paid.approved_by) == (FINANCE.pseudonym, [FINANCE_TOO.pseudonym])
    for again in (upload, Upload.objects.get(pk=upload.pk)):
        with pytest.raises(Refused):
            actions.post_upload(by=FINANCE_TOO, at=AT, upload=again)
    with pytest.raises(Refused) as twice:
        actions.read_upload(by=FINANCE, at=AT, kind="entries", name="other name.csv", content=GOOD.encode())
    assert str(twice.value) == "This very file has been written already."
    assert Entry.objects.count() == before + 5


def test_every_wrong_cell_is_named(world: World):
    text = (
        "line,kind,amount_won,on\n"
        "P-01,obligation,12.5,2021-04-01\n"
        ",obligation,5,2021-04-31\n"
        "\n"
        "P-01,obligation,5,2021-12-01\n"
    )
    assert errors("entries", text) == [
        "Row 2, column amount_won: 12.5 is not a whole number.",
        "Row 3, column line: there is no value.",
        "Row 3, column on: 2021-04-31 is not a day; write it as 2021-10-01.",
        "Row 5, column on: 2021-12-01 lies in the future.",
    ]


def test_rows_are_checked_against_the_money_there_will_be(world: World):
    text = (
        "line,kind,amount_won,on,reference,obligation,part\n"
        "P-01,obligation,900000,2021-04-01,A,,\n"
        "P-01,obligation,100001,2021-04-01,,,\n"
        "P-01,payment,900001,2021-04-02,,A,\n"
        "P-01,payment,5,2021-04-02,,B,\n"
        "P-02,payment,5,2021-04-02,,A,\n"
        "P-01,obligation,5,2021-04-02,A,,\n"
        "P-01,gift,5,2021-04-02,,,\n"
        "P-09,obligation,5,2021-04-02,,,\n"
        "P-01,obligation,5,2021-04-02,,,P-02.1\n"
        "P-01,obligation,-5,2021-04-02,,,\n"
        "P-01,obligation,5,2021-04-02,,A,\n"
    )
    kinds = "original, supplementary, carry_over, transfer, obligation, de_obligation, payment, refund"
    assert errors("entries", text) == [
        "Row 3, column amount_won: 100,001 won are too much; 1,000,000 won are appropriated, 900,000 obligated, "
        "0 spent by then.",
        "Row 4, column amount_won: 900,001 won are too much; 1,000,000 won are appropriated, 900,000 obligated, "
        "0 spent by then.",
        "Row 5, column obligation: there is no obligation B on the line P-01 before this row.",
        "Row 6, column obligation: there is no obligation A on the line P-02 before this row.",
        "Row 7, column reference: A is in the ledger or in this file already.",
        f"Row 8, column kind: gift is not known; use one of {kinds}.",
        "Row 9, column line: there is no line P-09 in 2021.",
        "Row 10, column part: the line P-01 has no part P-02.1.",
        "Row 11, column amount_won: give an amount above 0 for this kind.",
        "Row 12, column obligation: this kind of entry has no obligation.",
    ]
    with pytest.raises(Refused) as refusal:
        actions.read_upload(by=FINANCE, at=AT, kind="entries", name="x", content=text.encode())
    assert len(str(refusal.value).splitlines()) == 10
    assert Upload.objects.count() == 0


def test_a_file_that_no_longer_fits_writes_nothing(world: World):
    upload = actions.read_upload(by=FINANCE, at=AT, kind="entries", name="synthetic.csv", content=GOOD.encode())
    actions.appropriate(by=FINANCE, at=AT, line=world.line, amount_won=-700_000, kind="transfer", on=DAY)
    before = Entry.objects.count()
    with pytest.raises(Refused) as refusal:
        actions.post_upload(by=FINANCE_TOO, at=AT, upload=upload)
    assert str(refusal.value) == (
        "P-01 Parks: 400,000 won cannot be obligated. 0 of 200,000 won are obligated; 200,000 won are left."
    )
    assert (Entry.objects.count(), Upload.objects.get().state) == (before, "read")


def test_columns_must_be_known(world: World):
    assert errors("lines", "code,department,colour\nX,parks,red\n") == [
        "Row 1: the column fiscal_year is missing.",
        "Row 1: the column name_ko is missing.",
        "Row 1: the column colour is not known; columns are code, fiscal_year, department, name_ko, name_en, "
        "programme, seq.",
    ]
    assert errors("collections", "item,kind,amount_won,on\n") == ["The file has column names and no rows."]


def test_lines_and_collections_from_a_spreadsheet(world: World):
    actions.load_revenue(
        by=SYSTEM,
        at=AT,
        rows=[actions.NewItem("1", 2021, "수입"), actions.NewItem("1.1", 2021, "임대료", parent="1")],
    )
    book = openpyxl.Workbook()
    for row in (["item", "kind", "amount_won", "on"], ["1.1", "collected", 1234, date(2021, 3, 1)]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    sheet = actions.read_upload(by=FINANCE, at=AT, kind="collections", name="x.xlsx", content=stream.getvalue())
    actions.post_upload(by=FINANCE_TOO, at=AT, upload=sheet)
    assert list(Collection.objects.values_list("item__code", "amount_won", "on")) == [("1.1", 1234, date(2021, 3, 1))]
    text = "code,fiscal_year,department,name_ko,programme\nN-1,2022,parks,새 과목,1-1\n".encode("cp949")
    lines = actions.read_upload(by=FINANCE, at=AT, kind="lines", name="x.csv", content=text)
    actions.post_upload(by=FINANCE_TOO, at=AT, upload=lines)
    assert list(Line.objects.filter(fiscal_year=2022).values_list("name_ko", "programme__code")) == [("새 과목", "1-1")]
    wrong = "code,fiscal_year,department,name_ko,programme\nP-01,2021,sea,공원,7\nN-2,1,parks,가,\nN-2,1,parks,가,\n"
    assert errors("lines", wrong) == [
        "Row 2, column department: there is no department sea.",
        "Row 2, column programme: there is no programme 7.",
        "Row 2, column code: the line P-01 is there already.",
        "Row 3, column fiscal_year: 1 is not a year.",
        "Row 4, column fiscal_year: 1 is not a year.",
        "Row 4, column code: the line N-2 is there already.",
    ]
    assert errors("collections", "item,kind,amount_won,on\n1,gift,0,2021-03-01\n") == [
        "Row 2, column kind: gift is not known; use one of assessed, collected.",
        "Row 2, column amount_won: 0 won would book nothing.",
        "Row 2, column item: there is no item 1 in the revenue budget of 2021 that has none below it.",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty; put the column names into its first row."),
        (b"%PDF\x00\x01", "This is neither a CSV nor an XLSX file."),
        (b"\xff\xfe\xfd", "This is neither a CSV nor an XLSX file."),
        (b"PK\x03\x04 not a spreadsheet", "The spreadsheet cannot be read; save it as XLSX again."),
        (b"x" * (5 * 1024 * 1024 + 1), "The file has 5,242,881 bytes; at most 5,242,880 are read."),
        (b"a,a\n1,2\n", "The first row must hold each column name once; it does not: a."),
    ],
)
def test_other_content_is_refused(db, content: bytes, sentence: str):
    with pytest.raises(Refused) as refusal:
        check_file(kind="entries", content=content, today=DAY)
    assert str(refusal.value) == sentence


ONE = "line,kind,amount_won,on,note\nP-01,supplementary,{amount},{on},{note}\n"


def one(amount: str = "1", on: str = "2021-10-01", note: str = "") -> list[str]:
    """The errors of a file with one row."""
    return errors("entries", ONE.format(amount=amount, on=on, note=note))


def test_a_cell_that_would_be_dropped_is_an_error(world: World):
    wide = "Row 2: it has more cells than there are columns. Put amounts with commas into quotes."
    assert one(note="a,b") == [wide]
    assert one(amount="1,000", note="x")[0] == wide
    assert one(amount='"1,000"') == []


@pytest.mark.parametrize("day", ["20211001", "2021-W39-5", "2021.10.1", "1.10.2021", "2021-1-1"])
def test_a_day_is_written_in_one_way(world: World, day: str):
    assert one(on=day) == [f"Row 2, column on: {day} is not a day; write it as 2021-10-01."]


def test_formulas_are_not_computed_and_not_kept(world: World):
    assert one(note="=1+1") == ["Row 2, column note: this is a formula; write its value."]
    book = openpyxl.Workbook()
    for row in (["line", "kind", "amount_won", "on"], ["P-01", "supplementary", "=SUM(1,2)", DAY]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    assert check_file(kind="entries", content=stream.getvalue(), today=DAY).errors == [
        "Row 2, column amount_won: this is a formula; write its value."
    ]


@pytest.mark.parametrize("mark", [";", "\t"])
def test_semicolons_and_tabs_separate_too(world: World, mark: str):
    assert errors("entries", ONE.format(amount=1, on="2021-10-01", note="x").replace(",", mark)) == []


KOREAN = """예산과목,구분,금액(원),회계일,문서번호,원인행위 문서번호,지급 상대방,비고
P-01,추경,-100000,2021-03-01,,,,
P-01,원인행위,"400,000",2021-04-01,A-1,,합성 상회,계약
P-01,{kind},{amount},2021-05-01,,A-1,,
"""


def test_korean_headings_and_kinds_are_read_as_spreadsheets_of_the_office_have_them(world: World):
    good = KOREAN.format(kind="지출", amount=5)
    checked = check_file(kind="entries", content=good.encode("cp949"), today=DAY)
    assert (checked.errors, [row["kind"] for row in checked.rows]) == ([], ["supplementary", "obligation", "payment"])
    assert checked.rows[1]["payee"] == "합성 상회"
    with translation.override("ko"):
        assert errors("entries", KOREAN.format(kind="지출", amount="많음")) == [
            "4행 금액(원) 열: 많음은(는) 정수가 아닙니다."
        ]


def test_only_a_department_has_lines(world: World):
    Organisation.objects.create(code="council", kind="body", name_ko="의회", name_en="Council")
    text = "code,fiscal_year,department,name_ko\nX,2021,council,과목\nY,2021,bureau,과목\n"
    assert errors("lines", text) == ["Row 2, column department: there is no department council."]


def test_only_finance_reads_files(world: World):
    with pytest.raises(Refused) as refusal:
        actions.read_upload(by=official("o", "officer"), at=AT, kind="entries", name="x", content=GOOD.encode())
    assert str(refusal.value) == "Only finance may keep the budget."
