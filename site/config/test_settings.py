"""Settings of the test runs: the real ones, quicker where that changes no behaviour."""

import os
import tempfile
from pathlib import Path

os.environ["DEMO"] = "1"
os.environ.pop("SITE_URL", None)
os.environ.pop("EMAIL_URL", None)
_folder = os.environ.get("DATA_DIR") or tempfile.mkdtemp(prefix="focus-tests-")
# One folder per worker of a parallel run: files of one must not be seen by the other.
os.environ["DATA_DIR"] = str(Path(_folder) / os.environ.get("PYTEST_XDIST_WORKER", ""))

from .settings import *  # noqa: E402, F403

TESTING = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns, and warnings are errors
if SQLITE:  # noqa: F405
    # A file, not memory: live servers and processes of a race open it as they would the real one.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # noqa: F405
