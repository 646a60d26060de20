"""The nightly command and votes: a quiet vote must not keep the night's other work from being done."""

import argparse

from madang.cli.site import run_nightly
from madang.site.kit import clock
from madang.site.record.models import Seal
from madang.site.votes import actions


def test_a_night_without_new_ballots_still_seals_the_books(make, monkeypatch, tmp_path, capsys):
    town = make()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(clock, "now", lambda: town.at)
    actions.cast(by_voter=town.voter("a"), at=town.at, election=town.election, choices=[1])
    assert run_nightly(argparse.Namespace()) == 0
    monkeypatch.setattr(clock, "now", lambda: town.later)
    assert run_nightly(argparse.Namespace()) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line for line in told if line.startswith("Votes")] == [
        "Votes with new ballots sealed: 1",
        "Votes with new ballots sealed: 0",
    ]
    assert (Seal.objects.count(), town.election.sealings.count()) == (2, 1)
