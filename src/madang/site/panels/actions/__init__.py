"""Writes on draws and appointments."""

from madang.site.panels.actions.appointing import appoint as appoint
from madang.site.panels.actions.appointing import close_appointment as close_appointment
from madang.site.panels.actions.appointing import months_later as months_later
from madang.site.panels.actions.drawing import draw as draw
from madang.site.panels.actions.drawing import freeze as freeze
from madang.site.panels.actions.planning import plan as plan
from madang.site.panels.actions.replying import call_reserves as call_reserves
from madang.site.panels.actions.replying import call_reserves_of_the_night as call_reserves_of_the_night
from madang.site.panels.actions.replying import close_draw as close_draw
from madang.site.panels.actions.replying import reply as reply
