from datetime import datetime, timedelta
from itertools import count

from wagtail.models import Locale

from config.baseline import ensure_baseline
from courses.models import (
    CompletionPolicy,
    Course,
    CoursePage,
    CoursesPage,
    Module,
    ModulePage,
    Run,
    Session,
    Venue,
)
from home.models import StartPage
from tests.baseline import Replay
from tests.home.factories import make_area, make_municipality, make_promoter, make_region

_number = count(1)
_baseline = Replay(ensure_baseline)


def make_policy(**fields) -> CompletionPolicy:
    fields.setdefault("version", "2026-1")
    return CompletionPolicy.objects.get_or_create(version=fields["version"], defaults=fields)[0]


def make_course(code: str = "UPD", *, modules: int = 2, **fields) -> Course:
    defaults = {
        "name_sv": "Uppkopplade produkter",
        "name_en": "Connected products",
        "area": make_area(),
        "skill": Course.Skill.TECHNICAL,
        "teaching_minutes": 120 * modules,
        "policy": make_policy(),
        **fields,
    }
    course, made = Course.objects.get_or_create(code=code, defaults=defaults)
    if made:
        for order in range(1, modules + 1):
            Module.objects.create(
                course=course,
                order=order,
                name_sv=f"Modul {order}",
                name_en=f"Module {order}",
                minutes=120,
            )
    return course


def make_run(*, now: datetime, sessions: int = 2, starts_in_days: int = 30, **fields) -> Run:
    """A published run, open for booking; one meeting of 120 minutes per week, one module each."""
    n = next(_number)
    course = fields.pop("course", None) or make_course()
    open_to = fields.pop("open_to", None)
    defaults = {
        "code": f"RUN-{n}",
        "course": course,
        "host": fields.pop("host", None) or make_promoter(),
        "municipality": make_municipality(),
        "status": Run.Status.PUBLISHED,
        "opens_at": now - timedelta(days=30),
        "closes_at": now + timedelta(days=max(starts_in_days - 1, 1)),
        "policy": course.policy,
        **fields,
    }
    run = Run.objects.create(**defaults)
    run.open_to.set(open_to or [make_region(code) for code in ("17", "20", "21")])
    venue, _made = Venue.objects.get_or_create(
        name="Exempelsalen", defaults={"municipality": make_municipality()}
    )
    modules = list(course.modules.all())
    for number in range(1, sessions + 1):
        starts_at = now + timedelta(days=starts_in_days + 7 * (number - 1))
        session = Session.objects.create(
            run=run,
            number=number,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=120),
            venue=venue,
        )
        if number <= len(modules):
            session.modules.add(modules[number - 1])
    return run


def make_site() -> dict[str, StartPage]:
    """Languages, site and start pages: {"sv": page, "en": page}."""
    _baseline()
    swedish = StartPage.objects.get(locale__language_code="sv")
    english = swedish.get_translation(Locale.objects.get(language_code="en"))
    return {"sv": swedish, "en": english}


def _under(parent, other_parent, model, sv: dict, en: dict) -> dict:
    first = parent.add_child(instance=model(locale=parent.locale, **sv))
    second = other_parent.add_child(
        instance=model(locale=other_parent.locale, translation_key=first.translation_key, **en)
    )
    return {"sv": first, "en": second}


def make_catalogue() -> dict[str, CoursesPage]:
    """The catalogue in both languages: {"sv": page, "en": page}. Makes the site if need be."""
    starts = make_site()
    if CoursesPage.objects.exists():
        return {page.locale.language_code: page for page in CoursesPage.objects.all()}
    return _under(
        starts["sv"],
        starts["en"],
        CoursesPage,
        {"title": "Kurser", "slug": "kurser", "intro": "Kurser i tre län.", "show_in_menus": True},
        {"title": "Courses", "slug": "courses", "intro": "Courses.", "show_in_menus": True},
    )


def make_course_page(course: Course | None = None, **fields) -> dict[str, CoursePage]:
    """A course's page in both languages: {"sv": page, "en": page}. `fields` go into the Swedish one."""
    course = course or make_course()
    catalogue = make_catalogue()
    common = {"course": course, "for_whom": "Lag.", "takeaway": "En plan."}
    slug = course.code.lower()
    return _under(
        catalogue["sv"],
        catalogue["en"],
        CoursePage,
        {**common, "title": course.name_sv, "slug": slug, "intro": "Om kursen.", **fields},
        {**common, "title": course.name_en, "slug": slug, "intro": "About the course."},
    )


def make_module_page(module: Module, **fields) -> dict[str, ModulePage]:
    """A module's page in both languages, under its course's pages."""
    parents = {page.locale.language_code: page for page in module.course.pages.all()}
    parents = parents or make_course_page(module.course)
    slug = f"modul-{module.order}"
    return _under(
        parents["sv"],
        parents["en"],
        ModulePage,
        {"module": module, "title": module.name_sv, "slug": slug, "intro": "Hemligt.", **fields},
        {"module": module, "title": module.name_en, "slug": slug, "intro": "Secret."},
    )
