"""Courses, runs, meetings and venues in the admin. A run's status has no field: publishing is an action."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from accounts.admin import (
    VisibleEditView,
    VisibleIndexView,
    VisibleRows,
    VisibleViewSet,
    visible_or_404,
)
from accounts.policy import can, guard
from home import formats

from . import dates, scheduling
from .models import Course, Run, Session, Venue
from .rules import managed_runs


class ManagedRows(VisibleRows):
    """Rows that belong to a run: seen and changed by who manages that run."""

    def rows(self, user):
        runs = managed_runs(user)
        return runs if self.model is Run else self.model.objects.filter(run__in=runs)


class CourseViewSet(VisibleViewSet):
    model = Course
    see = change = "manage_courses"
    icon = "list-ul"
    menu_label = gettext_lazy("Courses")
    related = ["area"]
    list_display = ["code", "name_sv", "area", "unit"]
    list_filter = ["area", "unit"]
    search_fields = ["code", "name_sv", "name_en"]
    panels = [
        FieldPanel("code"),
        FieldPanel("name_sv"),
        FieldPanel("name_en"),
        FieldPanel("area"),
        FieldPanel("skill"),
        FieldPanel("unit"),
        MultiFieldPanel(
            [
                FieldPanel("teaching_minutes"),
                FieldPanel("coaching_minutes"),
                FieldPanel("own_work_minutes"),
            ],
            heading=gettext_lazy("Extent"),
        ),
        FieldPanel("price_ore"),
        FieldPanel("policy"),
        FieldPanel("syllabus_version"),
        InlinePanel(
            "modules",
            heading=gettext_lazy("Modules"),
            panels=[
                FieldPanel(name) for name in ("order", "name_sv", "name_en", "minutes", "mandatory")
            ],
        ),
        InlinePanel(
            "outcomes",
            heading=gettext_lazy("Learning outcomes"),
            panels=[FieldPanel(name) for name in ("order", "text_sv", "text_en")],
        ),
    ]


class RunForm(WagtailAdminModelForm):
    """A promoter's staff choose among their own promoters as hosts."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.for_user
        if user is not None and "host" in self.fields and not can(user, "manage_courses"):
            self.fields["host"].queryset = user.promoters.all()


class PlacesColumn(Column):
    """Leads to the page of places and people, which belongs to the room above."""

    cell_template_name = "courses/admin/places_cell.html"


