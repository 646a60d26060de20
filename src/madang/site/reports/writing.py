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
_WRITERS: dict[str, Callable[[Document], bytes]] = {
    "html": lambda document: html.write(document).encode(),
    "pdf": pdf.write,
    "xlsx": xlsx.write,
    "hwpx": hwpx.write,
}
FORMATS = tuple(_WRITERS)


def written(document: Document, form: str) -> bytes:
    """A document in a format. Raises KeyError for a format that is not one of FORMATS."""
    return _WRITERS[form](document)
