"""Addresses of reports and figures."""

from django.urls import path

from madang.site.reports.web import desk, public, texts

app_name = "reports"
urlpatterns = [
    path("reports/", public.reports, name="reports"),
    path("reports/frozen/<int:pk>/", public.frozen, name="frozen"),
    path("reports/frozen/<int:pk>/<str:form>/", public.frozen_file, name="frozen_file"),
    path("reports/<slug:code>/", public.report, name="report"),
    path("figures/", public.figures, name="figures"),
    path("figures.json", public.figures_json, name="figures_json"),
    path("figures/<str:name>/", public.figure, name="figure"),
]
desk_urlpatterns = [
    path("reports/", desk.reports, name="desk"),
    path("reports/<slug:code>/texts/", texts.texts, name="texts"),
    path("reports/<slug:code>/texts/<slug:section>/<slug:place>/", texts.text, name="text"),
    path("reports/<slug:code>/<str:form>/", desk.report_file, name="file"),
    path("reports/<slug:code>/", desk.freeze, name="freeze"),
]
