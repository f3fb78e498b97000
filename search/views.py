from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.policy import guard

from .queries import Hits, find
from .words import LONGEST


@require_safe
@guard("public")
def results(request: HttpRequest) -> HttpResponse:
    """What a search finds; the empty form when nothing was asked."""
    now = timezone.now()
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    hits = find(query, language=get_language() or "sv", now=now) if query else Hits()
    return render(
        request,
        "search/results.html",
        {"query": query, "hits": hits, "runs": hits.runs, "now": now},
    )
