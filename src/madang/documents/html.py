"""Writes a document as HTML: semantic, escaped, without inline styles or scripts (strict content security policy)."""

from collections.abc import Callable
from html import escape

from madang.documents.blocks import (
    Block,
    Bullets,
    Callout,
    Contents,
    Document,
    Heading,
    Inlines,
    Number,
    PageBreak,
    Paragraph,
    Place,
    Table,
    Title,
    clean,
    closing,
    levels,
    plain,
    word,
)

Link = Callable[[str], str | None]


def no_link(figure: str) -> str | None:
    """Leave figures without an address: for files that are read away from the site."""
    return None


def body_html(document: Document, *, link: Link = no_link) -> str:
    """Return the document as an HTML fragment in <article class="document">.

    link: gives the address of the records behind a figure, from the figure's code, or None when there is none.
    Numbers that lead somewhere become <a class="figure">, others <span>; observed ones carry their source as title.
    """
    writer = _Writer(document, link)
    parts = [writer.block(index, block) for index, block in enumerate(document.blocks)]
    end = "".join(f"<p>{_lines(line)}</p>" for line in closing(document))
    parts += [f'<footer class="document-closing">{end}</footer>'] if end else []
    content = "\n".join(part for part in parts if part)
    return f'<article class="document" lang="{document.language}">\n{content}\n</article>\n'


