"""A call that residents of one town may file at."""

import pytest
from factories import OPEN_CALL, opened

from madang.site.programmes.models import Stage


@pytest.fixture
def call(db: None) -> Stage:
    """An open call."""
    (stage,) = opened(("call", {**OPEN_CALL, "who": ["lives_in:town"]}), code="letters")
    return stage
