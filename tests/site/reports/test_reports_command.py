"""The command `madang report` on a synthetic city: what it prints, writes and returns."""

import json
from pathlib import Path

import pytest
from reports_world import World, obligate

from madang.cli.main import main
from madang.site.reports.models import FrozenReport


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command finds its database as the tests have it, not a demo in this folder."""
    monkeypatch.chdir(tmp_path)


def test_figures_are_listed_as_json(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "figures", "--json", "--as-of", "2021-10-01"]) == 0
    listed = json.loads(capsys.readouterr().out)
    found = {figure["name"]: figure for figure in listed}
    assert {key: found["obligated:P-01"][key] for key in ("value", "unit", "kind", "programme")} == {
        "value": 333,
        "unit": "thousand_won",
        "kind": "derived",
        "programme": "1-1",
    }
    assert (found["visitors"]["kind"], found["visitors"]["source"], found["visitors"]["line"]) == (
        "observed",
        "합성 문서",
        7,
    )


def test_compare_returns_0_only_for_exactly_the_known_differences(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "compare", "--report", "yearly", "--as-of", "2021-10-01"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 known differences found, 0 not found, 0 unexpected."
    obligate(world.line, 1_000)
    assert main(["report", "compare", "--report", "yearly", "--as-of", "2021-10-01"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 known differences found, 1 not found, 2 unexpected."


def test_check_returns_0_while_nothing_contradicts(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "check", "--as-of", "2021-10-01"]) == 0
    assert capsys.readouterr().out == "8 relations, 0 contradictions as of 2021-10-01.\n"


def test_freeze_keeps_the_report_and_prints_its_fingerprint(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "freeze", "--report", "yearly", "--as-of", "2021-10-01"]) == 0
    frozen = FrozenReport.objects.get()
    assert capsys.readouterr().out == f"yearly as of 2021-10-01, SHA-256 {frozen.sha256}\n"
    assert main(["report", "freeze", "--report", "yearly", "--as-of", "2021-10-01"]) == 1
    assert capsys.readouterr().err == "madang: This very report was handed in already.\n"
    obligate(world.line, 1_000)
    assert main(["report", "freeze", "--report", "yearly", "--as-of", "2021-10-01"]) == 0
    assert FrozenReport.objects.count() == 2


def test_an_unknown_report_and_a_wrong_day_are_sentences(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "council", "--as-of", "2021-10-01"]) == 1
    assert capsys.readouterr().err == 'madang: There is no report "council"; this city knows: yearly.\n'
    with pytest.raises(SystemExit) as ended:
        main(["report", "check", "--as-of", "1.10.2021"])
    assert ended.value.code == 2
    assert '"1.10.2021" is not a day; write it as 2021-10-01' in capsys.readouterr().err


def test_a_day_without_a_budget_and_a_day_to_come_are_sentences(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    add_yearly = ["report", "freeze", "--report", "yearly", "--as-of"]
    assert main([*add_yearly, "2020-12-31"]) == 1
    assert capsys.readouterr().err == "madang: There is no budget of 2020 in the records; choose another day.\n"
    assert main([*add_yearly, "2099-01-01"]) == 1
    told = "madang: A report cannot be as of a day to come; give today or an earlier day.\n"
    assert capsys.readouterr().err == told
    assert FrozenReport.objects.count() == 0


def test_a_folder_that_cannot_be_written_is_a_sentence(
    world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for path in [tmp_path / "report/yearly.toml", *tmp_path.glob("report/yearly/*")]:
        copy = tmp_path / str(path.relative_to(tmp_path)).replace("yearly", "council")
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (tmp_path / "taken").write_text("synthetic")
    written = ["report", "council", "--format", "html", "--as-of", "2021-10-01", "--out"]
    assert main([*written, str(tmp_path / "taken")]) == 2
    assert capsys.readouterr().err == f"madang: {tmp_path / 'taken'} cannot be used: File exists.\n"
    assert main([*written, str(tmp_path / "new")]) == 0
    (page,) = (tmp_path / "new").iterdir()
    assert (page.name, page.read_text().count("<a ")) == ("council-2021-10-01-ko.html", 0)
    assert main([*written, str(tmp_path / "new"), "--site", "https://madang.example/"]) == 0
    address = "https://madang.example/figures/obligated%3AP-01/?as_of=2021-10-01"
    assert page.read_text().count(f'<a class="figure" href="{address}">333</a>') == 2
    with pytest.raises(SystemExit) as ended:
        main([*written, str(tmp_path / "new"), "--site", "javascript:alert(1)"])
    assert ended.value.code == 2
