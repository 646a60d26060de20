"""Attachments are known by their content; names are cleaned."""

import zipfile
from io import BytesIO

import pytest
from factories import AT, IDEA_DATA, OPEN_CALL, citizen, opened

from madang.site.docket.models import Attachment
from madang.site.intake import actions
from madang.site.intake.files import LARGEST, Upload, check_files, clean_name
from madang.site.kit.verdict import Refused


def archive(*names):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name in names:
            made.writestr(name, "synthetic")
    return stream.getvalue()


KNOWN = [
    (b"%PDF-1.7 synthetic", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\nsynthetic", "image/png", "png"),
    (b"\xff\xd8\xff\xe0synthetic", "image/jpeg", "jpg"),
    (
        archive("word/document.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
    ),
    (archive("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    (archive("mimetype", "Contents/content.hpf"), "application/hwp+zip", "hwpx"),
]


@pytest.mark.parametrize(("content", "media_type", "ending"), KNOWN)
def test_known_files_are_recognised_whatever_their_name_says(content, media_type, ending):
    (checked,) = check_files([Upload("합성 파일.exe", content)])
    assert (checked.media_type, checked.name) == (media_type, f"합성 파일.{ending}")


@pytest.mark.parametrize(
    "content", [b"", b"MZ synthetic", b"<html>", archive("a.txt"), b"PK\x03\x04 broken", b"GIF89a"]
)
def test_other_files_are_refused_even_with_a_good_name(content):
    with pytest.raises(Refused):
        check_files([Upload("synthetic.pdf", content)])


def test_too_large_and_too_many_files_are_refused():
    with pytest.raises(Refused):
        check_files([Upload("synthetic.pdf", b"%PDF-" + b"0" * LARGEST)])
    with pytest.raises(Refused):
        check_files([Upload("synthetic.pdf", b"%PDF-")] * 6)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\합성\\계획.hwp", "계획.pdf"),
        ("a\x00b\r\n.pdf", "a_b.pdf"),
        ("...", "file.pdf"),
        ("<script>.pdf", "script.pdf"),
    ],
)
def test_names_are_cleaned(name, clean):
    assert clean_name(name, "pdf") == clean


@pytest.mark.django_db
def test_files_are_kept_with_their_hash(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (call,) = opened(("call", OPEN_CALL))
    file = Upload("합성.pdf", b"%PDF-1.7 synthetic")
    actions.submit(by=citizen(), at=AT, stage=call, data=IDEA_DATA, attachments=[file])
    row = Attachment.objects.get()
    assert (row.name, row.size, len(row.sha256)) == ("합성.pdf", 18, 64)
    assert row.file.read() == b"%PDF-1.7 synthetic"
