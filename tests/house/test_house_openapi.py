"""The API is what its committed description says.

After a change on purpose: python tests/house/test_house_openapi.py (with DJANGO_SETTINGS_MODULE set).
"""

import json
from pathlib import Path

SNAPSHOT = Path(__file__).with_name("openapi.json")


def described() -> str:
    """The OpenAPI document as it is now."""
    from madang.site.api.endpoints import api

    document = api.get_openapi_schema(path_prefix="/api/")
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n"


def test_the_api_is_as_described():
    assert json.loads(described()) == json.loads(SNAPSHOT.read_text(encoding="utf-8")), "renew it as said above"


if __name__ == "__main__":
    import django

    django.setup()
    SNAPSHOT.write_text(described(), encoding="utf-8")
