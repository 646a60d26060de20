"""Attachments are known by their content; names are cleaned."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from factories import AT, IDEA_DATA, OPEN_CALL, citizen, opened

from madang.site.docket.models import Attachment
from madang.site.intake import actions
from madang.site.intake.files import LARGEST, Upload, check_files, clean_name
from madang.site.kit.verdict import Refused
from madang.site.record.models import Event


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
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 synthetic HWP Document File", "application/x-hwp", "hwp"),
]


@pytest.mark.parametrize(("content", "media_type", "ending"), KNOWN)
def test_known_files_are_recognised_whatever_their_name_says(content, media_type, ending):
    (checked,) = check_files([Upload("합성 파일.exe", content)])
    assert (checked.media_type, checked.name) == (media_type, f"합성 파일.{ending}")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ synthetic",
        b"<html>",
        archive("a.txt"),
        b"PK\x03\x04 broken",
        b"GIF89a",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Word",
    ],
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


@pytest.mark.django_db
def test_a_change_adds_files_and_takes_others_out(settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    (call,) = opened(("call", OPEN_CALL))
    by, files = citizen(), [Upload(f"합성{number}.pdf", b"%%PDF-1.7 %d" % number) for number in range(5)]
    matter = actions.submit(by=by, at=AT, stage=call, data=IDEA_DATA, attachments=files)
    more, gone = [Upload("새 그림.png", b"\x89PNG\r\n\x1a\n")], matter.attachments.order_by("pk").first()
    with pytest.raises(Refused):
        actions.revise(by=by, at=AT, matter=matter, data=IDEA_DATA, attachments=more)
    where = gone.file.path
    with django_capture_on_commit_callbacks(execute=True):
        actions.revise(by=by, at=AT, matter=matter, data=IDEA_DATA, attachments=more, removed=[gone.pk])
    names = list(matter.attachments.order_by("pk").values_list("name", flat=True))
    assert names == ["합성1.pdf", "합성2.pdf", "합성3.pdf", "합성4.pdf", "새 그림.png"]
    assert not Path(where).exists()
    event = Event.objects.get(verb="matter.revised")
    assert (event.data["files_removed"], len(event.data["files_added"])) == ([gone.sha256], 1)


@pytest.mark.django_db
def test_a_file_of_another_matter_cannot_be_taken_out(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (call,) = opened(("call", OPEN_CALL))
    file = Upload("합성.pdf", b"%PDF-1.7 synthetic")
    actions.submit(by=citizen(), at=AT, stage=call, data=IDEA_DATA, attachments=[file])
    by = citizen()
    own = actions.submit(by=by, at=AT, stage=call, data=IDEA_DATA)
    actions.revise(by=by, at=AT, matter=own, data=IDEA_DATA, removed=[Attachment.objects.get().pk])
    assert Attachment.objects.count() == 1
