"""What the environment may say, and the sentence for what it may not."""

import pytest

from madang.site.config import ConfigurationError, Mail, read_config

CITY = 'zone = "Asia/Tokyo"\n'


@pytest.fixture
def configured(tmp_path, monkeypatch):
    (tmp_path / "city.toml").write_text(CITY, encoding="utf-8")

    def read(**variables: str):
        for name in ("MADANG_DEMO", "MADANG_MAIL", "MADANG_MAIL_FROM", "MADANG_PROXIES", "DATABASE_URL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"MADANG_HOME": str(tmp_path), "MADANG_CITY": str(tmp_path), **variables}.items():
            monkeypatch.setenv(name, value)
        return read_config()

    return read


def test_without_settings_mail_goes_to_the_log_and_no_proxy_is_believed(configured):
    config = configured()
    assert (config.mail, config.proxies, config.identity_verifiers) == (Mail(), 0, [])


@pytest.mark.parametrize(
    ("value", "mail"),
    [
        ("smtp://relay.example", Mail("relay.example", 25)),
        ("smtps://a:b@relay.example", Mail("relay.example", 465, "a", "b", tls=True)),
        ("smtp+starttls://a%40b:c@relay.example:2525", Mail("relay.example", 2525, "a@b", "c", starttls=True)),
    ],
)
def test_a_mail_server_is_an_address(configured, value, mail):
    assert configured(MADANG_MAIL=value).mail == mail


def test_the_zone_is_that_of_the_city(configured, tmp_path):
    assert configured().zone == "Asia/Tokyo"
    (tmp_path / "city.toml").write_text('zone = "Nowhere"', encoding="utf-8")
    assert configured().zone == "UTC"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("MADANG_PROXIES", "-1", "MADANG_PROXIES is '-1'; set it to a whole number from 0 to 10."),
        ("MADANG_PROXIES", "11", "MADANG_PROXIES is '11'; set it to a whole number from 0 to 10."),
        ("MADANG_MAIL", "smtp://", "MADANG_MAIL names no host; write smtps://mail.example, for instance."),
        ("MADANG_MAIL_FROM", "us", "MADANG_MAIL_FROM is 'us'; give the address that mail comes from."),
        ("DATABASE_URL", "mysql://a/b", "DATABASE_URL must look like postgresql://user:password@host:5432/name."),
        (
            "DATABASE_URL",
            "postgresql://a:b@c:port/d",
            "DATABASE_URL must look like postgresql://user:password@host:5432/name.",
        ),
    ],
)
def test_a_wrong_value_is_a_sentence(configured, name, value, sentence):
    with pytest.raises(ConfigurationError) as raised:
        configured(**{name: value})
    assert str(raised.value) == sentence


def test_an_empty_key_file_is_a_sentence(configured, tmp_path):
    (tmp_path / "vault.key").touch()
    with pytest.raises(ConfigurationError, match="is empty; put the key back from your backup"):
        configured()
