"""Addresses of this room."""

from django.urls import path

from madang.site.docket.web import views

app_name = "docket"
urlpatterns = [
    path("matters/", views.matters, name="matters"),
    path("searches/", views.save_search, name="save_search"),
    path("searches/<int:pk>/forget/", views.forget_search, name="forget_search"),
    path("matters/files/<int:pk>/", views.file, name="file"),
    path("matters.csv", views.matters_file, {"kind": "csv"}, name="matters_csv"),
    path("matters.xlsx", views.matters_file, {"kind": "xlsx"}, name="matters_xlsx"),
    path("matters.json", views.matters_json, name="matters_json"),
]
