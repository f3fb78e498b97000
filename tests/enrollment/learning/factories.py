from itertools import count

from wagtail.models import Locale, Page

from courses.models import CoursePage, CoursesPage, Module, ModulePage

_number = count(1)
QUIZ = [
    {
        "question": "Vad betalar kunden för?",
        "options": [
            {"text": "Maskinen", "right": False},
            {"text": "Drifttiden", "right": True},
        ],
        "explanation": "Kunden köper ett resultat.",
    },
    {
        "question": "Vilka är tjänster?",
        "options": [
            {"text": "Service", "right": True},
            {"text": "Stål", "right": False},
            {"text": "Utbildning", "right": True},
        ],
        "explanation": "",
    },
]


def make_module_page(module: Module, *, language: str = "sv", quiz=(), **fields) -> ModulePage:
    """A published module page, under a course page of its own."""
    n = next(_number)
    locale = Locale.objects.get_or_create(language_code=language)[0]
    root = Page.objects.get(depth=1)
    index = root.add_child(
        instance=CoursesPage(title="Kurser", slug=f"kurser-{n}", intro="Alla", locale=locale)
    )
    course = CoursePage.objects.filter(course=module.course, locale=locale).first()
    if course is None:
        course = index.add_child(
            instance=CoursePage(
                title="Kurs",
                slug=f"kurs-{n}",
                course=module.course,
                intro="Kort",
                for_whom="Alla",
                takeaway="Plan",
                locale=locale,
            )
        )
    page = ModulePage(
        title=module.name_in(language),
        slug=f"modul-{n}",
        module=module,
        intro="Kort",
        body=[("text", f"<p>Läs det här, {language}.</p>")],
        quiz=[("question", question) for question in quiz],
        locale=locale,
        **fields,
    )
    return course.add_child(instance=page)
