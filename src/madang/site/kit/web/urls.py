"""Addresses for operators, for the size of the text, and of the gallery of components."""

from django.urls import path

from madang.site.kit.web import gallery, health, text_size

app_name = "kit"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("text-size/", text_size.text_size, name="text_size"),
]
desk_urlpatterns = [
    path("components/", gallery.components, name="components"),
]
