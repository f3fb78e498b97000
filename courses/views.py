from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.policy import guard, visible

from .catalogue import run_facts
from .models import Run


@require_safe
@guard("public")
def run(request: HttpRequest, code: str) -> HttpResponse:
    """One run: facts, places, what can be done now and otherwise why not."""
    found = get_object_or_404(visible(request.user, Run).with_days().for_list(), code=code)
    facts = run_facts(found, language=get_language(), now=timezone.now())
    return render(request, "courses/run.html", facts)
