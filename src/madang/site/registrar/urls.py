"""Every address of the registrar's site: its own pages, the identity checks of people, sign-in for its officials."""

from django.urls import include, path

from madang.site.kit.web import errors
from madang.site.kit.web import urls as kit
from madang.site.people.web import urls as people
from madang.site.registrar.web import urls as registrar

_CHECKS = ("identity", "check", "identity_back", "mock_identity", "letter_code")
_OFFICE = ("letters", "roles", "end_role")

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include((registrar.urlpatterns, registrar.app_name))),
    path("", include((kit.urlpatterns, kit.app_name))),
    path("", include(([one for one in people.urlpatterns if one.name in _CHECKS], people.app_name))),
    path("desk/", include(([one for one in people.desk_urlpatterns if one.name in _OFFICE], "people_desk"))),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