def page_html(document: Document, *, link: Link = no_link) -> str:
    """Return a whole page that needs nothing else: its style sheet is inside, it has no scripts and loads nothing."""
    head = [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="date" content="{document.created_at.isoformat()}">',
    ]
    head += [f'<meta name="author" content="{_attribute(document.author)}">'] if document.author else []
    head += [f"<title>{_attribute(document.title)}</title>", f"<style>{STYLE}</style>"]
    body = body_html(document, link=link)
    return (
        f'<!doctype html>\n<html lang="{document.language}">\n<head>\n'
        + "\n".join(head)
        + f"\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def write(document: Document) -> str:
    """Return the document as a standalone page; the same as `page_html` without links."""
    return page_html(document)


def _attribute(text: str) -> str:
    return escape(clean(text).replace("\n", " "))


def _lines(text: str) -> str:
    return escape(clean(text)).replace("\n", "<br>")


def _times(number: int, name: str) -> str:
    return f' {name}="{number}"' if number > 1 else ""


class _Writer:
    def __init__(self, document: Document, link: Link) -> None:
        self.document = document
        self.link = link
        self.levels = levels(document)

    def block(self, index: int, block: Block) -> str:
        if isinstance(block, Title):
            return self.title(block)
        if isinstance(block, Heading):
            level = self.levels[index] + 1
            return f'<h{level} class="heading-{block.level}" id="section-{index}">{_lines(block.text)}</h{level}>'
        if isinstance(block, Paragraph):
            return f"<p>{self.inlines(block.inlines)}</p>"
        if isinstance(block, Bullets):
            return self.bullets(block)
        if isinstance(block, Callout):
            heading = f'<p class="callout-heading">{_lines(block.heading)}</p>' if block.heading else ""
            text = "".join(f"<p>{self.inlines(each)}</p>" for each in block.paragraphs)
            return f'<div class="callout">{heading}{text}</div>'
        if isinstance(block, Contents):
            return self.contents()
        if isinstance(block, Table):
            return self.table(block)
        return '<hr class="page-break">' if isinstance(block, PageBreak) else ""

    def inlines(self, inlines: Inlines) -> str:
        return "".join(_lines(part) if isinstance(part, str) else self.number(part) for part in inlines)

    def number(self, number: Number) -> str:
        text = _lines(number.text)
        kind = "figure"
        if number.observed:
            kind = f'figure observed" title="{_attribute(number.source or word(self.document, "observed"))}'
        address = number.href or (self.link(number.figure) if number.figure else None)
        if address:
            # Number checks the address it carries; checking again covers what `link` returns.
            address = Number(number.text, href=address).href or ""
            return f'<a class="{kind}" href="{_attribute(address)}">{text}</a>'
        return f'<span class="{kind}">{text}</span>'

    def title(self, title: Title) -> str:
        above = "".join(f'<p class="above">{_lines(line)}</p>' for line in title.above)
        below = "".join(f'<p class="below">{_lines(line)}</p>' for line in title.below)
        subtitle = f'<p class="subtitle">{_lines(self.document.subtitle)}</p>' if self.document.subtitle else ""
        return f'<header class="cover">{above}<h1>{_lines(self.document.title)}</h1>{subtitle}{below}</header>'

    def bullets(self, bullets: Bullets) -> str:
        parts: list[str] = []
        depth = 0
        for item in bullets.items:
            # A list that jumps from level 1 to 3 opens one list only: HTML allows no list without items.
            level = min(item.level, depth + 1)
            if level > depth:
                parts.append('<ul class="points">')
            else:
                parts.append("</li>" + "</ul></li>" * (depth - level))
            depth = level
            marker = f'<span class="marker" aria-hidden="true">{_lines(item.marker)}</span> ' if item.marker else ""
            parts.append(f'<li class="level-{item.level}">{marker}{self.inlines(item.inlines)}')
        return "".join(parts) + ("</li>" + "</ul></li>" * (depth - 1) + "</ul>" if depth else "")

    def contents(self) -> str:
        entries = [
            f'<li class="level-{block.level}"><a href="#section-{index}">{_lines(block.text)}</a></li>'
            for index, block in enumerate(self.document.blocks)
            if isinstance(block, Heading) and block.level <= 2
        ]
        name = word(self.document, "contents")
        head = f'<p class="contents-heading" aria-hidden="true">{name}</p>'
        return f'<nav class="contents" aria-label="{name}">{head}<ol>{"".join(entries)}</ol></nav>' if entries else ""

    def table(self, table: Table) -> str:
        places = table.places()
        unit = f'<span class="unit">{_lines(table.unit)}</span>' if table.unit else ""
        caption = f"<caption>{_lines(table.caption)}{' ' if table.caption and unit else ''}{unit}</caption>"
        total = sum(column.share for column in table.columns)
        # Widths are class names in steps of a fortieth: inline styles are forbidden by the policy.
        columns = "".join(f'<col class="share-{max(1, round(40 * c.share / total))}">' for c in table.columns)
        size = len(table.header)
        head = "".join(self.row(table, places[at], "head") for at in range(size))
        body = "".join(self.row(table, places[size + at], row.kind) for at, row in enumerate(table.body))
        notes = "".join(f'<p class="footnote">{self.inlines(note)}</p>' for note in table.footnotes)
        return (
            f'<div class="table"><table>{caption if table.caption or unit else ""}<colgroup>{columns}</colgroup>'
            + (f"<thead>{head}</thead>" if head else "")
            + (f"<tbody>{body}</tbody>" if body else "")
            + f"</table>{notes}</div>"
        )

    def row(self, table: Table, places: list[Place], kind: str) -> str:
        cells = "".join(self.cell(table, place) for place in places)
        return f'<tr class="{kind}">{cells}</tr>'

    def cell(self, table: Table, place: Place) -> str:
        cell, column = place.cell, table.columns[place.column]
        spans = _times(cell.colspan, "colspan") + _times(cell.rowspan, "rowspan")
        content = self.inlines(cell.inlines)
        if place.row < len(table.header) and plain(cell.inlines).strip():
            scope = "colgroup" if cell.colspan > 1 else "col"
            return f'<th scope="{scope}"{spans}>{content}</th>'
        if place.row >= len(table.header) and column.heading:
            scope = "rowgroup" if cell.rowspan > 1 else "row"
            return f'<th scope="{scope}" class="{column.align}"{spans}>{content}</th>'
        return f'<td class="{column.align}"{spans}>{content}</td>'


STYLE = """
:root{color-scheme:light}
body{margin:0;background:#fff;color:#1e2124;
font:16px/1.7 "Pretendard GOV","Noto Sans KR","Apple SD Gothic Neo","Malgun Gothic",sans-serif;word-break:keep-all}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem}
.cover{text-align:center;padding:3rem 0;border-bottom:3px double #1d3f72;margin-bottom:2rem}
.cover h1{font-size:2.2rem;color:#1d3f72;margin:1rem 0}
.heading-1{font-size:1.6rem;color:#1d3f72;border-bottom:2px solid #1d3f72;padding-bottom:.25rem;margin-top:3rem}
.heading-2{font-size:1.25rem;background:#e9eff7;border-left:.4rem solid #1d3f72;padding:.35rem .75rem;margin-top:2.2rem}
.heading-3{font-size:1.1rem;margin-top:1.6rem}.heading-4{font-size:1rem}
.points{list-style:none;padding-left:1.1rem;margin:.5rem 0}
.points li{padding-left:1.4em;text-indent:-1.4em}
.points .marker{display:inline-block;min-width:1.1em;text-indent:0}
.callout{border:1px solid #9db3cf;background:#f4f7fb;padding:.5rem 1rem;margin:1rem 0}
.callout p{margin:.35rem 0}
.callout-heading,.contents-heading{font-weight:700}
.contents ol{list-style:none;padding-left:0}.contents .level-2{padding-left:1.5rem}
.table{overflow-x:auto;margin:1rem 0}table{border-collapse:collapse;width:100%;font-size:.92rem;
border-top:2px solid #1d3f72;border-bottom:1px solid #1d3f72;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:700;padding-bottom:.3rem}caption .unit{float:right;font-weight:400}
th,td{border:1px solid #b9c4d3;padding:.3rem .5rem}thead th,thead td{background:#e3ebf5;text-align:center}
td.left,tbody th.left{text-align:left}td.center,tbody th.center{text-align:center}
td.right,tbody th.right{text-align:right}td.right{white-space:nowrap}td.left{min-width:7rem}tbody th{min-width:6rem}
tbody th{font-weight:400}tr.total{background:#f1f4f8}tr.total th,tr.total td{font-weight:700}
tr.department th,tr.department td{font-weight:700}
.footnote,.document-closing{font-size:.85rem;color:#464c53;margin:.3rem 0}
a.figure{color:inherit;text-decoration:underline dotted}.observed{border-bottom:1px dashed #8a949e}
.page-break{border:0;margin:0}
@media print{main{max-width:none;padding:0}.page-break{break-after:page}thead{display:table-header-group}
tr{break-inside:avoid}}
"""
STYLE += "".join(f".share-{step}{{width:{2.5 * step:g}%}}" for step in range(1, 41)) + "\n"
