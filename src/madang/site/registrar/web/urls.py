"""Addresses of the registrar."""

from django.urls import path

from madang.site.registrar.web import counter, views

app_name = "registrar"
urlpatterns = [
    path("", views.elections, name="elections"),
    path("elections/<slug:uuid>/", views.election, name="election"),
    path("elections/<slug:uuid>/numbers.json", views.numbers, name="numbers"),
    path("desk/", counter.slips, name="slips"),
    path("desk/elections/<slug:uuid>/", counter.slip, name="slip"),
]
