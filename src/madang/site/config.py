"""What the environment says, read once and loudly: a wrong value is a sentence, not a surprise later."""

import os
import secrets
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

VERIFIERS = {
    "mock": "madang.site.people.web.identity.MockVerifier",
    "letter": "madang.site.people.web.identity.LetterVerifier",
    "oidc": "madang.site.people.web.oidc.OidcVerifier",
}
# Other services by which people may sign in, with the settings of what they know us as.
SERVICES = {
    "kakao": ("MADANG_KAKAO_CLIENT", "MADANG_KAKAO_SECRET"),
    "naver": ("MADANG_NAVER_CLIENT", "MADANG_NAVER_SECRET"),
}
# How an agency calls what we ask for, unless MADANG_OIDC_CLAIMS says otherwise.
CLAIMS = {"subject": "ci", "name": "name", "born_on": "birthdate", "sex": "gender", "lives_in": "district"}


class ConfigurationError(Exception):
    """The environment does not make a usable configuration."""


@dataclass(frozen=True)
class Mail:
    """The server that takes our mail; without a host, messages go to the log."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    tls: bool = False
    starttls: bool = False
    sender: str = "madang@localhost"


@dataclass(frozen=True)
class Client:
    """What another service knows us as."""

    name: str
    secret: str


@dataclass(frozen=True)
class Agency:
    """The identity agency that speaks OpenID Connect. `claims` says how it calls what we ask for."""

    issuer: str = ""
    client: Client | None = None
    claims: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Config:
    """The deployment: where data lives, which hosts answer, what stands around it, and the keys."""

    home: Path
    city: Path
    zone: str
    database: dict[str, object]
    demo: bool
    official: bool
    debug: bool
    hosts: list[str]
    proxies: int
    mail: Mail
    second_factor: bool
    identity_verifiers: list[str]
    agency: Agency
    sign_in_by: dict[str, Client]
    registrar: str
    city_address: str
    secret_key: str
    vault_key: str
    clock_starts_at: datetime | None


def read_config() -> Config:
    """Read the environment. Raises ConfigurationError with the variable's name and how to mend it."""
    home = _home()
    city = Path(os.environ.get("MADANG_CITY", str(_city_folder("seoul")))).resolve()
    demo = _flag("MADANG_DEMO")
    return Config(
        home=home,
        city=city,
        zone=_zone(city),
        database=_database(home),
        demo=demo,
        official=_flag("MADANG_OFFICIAL"),
        debug=_flag("MADANG_DEBUG"),
        hosts=os.environ.get("MADANG_HOSTS", "localhost,127.0.0.1,[::1]").split(","),
        proxies=_whole("MADANG_PROXIES", most=10),
        mail=_mail(),
        second_factor=_flag("MADANG_SECOND_FACTOR", "0" if demo else "1"),
        identity_verifiers=_verifiers(demo),
        agency=_agency(),
        sign_in_by={service: client for service, names in SERVICES.items() if (client := _client(*names))},
        registrar=_address("MADANG_REGISTRAR"),
        city_address=_address("MADANG_CITY_ADDRESS"),
        secret_key=_key("MADANG_SECRET_KEY", home / "secret.key"),
        vault_key=_key("MADANG_VAULT_KEY", home / "vault.key"),
        clock_starts_at=_moment("MADANG_CLOCK_STARTS_AT") or (_demo_moment(city) if demo else None),
    )


def _home() -> Path:
    home = Path(os.environ.get("MADANG_HOME", "var")).resolve()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"MADANG_HOME is {home}, which cannot be made a folder ({error.strerror}); name another one."
        ) from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise ConfigurationError(f"MADANG_HOME is {home}, which this user may not write to; name another one.")
    return home


def _city_folder(name: str) -> Path:
    inside = Path(__file__).resolve().parents[1] / "cities" / name
    return inside if inside.exists() else Path(__file__).resolve().parents[3] / "cities" / name


def _flag(name: str, standard: str = "0") -> bool:
    value = os.environ.get(name, standard)
    if value not in ("0", "1"):
        raise ConfigurationError(f"{name} is {value!r}; set it to 1 or 0.")
    return value == "1"


def _whole(name: str, *, most: int) -> int:
    value = os.environ.get(name, "0")
    if not value.isdecimal() or int(value) > most:
        raise ConfigurationError(f"{name} is {value!r}; set it to a whole number from 0 to {most}.")
    return int(value)