class RunIndexView(VisibleIndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().with_dates().order_by("-pk")


class RunEditView(VisibleEditView):
    @property
    def header_more_buttons(self):
        more = [
            HeaderButton(
                _("Meetings"), url=reverse("run:meetings", args=[self.object.pk]), icon_name="date"
            )
        ]
        if self.object.status == Run.Status.DRAFT:
            more.append(
                HeaderButton(
                    _("Publish"),
                    url=reverse("run:publish", args=[self.object.pk]),
                    icon_name="upload",
                )
            )
        return [*super().header_more_buttons, *more]


class RunCreateView(generic.CreateView):
    def get_success_url(self):
        return reverse("run:meetings", args=[self.object.pk])


@guard("manage_runs")
def publish_view(request: HttpRequest, pk: int) -> HttpResponse:
    """What a run still lacks; with nothing lacking, a button that publishes it."""
    run = visible_or_404(request.user, Run, pk=managed_pk(request.user, pk))
    gaps = scheduling.gaps(run, now=timezone.now())
    if request.method == "POST":
        try:
            scheduling.publish(run=run, actor=request.user, now=timezone.now())
        except scheduling.NotReady as problem:
            gaps = problem.gaps
        except scheduling.ScheduleError as problem:
            messages.error(request, problem.message)
            return redirect("run:edit", run.pk)
        else:
            messages.success(request, _("The course run is published."))
            return redirect("run:edit", run.pk)
    return render(request, "courses/admin/publish.html", {"run": run, "gaps": gaps})


@guard("manage_runs")
def meetings_view(request: HttpRequest, pk: int) -> HttpResponse:
    """The meetings of a run; those of a draft are pasted as text or given as a pattern."""
    run = visible_or_404(request.user, Run, pk=managed_pk(request.user, pk))
    text, venue_id, problems = "", "", []
    if request.method == "POST":
        text, venue_id = request.POST.get("text", "")[:5000], request.POST.get("venue", "")
        venue = Venue.objects.filter(pk=venue_id).first() if venue_id.isdecimal() else None
        try:
            found = dates.spans(text, today=timezone.localdate())
            scheduling.set_meetings(
                run=run, spans=found, venue=venue, actor=request.user, now=timezone.now()
            )
        except dates.DatesError as error:
            problems = error.problems
        except scheduling.ScheduleError as error:
            problems = [error.message]
        else:
            messages.success(request, _("%(n)s meetings are set.") % {"n": len(found)})
            return redirect("run:meetings", run.pk)
    return render(
        request,
        "courses/admin/meetings.html",
        {
            "run": run,
            "meetings": run.sessions.select_related("venue").order_by("starts_at"),
            "venues": Venue.objects.all(),
            "text": text,
            "venue_id": venue_id,
            "problems": problems,
        },
    )


def managed_pk(user, pk: int) -> int:
    """The same number when the user manages that run. Raises Http404 otherwise."""
    return get_object_or_404(managed_runs(user).values_list("pk", flat=True), pk=pk)


class RunViewSet(VisibleViewSet):
    model = Run
    name = "run"
    see = change = "manage_runs"
    policy_class = ManagedRows
    icon = "calendar-alt"
    menu_label = gettext_lazy("Course runs")
    related = ["course", "host"]
    index_view_class = RunIndexView
    edit_view_class = RunEditView
    add_view_class = RunCreateView
    list_display = [
        "code",
        Column("course", label=gettext_lazy("Course")),
        Column("host", label=gettext_lazy("Host")),
        Column(
            "first_at",
            label=gettext_lazy("Start"),
            accessor=lambda run: formats.day_time(run.first_at) if run.first_at else "–",
        ),
        Column("get_status_display", label=gettext_lazy("Status")),
        PlacesColumn("places", label=gettext_lazy("Places"), accessor="code"),
    ]
    list_filter = ["status", "course", "host"]
    search_fields = ["code", "course__name_sv", "course__name_en"]
    edit_handler = ObjectList(
        [
            FieldPanel(name)
            for name in (
                "code",
                "course",
                "host",
                "municipality",
                "open_to",
                "language",
                "format",
                "selection",
                "opens_at",
                "closes_at",
                "price_ore",
                "vat_percent",
                "policy",
                "note_sv",
                "note_en",
                "leaders",
            )
        ],
        base_form_class=RunForm,
    )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/publish/", publish_view, name="publish"),
            path("<int:pk>/meetings/", meetings_view, name="meetings"),
        ]


class SessionIndexView(VisibleIndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().order_by("-starts_at")


class SessionEditView(VisibleEditView):
    """Goes through the schedule, so that calendars learn of the change."""

    def save_instance(self):
        data = self.form.cleaned_data
        modules = data.pop("modules")
        session = scheduling.change_meeting(
            session=Session.objects.get(pk=self.object.pk),
            actor=self.request.user,
            now=timezone.now(),
            **data,
        )
        session.modules.set(modules)
        return session


class SessionViewSet(VisibleViewSet):
    """Meetings are made on their run; here one is moved, cancelled or given another room."""

    model = Session
    name = "meeting"
    see = change = "manage_runs"
    policy_class = ManagedRows
    icon = "date"
    menu_label = gettext_lazy("Meetings")
    can_add = False
    related = ["run", "venue"]
    index_view_class = SessionIndexView
    edit_view_class = SessionEditView
    list_display = ["__str__", "starts_at", "ends_at", "venue", "status"]
    list_filter = ["run", "status"]
    panels = [
        FieldPanel(name)
        for name in ("starts_at", "ends_at", "venue", "link", "modules", "attendance_required")
    ]


class VenueViewSet(VisibleViewSet):
    model = Venue
    see = change = "manage_runs"
    icon = "home"
    menu_label = gettext_lazy("Venues")
    related = ["municipality"]
    list_display = ["name", "address", "municipality"]
    search_fields = ["name", "address"]
    panels = [FieldPanel(name) for name in ("name", "address", "municipality", "note")]


training_viewsets = [CourseViewSet, RunViewSet, SessionViewSet, VenueViewSet]
