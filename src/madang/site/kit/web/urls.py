"""Addresses for operators."""

from django.urls import path

from madang.site.kit.web import health

app_name = "kit"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
