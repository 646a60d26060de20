"""Pages of votes: ballot without script, review, receipt, embargo on pages and files, paper desk."""

import io
import json
import re
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.urls import reverse

from madang import budgeting
from madang.site.kit import clock
from madang.site.people.actions import Verified, verify_identity
from madang.site.people.actors import citizen
from madang.site.people.models import Account, Organisation, Person, RoleGrant
from madang.site.programmes.models import Stage
from madang.site.votes import actions
from madang.site.votes.models import Ballot, PaperBatch, RollEntry

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
FILES = ("votes:board", "votes:record", "votes:pabulib", "votes:result_table")


@pytest.fixture
def town(make, monkeypatch):
    town = make(paper=True)
    town.now = town.at
    monkeypatch.setattr(clock, "now", lambda: town.now)
    return town


def sign_in(client, town, name, role="", identity=True):
    account = Account.objects.create_user(f"{name}@example.org")
    person = Person.objects.create(pseudonym=name, account=account, created_at=town.at, synthetic=True)
    if role:
        where = Organisation.objects.get(code="dept")
        RoleGrant.objects.create(person=person, role=role, organisation=where, valid_from=town.at)
    if identity:
        facts = Verified(subject=f"CI-{name}", method="phone", birth_year=1980, sex="f", lives_in="town")
        verify_identity(by=citizen(person), at=town.at, person=person, verified=facts)
    client.force_login(account)
    return person


def url(name, town):
    return reverse(name, args=[town.stage.pk])


def test_a_citizen_votes_without_script_and_gets_a_receipt_once(client, town):
    sign_in(client, town, "voter")
    assert "Look over my ballot" in client.get(url("votes:vote", town), **ENGLISH).content.decode()
    review = client.post(url("votes:review", town), {"choice": ["3", "1"]}, **ENGLISH).content.decode()
    assert re.findall(r'name="choice" value="(\d)"', review) == ["1", "3"]
    assert RollEntry.objects.count() == 0
    change = client.get(url("votes:vote", town), **ENGLISH).content.decode()
    assert sorted(re.findall(r'value="(\d)" checked', change)) == ["1", "3"]
    done = client.post(url("votes:cast", town), {"choice": ["1", "3"]}, **ENGLISH).content.decode()
    ballot = Ballot.objects.get()
    assert ballot.receipt in done and ballot.choices == "1,3"
    assert ballot.receipt not in json.dumps(dict(client.session.items()))
    found = client.get(url("votes:receipts", town), {"code": ballot.receipt}, **ENGLISH).content.decode()
    assert "Yes: the ballot of this receipt is in the box." in found
    assert "ballot_picks" not in {name for name, one in client.cookies.items() if one.value}
    again = client.post(url("votes:cast", town), {"choice": ["2"]}, **ENGLISH).content.decode()
    assert "You have already voted" in again
    assert Ballot.objects.count() == 1
    receipts = client.get(url("votes:receipts_file", town)).content
    assert receipts.decode() == f"{ballot.receipt}\n"


def test_coming_back_without_a_ballot_leads_to_the_vote(client, town):
    sign_in(client, town, "voter")
    for name in ("votes:review", "votes:cast"):
        answer = client.get(url(name, town))
        assert (answer.status_code, answer["Location"]) == (302, url("votes:vote", town))
    assert RollEntry.objects.count() == 0


def test_a_wrong_ballot_is_shown_again_with_its_picks(client, town):
    sign_in(client, town, "voter")
    page = client.post(url("votes:review", town), {"choice": ["1", "2", "3"]}, **ENGLISH).content.decode()
    assert "Choose 1 to 2 options; you chose 3." in page
    assert sorted(re.findall(r'value="(\d)" checked', page)) == ["1", "2", "3"]
    for junk in ("²", "x", "99999999999999999999", "-1", ""):
        client.post(url("votes:cast", town), {"choice": [junk]})
    assert RollEntry.objects.count() == 0


def test_without_an_identity_check_the_button_says_why(client, town):
    sign_in(client, town, "visitor", identity=False)
    page = client.get(url("votes:vote", town), **ENGLISH).content.decode()
    assert "Please check your identity on My page first" in page
    assert page.count(f'href="{reverse("people:identity")}?next={url("votes:vote", town)}"') == 1
    client.post(url("votes:cast", town), {"choice": ["1"]})
    assert RollEntry.objects.count() == 0


def test_a_visitor_sees_the_paper_and_cannot_cast_without_a_check(client, town):
    page = client.get(url("votes:vote", town), **ENGLISH).content.decode()
    assert page.count(f'action="{url("votes:verify", town)}"') == 1
    refused = client.post(url("votes:cast", town), {"choice": ["1"]}, **ENGLISH).content.decode()
    assert "Please check your identity first; your name is not kept with the ballot." in refused
    assert RollEntry.objects.count() == 0


