"""Every address of the site: each room brings its own for citizens and for the desk."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from madang.site.api.endpoints import api
from madang.site.kit.web import errors

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/", api.urls),
]
for room in settings.ROOMS:
    if find_spec(f"madang.site.{room}.web") and find_spec(f"madang.site.{room}.web.urls"):
        urls = import_module(f"madang.site.{room}.web.urls")
        urlpatterns.append(path("", include((urls.urlpatterns, urls.app_name))))
        if hasattr(urls, "desk_urlpatterns"):
            urlpatterns.append(path("desk/", include((urls.desk_urlpatterns, f"{urls.app_name}_desk"))))

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
