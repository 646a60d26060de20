"""Addresses of draws and appointments."""

from django.urls import path

from madang.site.panels.web import desk, setup, views, watching

app_name = "panels"
urlpatterns = [
    path("panels/draws/<int:pk>/", views.draw, name="draw"),
    path("panels/draws/<int:pk>/record.json", views.record, name="record"),
    path("panels/draws/<int:pk>/reply/", views.reply, name="reply"),
    path("panels/draws/<int:pk>/watch/", watching.watch, name="watch"),
    path("panels/draws/<int:pk>/panels/", watching.panels, name="panels"),
    path("panels/draws/<int:pk>/proof/", watching.proof, name="proof"),
    path("panels/draws/<int:pk>/own/", watching.own, name="own"),
    path("panels/verifier.py", watching.verifier, name="verifier"),
    path("panels/appointments/<int:pk>/", views.appointment, name="appointment"),
]
desk_urlpatterns = [
    path("panels/draws/<int:pk>/", desk.draw, name="draw"),
    path("panels/draws/<int:pk>/setup/", setup.setup, name="setup"),
    path("panels/draws/<int:pk>/rehearsal/", setup.rehearsal, name="rehearsal"),
    path("panels/draws/<int:pk>/freeze/", desk.freeze, name="freeze"),
    path("panels/draws/<int:pk>/drawing/", desk.drawing, name="drawing"),
    path("panels/draws/<int:pk>/reserves/", desk.reserves, name="reserves"),
    path("panels/draws/<int:pk>/replies/<int:entry>/", desk.reply, name="reply"),
    path("panels/appointments/<int:pk>/", desk.appointment, name="appointment"),
    path("panels/appointments/<int:pk>/appoint/", desk.appoint, name="appoint"),
]
