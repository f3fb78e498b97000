from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.policy import guard, visible
from accounts.ratelimit import allow_caller

from .codes import normalise
from .issue import choose_name_shown
from .models import Certificate
from .page import verification_address

LOOKUPS_PER_MINUTE = 30


def _reader_language(request) -> str:
    """The page has no language in its address: `?lang=` decides, else cookie and browser."""
    wanted = request.GET.get("lang")
    return wanted if wanted in dict(settings.LANGUAGES) else translation.get_language() or "sv"


def _find(code: str) -> Certificate | None:
    code = normalise(code)
    return (
        Certificate.objects.select_related("file", "replaced_by")
        .defer("file__pdf")
        .filter(code=code)
        .first()
        if code
        else None
    )


def _too_many(request) -> bool:
    return not allow_caller(request, "verify", limit=LOOKUPS_PER_MINUTE, seconds=60)


def _unindexed(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@guard("public")
def verify_form(request):
    """The form for a code read from paper; a filled-in code leads to its page."""
    language = _reader_language(request)
    with translation.override(language):
        typed = request.GET.get("code", "").strip()[:60]
        code = normalise(typed)
        if code:
            return redirect("verify", code=code)
        error = (
            _("The code has 20 letters and digits. Check what you typed against the certificate.")
            if typed
            else ""
        )
        return render(
            request,
            "certificates/verify_form.html",
            {"typed": typed, "error": error, "language": language},
            status=400 if error else 200,
        )


@require_safe
@guard("public")
def verify(request, code):
    """Whether the certificate holds: valid, replaced or revoked and why; unknown is a 404 with the form."""
    if _too_many(request):
        return _unindexed(render(request, "certificates/too_many.html", status=429))
    certificate = _find(code)
    language = _reader_language(request)
    with translation.override(language):
        if certificate is None:
            return _unindexed(
                render(
                    request,
                    "certificates/verify_unknown.html",
                    {"typed": code[:60], "language": language},
                    status=404,
                )
            )
        return _unindexed(
            render(
                request,
                "certificates/verify.html",
                {
                    "certificate": certificate,
                    "facts": certificate.facts,
                    "newer": getattr(certificate, "replaced_by", None),
                    "language": language,
                },
            )
        )


@require_safe
@guard("public")
def verify_json(request, code):
    """The same answer for machines; `sha256` is of the issued file's bytes."""
    if _too_many(request):
        return _unindexed(JsonResponse({"error": "too many requests"}, status=429))
    certificate = _find(code)
    if certificate is None:
        return _unindexed(JsonResponse({"error": "unknown certificate"}, status=404))
    facts = certificate.facts
    newer = getattr(certificate, "replaced_by", None)
    stored = getattr(certificate, "file", None)
    reason = certificate.reason
    answer = {
        "status": certificate.status,
        "number": certificate.number,
        "type": certificate.kind,
        "holder": facts["holder"] if certificate.show_name else certificate.initials,
        "course": {
            "code": facts["course_code"],
            "sv": facts["course_sv"],
            "en": facts["course_en"],
        },
        "run": facts["run_code"],
        "period": {"from": facts["first_date"], "to": facts["last_date"]},
        "attended_minutes": facts["attended_minutes"],
        "scheduled_minutes": facts["scheduled_minutes"],
        "workload_minutes": facts["workload_minutes"],
        "issuer": facts["issuer"],
        "issued_at": certificate.issued_at.isoformat(),
        "ended_at": certificate.ended_at.isoformat() if certificate.ended_at else None,
        "reason": {
            "code": reason,
            **{language: _reason_in(certificate, language) for language, _n in settings.LANGUAGES},
        }
        if reason
        else None,
        "replaced_by": verification_address(newer) if newer else None,
        "sha256": stored.sha256 if stored else None,
        "checked_at": timezone.now().isoformat(),
    }
    return _unindexed(JsonResponse(answer))


def _reason_in(certificate: Certificate, language: str) -> str:
    with translation.override(language):
        return str(certificate.get_reason_display())


@require_safe
@guard("signed_in")
def download(request, public_id):
    """The stored bytes, for the holder alone; staff have the check page and the hash."""
    held = visible(request.user, Certificate).filter(enrollment__person=request.user)
    certificate = get_object_or_404(held.select_related("file"), public_id=public_id)
    stored = getattr(certificate, "file", None)
    if stored is None:
        raise Http404("not printed yet")
    response = HttpResponse(bytes(stored.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{certificate.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox"
    return response


@require_POST
@guard("signed_in")
def show_name(request, public_id):
    certificate = get_object_or_404(
        visible(request.user, Certificate).filter(enrollment__person=request.user),
        public_id=public_id,
    )
    choose_name_shown(
        certificate=certificate, show=request.POST.get("show") == "1", actor=request.user
    )
    return redirect(f"{reverse('my')}#certificates")
