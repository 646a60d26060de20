"""Addresses of this room."""

from django.urls import path

from madang.site.reviews.web import desk, screening, views

app_name = "reviews"
urlpatterns = [
    path("reviews/screenings/<int:pk>/", views.screen, name="screen"),
    path("reviews/reviews/<int:pk>/", views.review, name="review"),
    path("reviews/reviews/<int:pk>/mine/", views.mine, name="mine"),
    path("reviews/reviews/<int:pk>/sheets/<int:matter>/", views.sheets, name="sheets"),
    path("reviews/sheets/<int:pk>/", views.score, name="score"),
    path("reviews/sheets/<int:pk>/recuse/", views.recuse, name="recuse"),
    path("reviews/objections/<int:pk>/", views.object_page, name="object"),
    path("reviews/objections/<int:pk>/<int:matter>/", views.object_to, name="object_to"),
    path("reviews/decisions/<int:pk>/", views.decide, name="decide"),
]
desk_urlpatterns = [
    path("reviews/screenings/<int:pk>/", screening.screen, name="screen"),
    path("reviews/screenings/<int:pk>/undo/", screening.undo, name="undo"),
    path("reviews/screenings/<int:pk>/alike/", screening.alike, name="alike"),
    path("reviews/screenings/<int:pk>/<int:matter>/", screening.screening, name="screening"),
    path("reviews/reviews/<int:pk>/", desk.review, name="review"),
    path("reviews/reviews/<int:pk>/assign/", desk.assign_all, name="assign_all"),
    path("reviews/reviews/<int:pk>/remind/", desk.remind, name="remind"),
    path("reviews/reviews/<int:pk>/<int:matter>/", desk.reviewers, name="reviewers"),
    path("reviews/objections/<int:pk>/", desk.objections, name="object"),
    path("reviews/objections/<int:pk>/decide/", desk.objection, name="objection"),
    path("reviews/decisions/<int:pk>/", desk.decide, name="decide"),
]
