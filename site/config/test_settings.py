"""Settings of the test runs: the real ones, quicker where that changes no behaviour."""

import os
import tempfile

os.environ["DEMO"] = "1"
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="focus-tests-"))

from .settings import *  # noqa: E402, F403

TESTING = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
