"""Who may open a page. Every view is wrapped by `page(allow=…)`; a house test refuses one that is not."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from madang.site.kit.actor import Actor
from madang.site.kit.verdict import YES, Verdict, no
from madang.site.kit.web import errors

Allow = Callable[[Actor], Verdict]
View = Callable[..., HttpResponse]


def anyone(by: Actor) -> Verdict:
    """Open to everybody, also without an account."""
    return YES


def signed_in(by: Actor) -> Verdict:
    """Open to everybody who is signed in."""
    return YES if by.known else no(_("Please sign in first."))


def roles(*names: str) -> Allow:
    """Open to those who hold one of the roles, anywhere; the policy asks for the department."""

    def allow(by: Actor) -> Verdict:
        return YES if by.holds(*names) else no(_("This page is for officials with another role than yours."))

    return allow


def page(*, allow: Allow, acting: Allow | None = None, repeats: bool = False) -> Callable[[View], View]:
    """Wrap a view: visitors who need an account are sent to sign in, others without the right get a 403 page.

    `acting` says who may send something where more people may read. A form that is sent twice is done once, unless the
    view `repeats`: then the same words may come again and mean it, and nothing of them is noted outside the view.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            asked = acting if acting is not None and request.method == "POST" else allow
            verdict = asked(request.actor)  # type: ignore[attr-defined]
            if verdict.ok:
                return view(request, *args, **kwargs)
            if not request.actor.known:  # type: ignore[attr-defined]
                return redirect_to_login(request.get_full_path(), str(settings.LOGIN_URL))
            if getattr(request, "factor_missing", ""):
                return errors.factor_missing(request)
            raise PermissionDenied(str(verdict.reason))

        guarded.allow, guarded.repeats = allow, repeats  # type: ignore[attr-defined]
        return guarded

    return wrap
