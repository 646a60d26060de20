"""Addresses of meetings, courses and spaces."""

from django.urls import path

from madang.site.gatherings.web import calendars, desk, desk_spaces, spaces, views

app_name = "gatherings"
urlpatterns = [
    path("gatherings/meetings/<int:pk>/", views.meetings, name="meetings"),
    path("gatherings/courses/<int:pk>/", views.courses, name="courses"),
    path("gatherings/runs/<int:pk>/enrol/", views.enrol, name="enrol"),
    path("gatherings/enrolments/<int:pk>/leave/", views.leave, name="leave"),
    path("gatherings/booking/<int:pk>/", spaces.spaces, name="spaces"),
    path("gatherings/spaces/<int:pk>/", spaces.space, name="space"),
    path("gatherings/slots/<int:pk>/", spaces.book, name="book"),
    path("gatherings/bookings/<int:pk>/", spaces.change, name="change_booking"),
    path("gatherings/bookings/<int:pk>/cancel/", spaces.cancel, name="cancel_booking"),
    path("gatherings/<int:pk>/", views.meeting, name="meeting"),
    path("gatherings/<int:pk>/contribution/", views.contribute, name="contribute"),
    path("gatherings/<int:pk>/present/", views.attend, name="attend"),
    path("calendar/", calendars.calendar, name="calendar"),
    path("calendar.ics", calendars.feed, name="feed"),
    path("calendar/own/", calendars.own, name="own_calendar"),
    path("calendar/own/<str:token>.ics", calendars.own_feed, name="own_feed"),
]
desk_urlpatterns = [
    path("gatherings/meetings/<int:pk>/", desk.meetings, name="meetings"),
    path("gatherings/courses/<int:pk>/", desk.courses, name="courses"),
    path("gatherings/runs/<int:pk>/for/", desk.on_behalf, name="on_behalf"),
    path("gatherings/courses/<int:pk>/runs/", desk.open_run, name="open_run"),
    path("gatherings/runs/<int:pk>/", desk.run, name="run"),
    path("gatherings/booking/<int:pk>/", desk_spaces.spaces, name="spaces"),
    path("gatherings/spaces/<int:pk>/", desk_spaces.space, name="space"),
    path("gatherings/spaces/<int:pk>/change/", desk_spaces.change, name="change_space"),
    path("gatherings/spaces/<int:pk>/for/", desk_spaces.book_for, name="book_for"),
    path("gatherings/slots/<int:pk>/", desk_spaces.slot, name="slot"),
    path("gatherings/bookings/<int:pk>/use/", desk_spaces.use, name="use"),
    path("gatherings/<int:pk>/", desk.meeting, name="meeting"),
    path("gatherings/<int:pk>/change/", desk.change, name="change"),
    path("gatherings/<int:pk>/roster/", desk.roster, name="roster"),
    path("gatherings/<int:pk>/attended/", desk.attended, name="attended"),
    path("gatherings/<int:pk>/code/", desk.code, name="code"),
    path("gatherings/<int:pk>/attendance/", desk.attendance, name="attendance"),
    path("gatherings/<int:pk>/minutes/", desk.minutes, name="minutes"),
]
