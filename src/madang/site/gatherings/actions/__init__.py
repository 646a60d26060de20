"""Writes on meetings and courses."""

from madang.site.gatherings.actions.attendance import attend_by_code as attend_by_code
from madang.site.gatherings.actions.attendance import close_code as close_code
from madang.site.gatherings.actions.attendance import code_of as code_of
from madang.site.gatherings.actions.attendance import mark_present as mark_present
from madang.site.gatherings.actions.attendance import open_code as open_code
from madang.site.gatherings.actions.attendance import record_attendance as record_attendance
from madang.site.gatherings.actions.calendars import end_calendar_link as end_calendar_link
from madang.site.gatherings.actions.calendars import make_calendar_link as make_calendar_link
from madang.site.gatherings.actions.courses import attend as attend
from madang.site.gatherings.actions.courses import complete as complete
from madang.site.gatherings.actions.courses import enrol as enrol
from madang.site.gatherings.actions.courses import enrol_for as enrol_for
from madang.site.gatherings.actions.courses import leave as leave
from madang.site.gatherings.actions.courses import open_cohort as open_cohort
from madang.site.gatherings.actions.courses import open_course as open_course
from madang.site.gatherings.actions.courses import report_headcount as report_headcount
from madang.site.gatherings.actions.meetings import cancel as cancel
from madang.site.gatherings.actions.meetings import change as change
from madang.site.gatherings.actions.meetings import contribute as contribute
from madang.site.gatherings.actions.meetings import hold as hold
from madang.site.gatherings.actions.meetings import publish_minutes as publish_minutes
