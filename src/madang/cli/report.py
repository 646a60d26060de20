"""`madang report …`: write the report, list its figures, check and compare it, hand it in.

Every verb takes `--as-of DATE`. Exit status: 0 if what was asked for is so, 1 if not or refused, 2 for wrong use.
"""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from madang.cli.site import with_site

FORMATS = ("html", "pdf", "xlsx", "hwpx")


def add_verbs(verbs: Any) -> None:
    """Add `report` with its parts."""
    report = verbs.add_parser("report", help="write, check and hand in the report to the council")
    parts = report.add_subparsers(dest="part", required=True, metavar="REPORT OR VERB")
    _add(parts, "check", run_check, "find contradictions in our own figures").add_argument(
        "--verbose", action="store_true", help="print every relation"
    )
    figures = _add(parts, "figures", run_figures, "list every figure")
    figures.add_argument("--json", action="store_true", help="as JSON")
    compare = _add(parts, "compare", run_compare, "compare with the printed report; 0 only for the known differences")
    compare.add_argument("--verbose", action="store_true", help="print every difference with both values")
    compare.add_argument("--report", default="council", help="the report to compare")
    freeze = _add(parts, "freeze", run_freeze, "hand in a report: keep it with its fingerprint")
    freeze.add_argument("--report", default="council", help="the report to hand in")
    freeze.add_argument("--note", default="")
    council = _add(parts, "council", run_report, "write the report to the council")
    council.set_defaults(report="council")
    council.add_argument("--format", choices=(*FORMATS, "all"), default="all")
    council.add_argument("--language", choices=("ko", "en"), default="ko")
    council.add_argument("--out", type=Path, default=Path(), help="the folder to write into")
    council.add_argument("--site", type=_site, help="the site's address, to which figures in the HTML shall lead")
    council.add_argument("--frozen", metavar="SHA256", help="write a report that was handed in, by its fingerprint")


def _add(parts: Any, name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = parts.add_parser(name, help=text)
    parser.add_argument("--as-of", type=_day, default=None, metavar="DATE", help="such as 2021-10-01")
    parser.set_defaults(run=with_site(run))
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a day; write it as 2021-10-01') from None


def _site(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise argparse.ArgumentTypeError(f'"{text}" is not an address; write it as https://madang.example')
    return text.rstrip("/")


def _when(options: argparse.Namespace) -> tuple[date, datetime]:
    """The day of the report (the one its layout names unless one is given) and the moment of writing."""
    from madang.site.kit import clock
    from madang.site.reports.queries import report_day

    at = clock.now()
    return options.as_of or report_day(clock.day_of(at), getattr(options, "report", None)), at


def run_report(options: argparse.Namespace) -> int:
    """Write the report in one format or all."""
    from madang.site.reports import queries
    from madang.site.reports.compose import figure_path
    from madang.site.reports.models import FrozenReport
    from madang.site.reports.writing import written

    as_of, at = _when(options)
    if options.frozen:
        frozen = FrozenReport.objects.filter(sha256__startswith=options.frozen, report=options.report).first()
        if frozen is None:
            print(f'madang: No report with the fingerprint "{options.frozen}" was handed in.', file=sys.stderr)
            return 1
        as_of, document = frozen.as_of, queries.frozen_document(frozen, options.language)
    else:
        page = queries.report(options.report, as_of=as_of, at=at)
        composed = page.compose(options.language)
        document, counted = composed.document, composed.share(page.values)
        print(f"{counted.derived} of {counted.total} figures are derived ({counted.permille / 10:.1f}%).")

    def link(name: str) -> str | None:
        return options.site + figure_path(name, as_of) if options.site else None

    options.out.mkdir(parents=True, exist_ok=True)
    for form in FORMATS if options.format == "all" else (options.format,):
        path = options.out / f"{options.report}-{as_of.isoformat()}-{options.language}.{form}"
        path.write_bytes(written(document, form, link=link))
        print(path)
    return 0


def run_figures(options: argparse.Namespace) -> int:
    """List every figure with its value and kind."""
    from madang.site.reports import queries

    as_of, at = _when(options)
    listed = queries.listed(as_of=as_of, at=at)
    if options.json:
        print(json.dumps(listed, ensure_ascii=False, indent=1))
        return 0
    for figure in listed:
        value = "-" if figure["value"] is None else figure["value"]
        print(f"{figure['kind']:<9}{figure['programme'] or '':<5}{figure['name']:<45}{value!s:>18} {figure['unit']}")
    derived = sum(figure["kind"] == "derived" for figure in listed)
    print(f"{derived} of {len(listed)} figures are derived.")
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Print the contradictions in our own figures; 0 only if there is none."""
    from madang.site.reports import queries
    from madang.site.reports.compare import side

    as_of, at = _when(options)
    checked = queries.contradictions(as_of=as_of, at=at)
    for finding in checked.findings if options.verbose else checked.contradictions:
        relation = finding.relation
        sides = f"{side(finding.left)} {relation.operator} {side(finding.right)}"
        told = finding.sentence or sides
        print(f"{'OK     ' if finding.ok else 'DIFFERS'} {relation.code}: {relation.text_en} | {told}")
    print(f"{len(checked.findings)} relations, {len(checked.contradictions)} contradictions as of {as_of}.")
    return 1 if checked.contradictions else 0


def run_compare(options: argparse.Namespace) -> int:
    """Compare with the printed report; 0 only if exactly the known differences are found."""
    from madang.site.reports import queries
    from madang.site.reports.compare import compare

    as_of, at = _when(options)
    if options.report not in queries.codes():
        print(f'madang: There is no report "{options.report}".', file=sys.stderr)
        return 1
    result = compare(queries.folder(), options.report, as_of=as_of, at=at)
    for row in result.found:
        print(f"known       {row.code}  {row.en}")
    if options.verbose:
        for difference in result.differences:
            print(f"differs     {difference}")
    for row in result.missing:
        print(f"NOT FOUND   {row.code}  {row.en}")
    for difference in result.unexpected:
        print(f"UNEXPECTED  {difference}")
    print(f"{result.compared} cells, names and sentences compared, {result.checked} relations checked as of {as_of}:")
    print(
        f"{len(result.found)} known differences found, {len(result.missing)} not found, "
        f"{len(result.unexpected)} unexpected."
    )
    return 0 if result.ok else 1


def run_freeze(options: argparse.Namespace) -> int:
    """Hand in the report as of a day."""
    from madang.site.kit.actor import SYSTEM
    from madang.site.reports.actions import freeze

    as_of, at = _when(options)
    frozen = freeze(by=SYSTEM, at=at, report=options.report, as_of=as_of, note=options.note)
    print(f"{frozen.report} as of {frozen.as_of}, SHA-256 {frozen.sha256}")
    return 0
