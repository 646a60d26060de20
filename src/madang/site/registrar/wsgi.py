"""The WSGI application of the registrar."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "madang.site.registrar.settings"
application = get_wsgi_application()
