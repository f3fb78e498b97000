import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# Now, before gunicorn forks: else every worker reads all views inside somebody's first request.
get_resolver().url_patterns  # noqa: B018 - a property that loads
