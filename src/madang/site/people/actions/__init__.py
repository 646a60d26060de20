"""Writes on people: registering, claims, seats, roles, identity checks, letters with codes, being forgotten."""

from madang.site.people.actions.identities import Verified as Verified
from madang.site.people.actions.identities import age_band as age_band
from madang.site.people.actions.identities import check_visitor as check_visitor
from madang.site.people.actions.identities import facts_of as facts_of
from madang.site.people.actions.identities import forget_expired as forget_expired
from madang.site.people.actions.identities import use_letter as use_letter
from madang.site.people.actions.identities import verify_at_counter as verify_at_counter
from madang.site.people.actions.identities import verify_identity as verify_identity
from madang.site.people.actions.letters import Addressee as Addressee
from madang.site.people.actions.letters import print_letters as print_letters
from madang.site.people.actions.letters import read_letter as read_letter
from madang.site.people.actions.persons import NewPerson as NewPerson
from madang.site.people.actions.persons import NewSeat as NewSeat
from madang.site.people.actions.persons import add_seat as add_seat
from madang.site.people.actions.persons import end_role as end_role
from madang.site.people.actions.persons import end_seat as end_seat
from madang.site.people.actions.persons import forget as forget
from madang.site.people.actions.persons import give_role as give_role
from madang.site.people.actions.persons import grant_claims as grant_claims
from madang.site.people.actions.persons import new_pseudonym as new_pseudonym
from madang.site.people.actions.persons import open_account as open_account
from madang.site.people.actions.persons import register_people as register_people
from madang.site.people.actions.persons import rename as rename
from madang.site.people.actions.persons import seat as seat
