"""Addresses of meetings and courses."""

from django.urls import path

from madang.site.gatherings.web import desk, views

app_name = "gatherings"
urlpatterns = [
    path("gatherings/meetings/<int:pk>/", views.meetings, name="meetings"),
    path("gatherings/courses/<int:pk>/", views.courses, name="courses"),
    path("gatherings/runs/<int:pk>/enrol/", views.enrol, name="enrol"),
    path("gatherings/enrolments/<int:pk>/leave/", views.leave, name="leave"),
    path("gatherings/<int:pk>/", views.meeting, name="meeting"),
    path("gatherings/<int:pk>/contribution/", views.contribute, name="contribute"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar.ics", views.feed, name="feed"),
]
desk_urlpatterns = [
    path("gatherings/meetings/<int:pk>/", desk.meetings, name="meetings"),
    path("gatherings/courses/<int:pk>/", desk.courses, name="courses"),
    path("gatherings/courses/<int:pk>/runs/", desk.open_run, name="open_run"),
    path("gatherings/runs/<int:pk>/", desk.run, name="run"),
    path("gatherings/<int:pk>/", desk.meeting, name="meeting"),
    path("gatherings/<int:pk>/change/", desk.change, name="change"),
    path("gatherings/<int:pk>/roster/", desk.roster, name="roster"),
    path("gatherings/<int:pk>/attended/", desk.attended, name="attended"),
    path("gatherings/<int:pk>/attendance/", desk.attendance, name="attendance"),
    path("gatherings/<int:pk>/minutes/", desk.minutes, name="minutes"),
]
