"""Composed reports, comparison with a printed one, contradictions, and reports that were handed in."""

import hashlib
from pathlib import Path

import pytest
from reports_world import AT, AUDITOR, DAY, LINES, OFFICER, SECTION, World, obligate, write_city

from madang.documents.blocks import Table, plain
from madang.documents.text import write as text_of
from madang.site.city.documents import CityProblems
from madang.site.kit.verdict import Refused
from madang.site.ledger.models import Entry, Line, Part
from madang.site.reports import actions, layout, queries
from madang.site.reports.compare import compare
from madang.site.reports.models import FrozenReport
from madang.site.reports.writing import FORMATS, written


def test_the_report_prints_texts_tables_and_its_own_share(world: World) -> None:
    page = queries.report("yearly", as_of=DAY, at=AT)
    korean, english = page.compose("ko"), page.compose("en")
    assert korean.texts == {7: "협의회 방문자 1,234명, 지원금 2.5백만원"}
    assert english.texts == {7: "council: 1,234 visitors, 2.5 million won"}
    staff, lines, execution = (block for block in korean.document.blocks if isinstance(block, Table))
    assert staff.matrix()[2:] == [["합계", "3", "2", "△1", "2", "2"], ["공원과", "3", "2", "△1", "2", "2"]]
    assert lines.matrix()[2:] == [
        ["합계", "1,500", "333", "-", "22.2", "-"],
        ["공원과", "1,500", "333", "-", "22.2", "-"],
        ["공원", "1,000", "333", "-", "33.3", "-"],
        ["학교", "500", "-", "-", "-", "-"],
    ]
    assert execution.matrix()[2:] == [
        ["공원", "1,000", "333", "-", "33.3", "-", "-", "-"],
        ["학교 (합성 학교)", "200", "-", "-", "-", "-", "-", "-"],
    ]
    counted = korean.share(page.values)
    assert plain(korean.document.blocks[-1].inlines) == f"{counted.total}개 가운데 {counted.derived}개(94.9%)"
    assert (counted.derived, counted.total) == (37, 39)


def test_a_report_that_names_nothing_known_is_refused(world: World) -> None:
    with pytest.raises(Refused, match=r'There is no report "weekly"; this city knows: yearly.'):
        queries.report("weekly", as_of=DAY, at=AT)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('kind = "share"', 'kind = "shares"', '"shares" is not a kind of block; did you mean "share"?'),
        ('table = "staff"', 'table = "staf"', '"staf" is not a table of reports; did you mean "staff"?'),
        ("{grant|million}", "{grant|milion}", '"milion" is not a way to print a figure; did you mean "million"?'),
    ],
)
def test_a_mistake_in_the_layout_is_one_sentence(city: object, tmp_path: object, old: str, new: str, sentence: str):
    write_city(tmp_path, **{"report/yearly/one.toml": SECTION.replace(old, new)})  # type: ignore[arg-type]
    with pytest.raises(CityProblems) as problems:
        layout.read.__wrapped__(tmp_path, "yearly")
    assert [problem.text for problem in problems.value.problems] == [sentence]


def test_comparison_finds_exactly_the_known_difference(world: World) -> None:
    result = compare(world.folder, "yearly", as_of=DAY, at=AT)
    assert [row.code for row in result.found] == ["X001"]
    assert (result.missing, result.unexpected, result.ok) == ((), (), True)


def test_one_more_entry_is_an_unexpected_difference_with_its_place(world: World) -> None:
    obligate(world.line, 1_000)
    result = compare(world.folder, "yearly", as_of=DAY, at=AT)
    assert [str(difference) for difference in result.unexpected] == [
        "printed/lines.csv, line 3 (report line 20): lines/obligated:P-01: printed 333, regenerated 334",
        "report/printed_relations.toml: lines/obligation-rate:P-01: what is printed contradicts itself: 33.3 = 33.4",
    ]
    assert [row.code for row in result.missing] == ["X001"]


@pytest.mark.parametrize(
    ("name", "old", "new", "missing", "unexpected"),
    [
        ("printed/lines.csv", "33.4", "33.3", ["X001"], []),
        ("printed/lines.csv", "P-01,1000,", "P-01,1001,", [], ["lines/appropriation:P-01"]),
        ("printed/text.csv", "1234", "1243", [], ["text/visitors"]),
        ("printed/texts.csv", "지원금", "지원 금", [], ["texts/7"]),
        ("printed/names.csv", "합성사업", "합성 사례", [], ["names/section/programme:1-1", "one-name:programme:1-1"]),
    ],
)
def test_one_changed_cell_of_the_printed_report_is_found(
    world: World, name: str, old: str, new: str, missing: list[str], unexpected: list[str]
) -> None:
    path = world.folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    result = compare(world.folder, "yearly", as_of=DAY, at=AT)
    assert [row.code for row in result.missing] == missing
    assert [difference.code for difference in result.unexpected] == unexpected


