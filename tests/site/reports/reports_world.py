"""A synthetic bureau with one department, two budget lines, a revenue item, posts, and a report of ten blocks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from madang.site.kit.actor import SYSTEM, Actor, Grant
from madang.site.ledger import actions
from madang.site.ledger.actions import NewLine, NewPart
from madang.site.ledger.models import Line
from madang.site.people.models import Organisation, Post
from madang.site.programmes.models import Programme, Strategy

AT = datetime(2021, 10, 5, 3, tzinfo=UTC)
DAY = date(2021, 10, 1)
OFFICER = Actor("synthetic-officer", None, frozenset({Grant("officer")}))
AUDITOR = Actor("synthetic-auditor", None, frozenset({Grant("auditor")}))

UNITS = """
[[unit]]
code = "persons"
name = { ko = "명", en = "people" }

[[unit]]
code = "percent"
name = { ko = "%", en = "%" }

[[unit]]
code = "thousand_won"
name = { ko = "천원", en = "thousand won" }

[[unit]]
code = "million_won"
name = { ko = "백만원", en = "million won" }
"""
FIGURES = """
programme = "1-1"
source = "합성 문서"
days_later = 31
observed_on = 2021-10-01

[[figure]]
name = "strategies"
unit = "persons"
label = { ko = "전략", en = "Strategies" }
query = "programmes.strategies"

[[figure]]
name = "visitors"
unit = "persons"
label = { ko = "방문자", en = "Visitors" }
value = 1234
line = 7

[[figure]]
name = "grant"
unit = "million_won"
places = 1
label = { ko = "지원금", en = "Grant" }
value = "2.5"
line = 8

[[figure]]
name = "both"
unit = "persons"
label = { ko = "합", en = "Sum" }
computed = "visitors + strategies"

[[figure]]
name = "lines_twice"
unit = "thousand_won"
label = { ko = "두 배", en = "Twice" }
computed = 'value("spent:total") * 2'
"""
REPORT = """
as_of = 2021-10-01
title = { ko = "합성 보고", en = "Synthetic report" }
author = { ko = "합성국", en = "Synthetic bureau" }
above = [{ ko = "의회", en = "Council" }]
below = [{ ko = "2021", en = "2021" }]
sections = ["one"]

[[term]]
code = "council"
name = { ko = "협의회", en = "council" }
"""
SECTION = """
[[block]]
kind = "heading"
ko = "Ⅰ. {programme:1-1}"
en = "I. {programme:1-1}"

[[block]]
kind = "bullet"
ko = "{term:council} 방문자 {visitors}명, 지원금 {grant}백만원"
en = "{term:council}: {visitors} visitors, {grant|million} million won"
line = 7

[[block]]
kind = "table"
table = "staff"
ko = "인력"
en = "Staff"
labels = { clerk = { ko = "행정직", en = "Clerks" } }

[[block]]
kind = "table"
table = "lines"
ko = "예산"
en = "Budget"

[[block]]
kind = "table"
table = "execution"
ko = "집행"
en = "Execution"
keys = ["P-01", "P-02.1"]