def _split(name: str, value: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    """An address from the environment, taken apart. Raises ConfigurationError if it is none of these schemes."""
    wrong = ConfigurationError(f"{name} must look like {example}.")
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        raise wrong from None
    if parts.scheme not in schemes:
        raise wrong
    return parts


def _address(name: str) -> str:
    """Where another site is, without anything after its host and port; "" where none is named."""
    value = os.environ.get(name, "").rstrip("/")
    if value:
        parts = _split(name, value, ("https", "http"), example := "https://vote.example")
        if not parts.hostname or parts.path or parts.query or parts.fragment:
            raise ConfigurationError(f"{name} must look like {example}.")
    return value


def _mail() -> Mail:
    sender = os.environ.get("MADANG_MAIL_FROM", Mail.sender)
    if "@" not in sender:
        raise ConfigurationError(f"MADANG_MAIL_FROM is {sender!r}; give the address that mail comes from.")
    value = os.environ.get("MADANG_MAIL", "")
    if not value:
        return Mail(sender=sender)
    schemes = ("smtp", "smtps", "smtp+starttls")
    parts = _split(
        "MADANG_MAIL", value, schemes, "smtp+starttls://user:password@mail.example:587 (or smtps://, smtp://)"
    )
    if not parts.hostname:
        raise ConfigurationError("MADANG_MAIL names no host; write smtps://mail.example, for instance.")
    return Mail(
        host=parts.hostname,
        port=parts.port or {"smtp": 25, "smtps": 465}.get(parts.scheme, 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp+starttls",
        sender=sender,
    )


def _verifiers(demo: bool) -> list[str]:
    """Dotted names of the ways to check an identity; a demonstration has its stand-in and letters."""
    told = os.environ.get("MADANG_IDENTITY_VERIFIER", "mock,letter" if demo else "")
    names = [name.strip() for name in told.split(",") if name.strip()]
    unknown = [name for name in names if name not in VERIFIERS and "." not in name]
    if unknown:
        raise ConfigurationError(
            f"MADANG_IDENTITY_VERIFIER names {unknown[0]!r}; there are: {', '.join(VERIFIERS)}, or a class by its "
            "dotted name."
        )
    if "mock" in names and not demo:
        raise ConfigurationError("MADANG_IDENTITY_VERIFIER names the mock, which lets anybody be anybody: demo only.")
    return [VERIFIERS.get(name, name) for name in names]


def _agency() -> Agency:
    issuer = os.environ.get("MADANG_OIDC_ISSUER", "").rstrip("/")
    named = "oidc" in map(str.strip, os.environ.get("MADANG_IDENTITY_VERIFIER", "").split(","))
    client = _client("MADANG_OIDC_CLIENT", "MADANG_OIDC_SECRET")
    if named and not (issuer and client):
        raise ConfigurationError(
            "The identity agency needs MADANG_OIDC_ISSUER, MADANG_OIDC_CLIENT and MADANG_OIDC_SECRET."
        )
    if issuer:
        _split("MADANG_OIDC_ISSUER", issuer, ("https", "http"), "https://agency.example")
    pairs = [pair.partition("=") for pair in os.environ.get("MADANG_OIDC_CLAIMS", "").split(",") if pair]
    if any(ours.strip() not in CLAIMS or not theirs for ours, _sep, theirs in pairs):
        raise ConfigurationError(
            f"MADANG_OIDC_CLAIMS must look like subject=ci,born_on=birthdate; our names are: {', '.join(CLAIMS)}."
        )
    return Agency(issuer, client, {**CLAIMS, **{ours.strip(): theirs.strip() for ours, _sep, theirs in pairs}})


def _client(name: str, secret: str) -> Client | None:
    """What another service knows us as, from two settings. Raises ConfigurationError if only one is set."""
    values = os.environ.get(name, ""), os.environ.get(secret, "")
    if any(values) and not all(values):
        raise ConfigurationError(f"Set both {name} and {secret}, or neither.")
    return Client(*values) if all(values) else None


def _moment(name: str) -> datetime | None:
    value = os.environ.get(name)
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ConfigurationError(
            f"{name} is {value!r}; give a moment with its zone, such as 2021-11-15T09:00:00+09:00."
        )
    return moment


def _head(city: Path) -> dict[str, object]:
    """The city's own file; empty if it cannot be read. What is wrong with a folder is told when it is loaded."""
    try:
        return tomllib.loads((city / "city.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _zone(city: Path) -> str:
    """The time zone in which the city thinks."""
    zone = _head(city).get("zone")
    return zone if isinstance(zone, str) and zone in available_timezones() else "UTC"


def _demo_moment(city: Path) -> datetime | None:
    """Nine in the morning of the city's `demo_day`."""
    head: Any = _head(city)
    try:
        return datetime.combine(head["demo_day"], time(9), ZoneInfo(head["zone"])).astimezone(UTC)
    except (ValueError, KeyError, TypeError):
        return None


def _key(name: str, file: Path) -> str:
    """A key from the environment, else from a file of its own that is made on first use."""
    value = os.environ.get(name)
    if value:
        return value
    try:
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(48))
        key = file.read_text().strip()
    except OSError as error:
        raise ConfigurationError(
            f"The key in {file} cannot be read ({error.strerror}); mend that, or set {name}."
        ) from None
    if not key:
        raise ConfigurationError(f"The key file {file} is empty; put the key back from your backup, or set {name}.")
    return key


def _database(home: Path) -> dict[str, object]:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": home / "madang.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL, because a ballot that was acknowledged must survive a power cut.
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-40000;"
                "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364",
            },
        }
    example = "postgresql://user:password@host:5432/name"
    parts = _split("DATABASE_URL", url, ("postgres", "postgresql"), example)
    if not parts.path.strip("/"):
        raise ConfigurationError(f"DATABASE_URL must look like {example}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # ?host=/folder names the folder of a local socket, as the PostgreSQL tools write it.
        "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"timeout": 10}},
    }
