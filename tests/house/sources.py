"""What the house tests read: the tracked files and the modules of the source."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "madang"


@cache
def tracked() -> list[Path]:
    """The files of the repository; outside a repository (an unpacked archive) all but made ones."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        files = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        made = {".venv", "var", "__pycache__"}
        files = [file for file in ROOT.rglob("*") if not made & set(file.relative_to(ROOT).parts)]
    return [file for file in files if file.is_file()]


def modules() -> list[Path]:
    """The Python modules of the source, without migrations."""
    return sorted(file for file in SOURCE.rglob("*.py") if "migrations" not in file.parts)


@cache
def tree(file: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"))


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions and methods of a module."""
    return (node for node in ast.walk(tree(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def name_of(file: Path) -> str:
    """A file's path inside the repository."""
    return file.relative_to(ROOT).as_posix()
