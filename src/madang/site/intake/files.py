"""Files that people attach: known by their content, never by the name they came with."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from madang.site.kit.verdict import Refused

MOST_FILES = 5
LARGEST = 5 * 1024 * 1024
UNPACKED = 100 * 1024 * 1024
KINDS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "hwpx": "application/hwp+zip",
    "hwp": "application/x-hwp",
}
# What the archive of an office document must hold, so that not every zip passes as one.
PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "hwpx": "Contents/content.hpf"}
# What an HWP document before HWPX begins with, and what its stream FileHeader says.
COMPOUND, HWP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"HWP Document File"


@dataclass(frozen=True)
class Upload:
    """A file as it came."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Checked:
    """A file whose content was recognised; `name` is clean and ends as its content says."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of the content, 64 hex digits."""
        return sha256(self.content).hexdigest()


def check_files(uploads: Sequence[Upload], kept: int = 0) -> list[Checked]:
    """Recognise files by their content; `kept` are attached already.

    Raises Refused for too many, too large or unknown ones.
    """
    count = len(uploads) + kept
    if uploads and count > MOST_FILES:
        sentence = _("At most %(most)d files can be attached; these are %(count)d.")
        raise Refused(sentence % {"most": MOST_FILES, "count": count})
    return [_checked(upload) for upload in uploads]


def clean_name(name: str, ending: str) -> str:
    """A file name without folders, control characters and its own ending: at most 100 characters."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    stem = re.sub(r"[^\w\- .()\[\]]", "_", stem).strip(" ._")[:90]
    return f"{stem or 'file'}.{ending}"


def _checked(upload: Upload) -> Checked:
    shown = upload.name[:60]
    if len(upload.content) > LARGEST:
        raise Refused(_("%(name)s is larger than 5 MB; please send a smaller file.") % {"name": shown})
    ending = _ending(upload.content)
    if ending is None:
        sentence = _("%(name)s is none of PDF, PNG, JPEG, DOCX, XLSX, HWPX and HWP; please save it as one of them.")
        raise Refused(sentence % {"name": shown})
    return Checked(clean_name(upload.name, ending), KINDS[ending], upload.content)


def _ending(content: bytes) -> str | None:
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(COMPOUND) and HWP in content:
        return "hwp"
    return _office(content) if content.startswith(b"PK\x03\x04") else None


def _office(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if sum(part.file_size for part in parts) > UNPACKED:
        return None
    names = {part.filename for part in parts}
    return next((ending for ending, part in PARTS.items() if part in names), None)
