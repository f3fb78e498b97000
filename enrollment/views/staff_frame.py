"""The frame of the staff's own pages: Wagtail's header with its trail, what is wrong first, the run's pages beside
each other."""

from collections.abc import Iterable

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Run

Trail = Iterable[tuple[str, str]]


def page(
    request: HttpRequest,
    template: str,
    context: dict,
    *,
    title: str,
    about: str = "",
    icon: str,
    trail: Trail = (),
    forms: Iterable[BaseForm] = (),
    problems: Iterable[tuple[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    """A page of the admin. `trail` are (words, address) of the pages above it; `forms` are those on the page: what
    is wrong with them, and the further `problems` (words, id of a field), stand first."""
    wrong = [{"words": words, "id": field} for words, field in problems]
    wrong += [problem for form in forms for problem in _problems_of(form)]
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    crumbs += [{"url": address, "label": words} for words, address in trail]
    crumbs.append({"url": "", "label": title, "sublabel": about})
    frame = {
        "breadcrumbs_items": crumbs,
        "header_title": f"{title}: {about}" if about else title,
        "header_icon": icon,
        "wrong": wrong,
    }
    return render(request, f"enrollment/admin/{template}.html", frame | context, status=status)


def run_page(
    request: HttpRequest, template: str, run: Run, context: dict, *, title: str, **frame
) -> HttpResponse:
    """A page about a run, below the run's own."""
    trail = [
        (_("Places per run"), reverse("enrolments:runs")),
        (run.code, reverse("enrolments:run", args=[run.code])),
    ]
    context = {"run": run, "handles": True, "here": template} | context
    return page(request, template, context, title=title, about=run.code, trail=trail, **frame)


def _problems_of(form: BaseForm) -> Iterable[dict[str, str]]:
    if not form.is_bound:
        return
    for name, messages in form.errors.items():
        field = form[name] if name in form.fields and not form[name].is_hidden else None
        for message in messages:
            words = f"{field.label}: {message}" if field else str(message)
            yield {"words": words, "id": field.id_for_label if field else ""}
