"""Documents: what each file says, word for word, and that somebody else's reader takes it.

All names and figures here are synthetic.
"""

import hashlib
import io
import re
import time
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pypdf
import pytest
from document_samples import AT, WHOLE, report, revenue
from hwpx.tools.package_validator import validate_package
from hwpx.tools.validator import validate_document

from madang.documents import csv, html, hwpx, pdf, text, xlsx
from madang.documents.blocks import (
    Cell,
    Column,
    Document,
    Heading,
    Language,
    Number,
    Paragraph,
    Row,
    Table,
)

# --- golden texts -------------------------------------------------------------------------------------------------


def test_plain_text() -> None:
    assert text.write(WHOLE) == (
        "제1회 정례회\n주요 업무 보고\n2021년 시험\n2021. 11.\n가상협력국\n\n"
        "차례\nⅠ. 일반 현황\n 1-1 시민회의\n\nⅠ. 일반 현황\n\n□ 예산현황\n\n"
        "○ 세입 총괄\n(단위 : 천원, %)\n구 분\t'21년 예산\t증 감\t\n\t\t증감액\t증감률\n"
        "합 계\t5,834,259\t△58,254\t△15.0%\n가상 수입 1\t1,000\t-\t=1+1\n※ 합성 자료\n\n"
        "1-1 시민회의\n\n목적\n市와 區가 함께 <숙의>하는 「공론」\n\n"
        "○ 신청 3,201명 ⇒ 추첨\n  ▶ 세부 #let $x$ *별*\n○ 둘째\n\n끝 & 마침 😀\n\n"
        "모든 수치는 기록에서 계산되었습니다.\n자료 지문: sha256:0123\n"
    )


def test_html_table_and_figures() -> None:
    got = html.body_html(report(revenue(1)), link=lambda figure: f"/f/{figure}?a&b")
    assert got.split("\n")[1] == (
        '<div class="table"><table><caption>○ 세입 총괄 <span class="unit">(단위 : 천원, %)</span></caption>'
        '<colgroup><col class="share-18"><col class="share-9"><col class="share-9"><col class="share-4"></colgroup>'
        '<thead><tr class="head"><th scope="col" rowspan="2">구 분</th><th scope="col" rowspan="2">&#x27;21년 예산</th>'
        '<th scope="colgroup" colspan="2">증 감</th></tr>'
        '<tr class="head"><th scope="col">증감액</th><th scope="col">증감률</th></tr></thead>'
        '<tbody><tr class="total"><th scope="row" class="left">합 계</th>'
        '<td class="right"><a class="figure" href="/f/revenue.budget?a&amp;b">5,834,259</a></td>'
        '<td class="right"><a class="figure" href="/figures/revenue.change">△58,254</a></td>'
        '<td class="right"><span class="figure observed" title="합성 징수부">△15.0%</span></td></tr></tbody></table>'
        '<p class="footnote">※ 합성 자료</p></div>'
    )


def test_html_needs_no_inline_style_or_script() -> None:
    body = html.body_html(WHOLE)
    assert re.findall(r"<(?:script|style|link)|\sstyle=|\son\w+=", body) == []
    page = html.page_html(WHOLE)
    assert re.findall(r"<(?:script|link|img)|\sstyle=|\ssrc=|url\(|@import", page) == []
    assert page.count("<style>") == 1
    assert re.findall(r"<h(\d) ", body) == ["2", "3", "3"]
    assert "함께 &lt;숙의&gt;하는" in body
    assert body.count("<ul") == body.count("</ul>") == 2
    assert body.count("<li") == body.count("</li>") == 5


def test_csv() -> None:
    assert csv.write(revenue(2)) == (
        "구 분,'21년 예산,증 감 / 증감액,증 감 / 증감률\r\n합 계,5834259,-58254,-15.0\r\n가상 수입 1,1000,0,'=1+1\r\n"
    )
    assert csv.write_bytes(revenue(2))[:3] == b"\xef\xbb\xbf"
    spanned = Table("", (Column(), Column()), (), (Row((Cell("가", rowspan=2), Cell("-"))), Row((Cell("나"),))))
    assert csv.rows(spanned) == [["가", "-"], ["가", "나"]]


# --- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [pdf.write, xlsx.write, hwpx.write])
def test_equal_documents_give_equal_bytes(write) -> None:  # type: ignore[no-untyped-def]
    first = write(WHOLE)
    time.sleep(1.1)  # a clock in the file would show: zip and PDF times count in seconds
    assert write(WHOLE) == first
    assert write(replace(WHOLE, title="다른 보고")) != first


def test_xlsx_holds_numbers_merges_and_no_formulas() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write(WHOLE)))
    assert book.sheetnames == ["차례", "표 1", "문장 속 수치"]
    figures = [[cell.value for cell in row] for row in book["문장 속 수치"].iter_rows()]
    assert figures == [
        ["단원", "문장", "수치", "이름", "출처"],
        ["1-1 시민회의", "신청 3,201명 ⇒ 추첨", 3201, "assembly.applied", "기록에서 산출"],
    ]
    sheet = book["표 1"]
    assert [sheet["A1"].value, sheet["A2"].value, sheet["A7"].value] == [
        "○ 세입 총괄",
        "(단위 : 천원, %)",
        "※ 합성 자료",
    ]
    assert [cell.value for cell in sheet[5]] == ["합 계", 5834259, -58254, -15]
    assert [cell.number_format for cell in sheet[5]][1:] == [
        '#,##0;"△"#,##0',
        '#,##0;"△"#,##0',
        '#,##0.0"%";"△"#,##0.0"%"',
    ]
    assert (sheet["C6"].value, sheet["C6"].number_format) == (0, '#,##0;"△"#,##0;"-"')
    assert (sheet["D6"].value, sheet["D6"].data_type, sheet["D6"].quotePrefix) == ("=1+1", "s", True)
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A3:A4", "B3:B4", "C3:D3"]
    assert (book.properties.creator, book.properties.created) == ("가상협력국", datetime(2021, 11, 2, 1, 30))  # noqa: DTZ001