def test_a_voter_reads_in_which_electorate_the_ballot_counts(client, make, monkeypatch):
    members = {"code": "members", "ko": "위원", "en": "Members", "who": ["member_of:assembly"]}
    public = {"code": "public", "ko": "시민", "en": "Citizens", "who": ["lives_in:town"]}
    town = make(electorates=(members, public))
    town.now = town.at
    monkeypatch.setattr(clock, "now", lambda: town.now)
    sign_in(client, town, "voter")
    page = client.get(url("votes:vote", town), **ENGLISH).content.decode()
    assert page.count("You vote as: <strong>Citizens</strong>") == 1
    review = client.post(url("votes:review", town), {"choice": ["1"]}, **ENGLISH).content.decode()
    assert review.count("You vote as: <strong>Citizens</strong>") == 1


def test_the_order_of_options_is_stable_for_a_visitor_and_differs_between_visitors(client, make, monkeypatch):
    town = make(costs=[1] * 12)
    monkeypatch.setattr(clock, "now", lambda: town.at)

    def order():
        return re.findall(r'name="choice" value="(\d+)"', client.get(url("votes:vote", town)).content.decode())

    first = order()
    assert order() == first
    client.cookies.clear()
    others = []
    for _visitor in range(3):
        others.append(order())
        client.cookies.clear()
    assert any(other != first for other in others)
    assert all(sorted(other) == sorted(first) for other in others)


def test_no_page_or_file_tells_a_result_before_closing(client, town):
    for name in "abc":
        actions.cast(by_voter=town.voter(name), at=town.at, election=town.election, choices=[2])
    actions.count(by=town.officer, at=town.at, election=town.election)
    for name in FILES:
        assert client.get(url(name, town)).status_code == 403
    sign_in(client, town, "official", "officer")
    for name in FILES:
        assert client.get(url(name, town)).status_code == 403
    for name in ("votes:vote", "votes_desk:vote"):
        page = client.get(url(name, town), **ENGLISH).content.decode()
        assert "Options by rank" not in page and "Votes by option" not in page
    town.close(stage=town.stage)
    town.now = town.later
    page = client.get(url("votes:vote", town), **ENGLISH).content.decode()
    assert "Options by rank" in page
    board = json.loads(client.get(url("votes:board", town)).content)
    assert sorted(row["choices"] for row in board["ballots"]) == [[2], [2], [2]]
    table = client.get(url("votes:result_table", town), **ENGLISH).content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in table] == ["Rank", "1", "2", "3"]
    assert table[1].split(",")[3:4] == ["3"]
    assert client.get(url("votes:record", town)).json()["tally"]["options"][0]["number"] == 2
    assert client.get(url("votes:pabulib", town)).content.decode().startswith("META\n")


def test_papers_at_the_desk_need_two_officials_and_keep_what_was_typed(client, town):
    sign_in(client, town, "first", "officer")
    enter = url("votes_desk:enter_papers", town)
    typed = {"roll": "A-1\nA-2", "papers": "1,2\none"}
    wrong = client.post(enter, typed, **ENGLISH).content.decode()
    assert "Line 2 of the papers cannot be read" in wrong and "A-1\nA-2" in wrong and "1,2\none" in wrong
    fewer = client.post(enter, {"roll": "A-1\nA-2", "papers": "1,2"}, **ENGLISH).content.decode()
    assert "Electorate public: 2 voters but 1 papers; both must be as many." in fewer
    other = client.post(enter, {"roll": "staff; A-1", "papers": "1"}, **ENGLISH).content.decode()
    assert "“Voters, one a line”, line 1, names no electorate of this vote; it has public." in other
    assert client.post(enter, {"roll": "", "papers": ""}).status_code == 200
    assert PaperBatch.objects.count() == 0
    client.post(enter, {"roll": "A-1\n\nCI-voter", "papers": "public; 3\n1,2"})
    batch = PaperBatch.objects.get()
    confirm = reverse("votes_desk:papers", args=[town.stage.pk, batch.pk])
    client.post(confirm, {"do": "confirm"})
    assert Ballot.objects.count() == 0
    assert "Confirm 2 papers" not in client.get("/desk/", **ENGLISH).content.decode()
    client.logout()
    sign_in(client, town, "second", "head")
    assert "Confirm 2 papers" in client.get("/desk/", **ENGLISH).content.decode()
    page = client.get(url("votes_desk:vote", town), **ENGLISH).content.decode()
    assert "Compare with the papers" in page and "public: 1, 2" in page
    client.post(confirm, {"do": "confirm"})
    assert sorted(Ballot.objects.values_list("choices", flat=True)) == ["1,2", "3"]
    client.logout()
    # The same human, found by the subject of the identity check, cannot vote online as well.
    sign_in(client, town, "voter")
    assert "You have already voted" in client.get(url("votes:vote", town), **ENGLISH).content.decode()


