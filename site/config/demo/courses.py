"""The three courses with modules and outcomes: facts and formal names; the words are on the pages."""

from config.bilingual import Both
from courses.models import CompletionPolicy, Course, LearningOutcome, Module
from home.models import ActionArea

COURSES = {
    "TDA": {
        "name": Both("Tjänstedriven affärsutveckling", "Service-driven business development"),
        "area": 3,
        "skill": Course.Skill.MANAGEMENT,
        "unit": Course.Unit.TEAM,
        "coaching_minutes": 360,
        "own_work_minutes": 1200,
        "price_ore": 18_000_00,
        "modules": [
            (Both("Nuläge och varför tjänster", "Where we are and why services"), 360),
            (Both("Kundens värdeskapande", "The customer's value creation"), 360),
            (Both("Från idé till tjänsteerbjudande", "From idea to service offering"), 360),
            (
                Both("Affärsmodell, pris och avtal", "Business model, price and contract"),
                360,
            ),
            (Both("Organisera, sälja och lansera", "Organise, sell, launch"), 360),
        ],
        "outcomes": [
            Both(
                "räkna på vad dagens gratistjänster kostar",
                "work out what today's free services cost",
            ),
            Both(
                "intervjua kunder och härleda vad de betalar för",
                "interview customers and find what they pay for",
            ),
            Both(
                "rita en tjänst steg för steg i en blåkopia",
                "draw a service step by step in a blueprint",
            ),
            Both(
                "sätta pris per månad, drifttimme eller resultat",
                "set a price per month, running hour or result",
            ),
            Both(
                "visa ledningen en plan för det första året",
                "show the management a plan for the first year",
            ),
        ],
    },
    "UPD": {
        "name": Both(
            "Uppkopplade produkter och data som tjänst",
            "Connected products and data as a service",
        ),
        "area": 1,
        "skill": Course.Skill.TECHNICAL,
        "unit": Course.Unit.PERSON,
        "coaching_minutes": 0,
        "own_work_minutes": 360,
        "price_ore": 7_500_00,
        "modules": [
            (Both("Sensorer och uppkoppling", "Sensors and connectivity"), 240),
            (Both("Från data till kundnytta", "From data to customer value"), 240),
            (Both("Labbdag", "Lab day"), 360),
            (Both("Säkerhet och avtal om data", "Security and data contracts"), 240),
        ],
        "outcomes": [
            Both(
                "välja givare och uppkoppling för en egen produkt",
                "choose sensors and network for your own product",
            ),
            Both(
                "visa vilket beslut kunden fattar med era data",
                "show which decision customers base on your data",
            ),
            Both(
                "få en mätning från golvet till kundens skärm",
                "bring a reading from shop floor to customer screen",
            ),
            Both(
                "skriva avtal om data enligt dataförordningen",
                "write a data contract that follows the Data Act",
            ),
        ],
    },
    "CIR": {
        "name": Both(
            "Cirkulära affärer och service för längre livslängd",
            "Circular business and life-extending services",
        ),
        "area": 5,
        "skill": Course.Skill.GREEN,
        "unit": Course.Unit.PERSON,
        "coaching_minutes": 120,
        "own_work_minutes": 480,
        "price_ore": 6_000_00,
        "modules": [
            (Both("Material- och värdeflöden", "Material and value flows"), 240),
            (Both("Reparera, uppgradera, återta", "Repair, upgrade, take back"), 240),
            (Both("Klimatnytta och kalkyl", "Climate benefit and business case"), 240),
            (Both("Pilot hos kund", "Customer pilot"), 240),
        ],
        "outcomes": [
            Both(
                "rita flödet av material och värde för en produkt",
                "draw the flow of material and value of a product",
            ),
            Both(
                "välja mellan reparation, uppgradering och återtag",
                "choose between repair, upgrade and take-back",
            ),
            Both(
                "räkna på klimatnytta och lönsamhet i en kalkyl",
                "work out climate benefit and profit together",
            ),
            Both("planera en pilot med en kund", "plan a pilot with one customer"),
        ],
    },
}


def put_courses() -> dict[str, Course]:
    """{code: course} with modules and outcomes; a course that is there stays as it is."""
    policy = CompletionPolicy.objects.get(version="2026-1")
    areas = {area.number: area for area in ActionArea.objects.all()}
    return {code: _put(code, facts, policy, areas) for code, facts in COURSES.items()}


def _put(code: str, facts: dict, policy: CompletionPolicy, areas: dict) -> Course:
    course, made = Course.objects.get_or_create(
        code=code,
        defaults={
            "name_sv": facts["name"].sv,
            "name_en": facts["name"].en,
            "area": areas[facts["area"]],
            "skill": facts["skill"],
            "unit": facts["unit"],
            "teaching_minutes": sum(minutes for _name, minutes in facts["modules"]),
            "coaching_minutes": facts["coaching_minutes"],
            "own_work_minutes": facts["own_work_minutes"],
            "price_ore": facts["price_ore"],
            "policy": policy,
        },
    )
    if made:
        Module.objects.bulk_create(
            Module(course=course, order=order, name_sv=name.sv, name_en=name.en, minutes=minutes)
            for order, (name, minutes) in enumerate(facts["modules"], start=1)
        )
        LearningOutcome.objects.bulk_create(
            LearningOutcome(course=course, order=order, text_sv=words.sv, text_en=words.en)
            for order, words in enumerate(facts["outcomes"], start=1)
        )
    return course
