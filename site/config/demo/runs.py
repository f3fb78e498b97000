"""The eight runs, their meetings in local time, their places and shares. Days count from today."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from accounts.roles import Role
from config.bilingual import Both
from courses.models import Course, Run, Session, Venue
from courses.models.run import STOCKHOLM
from enrollment.models import CancellationPolicy, RunPartner, RunRules
from enrollment.places import open_places
from home.models import Promoter, Region

from .people import demo_person
from .promoters import VENUES, municipalities

ONLINE = "https://mote.focusindustri.example.org/"
DAY = (time(9), time(15))
MORNING = (time(8, 30), time(12, 30))
AFTERNOON = (time(13), time(17))


@dataclass(frozen=True)
class Share:
    """Places kept for a county by a co-organiser, until `days` from today."""

    promoter: str
    region: str
    count: int
    days: int


@dataclass(frozen=True)
class Plan:
    """One run. A meeting is (days from today, hours, venue or "" for online)."""

    course: str
    host: str
    municipality: str
    open_to: tuple[str, ...]
    meetings: tuple[tuple[int, tuple[time, time], str], ...]
    places: int
    shares: tuple[Share, ...] = ()
    status: str = Run.Status.PUBLISHED
    selection: str = Run.Selection.OPEN
    format: str = Run.Format.ON_SITE
    language: str = "sv"
    price_ore: int = 0
    note: Both = field(default_factory=lambda: Both("", ""))


@dataclass(frozen=True)
class Terms:
    """What cancelling costs: (fewer than so many days before, per cent of the price, fee in öre)."""

    name: Both
    steps: tuple[tuple[int, int, int], ...]


TERMS = Terms(Both("Kostnadsfri kurs", "Course without a fee"), ((10, 0, 150_000),))
TERMS_OF_SALE = Terms(Both("Kurs med avgift", "Course with a fee"), ((14, 50, 0), (7, 100, 0)))
FEWEST, DECIDED_BEFORE = 6, timedelta(days=14)
ALL = ("17", "20", "21")
PLANS = {
    "TDA-D-01": Plan(
        course="TDA",
        host="iuc",
        municipality="2081",
        open_to=("20",),
        meetings=tuple((days, DAY, "Tunet") for days in (-300, -265, -230, -195, -160)),
        places=10,
    ),
    "UPD-D-04": Plan(
        course="UPD",
        host="dalarna-science-park",
        municipality="2080",
        open_to=("20", "21"),
        meetings=(
            (-40, MORNING, ""),
            (-31, MORNING, ""),
            (-17, DAY, "Tunet"),
            (-5, MORNING, ""),
        ),
        places=10,
        format=Run.Format.HYBRID,
    ),
    "TDA-X-02": Plan(
        course="TDA",
        host="paper-province",
        municipality="1780",
        open_to=ALL,
        meetings=(
            (-60, DAY, "Klarälvssalen"),
            (-35, DAY, "Sandbacka"),
            (-14, DAY, "Klarälvssalen"),
            (0, DAY, "Sandbacka"),
            (50, DAY, "Klarälvssalen"),
        ),
        places=4,
        shares=(Share("iuc", "20", 3, -75), Share("sandbacka-science-park", "21", 3, -75)),
        note=Both(
            "Karlstad och Sandviken växelvis. Tillsammans med IUC.",
            "Karlstad and Sandviken by turns. Together with IUC.",
        ),
    ),
    "TDA-G-03": Plan(
        course="TDA",
        host="sandbacka-science-park",
        municipality="2181",
        open_to=("21", "20"),
        meetings=tuple((days, DAY, "Sandbacka") for days in (40, 72, 105, 138, 170)),
        places=7,
        shares=(Share("iuc", "20", 3, 20),),
        selection=Run.Selection.APPLICATION,
        note=Both("Lag om 2–4 personer från samma företag.", "Teams of 2–4 from one company."),
    ),
    "UPD-G-01": Plan(
        course="UPD",
        host="fiber-optic-valley",
        municipality="2184",
        open_to=ALL,
        meetings=(
            (14, MORNING, ""),
            (22, MORNING, ""),
            (33, DAY, "Fiberlabbet"),
            (45, MORNING, ""),
        ),
        places=16,
        format=Run.Format.HYBRID,
    ),
    "UPD-V-02": Plan(
        course="UPD",
        host="compare",
        municipality="1780",
        open_to=ALL,
        meetings=(
            (60, MORNING, ""),
            (70, MORNING, ""),
            (80, DAY, "Klarälvssalen"),
            (90, MORNING, ""),
        ),
        places=16,
        format=Run.Format.HYBRID,
        price_ore=7_500_00,
    ),
    "CIR-D-01": Plan(
        course="CIR",
        host="sustainable-steel-region",
        municipality="2085",
        open_to=("20", "21"),
        meetings=tuple((days, AFTERNOON, "Brukssalen") for days in (25, 37, 48, 60)),
        places=12,
        shares=(Share("sandbacka-science-park", "21", 4, 10),),
        note=Both(
            "Beslut om kursen blir av tas två veckor före start.",
            "Whether the course will be held is decided two weeks before it starts.",
        ),
    ),
    "CIR-V-02": Plan(
        course="CIR",
        host="paper-province",
        municipality="1784",
        open_to=("17",),
        meetings=tuple((days, AFTERNOON, "Glasverkstan") for days in (-31, -24, -17, -10)),
        places=16,
        note=Both("Inställd: för få anmälda.", "Cancelled: too few registrations."),
    ),
    "CIR-E-03": Plan(
        course="CIR",
        host="rise",
        municipality="2181",
        open_to=ALL,
        meetings=tuple((days, AFTERNOON, "") for days in (120, 127, 134, 141)),
        places=20,
        status=Run.Status.DRAFT,
        format=Run.Format.ONLINE,
        language="en",
        price_ore=6_000_00,
    ),
}


# Month and day: nobody holds a course then.
CLOSED = {(1, 1), (1, 5), (1, 6), (5, 1), (6, 6), (12, 23), (12, 24), (12, 25), (12, 26), (12, 31)}


def workday(today: date, days: int) -> date:
    """`days` from today, moved off weekends and holidays, further from today; today itself stays."""
    day = today + timedelta(days=days)
    while days and (day.weekday() >= 5 or (day.month, day.day) in CLOSED):
        day += timedelta(days=1 if days > 0 else -1)
    return day


def meeting_days(plan: Plan, today: date) -> list[date]:
    """The plan's days seen from today, in its order; no two alike."""
    return [workday(today, days) for days, _hours, _venue in plan.meetings]


