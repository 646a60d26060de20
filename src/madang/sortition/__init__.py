"""Drawing people by lot from strata, so that a stranger can repeat the draw from its record."""

from madang.sortition.apportionment import seats_by_population as seats_by_population
from madang.sortition.drawing import FORMAT as FORMAT
from madang.sortition.drawing import commitment as commitment
from madang.sortition.drawing import draw as draw
from madang.sortition.drawing import list_hash as list_hash
from madang.sortition.people import Candidate as Candidate
from madang.sortition.people import Draw as Draw
from madang.sortition.people import Quota as Quota
from madang.sortition.people import Shortfall as Shortfall
from madang.sortition.people import stratum_key as stratum_key
from madang.sortition.verifying import verify as verify