def test_xlsx_value_wins_over_words() -> None:
    assert xlsx.number_format(Number("5.8백만원", 5_800_000)) == '#,##0;"△"#,##0'
    assert xlsx.number_format(Number("2021", 2021)) == '0;"△"0'
    assert xlsx.number_format(Number("-12", -12)) == '#,##0;"-"#,##0'


def test_hwpx_passes_both_validators(tmp_path: Path) -> None:
    path = tmp_path / "report.hwpx"
    path.write_bytes(hwpx.write(WHOLE))
    assert validate_document(path).issues == ()
    assert [issue for issue in validate_package(path).issues if issue.level == "error"] == []
    with zipfile.ZipFile(path) as package:
        first = package.infolist()[0]
        description = package.read("Contents/content.hpf").decode()
        section = package.read("Contents/section0.xml").decode()
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert re.findall(r">([^<>]+)</opf:", description) == [
        "주요 업무 보고",
        "ko",
        "가상협력국",
        "2021년 시험",
        "가상협력국",
        "2021-11-02T01:30:00Z",
        "2021-11-02T01:30:00Z",
        "2021-11-02T01:30:00Z",
    ]
    assert re.findall(r"<hp:t>([^<]*)</hp:t>", section)[:8] == [
        "제1회 정례회",
        "주요 업무 보고",
        "2021년 시험",
        "2021. 11.",
        "가상협력국",
        "차례",
        "Ⅰ. 일반 현황",
        "1-1 시민회의",
    ]


def test_pdf_is_tagged_titled_and_complete() -> None:
    data = pdf.write(WHOLE)
    reader = pypdf.PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"]) is True
    assert (root["/Lang"], reader.metadata.title, reader.metadata.author) == ("ko", "주요 업무 보고", "가상협력국")
    assert reader.metadata.creation_date == AT
    assert b"pdfuaid:part" in data
    assert len(reader.pages) == 4
    assert {name for page in reader.pages for name in font_names(page)} == {
        "PretendardGOV-Regular",
        "PretendardGOV-Bold",
    }
    lines = [line.strip() for line in reader.pages[3].extract_text().splitlines() if line.strip()]
    words = " ".join(" ".join(lines).split())
    for expected in (
        "市와 區가 함께 <숙의>하는 「공론」",
        "세부 #let $x$ *별*",
        "끝 & 마침 [U+1F600]",
        "자료 지문: sha256:0123",
    ):
        assert words.count(expected) == 1, words


def font_names(page: pypdf.PageObject) -> list[str]:
    found = (font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values())
    return [name.split("+")[1].removesuffix("-Identity-H") for name in found]


def test_forty_tables_take_less_than_three_seconds() -> None:
    document = report(*(block for at in range(40) for block in (Heading(1, f"{at}장"), revenue(16))))
    start = time.process_time()
    data = pdf.write(document)
    assert time.process_time() - start < 3
    got = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    assert got.count("△58,254") == 40


def test_every_covered_character_compiles() -> None:
    """The list of printable characters fits the fonts: PDF/UA-1 refuses a character that no font has."""
    sample = sorted(pdf.covered())[::7]
    pdf.write(report(Paragraph(" ".join(sample)), Heading(1, " ".join(sample))))
    needed = "가힣뷁ㆍ△㎡〔〕⇒➡▶□○※①②③④市區洞"
    assert pdf.printable(needed) == needed


def test_vendored_fonts_are_the_published_ones() -> None:
    folder = Path(pdf.__file__).parent / "fonts"
    listed = dict(
        re.findall(r"^\| (\S+) \|.*`([0-9a-f]{64})`", (folder / "VENDOR.md").read_text("utf-8"), re.MULTILINE)
    )
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in listed} == listed
    assert sorted(listed) == ["OFL.txt", "PretendardGOV-Bold.otf", "PretendardGOV-Regular.otf"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_document_without_blocks_is_still_a_document(language: Language, tmp_path: Path) -> None:
    empty = Document(title="Nothing yet", created_at=AT, blocks=(), language=language)
    (tmp_path / "empty.hwpx").write_bytes(hwpx.write(empty))
    assert validate_document(tmp_path / "empty.hwpx").issues == ()
    assert pypdf.PdfReader(io.BytesIO(pdf.write(empty))).trailer["/Root"]["/Lang"] == language
    contents = {"ko": "차례", "en": "Contents"}[language]
    assert openpyxl.load_workbook(io.BytesIO(xlsx.write(empty))).sheetnames == [contents]
    assert html.body_html(empty) == f'<article class="document" lang="{language}">\n\n</article>\n'
