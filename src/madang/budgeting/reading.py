"""Reading `.pb`, `.pb.gz`, and a folder of the same three tables as CSV."""

import csv
import io
import re
import zlib
from hashlib import sha256
from pathlib import Path

from madang.budgeting.sheets import FileFault, Sheet

OBLIGATORY = ("num_projects", "num_votes", "budget", "vote_type")
LONGEST_LINE = 1_000_000
_VOTES = re.compile(rb"(?im)^[ \t]*votes[; \t]*\r?$")
_PROJECTS = re.compile(r"(?im)^[ \t]*projects[; \t]*\r?$")


def read(path: Path, *, lenient: bool = False) -> Sheet:
    """The tables of a file, or of a folder with `meta.csv`, `projects.csv` and `votes.csv`.

    Raises FileFault with line and column. With `lenient`, what can be mended without guessing a vote is mended,
    and every repair is noted in the sheet.
    """
    if path.is_dir():
        return read_bytes(_joined(path), lenient=lenient)
    return read_bytes(path.read_bytes(), lenient=lenient)


def read_bytes(content: bytes, *, lenient: bool = False) -> Sheet:
    """The tables of a file that is in memory already, compressed or not."""
    if content[:2] == b"\x1f\x8b":
        content = _unpacked(content)
    sheet = Sheet({}, [], [], [], b"", sha256=sha256(content).hexdigest(), lenient=lenient)
    content = _as_utf8(content.removeprefix(b"\xef\xbb\xbf"), sheet)
    found = _VOTES.search(content)
    if found is None:
        line, column = _end(content)
        raise FileFault(line, column, "the file has no section VOTES; it may have been cut off.")
    head = content[: found.start()].decode("utf-8")
    _refuse_long_lines(head, 1)
    divide = _PROJECTS.search(head)
    if divide is None:
        raise FileFault(head.count("\n") + 1, 1, "there is no section PROJECTS before VOTES.")
    _read_meta(head[: divide.start()], sheet)
    _read_projects(head[divide.end() :].removeprefix("\n"), head.count("\n", 0, divide.end()) + 2, sheet)
    _read_votes(content, found.end(), sheet)
    return sheet


def _read_meta(text: str, sheet: Sheet) -> None:
    rows = _rows(text, 1)
    if not rows or rows[0][1][0].strip().upper() != "META":
        raise FileFault(1, 1, "the file does not begin with the section META.")
    if len(rows) < 2 or [cell.strip() for cell in rows[1][1][:2]] != ["key", "value"]:
        raise FileFault(2, 1, "below META there must be the line key;value.")
    for line, row in rows[2:]:
        key = row[0].strip()
        if len(row) < 2:
            sheet.mend(line, len(row[0]) + 1, f"META {key!r} has no value; it was left out.")
            continue
        if key in sheet.meta:
            sheet.mend(line, 1, f"META {key!r} stands here again; the first value was kept.")
            continue
        sheet.meta[key], sheet.meta_lines[key] = ";".join(row[1:]).rstrip(";").strip(), line
    last = rows[-1][0]
    for key in OBLIGATORY:
        if not sheet.meta.get(key):
            sheet.mend(last, 1, f"META has no {key}; it was worked out from the rest.")
            if key == "budget":
                raise FileFault(last, 1, "META has no budget; nothing can be counted without one.")


def _read_projects(text: str, line: int, sheet: Sheet) -> None:
    rows = _rows(text, line)
    if not rows:
        raise FileFault(line, 1, "the section PROJECTS is empty.")
    sheet.project_columns = [cell.strip() for cell in rows[0][1]]
    for needed in ("project_id", "cost"):
        if needed not in sheet.project_columns:
            raise FileFault(rows[0][0], 1, f"PROJECTS has no column {needed}.")
    width = len(sheet.project_columns)
    for at, row in rows[1:]:
        if len(row) != width:
            place = sum(len(cell) + 1 for cell in row[:width])
            sheet.mend(at, max(1, place), f"this project has {len(row)} fields, the header names {width}.")
            row = (row + [""] * width)[:width]
        sheet.projects.append(row)
        sheet.project_lines.append(at)


def _read_votes(content: bytes, start: int, sheet: Sheet) -> None:
    begin = content.find(b"\n", start) + 1
    line = content.count(b"\n", 0, begin) + 1
    stop = content.find(b"\n", begin)
    header = content[begin : stop if stop >= 0 else len(content)].decode("utf-8").strip()
    if begin == 0 or not header:
        raise FileFault(line, 1, "the section VOTES has no header; the file may have been cut off.")
    sheet.vote_columns = [cell.strip() for cell in header.split(";")]
    for needed in ("voter_id", "vote"):
        if needed not in sheet.vote_columns:
            raise FileFault(line, 1, f"VOTES has no column {needed}.")
    votes = content[stop + 1 :] if stop >= 0 else b""
    sheet.votes = votes.replace(b"\r\n", b"\n") if b"\r" in votes else votes
    sheet.votes_line = line + 1


def _rows(text: str, line: int) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, each with the number of its first line."""
    found = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    before = 0
    csv.field_size_limit(LONGEST_LINE)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                found.append((line + before, row))
            before = reader.line_num
    except csv.Error as error:
        raise FileFault(line + before, 1, f"the line cannot be read as fields: {error}.") from error
    return found


def _refuse_long_lines(text: str, line: int) -> None:
    for number, one in enumerate(text.split("\n"), line):
        if len(one) > LONGEST_LINE:
            raise FileFault(number, LONGEST_LINE + 1, f"the line is {len(one):,} characters long; 1,000,000 are read.")


def _unpacked(content: bytes) -> bytes:
    reader = zlib.decompressobj(wbits=31)
    try:
        plain = reader.decompress(content) + reader.flush()
    except zlib.error as error:
        raise FileFault(1, 1, f"the compressed file is damaged: {error}.") from error
    if not reader.eof:
        line, column = _end(plain)
        raise FileFault(line, column, "the compressed file ends here in the middle; it was cut off.")
    return plain


def _as_utf8(content: bytes, sheet: Sheet) -> bytes:
    if content.isascii():
        return content
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _end(content[: error.start])
        try:
            text = content.decode("cp949")
        except UnicodeDecodeError:
            raise FileFault(line, column, "the file is not text in UTF-8.") from error
        sheet.mend(line, column, "the file is not UTF-8; it was read as CP949, in which Korean offices write.")
        return text.encode("utf-8")
    return content


def _end(content: bytes) -> tuple[int, int]:
    """Line and column of the place after the last character."""
    tail = content[content.rfind(b"\n") + 1 :]
    return content.count(b"\n") + 1, len(tail.decode("utf-8", "replace")) + 1


def _joined(folder: Path) -> bytes:
    """A folder of CSV files as one `.pb`; a line of a fault is counted over the three files together."""
    sheet = io.StringIO(newline="")
    for name, title in (("meta.csv", "META"), ("projects.csv", "PROJECTS"), ("votes.csv", "VOTES")):
        sheet.write(f"{title}\n")
        writer = csv.writer(sheet, delimiter=";", lineterminator="\n")
        text = (folder / name).read_text(encoding="utf-8-sig")
        writer.writerows(csv.reader(io.StringIO(text, newline="")))
    return sheet.getvalue().encode()
