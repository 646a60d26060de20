"""Two addresses for operators: the process lives; the process can work."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from madang.site.kit.web.access import anyone, page


@page(allow=anyone)
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return JsonResponse({"status": "ok"})


@page(allow=anyone)
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and its tables are there, 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM django_migrations")
    except DatabaseError:
        return JsonResponse({"status": "the database does not answer or was not migrated"}, status=503)
    return JsonResponse({"status": "ok"})
