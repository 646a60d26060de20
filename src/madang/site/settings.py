"""Settings of the Django project; what a deployment may change is in config.py."""

import hashlib
import sys
from pathlib import Path

from csp.constants import NONE, SELF

from madang.site.config import read_config

CONFIG = read_config()
TESTING = "pytest" in sys.modules

SECRET_KEY = CONFIG.secret_key
VAULT_KEY = CONFIG.vault_key
VOTER_KEY = hashlib.sha256(b"voters\n" + CONFIG.vault_key.encode()).hexdigest()
DEBUG = CONFIG.debug
DEMO = CONFIG.demo
OFFICIAL = CONFIG.official
CITY_FOLDER = CONFIG.city
CLOCK_STARTS_AT = CONFIG.clock_starts_at
ALLOWED_HOSTS = [*CONFIG.hosts, "testserver"] if TESTING else CONFIG.hosts

ROOMS = [
    "kit",
    "record",
    "people",
    "programmes",
    "docket",
    "ledger",
    "intake",
    "forums",
    "reviews",
    "panels",
    "votes",
    "followups",
    "gatherings",
    "reports",
    "city",
    "desk",
]
INSTALLED_APPS = [
    *[f"madang.site.{room}" for room in ROOMS],
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    *[f"allauth.socialaccount.providers.{name}" for name in CONFIG.sign_in_by],
    "django_cotton.apps.SimpleAppConfig",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "madang.site.kit.web.closing.ClosedMiddleware",
    # For slow phones. Its random padding and Django's masked form tokens keep lengths from telling secrets (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "madang.site.record.web.keeping.KeptPagesMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "madang.site.people.web.middleware.ActorMiddleware",
    "madang.site.desk.web.working.WorkMiddleware",
    "madang.site.people.web.sending.UnsentMiddleware",
    "madang.site.people.web.sending.OnceMiddleware",
    "madang.site.kit.web.middleware.RefusalMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
CSRF_FAILURE_VIEW = "madang.site.people.web.sending.form_expired"
ROOT_URLCONF = "madang.site.urls"
WSGI_APPLICATION = "madang.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_loaders = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", _loaders)],
            "builtins": ["django_cotton.templatetags.cotton", "madang.site.kit.templatetags.madang"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "madang.site.kit.web.context.city",
            ],
        },
    }
]

DATABASES = {"default": CONFIG.database}
# Pages and figures are kept while no event touches what they read; tests write rows without events.
KEEP_ANSWERS = not TESTING
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["madang.site.people.web.backend.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_USER_DISPLAY = "madang.site.people.web.adapter.shown_as"
ACCOUNT_ADAPTER = "madang.site.people.web.adapter.AccountAdapter"
# Officials open no desk without a second factor; tests of other things sign in without one.
SECOND_FACTOR = CONFIG.second_factor and not TESTING
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "madang.site.people.web.passkeys.PasskeyForm"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or DEBUG or TESTING
MFA_ADAPTER = "madang.site.people.web.adapter.SecondFactorAdapter"
# Another service may say who signs in, as it does for many; never who somebody is.
SOCIALACCOUNT_ADAPTER = "madang.site.people.web.adapter.OtherServiceAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    name: {"APPS": [{"client_id": client.name, "secret": client.secret}], "OAUTH_PKCE_ENABLED": True}
    for name, client in CONFIG.sign_in_by.items()
}
# The ways in which an identity may be checked; a demonstration has a stand-in for an agency.
IDENTITY_VERIFIERS = CONFIG.identity_verifiers
IDENTITY_AGENCY = CONFIG.agency
# Where citizens get credentials for encrypted votes: a site of its own that somebody else runs.
REGISTRAR = CONFIG.registrar
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my/"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if CONFIG.mail.host else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = CONFIG.mail.host, CONFIG.mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = CONFIG.mail.user, CONFIG.mail.password
EMAIL_USE_SSL, EMAIL_USE_TLS = CONFIG.mail.tls, CONFIG.mail.starttls
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIG.mail.sender
# Limits count network addresses; behind a web server only its own word says whose they are.
ALLAUTH_TRUSTED_PROXY_COUNT = CONFIG.proxies

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / room / "locale" for room in ROOMS]
TIME_ZONE = CONFIG.zone
USE_TZ = True
HOLIDAYS_COUNTRY = "KR"

STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.home / "static"
CLOSED_BY = CONFIG.home / "closed"
MEDIA_ROOT = CONFIG.home / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Browsers hold a form's way on to another site against the policy, so that the ways we send people must be named.
_SIGN_IN_HOSTS = {"kakao": "https://kauth.kakao.com", "naver": "https://nid.naver.com"}
_ONWARD = [_SIGN_IN_HOSTS[name] for name in CONFIG.sign_in_by]
_ONWARD += ["/".join(CONFIG.agency.issuer.split("/")[:3])] if CONFIG.agency.issuer else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *_ONWARD],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# A demo on one's own machine speaks plain HTTP; every other deployment speaks HTTPS only.
_https = not (DEMO or DEBUG or TESTING)
SECURE_SSL_REDIRECT = _https
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_HSTS_PRELOAD = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
