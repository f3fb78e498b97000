"""The site, set up for a benchmark on the database that DATABASE_URL names."""

import os
import sys
from pathlib import Path


def database_name() -> str:
    return "sqlite" if os.environ["DATABASE_URL"].startswith("sqlite") else "postgresql"


def start() -> str:
    """Set Django up as in production, quiet; gives "sqlite" or "postgresql". The database is migrated
    already (`python -m bench` does it) and is thrown away afterwards: benchmarks write into it."""
    root = Path(__file__).resolve().parents[1]
    sys.path[:0] = [str(root), str(root / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DEMO"] = "1"
    import django

    django.setup()
    return database_name()
