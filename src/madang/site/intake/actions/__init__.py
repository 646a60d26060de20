"""Filing matters: forms, drafts, submitting, changing, withdrawing, merging; and personal answers under seal."""

from madang.site.intake.actions.changing import merge as merge
from madang.site.intake.actions.changing import revise as revise
from madang.site.intake.actions.changing import withdraw as withdraw
from madang.site.intake.actions.filing import TWICE as TWICE
from madang.site.intake.actions.filing import FiledAlready as FiledAlready
from madang.site.intake.actions.filing import Filing as Filing
from madang.site.intake.actions.filing import discard_draft as discard_draft
from madang.site.intake.actions.filing import save_draft as save_draft
from madang.site.intake.actions.filing import submit as submit
from madang.site.intake.actions.filing import submit_all as submit_all
from madang.site.intake.actions.filing import submit_for as submit_for
from madang.site.intake.actions.forms import FormContent as FormContent
from madang.site.intake.actions.forms import load_forms as load_forms
from madang.site.intake.actions.keeping import forget_author as forget_author
from madang.site.intake.actions.keeping import forget_personal as forget_personal
from madang.site.intake.actions.keeping import read_personal as read_personal
