"""Synthetic documents for the tests of the writers."""

from datetime import UTC, datetime
from decimal import Decimal

from madang.documents.blocks import (
    Bullet,
    Bullets,
    Callout,
    Cell,
    Column,
    Contents,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Row,
    Table,
    Title,
    counted,
)

AT = datetime(2021, 11, 2, 1, 30, tzinfo=UTC)


def revenue(rows: int = 2) -> Table:
    """Return a synthetic revenue table with a header in two rows, as bureau reports print it."""
    header = (
        Row((Cell("구 분", rowspan=2), Cell("'21년 예산", rowspan=2), Cell("증 감", colspan=2))),
        Row((Cell("증감액"), Cell("증감률"))),
    )
    total = Row(
        (
            Cell("합 계"),
            Cell((counted(5_834_259, figure="revenue.budget"),)),
            Cell((counted(-58_254, figure="revenue.change", href="/figures/revenue.change"),)),
            Cell((counted(Decimal("-15.0"), decimals=1, suffix="%", observed=True, source="합성 징수부"),)),
        ),
        "total",
    )
    plain_rows = tuple(
        Row((Cell(f"가상 수입 {at}"), Cell((counted(at * 1000),)), Cell((counted(0, zero="-"),)), Cell("=1+1")))
        for at in range(1, rows)
    )
    columns = (Column("left", 2, heading=True), Column("right"), Column("right"), Column("right", 0.5))
    return Table("○ 세입 총괄", columns, header, (total, *plain_rows), "(단위 : 천원, %)", ("※ 합성 자료",))


def report(*blocks: object) -> Document:
    """Return a synthetic report around the blocks."""
    return Document(
        title="주요 업무 보고",
        created_at=AT,
        blocks=tuple(blocks),  # type: ignore[arg-type]
        subtitle="2021년 시험",
        author="가상협력국",
        notice="모든 수치는 기록에서 계산되었습니다.",
        hash="sha256:0123",
    )


WHOLE = report(
    Title(("제1회 정례회",), ("2021. 11.", "가상협력국")),
    Contents(),
    Heading(1, "Ⅰ. 일반 현황"),
    Heading(3, "□ 예산현황"),
    revenue(),
    PageBreak(),
    Heading(2, "1-1 시민회의"),
    Callout(("市와 區가 함께 <숙의>하는 「공론」",), "목적"),
    Bullets(
        (
            Bullet(("신청 ", counted(3201, suffix="명", figure="assembly.applied"), " ⇒ 추첨")),
            Bullet("세부 #let $x$ *별*", 3, "▶"),
            Bullet("둘째", 1, "○"),
        )
    ),
    Paragraph("끝 & 마침 😀"),
)
