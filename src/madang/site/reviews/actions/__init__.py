"""What officials, reviewers, objectors and bodies do with matters."""

from madang.site.reviews.actions.costing import CostLine as CostLine
from madang.site.reviews.actions.costing import check_cost as check_cost
from madang.site.reviews.actions.costing import estimate_cost as estimate_cost
from madang.site.reviews.actions.letters import change_letter as change_letter
from madang.site.reviews.actions.letters import prepare_letters as prepare_letters
from madang.site.reviews.actions.letters import publish as publish
from madang.site.reviews.actions.motions import Decided as Decided
from madang.site.reviews.actions.motions import vote_in_body as vote_in_body
from madang.site.reviews.actions.objections import decide_objection as decide_objection
from madang.site.reviews.actions.objections import object_to as object_to
from madang.site.reviews.actions.panel import end_scoring as end_scoring
from madang.site.reviews.actions.panel import keep_sheet as keep_sheet
from madang.site.reviews.actions.panel import send_back as send_back
from madang.site.reviews.actions.screening import end_pause as end_pause
from madang.site.reviews.actions.screening import pause as pause
from madang.site.reviews.actions.screening import refer as refer
from madang.site.reviews.actions.screening import screen as screen
from madang.site.reviews.actions.screening import undo as undo
from madang.site.reviews.actions.sheets import assign as assign
from madang.site.reviews.actions.sheets import assign_all as assign_all
from madang.site.reviews.actions.sheets import recuse as recuse
from madang.site.reviews.actions.sheets import remind as remind
from madang.site.reviews.actions.sheets import submit_scores as submit_scores
from madang.site.reviews.rulings import Ruled as Ruled
