"""The report of the reference city, composed from the replayed year, beside the printed one of November 2021."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madang.documents.blocks import Heading, Table
from madang.documents.text import write as text_of
from madang.site.kit.actor import Actor, Grant
from madang.site.ledger.models import Entry, EntryKind, Line
from madang.site.reports import actions, printed, queries
from madang.site.reports.compare import compare, compare_with
from madang.site.reports.writing import written

DAY = date(2021, 10, 1)
AT = datetime(2021, 11, 15, tzinfo=UTC)
OFFICER = Actor("synthetic-officer", None, frozenset({Grant("officer")}))
NUMBERS = {
    "D": [45],
    "E": [17, 30, 51, 157, 190, 192, 199],
    "F": [40, 139],
    "G": [34, 36, 38],
    "H": [6, 7, 10],
    "K": [1],
    "P": [1, 5, 8],
    "W": [1, 5, 7, 9, 28, 33, 37, 38, 41, 42, 43, 47, 50, 60, 66, 67, 68, 69],
}
KNOWN = [f"{group}{number:03d}" for group, numbers in NUMBERS.items() for number in numbers]
DERIVED = ("1-1", "1-2", "1-3", "1-5")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("replayed")]


def test_the_comparison_finds_the_38_known_differences_and_no_other():
    result = compare(queries.folder(), "council", as_of=DAY, at=AT)
    assert list(map(str, result.unexpected)) == []
    assert [row.code for row in result.found] == KNOWN
    assert result.ok
    assert (result.compared, result.checked > 800) == (1442, True)


def test_each_known_difference_is_known_only_with_its_two_sides():
    folder = Path(queries.folder())
    page, kept = queries.report("council", as_of=DAY, at=AT), printed.read(folder)
    shown = page.compose("ko")
    for place, row in enumerate(kept.evidence):
        other = replace(row, printed=f"{row.printed}0")
        changed = replace(kept, evidence=[*kept.evidence[:place], other, *kept.evidence[place + 1 :]])
        result = compare_with(page, changed, folder, shown)
        assert ([one.code for one in result.missing], result.ok) == ([row.difference], False)


def test_everything_that_the_records_know_is_derived():
    found = queries.figures(as_of=DAY, at=AT)
    observed = [value.figure.name for value in found if value.kind == "observed"]
    assert [name for name in observed if ":" in name] == []
    by_hand = [value.figure.name for value in found if value.kind == "observed" and value.figure.programme in DERIVED]
    assert by_hand == []
    assert {value.figure.programme for value in found if value.kind == "observed"} == {
        *("1-4", "2-1", "2-2", "2-3", "2-4", "2-5", "3-1", "3-2", "3-3", "3-4", "3-5", "4-1", "4-2", "4-3", "4-4")
    }


def test_the_order_of_the_report_is_that_of_the_original():
    document = queries.report("council", as_of=DAY, at=AT).compose("ko").document
    chapters = [
        block.text.split(".")[0] for block in document.blocks if isinstance(block, Heading) and block.level == 1
    ]
    assert chapters == ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "이 보고서의 수치"]
    sections = [
        block.text.split(" ")[0] for block in document.blocks if isinstance(block, Heading) and block.level == 2
    ]
    wanted = [
        f"{strategy}-{number}" for strategy, most in ((1, 5), (2, 5), (3, 5), (4, 4)) for number in range(1, most + 1)
    ]
    assert [section for section in sections if "-" in section] == wanted


def test_one_more_payment_is_an_unexpected_difference_of_its_line():
    line = Line.objects.get(code="CP-06", fiscal_year=2021)
    obligation = Entry.objects.filter(line=line, kind=EntryKind.OBLIGATION).first()
    Entry.objects.create(
        kind=EntryKind.PAYMENT,
        line=line,
        obligation=obligation,
        amount_won=1_000,
        on=DAY,
        at=AT,
        requested_by="synthetic",
    )
    result = compare(queries.folder(), "council", as_of=DAY, at=AT)
    assert [difference.code for difference in result.unexpected] == [
        "lines/spent:total",
        "lines/spent:citizen_participation",
        "lines/spent:CP-06",
        "summary/spent:total",
        "summary/spent:citizen_participation",
    ]
    assert result.missing == ()


def test_one_changed_cell_of_the_printed_report_is_found(tmp_path, monkeypatch):
    folder = Path(queries.folder())
    original = printed.read(folder)
    changed = folder / "printed/text.csv"
    rows = list(csv.reader(changed.read_text(encoding="utf-8").splitlines()))
    place = next(number for number, row in enumerate(rows) if row[0] == "text/e_vote_voters_2021")
    rows[place][2] = "63812"
    for path in folder.rglob("*"):
        if path.is_file() and path.parts[-2] in ("printed", "report", "council", "figures"):
            copy = tmp_path / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (tmp_path / "printed/text.csv").write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    result = compare(tmp_path, "council", as_of=DAY, at=AT)
    assert [(one.code, one.line, one.printed, one.regenerated) for one in result.unexpected] == [
        ("text/e_vote_voters_2021", place + 1, "63812", "63811")
    ]
    assert len(result.found) == len(original.known)


def test_our_own_records_hold_only_the_inherited_contradiction_and_what_the_report_observed():
    found = queries.contradictions(as_of=DAY, at=AT).contradictions
    assert sorted(finding.relation.code for finding in found) == [
        "assembly-participants-3",
        "completions-all",
        "rest-of-line/spent:1-5.2",
        "school-group-size",
        "share-officials",
        "spaces-construction",
        "spaces-operating",
    ]


def test_each_table_of_money_comes_out_in_both_languages():
    page = queries.report("council", as_of=DAY, at=AT)
    for language in ("ko", "en"):
        document = page.compose(language).document
        lines = [block for block in document.blocks if isinstance(block, Table)][-1]
        assert lines.matrix()[2][1:] == ["78,233,299", "69,396,687", "67,116,494", "88.7", "85.8"]
        assert len(lines.body) == 50


def test_a_report_handed_in_is_the_same_after_later_entries():
    frozen = actions.freeze(by=OFFICER, at=AT, report="council", as_of=DAY)
    before = written(queries.frozen_document(frozen, "ko"), "hwpx")
    live = text_of(queries.report("council", as_of=DAY, at=AT).compose("ko").document)
    line = Line.objects.get(code="CP-06", fiscal_year=2021)
    Entry.objects.create(
        kind=EntryKind.SUPPLEMENTARY, line=line, amount_won=1_000_000, on=DAY, at=AT, requested_by="synthetic"
    )
    frozen.refresh_from_db()
    assert written(queries.frozen_document(frozen, "ko"), "hwpx") == before
    assert text_of(queries.report("council", as_of=DAY, at=AT).compose("ko").document) != live


def test_composing_the_report_costs_a_bounded_number_of_queries():
    with CaptureQueriesContext(connection) as captured:
        queries.report("council", as_of=DAY, at=AT).compose("ko")
    assert len(captured) < 260
