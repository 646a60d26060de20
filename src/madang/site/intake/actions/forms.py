"""Loading the versions of forms."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from madang.site.intake import policy
from madang.site.intake.models import Form
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.record.journal import action, write

BOOK = "intake"


class FormContent(Protocol):
    """A version of a form to load; `fields` as in the model Form."""

    @property
    def code(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def title_ko(self) -> str: ...
    @property
    def title_en(self) -> str: ...
    @property
    def fields(self) -> list[dict[str, Any]]: ...


@action
def load_forms(*, by: Actor, at: datetime, forms: Iterable[FormContent]) -> list[Form]:
    """Load versions of forms; one that is there already and says the same is left alone.

    Raises Refused for a version that is there and says something else: a change is a new version.
    """
    require(policy.may_load_forms(by, None, at))
    present = {(form.code, form.version): form for form in Form.objects.all()}
    loaded, fresh = [], []
    for new in forms:
        row = Form(code=new.code, version=new.version, title_ko=new.title_ko, title_en=new.title_en, fields=new.fields)
        held = present.get((new.code, new.version))
        if held is None:
            fresh.append(row)
        elif (held.fields, held.title_ko, held.title_en) != (row.fields, row.title_ko, row.title_en):
            sentence = _("The form %(form)s is loaded already; write the change as a new version.")
            raise Refused(sentence % {"form": row.key})
        loaded.append(held or row)
    Form.objects.bulk_create(fresh)
    write(book=BOOK, verb="forms.loaded", subject="forms", by=by, at=at, forms=[form.key for form in fresh])
    return loaded
