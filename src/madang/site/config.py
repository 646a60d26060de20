"""What the environment says, read once and loudly: a wrong value is a sentence, not a surprise later."""

import os
import secrets
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo


class ConfigurationError(Exception):
    """The environment does not make a usable configuration."""


@dataclass(frozen=True)
class Config:
    """The deployment: where data lives, which hosts answer, and the keys."""

    home: Path
    city: Path
    database: dict[str, object]
    demo: bool
    debug: bool
    hosts: list[str]
    secret_key: str
    vault_key: str
    clock_starts_at: datetime | None


def read_config() -> Config:
    """Read the environment. Raises ConfigurationError with the variable's name and how to mend it."""
    home = Path(os.environ.get("MADANG_HOME", "var")).resolve()
    home.mkdir(parents=True, exist_ok=True)
    city = Path(os.environ.get("MADANG_CITY", str(_city_folder("seoul")))).resolve()
    demo = _flag("MADANG_DEMO")
    return Config(
        home=home,
        city=city,
        database=_database(home),
        demo=demo,
        debug=_flag("MADANG_DEBUG"),
        hosts=os.environ.get("MADANG_HOSTS", "localhost,127.0.0.1,[::1]").split(","),
        secret_key=_key("MADANG_SECRET_KEY", home / "secret.key"),
        vault_key=_key("MADANG_VAULT_KEY", home / "vault.key"),
        clock_starts_at=_moment("MADANG_CLOCK_STARTS_AT") or (_demo_moment(city) if demo else None),
    )


def _city_folder(name: str) -> Path:
    inside = Path(__file__).resolve().parents[1] / "cities" / name
    return inside if inside.exists() else Path(__file__).resolve().parents[3] / "cities" / name


def _flag(name: str) -> bool:
    value = os.environ.get(name, "0")
    if value not in ("0", "1"):
        raise ConfigurationError(f"{name} is {value!r}; set it to 1 or 0.")
    return value == "1"


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


def _demo_moment(city: Path) -> datetime | None:
    """Nine in the morning of the city's `demo_day`. What is wrong with its folder is told when it is loaded."""
    try:
        head = tomllib.loads((city / "city.toml").read_text(encoding="utf-8"))
        return datetime.combine(head["demo_day"], time(9), ZoneInfo(head["zone"])).astimezone(UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _key(name: str, file: Path) -> str:
    """A key from the environment, else from a file of its own that is made on first use."""
    value = os.environ.get(name)
    if value:
        return value
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text().strip()


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
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ConfigurationError("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # ?host=/folder names the folder of a local socket, as the PostgreSQL tools write it.
        "HOST": parts.hostname or parse_qs(parts.query).get("host", [""])[0],
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": True},
    }
