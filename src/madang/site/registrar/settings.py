"""Settings of the registrar's site: those of the city's, with its own rooms, database, cookies and pages.

It reads the same variables of the environment, in an environment of its own.
"""

from pathlib import Path

from madang.site import settings as city
from madang.site.settings import *  # noqa: F403 - what is not said here is as in the city's site

ROOMS = ["registrar", "kit", "record", "people"]
INSTALLED_APPS = [
    *[f"madang.site.{room}" for room in ROOMS],
    *[name for name in city.INSTALLED_APPS if not name.startswith("madang.")],
]
MIDDLEWARE = [name for name in city.MIDDLEWARE if not name.startswith("madang.site.desk.")]
ROOT_URLCONF = "madang.site.registrar.urls"
WSGI_APPLICATION = "madang.site.registrar.wsgi.application"
LOCALE_PATHS = [Path(__file__).parents[1] / room / "locale" for room in ROOMS]
LOGIN_REDIRECT_URL = "/desk/"

DATABASES = {"default": dict(city.DATABASES["default"])}
if "sqlite3" in str(DATABASES["default"]["ENGINE"]):
    options = dict(DATABASES["default"]["OPTIONS"])
    # What is destroyed is overwritten: a credential from the pool must not be found in the file's free pages.
    options["init_command"] += ";PRAGMA secure_delete=ON"
    DATABASES["default"] |= {"NAME": city.CONFIG.home / "registrar.sqlite3", "OPTIONS": options}

# Browsers give the cookies of one host to all its ports, as in a demonstration.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "registrar_session", "registrar_csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
