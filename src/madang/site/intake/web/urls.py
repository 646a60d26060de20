"""Addresses of this room."""

from django.urls import path

from madang.site.intake.web import desk, views, writing

app_name = "intake"
urlpatterns = [
    path("intake/calls/<int:pk>/", views.call, name="call"),
    path("intake/calls/<int:pk>/write/", writing.write, name="write"),
    path("intake/calls/<int:pk>/draft/", writing.draft, name="draft"),
    path("intake/matters/<str:number>/receipt/", views.receipt, name="receipt"),
    path("intake/matters/<str:number>/change/", views.revise, name="revise"),
    path("intake/matters/<str:number>/withdraw/", views.withdraw, name="withdraw"),
]
desk_urlpatterns = [
    path("intake/calls/<int:pk>/", desk.call, name="call"),
    path("intake/calls/<int:pk>/paper/", desk.paper, name="paper"),
    path("intake/calls/<int:pk>/for/", desk.on_behalf, name="on_behalf"),
    path("intake/matters/<str:number>/merge/", desk.merge, name="merge"),
    path("intake/matters/<str:number>/personal/", desk.personal, name="personal"),
]
