"""When and where a course is given: runs, their meetings, the rooms. Never translated."""

import uuid
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .course import CompletionPolicy, Course, Module

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class Venue(models.Model):
    """A room. Names and addresses are printed as they stand, in both languages."""

    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=200, blank=True)
    municipality = models.ForeignKey(
        "home.Municipality",
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RunQuerySet(models.QuerySet):
    def public(self):
        """What visitors may see: published and cancelled runs, no drafts."""
        return self.exclude(status=Run.Status.DRAFT)

    def with_dates(self):
        """Adds `first_at` and `last_at`, the start of the first and the end of the last meeting."""
        held = ~models.Q(sessions__status=Session.Status.CANCELLED)
        return self.annotate(
            first_at=models.Min("sessions__starts_at", filter=held),
            last_at=models.Max("sessions__ends_at", filter=held),
        )

    def with_days(self):
        """As `with_dates`, by subqueries: cheaper where runs are also filtered, counted or paged. A cancelled
        run keeps the days it would have had, so that it leaves the lists when they are over."""
        held = Session.objects.filter(
            ~models.Q(status=Session.Status.CANCELLED)
            | models.Q(Exact(models.OuterRef("status"), Run.Status.CANCELLED)),
            run=models.OuterRef("pk"),
        )
        return self.annotate(
            first_at=models.Subquery(held.order_by("starts_at").values("starts_at")[:1]),
            last_at=models.Subquery(held.order_by("-ends_at").values("ends_at")[:1]),
        )

    def starting_after(self, moment):
        """Runs of which no meeting had begun at the moment, by the same meetings as `with_days`."""
        begun = Session.objects.filter(
            ~models.Q(status=Session.Status.CANCELLED) | models.Q(run__status=Run.Status.CANCELLED),
            starts_at__lte=moment,
        )
        return self.exclude(pk__in=begun.values("run"))

    def upcoming(self, now):
        """Published runs whose first meeting has not begun, soonest first; then those that have no meeting yet."""
        return (
            self.filter(status=Run.Status.PUBLISHED)
            .starting_after(now)
            .with_days()
            .order_by(models.F("first_at").asc(nulls_last=True), "code")
        )

    def for_region(self, *regions):
        """Held in one of the regions (or their ids), open to one, or open to all for naming none."""
        open_to = Run.open_to.through.objects.filter(run_id=models.OuterRef("pk"))
        return self.filter(
            models.Q(municipality__region__in=regions)
            | models.Exists(open_to.filter(region_id__in=regions))
            | ~models.Exists(open_to)
        )

    def for_list(self):
        """Everything a run row shows, in a fixed number of queries."""
        return self.select_related("course", "host", "municipality__region").prefetch_related(
            "open_to"
        )


class Run(models.Model):
    """One dated offering of a course. How many places it has is enrolment's business (Place rows)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        CANCELLED = "cancelled", pgettext_lazy("course run", "Cancelled")

    class Format(models.TextChoices):
        ON_SITE = "on_site", _("On site")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("On site and online")

    class Selection(models.TextChoices):
        OPEN = "open", _("Open for booking")
        APPLICATION = "application", _("By application")

    code = models.SlugField(_("run code"), max_length=20, unique=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(
        Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="runs"
    )
    host = models.ForeignKey(
        "home.Promoter",
        verbose_name=_("host"),
        on_delete=models.PROTECT,
        related_name="hosted_runs",
    )
    municipality = models.ForeignKey(
        "home.Municipality",
        verbose_name=_("where"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    open_to = models.ManyToManyField(
        "home.Region", verbose_name=_("open to"), related_name="open_runs", blank=True
    )
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="sv"
    )
    format = models.CharField(_("format"), max_length=10, choices=Format, default=Format.ON_SITE)
    selection = models.CharField(
        _("selection"), max_length=12, choices=Selection, default=Selection.OPEN
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    opens_at = models.DateTimeField(_("booking opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("book by"), null=True, blank=True)
    price_ore = models.PositiveIntegerField(
        _("price, öre excl. VAT"), default=0, help_text=_("0: free for the participant.")
    )
    vat_percent = models.PositiveSmallIntegerField(_("VAT, per cent"), default=25)
    policy = models.ForeignKey(
        CompletionPolicy,
        verbose_name=_("completion policy"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    note_sv = models.CharField(_("note in Swedish"), max_length=200, blank=True)
    note_en = models.CharField(_("note in English"), max_length=200, blank=True)
    leaders = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("course leaders"),
        related_name="led_runs",
        blank=True,
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("course run")
        verbose_name_plural = _("course runs")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def price_incl_vat_ore(self) -> int:
        """Price with VAT in öre, rounded half up to whole öre."""
        return (self.price_ore * (100 + self.vat_percent) * 2 + 100) // 200

    def accepts_bookings(self, now) -> bool:
        """Whether the booking window is open at `now` (places are another matter). The window includes
        its last second and is decided by the server's clock."""
        return (
            self.status == self.Status.PUBLISHED
            and (self.opens_at is None or self.opens_at <= now)
            and (self.closes_at is None or now <= self.closes_at)
        )


class SessionQuerySet(models.QuerySet):
    def standing(self):
        """Meetings that take or took place."""
        return self.exclude(status=Session.Status.CANCELLED)


class Session(models.Model):
    """One meeting of a run. Times are stored in UTC and shown in Europe/Stockholm."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", pgettext_lazy("course run", "Cancelled")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField(_("number"))
    modules = models.ManyToManyField(
        Module, verbose_name=_("modules"), related_name="sessions", blank=True
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    venue = models.ForeignKey(
        Venue,
        verbose_name=_("venue"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    link = models.URLField(_("link"), blank=True)
    attendance_required = models.BooleanField(_("counts towards completion"), default=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    sequence = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="Grows with every change that a calendar must learn of.",
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="courses_session_number"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="courses_session_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.number}"

    @property
    def minutes(self) -> int:
        """Planned length in whole minutes."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60
