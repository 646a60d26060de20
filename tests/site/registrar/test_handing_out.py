"""One human, one credential, the same again; and a database that joins nobody to one."""

from datetime import timedelta

import pytest
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import connections
from django.utils import translation

from madang.site.kit.actor import SYSTEM, VISITOR
from madang.site.kit.clock import end_of
from madang.site.kit.verdict import Refused
from madang.site.people import vault
from madang.site.people.models import Letter
from madang.site.record.models import Event
from madang.site.registrar import actions, queries
from madang.site.registrar.models import Holder, Unused
from madang.site.registrar.sealing import open_for

REFUSED = {
    "too young": ({"birth_year": 2020}, "Open only to somebody who is at least 15 years old."),
    "lives elsewhere": ({"lives_in": ""}, "Open only to somebody who lives in Synthetic Town."),
}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_the_same_human_gets_the_same_credential_again_and_another_one_never_does(office):
    made = office(3)
    first, second = made.give("one"), made.give("two")
    assert first != second and {first, second} <= set(made.public)
    assert [made.give("one"), made.give("two"), made.give("one")] == [first, second, first]
    assert (Holder.objects.count(), Unused.objects.count()) == (2, 1)
    assert [event.data["again"] for event in Event.objects.filter(verb="credential.given").order_by("number")] == [
        False, False, True, True, True,
    ]  # fmt: skip


def test_a_human_who_is_checked_another_way_is_the_same_human(office):
    made = office(3)
    like = {"likeness": "a" * 64}
    first = made.give("one", **like)
    assert made.give("", subject="likeness:a", method="letter", **like) == first
    # The agency knows two of one name, birthday and sex apart; that they are alike makes them no single human.
    assert made.give("two", **like) != first


def test_an_empty_pool_gives_nobody_a_second_hand_credential(office):
    made = office(1)
    first = made.give("one")
    with pytest.raises(Refused, match="No credentials are left"):
        made.give("two")
    assert made.give("one") == first
    assert Holder.objects.count() == 1


@pytest.mark.parametrize("case", REFUSED)
def test_who_may_not_vote_is_told_why_and_gets_nothing(office, case):
    made, (facts, reason) = office(), REFUSED[case]
    with pytest.raises(Refused) as refused:
        made.give("one", **facts)
    assert str(refused.value) == reason
    assert (Holder.objects.count(), Unused.objects.count()) == (0, 5)


def test_a_letter_counts_once_also_here(office):
    made = office()
    letter = Letter.objects.create(
        code="c" * 64, likeness="l" * 64, birth_year=1990, sex="f", lives_in="town/north",
        issued_at=made.at, expires_at=made.at + timedelta(days=30),
    )  # fmt: skip
    by_letter = {"subject": "likeness:l", "method": "letter", "likeness": "l" * 64, "letter": letter.pk}
    made.give("", **by_letter)
    with pytest.raises(Refused, match="This code does not fit"):
        made.give("", **by_letter)


def test_requests_at_the_same_moment(transactional_db, office, in_threads):
    (made,) = in_threads(lambda: office(4))

    def ask(name):
        return lambda: made.give(name)

    answers = in_threads(*[ask(name) for name in ("one", "two", "three", "one", "two", "one")])
    assert len(set(answers)) == 3
    assert answers[0] == answers[3] == answers[5] and answers[1] == answers[4]


# --- what the database holds ------------------------------------------------------------------------


def everything():
    """Every value in every table, as text."""
    found = []
    for model in apps.get_models():
        for row in model._base_manager.values():
            found += [bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
                      for value in row.values()]  # fmt: skip
    return found


def test_no_credential_and_no_public_one_is_anywhere_in_the_database(office):
    made = office()
    credential = made.give("one")
    text = "\n".join(everything())
    hidden = [*made.public, *made.public.values(), "CI-one", credential.replace("-", "")]
    assert [secret for secret in hidden if secret in text] == []


def test_the_database_with_its_key_joins_nobody_without_the_identity(office):
    made = office()
    credential = made.give("one")
    holder = Holder.objects.get()
    assert open_for(made.election.uuid, "CI-one", holder.sealed) == credential
    # Neither what the row says of its human, nor the key of the pool, nor the name of another one opens it.
    for guess in (holder.human, holder.likeness, "CI-two"):
        with pytest.raises(InvalidToken):
            open_for(made.election.uuid, guess, holder.sealed)
    with pytest.raises(InvalidToken):
        vault.unseal(holder.sealed)
    assert credential not in {vault.unseal(one.sealed) for one in Unused.objects.all()}


def test_a_human_is_another_one_in_every_election(office):
    first = office()
    first.give("one")
    second = office(election="9vxBzRLDpPZ7oH")
    second.give("one")
    assert len(set(Holder.objects.values_list("human", flat=True))) == 2


def test_destroyed_rows_are_overwritten(settings):
    if "sqlite3" not in settings.DATABASES["default"]["ENGINE"]:
        pytest.skip("only SQLite leaves what is deleted in its file")
    command = connections.databases["default"]["OPTIONS"]["init_command"]
    assert command.endswith("PRAGMA secure_delete=ON")


# --- closing ----------------------------------------------------------------------------------------


def test_nothing_closes_before_the_last_day_is_over_and_nobody_but_the_operator_closes(office):
    made = office()
    with pytest.raises(Refused, match="until the end of 2031-05-20"):
        actions.close_election(by=SYSTEM, at=made.at, election=made.election)
    made.at = end_of(made.election.told.last_day)
    with pytest.raises(Refused, match="Only whoever runs the registrar"):
        actions.close_election(by=VISITOR, at=made.at, election=made.election)
    with pytest.raises(Refused, match="This vote is over"):
        made.give("one")


def test_the_close_destroys_all_secrets_and_says_how_many_were_handed_out(office):
    made = office(5)
    made.give("one")
    made.give("two")
    made.at = end_of(made.election.told.last_day)
    closed = actions.close_election(by=SYSTEM, at=made.at, election=made.election)
    assert {key: value for key, value in queries.numbers(closed).items() if isinstance(value, int)} == {
        "credentials": 5, "handed_out": 2, "destroyed": 3,
    }  # fmt: skip
    assert Unused.objects.count() == 0
    assert {(bytes(one.sealed), one.sealed_alike) for one in Holder.objects.all()} == {(b"", None)}
    with pytest.raises(Refused, match="closed already"):
        actions.close_election(by=SYSTEM, at=made.at, election=closed)
    assert actions.destroy_holders(by=SYSTEM, at=made.at, election=closed) == 2
    assert (Holder.objects.count(), queries.numbers(closed)["handed_out"]) == (0, 2)
