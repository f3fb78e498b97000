"""Participants from a file: choose it, see what would become of every row, import, see what became of it."""

from collections.abc import Sequence

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import guard
from courses.models import Run

from .. import importing, participant_file, sheets
from ..forms.staff import StaffForm
from . import staff_frame
from .staff import own_run

SALT = "enrollment.import"
LASTS_SECONDS = 4 * 60 * 60


class FileForm(StaffForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV with the columns förnamn, efternamn, e-post, and if you like företag,"
            " organisationsnummer, kommun, språk. At most 500 people. In Excel, save it as “CSV UTF-8”."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


class KeptForm(StaffForm):
    """The file between preview and import travels in the page, signed: nothing of it is stored before."""

    kept = forms.CharField(widget=forms.HiddenInput)
    terms = forms.BooleanField(
        label=gettext_lazy("The people in the file have accepted the booking terms")
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("enrollment.handle")
def import_file(request: HttpRequest, code: str) -> HttpResponse:
    run = own_run(request, code)
    if request.method != "POST":
        return _page(request, run, file=FileForm())
    if "kept" in request.POST:
        return _import(request, run)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, run, file=form)
    upload = form.cleaned_data["file"]
    try:
        if upload.size > participant_file.MOST_BYTES:
            raise participant_file.Unreadable(_("The file is larger than 1 MB. Divide it."))
        text = participant_file.decoded(upload.read())
        lines = participant_file.lines_of(text)
    except participant_file.Unreadable as error:
        form.add_error("file", error.message)
        return _page(request, run, file=form)
    kept = signing.dumps([run.pk, text], salt=SALT, compress=True)
    return _preview(request, run, lines, KeptForm(initial={"kept": kept}))


def _import(request: HttpRequest, run: Run) -> HttpResponse:
    try:
        run_id, text = signing.loads(request.POST["kept"], salt=SALT, max_age=LASTS_SECONDS)
        lines = participant_file.lines_of(text)
    except (signing.BadSignature, participant_file.Unreadable):
        run_id, lines = None, []
    if run_id != run.pk:
        form = FileForm({}, {})
        form.errors.clear()
        form.add_error("file", _("The preview is too old. Choose the file again."))
        return _page(request, run, file=form, status=409)
    form = KeptForm(request.POST)
    if not form.is_valid():
        return _preview(request, run, lines, form)
    verdicts = importing.import_lines(run=run, lines=lines, actor=request.user, now=timezone.now())
    return _page(request, run, verdicts=verdicts, done=True)


@require_safe
@guard("enrollment.handle")
def sample(request: HttpRequest, code: str) -> HttpResponse:
    """A file to fill in: the columns, and nobody."""
    run = own_run(request, code)
    head = [words[0] for words in participant_file.HEADERS.values()]
    return sheets.csv_response(f"{run.code}-deltagare", head, [])


def _preview(request: HttpRequest, run: Run, lines, form: KeptForm) -> HttpResponse:
    verdicts = importing.preview(run=run, lines=lines, now=timezone.now())
    return _page(request, run, verdicts=verdicts, kept=form)


def _page(
    request: HttpRequest,
    run: Run,
    *,
    file: FileForm | None = None,
    kept: KeptForm | None = None,
    verdicts: Sequence[importing.Verdict] = (),
    done: bool = False,
    status: int = 200,
) -> HttpResponse:
    counts = {
        str(outcome): sum(verdict.outcome == outcome for verdict in verdicts)
        for outcome in importing.Outcome
    }
    context = {"file": file, "kept": kept, "verdicts": verdicts, "done": done, "counts": counts}
    frame = {
        "title": _("Import participants"),
        "icon": "upload",
        "forms": [form for form in (file, kept) if form],
    }
    return staff_frame.run_page(request, "import", run, context, status=status, **frame)
