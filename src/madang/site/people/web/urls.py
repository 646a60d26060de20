"""Addresses of the pages about oneself, and of the administrator's desk."""

from django.urls import path

from madang.site.people.web import checking, counter, desk, views

app_name = "people"
urlpatterns = [
    path("my/identity/", checking.identity, name="identity"),
    path("identity/check/", checking.check, name="check"),
    path("identity/back/", checking.identity_back, name="identity_back"),
    path("identity/mock/", checking.mock_identity, name="mock_identity"),
    path("identity/letter/", checking.letter_code, name="letter_code"),
    path("demo/", views.demo, name="demo"),
    path("demo/<slug:code>/", views.demo_enter, name="demo_enter"),
]
desk_urlpatterns = [
    path("counter/", counter.counter, name="counter"),
    path("letters/", counter.letters, name="letters"),
    path("roles/", desk.roles, name="roles"),
    path("roles/<int:pk>/end/", desk.end, name="end_role"),
]
