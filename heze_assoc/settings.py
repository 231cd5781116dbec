"""Settings of the workbench: one file, driven by the environment (see docs/operations.md)."""

import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

import environ
import pgtrigger
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def _secret_key() -> str:
    """The key from the environment, else one made once for this machine."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=VAR_DIR) as file:
            file.write(secrets.token_urlsafe(64))
            file.flush()
            with suppress(FileExistsError):  # another process was faster
                os.link(file.name, path)
    return path.read_text()


def _embedded_database() -> str:
    """The URL of the project's own PostgreSQL, loaded and started only where it is used."""
    from heze_assoc import embedded_postgres

    return embedded_postgres.start()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or _secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=not DEBUG)

INSTALLED_APPS = [
    "heze_assoc",
    "accounts",
    "assessments",
    "organizations",
    "registers",
    "heze_assoc.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "import_export",
    "pghistory",
    "pgtrigger",
    "template_partials",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",  # before everything that answers by itself
    "heze_assoc.middleware.permissions_policy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "heze_assoc.middleware.refuse_other_charsets",
    "heze_assoc.middleware.refuse_nul",
    "heze_assoc.middleware.without_session",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "heze_assoc.middleware.keep_private",
    "heze_assoc.middleware.idle_timeout",
    "heze_assoc.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "heze_assoc.middleware.LogInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
    "heze_assoc.middleware.RefuseNulInForms",
]

ROOT_URLCONF = "heze_assoc.urls"
WSGI_APPLICATION = "heze_assoc.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "heze_assoc.menu.menu",
            ],
        },
    },
]

# Database: the one that DATABASE_URL names, else the project's own embedded PostgreSQL.
DATABASE_URL = env.str("DATABASE_URL", default="") or _embedded_database()
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8}
# Statements of pages are short: compiling one, or starting other processes to share it, takes
# longer than running it, and indexes lie in memory or on solid-state disks.
DATABASES["default"]["OPTIONS"].setdefault(
    "options",
    "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1",
)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a restart of PostgreSQL costs nobody an error

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "organizations.scoping.GrantBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = env.int("IDLE_TIMEOUT_SECONDS", default=60 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says when the lock ends
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_ENABLE_ADMIN = False  # locks are lifted on the list of people
AXES_CLIENT_IP_CALLABLE = "accounts.lockout.client_address"
AXES_USERNAME_CALLABLE = "accounts.lockout.client_username"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken"]  # kept out of logs

# Transport and browser
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Languages and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "heze_assoc.formats"

# Files
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "files")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "heze_assoc.static_files.StaticFiles"},
}
WHITENOISE_MANIFEST_STRICT = False
REFERENCE_DIR = BASE_DIR / "fixtures" / "reference"
DEMO_DIR = BASE_DIR / "fixtures" / "demo"

# Lists
FILTERS_EMPTY_CHOICE_LABEL = _("All")

# Registers
IMPORT_UPLOAD_BYTES = env.int("IMPORT_UPLOAD_BYTES", default=20 * 1024 * 1024)
IMPORT_INLINE_BYTES = env.int("IMPORT_INLINE_BYTES", default=1024 * 1024)
EXPORT_INLINE_ROWS = env.int("EXPORT_INLINE_ROWS", default=3000)
ATTACHMENT_BYTES = env.int("ATTACHMENT_BYTES", default=20 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

# Coverage rules that differ between places (domain.md, Party organisations)
COVERAGE_COUNTS_FUNCTIONAL = env.bool("COVERAGE_COUNTS_FUNCTIONAL", default=False)
COVERAGE_COUNTS_DORMANT = env.bool("COVERAGE_COUNTS_DORMANT", default=True)

# The way to a Party organisation (domain.md): days that each stage should take, the share of them
# after which it is "due soon", and the most associations that a joint branch should cover
ESTABLISHMENT_DAYS = env.dict(
    "ESTABLISHMENT_DAYS",
    cast={"value": int},
    default={
        "surveyed": 90,
        "cultivating": 180,
        "requested": 30,
        "approved": 60,
        "elected": 30,
        "established": 90,
        "granted": 365,
    },
)
ESTABLISHMENT_SOON_SHARE = env.float("ESTABLISHMENT_SOON_SHARE", default=0.75)
JOINT_BRANCH_UNITS = env.int("JOINT_BRANCH_UNITS", default=5)
# Instructors. A rhythm of 0 days is none.
INSTRUCTOR_TERM_YEARS = env.int("INSTRUCTOR_TERM_YEARS", default=2)
INSTRUCTOR_MOST_ASSOCIATIONS = env.int("INSTRUCTOR_MOST_ASSOCIATIONS", default=5)
WORK_CONTACT_DAYS = env.int("WORK_CONTACT_DAYS", default=7)
WORK_VISIT_DAYS = env.int("WORK_VISIT_DAYS", default=30)
WORK_CORRECTION_DAYS = env.int("WORK_CORRECTION_DAYS", default=7)
# Brands: how long one holds before it is re-examined, and for how long it is publicised first
BRAND_YEARS = env.int("BRAND_YEARS", default=3)
BRAND_NOTICE_DAYS = env.int("BRAND_NOTICE_DAYS", default=5)
# Suggestions and complaints of the public
SUGGESTION_WORKING_DAYS = env.int("SUGGESTION_WORKING_DAYS", default=15)
SUGGESTION_CONTACT_DAYS = env.int("SUGGESTION_CONTACT_DAYS", default=90)
SUGGESTIONS_PER_HOUR = env.int("SUGGESTIONS_PER_HOUR", default=5)
SUGGESTIONS_PER_DAY = env.int("SUGGESTIONS_PER_DAY", default=20)
SUGGESTIONS_CITYWIDE_PER_HOUR = env.int("SUGGESTIONS_CITYWIDE_PER_HOUR", default=200)
SUGGESTION_LOOKUPS_PER_HOUR = env.int("SUGGESTION_LOOKUPS_PER_HOUR", default=20)

# History
PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")  # reading writes no history
PGHISTORY_APPEND_ONLY = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains and preloading bind hosts that are not ours: the office
    "security.W021",  # that owns the domain decides (docs/operations.md)
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
