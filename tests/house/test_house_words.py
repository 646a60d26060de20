"""No file knows the reference city, this machine or a package host."""

import re

from sources import ROOT, SOURCE, modules, name_of, tracked

# Written in parts, so that this file does not find itself.
HOSTS = "|".join(["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "crates" + ".io/api"])
FOREIGN = re.compile("fi" + r"le://|https?://[^\s\"']*(?:" + HOSTS + ")")
# The folders are joined here for the same reason.
FOLDERS = ["ho" + "me/[a-z]", "ro" + "ot/", "wo" + "rk/", "tm" + "p/", "Us" + "ers/"]
MACHINE = re.compile(r"(?<![\w.~}])/(?:" + "|".join(FOLDERS) + ")")
CODE = {".py", ".toml", ".html", ".css", ".js", ".typ", ".yml", ".yaml", ".cfg", ""}
ENDINGS = CODE | {".md", ".txt", ".csv", ".po", ".json"}


def texts() -> dict[str, str]:
    """The text files of the repository."""
    files = [file for file in tracked() if file.suffix in ENDINGS and file.stat().st_size < 2_000_000]
    return {name_of(file): file.read_text(encoding="utf-8", errors="replace") for file in files}


def test_no_code_knows_the_reference_city():
    word = re.compile("se" + "oul|서" + "울", re.IGNORECASE)
    # The zone of a clock, the default folder of a city and the names of fonts are settings of a deployment.
    # So is the name of a zone in the sentence about a wrong one.
    allowed = {"src/madang/site/settings.py": 1, "src/madang/site/config.py": 1, "src/madang/site/city/checks.py": 1}
    files = [*modules(), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.po")]
    found = {name_of(file): len(word.findall(file.read_text(encoding="utf-8"))) for file in files}
    assert {name: count for name, count in found.items() if count > allowed.get(name, 0)} == {}


def test_no_tracked_file_names_a_package_host():
    found = {name: FOREIGN.findall(text) for name, text in texts().items()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_no_tracked_file_names_a_path_of_a_machine():
    found = {name: MACHINE.findall(text) for name, text in texts().items()}
    assert {name: hits for name, hits in found.items() if hits} == {}
    assert str(ROOT) not in "".join(texts().values())
