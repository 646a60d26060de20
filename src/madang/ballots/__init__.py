"""Elections that are secret and that anybody can verify, in version 1 of the Belenios protocol."""

from madang.ballots.archives import Reader as Reader
from madang.ballots.archives import Writer as Writer
from madang.ballots.archives import mend as mend
from madang.ballots.casting import make_ballot as make_ballot
from madang.ballots.checking import Ballot as Ballot
from madang.ballots.checking import check_ballot as check_ballot
from madang.ballots.checking import largest as largest
from madang.ballots.credentials import draw_credential as draw_credential
from madang.ballots.credentials import is_credential as is_credential
from madang.ballots.credentials import new_token as new_token
from madang.ballots.credentials import read_credentials as read_credentials
from madang.ballots.credentials import secret_of as secret_of
from madang.ballots.elections import Election as Election
from madang.ballots.elections import Question as Question
from madang.ballots.elections import read_election as read_election
from madang.ballots.groups import GROUPS as GROUPS
from madang.ballots.groups import group as group
from madang.ballots.opening import Opened as Opened
from madang.ballots.opening import open_rows as open_rows
from madang.ballots.printing import base64_hash as tracker  # noqa: F401
from madang.ballots.refusals import RULES as RULES
from madang.ballots.refusals import Refusal as Refusal
from madang.ballots.rehearsing import rehearse as rehearse
from madang.ballots.running import Running as Running
from madang.ballots.running import set_up as set_up
from madang.ballots.trustees import public_key as public_key
from madang.ballots.trustees import read_trustees as read_trustees
from madang.ballots.verifying import verify as verify
