"""The one name of everything a report names: budget lines, departments, programmes, strategies, terms."""

from collections.abc import Mapping

from madang.site.city.rows import Both
from madang.site.ledger.models import Line, Part, RevenueItem
from madang.site.people.models import Organisation
from madang.site.programmes.models import Programme, Strategy

Names = dict[str, tuple[str, str]]


def names(*, year: int, terms: Mapping[str, Both]) -> Names:
    """The names of all things by `kind:code`, Korean and English. Six queries.

    A part of a line is named `Line (Part)`, as programme sections show it.
    """
    found: Names = {f"term:{code}": (name.ko, name.en) for code, name in terms.items()}
    for strategy in Strategy.objects.all():
        found[f"strategy:{strategy.number}"] = (strategy.name_ko, strategy.name_en)
    for programme in Programme.objects.all():
        found[f"programme:{programme.code}"] = (programme.name_ko, programme.name_en)
        found[f"purpose:{programme.code}"] = (programme.purpose_ko, programme.purpose_en)
    for organisation in Organisation.objects.all():
        found[f"department:{organisation.code}"] = (organisation.name_ko, organisation.name_en)
    for line in Line.objects.filter(fiscal_year=year):
        found[f"line:{line.code}"] = (line.name_ko, line.name_en)
    for part in Part.objects.filter(line__fiscal_year=year).select_related("line"):
        line = part.line
        found[f"line:{part.code}"] = (f"{line.name_ko} ({part.name_ko})", f"{line.name_en} ({part.name_en})")
    for item in RevenueItem.objects.filter(fiscal_year=year):
        found[f"revenue:{item.code}"] = (item.name_ko, item.name_en)
    return found
