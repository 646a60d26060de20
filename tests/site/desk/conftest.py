"""Fixtures of the desk's tests."""

import pytest
from desk_world import World, build
from django.test import Client


@pytest.fixture
def world(db: None) -> World:
    """The made-up city."""
    return build()


@pytest.fixture
def enter(db: None):
    """A client signed in with an account; English unless told otherwise."""

    def _enter(account=None, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        if account is not None:
            client.force_login(account)
        return client

    return _enter
