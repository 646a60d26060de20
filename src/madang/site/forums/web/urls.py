"""Addresses of this room."""

from django.urls import path

from madang.site.forums.web import desk, views

app_name = "forums"
urlpatterns = [
    path("forums/", views.forums, name="forums"),
    path("forums/<int:pk>/", views.forum, name="forum"),
    path("forums/support/<int:pk>/", views.support_stage, name="support_stage"),
    path("forums/discussions/<int:pk>/", views.discuss_stage, name="discuss_stage"),
    path("forums/matters/<int:pk>/", views.matter, name="matter"),
    path("forums/matters/<int:pk>/support/", views.support, name="support"),
    path("forums/matters/<int:pk>/unsupport/", views.unsupport, name="unsupport"),
    path("forums/comments/<int:pk>/", views.comment, name="comment"),
    path("forums/comments/<int:pk>/like/", views.like, name="like"),
    path("forums/comments/<int:pk>/report/", views.report, name="report"),
    path("forums/moderation/", views.moderation_log, name="moderation"),
]
desk_urlpatterns = [
    path("forums/support/<int:pk>/", desk.support_stage, name="support_stage"),
    path("forums/support/<int:pk>/for/", desk.support_for, name="support_for"),
    path("forums/support/<int:pk>/settle/", desk.settle, name="settle"),
    path("forums/discussions/<int:pk>/", desk.discuss_stage, name="discuss_stage"),
    path("forums/new/", desk.new_forum, name="new"),
    path("forums/<int:pk>/close/", desk.close_forum, name="close"),
    path("forums/moderation/", desk.moderation, name="moderation"),
    path("forums/comments/<int:pk>/judge/", desk.judge, name="judge"),
    path("forums/comments/<int:pk>/hide/", desk.hide, name="hide"),
    path("forums/appeals/<int:pk>/", desk.appeal, name="appeal"),
]
