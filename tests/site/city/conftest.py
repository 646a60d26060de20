"""A made-up county to load and to break."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from county_world import COUNTY


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A copy of the made-up county."""
    return Path(shutil.copytree(COUNTY, tmp_path / "county"))


@pytest.fixture
def edit(county: Path) -> Callable[[str, str, str], None]:
    """Replaces a text that is in a file of the county exactly once."""

    def replace(name: str, old: str, new: str) -> None:
        text = (county / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}"
        (county / name).write_text(text.replace(old, new), encoding="utf-8")

    return replace
