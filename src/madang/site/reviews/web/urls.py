"""Addresses of this room."""

from django.urls import path

from madang.site.reviews.web import costing, desk, letters, panel, screening, views

app_name = "reviews"
urlpatterns = [
    path("reviews/screenings/<int:pk>/", views.screen, name="screen"),
    path("reviews/reviews/<int:pk>/", views.review, name="review"),
    path("reviews/reviews/<int:pk>/mine/", views.mine, name="mine"),
    path("reviews/reviews/<int:pk>/sheets/<int:matter>/", views.sheets, name="sheets"),
    path("reviews/sheets/<int:pk>/", views.score, name="score"),
    path("reviews/letters/<int:pk>/", views.letter, name="letter"),
    path("reviews/objections/<int:pk>/", views.object_page, name="object"),
    path("reviews/objections/<int:pk>/<int:matter>/", views.object_to, name="object_to"),
    path("reviews/decisions/<int:pk>/", views.decide, name="decide"),
]
desk_urlpatterns = [
    path("reviews/screenings/<int:pk>/", screening.screen, name="screen"),
    path("reviews/screenings/<int:pk>/undo/", screening.undo, name="undo"),
    path("reviews/screenings/<int:pk>/alike/", screening.alike, name="alike"),
    path("reviews/screenings/<int:pk>/<int:matter>/", screening.screening, name="screening"),
    path("reviews/screenings/<int:pk>/<int:matter>/cost/", costing.costing, name="costing"),
    path("reviews/reviews/<int:pk>/", panel.review, name="review"),
    path("reviews/reviews/<int:pk>/assign/", panel.assign_all, name="assign_all"),
    path("reviews/reviews/<int:pk>/remind/", panel.remind, name="remind"),
    path("reviews/reviews/<int:pk>/matrix/", panel.matrix, name="matrix"),
    path("reviews/reviews/<int:pk>/end/", panel.end_scoring, name="end_scoring"),
    path("reviews/reviews/<int:pk>/<int:matter>/", panel.reviewers, name="reviewers"),
    path("reviews/sheets/<int:pk>/", panel.send_back, name="send_back"),
    path("reviews/outbox/<int:pk>/", letters.outbox, name="outbox"),
    path("reviews/outbox/<int:pk>/publish/", letters.publish, name="publish"),
    path("reviews/letters/<int:pk>/", letters.letter, name="letter"),
    path("reviews/objections/<int:pk>/", desk.objections, name="object"),
    path("reviews/objections/<int:pk>/decide/", desk.objection, name="objection"),
    path("reviews/decisions/<int:pk>/", desk.decide, name="decide"),
]
