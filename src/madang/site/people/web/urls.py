"""Addresses of the pages about oneself, and of the administrator's desk."""

from django.urls import path

from madang.site.people.web import desk, views

app_name = "people"
urlpatterns = [
    path("my/identity/", views.identity, name="identity"),
    path("my/identity/back/", views.identity_back, name="identity_back"),
    path("my/identity/mock/", views.mock_identity, name="mock_identity"),
    path("demo/", views.demo, name="demo"),
    path("demo/<slug:code>/", views.demo_enter, name="demo_enter"),
]
desk_urlpatterns = [
    path("roles/", desk.roles, name="roles"),
    path("roles/<int:pk>/end/", desk.end, name="end_role"),
]
