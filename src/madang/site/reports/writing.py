"""The formats a report is handed out in."""

from collections.abc import Callable

from madang.documents import html, hwpx, pdf, xlsx
from madang.documents.blocks import Document

MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "hwpx": "application/hwp+zip",
}
_WRITERS: dict[str, Callable[[Document], bytes]] = {"pdf": pdf.write, "xlsx": xlsx.write, "hwpx": hwpx.write}
FORMATS = ("html", *_WRITERS)


def written(document: Document, form: str, *, link: html.Link = html.no_link) -> bytes:
    """A document in a format; in HTML its figures lead to what `link` says.

    Raises KeyError for a format that is not one of FORMATS.
    """
    return html.page_html(document, link=link).encode() if form == "html" else _WRITERS[form](document)
