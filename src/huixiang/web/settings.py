"""Which settings does a bank choose? All of them come from the environment; docs/guide/operations.md lists them.

HUIXIANG_MODE is `production` unless said otherwise: a forgotten variable must never open a bank's system.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from huixiang.web import environment
from huixiang.web.demo import FORUM, MAILBOX

MODE = os.environ.get("HUIXIANG_MODE", "production")
PRODUCTION = MODE == "production"
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(f"HUIXIANG_MODE={MODE}: 应为 production、demo 或 test / use production, demo or test")

WEB_DIR = Path(__file__).resolve().parent
DATA_DIR = Path(environment.given("HUIXIANG_DATA", "var")).expanduser().resolve()
LAKE_DIR = DATA_DIR / "lake"
UPLOAD_DIR = DATA_DIR / "uploads"
# What was erased, as ids alone: in production on another disk than DATA_DIR, so that no backup takes it back.
TOMBSTONES = Path(environment.given("HUIXIANG_TOMBSTONES", str(DATA_DIR / "tombstones"))).expanduser().resolve()
HOSTS = environment.listed("HUIXIANG_ALLOWED_HOSTS")

_NEEDED = {
    "HUIXIANG_SECRET_KEY": "会话与签名的密钥 / signs sessions",
    "HUIXIANG_MASKING_KEY": "客户假名与隔离数据的密钥 / keys pseudonyms and seals quarantined rows",
    "HUIXIANG_ALLOWED_HOSTS": "允许访问的域名，逗号分隔 / host names served, comma-separated",
    "HUIXIANG_DATA": "数据目录 / the folder of all data",
}
_missing = [name for name in _NEEDED if not environment.listed(name)]
if PRODUCTION and _missing:
    raise ImproperlyConfigured(
        "生产环境缺少设置，拒绝启动 / refusing to start, these settings are missing:\n"
        + "\n".join(f"  {name}  {_NEEDED[name]}" for name in _missing)
        + "\n试用请设 HUIXIANG_MODE=demo / to try it out: HUIXIANG_MODE=demo"
    )
if PRODUCTION and "*" in HOSTS:
    raise ImproperlyConfigured("HUIXIANG_ALLOWED_HOSTS=*: 请列出域名 / name the hosts, not *")

# Outside production these fall back to values that everyone can read here.
SECRET_KEY = os.environ.get("HUIXIANG_SECRET_KEY") or "demo-only-secret-key-that-everyone-can-read-0123456789"
MASKING_KEY = os.environ.get("HUIXIANG_MASKING_KEY") or "demo-only-masking-key"
if PRODUCTION and min(len(SECRET_KEY), len(MASKING_KEY)) < 32:
    raise ImproperlyConfigured(
        "HUIXIANG_SECRET_KEY 与 HUIXIANG_MASKING_KEY 至少 32 个字符 / must have 32 characters or more"
    )
ALLOWED_HOSTS = HOSTS if PRODUCTION else HOSTS or ["127.0.0.1", "localhost", "[::1]", "testserver"]
PUBLIC_URL = environment.origin("HUIXIANG_PUBLIC_URL")  # under which customers reach post boxes; "": as staff do
PUBLIC_ONLY = bool(PUBLIC_URL) and environment.on("HUIXIANG_PUBLIC_ONLY")  # under its host nothing for staff
MOST_A_DAY = environment.count("HUIXIANG_BOX_MESSAGES_A_DAY", 2_000, 1)  # that one post box takes in
# Per cent of a clock at which handler, unit, superior units and head office are told (domain/complaints/warning.py).
COMPLAINT_WARNINGS = environment.thresholds("HUIXIANG_COMPLAINT_WARNINGS", "50,80,100,100")
# Up to how much compensation, in yuan, whoever handles a complaint decides alone; beyond it a second person looks.
COMPENSATION_LIMIT_FEN = environment.count("HUIXIANG_COMPENSATION_LIMIT_YUAN", 500) * 100
COMPLAINT_YEARS = environment.count("HUIXIANG_COMPLAINT_YEARS", 5, 3)  # from the end of a case; then its people go
COMPLAINT_FILE_BYTES = environment.count("HUIXIANG_COMPLAINT_FILE_MB", 50, 1) * 1_000_000  # one piece of evidence
COMPLAINT_FILES_BYTES = environment.count("HUIXIANG_COMPLAINT_FILES_MB", 500, 1) * 1_000_000  # all of a case
COMPLAINT_WITHDRAWN_DAYS = environment.count("HUIXIANG_COMPLAINT_WITHDRAWN_DAYS", 30)  # then a withdrawn file goes
# From how many cases of one agent in how many days is the case's handler told? Proposed, never decided.
COMPLAINT_AGENT_CASES = environment.count("HUIXIANG_COMPLAINT_AGENT_CASES", 3, 2)
COMPLAINT_AGENT_DAYS = environment.count("HUIXIANG_COMPLAINT_AGENT_DAYS", 90, 1)
COMPLAINT_BACKDATE_DAYS = environment.count("HUIXIANG_COMPLAINT_BACKDATE_DAYS", 3, 1)  # where the rules say nothing
SURVEY_REST_DAYS = environment.count("HUIXIANG_SURVEY_REST_DAYS", 30, 1)  # between two surveys of one customer
SURVEY_MOST_A_YEAR = environment.count("HUIXIANG_SURVEY_MOST_A_YEAR", 4, 1)  # surveys of one customer, bank-wide
LEAST_FREE_BYTES = environment.count("HUIXIANG_LEAST_FREE_MB", 1_000) * 1_000_000  # else no customer's photo is kept
STAFF_NETWORKS = environment.networks("HUIXIANG_STAFF_NETWORKS")  # an answer to a survey from there is marked
CSRF_TRUSTED_ORIGINS = environment.listed("HUIXIANG_TRUSTED_ORIGINS")
DEBUG = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "ninja",
    "huixiang.apps.access",
    "huixiang.apps.feedback",
    "huixiang.apps.visits",
    "huixiang.apps.intake",
    "huixiang.apps.sources",
    "huixiang.apps.ideas",
    "huixiang.apps.slips",
    "huixiang.apps.subscriptions",
    "huixiang.apps.surveys",
    "huixiang.apps.reputation",
    "huixiang.apps.annotation",
    "huixiang.apps.needs",
    "huixiang.apps.focus",
    "huixiang.apps.standards",
    "huixiang.apps.inspections",
    "huixiang.apps.complaints",
    "huixiang.web",
]

MIDDLEWARE = [
    "huixiang.web.public_host.PublicHost",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "huixiang.web.urls"
WSGI_APPLICATION = "huixiang.web.wsgi.application"
FORM_RENDERER = "huixiang.web.widgets.PlainWidgets"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huixiang.web.navigation.navigation",
            ]
        },
    }
]

# Rows. SQLite until a bank outgrows one machine; then DATABASE_URL=postgresql://…
DATABASES = {"default": environment.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'huixiang.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a transaction that will write waits for its turn at once instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: a customer has her receipt only once her words are on the disk; NORMAL may lose the last commits.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA busy_timeout=20000; PRAGMA cache_size=-32000",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "access.Staff"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("number", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_HANDLER = "huixiang.apps.access.lockout.Lockout"  # its limits stand there
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"  # not the model's "number": else failures are counted for nobody
AXES_USERNAME_CALLABLE = "huixiang.apps.access.lockout.tried"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False  # who logs in stands in the audit, not between the lines of a command
AXES_LOCKOUT_TEMPLATE = "access/locked.html"
AXES_CLIENT_IP_CALLABLE = "huixiang.apps.access.audit.origin"  # the same address as in the audit
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 8 * 3600  # a working day
_TLS = PRODUCTION and environment.on("HUIXIANG_TLS", "on")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _TLS  # a browser sends such cookies over TLS alone
SECURE_SSL_REDIRECT = _TLS
SECURE_REDIRECT_EXEMPT = [r"^healthy/$"]  # what watches over the service asks it directly, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.on("HUIXIANG_BEHIND_PROXY") else None
PROXIES = environment.count("HUIXIANG_PROXIES", 1, 1)  # of the bank, one behind the other, that add to X-Forwarded-For
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Hosts that may be asked for mail and feeds, as imaps://mail.bank.example, https://news.example: none unless named.
SOURCES = environment.listed("HUIXIANG_SOURCES") or ([MAILBOX, FORUM] if MODE == "demo" else [])
SOURCES_CA = environment.given("HUIXIANG_SOURCES_CA")
# Systems of the bank that may be told of complaints, as https://crm.bank.example:8443: none unless named.
WEBHOOKS = environment.listed("HUIXIANG_WEBHOOKS")
WEBHOOKS_CA = environment.given("HUIXIANG_WEBHOOKS_CA")

LABELLED_TWICE = environment.share("HUIXIANG_LABELLED_TWICE", 0.3)  # of the labelled, seen blind by a second person
ENGINE = environment.engine()  # where what is heavy is counted; None: here

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [WEB_DIR / "locale"]
NIGHT = environment.NIGHT
TIME_ZONE = environment.time_zone(
    "HUIXIANG_TIME_ZONE"
)  # of the bank: by its clock run pages, exports, days and months, wherever the server stands
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["huixiang.web.formats"]

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": UPLOAD_DIR},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # larger uploads go to disk at once
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "huixiang.web.arriving.Nameless"]
FILE_UPLOAD_PERMISSIONS, DATA_UPLOAD_MAX_NUMBER_FILES = 0o600, 400  # photos of a long inspection come together

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "huixiang.web.logs.Discreet", "format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.level("HUIXIANG_LOG")},
}