def local(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, STOCKHOLM)


def put_runs(courses: dict[str, Course], promoters: dict[str, Promoter], *, now: datetime):
    """{code: run} with meetings, shares and places; a run that is there stays as it is."""
    places = municipalities()
    for name, (address, code) in VENUES.items():
        Venue.objects.get_or_create(
            name=name, defaults={"address": address, "municipality": places[code]}
        )
    found = {run.code: run for run in Run.objects.filter(code__in=PLANS)}
    for code, plan in PLANS.items():
        if code not in found:
            found[code] = _put(code, plan, courses, promoters, places, now=now)
    return found


def _terms(terms: Terms) -> CancellationPolicy:
    policy, made = CancellationPolicy.objects.get_or_create(
        name_sv=terms.name.sv, defaults={"name_en": terms.name.en}
    )
    if made:
        for days, percent, fee_ore in terms.steps:
            policy.steps.create(days=days, percent=percent, fee_ore=fee_ore)
    return policy


def _put(code, plan: Plan, courses, promoters, places, *, now: datetime) -> Run:
    today = now.astimezone(STOCKHOLM).date()
    days = meeting_days(plan, today)
    course = courses[plan.course]
    run = Run.objects.create(
        code=code,
        course=course,
        host=promoters[plan.host],
        municipality=places[plan.municipality],
        language=plan.language,
        format=plan.format,
        selection=plan.selection,
        status=plan.status,
        opens_at=local(min(days[0], today) - timedelta(days=90), time(8)),
        closes_at=local(days[0] - timedelta(days=10), time(23, 59)),
        price_ore=plan.price_ore,
        policy=course.policy,
        note_sv=plan.note.sv,
        note_en=plan.note.en,
    )
    RunRules.objects.create(
        run=run,
        cancellation=_terms(TERMS_OF_SALE if plan.price_ore else TERMS),
        min_participants=FEWEST,
        decide_on=days[0] - DECIDED_BEFORE,
    )
    regions = {region.code: region for region in Region.objects.all()}
    if days[0] <= today:
        run.leaders.add(demo_person(Role.LEADER))
    run.open_to.set([regions[region] for region in plan.open_to])
    venues = {venue.name: venue for venue in Venue.objects.all()}
    modules = list(course.modules.all())
    for number, (day, (_days, hours, venue)) in enumerate(
        zip(days, plan.meetings, strict=True), start=1
    ):
        session = Session.objects.create(
            run=run,
            number=number,
            starts_at=local(day, hours[0]),
            ends_at=local(day, hours[1]),
            venue=venues.get(venue),
            link="" if venue else f"{ONLINE}{code.lower()}",
        )
        session.modules.add(modules[number - 1])
    for share in plan.shares:
        partner = RunPartner.objects.create(
            run=run,
            promoter=promoters[share.promoter],
            region=regions[share.region],
            release_at=local(today + timedelta(days=share.days), time(0)),
        )
        open_places(run=run, count=share.count, share=partner)
    open_places(run=run, count=plan.places)
    return run
