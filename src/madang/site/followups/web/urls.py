"""Addresses of this room."""

from django.urls import path

from madang.site.followups.web import desk, views

app_name = "followups"
urlpatterns = [
    path("followups/answers/<int:pk>/", views.answer, name="answer"),
    path("followups/deliveries/<int:pk>/", views.deliver, name="deliver"),
    path("followups/matters/<int:pk>/", views.matter, name="matter"),
    path("followups/matters/<int:pk>/visit/", views.visit, name="visit"),
]
desk_urlpatterns = [
    path("followups/answers/<int:pk>/", desk.answer, name="answer"),
    path("followups/answers/<int:pk>/<int:matter>/", desk.reply, name="reply"),
    path("followups/deliveries/<int:pk>/", desk.deliver, name="deliver"),
    path("followups/matters/<int:pk>/", desk.matter, name="matter"),
    path("followups/milestones/<int:pk>/", desk.milestone, name="milestone"),
]
