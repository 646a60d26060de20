"""Refusals of the engine: one rule, a sentence in two languages."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from madang import sortition
from madang.sortition.sentences import _SENTENCES

NUMBERS = re.compile(r"{(\w+)")
ENGLISH = "2 seats cannot be drawn from a pool of 1 people.\n"
KOREAN = "후보자 1명 가운데 2석을 추첨할 수는 없습니다.\n"


@pytest.mark.parametrize("rule", sorted(_SENTENCES))
def test_both_languages_tell_the_same_numbers(rule):
    english, korean = _SENTENCES[rule]
    assert sorted(NUMBERS.findall(english)) == sorted(NUMBERS.findall(korean))
    assert (bool(re.search("[가-힣]", korean)), bool(re.search("[가-힣]", english))) == (True, False)


def test_a_pool_that_is_too_small_says_so_in_both_languages():
    people = [sortition.Person("p1", {"sex": "f"})]
    with pytest.raises(sortition.Refusal) as refused:
        sortition.types_of(people, [sortition.Quota("sex", "f", 0, 2)], 2)
    told = refused.value
    assert (f"{told}\n", told.said("en") + "\n", told.said("ko") + "\n") == (ENGLISH, ENGLISH, KOREAN)


@pytest.mark.parametrize(("lang", "told"), [("ko_KR.UTF-8", KOREAN), ("C.UTF-8", ENGLISH), ("", ENGLISH)])
def test_the_command_speaks_korean_where_the_terminal_does(tmp_path, lang, told):
    (tmp_path / "quotas.csv").write_text("feature,value,min,max\nsex,f,0,1\n", encoding="utf-8")
    (tmp_path / "people.csv").write_text("id,sex\np1,f\n", encoding="utf-8")
    command = [sys.executable, "-m", "madang.cli", "sortition", "check", "quotas.csv", "people.csv", "--seats", "2"]
    env = {"PYTHONPATH": str(Path(__file__).parents[2] / "src"), "LANG": lang, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (1, told)
