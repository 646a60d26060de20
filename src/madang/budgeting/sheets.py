"""A `.pb` file as text: three tables, what was mended in them, and the mistakes that cannot be mended."""

from dataclasses import dataclass, field


class FileFault(ValueError):
    """What is wrong with a file, with the line and column (both from 1) where it is; a lenient reader may mend it."""

    def __init__(self, line: int, column: int, sentence: str, *, mendable: bool = False):
        super().__init__(f"line {line}, column {column}: {sentence}")
        self.line, self.column, self.sentence, self.mendable = line, column, sentence, mendable


@dataclass(frozen=True)
class Repair:
    """Something that was read otherwise than it stands in the file."""

    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.sentence}"


@dataclass
class Sheet:
    """The three tables of a file. `votes` are the rows below the header of VOTES, as bytes with LF.

    `project_lines` are the lines on which the rows of `projects` begin, `votes_line` is the line of the first ballot.
    """

    meta: dict[str, str]
    project_columns: list[str]
    projects: list[list[str]]
    vote_columns: list[str]
    votes: bytes
    project_lines: list[int] = field(default_factory=list)
    votes_line: int = 1
    sha256: str = ""
    lenient: bool = False
    meta_lines: dict[str, int] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)

    def column(self, name: str) -> list[str]:
        """The cells of a column of PROJECTS; empty text where there is no such column."""
        if name not in self.project_columns:
            return [""] * len(self.projects)
        place = self.project_columns.index(name)
        return ["" if row[place] == "None" else row[place].strip() for row in self.projects]

    def mend(self, line: int, column: int, sentence: str) -> None:
        """Note a repair if the reader is lenient, otherwise refuse the file."""
        if not self.lenient:
            raise FileFault(line, column, sentence, mendable=True)
        self.note(line, column, sentence)

    def note(self, line: int, column: int, sentence: str) -> None:
        """Note what is allowed but was read otherwise than it stands."""
        self.repairs.append(Repair(line, column, sentence))
