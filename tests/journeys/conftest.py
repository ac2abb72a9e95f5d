"""Journeys run on both databases: whoever travels must not notice which one it is."""

import pytest


@pytest.fixture
def city(either_city):
    """Return the settings of a demo city of the test's own, once on each database."""
    return either_city
