"""What every installation needs before anybody can work in it: languages, site, start pages, roles, counties.

Each function may run any number of times: it makes what is missing and never undoes what somebody has changed.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
)

from accounts.roles import STAFF_ROLES, Role
from courses.models import CompletionPolicy
from home.models import ActionArea, Municipality, Region, StartPage

from .bilingual import Both, fields_in, translate
from .geography import ACTION_AREAS, REGIONS

START_WORDS = {
    "slug": Both("sv", "en"),
    "title": Both("Start", "Start"),
    "heading": Both("Sälj mer än produkten.", "Sell more than the product."),
    "intro": Both(
        "Kurser för små och medelstora industriföretag i Dalarna, Gävleborg och Värmland. Ni kommer"
        " två till fyra från samma företag, möter andra från tre län och går hem med en plan som"
        " håller att räkna på.",
        "Courses for small and medium-sized industrial firms in Dalarna, Gävleborg and Värmland. Two"
        " to four of you come from the same company, meet others from three counties and go home"
        " with a plan that adds up.",
    ),
}
PAGE_ACTIONS = ("add_page", "change_page", "publish_page")
FILE_ACTIONS = ("add_image", "change_image", "choose_image") + (
    "add_document",
    "change_document",
    "choose_document",
)
# What coordinators handle in the admin; the policy still decides each act.
TRAINING_APPS = (
    "courses",
    "enrollment",
    "attendance",
    "learning",
    "completion",
    "certificates",
    "payments",
)
NEUTRAL_MODELS = ("region", "municipality", "promoter", "actionarea")


@transaction.atomic
def ensure_baseline() -> StartPage:
    """Make everything of this module; returns the Swedish start page."""
    ensure_geography()
    CompletionPolicy.objects.get_or_create(version="2026-1")
    start = ensure_start_pages()
    ensure_site(start)
    ensure_roles()
    return start


def ensure_geography() -> None:
    """Three counties, their 41 municipalities, six action areas."""
    for code, (name, nuts3, municipalities) in REGIONS.items():
        region, _made = Region.objects.get_or_create(
            code=code, defaults={"name": name, "nuts3": nuts3}
        )
        present = set(region.municipalities.values_list("code", flat=True))
        Municipality.objects.bulk_create(
            Municipality(code=number, name=place, region=region)
            for number, place in municipalities.items()
            if number not in present
        )
    for number, (code, name_sv, name_en, horizontal) in ACTION_AREAS.items():
        ActionArea.objects.get_or_create(
            number=number,
            defaults={
                "code": code,
                "name_sv": name_sv,
                "name_en": name_en,
                "horizontal": horizontal,
            },
        )


def ensure_start_pages() -> StartPage:
    """A start page per language, as translations of each other; Wagtail's welcome page goes away."""
    swedish, _made = Locale.objects.get_or_create(language_code="sv")
    english, _made = Locale.objects.get_or_create(language_code="en")
    start = StartPage.objects.filter(locale=swedish).order_by("path").first()
    if start is None:
        root = Page.get_first_root_node()
        words = fields_in(StartPage, START_WORDS, "sv")
        start = root.add_child(instance=StartPage(locale=swedish, live=False, **words))
        start.save_revision().publish()
        start = StartPage.objects.get(pk=start.pk)
    if not start.has_translation(english):
        translate(start, START_WORDS)
    return start


def ensure_site(start: StartPage) -> None:
    """The default site answers at SITE_URL and begins at the Swedish start page."""
    parts = urlsplit(settings.SITE_URL)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    wanted = {
        "hostname": parts.hostname,
        "port": port,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "root_page_id": start.pk,
    }
    if any(getattr(site, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(site, name, value)
        site.save()
    for page in Page.objects.filter(depth=2, content_type__model="page"):
        page.delete()


def ensure_roles() -> None:
    """One group per staff role, with the permissions in Wagtail that belong to it."""
    groups = {role: Group.objects.get_or_create(name=str(role))[0] for role in STAFF_ROLES}
    Group.objects.filter(name__in=("Editors", "Moderators"), user=None).delete()
    in_admin = Permission.objects.get(
        content_type__app_label="wagtailadmin", codename="access_admin"
    )
    for role in (Role.COMMUNICATOR, Role.COORDINATOR, Role.PROMOTER, Role.ADMIN):
        groups[role].permissions.add(in_admin)

    communicator = groups[Role.COMMUNICATOR]
    communicator.permissions.add(
        *Permission.objects.filter(
            content_type__app_label="wagtail_localize", codename="submit_translation"
        )
    )
    for page in StartPage.objects.all():
        for permission in _permissions(codename__in=PAGE_ACTIONS, app_label="wagtailcore"):
            GroupPagePermission.objects.get_or_create(
                group=communicator, page=page, permission=permission
            )
    collection = Collection.get_first_root_node()
    for permission in Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=FILE_ACTIONS
    ):
        GroupCollectionPermission.objects.get_or_create(
            group=communicator, collection=collection, permission=permission
        )

    training = Permission.objects.filter(content_type__app_label__in=TRAINING_APPS).exclude(
        content_type__model__endswith="page"
    )
    neutral = Permission.objects.filter(
        content_type__app_label="home", content_type__model__in=NEUTRAL_MODELS
    )
    groups[Role.COORDINATOR].permissions.add(
        *training.exclude(codename__startswith="delete_"),
        *neutral.exclude(codename__startswith="delete_"),
    )
    groups[Role.PROMOTER].permissions.add(
        *training.filter(codename__startswith="view_"),
        *neutral.filter(codename__startswith="view_"),
    )


def _permissions(*, app_label: str, **lookups):
    return Permission.objects.filter(content_type__app_label=app_label, **lookups)
