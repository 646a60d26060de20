"""Serving a site with gunicorn until it is interrupted."""

import os
import socket
import sys
from typing import NoReturn


def require_free(port: int) -> None:
    """Raises Refused if the port cannot be had."""
    from madang.site.kit.verdict import Refused

    with socket.socket() as probe:
        # As gunicorn binds: a port that was left a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise Refused(
                f"The port {port} is in use or not open to this user; choose another one with --port."
            ) from None


def serve_site(application: str, port: int, name: str, *, hooks: str = "") -> NoReturn:
    """Serve a WSGI application; whoever ends this process ends the site with it.

    `hooks` names a module whose functions gunicorn calls as it begins and ends.
    """
    from django.core.management import call_command

    require_free(port)
    call_command("collectstatic", "--noinput", verbosity=0)
    _set_clock_forward()
    print(f"{name}: http://127.0.0.1:{port}/  (Ctrl-C ends it)", flush=True)
    command = [sys.executable, "-m", "gunicorn", application, "-w", "2", "--threads", "4"]
    command += ["-b", f"127.0.0.1:{port}", "--log-level", "warning", "--preload"]
    command += ["-c", f"python:{hooks}"] if hooks else []
    os.execv(sys.executable, command)  # noqa: S606 - whoever ends this process ends the site with it


def _set_clock_forward() -> None:
    """Let a clock with a start of its own go on after the last event: nothing is to happen before what has happened."""
    from django.conf import settings
    from django.db.models import Max

    from madang.site.record.models import Event

    last = Event.objects.aggregate(last=Max("at"))["last"]
    if settings.CLOCK_STARTS_AT and last and last > settings.CLOCK_STARTS_AT:
        os.environ["MADANG_CLOCK_STARTS_AT"] = last.isoformat()