[[block]]
kind = "share"
ko = "<total>개 가운데 <derived>개(<share>%)"
en = "<derived> of <total> (<share>%)"
"""
CELLS = "cell,figure,printed,report_line\n"
LINES = (
    CELLS
    + "lines/appropriation:P-01,appropriation:P-01,1000,20\n"
    + "lines/obligated:P-01,obligated:P-01,333,20\n"
    + "lines/spent:P-01,spent:P-01,-,20\n"
    + "lines/obligation-rate:P-01,obligation-rate:P-01,33.4,20\n"
)
TEXT = CELLS + "text/visitors,visitors,1234,7\n"
NAMES = (
    "cell,thing,printed,spaces,report_line\n"
    + "contents/programme:1-1,programme:1-1,합성 사 업,ignored,1\n"
    + "section/programme:1-1,programme:1-1,합성사업,ignored,2\n"
)
TEXTS = 'report_line,printed\n7,"협의회 방문자 1,234명, 지원금 2.5백만원"\n'
KNOWN = "code,ko,en\nX001,비율이 다름,The rate is wrong\n"
EVIDENCE = (
    "difference,differs,printed,regenerated\n"
    + "X001,lines/obligation-rate:P-01,33.4,33.3\n"
    + "X001,lines/obligation-rate:P-01,33.3 = 33.4,\n"
)
RELATIONS = """
[[rates]]
group = "D"
table = "lines"
rate = "obligation-rate"
part = "obligated"
whole = "appropriation"
"""
OWN_RELATIONS = """
[[family]]
code = "spent-within-obligated:{a}"
ko = "{a}: 지출 ≤ 원인행위"
en = "{a}: spent within obligated"
left = 'value("spent:{a}")'
operator = "<="
right = 'value("obligated:{a}")'
over = "lines"
"""
FILES = {
    "figures/units.toml": UNITS,
    "figures/1-1.toml": FIGURES,
    "report/yearly.toml": REPORT,
    "report/yearly/one.toml": SECTION,
    "report/relations.toml": OWN_RELATIONS,
    "report/printed_relations.toml": RELATIONS,
    "printed/lines.csv": LINES,
    "printed/text.csv": TEXT,
    "printed/names.csv": NAMES,
    "printed/texts.csv": TEXTS,
    "printed/known_differences.csv": KNOWN,
    "printed/known_evidence.csv": EVIDENCE,
}


@dataclass
class World:
    """The synthetic bureau."""

    folder: Path
    line: Line
    parted: Line


def write_city(folder: Path, **changed: str) -> None:
    """Write the files of the city's reports, some of them with another text."""
    for name, text in {**FILES, **changed}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def build(folder: Path) -> World:
    """Two lines of one department: P-01 with 1,000,000 won, of which 333,000 are obligated; P-02 with a part."""
    department = Organisation.objects.create(
        code="parks", kind="department", order=1, name_ko="공원과", name_en="Parks"
    )
    strategy = Strategy.objects.create(number=1, name_ko="전략", name_en="Strategy")
    Programme.objects.create(
        code="1-1", slug="a", strategy=strategy, department=department, order=1, name_ko="합성사업", name_en="Synthetic"
    )
    for number in range(3):
        Post.objects.create(
            code=f"post-{number}",
            organisation=department,
            job_type="clerk",
            authorised_from=date(2021, 1, 1),
            filled_from=date(2021, 1, 1) if number else None,
        )
    rows = [
        NewLine("P-01", 2021, "parks", "공원", "Parks", "1-1", 1),
        NewLine("P-02", 2021, "parks", "학교", "School", "1-1", 2, parts=[NewPart("P-02.1", "합성 학교", "S", "1-1")]),
    ]
    line, parted = actions.load_lines(by=SYSTEM, at=AT, rows=rows)
    for to, share, amount in ((line, None, 1_000_000), (parted, parted.parts.get(), 200_000), (parted, None, 300_000)):
        actions.appropriate(
            by=SYSTEM, at=AT, line=to, part=share, amount_won=amount, kind="original", on=date(2021, 1, 1)
        )
    obligate(line, 333_000)
    return World(folder, line, parted)


def obligate(line: Line, amount_won: int, on: date = DAY) -> None:
    """Book an obligation with the approvals of three officials."""
    request = actions.request_obligation(
        by=Actor("synthetic-a", None, frozenset({Grant("officer"), Grant("system")})),
        at=AT,
        line=line,
        amount_won=amount_won,
        payee="합성 업체",
        note="합성",
        on=on,
    )
    for name, role in (("synthetic-b", "head"), ("synthetic-c", "finance")):
        actions.approve(by=Actor(name, None, frozenset({Grant(role)})), at=AT, request=request)