def test_a_printed_cell_that_is_no_number_is_one_sentence(world: World) -> None:
    (world.folder / "printed/lines.csv").write_text(LINES.replace("33.4", "33,4x"), encoding="utf-8")
    with pytest.raises(CityProblems, match=r"printed/lines.csv, line 5: "):
        compare(world.folder, "yearly", as_of=DAY, at=AT)


def test_a_part_that_leaves_a_rest_in_disorder_is_a_contradiction(world: World) -> None:
    assert queries.contradictions(as_of=DAY, at=AT).contradictions == []
    part = Part.objects.get()
    booked = {"line": world.parted, "amount_won": 5_000, "on": DAY, "at": AT}
    obligation = Entry.objects.create(kind="obligation", part=part, requested_by="synthetic", **booked)
    Entry.objects.create(kind="payment", obligation=obligation, requested_by="synthetic", **booked)
    found = queries.contradictions(as_of=DAY, at=AT).contradictions
    assert [finding.relation.code for finding in found] == [f"rest-of-line/spent:{part.code}"]


def fingerprints(frozen: FrozenReport) -> dict[str, str]:
    """The SHA-256 of a frozen report in every format."""
    document = queries.frozen_document(frozen, "ko")
    return {form: hashlib.sha256(written(document, form)).hexdigest() for form in FORMATS}


def test_a_frozen_report_is_the_same_after_later_entries(world: World) -> None:
    frozen = actions.freeze(by=OFFICER, at=AT, report="yearly", as_of=DAY, note="합성")
    before = {
        form: hashlib.sha256(written(queries.frozen_document(frozen, "ko"), form)).hexdigest() for form in FORMATS
    }
    live = text_of(queries.report("yearly", as_of=DAY, at=AT).compose("ko").document)
    obligate(world.line, 50_000)
    again = FrozenReport.objects.get()
    assert fingerprints(again) == before
    assert queries.intact(again)
    assert text_of(queries.frozen_document(again, "ko")) == f"{live.rstrip()}\n\n자료 지문: {again.sha256}\n"
    assert text_of(queries.report("yearly", as_of=DAY, at=AT).compose("ko").document) != live


def test_a_changed_frozen_report_is_not_intact(world: World) -> None:
    frozen = actions.freeze(by=OFFICER, at=AT, report="yearly", as_of=DAY)
    frozen.figures[0]["value"] = 1
    assert not queries.intact(frozen)


def test_only_officers_and_heads_hand_in_and_never_for_a_day_to_come(world: World) -> None:
    with pytest.raises(Refused, match=r"담당자나 부서장만 보고서를 제출할 수 있습니다."):
        actions.freeze(by=AUDITOR, at=AT, report="yearly", as_of=DAY)
    with pytest.raises(Refused, match=r"앞날을 기준일로 할 수 없습니다."):
        actions.freeze(by=OFFICER, at=AT, report="yearly", as_of=AT.date().replace(year=2022))
    assert FrozenReport.objects.count() == 0
    assert Line.objects.count() == 2


def test_the_rows_of_a_grid_are_compared_as_sentences(world: World, tmp_path: Path) -> None:
    grid = """
[[block]]
kind = "grid"
ko = "합성 표"
en = "Synthetic grid"
lines = [8, 0]
rows = [[{ ko = "가", en = "a" }, "{visitors}", ""], ["나", "다", "라"]]
"""
    write_city(tmp_path, **{"report/yearly/one.toml": SECTION + grid})
    shown = queries.report("yearly", as_of=DAY, at=AT).compose("ko")
    assert shown.texts == {7: "협의회 방문자 1,234명, 지원금 2.5백만원", 8: "가 | 1,234"}
    layout.read.cache_clear()
    write_city(tmp_path, **{"report/yearly/one.toml": SECTION + grid.replace("[8, 0]", "[8]")})
    with pytest.raises(CityProblems) as problems:
        layout.read(tmp_path, "yearly")
    layout.read.cache_clear()
    told = [problem.text for problem in problems.value.problems]
    assert told == ['"lines" must name a line for each of the 2 rows, 0 for none']
