"""Settings as in the deployment checklist of Django and in the documentation of simplejwt."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


def database(connection_string):
    """Reads a connection string of .NET, for PostgreSQL or SQLite. Quoted values are not supported."""
    pairs = (part.split("=", 1) for part in connection_string.split(";") if part)
    values = {key.strip().lower(): value.strip() for key, value in pairs}
    if "data source" in values:
        # Writers wait for each other as long as those of the .NET servers.
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": values["data source"], "OPTIONS": {"timeout": 30}}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": values["host"],
        "PORT": values.get("port", ""),
        "NAME": values["database"],
        "USER": values["username"],
        "PASSWORD": values.get("password", ""),
    }


DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
SECRET_KEY = secrets.token_urlsafe(50)  # not used here: tokens are signed with the key below
ROOT_URLCONF = "urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {**database(os.environ["ConnectionStrings__Django"]), "CONN_MAX_AGE": 600}}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
PASSWORD_HASHERS = ["hashers.BenchArgon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

# start.py has created it. It stays PEM text, as documented. PyJWT parses the text again for each token it signs or
# verifies, which is about half of a refresh.
SIGNING_KEY = Path(os.environ["Keys__File"]).read_text()
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(hours=1),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    "ALGORITHM": "ES256",
    "SIGNING_KEY": SIGNING_KEY,
    "VERIFYING_KEY": load_pem_private_key(SIGNING_KEY.encode(), None)
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode(),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
