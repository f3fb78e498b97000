"""`python -m tests.browser.arranging`: runs pieces of Python in the site's own database, one after the other, as
`manage.py shell --command` does; setting Django up for each would take longer than most of them."""

import io
import json
import sys
from contextlib import redirect_stdout

import django
from django.db import close_old_connections


def serve() -> None:
    """Read one JSON string of Python per line; answer each with one of what it printed."""
    django.setup()
    for line in sys.stdin:
        printed = io.StringIO()
        close_old_connections()
        with redirect_stdout(printed):
            exec(json.loads(line), {})
        print(json.dumps(printed.getvalue().strip()), flush=True)


if __name__ == "__main__":
    serve()