def test_the_office_seals_counts_recounts_and_destroys_the_roll(client, town):
    actions.cast(by_voter=town.voter("a"), at=town.at, election=town.election, choices=[2])
    sign_in(client, town, "official", "officer")
    client.post(url("votes_desk:seal", town))
    assert town.election.sealings.count() == 1
    client.post(url("votes_desk:count", town))
    town.close(stage=town.stage)
    town.now = town.later
    page = client.post(url("votes_desk:recount", town), follow=True, **ENGLISH).content.decode()
    assert "The recount gives the published result." in page
    early = client.post(url("votes_desk:destroy_roll", town), {"sure": "yes"}, **ENGLISH)
    assert early.status_code == 403 and RollEntry.objects.count() == 1
    town.now = town.later + timedelta(days=30)
    client.post(url("votes_desk:destroy_roll", town))
    assert RollEntry.objects.count() == 1
    client.post(url("votes_desk:destroy_roll", town), {"sure": "yes"})
    assert RollEntry.objects.count() == 0


def test_the_desk_is_closed_to_citizens(client, town):
    sign_in(client, town, "voter")
    for name in ("votes_desk:vote", "votes_desk:enter_papers"):
        assert client.get(url(name, town)).status_code == 403
    client.post(url("votes_desk:seal", town))
    assert town.election.sealings.count() == 0


def _ballots(client, town):
    answer = client.get(reverse("votes:recount_kit", args=[town.money.pk]))
    with ZipFile(io.BytesIO(answer.content)) as bundle:
        return budgeting.read_bytes(bundle.read("ballots.pb"))


def test_the_office_chooses_the_rule_from_cards_before_the_vote_and_never_after(client, town):
    sign_in(client, town, "official", "officer")
    page = reverse("votes_desk:choose_rule", args=[town.money.pk])
    wanted = {"rule": "equal-shares", "ties": "max_cost,file", "ceiling_won": "50"}
    closed = client.post(page, wanted, **ENGLISH).content.decode()
    assert "the rule by which its money is allotted cannot be changed any more" in closed
    Stage.objects.filter(pk=town.stage.pk).update(opened_at=None)
    assert client.get(page).content.decode().count('type="radio" name="rule"') == 7
    for wrong in ({"rule": "dice"}, {"ties": "lot"}, {"ceiling_won": "-1"}, {"ceiling_won": ""}):
        told = client.post(page, {**wanted, **wrong}, **ENGLISH)
        assert told.status_code == 200
    assert Stage.objects.get(pk=town.money.pk).settings == {"ceiling_won": 40}
    client.post(page, wanted)
    chosen = {"rule": "equal-shares", "ties": ["max_cost", "file"], "ceiling_won": 50}
    assert Stage.objects.get(pk=town.money.pk).settings == chosen
    client.logout()
    sign_in(client, town, "citizen")
    assert client.post(page, wanted).status_code == 403


def test_allotment_pages_explain_each_project_and_give_a_record(client, town):
    for name, choices in (("a", [2, 3]), ("b", [2, 3]), ("c", [2, 1])):
        actions.cast(by_voter=town.voter(name), at=town.at, election=town.election, choices=choices)
    page = reverse("votes:allotment", args=[town.money.pk])
    record = reverse("votes:allotment_record", args=[town.money.pk])
    assert "No money has been allotted yet" in client.get(page, **ENGLISH).content.decode()
    assert client.get(record).status_code == 404
    town.close(stage=town.stage)
    town.open(stage=town.money)
    town.close(stage=town.money, at=town.later)
    town.now = town.later
    text = client.get(page, **ENGLISH).content.decode()
    assert "With 2 more votes, all else equal, it would have been funded." in text
    assert budgeting.verify(client.get(record).json(), _ballots(client, town)).ok
    table = client.get(reverse("votes:allotment_table", args=[town.money.pk]), **ENGLISH).content.decode("utf-8-sig")
    assert sorted(line.split(",")[5] for line in table.splitlines()[1:]) == ["funded", "funded", "not funded"]
    assert table.count("With 2 more votes, all else equal, it would have been funded.") == 1
    sign_in(client, town, "official", "officer")
    assert client.get(reverse("votes_desk:allotment", args=[town.money.pk])).status_code == 200


def test_pages_cost_the_same_queries_for_few_and_many_options(client, make, monkeypatch, django_assert_num_queries):
    town = make(costs=[1])
    monkeypatch.setattr(clock, "now", lambda: town.at)
    with django_assert_num_queries(9):
        client.get(url("votes:vote", town))
    town.election.options.create(
        matter=town.matters[0].__class__.objects.create(
            number="x", process=town.process, stage=town.stage, kind="project", title="둘", filed_at=town.at
        ),
        order=2,
    )
    with django_assert_num_queries(9):
        client.get(url("votes:vote", town))


def test_pages_are_korean_first(client, town):
    assert "투표용지" in client.get(url("votes:vote", town)).content.decode()
