"""The list of matters: filters, counts, paging, open data; and figures of links as of a day."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import AT, day, file_matter, make_area, make_process, open_stage, opened, pass_on, stages_of

from madang.site.docket import queries
from madang.site.docket.models import Attachment, Link, Matter
from madang.site.kit.figures import query_named
from madang.site.kit.stages import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    return open_stage(stage=stages_of(make_process(("discuss", {"rolling": True}), code="yard/2021"))[0])


def test_filters_narrow_and_hidden_ones_are_never_listed(stage):
    north = make_area("town/north", level="district", parent=make_area("town"))
    one = file_matter(stage=stage, title="합성 공원 쉼터", field="parks", area=north)
    two = file_matter(stage=stage, title="합성 도로", at=AT + timedelta(hours=1))
    hidden = file_matter(stage=stage)
    pass_on(stage=stage, outcomes=[Outcome(hidden.pk, "hidden", False, "합성"), Outcome(two.pk, "discussed", True)])
    assert list(queries.listed()) == [two, one]
    for wanted in ({"field": "parks"}, {"area": "town"}, {"state": "under_way"}, {"words": "쉼터 합성"}):
        assert list(queries.listed(**wanted)) == [one]
    for wanted in ({"state": "ended"}, {"state": "discussed"}, {"words": two.number}):
        assert list(queries.listed(**wanted)) == [two]
    assert list(queries.listed(process="other")) == list(queries.listed(year=2020)) == []
    assert queries.state_counts(queries.listed()) == [("under_way", 1), ("discussed", 1)]


def test_the_page_lists_counts_and_pages_in_a_stable_order(stage):
    rows = [file_matter(stage=stage, title=f"합성 {number}") for number in range(27)]
    client = Client(headers={"Accept-Language": "en"})
    first, second = (client.get("/matters/", {"page": number}).content.decode() for number in (1, 2))
    shown = [{row.number for row in rows if row.number in page} for page in (first, second)]
    assert [len(numbers) for numbers in shown] == [25, 2]
    assert shown[0] | shown[1] == {row.number for row in rows}
    assert "27 matters" in first


def test_open_data_has_every_matter_and_runs_no_formula(stage):
    file_matter(stage=stage, title="=SUM(A1)", amount_won=5)
    client = Client()
    content = b"".join(client.get("/matters.csv", {"process": "yard/2021"}).streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content))
    assert (row["title"], row["amount_won"], row["number"]) == ("'=SUM(A1)", "5", "yard-2021-00001")
    data = json.loads(client.get("/matters.json").content)
    assert (data["total"], data["next"], data["matters"][0]["title"]) == (1, None, "=SUM(A1)")
    assert sorted(data["matters"][0]) == sorted(queries.COLUMNS)


def test_the_list_costs_the_same_queries_with_one_row_and_with_three(stage):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            file_matter(stage=stage)
        with CaptureQueriesContext(connection) as seen:
            assert Client().get("/matters/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_links_count_as_of_the_end_of_the_day(stage):
    (other,) = opened(("discuss", {}))
    source, target = file_matter(stage=other, amount_won=7), file_matter(stage=stage)
    Link.objects.create(source=source, target=target, kind="derived_from", at=AT + timedelta(days=1))
    figure = query_named("docket.links")

    def value(number, **extra):
        return figure.records(figure.Arguments(kind="derived_from", **extra), day(number)).value()

    assert [value(number) for number in (1, 2)] == [0, 1]
    assert value(2, processes=[other.process.code], to_processes=["yard/2021"], measure="amount") == 7
    assert value(2, processes=["yard/2021"]) == 0


def test_passages_count_matters_their_won_and_the_areas_they_are_from(stage):
    areas = [make_area("north"), make_area("south")]
    for area, won in ((areas[0], 5), (areas[0], 6), (areas[1], 7), (None, 8)):
        matter = file_matter(stage=stage, amount_won=won, area=area)
        pass_on(stage=stage, outcomes=[Outcome(matter.pk, "approved", True, "합성")])
    figure = query_named("docket.passages")
    wanted = {"processes": [stage.process.code], "stage": stage.kind, "passed": True}

    def value(measure):
        return figure.records(figure.Arguments(measure=measure, **wanted), day(5)).value()

    assert [value(measure) for measure in ("count", "amount", "areas")] == [4, 26, 2]


def test_the_matter_at_a_rank_is_named_with_the_reason_of_a_later_stage():
    debate, after = opened(("discuss", {"rolling": True}), ("answer", {}))
    matters = [file_matter(stage=debate, title=f"합성 {number}") for number in (1, 2)]
    ranks = [Outcome(row.pk, "shortlisted", True, "", rank=rank) for rank, row in enumerate(matters, start=1)]
    pass_on(stage=debate, outcomes=ranks)
    pass_on(stage=after, outcomes=[Outcome(matters[0].pk, "accepted", True, "합성 답변")])
    figure = query_named("docket.ranked")

    def value(rank, number=1, **more):
        asked = figure.Arguments(process=debate.process.code, stage="discuss", rank=rank, **more)
        return figure.records(asked, day(number)).value()

    assert [value(rank) for rank in (1, 2, 3)] == ["합성 1", "합성 2", None]
    assert [value(rank, reason_of="answer") for rank in (1, 2)] == ["합성 답변", None]
    assert figure.records(figure.Arguments(process="other", stage="discuss", rank=1), day(1)).value() is None
    Matter.objects.filter(pk=matters[0].pk).update(ending="hidden")
    assert (value(1), value(1, reason_of="answer")) == (None, None)


def test_a_file_is_a_download_unless_its_matter_is_hidden(stage, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    matter = file_matter(stage=stage)
    row = Attachment.objects.create(
        matter=matter,
        name="합성.pdf",
        media_type="application/pdf",
        size=4,
        sha256="0" * 64,
        file=ContentFile(b"%PDF", name="synthetic.pdf"),
        at=AT,
    )
    answer = Client().get(row.url)
    assert (b"".join(answer.streaming_content), answer["Content-Type"]) == (b"%PDF", "application/pdf")
    assert answer["Content-Disposition"].startswith("attachment;")
    pass_on(stage=stage, outcomes=[Outcome(matter.pk, "hidden", False, "합성")])
    assert Client().get(row.url).status_code == 404
