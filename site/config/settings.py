"""All settings, driven by the environment. Contents:

1 environment · 2 applications · 3 middleware · 4 templates · 5 database and cache · 6 languages ·
7 files · 8 sign-in · 9 Wagtail · 10 mail and tasks · 11 payments · 12 security · 13 logging
"""

import json
import os
from pathlib import Path

import dj_database_url
import dj_email_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[2]

# 1 Environment. `config.checks` names a missing or nonsensical variable when DEBUG and DEMO are off.
DEBUG = os.environ.get("DEBUG") == "1"
DEMO = os.environ.get("DEMO") == "1"
TESTING = False
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").resolve()
PORT = os.environ.get("PORT", "8000")
SITE_URL = (os.environ.get("SITE_URL") or f"http://localhost:{PORT}").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
SECRET_KEY = os.environ.get("SECRET_KEY") or ("insecure-demo-key-" * 4 if DEMO or DEBUG else "")
ALLOWED_HOSTS = [
    SITE_URL.partition("://")[2].partition(":")[0].partition("/")[0],
    *(os.environ.get("ALLOWED_HOSTS", "").split()),
]
if DEBUG or DEMO:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# 2 Applications, roof first: a room imports only from the rooms below it (docs/architecture.md).
INSTALLED_APPS = [
    "config",
    "search",
    "certificates",
    "enrollment.completion",
    "enrollment.payments",
    "enrollment.attendance",
    "enrollment.learning",
    "enrollment",
    "courses",
    "home",
    "messaging",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "accounts.wagtail_users.WagtailUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

# 3 Middleware
MIDDLEWARE = [
    "config.middleware.HealthMiddleware",
    "config.middleware.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.SiteCSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.SiteLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.PolicyMiddleware",
    "home.routing.RouteMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# 4 Templates
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before every app: our versions of Wagtail's and allauth's templates win.
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# What Django 6 does anyway; goes with Django 5.2.
FORMS_URLFIELD_ASSUME_HTTPS = True

# 5 Database and cache
try:
    DATABASES = {
        "default": dj_database_url.parse(
            os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'site.sqlite3'}",
            conn_max_age=None,
            conn_health_checks=True,
        )
    }
except ValueError:
    # The address may hold a password: neither it nor the chained error is shown.
    raise ImproperlyConfigured("DATABASE_URL makes no sense: postgres://… or sqlite:///…") from None
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    # Measured: only IMMEDIATE, WAL and a timeout together never oversell and never say "locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        " PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728;",
    }
else:
    INSTALLED_APPS.append("django.contrib.postgres")
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        options="-c lock_timeout=3s -c statement_timeout=30s"
        " -c idle_in_transaction_session_timeout=60s"
        # What is prepared (`accounts.planned`) has one shape and one plan: not five others first.
        " -c plan_cache_mode=force_generic_plan"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

# Shared by all processes: rate limits that count per process are none (config.checks).
CACHE_URL = os.environ.get("CACHE_URL", "")
if CACHE_URL.startswith("redis"):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CACHE_URL,
        }
    }
elif SQLITE:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": DATA_DIR / "cache",
            "OPTIONS": {"MAX_ENTRIES": 5000},
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
        }
    }
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# 6 Languages: Swedish first
LANGUAGE_CODE = "sv"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("sv", "Svenska"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
LOCALE_PATHS = [BASE_DIR / "site" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_THOUSAND_SEPARATOR = True

# 7 Files. Media are published pictures and documents; what belongs to a person is stored in PRIVATE_ROOT
# and served by a view through the policy.
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_DIR") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "site" / "static", DATA_DIR / "built"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
PRIVATE_ROOT = DATA_DIR / "private"
(DATA_DIR / "built").mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if os.environ.get("S3_BUCKET"):
    _bucket = {
        "bucket_name": os.environ["S3_BUCKET"],
        "endpoint_url": os.environ.get("S3_ENDPOINT_URL"),
        "access_key": os.environ.get("S3_ACCESS_KEY_ID"),
        "secret_key": os.environ.get("S3_SECRET_ACCESS_KEY"),
        "signature_version": "s3v4",
        "file_overwrite": False,
        "default_acl": None,
        "querystring_expire": 300,
    }
    for _alias, _prefix in (("default", "media"), ("private", "private")):
        STORAGES[_alias] = {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {**_bucket, "location": _prefix, "querystring_auth": True},
        }

# 8 Sign-in: a code by e-mail, one door for site and CMS
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my"
ACCOUNT_ADAPTER = "messaging.adapter.MailingAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = os.environ.get("TRUSTED_CLIENT_IP_HEADER") or None
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAccountAdapter"
# A provider's verified address opens the account with that address; providers come by configuration only.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": json.loads(os.environ.get("OIDC_PROVIDERS") or "[]")}
}
STAFF_MFA_REQUIRED = HTTPS and not DEMO
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or DEBUG

# 9 Wagtail
WAGTAIL_SITE_NAME = "Focus Industri-exemplet"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = ["Europe/Stockholm", "UTC"]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ods", "odt", "pdf", "pptx", "xlsx", "vtt", "webm"]
WAGTAILIMAGES_EXTENSIONS = ["avif", "jpeg", "jpg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "swedish"}
}
WAGTAILLOCALIZE_DISABLE_ON_DELETE = True

# 10 Mail and tasks. Without EMAIL_URL mails become files in var/mail/.
if os.environ.get("EMAIL_URL"):
    vars().update(dj_email_url.parse(os.environ["EMAIL_URL"]))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get(
    "DEFAULT_FROM_EMAIL", "Focus Industri-exemplet <kontakt@focusindustri.example.org>"
)
TASKS = {"default": {"BACKEND": "messaging.queue.DatabaseBackend"}}

# 11 Payments
# The demo pays at the stand-in (manage.py stripe_stand_in) unless a key is given.
_stand_in = DEMO and not os.environ.get("STRIPE_SECRET_KEY")
STRIPE_SECRET_KEY = "sk_test_demo" if _stand_in else os.environ.get("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = os.environ.get("STRIPE_WEBHOOK_SECRET") or ("whsec_demo" * _stand_in)
STRIPE_API_BASE = os.environ.get("STRIPE_API_BASE") or (
    f"http://localhost:{int(PORT) + 1}" if _stand_in else "https://api.stripe.com"
)

# Companies: a class that asks a register by number (`enrollment.lookup`); without one people type the name.
COMPANY_LOOKUP = os.environ.get("COMPANY_LOOKUP") or "enrollment.lookup.NullLookup"
COMPANY_LOOKUP_URL = os.environ.get("COMPANY_LOOKUP_URL", "")

# 12 Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # The sign-up form ends on the provider's payment page, so the redirect must be allowed.
        "form-action": [
            SELF,
            "https://checkout.stripe.com",
            *([STRIPE_API_BASE] if STRIPE_API_BASE.startswith("http://") else []),
        ],
    }
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 63072000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# The CMS's preview frames our own pages; the policy's frame-ancestors says 'none' to everybody else.
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
CSRF_FAILURE_VIEW = "config.views.csrf_failure"

# 13 Logging: one line per record, no personal data
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}

SITE_NAME = _("Focus Industri example")
