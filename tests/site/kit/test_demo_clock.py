"""A demonstration lives on the day that its city names; every other site lives now."""

from datetime import UTC, date, datetime, timedelta

import pytest

from madang.site.config import read_config
from madang.site.kit import clock

CITY = 'zone = "Asia/Tokyo"\ndemo_day = 2031-03-04\n'


@pytest.fixture
def configured(tmp_path, monkeypatch):
    def read(*, city: str = CITY, **variables: str) -> datetime | None:
        (tmp_path / "city.toml").write_text(city, encoding="utf-8")
        for name in ("MADANG_DEMO", "MADANG_CLOCK_STARTS_AT"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"MADANG_HOME": str(tmp_path), "MADANG_CITY": str(tmp_path), **variables}.items():
            monkeypatch.setenv(name, value)
        return read_config().clock_starts_at

    return read


def test_a_demonstration_starts_at_nine_on_the_day_of_its_city(configured):
    assert configured(MADANG_DEMO="1") == datetime(2031, 3, 4, 0, tzinfo=UTC)


def test_a_moment_that_is_given_goes_before_the_day_of_the_city(configured):
    given = "2030-01-02T03:04:05+00:00"
    assert configured(MADANG_DEMO="1", MADANG_CLOCK_STARTS_AT=given) == datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_site_that_is_no_demonstration_lives_now(configured):
    assert configured() is None


@pytest.mark.parametrize(
    "city",
    [
        'zone = "Asia/Tokyo"',
        'demo_day = 2031-03-04\nzone = "Nowhere"',
        "demo_day = ",
        'demo_day = 3\nzone = "Asia/Tokyo"',
    ],
)
def test_a_folder_without_a_usable_day_is_left_to_the_loading(configured, city):
    assert configured(MADANG_DEMO="1", city=city) is None


@pytest.mark.parametrize("zone", ["Asia/Seoul", "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_every_day_that_a_form_reads_has_a_first_and_a_last_moment(settings, zone):
    settings.TIME_ZONE = zone
    for day in (date.min, date(1, 1, 2), date(2021, 10, 1), date(9999, 12, 30), date.max):
        assert clock.start_of(day) <= clock.end_of(day)
    assert clock.end_of(date(2021, 10, 1)) - clock.start_of(date(2021, 10, 1)) == timedelta(days=1)
