"""What the environment may say, and the sentence for what it may not."""

import pytest

from madang.site.config import Client, ConfigurationError, Mail, read_config

CITY = 'zone = "Asia/Tokyo"\n'


@pytest.fixture
def configured(tmp_path, monkeypatch):
    (tmp_path / "city.toml").write_text(CITY, encoding="utf-8")

    def read(**variables: str):
        for name in ("DEMO", "OFFICIAL", "MAIL", "MAIL_FROM", "PROXIES"):
            monkeypatch.delenv(f"MADANG_{name}", raising=False)
        monkeypatch.delenv("DATABASE_URL", raising=False)
        for name, value in {"MADANG_HOME": str(tmp_path), "MADANG_CITY": str(tmp_path), **variables}.items():
            monkeypatch.setenv(name, value)
        return read_config()

    return read


def test_no_site_is_one_of_the_state_unless_it_says_so(configured):
    assert [configured().official, configured(MADANG_OFFICIAL="1").official] == [False, True]


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


AGENCY = {
    "MADANG_IDENTITY_VERIFIER": "oidc, letter",
    "MADANG_OIDC_ISSUER": "https://agency.example/",
    "MADANG_OIDC_CLIENT": "synthetic",
    "MADANG_OIDC_SECRET": "secret",
}


def test_an_identity_agency_is_named_with_what_it_calls_things(configured):
    config = configured(**AGENCY, MADANG_OIDC_CLAIMS="subject=connecting_information,born_on=birthday")
    assert [name.rpartition(".")[2] for name in config.identity_verifiers] == ["OidcVerifier", "LetterVerifier"]
    assert (config.agency.issuer, config.agency.client) == ("https://agency.example", Client("synthetic", "secret"))
    assert config.agency.claims == {
        "subject": "connecting_information", "name": "name", "born_on": "birthday", "sex": "gender",
        "lives_in": "district",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"MADANG_IDENTITY_VERIFIER": "mock"}, "lets anybody be anybody"),
        ({"MADANG_IDENTITY_VERIFIER": "pass"}, "names 'pass'; there are: mock, letter, oidc"),
        ({"MADANG_IDENTITY_VERIFIER": "oidc"}, "needs MADANG_OIDC_ISSUER, MADANG_OIDC_CLIENT and MADANG_OIDC_SECRET"),
        ({**AGENCY, "MADANG_OIDC_ISSUER": "agency"}, "must look like https://agency.example"),
        ({**AGENCY, "MADANG_OIDC_CLAIMS": "height=tall"}, "must look like subject=ci,born_on=birthdate"),
        ({"MADANG_NAVER_SECRET": "x"}, "Set both MADANG_NAVER_CLIENT and MADANG_NAVER_SECRET, or neither."),
        ({"MADANG_SECOND_FACTOR": "yes"}, "MADANG_SECOND_FACTOR is 'yes'; set it to 1 or 0."),
    ],
)
def test_a_wrong_way_to_check_or_sign_in_is_a_sentence(configured, told, sentence):
    with pytest.raises(ConfigurationError) as problem:
        configured(**told)
    assert sentence in str(problem.value)
